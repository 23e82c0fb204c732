//! Text from strangers, made safe to print.
//!
//! Tag values, descriptions, names and policy strings can hold anything: escape sequences that
//! steer a terminal, marks that turn the reading direction round, letters of no width that make
//! two names look the same. This module replaces each of them by an escape in plain ASCII, so
//! that people see that it is there. It never drops a character, and never touches ordinary text
//! in any script.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with every hidden or steering character as an escape: `\n`, `\x1b`, `\u{202e}`.
///
/// A backslash that was there stays as it is: the result is for eyes, not for reading back.
pub fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = first_hidden(text) else {
        return Cow::Borrowed(text);
    };
    let (clean, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(clean);
    for c in rest.chars() {
        if is_hidden(c) {
            push_escape(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Like [`visible`], for texts of several lines: line feeds stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    if text.lines().all(|line| first_hidden(line).is_none()) && !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    Cow::Owned(lines.join("\n"))
}

/// Whether a character would steer the terminal or not be seen.
///
/// These are the C0 and C1 controls, the marks of reading direction, what has no width (but not
/// the combining marks that scripts are written with, nor the two selectors of text or emoji
/// style), the line and paragraph separators, and the tag characters.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Where the first hidden character stands.
fn first_hidden(text: &str) -> Option<usize> {
    // Nearly every text is printable ASCII, which one pass over the bytes shows.
    let odd = text.bytes().position(|b| !(0x20..0x7f).contains(&b))?;
    let tail = text.get(odd..)?;
    tail.char_indices()
        .find(|&(_, c)| is_hidden(c))
        .map(|(at, _)| odd + at)
}

fn push_escape(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Writing to a string cannot fail.
        c if u32::from(c) <= 0xff => drop(write!(out, "\\x{:02x}", u32::from(c))),
        c => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in [
            "",
            "alice",
            "Zoë",
            "日本語",
            "e\u{301}",
            "א ב",
            "👩 ✓",
            "a\\x1b",
        ] {
            assert!(
                matches!(visible(text), Cow::Borrowed(t) if t == text),
                "{text}"
            );
        }
    }

    #[test]
    fn what_steers_a_terminal_is_seen() {
        assert_eq!(visible("a\x1b[31mb"), "a\\x1b[31mb");
        assert_eq!(visible("\u{9b}31m"), "\\x9b31m");
        assert_eq!(visible("a\r\n\tb\x7f\0"), "a\\r\\n\\tb\\x7f\\x00");
    }

    #[test]
    fn what_turns_or_hides_text_is_seen() {
        assert_eq!(visible("adm\u{202e}nimda"), "adm\\u{202e}nimda");
        assert_eq!(visible("é\u{200b}x"), "é\\u{200b}x");
        for c in "\u{61c}\u{200e}\u{200f}\u{202a}\u{2066}\u{2069}\u{200d}\u{2060}\u{feff}\u{ad}\u{2028}\u{2029}\u{e0041}"
            .chars()
        {
            assert!(is_hidden(c), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn lines_may_stay_lines() {
        assert_eq!(visible_lines("a\nb\n"), "a\nb\n");
        assert_eq!(visible_lines("a\r\nb\x1b"), "a\\r\nb\\x1b");
        assert_eq!(visible_lines("a\n\u{202e}"), "a\n\\u{202e}");
    }
}
