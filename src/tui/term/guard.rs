//! The last look at a frame before it is sent.
//!
//! Views make text from strangers visible where they draw it. The guard makes sure of it: what a
//! view forgot never reaches the terminal raw. It also holds, in one place for all views, what
//! the environment demands: no colours, or plain ASCII only. It never changes the layout.

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::style::{Color, Modifier};

use super::capabilities::Capabilities;
use super::pen::SHOWS_ON_BLANK;
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
                if !is_safe(cell, room) {
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

/// Whether a cell's symbol does nothing but show, in the room that there is.
fn is_safe(cell: &Cell, room: usize) -> bool {
    // Of a symbol with controls the width may not even be asked.
    !cell.symbol().chars().any(is_hidden)
        && (1..=room.min(2)).contains(&usize::from(cell.cell_width()))
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

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    const ALL: Guard = Guard {
        colour: true,
        utf8: true,
    };

    /// A row of cells with these symbols, as the guard lets them pass.
    fn passed(guard: Guard, symbols: &[&str]) -> Vec<String> {
        let width = u16::try_from(symbols.len()).unwrap();
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        for (cell, symbol) in buffer.content.iter_mut().zip(symbols) {
            cell.set_symbol(symbol);
        }
        guard.apply(&mut buffer);
        let cells = buffer.content.iter();
        cells.map(|cell| cell.symbol().to_owned()).collect()
    }

    #[test]
    fn nothing_that_steers_or_hides_passes() {
        let hostile = [
            "\x1b",
            "\x1b]0;x\x07",
            "a\x1b[2J",
            "\u{9b}",
            "\u{85}",
            "\n",
            "\t",
            "\0",
            "\x7f",
            "\u{202e}",
            "\u{2066}a",
            "\u{200b}",
            "a\u{200d}",
            "\u{feff}",
            "\u{ad}",
            "\u{e0041}",
            "\u{61c}",
            "\u{2028}",
            "",
            "\u{301}",
            "two words",
        ];
        for symbol in hostile {
            assert_eq!(passed(ALL, &[symbol, "b"]), ["\u{fffd}", "b"], "{symbol:?}");
        }
    }

    #[test]
    fn ordinary_symbols_pass_untouched() {
        let symbols = [
            "a",
            " ",
            "é",
            "e\u{301}",
            "│",
            "✓",
            "א",
            "日",
            " ",
            "❤\u{fe0f}",
            " ",
        ];
        assert_eq!(passed(ALL, &symbols), symbols);
    }

    #[test]
    fn a_wide_symbol_needs_two_columns() {
        assert_eq!(passed(ALL, &["日", " "]), ["日", " "]);
        assert_eq!(passed(ALL, &[" ", "日"]), [" ", "\u{fffd}"]);
    }

    #[test]
    fn without_utf8_there_is_only_ascii() {
        let ascii = Guard { utf8: false, ..ALL };
        let symbols = [
            "│", "─", "┼", "▸", "✓", "✗", "…", "é", "日", " ", "~", "\x1b", "⠋",
        ];
        let expected = [
            "|", "-", "+", ">", "+", "x", "~", "?", "?", " ", "~", "?", "*",
        ];
        assert_eq!(passed(ascii, &symbols), expected);
    }

    #[test]
    fn without_colour_the_modifiers_remain() {
        let grey = Guard {
            colour: false,
            ..ALL
        };
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        buffer.set_string(0, 0, "ab", Style::new().red().on_blue().bold().reversed());
        grey.apply(&mut buffer);
        let cell = &buffer[(0, 0)];
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
        assert_eq!(cell.modifier, Modifier::BOLD | Modifier::REVERSED);
    }

    #[test]
    fn what_does_not_show_on_a_space_makes_no_difference() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        buffer.set_string(0, 0, " ", Style::new().red().bold().dim());
        buffer.set_string(1, 0, " ", Style::new().red().underlined());
        ALL.apply(&mut buffer);
        assert_eq!(buffer[(0, 0)], Cell::EMPTY);
        assert_eq!(buffer[(1, 0)].fg, Color::Red);
    }
}
