//! Bytes into keys.
//!
//! A pure parser of what terminals send: UTF-8, control characters, the cursor and function keys
//! in their several spellings with modifiers, marked pastes. Unknown sequences are passed over as
//! a whole, so that they never look like typed letters.
//!
//! An escape character that ends what has arrived is the escape key, at once. Any other beginning
//! of a sequence waits for its rest; [`Parser::give_up`] says that none will come.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

const ESC: u8 = 0x1b;
const PASTE_BEGIN: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A key.
    Key(KeyEvent),
    /// A text that was pasted, its lines ended by line feeds.
    Paste(String),
}

/// The parser, with what it could not make sense of yet.
#[derive(Debug, Default)]
pub struct Parser {
    buffer: Vec<u8>,
    /// Up to here the buffer was searched for the end of a paste.
    searched: usize,
}

/// What stands at the beginning of some bytes, and how many it takes.
#[derive(Debug, PartialEq, Eq)]
enum Head {
    Typed(Typed, usize),
    Nothing(usize),
    Incomplete,
}

impl Parser {
    /// Takes bytes in and appends what they say to `out`. `more` tells that further bytes are
    /// known to be waiting.
    pub fn feed(&mut self, bytes: &[u8], more: bool, out: &mut Vec<Typed>) {
        self.buffer.extend_from_slice(bytes);
        let mut used = 0;
        while let Some(rest) = self.buffer.get(used..).filter(|rest| !rest.is_empty()) {
            let head = if rest.starts_with(PASTE_BEGIN) {
                paste(rest, self.searched.saturating_sub(used))
            } else {
                head(rest, more)
            };
            match head {
                Head::Typed(typed, length) => {
                    out.push(typed);
                    used += length;
                }
                Head::Nothing(length) => used += length,
                Head::Incomplete => break,
            }
        }
        self.buffer.drain(..used);
        self.searched = self.buffer.len().saturating_sub(PASTE_END.len());
    }

