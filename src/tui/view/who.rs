//! The who-can view: the fields, the table of the answer, and what a field offers. What is told of
//! the selected principal is a page of the detail.

mod columns;
mod offers;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::words::{counted, grouped};
use super::{put, states, tint};
use crate::access::Counts;
use crate::tui::app::{App, Focus, Layer};
use crate::tui::asker::Answer;
use crate::tui::command::Id;
use crate::tui::page::Tone;
use crate::tui::theme::Theme;
use crate::tui::who::fields::Part;
use crate::tui::who::{State, context};
use crate::visible::visible;

use columns::Columns;
pub(super) use offers::offers;

/// The lines of the fields.
pub(super) const FIELDS: u16 = 3;

/// The columns before a field.
const LABEL: u16 = 10;

/// The lines above the rows: counts, and the column heads.
const HEAD: u16 = 2;

/// How many rows fit.
pub(super) fn height(area: Rect) -> usize {
    usize::from(area.height.saturating_sub(HEAD))
}

fn rest(area: Rect, x: u16) -> Rect {
    Rect {
        x: x.min(area.right()),
        width: area.right().saturating_sub(x),
        ..area
    }
}

fn line(area: Rect, y: u16) -> Rect {
    Rect {
        y: area.y + y,
        height: u16::from(y < area.height),
        ..area
    }
}

/// The fields, a line each.
pub(super) fn fields(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.setup().theme;
    let fields = &app.who().fields;
    for (part, y) in Part::ALL.into_iter().zip(0..) {
        let has_keys = app.focus() == Focus::Fields && fields.part == part;
        let row = line(area, y);
        let style = if has_keys { theme.strong } else { theme.dim };
        put(
            frame.buffer_mut(),
            rest(row, row.x + 1),
            part.title(),
            style,
            "",
        );
        let row = rest(row, row.x + LABEL);
        if part == Part::Context {
            context_field(app, frame, row, has_keys);
            continue;
        }
        let right = note(app, part);
        let width = (right.width() as u16).min(row.width / 2);
        let input = fields.of(part);
        let room = row.width.saturating_sub(width + u16::from(width > 0) * 2);
        let field = Rect { width: room, ..row };
        if has_keys {
            input.draw(frame, field);
        } else {
            let text = match (input.text(), part) {
                ("", Part::Resource) => "* (any)",
                (text, _) => text,
            };
            let more = theme.symbols.more;
            put(
                frame.buffer_mut(),
                field,
                &visible(text),
                Style::new(),
                more,
            );
        }
        let x = row.right().saturating_sub(width + 1);
        put(
            frame.buffer_mut(),
            rest(row, x),
            &right,
            theme.accent,
            theme.symbols.more,
        );
    }
}

/// What stands at the end of a field: what is asked in place of it, or how many actions it means.
fn note(app: &App, part: Part) -> String {
    let who = app.who();
    let guess = who.guessed.as_ref();
    let question = who.question.as_ref().map(|(question, _)| question);
    if let (Some(guess), true) = (guess, who.fields.part == part) {
        return format!("asking about {}", visible(guess));
    }
    match (part, question) {
        (Part::Action, Some(question)) if question.actions.len() > 1 => {
            counted(question.actions.len(), "action")
        }
        _ => String::new(),
    }
}

/// What is said of the request, what is not known of it, and how that counts.
fn context_field(app: &App, frame: &mut Frame<'_>, area: Rect, has_keys: bool) {
    let theme = &app.setup().theme;
    let who = app.who();
    let strict = if who.fields.is_strict {
        "strict on"
    } else {
        "strict off"
    };
    let width = strict.width() as u16 + 1;
    let x = area.right().saturating_sub(width);
    let style = if who.fields.is_strict {
        theme.warning
    } else {
        theme.dim
    };
    put(frame.buffer_mut(), rest(area, x), strict, style, "");
    let area = Rect {
        width: area.width.saturating_sub(width + 2),
        ..area
    };
    let given: Vec<String> = who.fields.given.iter().map(context::written).collect();
    let mut x = area.x;
    let more = theme.symbols.more;
    if !given.is_empty() {
        let text = visible(&given.join("; ")).into_owned();
        let room = if has_keys { area.width / 2 } else { area.width };
        x += put(
            frame.buffer_mut(),
            Rect {
                width: room,
                ..area
            },
            &text,
            Style::new(),
            more,
        ) + 2;
    }
    if has_keys {
        who.fields.of(Part::Context).draw(frame, rest(area, x));
        return;
    }
    let unknown = who.unknown_keys();
    let text = match (&unknown[..], given.is_empty()) {
        ([], true) => "nothing said; nothing that matters is unknown".to_owned(),
        ([], false) => String::new(),
        (keys, _) => format!("unknown: {}", visible(&keys.join(", "))),
    };
    let text = match who.answer() {
        Some(answer) if answer.is_whole() => text,
        Some(_) => String::new(),
        None if given.is_empty() => "nothing said".to_owned(),
        None => String::new(),
    };
    put(frame.buffer_mut(), rest(area, x), &text, theme.dim, more);
}

