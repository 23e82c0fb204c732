//! What becomes of an account of ten times the size: everything should take ten times as long, but
//! for what the caches of the processor no longer hold. `cargo bench --bench ten`
//!
//! The accounts are generated into the build folder, the largest of about 900 MB, and do not stay
//! there. Questions are measured as CPU time of the thread, loading as user time. Ends with 1 where
//! a limit is broken.

#[allow(dead_code, reason = "criterion's clock is not needed here")]
mod cpu;
mod generate;
mod limits;
mod questions;
mod support;
mod ticks;

use std::fs;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;

use generate::Size;
use iamscope::access::Index;
use limits::{Limits, ms};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The most that loading it with its index, and what stays of it, may grow.
const GROWTH: f64 = 11.0;

/// The most that a question may: its data lie in the memory and no longer in the caches.
const QUESTION: f64 = 60.0;

/// The most gigabytes that the process may take at any time.
const MEMORY: f64 = 12.0;

/// The sizes that are measured: a tenth and three times say where between the caches end.
const SIZES: [(&str, Size, u32); 4] = [
    ("a tenth", Size::large_by(10), 20),
    ("large", Size::LARGE, 8),
    ("three times", Size::large_times(3), 3),
    ("ten times", Size::large_times(10), 2),
];

/// What was measured of one account.
struct Measured {
    /// Milliseconds from the file to the index.
    ready: f64,
    /// Megabytes that stay.
    live: f64,
    /// Milliseconds of each question, and what was asked.
    asked: Vec<(f64, String)>,
}

fn main() -> ExitCode {
    let [_, large, _, ten] = SIZES.map(|(name, size, turns)| measure(name, size, turns));
    let mut limits = Limits::default();
    println!("ten times the size takes");
    let ready = ten.ready / large.ready;
    limits.at_most("  from the file to the index", ready, GROWTH, "times");
    limits.at_most("  live heap", ten.live / large.live, GROWTH, "times");
    for ((more, action), (less, _)) in ten.asked.iter().zip(&large.asked) {
        let what = format!("  who can {action}");
        limits.at_most(&what, more / less, QUESTION, "times");
    }
    limits.at_most("most memory of the process", most_memory(), MEMORY, "GB");
    limits.code()
}

fn measure(name: &str, size: Size, turns: u32) -> Measured {
    let file = support::passing(size);
    let path = file.path();
    let load = || Index::new(Arc::new(support::load(path)));
    let ready = ticks::average(turns, load);
    let before = HEAP.current_usage();
    let index = load();
    let live = (HEAP.current_usage() - before) as f64 / 1e6;
    println!(
        "{name}: {:.0} MB, {} users and roles, {ready:.0} ms to the index, {live:.0} MB live heap",
        support::size(path) as f64 / 1e6,
        index.len(),
    );
    let asked = questions::three(index.account()).map(|asked| {
        let time = cpu::median(41, || {
            black_box(
                index
                    .ask(&asked.terms, &asked.action, &asked.resource)
                    .able(),
            );
        });
        let each = time.as_nanos() as f64 / index.len() as f64;
        println!(
            "  who can {}: {:.3} ms, {each:.1} ns a principal",
            asked.action,
            ms(time)
        );
        (ms(time), asked.action)
    });
    Measured {
        ready,
        live,
        asked: asked.into(),
    }
}

/// The most gigabytes that this process has had in memory.
fn most_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("proc is there");
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|it| it.trim().strip_suffix(" kB"));
    let kilobytes: f64 = kilobytes.and_then(|it| it.parse().ok()).expect("a number");
    kilobytes * 1024.0 / 1e9
}
