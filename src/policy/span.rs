//! Places in a text: spans of bytes, and lines.

use std::fmt;
use std::ops::Range;

/// A run of bytes of a text, from `start` up to and without `end`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span of these bytes. Offsets past 4 GiB are cut, which no text that is read has.
    pub(super) fn new(start: usize, end: usize) -> Self {
        let cut = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: cut(start),
            end: cut(end),
        }
    }

    /// As a range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The number of bytes.
    pub fn len(self) -> usize {
        self.range().len()
    }

    /// Whether it holds no byte: a place between two.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether the byte at this offset is inside.
    pub fn contains(self, byte: usize) -> bool {
        self.range().contains(&byte)
    }

    /// The source under the span; nothing where the span belongs to another text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// A place as people name it. Shown counted from one: `line 4, column 9`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from zero.
    pub line: usize,
    /// The character in the line, from zero.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line + 1, self.column + 1)
    }
}

/// Where the lines of a text begin. Lines end in LF or CRLF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    starts: Vec<u32>,
    len: u32,
}

impl Lines {
    /// Finds the lines of `text`. A text always has at least one; a line feed at its very end
    /// opens no further one.
    pub fn of(text: &str) -> Self {
        let feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let mut starts = vec![0];
        starts.extend(
            feeds
                .map(|(at, _)| Span::new(at, at + 1).end)
                .filter(|start| (*start as usize) < text.len()),
        );
        let len = Span::new(0, text.len()).end;
        Self { starts, len }
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line that holds a byte; the last one for a byte past the end.
    pub fn line_of(&self, byte: usize) -> usize {
        self.starts
            .partition_point(|start| *start as usize <= byte)
            .saturating_sub(1)
    }

    /// The bytes of a line of `text`, which must be the text that was counted, without the line
    /// break; empty past the last line.
    pub fn span(&self, text: &str, line: usize) -> Span {
        let Some(start) = self.starts.get(line).copied() else {
            return Span {
                start: self.len,
                end: self.len,
            };
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.len);
        let whole = Span { start, end }.of(text);
        let bare = whole.strip_suffix('\n').unwrap_or(whole);
        let bare = bare.strip_suffix('\r').unwrap_or(bare);
        Span::new(start as usize, start as usize + bare.len())
    }

    /// Line and column of a byte of `text`, which must be the text that was counted.
    pub fn place(&self, text: &str, byte: usize) -> Place {
        let line = self.line_of(byte);
        let start = self.starts.get(line).map_or(0, |start| *start as usize);
        let before = text.as_bytes().get(start..byte.min(text.len()));
        // A character has one byte that continues none.
        let column = before.map_or(0, |bytes| {
            bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
        });
        Place { line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_and_is_shown_from_one() {
        let text = "a\r\nzürich x\n";
        let lines = Lines::of(text);
        assert_eq!(lines.count(), 2);
        assert_eq!(lines.span(text, 0).of(text), "a");
        assert_eq!(lines.span(text, 1).of(text), "zürich x");
        assert!(lines.span(text, 2).is_empty());
        let at = text.find('x').unwrap();
        assert_eq!(lines.place(text, at), Place { line: 1, column: 7 });
        assert_eq!(lines.place(text, at).to_string(), "line 2, column 8");
        assert_eq!(lines.place(text, 1_000).line, 1);
    }

    #[test]
    fn an_empty_text_has_one_empty_line() {
        let lines = Lines::of("");
        assert_eq!(lines.count(), 1);
        assert!(lines.span("", 0).is_empty());
        assert_eq!(lines.place("", 0), Place::default());
    }
}
