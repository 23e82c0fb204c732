//! Any line as a case of `simulate`.

#![no_main]
#![allow(clippy::panic, clippy::unwrap_used, dead_code)]

#[path = "../exercise.rs"]
mod exercise;

libfuzzer_sys::fuzz_target!(|line: &[u8]| {
    exercise::line(line);
});
