//! The lines above and between the panes: context, tabs, trail, rules.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::words::{numbered, title};
use super::{Regions, put};
use crate::iam::{Kind, TakenBasis};
use crate::tui::app::{App, Focus, Screen};
use crate::tui::command::Id;
use crate::tui::time::clock;
use crate::visible::visible;

/// What the view of questions is called.
const WHO_CAN: &str = "Who can";

pub(super) fn draw(app: &App, buffer: &mut Buffer, regions: &Regions) {
    context(app, buffer, regions.context);
    tabs(app, buffer, regions.tabs);
    rules(app, buffer, regions);
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
    put_right(buffer, area, &right, theme.dim);
}

/// Writes a text at the right end of a line, one column from the edge.
fn put_right(buffer: &mut Buffer, area: Rect, text: &str, style: Style) {
    let x = area.right().saturating_sub(width(text) + 1);
    let width = area.right() - x;
    put(buffer, Rect { x, width, ..area }, text, style, "");
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

fn tabs(app: &App, buffer: &mut Buffer, area: Rect) {
    let theme = &app.setup().theme;
    let ids = [Id::Users, Id::Groups, Id::Roles, Id::Policies];
    let is_lists = app.screen() == Screen::Lists;
    let lists = Kind::ALL.into_iter().zip(ids);
    let lists = lists.map(|(kind, id)| (title(kind), id, is_lists && kind == app.kind()));
    let who = (WHO_CAN.to_owned(), Id::WhoCan, !is_lists);
    let mut x = area.x;
    let narrow = area.width < 60;
    for (mut name, id, chosen) in lists.chain([who]) {
        let key = app.setup().keymap.first(id);
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
    let style = if cut { theme.dim } else { theme.accent };
    put_right(buffer, area, &shown, style);
}

/// The way here: `Policies › deploy-base › Attached › ci-deploy`.
fn trail(app: &App) -> String {
    let crumb = app.setup().theme.symbols.crumb;
    let mut crumbs: Vec<String> = Vec::new();
    for place in app.trail() {
        if crumbs.is_empty() || place.screen == Screen::WhoCan {
            crumbs.push(match place.screen {
                Screen::Lists => title(place.kind),
                Screen::WhoCan => WHO_CAN.to_owned(),
            });
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
    if app.screen() == Screen::WhoCan {
        crumbs.push(WHO_CAN.to_owned());
    } else if crumbs.is_empty() {
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
    // The fields stand above both panes.
    let (top, below) = match regions.fields {
        Some(_) => (s.horizontal, s.tee_down),
        None => (s.tee_down, s.horizontal),
    };
    for (rule, tee) in [
        (regions.rule, top),
        (regions.below_fields, below),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_trail_keeps_its_end() {
        let (text, cut) = last_columns("Policies › deploy-base › Attached", 12, "…");
        assert_eq!((text.as_str(), cut), ("… › Attached", true));
    }
}
