//! A frame into bytes, as few as will do.
//!
//! The painter knows what the terminal shows, where its cursor stands and which style is on. So
//! it sends only what differs, and that in the shortest way: relative moves, the sixteen colours
//! by their short codes, the rest of a line erased rather than overwritten. It never writes to
//! the terminal and never changes a symbol.

use std::io::Write;

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Size};

use super::pen::Pen;

/// From this many blanks on, erasing and stepping over is shorter than printing them.
const ERASE_FROM: u16 = 10;

/// Up to this many cells, printing them once more is shorter than stepping over them.
const STEP: usize = 3;

/// What the terminal shows, and how to make it show something else.
#[derive(Debug)]
pub struct Painter {
    bytes: Vec<u8>,
    size: Size,
    /// Every cell of the terminal, row by row; nothing where it is not certain. The right half
    /// of a wide symbol is an empty one.
    shown: Vec<Option<Cell>>,
    pen: Pen,
    /// Where the cursor stands, where that is certain.
    at: Option<Position>,
    /// Whether the cursor is seen.
    cursor: bool,
}

impl Painter {
    /// A painter for a terminal of this size, which is blank and shows no cursor.
    pub fn new(size: Size) -> Self {
        let mut painter = Self {
            bytes: Vec::new(),
            size,
            shown: Vec::new(),
            pen: Pen::PLAIN,
            at: None,
            cursor: false,
        };
        painter.blank_all();
        painter
    }

    /// Makes the terminal show a frame.
    pub fn paint(&mut self, frame: &Buffer) {
        if frame.area.as_size() != self.size {
            // Terminals move what they show when their size changes, each in its own way.
            self.size = frame.area.as_size();
            self.blank_all();
            self.bytes.extend_from_slice(b"\x1b[2J");
        }
        let width = usize::from(self.size.width).max(1);
        for (row, y) in frame.content.chunks_exact(width).zip(0..) {
            self.row(row, y);
        }
        self.restyle(Pen::PLAIN);
    }

    /// Shows the cursor at a place, or hides it. This ends a frame.
    pub fn put_cursor(&mut self, cursor: Option<Position>) {
        match cursor {
            Some(to) => {
                self.move_to(to.x, to.y, &[]);
                if !self.cursor {
                    self.bytes.extend_from_slice(b"\x1b[?25h");
                }
            }
            None if self.cursor => self.bytes.extend_from_slice(b"\x1b[?25l"),
            None => {}
        }
        self.cursor = cursor.is_some();
    }

