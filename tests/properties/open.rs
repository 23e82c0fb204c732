//! Three values: what is not known makes an answer open, and never wrong.

use iamscope::access::{Decision, Fact, Facts, Layers, Request, Rest, Verdict, decide};
use iamscope::policy::{Document, Pattern, PatternKind};
use iamscope::report::simulate::Case;
use proptest::prelude::*;
use serde_json::Value;

use super::{case, tries};

/// The decision of a case's policies with other facts.
pub fn decided(case: &Case<'_>, facts: &Facts) -> Verdict {
    let question = case.question();
    let layers = question.layers();
    let request = Request {
        facts,
        ..question.request()
    };
    decide(&request, &layers)
}

/// The texts of all policies.
fn texts<'a>(layers: &Layers<'a>) -> Vec<&'a str> {
    let levels = layers.scps.iter().chain(&layers.rcps).flatten().flatten();
    let one = layers.boundary.iter().chain(&layers.session);
    let resource = match &layers.resource {
        iamscope::access::ResourcePolicy::Stated(policy) => Some(policy),
        _ => None,
    };
    let all = layers
        .identity
        .iter()
        .chain(levels)
        .chain(one)
        .chain(resource);
    all.map(|stated| stated.text).collect()
}

/// Every key that a policy mentions, as condition key or variable, and those behind principals,
/// in lower case.
fn mentioned(layers: &Layers<'_>) -> Vec<String> {
    let mut keys = vec!["aws:userid".to_owned()];
    for text in texts(layers) {
        for statement in Document::parse(text).statements {
            let resources = statement.resource.iter().chain(&statement.not_resource);
            let conditions = statement.conditions.iter();
            keys.extend(conditions.clone().map(|it| it.key.text.to_string()));
            for values in resources.chain(conditions.map(|it| &it.values)) {
                for value in values.texts() {
                    let pattern = Pattern::new(value, PatternKind::Like, true);
                    keys.extend(pattern.variables().map(str::to_owned));
                }
            }
        }
    }
    let mut keys: Vec<_> = keys.iter().map(|key| key.to_lowercase()).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// What is known of a key in a case.
fn given(facts: &Facts, key: &str) -> Fact {
    let found = facts.known().find(|(known, _)| *known == key);
    found.map_or(Fact::Missing, |(_, fact)| fact.clone())
}

/// Leaves a key that has one value by its nature one value: that a request has several is never
/// thought of when conditions are held against each other.
fn singled(case: &mut Value) {
    let several = ["aws:tagkeys", "dynamodb:attributes", "iam:policyarn"];
    for (key, value) in case["context"].as_object_mut().unwrap() {
        if let Value::Array(list) = value
            && list.len() > 1
            && !several.contains(&key.to_lowercase().as_str())
        {
            list.truncate(1);
        }
    }
}

/// Holds an open verdict against what comes once everything is known.
pub fn compare(open: &Verdict, full: &Verdict, facts: &Facts) -> Result<(), TestCaseError> {
    let is_allowed = full.decision == Decision::Allowed;
    let is_denied = full.decision == Decision::ExplicitDeny;
    prop_assert_ne!(full.decision, Decision::Conditional);
    match open.decision {
        Decision::Allowed => prop_assert!(is_allowed),
        Decision::ExplicitDeny => prop_assert!(!is_allowed),
        Decision::ImplicitDeny => match &open.perhaps_denied {
            None => prop_assert_eq!(full.decision, Decision::ImplicitDeny),
            Some(perhaps) => {
                prop_assert!(!is_allowed);
                let truth = perhaps.under(facts);
                prop_assert!(truth.is_yes() || truth.is_no(), "{truth:?}");
                prop_assert_eq!(truth.is_yes(), is_denied, "{:?}", perhaps);
            }
        },
        Decision::Conditional => {
            let requires = open.requires.as_ref().unwrap();
            let truth = requires.under(facts);
            prop_assert!(truth.is_yes() || truth.is_no(), "{truth:?}");
            prop_assert_eq!(truth.is_yes(), is_allowed, "{:?}", requires);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(tries(1_500))]

    #[test]
    fn strict_and_open_agree_where_nothing_is_unknown(seed: u64) {
        let line = serde_json::to_vec(&case(seed)).unwrap();
        let case = Case::read(&line).unwrap();
        let strict = case.question().facts.clone();
        let mut open = strict.with_rest(Rest::Unknown);
        for key in mentioned(&case.question().layers()) {
            open.fill_in(&key, Fact::Missing);
        }
        let verdict = decided(&case, &open);
        prop_assert_eq!(verdict.clone(), decided(&case, &strict));
        prop_assert_ne!(verdict.decision, Decision::Conditional);
        prop_assert!(verdict.requires.is_none() && verdict.perhaps_denied.is_none());
    }

    #[test]
    fn what_is_open_is_decided_as_it_says(seed: u64, hidden: u64) {
        let mut case = case(seed);
        singled(&mut case);
        let line = serde_json::to_vec(&case).unwrap();
        let case = Case::read(&line).unwrap();
        let full = &case.question().facts;
        let keys = mentioned(&case.question().layers());
        // A bit for each key: those of a set bit are not known at first.
        let mut open = Facts::new(Rest::Unknown);
        for (at, key) in keys.iter().enumerate() {
            if hidden >> (at % 64) & 1 == 0 {
                open.set(key, given(full, key));
            }
        }
        compare(&decided(&case, &open), &decided(&case, full), full)?;
    }

    #[test]
    fn whatever_the_unknown_turns_out_to_be(seed: u64, other: u64, hidden: u64) {
        let mut case = case(seed);
        singled(&mut case);
        let line = serde_json::to_vec(&case).unwrap();
        let case = Case::read(&line).unwrap();
        let mut second = super::case(other);
        singled(&mut second);
        let second = serde_json::to_vec(&second).unwrap();
        let second = Case::read(&second).unwrap();
        let keys = mentioned(&case.question().layers());
        let mut open = Facts::new(Rest::Unknown);
        let mut full = Facts::new(Rest::Missing);
        for (at, key) in keys.iter().enumerate() {
            if hidden >> (at % 64) & 1 == 0 {
                let fact = given(&case.question().facts, key);
                open.set(key, fact.clone());
                full.set(key, fact);
            } else {
                full.set(key, given(&second.question().facts, key));
            }
        }
        compare(&decided(&case, &open), &decided(&case, &full), &full)?;
    }
}