    /// Whether the beginning of a sequence waits for its rest.
    pub fn is_waiting(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// The rest will not come: what is there stands for itself, or for nothing.
    pub fn give_up(&mut self, out: &mut Vec<Typed>) {
        let buffer = std::mem::take(&mut self.buffer);
        self.searched = 0;
        let mut rest = buffer.as_slice();
        while let [ESC] | [ESC, ESC, ..] = rest {
            out.push(Typed::Key(KeyCode::Esc.into()));
            rest = rest.get(1..).unwrap_or_default();
        }
        match rest {
            // The user has pressed alt and a letter that also begins the sequences.
            &[ESC, letter @ (b'[' | b'O')] => {
                out.push(character(char::from(letter), KeyModifiers::ALT));
            }
            paste if paste.starts_with(PASTE_BEGIN) => {
                out.push(pasted(paste.get(PASTE_BEGIN.len()..).unwrap_or_default()));
            }
            _ => {}
        }
    }
}

fn head(bytes: &[u8], more: bool) -> Head {
    match bytes {
        [] => Head::Incomplete,
        [ESC] if more => Head::Incomplete,
        [ESC] => key(KeyCode::Esc, KeyModifiers::NONE, 1),
        [ESC, b'[', ..] => control_sequence(bytes),
        [ESC, b'O', ..] => single_shift(bytes),
        // Some terminals put an escape before the sequence for alt; otherwise it is the key.
        [ESC, rest @ ..] if rest.first() == Some(&ESC) => match head(rest, more) {
            Head::Typed(Typed::Key(event), length) if event.code != KeyCode::Esc => {
                with_alt(event, length)
            }
            Head::Incomplete => Head::Incomplete,
            _ => key(KeyCode::Esc, KeyModifiers::NONE, 1),
        },
        [ESC, rest @ ..] => match head(rest, more) {
            Head::Typed(Typed::Key(event), length) => with_alt(event, length),
            Head::Nothing(length) => Head::Nothing(length + 1),
            other => other,
        },
        [b'\r', ..] => key(KeyCode::Enter, KeyModifiers::NONE, 1),
        [b'\t', ..] => key(KeyCode::Tab, KeyModifiers::NONE, 1),
        [0x7f, ..] => key(KeyCode::Backspace, KeyModifiers::NONE, 1),
        [0, ..] => key(KeyCode::Char(' '), KeyModifiers::CONTROL, 1),
        &[byte @ 0x01..=0x1a, ..] => {
            let letter = char::from(byte - 1 + b'a');
            key(KeyCode::Char(letter), KeyModifiers::CONTROL, 1)
        }
        &[byte @ 0x1c..=0x1f, ..] => {
            let digit = char::from(byte - 0x1c + b'4');
            key(KeyCode::Char(digit), KeyModifiers::CONTROL, 1)
        }
        _ => utf8(bytes),
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers, length: usize) -> Head {
    Head::Typed(Typed::Key(KeyEvent::new(code, modifiers)), length)
}

fn with_alt(mut event: KeyEvent, length: usize) -> Head {
    event.modifiers |= KeyModifiers::ALT;
    Head::Typed(Typed::Key(event), length + 1)
}

/// A key that prints; capitals carry shift.
fn character(c: char, mut modifiers: KeyModifiers) -> Typed {
    if c.is_uppercase() {
        modifiers |= KeyModifiers::SHIFT;
    }
    Typed::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
}

fn utf8(bytes: &[u8]) -> Head {
    let length = match bytes.first() {
        Some(0x00..=0x7f) => 1,
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return Head::Nothing(1),
    };
    let letter = bytes.get(..length.min(bytes.len())).unwrap_or_default();
    match std::str::from_utf8(letter) {
        Ok(text) => match text.chars().next() {
            Some(c) => Head::Typed(character(c, KeyModifiers::NONE), length),
            None => Head::Incomplete,
        },
        // No length: the letter is right as far as it goes.
        Err(error) => error.error_len().map_or(Head::Incomplete, Head::Nothing),
    }
}

/// `ESC O`: cursor and function keys, and the keypad, of terminals in application mode.
fn single_shift(bytes: &[u8]) -> Head {
    let Some(&end) = bytes.get(2) else {
        return Head::Incomplete;
    };
    let code = match end {
        b'M' => KeyCode::Enter,
        b'j'..=b'y' => KeyCode::Char(char::from(end - b'j' + b'*')),
        end => match cursor_key(end) {
            Some(code) => code,
            None => return Head::Nothing(3),
        },
    };
    key(code, KeyModifiers::NONE, 3)
}

/// `ESC [`: parameters, then one byte that says what it is about.
fn control_sequence(bytes: &[u8]) -> Head {
    let body = bytes.get(2..).unwrap_or_default();
    // The Linux console's F1 to F5.
    if let [b'[', rest @ ..] = body {
        return match rest.first() {
            None => Head::Incomplete,
            Some(&end @ b'A'..=b'E') => key(KeyCode::F(1 + end - b'A'), KeyModifiers::NONE, 4),
            Some(_) => Head::Nothing(4),
        };
    }
    let Some(at) = body.iter().position(|byte| !(0x20..=0x3f).contains(byte)) else {
        return Head::Incomplete;
    };
    let (parameters, end) = (body.get(..at).unwrap_or_default(), body.get(at).copied());
    let length = at + 3;
    match end {
        // The oldest report of a mouse: three bytes follow, whatever they are.
        Some(b'M') if parameters.is_empty() => {
            if bytes.len() < length + 3 {
                return Head::Incomplete;
            }
            Head::Nothing(length + 3)
        }
        Some(end @ 0x40..=0x7e) => match function_key(parameters, end) {
            Some(typed) => Head::Typed(typed, length),
            None => Head::Nothing(length),
        },
        // Broken off by something that cannot be part of it, and is looked at by itself.
        _ => Head::Nothing(length - 1),
    }
}

fn function_key(parameters: &[u8], end: u8) -> Option<Typed> {
    let parameters = std::str::from_utf8(parameters).ok()?;
    let mut fields = parameters.split(';');
    let first = number(fields.next())?;
    let mut second = fields.next().unwrap_or_default().split(':');
    let modifiers = modifiers(number(second.next())?);
    // Event type 3 is the release of a key, which nobody waits for.
    if number(second.next())? == Some(3) {
        return None;
    }
    let code = match (end, first) {
        (b'Z', _) => {
            let modifiers = modifiers | KeyModifiers::SHIFT;
            return Some(Typed::Key(KeyEvent::new(KeyCode::BackTab, modifiers)));
        }
        (b'~', Some(27)) => return coded_key(number(fields.next())??, modifiers),
        (b'u', Some(code)) => return coded_key(code, modifiers),
        (b'~', Some(number)) => numbered_key(number)?,
        (end, None | Some(1)) => cursor_key(end)?,
        _ => return None,
    };
    Some(Typed::Key(KeyEvent::new(code, modifiers)))
}

/// A parameter: missing, or a number; otherwise the sequence is none of ours.
#[expect(
    clippy::option_option,
    reason = "the outer one is for the question mark"
)]
fn number(field: Option<&str>) -> Option<Option<u32>> {
    match field {
        None | Some("") => Some(None),
        // Sub-parameters tell of other layouts.
        Some(text) => text.split(':').next()?.parse().ok().map(Some),
    }
}

