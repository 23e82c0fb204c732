//! The app: its state, and how a message changes it.

use ratatui::Frame;

use super::{Effect, Msg, Now};

/// What the app must know at its start.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the source is called.
    pub label: String,
    /// Whether the source may write.
    pub read_only: bool,
    /// Whether the source is a live account, so that refreshing makes sense.
    pub live: bool,
}

/// The whole state of the interface.
#[derive(Debug)]
pub struct App {
    dirty: bool,
}

impl App {
    /// The app at its start, and what is to be done first.
    pub fn new(_setup: Setup) -> (Self, Vec<Effect>) {
        (Self { dirty: true }, Vec::new())
    }

    /// Takes one message in.
    pub fn update(&mut self, _msg: Msg, _now: Now) -> Vec<Effect> {
        Vec::new()
    }

    /// Draws a frame, and counts as clean afterwards.
    pub fn draw(&mut self, _frame: &mut Frame<'_>) {
        self.dirty = false;
    }

    /// Whether something changed since the last frame.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }
}
