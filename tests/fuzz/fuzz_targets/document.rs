//! Any text as a policy.

#![no_main]
#![allow(clippy::panic, clippy::unwrap_used, dead_code)]

#[path = "../exercise.rs"]
mod exercise;

libfuzzer_sys::fuzz_target!(|text: &str| exercise::document(text));
