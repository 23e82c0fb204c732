//! What holds of every request and of every text, tried on random ones.
//!
//! Random cases come by their seed, so that a failure names a number that brings the case back.

mod layers;
mod one_key;
mod open;
mod scopes;
mod texts;

use iamscope::access::Decision;
use iamscope::report::simulate::Case;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use crate::naive;

/// How often a property is tried, always on the same cases.
fn tries(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_global_rejects: 100_000,
        rng_seed: RngSeed::Fixed(20_121_017),
        ..ProptestConfig::default()
    }
}

/// A random case whose policies are all objects.
fn case(seed: u64) -> Value {
    let mut case = naive::random_case(seed);
    objects(&mut case);
    case
}

/// Reads the policies that stand in strings.
fn objects(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with("{\"") => {
            if let Ok(policy) = serde_json::from_str(text) {
                *value = policy;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(objects),
        Value::Object(fields) => fields.values_mut().for_each(objects),
        _ => {}
    }
}

/// What comes of a case.
#[track_caller]
fn decided(case: &Value) -> Decision {
    let line = serde_json::to_vec(case).unwrap();
    let case = Case::read(&line).unwrap();
    case.answer(false).decision()
}

/// A statement of a case, wherever in it; `at` says which.
fn statement(case: &Value, at: usize) -> Value {
    fn gather(value: &Value, found: &mut Vec<Value>) {
        match value {
            Value::Object(fields) if fields.contains_key("Effect") => found.push(value.clone()),
            Value::Object(fields) => fields.values().for_each(|it| gather(it, found)),
            Value::Array(items) => items.iter().for_each(|it| gather(it, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather(case, &mut found);
    let whole = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"});
    found.push(whole);
    found.swap_remove(at % found.len())
}
