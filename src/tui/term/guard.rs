//! The last look at a frame before it is sent.
//!
//! Views make text from strangers visible where they draw it. The guard makes sure of it: what a
//! view forgot never reaches the terminal raw. It also holds, in one place for all views, what
//! the environment demands: no colours, or plain ASCII only. It never changes the layout.

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::style::{Color, Modifier};

use super::capabilities::Capabilities;
use super::paint::SHOWS_ON_BLANK;
use crate::visible::is_hidden;

/// What stands for a symbol that must not be sent.
const REPLACEMENT: &str = "\u{fffd}";

/// What a frame must keep to.
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    colour: bool,
    utf8: bool,
}

impl Guard {
    /// The guard for a terminal.
    pub fn new(capabilities: &Capabilities) -> Self {
        Self {
            colour: capabilities.colour,
            utf8: capabilities.utf8,
        }
    }

    /// Makes every cell of a frame fit to be sent.
    pub fn apply(self, buffer: &mut Buffer) {
        let width = usize::from(buffer.area.width).max(1);
        for (index, cell) in buffer.content.iter_mut().enumerate() {
            let room = width - index % width;
            self.cell(cell, room);
        }
    }

    /// `room` is the number of columns from this cell to the end of its row.
    fn cell(self, cell: &mut Cell, room: usize) {
        if !self.colour {
            cell.fg = Color::Reset;
            cell.bg = Color::Reset;
        }
        match *cell.symbol().as_bytes() {
            // What does not show on a space would only make cells differ.
            [b' '] => {
                if !cell.modifier.intersects(SHOWS_ON_BLANK) {
                    cell.fg = Color::Reset;
                    cell.modifier = Modifier::empty();
                }
            }
            [0x21..=0x7e] => {}
            _ => {
                let symbol = cell.symbol();
                if !is_safe(symbol, usize::from(cell.cell_width()), room) {
                    let replacement = if self.utf8 { REPLACEMENT } else { "?" };
                    cell.set_symbol(replacement);
                } else if !self.utf8 {
                    let plain = ascii(symbol);
                    cell.set_char(plain);
                }
            }
        }
    }
}

/// Whether a symbol does nothing but show, in the room that there is.
fn is_safe(symbol: &str, width: usize, room: usize) -> bool {
    (1..=room.min(2)).contains(&width) && !symbol.chars().any(is_hidden)
}

/// The ASCII character that comes nearest to a symbol.
fn ascii(symbol: &str) -> char {
    match symbol.chars().next().unwrap_or(' ') {
        c @ ' '..='~' => c,
        '\u{a0}' => ' ',
        '│' | '┃' | '║' | '╎' | '┆' | '┊' | '▏' | '▕' => '|',
        '─' | '━' | '═' | '╌' | '┄' | '┈' | '–' | '—' | '‐' | '−' => '-',
        '\u{250c}'..='\u{254b}' | '\u{2552}'..='\u{2570}' => '+',
        '▸' | '▶' | '›' | '»' | '→' | '❯' | '▷' => '>',
        '◂' | '◀' | '‹' | '«' | '←' => '<',
        '▴' | '▲' | '↑' => '^',
        '▾' | '▼' | '↓' => 'v',
        '✓' | '✔' => '+',
        '✗' | '✘' | '×' => 'x',
        '…' | '≈' => '~',
        '·' => '.',
        '•' | '●' | '○' | '◆' | '\u{2800}'..='\u{28ff}' => '*',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '\u{2580}'..='\u{2593}' => '#',
        _ => '?',
    }
}
