//! The user time of this process, for comparing two works that are done in turn.
//!
//! What else runs on a machine slows both, and the time of the kernel depends on what it has to do
//! besides: neither counts.

#![allow(dead_code, reason = "each of those who include this needs a part")]

use std::fs;
use std::hint::black_box;

/// What each of two works took on average, in milliseconds.
pub struct Compared {
    pub ours: f64,
    pub theirs: f64,
}

impl Compared {
    /// How many times longer ours took.
    pub fn ratio(&self) -> f64 {
        self.ours / self.theirs
    }
}

/// Does both works in turn, as often as it says.
pub fn compare<A, B>(
    turns: u32,
    mut ours: impl FnMut() -> A,
    mut theirs: impl FnMut() -> B,
) -> Compared {
    let mut ticks = (0, 0);
    for _ in 0..turns {
        ticks.0 += user_ticks(&mut ours);
        ticks.1 += user_ticks(&mut theirs);
    }
    Compared {
        ours: each(ticks.0, turns),
        theirs: each(ticks.1, turns),
    }
}

/// What a work takes on average, in milliseconds.
pub fn average<T>(turns: u32, mut work: impl FnMut() -> T) -> f64 {
    let ticks = (0..turns).map(|_| user_ticks(&mut work)).sum();
    each(ticks, turns)
}

fn each(ticks: u64, turns: u32) -> f64 {
    ticks as f64 * 10.0 / f64::from(turns)
}

/// The user time that `work` takes, in ticks of 10 ms. What it makes is dropped outside the
/// measure.
fn user_ticks<T>(work: impl FnOnce() -> T) -> u64 {
    let before = now();
    let made = black_box(work());
    let ticks = now() - before;
    drop(made);
    ticks
}

fn now() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("proc is there");
    // The 14th field; the second is a name in parentheses and may hold spaces.
    let (_, rest) = stat.rsplit_once(')').expect("the name ends");
    let user = rest.split_ascii_whitespace().nth(11);
    user.and_then(|ticks| ticks.parse().ok()).expect("a number")
}
