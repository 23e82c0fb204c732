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
use criterion::Criterion;
use driver::Driver;

/// The most that a frame may take.
const FRAME: Duration = Duration::from_millis(2);

/// The most that a key in the filter may take.
const KEY: Duration = Duration::from_millis(5);

/// A screen: how one gets there, and the key that is pressed on it.
const SCREENS: [(&str, &str, &str); 9] = [
    ("users, down", "1", "j"),
    ("roles, down", "3", "j"),
    ("policies, half a page", "4", "ctrl-d"),
    ("role overview, to and fro", "3 enter", "j"),
    ("role trust", "3 enter l", "j"),
    ("role permissions", "3 enter l l", "j"),
    ("policy document", "4 enter l", "j"),
    ("policy attached", "4 enter l l l", "G"),
    ("help", "?", "j"),
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
    for (name, way, key) in SCREENS {
        driver.keys("esc esc esc").keys(way);
        group.bench_function(name, |b| b.iter(|| turn(&mut driver, key)));
        let time = cpu::median(101, || turn(&mut driver, key));
        worst = worst.max((time, name));
    }
    group.finish();
    let mut group = criterion.benchmark_group("filter");
    let mut slowest = (Duration::ZERO, "");
    driver.keys("esc esc esc 3 /");
    for text in [
        "a",
        "ab",
        "svc-prod",
        "tag:env=prod",
        "path:/svc/",
        "unused:90d",
    ] {
        driver.keys("ctrl-u").text(&text[..text.len() - 1]);
        let mut press = || {
            driver.text(&text[text.len() - 1..]);
            driver.keys("backspace");
        };
        group.bench_function(text, |b| b.iter(&mut press));
        // Two keys: the last letter, and its deletion.
        let time = cpu::median(51, &mut press) / 2;
        slowest = slowest.max((time, text));
    }
    group.finish();
    println!(
        "slowest frame: {:?} ({}), limit {FRAME:?}",
        worst.0, worst.1
    );
    println!(
        "slowest key in the filter: {:?} ({}), limit {KEY:?}",
        slowest.0, slowest.1
    );
    if worst.0 <= FRAME && slowest.0 <= KEY {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The key; when it does nothing any more, its opposite would be pressed as often, so going up is
/// as good.
fn turn(driver: &mut Driver, key: &str) {
    driver.effects.clear();
    driver.keys(key);
}
