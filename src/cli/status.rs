//! The progress on standard error: one line that changes where that is a terminal, a few lines
//! elsewhere.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::output;

/// The wait between two changes of the line on a terminal, and between two lines elsewhere.
const ON_TERMINAL: Duration = Duration::from_millis(100);
const ELSEWHERE: Duration = Duration::from_secs(10);

/// The longest line that changes: one that wraps could not be taken back.
const WIDTH: usize = 79;

pub(super) struct Status {
    terminal: bool,
    last: Cell<Option<Instant>>,
    shown: Cell<bool>,
}

impl Status {
    pub fn new() -> Self {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        Self {
            terminal: io::stderr().is_terminal() && !dumb,
            last: Cell::new(None),
            shown: Cell::new(false),
        }
    }

    /// Says how far things are; not every time, since that would be too often.
    pub fn progress(&self, text: impl FnOnce() -> String) {
        let wait = if self.terminal {
            ON_TERMINAL
        } else {
            ELSEWHERE
        };
        let first = Instant::now();
        if self.last.get().is_some_and(|last| first - last < wait) {
            return;
        }
        // Elsewhere the first news comes only when things take long.
        let quiet = !self.terminal && self.last.get().is_none();
        self.last.set(Some(first));
        if quiet {
            return;
        }
        let text = text();
        if self.terminal {
            let text: String = text.chars().take(WIDTH).collect();
            self.raw(&format!("\r\x1b[K{text}"));
            self.shown.set(true);
        } else {
            self.raw(&format!("{text}\n"));
        }
    }

    /// Says something that stays.
    pub fn line(&self, text: &str) {
        self.clear();
        // Nobody can be told where standard error is gone.
        drop(output::note(text));
    }

    /// Takes the line that changes away.
    pub fn clear(&self) {
        if self.shown.replace(false) {
            self.raw("\r\x1b[K");
        }
    }

    fn raw(&self, text: &str) {
        let mut err = io::stderr().lock();
        // As above.
        drop(err.write_all(text.as_bytes()).and_then(|()| err.flush()));
    }
}

impl Drop for Status {
    fn drop(&mut self) {
        self.clear();
    }
}
