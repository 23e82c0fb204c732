//! The columns of the table, and its rows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::super::put;
use super::super::words::grouped;
use super::rest;
use crate::access::{Caller, CallerKind, Decision};
use crate::report::words::name;
use crate::tui::app::App;
use crate::tui::asker::{Answer, Standing};
use crate::tui::theme::Theme;
use crate::tui::who::shown::{Line, verdict};
use crate::visible::visible;

/// The fewest columns in which it can be told how somebody can.
const SHORTEST: u16 = 12;

/// From so many columns on for how and if, conditions are told in words.
const WIDE: u16 = 60;

/// From so many columns on they have a column of their own.
const NARROW: u16 = 24;

/// The widths of the columns.
pub(super) struct Columns {
    name: u16,
    /// The verdict of the answer that is held beside.
    before: u16,
    verdict: u16,
    how: u16,
    conditions: u16,
    /// Whether conditions have room for words.
    is_wide: bool,
}

impl Columns {
    pub(super) fn new(app: &App, answer: &Answer, width: u16) -> Self {
        let room = width.saturating_sub(2);
        let own = answer.index.account().id.as_deref();
        let who = app.who();
        let lines = who
            .lines()
            .iter()
            .skip(who.cursor().top())
            .take(who.height());
        let names = lines
            .filter_map(Line::node)
            .filter_map(|node| answer.caller(node));
        let widest = names
            .map(|caller| short_name(&caller, own).width())
            .max()
            .unwrap_or(0);
        let several = answer.question.actions.len() > 1;
        let verdict = match (room, several) {
            (..38, _) => 2,
            (_, true) => 17,
            (_, false) => 13,
        };
        // Columns keep their places while one scrolls, unless a name needs the room.
        let most = (room * 2 / 5).max(12);
        let name = (widest as u16)
            .clamp(16.min(most), most)
            .min(room.saturating_sub(verdict + 1));
        let before = if who.pinned.is_some() { verdict } else { 0 };
        let taken = name + verdict + 2 + if before > 0 { before + 1 } else { 0 };
        let left = room.saturating_sub(taken);
        if left < SHORTEST {
            // A few letters of how say nothing, and those of a name are missed.
            return Self {
                name: name + left,
                before,
                verdict,
                how: 0,
                conditions: 0,
                is_wide: false,
            };
        }
        let is_wide = left >= WIDE;
        let conditions = match left {
            WIDE.. => left * 45 / 100,
            NARROW.. => (left * 2 / 5).clamp(9, 20),
            _ => 0,
        };
        Self {
            name,
            before,
            verdict,
            how: left.saturating_sub(conditions + u16::from(conditions > 0)),
            conditions,
            is_wide,
        }
    }

    pub(super) fn titles(&self, theme: &Theme, buffer: &mut Buffer, area: Rect) {
        let how = if self.conditions > 0 {
            "HOW"
        } else {
            "HOW, IF"
        };
        let all = [
            (self.name, "PRINCIPAL"),
            (self.before, "PINNED"),
            (self.verdict, "VERDICT"),
            (self.how, how),
            (self.conditions, "IF"),
        ];
        let mut x = area.x + 1;
        for (width, title) in all.into_iter().filter(|(width, _)| *width > 0) {
            if usize::from(width) >= title.width().min(6) {
                put(
                    buffer,
                    Rect {
                        width,
                        ..rest(area, x)
                    },
                    title,
                    theme.dim,
                    "",
                );
            }
            x += width + 1;
        }
    }

    /// A verdict, or its symbol alone where there is no room for words.
    fn fitted<'t>(&self, text: &'t str) -> &'t str {
        match self.verdict {
            ..=2 => text.split(' ').next().unwrap_or(text),
            _ => text,
        }
    }

    pub(super) fn row(
        &self,
        app: &App,
        answer: &Answer,
        row: &Line,
        buffer: &mut Buffer,
        area: Rect,
    ) {
        let theme = &app.setup().theme;
        let more = theme.symbols.more;
        let node = match row {
            Line::Head {
                title,
                count,
                folded,
            } => {
                let fold = if *folded { theme.symbols.folded } else { "" };
                let text = format!("{} {}{fold}", visible(title), grouped(*count));
                put(buffer, rest(area, area.x + 1), &text, theme.strong, more);
                return;
            }
            Line::Row(node) => *node,
        };
        let (Some(caller), Some(standing)) = (answer.caller(node), answer.standing(node)) else {
            return;
        };
        let own = answer.index.account().id.as_deref();
        let mut x = area.x + 1;
        let mut cell = |width: u16, text: &str, style: Style| {
            put(
                buffer,
                Rect {
                    width,
                    ..rest(area, x)
                },
                text,
                style,
                more,
            );
            x += width + 1;
        };
        cell(self.name, &short_name(&caller, own), Style::new());
        if let (Some(pinned), true) = (&app.who().pinned, self.before > 0) {
            let (text, style) = match pinned.standing_of(answer, node) {
                Some(before) => told(theme, pinned, before),
                None => (theme.symbols.none.to_owned(), theme.dim),
            };
            cell(self.before, self.fitted(&text), style);
        }
        let (text, style) = told(theme, answer, standing);
        cell(self.verdict, self.fitted(&text), style);
        let Some(cells) = app.who().cells(node).filter(|_| self.how > 0) else {
            return;
        };
        if self.conditions > 0 {
            let conditions = match self.is_wide {
                true => &cells.conditions,
                false => &cells.about,
            };
            cell(self.how, &cells.how, theme.dim);
            cell(self.conditions, &visible(conditions), theme.dim);
        } else if cells.conditions.is_empty() {
            cell(self.how, &cells.how, theme.dim);
        } else {
            cell(
                self.how,
                &format!("{}; {}", cells.how, cells.conditions),
                theme.dim,
            );
        }
    }
}

/// A principal as a row names it: without a path, since names are unique without.
fn short_name(caller: &Caller, own: Option<&str>) -> String {
    match (&caller.kind, caller.account.as_deref() == own) {
        (CallerKind::User { .. }, true) => format!("user {}", last(&caller.arn)),
        (CallerKind::Role { .. }, true) => format!("role {}", last(&caller.arn)),
        _ => name(caller, own),
    }
}

/// The name at the end of an ARN.
fn last(arn: &str) -> String {
    visible(arn.rsplit('/').next().unwrap_or(arn)).into_owned()
}

/// A verdict with its symbol; of several actions, of how many.
fn told(theme: &Theme, answer: &Answer, standing: Standing) -> (String, Style) {
    let symbols = &theme.symbols;
    let (symbol, style) = match standing.decision {
        Decision::Allowed => (symbols.yes, theme.good),
        Decision::Conditional => (symbols.maybe, theme.warning),
        Decision::ExplicitDeny | Decision::ImplicitDeny => (symbols.no, theme.bad),
    };
    let several = answer.question.actions.len();
    let word = match (several, standing.allowed, standing.conditional) {
        (1, ..) | (_, 0, 0) => verdict(standing.decision).to_owned(),
        (all, 0, some) => format!("if: {some} of {all}"),
        (all, some, _) if some as usize == all => "all".to_owned(),
        (all, some, _) => format!("{some} of {all}"),
    };
    (format!("{symbol} {word}"), style)
}
