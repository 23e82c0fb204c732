//! Whatever comes in, something sensible comes out: no panic, no endless work, and places that are
//! places. The same inputs every time; `tests/fuzz` looks for new ones.

mod exercise;
mod hostile;

use exercise::{document, line};

use crate::naive::random::Random;
use crate::naive::{self};

/// A valid case and what is in it, as text.
fn valid(seed: u64) -> Vec<u8> {
    serde_json::to_vec(&naive::random_case(seed)).unwrap()
}

/// Pieces that mean something where they land.
const PIECES: [&str; 24] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "1e9",
    "\\u0000",
    "\\ud800",
    "${",
    "${*}",
    "*",
    "?",
    "//",
    "/*",
    "\u{feff}",
    "é😀",
    "'",
    "\"Statement\":",
    "\"Condition\":{\"Null\":",
];

/// Changes bytes somewhere, in one of many ways.
fn changed(random: &mut Random, mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..1 + random.below(4) {
        let len = bytes.len();
        if len == 0 {
            break;
        }
        let from = random.below(len);
        let to = from + random.below((len - from).min(200)) + 1;
        match random.below(8) {
            0 => bytes[from] ^= 1 << random.below(8),
            1 => bytes.truncate(from),
            2 => drop(bytes.drain(from..to)),
            3 => {
                let piece = bytes[from..to].to_vec();
                let at = random.below(len);
                bytes.splice(at..at, piece);
            }
            4 => {
                let other = random.below(len);
                bytes.swap(from, other);
            }
            5 => bytes[from] = random.below(256) as u8,
            _ => {
                let piece = random.pick(&PIECES).bytes();
                bytes.splice(from..from, piece);
            }
        }
    }
    bytes
}

#[test]
fn valid_cases_are_explained_in_valid_json_with_true_places() {
    let mut places = 0;
    for seed in 0..300 {
        places += line(&valid(seed));
    }
    assert!(places > 1_000, "{places} places");
}

#[test]
fn changed_cases_are_answered_or_refused() {
    for seed in 0..1_200 {
        let mut random = Random::new(seed);
        let bytes = valid(seed % 250);
        line(&changed(&mut random, bytes));
    }
}

#[test]
fn changed_policies_are_read_as_far_as_they_can_be() {
    for seed in 0..1_200 {
        let mut random = Random::new(seed);
        let case = naive::random_case(seed % 250);
        let policy = &case["identity_policies"][0]["policy"];
        let policy = policy
            .as_str()
            .map_or_else(|| policy.to_string(), str::to_owned);
        let bytes = changed(&mut random, policy.into_bytes());
        document(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn noise_is_refused() {
    for seed in 0..1_500 {
        let mut random = Random::new(seed);
        let len = random.below(300);
        let all = |random: &mut Random| random.below(256) as u8;
        let json = |random: &mut Random| b"{}[]\":,\\ 1te'/*"[random.below(15)];
        let sign = if seed % 2 == 0 { all } else { json };
        let bytes: Vec<_> = (0..len).map(|_| sign(&mut random)).collect();
        line(&bytes);
        document(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn hostile_documents_take_no_time_and_no_stack() {
    for text in hostile::documents() {
        document(&text);
    }
}

#[test]
fn hostile_cases_take_no_time_and_no_stack() {
    for case in hostile::cases() {
        line(case.as_bytes());
    }
}