/// The table.
pub(super) fn table(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let who = app.who();
    counts(app, frame, line(area, 0));
    let rows = Rect {
        y: area.y + HEAD.min(area.height),
        height: area.height.saturating_sub(HEAD),
        ..area
    };
    let Some(answer) = who.answer() else {
        let lines = state(app);
        states::paragraphs(app, frame.buffer_mut(), rows, lines);
        return;
    };
    if who.lines().is_empty() {
        let lines = nobody(app, answer);
        states::paragraphs(app, frame.buffer_mut(), rows, lines);
        return;
    }
    let columns = Columns::new(app, answer, area.width);
    columns.titles(&app.setup().theme, frame.buffer_mut(), line(area, 1));
    for (at, y) in (who.cursor().top()..who.lines().len()).zip(rows.y..rows.bottom()) {
        let row = Rect {
            y,
            height: 1,
            ..rows
        };
        columns.row(app, answer, &who.lines()[at], frame.buffer_mut(), row);
        if at == who.cursor().at() {
            mark(app, frame.buffer_mut(), row);
        }
    }
}

/// Marks the row that the cursor is on.
fn mark(app: &App, buffer: &mut Buffer, row: Rect) {
    let theme = &app.setup().theme;
    let style = if app.focus() == Focus::List {
        theme.selected
    } else {
        theme.marked
    };
    tint(buffer, row, style);
    buffer.set_string(row.x, row.y, theme.symbols.cursor, style);
}

/// How many come to what, or the filter while it is typed.
fn counts(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.setup().theme;
    let who = app.who();
    if let Some(Layer::Filter { input, .. }) = app.layers().last() {
        put(
            frame.buffer_mut(),
            rest(area, area.x + 1),
            "/",
            theme.dim,
            "",
        );
        input.draw(frame, rest(area, area.x + 2));
        return;
    }
    let Some(answer) = who.answer() else {
        return;
    };
    let dot = theme.symbols.dot;
    let (mut notes, others) = notes(app, answer);
    let switches = notes.join(dot);
    notes.extend(others);
    let told = |with_words| counts_told(app, answer, with_words);
    // Words yield to what was switched off, which nothing else tells.
    let width = |told: &[(String, Style)]| told.iter().map(|(text, _)| text.width()).sum::<usize>();
    let mut all = told(true);
    if width(&all) + switches.width() + 1 > usize::from(area.width) {
        all = told(false);
    }
    let mut x = area.x + 1;
    for (text, style) in all {
        x += put(frame.buffer_mut(), rest(area, x), &text, style, "");
    }
    let more = theme.symbols.more;
    put(
        frame.buffer_mut(),
        rest(area, x),
        &notes.join(dot),
        theme.dim,
        more,
    );
}

/// The counts, each with its style.
fn counts_told(app: &App, answer: &Answer, with_words: bool) -> Vec<(String, Style)> {
    let theme = &app.setup().theme;
    let shown = &app.who().shown;
    let counts = answer.counts();
    let all = parts(&counts, theme, shown.conditional, shown.denied).into_iter();
    all.map(|(count, word, symbol, style, is_shown)| {
        let mut text = format!("{symbol} {}", grouped(count));
        if with_words {
            text.push_str(&format!(" {word}"));
        }
        if !is_shown && count > 0 {
            text.push_str(" (hidden)");
        }
        (text + "  ", style)
    })
    .collect()
}

