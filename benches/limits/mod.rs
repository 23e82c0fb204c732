//! Figures and their limits: a line each, and whether all of them held.

#![allow(dead_code, reason = "each of those who include this needs a part")]

use std::process::ExitCode;
use std::time::Duration;

/// Collects figures.
#[derive(Default)]
pub struct Limits {
    broken: usize,
}

impl Limits {
    /// A figure that may be this large at most.
    pub fn at_most(&mut self, what: &str, figure: f64, limit: f64, unit: &str) {
        self.line(what, figure, unit, figure <= limit, "at most", limit);
    }

    /// A figure that must be this large at least.
    pub fn at_least(&mut self, what: &str, figure: f64, limit: f64, unit: &str) {
        self.line(what, figure, unit, figure >= limit, "at least", limit);
    }

    /// A time, in milliseconds.
    pub fn time(&mut self, what: &str, time: Duration, limit: f64) {
        self.at_most(what, ms(time), limit, "ms");
    }

    fn line(&mut self, what: &str, figure: f64, unit: &str, holds: bool, side: &str, limit: f64) {
        let broken = if holds { "" } else { "; BROKEN" };
        println!("{what}: {figure:.3} {unit} (limit: {side} {limit}{broken})");
        self.broken += usize::from(!holds);
    }

    /// How the process is to end.
    pub fn code(&self) -> ExitCode {
        match self.broken {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}

/// A time in milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
