//! The thread that waits for keys.
//!
//! It waits in `poll(2)`, without a time-out, for bytes and for the end of the terminal: nothing
//! wakes while nobody types, and a terminal that vanishes without a signal is noticed at once.
//! After that nothing is read any more, since a read of a terminal that has gone returns at once,
//! for ever. The thread blocks nowhere else, so that it can be stopped at any time.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::UnboundedSender;

use super::keys::{Parser, Typed};
use super::tty::Tty;

/// How long the rest of a sequence may take.
const REST_OF_SEQUENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// What comes from the terminal.
#[derive(Debug, PartialEq, Eq)]
pub enum FromTerminal {
    /// A key or a paste.
    Typed(Typed),
    /// The terminal has gone. Nothing follows.
    HangUp,
}

/// The thread; dropping this stops it.
#[derive(Debug)]
pub struct Input {
    tty: Arc<Tty>,
    to: UnboundedSender<FromTerminal>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    /// The thread ends when the other end of its pipe is closed.
    alive: PipeWriter,
    thread: JoinHandle<()>,
}

impl Input {
    /// Begins to read keys.
    ///
    /// # Errors
    /// Where the system has no pipe or thread to give.
    pub fn start(tty: Arc<Tty>, to: UnboundedSender<FromTerminal>) -> io::Result<Self> {
        let mut input = Self {
            tty,
            to,
            running: None,
        };
        input.resume()?;
        Ok(input)
    }

    /// Leaves the terminal's bytes to others. When this returns, nothing is read any more.
    pub fn pause(&mut self) {
        if let Some(Running { alive, thread }) = self.running.take() {
            drop(alive);
            // A thread that panicked has ended the program by then.
            drop(thread.join());
        }
    }

    /// Reads keys again.
    ///
    /// # Errors
    /// As for [`Input::start`].
    pub fn resume(&mut self) -> io::Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let (stop, alive) = io::pipe()?;
        let (tty, to) = (Arc::clone(&self.tty), self.to.clone());
        let thread = std::thread::Builder::new()
            .name("keys".into())
            .spawn(move || Reader::new(to).run(tty.input(), &stop))?;
        self.running = Some(Running { alive, thread });
        Ok(())
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.pause();
    }
}

/// Why the thread stops.
enum End {
    Stopped,
    HangUp,
}

struct Reader {
    parser: Parser,
    typed: Vec<Typed>,
    to: UnboundedSender<FromTerminal>,
}

impl Reader {
    fn new(to: UnboundedSender<FromTerminal>) -> Self {
        Self {
            parser: Parser::default(),
            typed: Vec::new(),
            to,
        }
    }

    fn run(mut self, input: BorrowedFd<'_>, stop: &PipeReader) {
        loop {
            match self.turn(input, stop.as_fd()) {
                Ok(None) => {}
                Ok(Some(End::Stopped)) => return,
                // Whatever the error is, there will be no more keys.
                Ok(Some(End::HangUp)) | Err(_) => {
                    drop(self.to.send(FromTerminal::HangUp));
                    return;
                }
            }
        }
    }

    fn turn(&mut self, input: BorrowedFd<'_>, stop: BorrowedFd<'_>) -> io::Result<Option<End>> {
        let mut fds = [
            PollFd::from_borrowed_fd(input, PollFlags::IN),
            PollFd::from_borrowed_fd(stop, PollFlags::IN),
        ];
        let timeout = self.parser.is_waiting().then_some(&REST_OF_SEQUENCE);
        let ready = match poll(&mut fds, timeout) {
            Err(Errno::INTR) => return Ok(None),
            ready => ready?,
        };
        let [input_is, stop_is] = fds.map(|fd| fd.revents());
        if !stop_is.is_empty() {
            return Ok(Some(End::Stopped));
        }
        if ready == 0 {
            self.parser.give_up(&mut self.typed);
        } else if input_is.contains(PollFlags::IN) {
            self.read(input)?;
        }
        for typed in self.typed.drain(..) {
            if self.to.send(FromTerminal::Typed(typed)).is_err() {
                return Ok(Some(End::Stopped));
            }
        }
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        Ok(input_is.intersects(gone).then_some(End::HangUp))
    }

    fn read(&mut self, input: BorrowedFd<'_>) -> io::Result<()> {
        let mut bytes = [0; 4096];
        let count = match rustix::io::read(input, &mut bytes) {
            Err(Errno::INTR | Errno::AGAIN) => return Ok(()),
            count => count?,
        };
        // A terminal hands out at most 4095 bytes at once.
        let more = count >= bytes.len() - 1;
        let bytes = bytes.get(..count).unwrap_or_default();
        self.parser.feed(bytes, more, &mut self.typed);
        Ok(())
    }
}
