//! The lines around the panes: context, tabs, trail, status, hints.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::{Regions, put, style};
use crate::iam::{Kind, TakenBasis};
use crate::source::Progress;
use crate::tui::app::{App, Focus, Layer, LoadState};
use crate::tui::command::{COMMANDS, Command, Id, Scope};
use crate::tui::key::Key;
use crate::tui::page::Tone;
use crate::tui::time::clock;
use crate::visible::visible;

pub(super) fn draw(app: &App, frame: &mut Frame<'_>, regions: &Regions) {
    context(app, frame.buffer_mut(), regions.context);
    tabs(app, frame.buffer_mut(), regions.tabs);
    rules(app, frame.buffer_mut(), regions);
    status(app, frame, regions.status);
    hints(app, frame.buffer_mut(), regions.hints);
}

/// Account, source, partition, mode on the left; counts and age on the right.
fn context(app: &App, buffer: &mut Buffer, area: Rect) {
    let theme = &app.setup().theme;
    let (account, dot) = (app.account(), theme.symbols.dot);
    let mut left = String::new();
    let alias = account.aliases.known().and_then(|a| a.first());
    let id = account.id.as_deref();
    let name = match (alias, id) {
        (Some(alias), Some(id)) => format!("{} {id}", visible(alias)),
        (Some(alias), None) => visible(alias).into_owned(),
        (None, Some(id)) => id.to_owned(),
        (None, None) => "account unknown".to_owned(),
    };
    left.push_str(&name);
    for part in [&*visible(&app.setup().label), account.partition.as_str()] {
        if !part.is_empty() {
            left.push_str(dot);
            left.push_str(part);
        }
    }
    let right = right_of_context(app, area.width);
    let brand = if area.width >= 60 { " iamscope  " } else { " " };
    let mut x = area.x + put(buffer, area, brand, theme.accent.patch(theme.strong), "");
    let mut mode = String::new();
    if app.setup().read_only {
        mode = format!("{dot}READ-ONLY");
    }
    let room = area
        .right()
        .saturating_sub(x + width(&right) + width(&mode) + 2);
    let rest = Rect {
        x,
        width: room,
        ..area
    };
    x += put(buffer, rest, &left, theme.strong, theme.symbols.more);
    let rest = Rect {
        x,
        width: area.right().saturating_sub(x),
        ..area
    };
    put(buffer, rest, &mode, theme.warning.patch(theme.strong), "");
    let at = area.right().saturating_sub(width(&right) + 1);
    put(
        buffer,
        Rect {
            x: at,
            width: area.right() - at,
            ..area
        },
        &right,
        theme.dim,
        "",
    );
}

fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

fn right_of_context(app: &App, room: u16) -> String {
    let account = app.account();
    let dot = app.setup().theme.symbols.dot;
    let mut parts = Vec::new();
    if room >= 110 {
        let all: &[Kind] = if room >= 150 {
            &Kind::ALL
        } else {
            &[Kind::User, Kind::Role]
        };
        for &kind in all {
            parts.push(numbered(account.count(kind), kind));
        }
    }
    if let Some(taken) = account.taken {
        let at = clock(taken.at, app.wall(), &app.setup().zone);
        parts.push(match taken.basis {
            TakenBasis::Live => format!("loaded {at}"),
            TakenBasis::Stated => format!("taken {at}"),
            TakenBasis::FileModified => format!("file of {at}"),
            TakenBasis::Read => format!("read {at}"),
        });
    }
    parts.join(dot)
}

/// A number with its thousands set apart: `15,000`.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of entities: `1 policy`, `3 policies`.
fn numbered(n: usize, kind: Kind) -> String {
    let word = if n == 1 { kind.as_str() } else { kind.plural() };
    format!("{} {word}", grouped(n))
}

/// A number of things: `1 part`, `3 parts`.
pub(super) fn counted(n: usize, thing: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {thing}{s}", grouped(n))
}

