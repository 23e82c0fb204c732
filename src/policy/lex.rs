//! JSON text cut into its smallest pieces. Never fails: what is no JSON is a piece, too.

use std::borrow::Cow;

use super::Span;
use super::fault::{Fault, FaultKind, excerpt};

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// `{` or `[`.
    Open(Bracket),
    /// `}` or `]`.
    Close(Bracket),
    Colon,
    Comma,
    String,
    Number,
    True,
    False,
    Null,
    /// A word that is no JSON but stands where a name or value may stand, such as `None`.
    Word,
    /// What is skipped: comments, stray symbols, invisible characters.
    Noise,
}

/// The two kinds of container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Object,
    Array,
}

/// A piece of text. White space is in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) span: Span,
    pub(super) lexeme: Lexeme,
    /// The first thing that is wrong with it.
    pub(super) fault: Option<Fault>,
}

/// Cuts a text into pieces, in one pass.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn piece(&mut self, len: usize, lexeme: Lexeme, fault: Option<FaultKind>) -> Piece {
        let span = Span::new(self.at, self.at + len);
        self.at += len;
        let fault = fault.map(|kind| Fault { span, kind });
        Piece {
            span,
            lexeme,
            fault,
        }
    }

    fn string(&mut self, quote: u8) -> Piece {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start + 1;
        let mut fault = (quote == b'\'').then(|| Fault {
            span: Span::new(start, start + 1),
            kind: FaultKind::SingleQuotes,
        });
        let mut note = |from, to, kind| {
            fault.get_or_insert(Fault {
                span: Span::new(from, to),
                kind,
            });
        };
        loop {
            at += plain(&bytes[at..], quote);
            match bytes.get(at) {
                Some(byte) if *byte == quote => {
                    at += 1;
                    break;
                }
                // A string that spans lines is far rarer than a forgotten quote.
                None | Some(b'\n') => {
                    note(start, at, FaultKind::UnclosedString);
                    break;
                }
                Some(b'\\') => {
                    let len = escape_len(&bytes[at..]);
                    if len == 0 {
                        note(at, at + 1, FaultKind::BadEscape);
                    }
                    at += len.max(1);
                }
                Some(byte) => {
                    if *byte < 0x20 {
                        note(at, at + 1, FaultKind::ControlCharacter);
                    }
                    at += 1;
                }
            }
        }
        self.at = at;
        Piece {
            span: Span::new(start, at),
            lexeme: Lexeme::String,
            fault,
        }
    }

    fn comment(&mut self) -> Piece {
        let rest = &self.text[self.at..];
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            // From the third byte on: `/*/` opens a comment and does not close it.
            rest.get(2..)
                .and_then(|body| body.find("*/"))
                .map_or(rest.len(), |end| end + 4)
        };
        self.piece(len, Lexeme::Noise, Some(FaultKind::Comment))
    }

    fn word(&mut self) -> Piece {
        let bytes = &self.text.as_bytes()[self.at..];
        let ends = |(at, byte): (usize, &u8)| match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b'[' | b']' | b':' | b',' | b'"'
            | b'\'' => true,
            b'/' => matches!(bytes.get(at + 1), Some(b'/' | b'*')),
            _ => false,
        };
        let len = bytes
            .iter()
            .enumerate()
            .position(ends)
            .unwrap_or(bytes.len());
        let word = &self.text[self.at..self.at + len];
        match word {
            "true" => return self.piece(len, Lexeme::True, None),
            "false" => return self.piece(len, Lexeme::False, None),
            "null" => return self.piece(len, Lexeme::Null, None),
            _ if is_number(word.as_bytes()) => return self.piece(len, Lexeme::Number, None),
            _ => {}
        }
        let numeric = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
        if word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
            && word.bytes().all(numeric)
        {
            return self.piece(len, Lexeme::Number, Some(FaultKind::BadNumber));
        }
        let lexeme = if word.contains(char::is_alphanumeric) {
            Lexeme::Word
        } else {
            Lexeme::Noise
        };
        let kind = FaultKind::Unexpected(excerpt(word));
        self.piece(len, lexeme, Some(kind))
    }
}

