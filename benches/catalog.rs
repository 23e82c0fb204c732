//! The time until a part of the catalogue is at hand, and the bytes that it takes in the program.
//! `cargo bench --bench catalog`
//!
//! What has been read is kept, so each figure is the first question in a process of its own: the
//! index is read for it, too. Measured is the CPU time of the thread. Ends with 1 where a limit is
//! broken.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench that cannot go on stops"
)]

use std::env;
use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::Duration;

use iamscope::catalog;
use rustix::time::{ClockId, clock_gettime};

/// The most that one service or one managed policy may take.
const ONE: Duration = Duration::from_millis(1);

/// The most that the names of all actions may take.
const NAMES: Duration = Duration::from_millis(5);

/// The most bytes in the program.
const SIZE: usize = 1_300_000;

/// How many processes are asked the same; their median counts.
const TURNS: usize = 9;

/// How many policies lie between two that are asked for: those near each other lie in one group.
const STEP: usize = 16;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [question, of] = &*arguments {
        println!("{}", answer(question, of).as_nanos());
        return ExitCode::SUCCESS;
    }
    let services = catalog::services().map(|service| service.prefix().to_owned());
    let mut policies: Vec<_> = catalog::managed_policies().collect();
    let largest = policies.iter().copied();
    let largest = largest.max_by_key(|policy| policy.document().len());
    policies = policies.into_iter().step_by(STEP).chain(largest).collect();
    let policies = policies.iter().map(|policy| policy.arn("aws"));

    let mut held = true;
    held &= report("one service", times("service", services), ONE);
    held &= report("one managed policy", times("policy", policies), ONE);
    let all = || ["*".to_owned()].into_iter();
    held &= report("all action names", times("names", all()), NAMES);
    // No limit is set for it, but it is what a mistyped name waits for.
    let typo = ["s4:GetObjet".to_owned()].into_iter();
    report(
        "names nearest to a typo",
        times("nearest", typo),
        Duration::MAX,
    );
    println!("bytes in the program: {} (limit {SIZE})", catalog::size());
    if held && catalog::size() <= SIZE {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The time of each question, the slowest last.
fn times(question: &str, of: impl Iterator<Item = String>) -> Vec<(Duration, String)> {
    let mut times: Vec<_> = of.map(|of| (median(question, &of), of)).collect();
    times.sort_unstable();
    times
}

fn median(question: &str, of: &str) -> Duration {
    let mut times: Vec<_> = (0..TURNS).map(|_| ask(question, of)).collect();
    times.sort_unstable();
    times[TURNS / 2]
}

/// Asks a process of its own.
fn ask(question: &str, of: &str) -> Duration {
    let program = env::current_exe().unwrap();
    let output = Command::new(program).args([question, of]).output().unwrap();
    let nanoseconds = String::from_utf8(output.stdout).unwrap();
    Duration::from_nanos(nanoseconds.trim().parse().unwrap())
}

/// Prints what was measured; whether the limit holds.
fn report(what: &str, times: Vec<(Duration, String)>, limit: Duration) -> bool {
    let (median, _) = &times[times.len() / 2];
    let (slowest, of) = &times[times.len() - 1];
    let held = *slowest <= limit;
    let (median, slowest) = (median.as_micros(), slowest.as_micros());
    println!("{what}: median {median} µs, slowest {slowest} µs ({of})");
    if !held {
        println!("  the limit of {limit:?} is broken");
    }
    held
}

/// The time that the first question of this process takes.
fn answer(question: &str, of: &str) -> Duration {
    let start = now();
    let length: usize = match question {
        "service" => {
            let service = catalog::service(of).unwrap();
            let action = service.actions().next_back().unwrap();
            action.description().len() + action.name().len() + action.condition_keys().len()
        }
        "policy" => catalog::managed_policy(of).unwrap().document().len(),
        "names" => {
            let all = catalog::expand(of);
            all.iter().map(|action| action.name().len()).sum()
        }
        "nearest" => catalog::nearest_actions(of, 3).len(),
        _ => panic!("{question}"),
    };
    black_box(length);
    now().saturating_sub(start)
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        time.tv_nsec.unsigned_abs() as u32,
    )
}