    /// What it takes so far; the caller empties it.
    pub fn painted(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    fn blank_all(&mut self) {
        let cells = usize::from(self.size.width) * usize::from(self.size.height);
        self.shown.clear();
        self.shown.resize(cells, Some(Cell::EMPTY));
        self.at = None;
    }

    fn row(&mut self, row: &[Cell], y: u16) {
        let mut x = 0;
        while let Some(cell) = at(row, x) {
            let width = cell.cell_width().max(1);
            if self.shows(x, y, cell, width) {
                x += width;
            } else if is_blank(cell) {
                x = self.blanks(row, x, y);
            } else {
                self.print(row, x, y, cell, width);
                x += width;
            }
        }
    }

    fn index(&self, x: u16, y: u16) -> usize {
        usize::from(y) * usize::from(self.size.width) + usize::from(x)
    }

    fn shown(&self, x: u16, y: u16) -> Option<&Cell> {
        self.shown.get(self.index(x, y))?.as_ref()
    }

    fn shows(&self, x: u16, y: u16, cell: &Cell, width: u16) -> bool {
        let is_shown = match self.shown(x, y) {
            // Some styles do not show on a space.
            Some(shown) if is_blank(shown) => is_blank(cell),
            shown => shown == Some(cell),
        };
        is_shown && (width < 2 || self.shown(x + 1, y).is_some_and(|c| c.symbol().is_empty()))
    }

    /// Notes what a column shows now. What it cuts a half off is not certain any more.
    fn note(&mut self, x: u16, y: u16, cell: Cell) {
        let index = self.index(x, y);
        let is_right_half = |cell: &Cell| cell.symbol().is_empty();
        if x + 1 < self.size.width && self.shown(x + 1, y).is_some_and(is_right_half) {
            self.forget(index + 1);
        }
        if x > 0 && !is_right_half(&cell) && self.shown(x, y).is_some_and(is_right_half) {
            self.forget(index - 1);
        }
        if let Some(shown) = self.shown.get_mut(index) {
            *shown = Some(cell);
        }
    }

    fn forget(&mut self, index: usize) {
        if let Some(shown) = self.shown.get_mut(index) {
            *shown = None;
        }
    }

    fn print(&mut self, row: &[Cell], x: u16, y: u16, cell: &Cell, width: u16) {
        self.move_to(x, y, row);
        self.restyle(Pen::of(cell));
        let symbol = cell.symbol();
        let certain = has_certain_width(symbol);
        if width > 1 && !certain {
            // Where a terminal takes it for a narrow one, nothing old shall stand beside it.
            self.bytes.extend_from_slice(b"  ");
            self.at = None;
            self.move_to(x, y, row);
        }
        self.bytes.extend_from_slice(symbol.as_bytes());
        let right = x.saturating_add(width);
        // Behind the last column the cursor is between two rows.
        self.at = (certain && right < self.size.width).then_some(Position::new(right, y));
        self.note(x, y, cell.clone());
        if width > 1 && x + 1 < self.size.width {
            self.note(x + 1, y, Cell::new(""));
        }
    }

    /// Blanks what is to be blank from here on, and returns where that ends.
    fn blanks(&mut self, row: &[Cell], x: u16, y: u16) -> u16 {
        let mut end = x;
        let mut changed = x;
        while let Some(cell) = at(row, end).filter(|cell| is_blank(cell)) {
            end += 1;
            if !self.shows(end - 1, y, cell, 1) {
                changed = end;
            }
        }
        self.move_to(x, y, row);
        if !self.pen.is_plain_on_blank() {
            self.restyle(Pen::PLAIN);
        }
        let width = changed - x;
        if end >= self.size.width && width > 3 {
            self.bytes.extend_from_slice(b"\x1b[K");
        } else if width >= ERASE_FROM {
            self.control(width, b'X');
        } else {
            self.bytes
                .resize(self.bytes.len() + usize::from(width), b' ');
            self.at = (changed < self.size.width).then_some(Position::new(changed, y));
        }
        for x in x..changed {
            self.note(x, y, Cell::EMPTY);
        }
        changed
    }

    /// Moves the cursor; `row` holds the cells of the row it goes to.
    fn move_to(&mut self, x: u16, y: u16, row: &[Cell]) {
        let to = Position::new(x, y);
        match self.at {
            Some(at) if at == to => {}
            Some(at) if at.y == y && at.x < x => {
                if !self.step_over(row, at.x, x) {
                    self.control(x - at.x, b'C');
                }
            }
            Some(at) if x == 0 && at.y.checked_add(1) == Some(y) => {
                self.bytes.extend_from_slice(b"\r\n");
            }
            Some(at) if x == at.x && at.y < y => self.control(y - at.y, b'B'),
            _ => self.put(format_args!(
                "\x1b[{};{}H",
                u32::from(y) + 1,
                u32::from(x) + 1
            )),
        }
        self.at = Some(to);
    }

    /// Passes a few cells by printing once more what they show, where that is shorter than a
    /// move.
    fn step_over(&mut self, row: &[Cell], from: u16, to: u16) -> bool {
        let cells = row
            .get(usize::from(from)..usize::from(to))
            .unwrap_or_default();
        let pen = self.pen;
        let fits = |cell: &Cell| {
            let blank = is_blank(cell) && pen.is_plain_on_blank();
            cell.symbol().len() == 1 && (blank || Pen::of(cell) == pen)
        };
        let short = (1..=STEP).contains(&cells.len()) && cells.iter().all(fits);
        if short {
            let symbols = cells.iter().flat_map(|cell| cell.symbol().bytes());
            self.bytes.extend(symbols);
        }
        short
    }

    /// A control sequence with a count, which is left out where it is one.
    fn control(&mut self, count: u16, end: u8) {
        if count == 1 {
            self.bytes.extend_from_slice(&[0x1b, b'[', end]);
        } else {
            self.put(format_args!("\x1b[{count}{}", char::from(end)));
        }
    }

    fn restyle(&mut self, to: Pen) {
        self.pen.change(to, &mut self.bytes);
        self.pen = to;
    }

    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing into memory cannot fail.
        drop(self.bytes.write_fmt(what));
    }
}

/// Whether every terminal agrees about how many columns a symbol takes.
fn has_certain_width(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let first = chars.next();
    chars.next().is_none()
        && first.is_some_and(|c| matches!(c, ' '..='\u{2ff}' | '\u{370}'..='\u{52f}' | '\u{2010}'..='\u{22ff}' | '\u{2500}'..='\u{259f}' | '\u{2800}'..='\u{28ff}'))
}

/// Whether a cell shows nothing at all.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && Pen::of(cell).is_plain_on_blank()
}

fn at(row: &[Cell], x: u16) -> Option<&Cell> {
    row.get(usize::from(x))
}

#[cfg(test)]
mod tests;
