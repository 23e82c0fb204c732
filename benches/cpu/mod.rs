//! The CPU time of this thread, as a clock for criterion and for medians.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use rustix::time::{ClockId, clock_gettime};

/// Measures the CPU time of the thread that runs the benchmark.
pub struct ThreadTime;

/// The CPU time that this thread has taken so far.
pub fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        time.tv_nsec.unsigned_abs() as u32,
    )
}

impl Measurement for ThreadTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        now()
    }

    fn end(&self, start: Duration) -> Duration {
        now().saturating_sub(start)
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// The CPU time that something takes.
pub fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let start = now();
    let made = black_box(run());
    let time = now().saturating_sub(start);
    drop(made);
    time
}

/// The median CPU time of some runs, after as many for warming up.
pub fn median(runs: usize, mut run: impl FnMut()) -> Duration {
    median_of(runs, || time(&mut run))
}

/// The median of what some runs come to, after as many for warming up.
pub fn median_of(runs: usize, mut run: impl FnMut() -> Duration) -> Duration {
    for _ in 0..runs {
        run();
    }
    let mut times: Vec<_> = (0..runs).map(|_| run()).collect();
    times.sort_unstable();
    times[runs / 2]
}
