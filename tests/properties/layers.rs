//! How the layers may change a decision, and how not.

use iamscope::access::Decision;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{case, decided, statement, tries};

/// The layers of a case.
const LAYERS: [&str; 6] = [
    "identity_policies",
    "permissions_boundary",
    "session_policy",
    "resource_policy",
    "scps",
    "rcps",
];

/// Every policy of a layer.
fn policies<'a>(case: &'a mut Value, layer: &str) -> Vec<&'a mut Value> {
    let layer_value = &mut case[layer];
    match layer {
        _ if layer_value.is_null() => Vec::new(),
        "identity_policies" => {
            let list = layer_value.as_array_mut().unwrap();
            list.iter_mut().map(|named| &mut named["policy"]).collect()
        }
        "scps" | "rcps" => {
            let levels = layer_value.as_array_mut().unwrap().iter_mut();
            let levels = levels.map(|level| level.as_array_mut().unwrap());
            levels.flatten().collect()
        }
        _ => vec![layer_value],
    }
}

/// Puts a statement with this effect in front of a policy that there is. False where there is
/// none.
fn add(case: &mut Value, effect: &str, mut statement: Value, at: usize) -> bool {
    let present: Vec<_> = LAYERS
        .into_iter()
        .filter(|it| !case[*it].is_null())
        .collect();
    let Some(layer) = present.get(at % present.len().max(1)) else {
        return false;
    };
    statement["Effect"] = json!(effect);
    let fields = statement.as_object_mut().unwrap();
    match *layer {
        "resource_policy" if fields.contains_key("NotPrincipal") => {}
        "resource_policy" => drop(fields.entry("Principal").or_insert(json!("*"))),
        "rcps" => {
            fields.remove("NotPrincipal");
            fields.insert("Principal".to_owned(), json!("*"));
        }
        _ => {
            fields.remove("Principal");
            fields.remove("NotPrincipal");
        }
    }
    let mut policies = policies(case, layer);
    let count = policies.len();
    if count == 0 {
        return false;
    }
    let statements = &mut policies[at / 7 % count]["Statement"];
    *statements = match statements.take() {
        Value::Array(mut list) => {
            list.insert(0, statement);
            list.into()
        }
        Value::Null => json!([statement]),
        one => json!([statement, one]),
    };
    true
}

/// Whether a decision gives no more than another, and hides no explicit deny of it.
fn is_within(after: Decision, before: Decision) -> bool {
    match before {
        Decision::Allowed => true,
        Decision::ExplicitDeny => after == Decision::ExplicitDeny,
        _ => after != Decision::Allowed,
    }
}

/// Whether a federated user has no session policy, so that a first one may give it something.
fn is_bare_federated_user(case: &Value) -> bool {
    let is_federated = case["principal_arn"]
        .as_str()
        .unwrap()
        .contains(":federated-user/");
    is_federated && case["session_policy"].is_null()
}

/// One policy of a layer of another case.
fn policy_of(seed: u64, layer: &str, at: usize) -> Option<Value> {
    let mut other = case(seed);
    let mut found = policies(&mut other, layer);
    let count = found.len();
    (count > 0).then(|| found.swap_remove(at % count).take())
}

proptest! {
    #![proptest_config(tries(400))]

    #[test]
    fn a_deny_never_allows_more(seed: u64, other: u64, at: usize) {
        let mut case = case(seed);
        let before = decided(&case);
        prop_assume!(add(&mut case, "Deny", statement(&super::case(other), at), at));
        let after = decided(&case);
        prop_assert!(is_within(after, before), "{before} and then {after}:\n{case}");
    }

    #[test]
    fn the_same_statement_as_deny_and_allow_denies(seed: u64, at: usize) {
        let mut case = case(seed);
        let statement = statement(&case, at);
        prop_assume!(add(&mut case, "Allow", statement.clone(), at));
        let allowing = decided(&case);
        prop_assume!(add(&mut case, "Deny", statement, at));
        let denying = decided(&case);
        prop_assert!(is_within(denying, allowing), "{allowing} and then {denying}:\n{case}");
    }

    #[test]
    fn an_allow_never_denies_more(seed: u64, other: u64, at: usize) {
        let mut case = case(seed);
        let before = decided(&case);
        prop_assume!(add(&mut case, "Allow", statement(&super::case(other), at), at));
        let after = decided(&case);
        prop_assert!(is_within(before, after), "{before} and then {after}:\n{case}");
        let is_denied = |it| it == Decision::ExplicitDeny;
        prop_assert_eq!(is_denied(before), is_denied(after), "{}", case);
    }

    #[test]
    fn a_first_boundary_never_widens(seed: u64, other: u64, at: usize) {
        let mut case = case(seed);
        case["permissions_boundary"] = Value::Null;
        let before = decided(&case);
        let policy = policy_of(other, "permissions_boundary", at);
        prop_assume!(policy.is_some());
        case["permissions_boundary"] = policy.unwrap();
        let after = decided(&case);
        prop_assert!(is_within(after, before), "{before} and then {after}:\n{case}");
    }

    #[test]
    fn a_first_session_policy_never_widens(seed: u64, other: u64, at: usize) {
        let mut case = case(seed);
        case["session_policy"] = Value::Null;
        prop_assume!(!is_bare_federated_user(&case));
        let before = decided(&case);
        let policy = policy_of(other, "session_policy", at);
        prop_assume!(policy.is_some());
        case["session_policy"] = policy.unwrap();
        let after = decided(&case);
        prop_assert!(is_within(after, before), "{before} and then {after}:\n{case}");
    }

    #[test]
    fn a_level_of_an_organisation_never_widens(seed: u64, other: u64, at: usize, is_rcp: bool) {
        let layer = if is_rcp { "rcps" } else { "scps" };
        let mut case = case(seed);
        let before = decided(&case);
        let level: Vec<_> = policy_of(other, layer, at).into_iter().collect();
        match &mut case[layer] {
            Value::Array(levels) => {
                let at = at % (levels.len() + 1);
                levels.insert(at, level.into());
            }
            none => *none = json!([level]),
        }
        let after = decided(&case);
        prop_assert!(is_within(after, before), "{before} and then {after}:\n{case}");
    }

    #[test]
    fn the_order_of_statements_and_policies_does_not_matter(seed: u64) {
        let mut case = case(seed);
        let before = decided(&case);
        for layer in LAYERS {
            for policy in policies(&mut case, layer) {
                if let Value::Array(list) = &mut policy["Statement"] {
                    list.reverse();
                }
            }
            if let Value::Array(list) = &mut case[layer] {
                list.reverse();
            }
        }
        prop_assert_eq!(before, decided(&case), "{}", case);
    }
}
