//! The time that loading the large account takes, against parsing the same file with `serde_json`
//! into owned structs. `cargo bench --bench load`
//!
//! After criterion's own figures (wall clock), user time is compared over runs of both in turn;
//! ends with 1 where the limit is broken.

mod baseline;
mod generate;
mod support;
mod ticks;

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
    let times = ticks::compare(TURNS, || support::load(path), || baseline::load(path));
    println!(
        "user time a load: {:.0} ms; serde_json into owned structs: {:.0} ms; ratio {:.2} \
         (limit {LIMIT})",
        times.ours,
        times.theirs,
        times.ratio()
    );
    if times.ratio() <= LIMIT {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
