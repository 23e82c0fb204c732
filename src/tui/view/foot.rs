//! The two lines at the foot: what happens, and what can be done.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::words::{counted, grouped, numbered};
use super::{put, style};
use crate::iam::Kind;
use crate::source::Progress;
use crate::tui::app::{App, Layer, LoadState, Screen};
use crate::tui::command::{COMMANDS, Command, Id, Scope};
use crate::tui::input::Input;
use crate::tui::key::Key;
use crate::tui::page::Tone;
use crate::visible::visible;

/// What is being searched for, else what is wrong with the filter, else a message beside how
/// loading goes, else how it ended.
pub(super) fn status(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let line = match app.layers().last() {
        Some(Layer::Search { input, .. }) => Some(("Search", input)),
        Some(Layer::Prompt { prompt, input }) => Some((prompt.title(), input)),
        _ => None,
    };
    if let Some((title, input)) = line {
        typed(app, title, input, frame, area);
        return;
    }
    let theme = &app.setup().theme;
    let more = theme.symbols.more;
    let buffer = frame.buffer_mut();
    let mut inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let said = message(app);
    let (tone, text) = going_on(app, if said.is_some() { 0 } else { inner.width });
    let Some((said_tone, said)) = said else {
        put(buffer, inner, &text, style(theme, tone), more);
        return;
    };
    // A message leaves room for what still goes on.
    if app.load().is_running() {
        let width = u16::try_from(text.width())
            .unwrap_or(u16::MAX)
            .min(inner.width / 2);
        let right = Rect {
            x: inner.right() - width,
            width,
            ..inner
        };
        put(buffer, right, &text, style(theme, tone), more);
        inner.width -= width + 2;
    }
    put(buffer, inner, &said, style(theme, said_tone), more);
}

/// A text field with its title, and after it what is said about it.
fn typed(app: &App, title: &str, input: &Input, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.setup().theme;
    let rest = |x: u16| Rect {
        x,
        width: area.right().saturating_sub(x),
        ..area
    };
    let title = format!(" {title} ");
    let mut x = area.x
        + put(
            frame.buffer_mut(),
            area,
            &title,
            theme.dim,
            theme.symbols.more,
        );
    let width = input.width().min(rest(x).width);
    input.draw(frame, Rect { width, ..rest(x) });
    x += width;
    if let Some(status) = app.status() {
        let style = style(theme, status.tone);
        put(
            frame.buffer_mut(),
            rest(x),
            &visible(&status.text),
            style,
            "",
        );
    }
}

/// What is wrong with the filter, until it is right; else the last message.
fn message(app: &App) -> Option<(Tone, String)> {
    let symbols = &app.setup().theme.symbols;
    let wrong = match app.screen() {
        Screen::Lists => app.list().error(),
        Screen::WhoCan => app.who().filter_error.as_deref(),
    };
    if let Some(wrong) = wrong {
        return Some((Tone::Warning, format!("! {}", visible(wrong))));
    }
    let status = app.status()?;
    let symbol = match status.tone {
        Tone::Good => format!("{} ", symbols.yes),
        Tone::Bad => format!("{} ", symbols.no),
        Tone::Warning => "! ".to_owned(),
        _ => String::new(),
    };
    Some((status.tone, format!("{symbol}{}", visible(&status.text))))
}

/// How loading goes, or how it ended where that is to be known.
fn going_on(app: &App, room: u16) -> (Tone, String) {
    let (setup, load) = (app.setup(), app.load());
    let refresh = setup.keymap.first(Id::Refresh);
    if let Some(retry) = load.retry() {
        return (Tone::Warning, format!("! {}", visible(retry)));
    }
    match load.state() {
        LoadState::Running => (Tone::Link, progress(app, room)),
        LoadState::Cut { problem, resume } => {
            let offer = match resume {
                Some(_) => format!("{refresh} goes on, what came stays: "),
                None if setup.live => format!("{refresh} tries again: "),
                None => String::new(),
            };
            let no = setup.theme.symbols.no;
            let text = format!("{no} {offer}{}: {}", problem.what, problem.why);
            (Tone::Bad, visible(&text).into_owned())
        }
        LoadState::Cancelled if setup.live => {
            let text = format!("! stopped before all was read ({refresh} reads it anew)");
            (Tone::Warning, text)
        }
        LoadState::Cancelled => (Tone::Warning, "! stopped before all was read".to_owned()),
        _ if !app.account().gaps.is_empty() => {
            let parts = counted(app.account().gaps.len(), "part");
            let key = setup.keymap.first(Id::Messages);
            let text = format!("! {parts} of the account could not be read ({key} says which)");
            (Tone::Warning, text)
        }
        _ => (Tone::Plain, String::new()),
    }
}

/// `⠋ loading ████░░░░ 38 %  1,200 of 5,000 users …`; without the counts where there is no room
/// (0) for them.
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
    if begun && room > 0 && progress.bytes.is_none() {
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
            c.scope != Scope::Global || !app.typing()
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
