//! The time that a key takes on the large account, from the key to the built frame.
//! `cargo bench --bench frame`
//!
//! Measured is the CPU time of the thread, since machines are noisy. Each figure is one key: the
//! update and the frame after it, at 120x36.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench that cannot go on stops"
)]

mod cpu;
#[path = "../tests/support/driver.rs"]
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
mod driver;

mod generate;
mod support;

use std::process::ExitCode;
use std::time::Duration;

use cpu::ThreadTime;
use criterion::{BenchmarkGroup, Criterion};
use driver::Driver;

/// The most that a frame may take.
const FRAME: Duration = Duration::from_millis(2);

/// The most that a key in the filter may take.
const KEY: Duration = Duration::from_millis(5);

/// A screen: how one gets there, and the keys that are pressed on it in turn.
const SCREENS: [(&str, &str, &[&str]); 11] = [
    ("users, down", "1", &["j"]),
    ("roles, down", "3", &["j"]),
    ("policies, half pages", "4", &["ctrl-d"]),
    // The detail follows each key: another document is parsed and laid out for each.
    ("roles with their trust, down", "3 enter l tab", &["j"]),
    ("policies with their text, down", "4 enter l tab", &["j"]),
    ("role overview", "3 enter", &["j", "k"]),
    ("role permissions", "3 enter l l", &["j", "k"]),
    ("policy document", "4 enter l", &["ctrl-d", "ctrl-u"]),
    ("policy attached", "4 enter l l l", &["G", "g"]),
    ("palette", ":", &["down", "up"]),
    ("help", "?", &["j", "k"]),
];

/// What is typed into the filter of the roles; the last letter counts.
const FILTERS: [&str; 7] = [
    "a",
    "ab",
    "svc-prod",
    "tag:env=prod",
    "path:/svc/",
    "unused:90d",
    "text:PassRole",
];

fn main() -> ExitCode {
    let path = support::large();
    println!("an account of {} bytes as a file", support::size(&path));
    let account = support::load(&path);
    let mut driver = Driver::on(account, 120, 36);
    let mut criterion = Criterion::default()
        .with_measurement(ThreadTime)
        .sample_size(30)
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let mut group = criterion.benchmark_group("frame");
    let mut worst = (Duration::ZERO, "");
    for (name, way, keys) in SCREENS {
        driver.keys("esc esc esc esc").keys(way);
        let mut presses = 0;
        let mut press = || {
            turn(&mut driver, keys, presses);
            presses += 1;
        };
        group.bench_function(name, |b| b.iter(&mut press));
        worst = worst.max((cpu::median(101, &mut press), name));
    }
    group.finish();
    let mut group = criterion.benchmark_group("typing");
    let mut slowest = (Duration::ZERO, "");
    driver.keys("esc esc esc esc 3 /");
    for text in FILTERS {
        let time = typing(&mut driver, &mut group, text, text);
        slowest = slowest.max((time, text));
    }
    // Over all 19,524 names.
    driver.keys("esc esc ctrl-g");
    for (name, text) in [("goto, one letter", "a"), ("goto, a name", "svc-prod")] {
        let time = typing(&mut driver, &mut group, name, text);
        slowest = slowest.max((time, name));
    }
    group.finish();
    println!(
        "slowest frame: {:?} ({}), limit {FRAME:?}",
        worst.0, worst.1
    );
    println!(
        "slowest key of typing: {:?} ({}), limit {KEY:?}",
        slowest.0, slowest.1
    );
    if worst.0 <= FRAME && slowest.0 <= KEY {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The next of the keys. Lists end; long before, one starts again from the top.
fn turn(driver: &mut Driver, keys: &[&str], presses: usize) {
    driver.effects.clear();
    if presses % 1_000 == 999 {
        driver.keys("g");
    }
    driver.keys(keys[presses % keys.len()]);
}

/// The time of a key in a text field: half of what the last letter and its deletion take.
fn typing(
    driver: &mut Driver,
    group: &mut BenchmarkGroup<'_, ThreadTime>,
    name: &str,
    text: &str,
) -> Duration {
    let (first, last) = text.split_at(text.len() - 1);
    driver.keys("ctrl-u").text(first);
    let mut press = || {
        driver.effects.clear();
        driver.text(last).keys("backspace");
    };
    group.bench_function(name, |b| b.iter(&mut press));
    cpu::median(51, &mut press) / 2
}
