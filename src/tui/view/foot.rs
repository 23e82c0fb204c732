//! The two lines at the foot: what happens, and what can be done.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::words::{counted, grouped, numbered};
use super::{put, style};
use crate::iam::Kind;
use crate::source::Progress;
use crate::tui::app::{App, Layer, LoadState};
use crate::tui::command::{COMMANDS, Command, Id, Scope};
use crate::tui::key::Key;
use crate::tui::page::Tone;
use crate::visible::visible;

/// A message, else how loading goes, else how it ended.
pub(super) fn status(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.setup().theme;
    if let Some(Layer::Search { input, .. }) = app.layers().last() {
        let used = put(frame.buffer_mut(), area, " Search ", theme.dim, "");
        let x = area.x + used;
        let width = input.width().min(area.right().saturating_sub(x));
        input.draw(frame, Rect { x, width, ..area });
        let x = x + width;
        let rest = Rect {
            x,
            width: area.right().saturating_sub(x),
            ..area
        };
        if let Some(status) = app.status() {
            let buffer = frame.buffer_mut();
            put(
                buffer,
                rest,
                &visible(&status.text),
                style(theme, status.tone),
                "",
            );
        }
        return;
    }
    // What is wrong with the filter stays until it is right.
    if let Some(wrong) = app.list().error() {
        let text = format!(" ! {}", visible(wrong));
        put(
            frame.buffer_mut(),
            area,
            &text,
            theme.warning,
            theme.symbols.more,
        );
        return;
    }
    let buffer = frame.buffer_mut();
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    if let Some(status) = app.status() {
        let symbol = match status.tone {
            Tone::Good => format!("{} ", theme.symbols.yes),
            Tone::Bad => format!("{} ", theme.symbols.no),
            Tone::Warning => "! ".to_owned(),
            _ => String::new(),
        };
        let text = format!("{symbol}{}", visible(&status.text));
        put(
            buffer,
            inner,
            &text,
            style(theme, status.tone),
            theme.symbols.more,
        );
        return;
    }
    let load = app.load();
    if let Some(retry) = load.retry() {
        put(
            buffer,
            inner,
            &format!("! {}", visible(retry)),
            theme.warning,
            theme.symbols.more,
        );
        return;
    }
    match load.state() {
        LoadState::Running => {
            let text = progress(app, inner.width);
            put(buffer, inner, &text, theme.accent, theme.symbols.more);
        }
        LoadState::Cut { problem, resume } => {
            let key = app.setup().keymap.first(Id::Refresh);
            let offer = match resume {
                Some(_) => format!("{key} goes on, what came stays: "),
                None if app.setup().live => format!("{key} tries again: "),
                None => String::new(),
            };
            let text = format!(
                "{} {offer}{}: {}",
                theme.symbols.no, problem.what, problem.why
            );
            put(
                buffer,
                inner,
                &visible(&text),
                theme.bad,
                theme.symbols.more,
            );
        }
        LoadState::Cancelled => {
            let key = app.setup().keymap.first(Id::Refresh);
            let mut text = "! stopped before all was read".to_owned();
            if app.setup().live {
                text.push_str(&format!(" ({key} reads it anew)"));
            }
            put(buffer, inner, &text, theme.warning, theme.symbols.more);
        }
        _ if !app.account().gaps.is_empty() => {
            let n = app.account().gaps.len();
            let key = app.setup().keymap.first(Id::Messages);
            let parts = counted(n, "part");
            let text = format!("! {parts} of the account could not be read ({key} says which)");
            put(buffer, inner, &text, theme.warning, theme.symbols.more);
        }
        _ => {}
    }
}

/// `⠋ loading ████░░░░ 38 %  1,200 of 5,000 users …`
fn progress(app: &App, room: u16) -> String {
    let s = &app.setup().theme.symbols;
    let (load, progress) = (app.load(), app.load().progress());
    let spinner = s.spinner[load.step() % s.spinner.len()];
    let verb = if load.is_refresh() {
        "refreshing"
    } else {
        "loading"
    };
    let mut text = format!("{spinner} {verb}");
    if let Some(ratio) = progress.ratio() {
        let wide = if room >= 80 { 20 } else { 8 };
        let full = (ratio * wide as f64).round() as usize;
        let bar = s.bar_full.repeat(full) + &s.bar_empty.repeat(wide - full.min(wide));
        text.push_str(&format!(" {bar} {:>3.0} %", ratio * 100.0));
    }
    let begun = *progress != Progress::default();
    if begun && progress.bytes.is_none() {
        let mut parts = Vec::new();
        for (i, kind) in Kind::ALL.into_iter().enumerate() {
            let done = progress.done[i] as usize;
            parts.push(match progress.total[i] {
                Some(total) => format!("{}/{}", grouped(done), numbered(total as usize, kind)),
                None => numbered(done, kind),
            });
        }
        if progress.aws_policies > 0 {
            parts.push(format!(
                "{} of AWS",
                grouped(progress.aws_policies as usize)
            ));
        }
        text.push_str("  ");
        text.push_str(&parts.join(s.dot));
    }
    text
}

/// What can be done here, as much of it as fits; what matters less goes first.
pub(super) fn hints(app: &App, buffer: &mut Buffer, area: Rect) {
    let theme = &app.setup().theme;
    let mut hints: Vec<_> = COMMANDS
        .iter()
        .filter(|c| c.hint > 0 && app.reachable(c) && app.disabled(c.id).is_none())
        .filter(|c| {
            // A text field's own enter and esc say what they do; Global's would mislead there.
            app.layers().is_empty() || c.scope != Scope::Global || !app.typing()
        })
        .filter_map(|c| {
            // What lies on top may use a key for something else.
            let keymap = &app.setup().keymap;
            let leads = |key: &&Key| keymap.find(app.scopes(), **key) == Some(c.id);
            let key = keymap.keys(c.id).iter().find(leads)?;
            Some((c, key.to_string()))
        })
        .collect();
    let total = |hints: &[(&Command, String)]| {
        hints
            .iter()
            .map(|(c, key)| key.width() + c.short.width() + 3)
            .sum::<usize>()
    };
    while total(&hints) > usize::from(area.width) {
        let Some(worst) = hints.iter().map(|(c, _)| c.hint).max() else {
            break;
        };
        let Some(at) = hints.iter().rposition(|(c, _)| c.hint == worst) else {
            break;
        };
        hints.remove(at);
    }
    // These two stay longest but are looked for at the end of the line.
    hints.sort_by_key(|(c, _)| (matches!(c.id, Id::Help | Id::Accept), c.hint));
    let mut x = area.x + 1;
    for (command, key) in hints {
        let rest = |x: u16| Rect {
            x,
            width: area.right().saturating_sub(x),
            ..area
        };
        x += put(buffer, rest(x), &key, theme.strong, "") + 1;
        x += put(buffer, rest(x), command.short, theme.dim, "") + 2;
    }
}
