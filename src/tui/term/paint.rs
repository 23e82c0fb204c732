//! Changed cells into bytes, as few as will do.
//!
//! The painter is what ratatui draws on. It holds its bytes until the frame is done and knows
//! where the cursor stands and which style is on, so that it moves, restyles and blanks in the
//! shortest way: relative moves, the sixteen colours by their short codes, the rest of a line
//! erased rather than overwritten. It never writes to the terminal and never changes a symbol.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

/// From this many blanks on, erasing and stepping over is shorter than printing them.
const ERASE_FROM: u16 = 10;

/// What shows on a cell that holds a space.
pub(super) const SHOWS_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// The parameters that switch each modifier on.
const MODIFIERS: [(Modifier, &str); 9] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::SLOW_BLINK, "5"),
    (Modifier::RAPID_BLINK, "6"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

/// How what is printed looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// Whether a space in this style looks like one without any.
    fn is_plain_on_blank(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(SHOWS_ON_BLANK)
    }
}

/// Cells of a row that are to be blank.
#[derive(Debug, Clone, Copy)]
struct Blanks {
    x: u16,
    y: u16,
    width: u16,
}

/// The backend of the screen.
#[derive(Debug)]
pub struct Painter {
    bytes: Vec<u8>,
    size: Size,
    pen: Pen,
    /// Where the terminal's cursor stands, where that is certain.
    at: Option<Position>,
    shown: bool,
    /// Whether the cursor is to be seen when the frame is done, and where.
    show: bool,
    rest: Position,
}

impl Painter {
    /// A painter for a screen of this size, blank and without a cursor.
    pub fn new(size: Size) -> Self {
        Self {
            bytes: Vec::new(),
            size,
            pen: Pen::PLAIN,
            at: None,
            shown: false,
            show: false,
            rest: Position::ORIGIN,
        }
    }

    /// The size that the next frame shall have.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
    }

    /// What the last frame came to; the caller empties it.
    pub fn painted(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Others have used the terminal: nothing is certain but that it was just taken.
    pub fn forget(&mut self) {
        *self = Self::new(self.size);
    }

    fn print(&mut self, x: u16, y: u16, cell: &Cell) {
        self.move_to(x, y);
        self.restyle(Pen::of(cell));
        let symbol = cell.symbol();
        self.bytes.extend_from_slice(symbol.as_bytes());
        let right = x.saturating_add(cell.cell_width().max(1));
        // Terminals disagree about the width of the rarer symbols; and behind the last column
        // the cursor is in between two rows.
        self.at = (right < self.size.width && has_certain_width(symbol))
            .then_some(Position::new(right, y));
    }

    fn blank(&mut self, Blanks { x, y, width }: Blanks) {
        self.move_to(x, y);
        if !self.pen.is_plain_on_blank() {
            self.restyle(Pen::PLAIN);
        }
        let right = x.saturating_add(width);
        if right >= self.size.width {
            self.bytes.extend_from_slice(b"\x1b[K");
        } else if width >= ERASE_FROM {
            self.control(width, b'X');
        } else {
            self.bytes
                .resize(self.bytes.len() + usize::from(width), b' ');
            self.at = Some(Position::new(right, y));
        }
    }

    fn move_to(&mut self, x: u16, y: u16) {
        let to = Position::new(x, y);
        match self.at {
            Some(at) if at == to => {}
            Some(at) if at.y == y && at.x < x => self.control(x - at.x, b'C'),
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

    /// A control sequence with a count, which is left out where it is one.
    fn control(&mut self, count: u16, end: u8) {
        if count == 1 {
            self.bytes.extend_from_slice(&[0x1b, b'[', end]);
        } else {
            self.put(format_args!("\x1b[{count}{}", char::from(end)));
        }
    }

    fn restyle(&mut self, to: Pen) {
        if to == self.pen {
            return;
        }
        // What is on can only be switched off as a whole in one short way.
        let from = if to == Pen::PLAIN || !(self.pen.modifier - to.modifier).is_empty() {
            self.bytes.extend_from_slice(b"\x1b[");
            if to != Pen::PLAIN {
                self.bytes.extend_from_slice(b"0;");
            }
            Pen::PLAIN
        } else {
            self.bytes.extend_from_slice(b"\x1b[");
            self.pen
        };
        let added = to.modifier - from.modifier;
        for (modifier, parameter) in MODIFIERS {
            if added.contains(modifier) {
                self.put(format_args!("{parameter};"));
            }
        }
        if to.fg != from.fg {
            self.colour(to.fg, 30);
        }
        if to.bg != from.bg {
            self.colour(to.bg, 40);
        }
        // Every parameter brought a semicolon; the last one gives way to the end.
        if self.bytes.last() == Some(&b';') {
            self.bytes.pop();
        }
        self.bytes.push(b'm');
        self.pen = to;
    }

    /// The parameters of a colour; `base` is 30 for the letters and 40 for the ground.
    fn colour(&mut self, colour: Color, base: u8) {
        let short = match colour {
            Color::Reset => 9,
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 60,
            Color::LightRed => 61,
            Color::LightGreen => 62,
            Color::LightYellow => 63,
            Color::LightBlue => 64,
            Color::LightMagenta => 65,
            Color::LightCyan => 66,
            Color::White => 67,
            Color::Indexed(index) => return self.put(format_args!("{};5;{index};", base + 8)),
            Color::Rgb(r, g, b) => return self.put(format_args!("{};2;{r};{g};{b};", base + 8)),
        };
        self.put(format_args!("{};", base + short));
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

impl Backend for Painter {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut blanks: Option<Blanks> = None;
        for (x, y, cell) in content {
            if cell.symbol() == " " && Pen::of(cell).is_plain_on_blank() {
                match &mut blanks {
                    Some(run) if run.y == y && run.x.saturating_add(run.width) == x => {
                        run.width += 1;
                    }
                    _ => {
                        let run = blanks.replace(Blanks { x, y, width: 1 });
                        run.into_iter().for_each(|run| self.blank(run));
                    }
                }
                continue;
            }
            if let Some(run) = blanks.take() {
                self.blank(run);
            }
            self.print(x, y, cell);
        }
        if let Some(run) = blanks {
            self.blank(run);
        }
        self.restyle(Pen::PLAIN);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.show = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.show = true;
        Ok(())
    }

    /// Where the cursor was put last; the terminal is not asked.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.rest)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.rest = position.into();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.restyle(Pen::PLAIN);
        let erase: &[u8] = match region {
            // What is in the frame so far would be wiped out again.
            ClearType::All => {
                self.bytes.clear();
                self.at = None;
                b"\x1b[m\x1b[2J"
            }
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        };
        self.bytes.extend_from_slice(erase);
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::ZERO,
        })
    }

    /// The end of a frame: the cursor goes where it shall rest.
    fn flush(&mut self) -> io::Result<()> {
        if self.show {
            self.move_to(self.rest.x, self.rest.y);
        }
        if self.show != self.shown {
            self.shown = self.show;
            self.bytes.extend_from_slice(if self.show {
                b"\x1b[?25h"
            } else {
                b"\x1b[?25l"
            });
        }
        Ok(())
    }
}
