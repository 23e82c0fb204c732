//! The screen: one frame is one write.
//!
//! A frame is drawn into memory, guarded, compared with what the terminal shows, turned into
//! bytes and sent in a single `write(2)`, as a synchronized update that the terminal shows at
//! once. A frame that changes nothing sends nothing.

use std::io;
use std::sync::Arc;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::{Frame, Terminal};

use super::capabilities::Capabilities;
use super::guard::Guard;
use super::paint::Painter;
use super::tty::{self, Tty};

/// Opens and closes a synchronized update.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// The terminal while it is ours. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct Screen {
    tty: Arc<Tty>,
    canvas: Terminal<Canvas>,
    guard: Guard,
    painter: Painter,
    /// The bytes of a frame; kept for its memory.
    frame: Vec<u8>,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// Those of the system.
    pub fn take(tty: Arc<Tty>, capabilities: &Capabilities) -> io::Result<Self> {
        let size = tty.size();
        let canvas = Terminal::new(Canvas { size, cursor: None })?;
        tty.take()?;
        Ok(Self {
            tty,
            canvas,
            guard: Guard::new(capabilities),
            painter: Painter::new(size),
            frame: Vec::new(),
        })
    }

    /// Draws a frame and sends what changed.
    ///
    /// # Errors
    /// Those of `write(2)`.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.canvas.backend_mut().size = self.tty.size();
        let (guard, painter) = (self.guard, &mut self.painter);
        self.canvas.draw(|frame| {
            view(frame);
            let buffer = frame.buffer_mut();
            guard.apply(buffer);
            painter.paint(buffer);
        })?;
        painter.put_cursor(self.canvas.backend().cursor);
        let painted = painter.painted();
        if painted.is_empty() {
            return Ok(());
        }
        self.frame.clear();
        self.frame.extend_from_slice(BEGIN);
        self.frame.append(painted);
        self.frame.extend_from_slice(END);
        self.tty.write(&self.frame)
    }

    /// Sends a sequence that draws nothing, such as a text for the clipboard.
    ///
    /// # Errors
    /// Those of `write(2)`.
    pub fn send(&self, sequence: &[u8]) -> io::Result<()> {
        self.tty.write(sequence)
    }

    /// Gives the terminal back for a while.
    pub fn leave(&mut self) {
        tty::give_back();
    }

    /// Takes the terminal again; the next frame is drawn from nothing, since others have drawn
    /// on it.
    ///
    /// # Errors
    /// Those of the system.
    pub fn retake(&mut self) -> io::Result<()> {
        self.tty.take()?;
        self.painter = Painter::new(self.tty.size());
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        tty::give_back();
    }
}

/// What ratatui draws on: a size, and a cursor to be placed. The painter does the rest, since it
/// knows what the terminal shows and ratatui only what the last frame was.
#[derive(Debug)]
struct Canvas {
    size: Size,
    cursor: Option<Position>,
}

impl Backend for Canvas {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, _changes: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn clear_region(&mut self, _region: ClearType) -> io::Result<()> {
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

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
