//! The program in a real terminal of 120x36, on the demo account: the time to the first readable
//! frame, and what it costs to rest and to hold a key. `cargo bench --bench start`
//!
//! Measured is the wall clock, from before the process is made until the terminal shows the
//! list's first rows; the way through the terminal and its emulator is part of it. Ends with 1
//! where a limit is broken.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench that cannot go on stops"
)]

#[path = "../tests/support/pty.rs"]
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
mod pty;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use pty::{Session, Start};

/// The most that may pass until the first readable frame, in the median.
const FIRST_FRAME: Duration = Duration::from_millis(50);

/// The most bytes that a held key may cost on average.
const KEY: usize = 600;

/// How often the program is started to be measured, after some starts for warming up.
const STARTS: usize = 41;

/// How often it is started before.
const WARMING_UP: usize = 10;

/// For how long it is watched at rest.
const REST: Duration = Duration::from_secs(10);

/// How many keys are held for the measure, 12 of them a second.
const KEYS: usize = 55;

/// Rows that the demo account's first list begins with.
const ROWS: [&str; 2] = ["aisha", "backup-agent"];

fn main() -> ExitCode {
    let within = [first_frame(), rest(), held_key()];
    if within.iter().all(|&within| within) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The program, once its first rows can be read.
fn start() -> Session {
    let session = Start::new(120, 36).args(["--demo"]).run();
    session.wait_for("the list", |screen| {
        let contents = screen.contents();
        ROWS.iter().all(|row| contents.contains(row))
    });
    session
}

fn first_frame() -> bool {
    let mut times = Vec::new();
    for turn in 0..WARMING_UP + STARTS {
        let begun = Instant::now();
        let mut session = start();
        let took = begun.elapsed();
        session.send("q");
        assert_eq!(session.exit_code(), 0);
        if turn >= WARMING_UP {
            times.push(took);
        }
    }
    times.sort_unstable();
    let median = times[STARTS / 2];
    println!(
        "first readable frame: median {median:.1?} of {STARTS} starts, from {:.1?} to {:.1?} \
         (limit {FIRST_FRAME:?})",
        times[0],
        times[STARTS - 1],
    );
    median <= FIRST_FRAME
}

fn rest() -> bool {
    let session = start();
    session.settle(Duration::from_secs(1));
    let before = (session.bytes(), session.wake_ups());
    std::thread::sleep(REST);
    let bytes = session.bytes() - before.0;
    let wake_ups = session.wake_ups() - before.1;
    println!("at rest for {REST:?}: {bytes} bytes, {wake_ups} wake-ups (limit 0 and 0)");
    (bytes, wake_ups) == (0, 0)
}

fn held_key() -> bool {
    let mut session = start();
    session.send("3");
    session.wait_for_text("auditor");
    session.settle(Duration::from_secs(1));
    let before = session.bytes();
    for _ in 0..KEYS {
        session.send("j");
        std::thread::sleep(Duration::from_secs(1) / 12);
    }
    session.settle(Duration::from_secs(1));
    let cost = (session.bytes() - before) / KEYS;
    println!("holding j in a long list, detail open: {cost} bytes a key (limit {KEY})");
    cost <= KEY
}
