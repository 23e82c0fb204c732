//! The engine and a naive reading of the same rules agree.
//!
//! The two share no code: what one gets wrong the other is unlikely to get wrong alike.

use std::collections::BTreeMap;

use iamscope::report::simulate::Case;
use serde_json::Value;

use crate::naive;
use crate::rules::lines;

/// How many random cases are compared.
const SEEDS: u64 = 20_000;

/// How many of them are looked at closely.
const LOOKED_AT: u64 = 1_500;

/// The layers of a case.
const LAYERS: [&str; 6] = [
    "identity_policies",
    "permissions_boundary",
    "session_policy",
    "resource_policy",
    "scps",
    "rcps",
];

/// What the engine decides.
#[track_caller]
fn decided(case: &Value) -> &'static str {
    let line = serde_json::to_vec(case).unwrap();
    let case = Case::read(&line).unwrap();
    case.answer(false).decision().as_str()
}

#[test]
fn the_engine_agrees_with_the_naive_evaluator_on_random_cases() {
    let mut verdicts = BTreeMap::new();
    for seed in 0..SEEDS {
        let case = naive::random_case(seed);
        let expected = naive::decide(&case);
        let found = decided(&case);
        assert_eq!(found, expected, "seed {seed}:\n{case}");
        *verdicts.entry(expected).or_insert(0) += 1;
    }
    // Cases that nearly always end alike would compare little.
    assert_eq!(verdicts.len(), 3, "{verdicts:?}");
    let is_frequent = |count: &u64| count * 10 >= SEEDS;
    assert!(verdicts.values().all(is_frequent), "{verdicts:?}");
}

#[test]
fn every_layer_of_the_random_cases_matters() {
    let mut changed = BTreeMap::from(LAYERS.map(|layer| (layer, 0)));
    for seed in 0..LOOKED_AT {
        let case = naive::random_case(seed);
        let verdict = naive::decide(&case);
        for (layer, count) in &mut changed {
            let mut without = case.clone();
            without[layer] = Value::Null;
            *count += u64::from(naive::decide(&without) != verdict);
        }
    }
    let is_frequent = |count: &u64| count * 100 >= LOOKED_AT;
    assert!(changed.values().all(is_frequent), "{changed:?}");
}

#[test]
fn the_naive_evaluator_agrees_with_the_hand_written_cases() {
    for line in lines() {
        let found = naive::decide(&line.case);
        assert_eq!(line.case["expect"], found, "{}", line.place);
    }
}
