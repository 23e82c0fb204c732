//! What lies over the panes: pickers, help, messages.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::words::grouped;
use super::{put, states, tint};
use crate::tui::app::App;
use crate::tui::command::{COMMANDS, Scope};
use crate::tui::page::{Body, Page, PageBuilder, Tone};
use crate::tui::picker::{Picker, Purpose, written};
use crate::visible::visible;

/// A box in the middle of the screen, at most so large, with a title. Returns its inside.
fn boxed(app: &App, frame: &mut Frame<'_>, width: u16, height: u16, title: &str) -> Rect {
    let screen = frame.area();
    let width = width.min(screen.width.saturating_sub(2));
    let height = height.min(screen.height.saturating_sub(2));
    let area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 3,
        width,
        height,
    };
    let theme = &app.setup().theme;
    let s = &theme.symbols;
    Clear.render(area, frame.buffer_mut());
    let buffer = frame.buffer_mut();
    let edge = s.horizontal.repeat(usize::from(width.saturating_sub(2)));
    let [top, bottom] = s.corners;
    for (y, [left, right]) in [(area.y, top), (area.bottom().saturating_sub(1), bottom)] {
        buffer.set_string(area.x, y, format!("{left}{edge}{right}"), theme.dim);
    }
    for y in area.y + 1..area.bottom().saturating_sub(1) {
        buffer.set_string(area.x, y, s.vertical, theme.dim);
        buffer.set_string(area.right() - 1, y, s.vertical, theme.dim);
    }
    let title = format!(" {title} ");
    let at = Rect {
        x: area.x + 2,
        width: width.saturating_sub(4),
        height: 1,
        ..area
    };
    put(buffer, at, &title, theme.strong, s.more);
    Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: width.saturating_sub(4),
        height: height.saturating_sub(2),
    }
}

pub(super) fn picker(app: &App, picker: &Picker, frame: &mut Frame<'_>) {
    let theme = &app.setup().theme;
    let title = match picker.purpose {
        Purpose::Palette => "Commands",
        Purpose::Goto => "Go to: ARN, name, unique id or access key id",
        Purpose::Sort(_) | Purpose::SortAnswer => "Sort by (the same again turns it round)",
        Purpose::GroupAnswer => "Put together by",
        Purpose::Export => "Copy the answer, or write it to a file",
        Purpose::Saved => "Saved questions",
    };
    let (width, height) = match picker.purpose {
        Purpose::Sort(_) | Purpose::SortAnswer | Purpose::GroupAnswer => (48, 12),
        _ => (100, 20),
    };
    let area = boxed(app, frame, width, height, title);
    let field = Rect { height: 1, ..area };
    put(frame.buffer_mut(), field, ":", theme.dim, "");
    let x = field.x + 1;
    picker.input.draw(
        frame,
        Rect {
            x,
            width: field.width.saturating_sub(1),
            ..field
        },
    );
    let buffer = frame.buffer_mut();
    if picker.total > picker.entries.len() {
        let count = format!("{} of {}", picker.entries.len(), grouped(picker.total));
        let at = field.right().saturating_sub(count.width() as u16);
        put(
            buffer,
            Rect {
                x: at,
                width: count.width() as u16,
                ..field
            },
            &count,
            theme.dim,
            "",
        );
    }
    let rows = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    if picker.entries.is_empty() {
        let text = match picker.purpose {
            Purpose::Goto => "Nothing in this account has this ARN, name or id.",
            _ => "Nothing matches.",
        };
        states::paragraphs(app, buffer, rows, vec![(Tone::Dim, text.to_owned())]);
        return;
    }
    let height = usize::from(rows.height);
    let top = picker.cursor.top().min(picker.cursor.at());
    let top = top.max((picker.cursor.at() + 1).saturating_sub(height));
    for ((at, entry), y) in picker
        .entries
        .iter()
        .enumerate()
        .skip(top)
        .zip(rows.y..rows.bottom())
    {
        let line = Rect {
            y,
            height: 1,
            ..rows
        };
        let dead = entry.disabled.is_some();
        let style = if dead { theme.dim } else { Style::new() };
        let label = 26.min(line.width);
        let more = theme.symbols.more;
        put(
            buffer,
            Rect {
                width: label,
                ..line
            },
            &visible(&entry.label),
            style,
            more,
        );
        let keys = 14;
        let x = line.x + label + 1;
        let rest = Rect {
            x,
            width: line.right().saturating_sub(x + keys + 1),
            ..line
        };
        let note = entry.disabled.as_ref().unwrap_or(&entry.note);
        put(buffer, rest, &visible(note), theme.dim, more);
        let x = line.right().saturating_sub(keys).max(line.x);
        if line.width > label + keys {
            put(
                buffer,
                Rect {
                    x,
                    width: keys,
                    ..line
                },
                &entry.keys,
                theme.accent,
                "",
            );
        }
        if at == picker.cursor.at() {
            tint(buffer, line, theme.selected);
        }
    }
}

pub(super) fn help(app: &App, top: usize, frame: &mut Frame<'_>) {
    let area = boxed(
        app,
        frame,
        100,
        frame.area().height,
        "Help: what can be done here",
    );
    let mut page = PageBuilder::new(area.width);
    page.line(vec![(
        Tone::Dim,
        "esc always goes one level back. Commands without a key here are in the palette.".into(),
    )]);
    // What works on the screen below comes first, innermost scope first.
    let below = app.scopes_below();
    let mut scopes: Vec<Scope> = below.to_vec();
    scopes.extend(Scope::ALL.into_iter().filter(|s| !below.contains(s)));
    for scope in scopes {
        page.heading(scope.title());
        for command in COMMANDS.iter().filter(|c| c.scope == scope) {
            let keys = written(&app.setup().keymap, command.id);
            let mut pieces = vec![
                (Tone::Strong, format!("{keys:<18} ")),
                (Tone::Plain, command.sentence.to_owned()),
            ];
            if let Some(why) = app.disabled(command.id) {
                pieces.push((Tone::Dim, format!(" (now: {why})")));
            }
            page.linked(pieces, 19, None, None);
        }
    }
    scrolled(app, frame.buffer_mut(), area, &page.finish(), top);
}

pub(super) fn messages(app: &App, top: usize, frame: &mut Frame<'_>) {
    let area = boxed(app, frame, 100, 20, "Messages, newest first");
    let mut page = PageBuilder::new(area.width);
    for problem in app.messages().iter().rev() {
        for (tone, text) in states::problem_lines(problem) {
            page.line(vec![(tone, visible(&text).into_owned())]);
        }
        page.blank();
    }
    scrolled(app, frame.buffer_mut(), area, &page.finish(), top);
}

/// Draws rows from a top line on, which cannot leave the last page.
fn scrolled(app: &App, buffer: &mut Buffer, area: Rect, page: &Page, top: usize) {
    let theme = &app.setup().theme;
    let top = top.min(page.rows.len().saturating_sub(usize::from(area.height)));
    for (row, y) in page.rows.iter().skip(top).zip(area.y..area.bottom()) {
        let Body::Pieces(pieces) = &row.body else {
            continue;
        };
        let mut x = area.x;
        for (tone, text) in pieces {
            let rest = Rect {
                x,
                y,
                width: area.right().saturating_sub(x),
                height: 1,
            };
            x += put(
                buffer,
                rest,
                text,
                super::style(theme, *tone),
                theme.symbols.more,
            );
        }
    }
}
