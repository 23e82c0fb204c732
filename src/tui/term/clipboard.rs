//! A text for the clipboard.
//!
//! First as the sequence `OSC 52`, which works over any distance: the terminal that the user sits
//! at puts it there. Nothing comes back, so nobody knows whether it did. Some terminals ignore
//! the sequence; so where the user sits at this very machine, its desktop's own command gets the
//! text as well.

use std::fmt;
use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::capabilities::{Desktop, Multiplexer};

/// The most bytes, encoded, that terminals take.
pub const LIMIT: usize = 74_994;

/// GNU screen passes strings on in pieces of at most 768 bytes.
const SCREEN_PIECE: usize = 700;

/// A text that no terminal would take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    /// Its length in bytes.
    pub length: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not copied: {} bytes are too many for a terminal's clipboard, which takes {}",
            self.length,
            LIMIT / 4 * 3
        )
    }
}

impl std::error::Error for TooLong {}

/// The bytes that put `text` on the clipboard.
///
/// # Errors
/// [`TooLong`]; terminals would cut such a text or ignore it, without a word.
pub fn sequence(text: &str, multiplexer: Multiplexer) -> Result<Vec<u8>, TooLong> {
    let encoded = STANDARD.encode(text);
    if encoded.len() > LIMIT {
        return Err(TooLong { length: text.len() });
    }
    let plain = format!("\x1b]52;c;{encoded}\x07");
    Ok(match multiplexer {
        Multiplexer::None => plain.into_bytes(),
        // Which of the two tmux heeds depends on its options `set-clipboard` and
        // `allow-passthrough`; where both are on, the same text is set twice.
        Multiplexer::Tmux => {
            let doubled = plain.replace('\x1b', "\x1b\x1b");
            format!("{plain}\x1bPtmux;{doubled}\x1b\\").into_bytes()
        }
        Multiplexer::Screen => plain
            .as_bytes()
            .chunks(SCREEN_PIECE)
            .flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat())
            .collect(),
    })
}

/// Hands a text to the desktop's own command, in a thread that nobody waits for. Where there is
/// no such command, nothing happens: the sequence has been sent in any case.
pub fn hand_to_desktop(text: String, desktop: Desktop) {
    let command: &[&str] = match desktop {
        Desktop::None => return,
        Desktop::MacOs => &["pbcopy"],
        Desktop::Wayland => &["wl-copy"],
        Desktop::X11 => &["xclip", "-selection", "clipboard"],
    };
    let thread = std::thread::Builder::new().name("clipboard".into());
    // A thread or a command that cannot be had is as good as none.
    drop(thread.spawn(move || run(command, &text)));
}

fn run(command: &[&str], text: &str) -> std::io::Result<()> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // The input is closed right after, which tells the command that this is all.
    let written = child
        .stdin
        .take()
        .map(|mut input| input.write_all(text.as_bytes()));
    child.wait()?;
    written.unwrap_or(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:iam::111122223333:role/ci/ci-deploy";

    #[test]
    fn a_plain_terminal_gets_one_sequence() {
        assert_eq!(
            sequence("hello", Multiplexer::None).unwrap(),
            b"\x1b]52;c;aGVsbG8=\x07"
        );
    }

    #[test]
    fn tmux_gets_it_for_itself_and_to_pass_on() {
        assert_eq!(
            sequence("hello", Multiplexer::Tmux).unwrap(),
            b"\x1b]52;c;aGVsbG8=\x07\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x07\x1b\\"
        );
    }

    #[test]
    fn screen_gets_it_in_pieces_that_add_up() {
        let text = ARN.repeat(60);
        let plain = sequence(&text, Multiplexer::None).unwrap();
        let wrapped = sequence(&text, Multiplexer::Screen).unwrap();
        let wrapped = String::from_utf8(wrapped).unwrap();
        let pieces: Vec<_> = wrapped
            .split_terminator("\x1b\\")
            .map(|piece| piece.strip_prefix("\x1bP").unwrap())
            .collect();
        assert!(pieces.len() > 1);
        assert!(pieces.iter().all(|piece| piece.len() <= 768));
        assert_eq!(pieces.concat().as_bytes(), plain);
    }

    #[test]
    fn nothing_in_a_text_can_end_the_sequence_early() {
        let bytes = sequence("\x07\x1b\\\u{9c}", Multiplexer::None).unwrap();
        let inner = &bytes[2..bytes.len() - 1];
        assert!(inner.iter().all(|byte| (0x20..0x7f).contains(byte)));
    }

    #[test]
    fn what_no_terminal_takes_is_refused_with_the_reason() {
        let most = "a".repeat(LIMIT / 4 * 3);
        assert!(sequence(&most, Multiplexer::None).is_ok());
        let error = sequence(&(most + "a"), Multiplexer::None).unwrap_err();
        assert_eq!(error.length, 56_245);
        assert!(error.to_string().contains("too many"), "{error}");
    }
}
