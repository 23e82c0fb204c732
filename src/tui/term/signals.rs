//! What the system tells the program.
//!
//! `SIGTSTP` is not caught: its default action stops the program, and the kernel spares a program
//! that nobody could wake again. So ctrl-z gives the terminal back and then sends that signal to
//! the whole group, and whoever stops the program from outside gets the terminal as it is;
//! `SIGCONT` takes it again in either case.

use std::future::poll_fn;
use std::io;
use std::task::Poll;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// One signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromSystem {
    /// The terminal has another size.
    Resize,
    /// The program was stopped and goes on.
    Continued,
    /// The program is to end, with this exit code.
    End(u8),
}

/// The signals that we listen to.
#[derive(Debug)]
pub struct Signals {
    streams: Vec<(Signal, FromSystem)>,
}

impl Signals {
    /// Listens from now on, instead of what the system does by itself.
    ///
    /// # Errors
    /// Those of the system.
    pub fn listen() -> io::Result<Self> {
        let streams = [
            (SignalKind::terminate(), end_by(Number::TERM)),
            (SignalKind::hangup(), end_by(Number::HUP)),
            (SignalKind::interrupt(), end_by(Number::INT)),
            (SignalKind::quit(), end_by(Number::QUIT)),
            (
                SignalKind::from_raw(Number::CONT.as_raw()),
                FromSystem::Continued,
            ),
            (SignalKind::window_change(), FromSystem::Resize),
        ]
        .into_iter()
        .map(|(kind, means)| Ok((signal(kind)?, means)))
        .collect::<io::Result<_>>()?;
        Ok(Self { streams })
    }

    /// The next signal; those that end the program come first.
    pub async fn next(&mut self) -> FromSystem {
        poll_fn(|context| {
            for (stream, means) in &mut self.streams {
                if stream.poll_recv(context).is_ready() {
                    return Poll::Ready(*means);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// What a shell reports for a program that a signal ended.
fn end_by(signal: Number) -> FromSystem {
    FromSystem::End(exit_code(signal))
}

/// 128 and the signal's number.
pub fn exit_code(signal: Number) -> u8 {
    u8::try_from(128 + signal.as_raw()).unwrap_or(u8::MAX)
}

/// The exit code where the terminal has gone, with a signal or without.
pub fn hang_up() -> u8 {
    exit_code(Number::HUP)
}
