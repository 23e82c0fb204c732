//! The list.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::words::{grouped, title};
use super::{put, states, tint};
use crate::tui::app::{App, Focus, Layer};
use crate::tui::columns::{columns, fit};
use crate::visible::visible;

/// The lines above the rows: what is listed, and the column heads.
const HEAD: u16 = 2;

/// How many rows fit.
pub(super) fn height(area: Rect) -> usize {
    usize::from(area.height.saturating_sub(HEAD))
}

pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    head(app, frame, Rect { height: 1, ..area });
    let rows = Rect {
        y: area.y + HEAD.min(area.height),
        height: area.height.saturating_sub(HEAD),
        ..area
    };
    if app.list().rows().is_empty() {
        states::empty_list(app, frame.buffer_mut(), rows);
        return;
    }
    titles(
        app,
        frame,
        Rect {
            y: area.y + 1,
            height: 1,
            ..area
        },
    );
    body(app, frame, rows);
}

/// What is listed, how many of how many, and the filter.
fn head(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.setup().theme;
    let (list, kind) = (app.list(), app.kind());
    let all = app.account().count(kind);
    let shown = list.rows().len();
    let name = title(kind);
    let count = if shown == all && list.filter_text().is_empty() {
        grouped(all)
    } else {
        format!("{}/{}", grouped(shown), grouped(all))
    };
    let mut x = area.x + 1;
    let rest = |x: u16| Rect {
        x,
        width: area.right().saturating_sub(x),
        ..area
    };
    x += put(
        frame.buffer_mut(),
        rest(x),
        &format!("{name} {count}  "),
        theme.strong,
        "",
    );
    if let Some(Layer::Filter { input, .. }) = app.layers().last() {
        x += put(frame.buffer_mut(), rest(x), "/", theme.dim, "");
        let width = area.right().saturating_sub(x);
        input.draw(frame, Rect { x, width, ..area });
        return;
    }
    let more = theme.symbols.more;
    x += put(
        frame.buffer_mut(),
        rest(x),
        &visible(list.filter_text()),
        theme.accent,
        more,
    );
    if list.unknown() > 0 {
        let text = format!("  {} unknown", grouped(list.unknown()));
        put(frame.buffer_mut(), rest(x), &text, theme.warning, more);
    }
}

fn titles(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.setup().theme;
    let (sort, reverse) = app.list().order();
    let sorted = columns(app.kind())[sort].title;
    let mut x = area.x + 1;
    for (column, width) in fit(columns(app.kind()), area.width.saturating_sub(2)) {
        let mut text = column.title.to_owned();
        if column.title == sorted {
            let mark = if reverse {
                theme.symbols.descending
            } else {
                theme.symbols.ascending
            };
            text = if usize::from(width) >= text.width() + 2 {
                format!("{text} {mark}")
            } else {
                format!(
                    "{}{mark}",
                    &text[..text.len().min(usize::from(width).saturating_sub(1))]
                )
            };
        }
        let at = if column.right {
            x + width.saturating_sub(text.width() as u16)
        } else {
            x
        };
        put(
            frame.buffer_mut(),
            Rect {
                x: at,
                width,
                ..area
            },
            &text,
            theme.dim,
            "",
        );
        x += width + 1;
    }
}

fn body(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.setup().theme;
    let list = app.list();
    let context = app.context();
    let fitted = fit(columns(app.kind()), area.width.saturating_sub(2));
    let cursor = list.cursor();
    let rows = list.rows().iter().enumerate().skip(cursor.top());
    for ((at, &row), y) in rows.zip(area.y..area.bottom()) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let selected = at == cursor.at();
        let mut x = line.x + 1;
        for (i, (column, width)) in fitted.iter().enumerate() {
            let text = (column.value)(&context, row as usize).show(&context);
            let text = visible(&text);
            let style = if i == 0 { Style::new() } else { theme.dim };
            let used = (text.width() as u16).min(*width);
            let at = if column.right { x + width - used } else { x };
            let room = width - (at - x);
            let cell = Rect {
                x: at,
                width: room,
                ..line
            };
            put(frame.buffer_mut(), cell, &text, style, theme.symbols.more);
            x += width + 1;
        }
        if selected {
            let style = if app.focus() == Focus::List {
                theme.selected
            } else {
                theme.marked
            };
            tint(frame.buffer_mut(), line, style);
            frame
                .buffer_mut()
                .set_string(line.x, y, theme.symbols.cursor, style);
        }
    }
}
