//! The memory that loading the large account takes, and its index, against their limits.
//!
//! Counts bytes and no time, so it says the same on every machine. Ends with 1 where a limit is
//! broken. `cargo bench --bench heap`

mod generate;
mod support;

use std::process::ExitCode;
use std::sync::Arc;

use iamscope::access::Index;
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The most that may stay, in megabytes of a million bytes.
const LIVE: f64 = 75.0;

/// The most that may be taken at a time, in sizes of the file.
const PEAK: f64 = 2.5;

/// The most that may stay of it together with the index of its documents, in the same megabytes.
const INDEXED: f64 = 110.0;

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
    let index = Index::new(Arc::new(account));
    let indexed = (HEAP.current_usage() - before) as f64 / 1e6;
    let (documents, statements) = index.size();
    println!(
        "live heap with the index of its {documents} documents and {statements} statements: \
         {indexed:.1} MB (limit {INDEXED} MB)"
    );
    if live <= LIVE && peak <= PEAK && indexed <= INDEXED {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
