//! What is drawn: a file a screen. Reads the app, changes nothing but caches.

mod chrome;
mod code;
mod detail;
mod foot;
mod list;
mod overlay;
mod pages;
mod states;
mod who;
mod words;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use super::app::{App, Focus, Layer, Screen};
use super::filter;
use super::page::{Row, Tone};
use super::theme::Theme;

/// The smallest terminal in which anything can be read.
const SMALLEST: (u16, u16) = (30, 8);

/// From this width on list and detail stand side by side.
const SIDE_BY_SIDE: u16 = 100;

/// From this height on there is room for lines between the parts.
const ROOMY: u16 = 18;

/// Where things are on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Regions {
    context: Rect,
    tabs: Rect,
    rule: Option<Rect>,
    /// The fields of a question, and the line below them.
    fields: Option<Rect>,
    below_fields: Option<Rect>,
    body: Rect,
    list: Option<Rect>,
    divider: Option<Rect>,
    middle: Option<Rect>,
    detail: Option<Rect>,
    bottom: Option<Rect>,
    status: Rect,
    hints: Rect,
}

/// Divides the screen. `None` where it is too small.
pub(super) fn regions(app: &App, area: Rect) -> Option<Regions> {
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return None;
    }
    let line = |y: u16| Rect::new(area.x, area.y + y, area.width, 1);
    let roomy = area.height >= ROOMY;
    let top = if roomy { 3 } else { 2 };
    let below = if roomy { 3 } else { 2 };
    let mut body = Rect::new(area.x, area.y + top, area.width, area.height - top - below);
    let mut fields = None;
    let mut below_fields = None;
    if app.screen() == Screen::WhoCan {
        let parts = [
            Constraint::Length(who::FIELDS),
            Constraint::Length(u16::from(roomy)),
            Constraint::Fill(1),
        ];
        let [upper, rule, rest] = Layout::vertical(parts).areas(body);
        fields = Some(upper);
        below_fields = roomy.then_some(rule);
        body = rest;
    }
    let mut regions = Regions {
        context: line(0),
        tabs: line(1),
        rule: roomy.then(|| line(2)),
        fields,
        below_fields,
        body,
        list: None,
        divider: None,
        middle: None,
        detail: None,
        bottom: roomy.then(|| line(area.height - 3)),
        status: line(area.height - 2),
        hints: line(area.height - 1),
    };
    let in_detail = app.focus() == Focus::Detail;
    if app.zoomed() {
        regions.detail = Some(body);
    } else if area.width >= SIDE_BY_SIDE {
        // The table of an answer has more to say in a row than a list.
        let share = match app.screen() {
            Screen::Lists => 45,
            Screen::WhoCan => 58,
        };
        let left = Constraint::Length((area.width * share / 100).clamp(44, 110));
        let parts = [left, Constraint::Length(1), Constraint::Fill(1)];
        let [list, divider, detail] = Layout::horizontal(parts).areas(body);
        regions.list = Some(list);
        regions.divider = Some(divider);
        regions.detail = Some(detail);
    } else if in_detail {
        regions.detail = Some(body);
    } else if roomy {
        let upper = Constraint::Length(body.height / 2);
        let parts = [upper, Constraint::Length(1), Constraint::Fill(1)];
        let [list, middle, detail] = Layout::vertical(parts).areas(body);
        regions.list = Some(list);
        regions.middle = Some(middle);
        regions.detail = Some(detail);
    } else {
        regions.list = Some(body);
    }
    Some(regions)
}

