//! The memory that loading the large account takes, against its limits.
//!
//! Counts bytes and no time, so it says the same on every machine. Ends with 1 where a limit is
//! broken. `cargo bench --bench heap`

mod generate;
mod support;

use std::process::ExitCode;

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The most that may stay, in megabytes of a million bytes.
const LIVE: f64 = 75.0;

/// The most that may be taken at a time, in sizes of the file.
const PEAK: f64 = 2.5;

fn main() -> ExitCode {
    let path = support::large();
    let file = support::size(&path) as f64;
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let account = support::load(&path);
    let live = (HEAP.current_usage() - before) as f64 / 1e6;
    let peak = (HEAP.peak_usage() - before) as f64 / file;
    println!(
        "file: {:.1} MB, {} users, {} groups, {} roles, {} policies",
        file / 1e6,
        account.users().len(),
        account.groups().len(),
        account.roles().len(),
        account.policies().len()
    );
    println!("live heap after loading: {live:.1} MB (limit {LIVE} MB)");
    println!("peak while loading: {peak:.2} times the file (limit {PEAK})");
    if live <= LIVE && peak <= PEAK {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
