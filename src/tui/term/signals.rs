//! What the system tells the program.
//!
//! `SIGTSTP` is not caught: its default action stops the program, and the kernel spares a program
//! that nobody could wake again. So ctrl-z gives the terminal back and then sends that signal to
//! the whole group, and whoever stops the program from outside gets the terminal as it is;
//! `SIGCONT` takes it again in either case.
//!
//! A terminal that has stalled can hold the program up in the middle of a frame, and a signal
//! that ends the program must end it even then. So a task of its own waits for these signals too,
//! and ends the program itself where the loop does not.

use std::future::poll_fn;
use std::io;
use std::task::Poll;
use std::time::Duration;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::tty;

/// How long the loop may take to end the program in good order.
const GOOD_ORDER: Duration = Duration::from_secs(2);

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
    /// Listens from now on, instead of what the system does by itself. Must be called inside a
    /// runtime.
    ///
    /// # Errors
    /// Those of the system.
    pub fn listen() -> io::Result<Self> {
        tokio::spawn(end_in_any_case(Self::of(&ENDING)?));
        let others = [
            (Number::CONT, FromSystem::Continued),
            (Number::WINCH, FromSystem::Resize),
        ];
        Self::of(&[&ENDING[..], &others[..]].concat())
    }

    fn of(signals: &[(Number, FromSystem)]) -> io::Result<Self> {
        let streams = signals
            .iter()
            .map(|(number, means)| {
                let kind = SignalKind::from_raw(number.as_raw());
                Ok((signal(kind)?, *means))
            })
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

/// The signals that end the program.
const ENDING: [(Number, FromSystem); 4] = [
    (Number::TERM, end_by(Number::TERM)),
    (Number::HUP, end_by(Number::HUP)),
    (Number::INT, end_by(Number::INT)),
    (Number::QUIT, end_by(Number::QUIT)),
];

/// Ends the program a while after a signal that asks for it, if it is still there.
async fn end_in_any_case(mut ending: Signals) {
    if let FromSystem::End(code) = ending.next().await {
        tokio::time::sleep(GOOD_ORDER).await;
        tty::give_back_modes();
        std::process::exit(code.into());
    }
}

/// What a shell reports for a program that a signal ended.
const fn end_by(signal: Number) -> FromSystem {
    FromSystem::End(exit_code(signal))
}

/// 128 and the signal's number.
const fn exit_code(signal: Number) -> u8 {
    // Signals have numbers up to 64.
    128 + signal.as_raw().cast_unsigned().to_le_bytes()[0]
}

/// The exit code where the terminal has gone, with a signal or without.
pub const fn hang_up() -> u8 {
    exit_code(Number::HUP)
}