/// Draws the whole screen.
pub fn draw(app: &mut App, frame: &mut Frame<'_>) {
    let area = frame.area();
    let Some(regions) = regions(app, area) else {
        too_small(frame, area);
        return;
    };
    app.fit(&regions);
    chrome::draw(app, frame.buffer_mut(), &regions);
    foot::status(app, frame, regions.status);
    foot::hints(app, frame.buffer_mut(), regions.hints);
    if let Some(area) = regions.fields {
        who::fields(app, frame, area);
    }
    if let Some(area) = regions.list {
        match app.screen() {
            Screen::Lists => list::draw(app, frame, area),
            Screen::WhoCan => who::table(app, frame, area),
        }
    }
    let typing = app.screen() == Screen::WhoCan && app.focus() == Focus::Fields;
    // While one types, what the field offers stands where the detail is else.
    match regions.detail {
        Some(area) if typing => who::offers(app, frame, area),
        Some(area) => detail::draw(app, frame, area),
        None if typing => {
            let [_, lower] = Layout::vertical([Constraint::Fill(1); 2]).areas(regions.body);
            who::offers(app, frame, lower);
        }
        None => {}
    }
    match app.layers().last() {
        Some(Layer::Picker(picker)) => overlay::picker(app, picker, frame),
        Some(Layer::Help(top)) => overlay::help(app, *top, frame),
        Some(Layer::Messages(top)) => overlay::messages(app, *top, frame),
        Some(Layer::Filter { .. } | Layer::Search { .. } | Layer::Prompt { .. }) | None => {}
    }
}

fn too_small(frame: &mut Frame<'_>, area: Rect) {
    let text = format!(
        "too small: needs {}x{}, is {}x{}",
        SMALLEST.0, SMALLEST.1, area.width, area.height
    );
    for (row, part) in (area.y..area.bottom()).zip(text.as_bytes().chunks(area.width.max(1).into()))
    {
        let part = String::from_utf8_lossy(part);
        frame
            .buffer_mut()
            .set_string(area.x, row, part, Style::new());
    }
}

/// Makes the detail's page for the size that it has on the screen, if it is not made yet: keys
/// that come before the next frame move in what the user will see.
pub fn prepare(app: &mut App) {
    let Some(regions) = regions(app, app.area()) else {
        return;
    };
    app.fit(&regions);
}

/// Whether the detail is in view.
pub fn shows_detail(app: &App) -> bool {
    regions(app, app.area()).is_some_and(|regions| regions.detail.is_some())
}

/// What `Y` copies.
pub fn json(app: &mut App) -> Option<String> {
    prepare(app);
    let shown = app.detail().current().and_then(|page| page.json.clone());
    shown.or_else(|| pages::entity_json(app))
}

/// Whether a text that is searched for, in lower case, begins in a row.
pub fn holds(app: &App, row: &Row, needle: &str) -> bool {
    let account = app.account();
    row.holds(needle, |kind, at| {
        filter::name(account, kind, at as usize).to_owned()
    })
}

impl App {
    /// Fits list and page to the screen.
    fn fit(&mut self, regions: &Regions) {
        if let Some(area) = regions.list {
            let height = match self.screen() {
                Screen::Lists => list::height(area),
                Screen::WhoCan => who::height(area),
            };
            self.resize_list(height);
        }
        if let Some(area) = regions.detail {
            let (width, height) = detail::page_size(self, area);
            self.make_page(width, height, pages::page);
        }
    }
}

/// The style of a tone.
fn style(theme: &Theme, tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Dim => theme.dim,
        Tone::Strong => theme.strong,
        Tone::Link => theme.accent,
        Tone::Good | Tone::Added => theme.good,
        Tone::Warning => theme.warning,
        Tone::Bad | Tone::Removed => theme.bad,
        Tone::Sentence => theme.sentence,
    }
}

/// Writes a text, cut at the width with a mark that something is missing. Returns the columns
/// used.
fn put(buffer: &mut Buffer, area: Rect, text: &str, style: Style, more: &str) -> u16 {
    use unicode_width::UnicodeWidthStr;
    if area.width == 0 || area.height == 0 {
        return 0;
    }
    let room = usize::from(area.width);
    if text.width() <= room {
        let (x, _) = buffer.set_stringn(area.x, area.y, text, room, style);
        return x - area.x;
    }
    let (x, _) = buffer.set_stringn(
        area.x,
        area.y,
        text,
        room.saturating_sub(more.width()),
        style,
    );
    let (x, _) = buffer.set_stringn(x, area.y, more, more.width(), style);
    x - area.x
}

/// Lays a style over a line.
fn tint(buffer: &mut Buffer, area: Rect, style: Style) {
    buffer.set_style(area, style);
}