/// How many bytes come before the next quote, backslash or control character. Eight at a time:
/// strings are most of a policy.
fn plain(bytes: &[u8], quote: u8) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    let spread = |byte: u8| ONES * u64::from(byte);
    let (quotes, backslashes) = (spread(quote), spread(b'\\'));
    // The lowest top bit that is set is of the first byte that is zero, or less than a space.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut at = 0;
    let (words, _) = bytes.as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(spread(0x20)) & !word;
        let found = (zero(word ^ quotes) | zero(word ^ backslashes) | control) & TOPS;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let ends = |byte: &u8| *byte == quote || *byte == b'\\' || *byte < 0x20;
    let rest = &bytes[at..];
    at + rest.iter().position(ends).unwrap_or(rest.len())
}

impl Iterator for Lexer<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        const MARK: &str = "\u{feff}";
        while matches!(self.peek(0), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        let lexeme = match self.peek(0)? {
            b'{' => Lexeme::Open(Bracket::Object),
            b'[' => Lexeme::Open(Bracket::Array),
            b'}' => Lexeme::Close(Bracket::Object),
            b']' => Lexeme::Close(Bracket::Array),
            b':' => Lexeme::Colon,
            b',' => Lexeme::Comma,
            quote @ (b'"' | b'\'') => return Some(self.string(quote)),
            b'/' if matches!(self.peek(1), Some(b'/' | b'*')) => return Some(self.comment()),
            _ if self.at == 0 && self.text.starts_with(MARK) => {
                let fault = Some(FaultKind::ByteOrderMark);
                return Some(self.piece(MARK.len(), Lexeme::Noise, fault));
            }
            _ => return Some(self.word()),
        };
        Some(self.piece(1, lexeme, None))
    }
}

/// How many bytes the escape at the start takes; none where it is no escape.
fn escape_len(bytes: &[u8]) -> usize {
    match bytes.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
        Some(b'u') if hex(bytes).is_some() => 6,
        // Not JSON, but closing the string here would lose the rest of it.
        Some(b'\'') => 2,
        _ => 0,
    }
}

/// The number in `\uXXXX`.
fn hex(bytes: &[u8]) -> Option<u32> {
    bytes.get(2..6)?.iter().try_fold(0, |number, byte| {
        Some(number * 16 + char::from(*byte).to_digit(16)?)
    })
}

/// JSON's grammar of numbers (RFC 8259, section 6).
fn is_number(word: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let len = digits(fraction);
        if len == 0 {
            return false;
        }
        rest = &fraction[len..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = match exponent {
            [b'+' | b'-', more @ ..] => more,
            plain => plain,
        };
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

/// A string without its quotes, where it has no escapes; anything else as it is.
pub(super) fn unquote(source: &str) -> &str {
    match source.as_bytes() {
        [quote @ (b'"' | b'\''), inner @ ..] => {
            let is_closed = inner.last() == Some(quote);
            &source[1..source.len() - usize::from(is_closed)]
        }
        _ => source,
    }
}

/// What a string or a bare word in the source means: without quotes, escapes resolved.
///
/// Lone surrogates become U+FFFD; a backslash that escapes nothing stands for itself.
pub(super) fn decode(source: &str) -> Cow<'_, str> {
    let (quote, inner) = match source.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => (*quote, &source[1..]),
        _ => return Cow::Borrowed(source),
    };
    if !inner.contains('\\') {
        return Cow::Borrowed(unquote(source));
    }
    let bytes = inner.as_bytes();
    let mut text = String::with_capacity(inner.len());
    let (mut at, mut plain) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        if *byte == quote {
            break;
        }
        let len = if *byte == b'\\' {
            escape_len(&bytes[at..])
        } else {
            0
        };
        if len == 0 {
            at += 1;
            continue;
        }
        text.push_str(&inner[plain..at]);
        let (meant, len) = unescape(&bytes[at..], len);
        text.push(meant);
        at += len;
        plain = at;
    }
    text.push_str(&inner[plain..at]);
    Cow::Owned(text)
}

