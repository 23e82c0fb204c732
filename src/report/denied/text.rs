//! A pasted text, made ready to be searched.
//!
//! Tools fold messages into boxes, terminals break them anywhere, and JSON and XML escape what is
//! in them. So escapes are undone, a run of white space becomes one sign (a line feed where it had
//! one), and phrases are found whatever white space stands in them.

use std::ops::Range;

/// A text whose white space is one sign at a time.
#[derive(Debug)]
pub(super) struct Text(String);

/// What boxes are drawn with, and what marks a quoted line.
const FRAME: [char; 8] = ['│', '╷', '╵', '┃', '║', '|', '>', '┆'];

impl Text {
    pub(super) fn new(raw: &str) -> Self {
        let is_xml = ["</Message>", "</message>", "</Code>"];
        let plain = match is_xml.iter().any(|end| raw.contains(end)) {
            true => without_escapes(&without_tags(raw)),
            false => without_escapes(raw),
        };
        let mut out = String::with_capacity(plain.len());
        for line in plain.lines() {
            let line = line.trim_matches(|c: char| c.is_whitespace() || FRAME.contains(&c));
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            let mut words = line.split_whitespace();
            out.extend(words.next());
            for word in words {
                out.push(' ');
                out.push_str(word);
            }
        }
        Self(out)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The first place where a phrase stands, in any case and with any white space.
    pub(super) fn find(&self, phrase: &str, from: usize) -> Option<Range<usize>> {
        self.find_within(phrase, from..self.0.len())
    }

    /// The same, for a phrase that begins within a range.
    pub(super) fn find_within(&self, phrase: &str, range: Range<usize>) -> Option<Range<usize>> {
        let mut starts = self.starts(phrase, range);
        starts.find_map(|start| Some(start..self.end_of(phrase, start)?))
    }

    /// The last such place in a range.
    pub(super) fn find_last(&self, phrase: &str, range: Range<usize>) -> Option<Range<usize>> {
        let end = range.end;
        let places = self.starts(phrase, range).rev();
        let mut places = places.filter_map(|start| Some(start..self.end_of(phrase, start)?));
        places.find(|place| place.end <= end)
    }

    /// Where a phrase may begin.
    fn starts(&self, phrase: &str, range: Range<usize>) -> impl DoubleEndedIterator<Item = usize> {
        let from = range.start;
        let part = self.0.as_bytes().get(range).unwrap_or_default();
        let first = phrase.bytes().find(|byte| *byte != b' ').unwrap_or(b' ');
        let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
        let letters = part.iter().enumerate();
        letters
            .filter(move |(_, byte)| **byte == lower || **byte == upper)
            .map(move |(at, _)| from + at)
    }

    /// Where a phrase ends that stands at `at`; white space before it does not count.
    pub(super) fn end_of(&self, phrase: &str, at: usize) -> Option<usize> {
        let mut bytes = self.0.as_bytes().iter().enumerate().skip(at);
        let mut end = at;
        for wanted in phrase.bytes().filter(|byte| *byte != b' ') {
            let (place, byte) = bytes.find(|(_, byte)| !byte.is_ascii_whitespace())?;
            if !byte.eq_ignore_ascii_case(&wanted) {
                return None;
            }
            end = place + 1;
        }
        Some(end)
    }

    /// Whether one of these phrases stands at `at`.
    pub(super) fn has_any(&self, phrases: &[&str], at: usize) -> bool {
        phrases.iter().any(|it| self.end_of(it, at).is_some())
    }

    /// The text between two places; nothing where these are none.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.0.get(range).unwrap_or_default()
    }

    /// Whether it speaks of a denial in one of the words that AWS and its tools have for it.
    pub(super) fn says_denied(&self) -> bool {
        const WORDS: [&str; 8] = [
            "AccessDenied",
            "Access Denied",
            "UnauthorizedOperation",
            "not authorized to",
            "AuthorizationError",
            "(403)",
            "StatusCode: 403",
            "403 Forbidden",
        ];
        WORDS.iter().any(|word| self.find(word, 0).is_some())
    }
}

/// Undoes what JSON, XML and terminals do to a text: `\"` and `&quot;` are quotes, and sequences
/// of a terminal nothing.
fn without_escapes(raw: &str) -> String {
    const ENTITIES: [(&str, char); 7] = [
        ("&quot;", '"'),
        ("&#34;", '"'),
        ("&apos;", '\''),
        ("&#39;", '\''),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&amp;", '&'),
    ];
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['\\', '&', '\x1b']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let entity = ENTITIES.iter().find(|(name, _)| found.starts_with(name));
        let (sign, taken) = match (entity, found.as_bytes()) {
            (Some((name, sign)), _) => (Some(*sign), name.len()),
            (None, [b'\\', b'n' | b'r' | b't', ..]) => (Some('\n'), 2),
            (None, [b'\\', b'"', ..]) => (Some('"'), 2),
            (None, [b'\x1b', b'[', ..]) => (None, control_sequence(found)),
            (None, [b'\x1b', ..]) => (None, 1),
            (None, [sign, ..]) => (Some(char::from(*sign)), 1),
            (None, []) => (None, 0),
        };
        out.extend(sign);
        rest = found.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The length of a terminal's control sequence: up to its last letter.
fn control_sequence(text: &str) -> usize {
    let rest = text.bytes().skip(2);
    let end = 2 + rest.take_while(|byte| matches!(byte, 0x20..=0x3f)).count();
    // What ends it may be cut off, or be no ASCII.
    match text.is_char_boundary(end + 1) {
        true => end + 1,
        false => end,
    }
}

/// The text between the tags, a line each.
fn without_tags(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || "/?!".contains(c)) {
            out.push('<');
            rest = tag;
            continue;
        }
        out.push('\n');
        // What is cut off within a tag has no more text.
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_escapes_are_taken_away() {
        let text = Text::new("│ Error: \x1b[1mno\x1b[0m\n│   \\\"x\\\" &quot;y&quot;\n╵\n");
        assert_eq!(text.as_str(), "Error: no\n\"x\" \"y\"\n");
        assert_eq!(Text::new("a\x1b[").as_str(), "a");
        assert_eq!(Text::new("a\x1b[1é\\").as_str(), "aé\\");
    }

    #[test]
    fn phrases_are_found_over_line_breaks() {
        let text = Text::new("User: x is not auth\n  orized to perform: a");
        let found = text.find("is not authorized to perform", 0).unwrap();
        assert_eq!(text.slice(found.clone()), "is not auth\norized to perform");
        assert_eq!(text.find_last("user:", 0..found.start), Some(0..5));
        assert_eq!(text.find("is  not", found.end), None);
    }

    #[test]
    fn tags_are_line_breaks() {
        let text = Text::new("<Error><Code>AccessDenied</Code><Message>a &lt; b</Message></Error>");
        assert_eq!(text.as_str(), "AccessDenied\na < b\n");
    }
}
