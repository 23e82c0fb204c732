//! A text for the clipboard, as the sequence `OSC 52` that works over any distance: the terminal
//! that the user sits at puts it there. Nothing comes back, so nobody knows whether it did.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::capabilities::Multiplexer;

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