/// The character of the escape at the start, and the bytes that it takes.
fn unescape(bytes: &[u8], len: usize) -> (char, usize) {
    let simple = match bytes[1] {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unescape_unicode(bytes),
        other => char::from(other),
    };
    (simple, len)
}

fn unescape_unicode(bytes: &[u8]) -> (char, usize) {
    let unit = hex(bytes).unwrap_or(0xFFFD);
    if (0xD800..0xDC00).contains(&unit)
        && bytes.get(6..8) == Some(br"\u")
        && let Some(low @ 0xDC00..0xE000) = hex(&bytes[6..])
    {
        let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        return (char::from_u32(code).unwrap_or('\u{FFFD}'), 12);
    }
    (char::from_u32(unit).unwrap_or('\u{FFFD}'), 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<(&str, Lexeme)> {
        Lexer::new(text)
            .map(|piece| (piece.span.of(text), piece.lexeme))
            .collect()
    }

    fn faults(text: &str) -> Vec<FaultKind> {
        Lexer::new(text)
            .filter_map(|piece| piece.fault)
            .map(|fault| fault.kind)
            .collect()
    }

    #[test]
    fn every_byte_that_is_not_white_space_is_in_a_piece() {
        let text = "\u{feff}{ \"a\":[1,-2.5e3,true,null],//x\n'b' :None /* y */ @ \0}";
        let all: String = pieces(text).into_iter().map(|(piece, _)| piece).collect();
        let bare = |text: &str| text.replace([' ', '\n'], "");
        assert_eq!(bare(&all), bare(text));
        assert!(pieces(text).contains(&("None", Lexeme::Word)));
        assert!(pieces(text).contains(&("@", Lexeme::Noise)));
    }

    #[test]
    fn numbers_as_json_writes_them() {
        for good in ["0", "-0", "10", "1.5", "1e9", "1E+9", "1.25e-3"] {
            assert_eq!(faults(good), [], "{good}");
        }
        for bad in ["01", "1.", ".5", "+1", "-", "1e", "1e+", "1.e1"] {
            assert_eq!(faults(bad), [FaultKind::BadNumber], "{bad}");
        }
    }

    #[test]
    fn a_string_ends_with_its_line() {
        assert_eq!(
            pieces("\"open\n\"b\""),
            [("\"open", Lexeme::String), ("\"b\"", Lexeme::String)]
        );
        assert_eq!(faults("\"open"), [FaultKind::UnclosedString]);
        assert_eq!(faults(r#""\q""#), [FaultKind::BadEscape]);
        assert_eq!(faults("\"a\tb\""), [FaultKind::ControlCharacter]);
        assert_eq!(faults("'a'"), [FaultKind::SingleQuotes]);
    }

    #[test]
    fn decodes_what_a_string_means() {
        for (source, meant) in [
            (r#""plain""#, "plain"),
            (r#""a\"b\\c\/d\n""#, "a\"b\\c/d\n"),
            (r#""\u00fcber \ud83d\ude00""#, "über 😀"),
            (r#""\ud83d alone \ude00""#, "\u{FFFD} alone \u{FFFD}"),
            (r#""\ud83d\u0041""#, "\u{FFFD}A"),
            (r#""\q \u12""#, r"\q \u12"),
            (r#""never closed"#, "never closed"),
            (
                r#""closed only by an escape\""#,
                "closed only by an escape\"",
            ),
            ("'it'", "it"),
            ("bare", "bare"),
            ("\"", ""),
            ("\"\\", "\\"),
            ("\"\\u00\u{fc}", "\\u00\u{fc}"),
        ] {
            assert_eq!(decode(source), meant, "{source}");
        }
    }
}
