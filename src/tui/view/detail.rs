//! The detail: a head with the whole ARN, the tabs, and the page of the tab.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::{code, put, states, style, tint};
use crate::iam::Arn;
use crate::tui::app::{App, Focus, LoadState};
use crate::tui::columns::columns;
use crate::tui::detail::Subject;
use crate::tui::filter;
use crate::tui::page::{Body, Page, Row, Tone};
use crate::visible::visible;

/// The lines above the page: the head, and the tabs.
fn head_height(app: &App) -> u16 {
    if app.detail().subject().is_some() {
        2
    } else {
        0
    }
}

/// The size of the page: one column is left free on both sides.
pub(super) fn page_size(app: &App, area: Rect) -> (u16, usize) {
    (
        area.width.saturating_sub(2),
        usize::from(area.height.saturating_sub(head_height(app))),
    )
}

pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(subject) = app.detail().subject() else {
        nothing(app, frame.buffer_mut(), area);
        return;
    };
    head(app, subject, frame.buffer_mut(), Rect { height: 1, ..area });
    tabs(
        app,
        subject,
        frame.buffer_mut(),
        Rect {
            y: area.y + 1,
            height: 1,
            ..area
        },
    );
    let top = head_height(app);
    let rows = Rect {
        y: area.y + top,
        height: area.height.saturating_sub(top),
        ..area
    };
    if let Some(page) = app.detail().current() {
        body(app, page, frame.buffer_mut(), rows);
    }
}

fn nothing(app: &App, buffer: &mut Buffer, area: Rect) {
    // The list says the same with more words where both are seen.
    let text = match app.load().state() {
        LoadState::Running | LoadState::Idle => "",
        _ => "Nothing is selected.",
    };
    states::paragraphs(app, buffer, area, vec![(Tone::Dim, text.to_owned())]);
}

/// The name, and on the right what it is and where.
fn head(app: &App, subject: &Subject, buffer: &mut Buffer, area: Rect) {
    let theme = &app.setup().theme;
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let right = match subject {
        Subject::Entity(entity) => {
            let path = Arn::parse(&entity.arn).map_or("/", |arn| arn.path());
            format!("{}  {}", entity.kind.as_str(), visible(path))
        }
        Subject::Inline { owner, .. } => {
            format!(
                "inline policy of {} {}",
                owner.kind.as_str(),
                visible(owner.name())
            )
        }
        Subject::Stored(_) => "policy".to_owned(),
        Subject::Principal(arn) => visible(arn).into_owned(),
    };
    let name = visible(subject.name());
    let used = put(buffer, inner, &name, theme.strong, theme.symbols.more);
    let width = right.width() as u16;
    if used + width + 2 <= inner.width {
        let x = inner.right() - width;
        put(buffer, Rect { x, width, ..inner }, &right, theme.dim, "");
    }
}

/// The tabs; where they do not fit, those around the chosen one.
fn tabs(app: &App, subject: &Subject, buffer: &mut Buffer, area: Rect) {
    let theme = &app.setup().theme;
    let chosen = app.detail().tab();
    let all = subject.tabs();
    let room = usize::from(area.width.saturating_sub(2));
    let at = all.iter().position(|tab| Some(*tab) == chosen).unwrap_or(0);
    let width = |from: usize| {
        all[from..]
            .iter()
            .map(|t| t.title().len() + 3)
            .sum::<usize>()
    };
    let upto = |from: usize| {
        all[from..=at]
            .iter()
            .map(|t| t.title().len() + 3)
            .sum::<usize>()
    };
    let mut from = 0;
    while from < at && width(from) > room && upto(from) + 2 > room {
        from += 1;
    }
    let mut x = area.x;
    if from > 0 {
        x += put(buffer, area, theme.symbols.more, theme.dim, "");
    }
    for (i, tab) in all.iter().enumerate().skip(from) {
        let (text, style) = if i == at {
            (
                format!("[{}]", tab.title()),
                theme.accent.patch(theme.strong),
            )
        } else {
            (format!(" {} ", tab.title()), theme.dim)
        };
        let rest = Rect {
            x,
            width: area.right().saturating_sub(x),
            ..area
        };
        if usize::from(rest.width) < text.len() {
            put(buffer, rest, theme.symbols.more, theme.dim, "");
            break;
        }
        x += put(buffer, rest, &text, style, "") + 1;
    }
}

fn body(app: &App, page: &Page, buffer: &mut Buffer, area: Rect) {
    let theme = &app.setup().theme;
    let cursor = app.detail().cursor;
    let rows = page.rows.iter().enumerate().skip(cursor.top());
    for ((at, row), y) in rows.zip(area.y..area.bottom()) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let inner = Rect {
            x: area.x + 1,
            y,
            width: area.width.saturating_sub(2),
            height: 1,
        };
        draw_row(app, row, buffer, inner);
        if let Some(needle) = &app.detail().search {
            code::mark(buffer, inner, needle, theme);
        }
        if at == cursor.at() && app.focus() == Focus::Detail {
            tint(buffer, line, theme.selected);
            buffer.set_string(line.x, y, theme.symbols.cursor, theme.selected);
        }
    }
    thumb(app, page, buffer, area);
}

/// Where in a long page one is.
fn thumb(app: &App, page: &Page, buffer: &mut Buffer, area: Rect) {
    let (len, height) = (page.rows.len(), usize::from(area.height));
    if len <= height || height == 0 {
        return;
    }
    let theme = &app.setup().theme;
    let size = (height * height / len).max(1);
    let top = app.detail().cursor.top() * (height - size) / (len - height).max(1);
    for y in top..(top + size).min(height) {
        buffer.set_string(
            area.right() - 1,
            area.y + y as u16,
            theme.symbols.thumb,
            theme.dim,
        );
    }
}

fn draw_row(app: &App, row: &Row, buffer: &mut Buffer, area: Rect) {
    let theme = &app.setup().theme;
    let rest = |x: u16| Rect {
        x,
        width: area.right().saturating_sub(x),
        ..area
    };
    match &row.body {
        Body::Pieces(pieces) => {
            let mut x = area.x;
            for (tone, text) in pieces {
                x += put(
                    buffer,
                    rest(x),
                    &visible(text),
                    style(theme, *tone),
                    theme.symbols.more,
                );
            }
        }
        Body::Entity(kind, at, how) => {
            let account = app.account();
            let at = *at as usize;
            if at >= account.count(*kind) {
                return;
            }
            let name = visible(filter::name(account, *kind, at)).into_owned();
            let width = area.width.saturating_sub(22).max(12).min(area.width);
            put(
                buffer,
                Rect { width, ..area },
                &name,
                theme.accent,
                theme.symbols.more,
            );
            // The column that tells most of this kind, after the name.
            let context = app.context();
            let telling = columns(*kind)
                .iter()
                .filter(|c| c.rank > 0)
                .min_by_key(|c| c.rank);
            let x = area.x + width + 1;
            let mut note = (*how).to_owned();
            if let (Some(column), true) = (telling, note.is_empty()) {
                let cell = (column.value)(&context, at).show(&context);
                note = format!("{} {cell}", column.title.to_lowercase());
            }
            put(
                buffer,
                rest(x),
                &visible(&note),
                theme.dim,
                theme.symbols.more,
            );
        }
        Body::Code {
            layout,
            line,
            span,
            first,
            folded,
            marks,
        } => {
            let part = code::Part {
                layout,
                line: *line,
                span: span.clone(),
                is_first: *first,
                folded: *folded,
                marks,
            };
            code::draw(buffer, area, &part, theme);
        }
    }
}
