//! The screen: one frame is one write.
//!
//! A frame is drawn into memory, guarded, compared with the last one, turned into bytes and sent
//! in a single `write(2)`, as a synchronized update that the terminal shows at once. A frame that
//! changes nothing sends nothing.

use std::io;
use std::sync::Arc;

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
    terminal: Terminal<Painter>,
    guard: Guard,
    /// The bytes of a frame; kept for its memory.
    frame: Vec<u8>,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// Those of the system.
    pub fn take(tty: Arc<Tty>, capabilities: &Capabilities) -> io::Result<Self> {
        let terminal = Terminal::new(Painter::new(tty.size()))?;
        tty.take()?;
        Ok(Self {
            tty,
            terminal,
            guard: Guard::new(capabilities),
            frame: Vec::new(),
        })
    }

    /// Draws a frame and sends what changed.
    ///
    /// # Errors
    /// Those of `write(2)`.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let size = self.tty.size();
        self.terminal.backend_mut().set_size(size);
        let guard = self.guard;
        self.terminal.draw(|frame| {
            view(frame);
            guard.apply(frame.buffer_mut());
        })?;
        let painted = self.terminal.backend_mut().painted();
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
        self.terminal.backend_mut().forget();
        self.terminal.clear()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        tty::give_back();
    }
}
