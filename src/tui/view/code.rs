//! A line of a policy document: number, colours, what is folded; and matches of a search.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::put;
use crate::policy::{Layout, TokenKind};
use crate::tui::page::gutter;
use crate::tui::theme::Theme;
use crate::visible::visible;

/// Draws a part of a line.
#[expect(
    clippy::too_many_arguments,
    reason = "what a code row is made of, taken apart once"
)]
pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    layout: &Layout,
    line: usize,
    span: Range<usize>,
    first: bool,
    folded: usize,
    theme: &Theme,
) {
    let gutter = gutter(layout) as u16;
    if first {
        let number = format!("{:>width$}", line + 1, width = usize::from(gutter) - 2);
        put(
            buffer,
            Rect {
                width: gutter,
                ..area
            },
            &number,
            theme.dim,
            "",
        );
    }
    let mut x = area.x + gutter.min(area.width);
    let rest = |x: u16| Rect {
        x,
        width: area.right().saturating_sub(x),
        ..area
    };
    let mut at = span.start;
    let from = layout
        .tokens()
        .partition_point(|t| t.span.range().end <= span.start);
    for token in &layout.tokens()[from..] {
        let start = token.span.range().start.max(at);
        if start >= span.end {
            break;
        }
        let end = token.span.range().end.min(span.end);
        x += put(
            buffer,
            rest(x),
            &visible(&layout.text()[at..start]),
            Style::new(),
            "",
        );
        let style = token_style(theme, token.kind);
        x += put(
            buffer,
            rest(x),
            &visible(&layout.text()[start..end]),
            style,
            "",
        );
        at = end;
    }
    x += put(
        buffer,
        rest(x),
        &visible(&layout.text()[at..span.end]),
        Style::new(),
        "",
    );
    if folded > 0 {
        let text = format!(" {} {folded} lines", theme.symbols.folded);
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