fn tabs(app: &App, buffer: &mut Buffer, area: Rect) {
    let theme = &app.setup().theme;
    let ids = [Id::Users, Id::Groups, Id::Roles, Id::Policies];
    let mut x = area.x;
    let narrow = area.width < 50;
    for (kind, id) in Kind::ALL.into_iter().zip(ids) {
        let key = app.setup().keymap.keys(id).first();
        let key = key.map(ToString::to_string).unwrap_or_default();
        let mut name = title(kind);
        let chosen = kind == app.kind();
        if narrow && !chosen {
            name.clear();
        }
        let (open, close, tone) = if chosen {
            ("[", "]", theme.strong)
        } else {
            (" ", " ", theme.dim)
        };
        let gap = if name.is_empty() { "" } else { " " };
        let text = format!("{open}{key}{gap}{name}{close}");
        let rest = Rect {
            x,
            width: area.right().saturating_sub(x),
            ..area
        };
        x += put(buffer, rest, &text, tone, "");
    }
    let trail = trail(app);
    let room = area.right().saturating_sub(x + 3);
    let (shown, cut) = last_columns(&trail, usize::from(room), theme.symbols.more);
    let at = area.right().saturating_sub(width(&shown) + 1);
    let style = if cut { theme.dim } else { theme.accent };
    put(
        buffer,
        Rect {
            x: at,
            width: area.right() - at,
            ..area
        },
        &shown,
        style,
        "",
    );
}

/// The way here: `Policies › deploy-base › Attached › ci-deploy`.
fn trail(app: &App) -> String {
    let crumb = app.setup().theme.symbols.crumb;
    let mut crumbs: Vec<String> = Vec::new();
    for place in app.trail() {
        if crumbs.is_empty() {
            crumbs.push(title(place.kind));
        }
        if let Some(subject) = place.detail.subject() {
            crumbs.push(visible(subject.name()).into_owned());
        }
        if place.focus == Focus::Detail
            && let Some(tab) = place.detail.tab()
        {
            crumbs.push(tab.title().to_owned());
        }
    }
    if crumbs.is_empty() {
        crumbs.push(title(app.kind()));
    }
    if app.focus() == Focus::Detail || !app.trail().is_empty() {
        let name = app
            .detail()
            .subject()
            .map(|s| visible(s.name()).into_owned());
        crumbs.extend(name);
    }
    // Following a version stays with the same policy: one name for it is enough.
    crumbs.dedup();
    crumbs.join(crumb)
}

/// What a list is called: `Users`.
pub(super) fn title(kind: Kind) -> String {
    let mut name = kind.plural().to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// The end of a text, if it does not fit whole.
fn last_columns(text: &str, room: usize, more: &str) -> (String, bool) {
    if text.width() <= room {
        return (text.to_owned(), false);
    }
    let mut kept = String::new();
    let mut used = more.width();
    for c in text.chars().rev() {
        let mut buffer = [0; 4];
        let columns = c.encode_utf8(&mut buffer).width();
        if used + columns > room {
            break;
        }
        used += columns;
        kept.insert(0, c);
    }
    if room < 8 {
        return (String::new(), true);
    }
    (format!("{more}{kept}"), true)
}

fn rules(app: &App, buffer: &mut Buffer, regions: &Regions) {
    let theme = &app.setup().theme;
    let s = &theme.symbols;
    for (rule, tee) in [
        (regions.rule, s.tee_down),
        (regions.middle, s.horizontal),
        (regions.bottom, s.tee_up),
    ] {
        let Some(rule) = rule else { continue };
        let line = s.horizontal.repeat(usize::from(rule.width));
        buffer.set_string(rule.x, rule.y, line, theme.dim);
        if let Some(divider) = regions.divider {
            buffer.set_string(divider.x, rule.y, tee, theme.dim);
        }
    }
    if let Some(divider) = regions.divider {
        for y in divider.y..divider.bottom() {
            buffer.set_string(divider.x, y, s.vertical, theme.dim);
        }
    }
}

/// A message, else how loading goes, else how it ended.
fn status(app: &App, frame: &mut Frame<'_>, area: Rect) {
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
            let key = app.setup().keymap.keys(Id::Refresh).first();
            let key = key.map(ToString::to_string).unwrap_or_default();
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
            let key = app.setup().keymap.keys(Id::Refresh).first();
            let key = key.map(ToString::to_string).unwrap_or_default();
            let mut text = "! stopped before all was read".to_owned();
            if app.setup().live {
                text.push_str(&format!(" ({key} reads it anew)"));
            }
            put(buffer, inner, &text, theme.warning, theme.symbols.more);
        }
        _ if !app.account().gaps.is_empty() => {
            let n = app.account().gaps.len();
            let key = app.setup().keymap.keys(Id::Messages).first();
            let key = key.map(ToString::to_string).unwrap_or_default();
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
fn hints(app: &App, buffer: &mut Buffer, area: Rect) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (15_000, "15,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(n), text);
        }
    }

    #[test]
    fn a_long_trail_keeps_its_end() {
        let (text, cut) = last_columns("Policies › deploy-base › Attached", 12, "…");
        assert_eq!((text.as_str(), cut), ("… › Attached", true));
    }
}
