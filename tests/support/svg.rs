//! A screen as an SVG picture, which any browser draws with the monospace font that it has.
//!
//! Text stands in runs of one style, each as wide as its cells whatever the font; what is drawn
//! with lines in a terminal is drawn with lines here. No scripts, no fonts, nothing from outside.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// The size of a cell, of the letters in it, and of the border around the screen, in pixels.
const WIDTH: u16 = 9;
const HEIGHT: u16 = 19;
const LETTERS: u16 = 15;
const BORDER: u16 = 14;

/// Where letters stand, from the top of their cell.
const BASELINE: u16 = 14;

/// The terminal's own colours: letters, and what lies behind them.
const INK: &str = "#d4d8de";
const PAPER: &str = "#1b1f27";

/// Draws a screen.
pub fn draw(buffer: &Buffer, title: &str) -> String {
    let (width, height) = (buffer.area.width * WIDTH, buffer.area.height * HEIGHT);
    let (whole_width, whole_height) = (width + 2 * BORDER, height + 2 * BORDER);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole_width}\" \
         height=\"{whole_height}\" viewBox=\"-{BORDER} -{BORDER} {whole_width} {whole_height}\">\n\
         <title>{}</title>\n\
         <rect x=\"-{BORDER}\" y=\"-{BORDER}\" width=\"{whole_width}\" height=\"{whole_height}\" \
         rx=\"8\" fill=\"{PAPER}\"/>\n\
         <g font-size=\"{LETTERS}\" font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, \
         DejaVu Sans Mono, monospace\">\n",
        escaped(title)
    );
    for y in 0..buffer.area.height {
        for run in runs(buffer, y) {
            run.draw(&mut svg, y * HEIGHT);
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// How a run of cells looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    ink: &'static str,
    paper: &'static str,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (mut ink, mut paper) = (colour(cell.fg, INK), colour(cell.bg, PAPER));
        if cell.modifier.contains(Modifier::REVERSED) {
            (ink, paper) = (paper, ink);
        }
        Self {
            ink,
            paper,
            modifier: cell.modifier - Modifier::REVERSED,
        }
    }

    /// The attributes of a text that looks like this.
    fn attributes(self) -> String {
        let mut attributes = format!(" fill=\"{}\"", self.ink);
        for (modifier, attribute) in [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::ITALIC, " font-style=\"italic\""),
            (Modifier::DIM, " opacity=\"0.6\""),
        ] {
            if self.modifier.contains(modifier) {
                attributes.push_str(attribute);
            }
        }
        attributes
    }
}

/// Cells of one look that stand side by side.
struct Run<'a> {
    /// The first column.
    x: u16,
    /// The number of columns.
    columns: u16,
    /// The symbol of the first cell.
    first: &'a str,
    text: String,
    look: Look,
}

/// The runs of a row. Plain letters go together, and so does a line; every other symbol is a run
/// of its own, since the font that has it may give it another width.
fn runs(buffer: &Buffer, y: u16) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        let (symbol, look) = (cell.symbol(), Look::of(cell));
        let columns = u16::try_from(symbol.width()).unwrap_or(1).max(1);
        match runs.last_mut() {
            Some(run) if run.look == look && run.takes(symbol) => {
                run.text.push_str(symbol);
                run.columns += columns;
            }
            _ => runs.push(Run {
                x,
                columns,
                first: symbol,
                text: symbol.to_owned(),
                look,
            }),
        }
        x += columns;
    }
    runs
}

impl Run<'_> {
    fn takes(&self, symbol: &str) -> bool {
        (self.text.is_ascii() && symbol.is_ascii()) || (symbol == "─" && self.first == "─")
    }

    fn draw(&self, svg: &mut String, top: u16) {
        let (left, width) = (self.x * WIDTH, self.columns * WIDTH);
        let Look { ink, paper, .. } = self.look;
        if paper != PAPER {
            let _ = writeln!(
                svg,
                "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{HEIGHT}\" \
                 fill=\"{paper}\"/>"
            );
        }
        let attributes = self.look.attributes();
        if let Some((path, thickness)) = lines(self.first, left, top, width) {
            let _ = writeln!(
                svg,
                "<path d=\"{path}\" stroke=\"{ink}\" stroke-width=\"{thickness}\"{attributes}/>"
            );
        } else {
            self.draw_words(svg, top, &attributes);
        }
        if self.look.modifier.contains(Modifier::UNDERLINED) {
            let y = f32::from(top + BASELINE) + 2.5;
            let _ = writeln!(svg, "<path d=\"M{left} {y}h{width}\" stroke=\"{ink}\"/>");
        }
    }

    /// Writes the words where they stand: what becomes of spaces in a row is not sure everywhere.
    fn draw_words(&self, svg: &mut String, top: u16, attributes: &str) {
        let y = top + BASELINE;
        let mut column = usize::from(self.x);
        for part in self.text.split("  ") {
            let words = part.trim();
            if !words.is_empty() {
                let indent = part.len() - part.trim_start().len();
                let x = (column + indent) * usize::from(WIDTH);
                let width = words.width() * usize::from(WIDTH);
                let _ = writeln!(
                    svg,
                    "<text x=\"{x}\" y=\"{y}\" textLength=\"{width}\" \
                     lengthAdjust=\"spacingAndGlyphs\"{attributes}>{}</text>",
                    escaped(words)
                );
            }
            column += part.width() + 2;
        }
    }
}

/// What a symbol for lines draws, from edge to edge, and how thick.
fn lines(symbol: &str, left: u16, top: u16, width: u16) -> Option<(String, u16)> {
    let x = f32::from(left) + f32::from(WIDTH) / 2.0;
    let y = f32::from(top) + f32::from(HEIGHT) / 2.0;
    let half = f32::from(HEIGHT) / 2.0;
    let across = format!("M{left} {y}h{width}");
    Some(match symbol {
        "─" => (across, 1),
        "│" => (format!("M{x} {top}v{HEIGHT}"), 1),
        "┃" => (format!("M{x} {top}v{HEIGHT}"), 3),
        "┬" => (format!("{across}M{x} {y}v{half}"), 1),
        "┴" => (format!("{across}M{x} {top}v{half}"), 1),
        _ => return None,
    })
}

/// The sixteen colours of a terminal, as many have them today.
fn colour(colour: Color, own: &'static str) -> &'static str {
    match colour {
        Color::Black => "#2e3440",
        Color::Red => "#e06c75",
        Color::Green => "#98c379",
        Color::Yellow => "#e5c07b",
        Color::Blue => "#61afef",
        Color::Magenta => "#c678dd",
        Color::Cyan => "#56b6c2",
        Color::Gray => "#abb2bf",
        Color::DarkGray => "#7f848e",
        Color::LightRed => "#ff8b92",
        Color::LightGreen => "#b5e08f",
        Color::LightYellow => "#ffdb9a",
        Color::LightBlue => "#8cc8ff",
        Color::LightMagenta => "#e0a3f2",
        Color::LightCyan => "#7fd5e0",
        Color::White => "#ffffff",
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => own,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
