//! What stands where there is nothing to show, and why.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::words::grouped;
use super::{put, style};
use crate::source::Problem;
use crate::tui::app::{App, LoadState};
use crate::tui::command::Id;
use crate::tui::page::{Body, PageBuilder, Tone};
use crate::visible::visible_lines;

/// An empty list: still loading, nothing there, nothing that the filter lets through, or not
/// read.
pub(super) fn empty_list(app: &App, buffer: &mut Buffer, area: Rect) {
    let kind = app.kind().plural();
    let key = |id| app.setup().keymap.first(id);
    let lines = if app.account().count(app.kind()) > 0 {
        let none = format!("None of the {kind} matches the filter.");
        let (clear, change) = (key(Id::Back), key(Id::Filter));
        let unknown = app.list().unknown();
        let unjudged = || {
            let many = grouped(unknown);
            format!("It asks for what is not known of {many} of them.")
        };
        std::iter::once((Tone::Plain, none))
            .chain((unknown > 0).then(|| (Tone::Warning, unjudged())))
            .chain([(
                Tone::Dim,
                format!("{clear} clears it, {change} changes it."),
            )])
            .collect()
    } else {
        match app.load().state() {
            LoadState::Running | LoadState::Idle => {
                vec![
                    (Tone::Plain, format!("Loading {kind}…")),
                    (Tone::Dim, format!("{} stops.", key(Id::CancelLoad))),
                ]
            }
            LoadState::Complete if !app.account().gaps.is_empty() => {
                let gaps = app.account().gaps.iter();
                let gaps = gaps.map(|gap| (Tone::Warning, gap.to_string()));
                let head = (Tone::Plain, format!("No {kind} were read."));
                std::iter::once(head).chain(gaps).collect()
            }
            LoadState::Complete => vec![(Tone::Plain, format!("This account has no {kind}."))],
            LoadState::Cancelled => {
                let next = if app.setup().live {
                    format!("{} reads the account again.", key(Id::Refresh))
                } else {
                    "Start again to read it.".to_owned()
                };
                let what = format!("Loading was stopped before any {kind} came.");
                vec![(Tone::Plain, what), (Tone::Dim, next)]
            }
            LoadState::Cut { problem, .. } => problem_lines(problem),
        }
    };
    paragraphs(app, buffer, area, lines);
}

/// A problem in full: what, why, and what to do.
pub(super) fn problem_lines(problem: &Problem) -> Vec<(Tone, String)> {
    let mut lines = vec![(Tone::Bad, problem.what.clone())];
    lines.extend(problem.why.lines().map(|l| (Tone::Plain, l.to_owned())));
    lines.extend(problem.next.iter().map(|l| (Tone::Dim, l.clone())));
    lines
}

/// Draws wrapped lines, indented by two.
pub(super) fn paragraphs(app: &App, buffer: &mut Buffer, area: Rect, lines: Vec<(Tone, String)>) {
    let theme = &app.setup().theme;
    let mut page = PageBuilder::new(area.width.saturating_sub(4));
    for (tone, text) in lines {
        for line in visible_lines(&text).lines() {
            page.line(vec![(tone, line.to_owned())]);
        }
    }
    let top = area.y + u16::from(area.height > 4);
    for (row, y) in page.finish().rows.iter().zip(top..area.bottom()) {
        let Body::Pieces(pieces) = &row.body else {
            continue;
        };
        let mut x = area.x + 2;
        for (tone, text) in pieces {
            let rest = Rect {
                x,
                y,
                width: area.right().saturating_sub(x),
                height: 1,
            };
            x += put(buffer, rest, text, style(theme, *tone), theme.symbols.more);
        }
    }
}
