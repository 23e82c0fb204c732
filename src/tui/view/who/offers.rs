//! What a text field of the view offers.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::super::{put, tint};
use super::{line, rest};
use crate::tui::app::App;
use crate::tui::theme::Theme;
use crate::tui::who::complete::Completion;
use crate::tui::who::fields::Part;
use crate::visible::visible;

/// The columns of the word beside what is offered.
const KIND: u16 = 11;

/// What the field with the keys offers.
pub(in super::super) fn offers(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let fields = &app.who().fields;
    Clear.render(area, frame.buffer_mut());
    let theme = &app.setup().theme;
    let buffer = frame.buffer_mut();
    let inner = rest(area, area.x + 1);
    if fields.offers.is_empty() {
        let text = match fields.part {
            Part::Action if fields.action.text().trim().is_empty() => "",
            Part::Context if fields.context.text().contains('=') => "type a value; enter takes it",
            _ => "nothing of this name",
        };
        put(buffer, line(inner, 0), text, theme.dim, theme.symbols.more);
        return;
    }
    let height = usize::from(area.height);
    let top = fields.cursor.at().saturating_sub(height.saturating_sub(1));
    let label = fields.offers.iter().skip(top).take(height);
    let label = label.map(|it| it.label().width()).max().unwrap_or(0);
    // What is said of an entry yields to its name as far as it is short.
    let notes = fields.offers.iter().skip(top).take(height);
    let notes = notes.map(|it| it.note.width()).max().unwrap_or(0) as u16;
    let beside = (KIND + 1 + notes).min(inner.width * 2 / 5);
    let label = (label as u16)
        .min(inner.width.saturating_sub(beside + 1))
        .max(12.min(inner.width));
    for ((at, offer), y) in fields
        .offers
        .iter()
        .enumerate()
        .skip(top)
        .zip(0..area.height)
    {
        offer_row(theme, offer, label, buffer, line(inner, y));
        if at == fields.cursor.at() {
            tint(buffer, line(area, y), theme.selected);
        }
    }
}

fn offer_row(theme: &Theme, offer: &Completion, label: u16, buffer: &mut Buffer, row: Rect) {
    let more = theme.symbols.more;
    put(
        buffer,
        Rect {
            width: label,
            ..row
        },
        &visible(offer.label()),
        Style::new(),
        more,
    );
    let x = row.x + label + 1;
    let kind = KIND.min(row.right().saturating_sub(x));
    put(
        buffer,
        Rect {
            width: kind,
            ..rest(row, x)
        },
        short(&offer.kind),
        theme.accent,
        "",
    );
    let note = visible(&offer.note);
    put(buffer, rest(row, x + kind + 1), &note, theme.dim, more);
}

/// An access level in a few letters.
fn short(kind: &str) -> &str {
    match kind {
        "Permissions management" => "Permissions",
        kind => kind,
    }
}
