//! The time that loading the large account takes, against parsing the same file with `serde_json`
//! into owned structs. `cargo bench --bench load`
//!
//! After criterion's own figures (wall clock), user time is compared over runs of both in turn;
//! ends with 1 where the limit is broken.

mod baseline;
mod generate;
mod support;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use criterion::{Criterion, Throughput};

/// How much longer than the yardstick loading may take.
const LIMIT: f64 = 1.3;

/// How often both are run for the comparison.
const TURNS: u32 = 12;

fn main() -> ExitCode {
    let path = support::large();
    let mut criterion = Criterion::default()
        .sample_size(10)
        .measurement_time(Duration::from_secs(8))
        .configure_from_args();
    let mut group = criterion.benchmark_group("load large");
    group.throughput(Throughput::Bytes(support::size(&path)));
    group.bench_function("iamscope", |b| b.iter(|| support::load(&path)));
    group.bench_function("serde_json, owned", |b| b.iter(|| baseline::load(&path)));
    group.finish();
    criterion.final_summary();
    compare(&path)
}

fn compare(path: &Path) -> ExitCode {
    let (mut ours, mut theirs) = (0, 0);
    for _ in 0..TURNS {
        ours += user_ticks(|| support::load(path));
        theirs += user_ticks(|| baseline::load(path));
    }
    let each = |ticks: u64| ticks as f64 * 10.0 / f64::from(TURNS);
    let ratio = ours as f64 / theirs as f64;
    println!(
        "user time a load: {:.0} ms; serde_json into owned structs: {:.0} ms; ratio {ratio:.2} \
         (limit {LIMIT})",
        each(ours),
        each(theirs)
    );
    if ratio <= LIMIT {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The user time of this process that `work` takes, in ticks of 10 ms. What it makes is dropped
/// outside the measure.
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
