//! A line of a policy document: number, colours, what is folded; and matches of a search.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::put;
use crate::policy::{Layout, Span, TokenKind};
use crate::tui::page::gutter;
use crate::tui::theme::Theme;
use crate::visible::visible;

/// A part of a line.
pub(super) struct Part<'a> {
    /// The document.
    pub(super) layout: &'a Layout,
    /// The line, from 0.
    pub(super) line: usize,
    /// The bytes of the shown text.
    pub(super) span: Range<usize>,
    /// Whether it is the first part of its line, which bears the number.
    pub(super) is_first: bool,
    /// How many lines are folded away behind it.
    pub(super) folded: usize,
    /// What is marked in the shown text.
    pub(super) marks: &'a [Span],
}

/// Draws a part of a line.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, part: &Part<'_>, theme: &Theme) {
    let layout = part.layout;
    let gutter = gutter(layout) as u16;
    let mut x = area.x + gutter.min(area.width);
    let rest = |x: u16| Rect {
        x,
        width: area.right().saturating_sub(x),
        ..area
    };
    let is_marked = |at: usize| part.marks.iter().any(|mark| mark.range().contains(&at));
    if part.is_first {
        let number = format!("{:>width$}", part.line + 1, width = usize::from(gutter) - 2);
        let width = gutter;
        put(buffer, Rect { width, ..area }, &number, theme.dim, "");
    }
    // Where there is no colour, the mark beside the line tells that something in it matched.
    if part.span.clone().any(is_marked) {
        put(
            buffer,
            rest(x.saturating_sub(2)),
            theme.symbols.mark,
            theme.found,
            "",
        );
    }
    let mut at = part.span.start;
    let mut piece = |text: Range<usize>, style: Style| {
        // A mark may begin or end within what has one style.
        let edges = part
            .marks
            .iter()
            .flat_map(|mark| [mark.range().start, mark.range().end]);
        let mut edges: Vec<usize> = edges.filter(|edge| text.contains(edge)).collect();
        edges.push(text.end);
        edges.sort_unstable();
        let mut start = text.start;
        for edge in edges.into_iter().filter(|edge| *edge > text.start) {
            let style = if is_marked(start) {
                style.patch(theme.found)
            } else {
                style
            };
            x += put(
                buffer,
                rest(x),
                &visible(&layout.text()[start..edge]),
                style,
                "",
            );
            start = edge;
        }
    };
    let tokens = layout.tokens();
    let from = tokens.partition_point(|t| t.span.range().end <= part.span.start);
    for token in &tokens[from..] {
        let start = token.span.range().start.max(at);
        if start >= part.span.end {
            break;
        }
        let end = token.span.range().end.min(part.span.end);
        piece(at..start, Style::new());
        piece(start..end, token_style(theme, token.kind));
        at = end;
    }
    piece(at..part.span.end, Style::new());
    if part.folded > 0 {
        let text = format!(" {} {} lines", theme.symbols.folded, part.folded);
        put(buffer, rest(x), &text, theme.dim, "");
    }
}

fn token_style(theme: &Theme, kind: TokenKind) -> Style {
    match kind {
        TokenKind::Key => theme.json_key,
        TokenKind::String => theme.json_string,
        TokenKind::Number | TokenKind::Keyword => theme.json_literal,
        TokenKind::Punctuation => theme.dim,
        TokenKind::Error => theme.bad,
    }
}

/// Marks what is searched for, in lower case, in a row that was drawn.
pub(super) fn mark(buffer: &mut Buffer, area: Rect, needle: &str, theme: &Theme) {
    if needle.is_empty() {
        return;
    }
    // What stands on the screen is searched, so that marks stand where the reader sees the match.
    let mut shown = String::new();
    let mut columns = Vec::new();
    for x in area.x..area.right() {
        if let Some(cell) = buffer.cell((x, area.y)) {
            for c in cell.symbol().to_lowercase().chars() {
                columns.extend(std::iter::repeat_n(x, c.len_utf8()));
                shown.push(c);
            }
        }
    }
    let needle = visible(needle);
    let mut from = 0;
    while let Some(at) = shown[from..].find(&*needle) {
        let at = from + at;
        let end = at + needle.len();
        let width = needle.width() as u16;
        let area = Rect {
            x: columns[at],
            width,
            ..area
        };
        buffer.set_style(area.intersection(*buffer.area()), theme.found);
        from = end;
    }
}