/// What rows are shown of, and beside that how the answer stands.
fn notes(app: &App, answer: &Answer) -> (Vec<String>, Vec<String>) {
    let who = app.who();
    let shown = &who.shown;
    let mut notes = Vec::new();
    if !shown.filter.is_empty() {
        notes.push(format!("/{}", visible(&shown.filter)));
    }
    if who.unjudged > 0 {
        notes.push(format!("{} unknown", grouped(who.unjudged)));
    }
    if app.load().is_running() && !app.load().is_refresh() {
        notes.push("of what was read so far".to_owned());
    }
    if !shown.outside {
        notes.push("no outsiders".to_owned());
    }
    if !shown.linked {
        notes.push("no service-linked".to_owned());
    }
    if !who.follows_chains {
        notes.push("no chains".to_owned());
    }
    if shown.different {
        notes.push("only what differs".to_owned());
    }
    let mut others = Vec::new();
    if answer.chains_follow {
        notes.push("role chains follow…".to_owned());
    } else if answer.is_whole() {
        others.push(duration(answer.took));
    } else {
        let of = answer.question.actions.len();
        notes.push(format!(
            "{} of {} actions…",
            grouped(answer.done),
            grouped(of)
        ));
    }
    if !answer.assumptions.is_empty() {
        others.push(counted(answer.assumptions.len(), "assumption"));
    }
    (notes, others)
}

/// A time in a few letters.
fn duration(time: std::time::Duration) -> String {
    match time.as_millis() {
        0 => "under 1 ms".to_owned(),
        ms @ 1..1_000 => format!("{ms} ms"),
        ms => format!("{:.1} s", ms as f64 / 1_000.0),
    }
}

/// A count: how many, the word, the symbol, its style, and whether they are shown.
type Count = (usize, &'static str, &'static str, Style, bool);

fn parts(counts: &Counts, theme: &Theme, conditional: bool, denied: bool) -> [Count; 3] {
    let symbols = &theme.symbols;
    let refused = counts.explicit_deny + counts.implicit_deny;
    [
        (counts.allowed, "allowed", symbols.yes, theme.good, true),
        (
            counts.conditional,
            "conditional",
            symbols.maybe,
            theme.warning,
            conditional,
        ),
        (refused, "denied", symbols.no, theme.bad, denied),
    ]
}

/// What stands in the place of rows where there is no answer.
fn state(app: &App) -> Vec<(Tone, String)> {
    let key = |id| app.setup().keymap.first(id);
    match &app.who().state {
        State::Wrong(part, why) => vec![(
            Tone::Bad,
            format!("{}: {}", part.title(), visible(why)),
        )],
        State::Asking | State::Answered => vec![(Tone::Dim, "asking…".to_owned())],
        State::Empty if app.focus() == Focus::Fields => vec![
            (Tone::Plain, "Type an action: the answer follows what you type.".to_owned()),
            (
                Tone::Dim,
                "One action, a pattern such as iam:Put*, an access level such as s3:@write, or several with commas between."
                    .to_owned(),
            ),
        ],
        State::Empty => vec![(
            Tone::Dim,
            format!("Nothing is asked yet: {} types an action.", key(Id::EditAction)),
        )],
    }
}

/// What is said where no row is shown.
fn nobody(app: &App, answer: &Answer) -> Vec<(Tone, String)> {
    let counts = answer.counts();
    let who = app.who();
    let key = |id| app.setup().keymap.first(id);
    if !answer.is_whole() {
        return vec![(Tone::Dim, "nobody so far…".to_owned())];
    }
    let mut lines = Vec::new();
    if counts.allowed + counts.conditional == 0 {
        lines.push((Tone::Strong, "Nobody can.".to_owned()));
    } else {
        lines.push((Tone::Strong, "Nobody is shown.".to_owned()));
    }
    if !who.shown.filter.is_empty() {
        let text = format!("The filter {} hides others.", visible(&who.shown.filter));
        lines.push((Tone::Dim, text));
    }
    if !who.shown.conditional && counts.conditional > 0 {
        let text = format!("{} shows who can if more is met.", key(Id::ShowConditional));
        lines.push((Tone::Dim, text));
    }
    if !who.shown.denied {
        let text = format!("{} shows who cannot, and why.", key(Id::ShowDenied));
        lines.push((Tone::Dim, text));
    }
    lines
}