/// One more than a set of bits.
fn modifiers(parameter: Option<u32>) -> KeyModifiers {
    let bits = parameter.unwrap_or(1).saturating_sub(1);
    [
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
        KeyModifiers::SUPER,
        KeyModifiers::HYPER,
        KeyModifiers::META,
    ]
    .into_iter()
    .enumerate()
    .filter(|(bit, _)| bits >> bit & 1 == 1)
    .fold(KeyModifiers::NONE, |all, (_, one)| all | one)
}

fn cursor_key(end: u8) -> Option<KeyCode> {
    Some(match end {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'P'..=b'S' => KeyCode::F(1 + end - b'P'),
        _ => return None,
    })
}

fn numbered_key(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        // The numbering has gaps where the old keyboards had them.
        11..=15 => function(number - 10)?,
        17..=21 => function(number - 11)?,
        23..=26 => function(number - 12)?,
        28..=29 => function(number - 13)?,
        31..=34 => function(number - 14)?,
        _ => return None,
    })
}

fn function(number: u32) -> Option<KeyCode> {
    u8::try_from(number).ok().map(KeyCode::F)
}

/// A key that is told by its character's code, as some terminals do for unusual combinations.
fn coded_key(code: u32, modifiers: KeyModifiers) -> Option<Typed> {
    let code = match code {
        8 | 127 => KeyCode::Backspace,
        9 if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        // Control characters mean nothing here, and the private range holds keys of no letter.
        0..=0x1f | 0x80..=0x9f | 0xe000..=0xf8ff => return None,
        code => {
            let c = char::from_u32(code)?;
            let shifted = modifiers.contains(KeyModifiers::SHIFT) && c.is_lowercase();
            let c = if shifted {
                c.to_uppercase().next().unwrap_or(c)
            } else {
                c
            };
            return Some(character(c, modifiers));
        }
    };
    Some(Typed::Key(KeyEvent::new(code, modifiers)))
}

/// A marked paste; `searched` bytes are known not to hold its end.
fn paste(bytes: &[u8], searched: usize) -> Head {
    let from = searched.max(PASTE_BEGIN.len());
    let end = bytes.get(from..).and_then(|rest| {
        rest.windows(PASTE_END.len())
            .position(|window| window == PASTE_END)
    });
    match end {
        None => Head::Incomplete,
        Some(at) => {
            let end = from + at;
            let text = bytes.get(PASTE_BEGIN.len()..end).unwrap_or_default();
            Head::Typed(pasted(text), end + PASTE_END.len())
        }
    }
}

/// Terminals send carriage returns for line feeds.
fn pasted(bytes: &[u8]) -> Typed {
    let text = String::from_utf8_lossy(bytes);
    Typed::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests;
