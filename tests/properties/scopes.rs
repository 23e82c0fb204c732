//! What is said about a pattern of resources holds of each resource.

use std::sync::Arc;

use iamscope::access::{
    Caller, Decision, Fact, Facts, Policy, PolicyUse, Question, Requirement, Rest,
};
use iamscope::policy::{Matched, Pattern, PatternKind, Scope, Variable};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::tries;

const LEAD: &str = "arn:aws:s3:::";

/// A pattern that matches some of the resources.
fn pattern() -> impl Strategy<Value = String> {
    let body = prop_oneof![
        6 => "[ab*?]{1,3}",
        1 => Just("${aws:username}*".to_owned()),
        1 => Just("${aws:PrincipalTag/t}*".to_owned()),
        1 => Just("*${aws:PrincipalTag/t, 'a'}".to_owned()),
    ];
    prop_oneof![
        10 => body.prop_map(|body| format!("{LEAD}{body}")),
        1 => Just("*".to_owned()),
    ]
}

fn statement() -> impl Strategy<Value = Value> {
    let condition = prop_oneof![
        3 => Just(json!({})),
        1 => Just(json!({"StringEquals": {"k": "x"}})),
        1 => Just(json!({"StringNotEquals": {"k": "x"}})),
        1 => Just(json!({"StringLike": {"j": "y*"}})),
    ];
    let patterns = prop::collection::vec(pattern(), 1..3);
    (
        any::<bool>(),
        prop::bool::weighted(0.75),
        prop::bool::weighted(0.8),
        patterns,
        condition,
    )
        .prop_map(|(allows, guess, plain, patterns, condition)| {
            let effect = if allows || guess { "Allow" } else { "Deny" };
            let element = if plain { "Resource" } else { "NotResource" };
            json!({"Effect": effect, "Action": "s3:*", element: patterns, "Condition": condition})
        })
}

fn policy(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(statement(), 1..=most)
        .prop_map(|list| json!({"Version": "2012-10-17", "Statement": list}).to_string())
}

fn facts(rest: Rest) -> Facts {
    let mut facts = Facts::new(rest);
    facts.set("aws:username", Fact::Values(vec!["a".into()]));
    facts
}

/// Every way that the unknown may turn out.
fn turns() -> Vec<Facts> {
    let mut turns = Vec::new();
    for k in [None, Some("x"), Some("z")] {
        for j in [None, Some("y")] {
            for tag in [None, Some("a"), Some("b*")] {
                let mut facts = facts(Rest::Missing);
                for (key, value) in [("k", k), ("j", j), ("aws:PrincipalTag/t", tag)] {
                    let values = value.into_iter().map(Into::into).collect();
                    facts.set(key, Fact::Values(values));
                }
                turns.push(facts);
            }
        }
    }
    turns
}

/// Whether a pattern as it stands in an answer matches a resource.
fn is_in(pattern: &str, resource: &str, facts: &Facts) -> bool {
    let value = |key: &str| {
        let key = key.to_lowercase();
        match facts.known().find(|(known, _)| *known == key) {
            Some((_, Fact::Values(values))) if !values.is_empty() => Variable::Value(&values[0]),
            _ => Variable::Missing,
        }
    };
    Pattern::new(pattern, PatternKind::Resource, true).matches(resource, value) == Matched::Yes
}

/// Whether a requirement is met for a resource once everything is known.
fn is_met(requirement: &Requirement, resource: &str, facts: &Facts) -> bool {
    match requirement {
        Requirement::All(list) => list.iter().all(|it| is_met(it, resource, facts)),
        Requirement::Any(list) => list.iter().any(|it| is_met(it, resource, facts)),
        Requirement::Is(unmet) if unmet.operator == "Resource" => {
            is_in(&unmet.values[0], resource, facts)
        }
        Requirement::Not(unmet) if unmet.operator == "Resource" => {
            !is_in(&unmet.values[0], resource, facts)
        }
        single => single.under(facts).is_yes(),
    }
}

fn question<'a>(resource: &'a str, identity: &'a str, boundary: Option<&'a str>) -> Question<'a> {
    let caller = Caller::parse("arn:aws:iam::111122223333:user/a").unwrap();
    let mut question = Question::new(caller, "s3:GetObject", resource);
    let policy = |name, text: &'a str| Policy::new(name, text.into(), PolicyUse::Identity);
    question.identity = vec![policy("own", identity)];
    question.boundary = boundary.map(|text| policy("boundary", text));
    question
}

proptest! {
    #![proptest_config(tries(1_500))]

    #[test]
    fn a_pattern_is_answered_as_its_resources_are(
        identity in policy(3),
        boundary in prop::option::weighted(0.4, policy(2)),
        asked in prop_oneof![pattern(), Just(format!("{LEAD}*")), Just(format!("{LEAD}a*"))],
    ) {
        let scope = Scope::new(&asked);
        let mut open = question(&asked, &identity, boundary.as_deref());
        open.scope = Some(Arc::new(scope.clone()));
        open.facts = facts(Rest::Unknown);
        let verdict = open.decide();
        prop_assert_eq!(&open.explain().verdict, &verdict);
        let apart = verdict.requires.as_ref().map(|it| it.apart(&asked));
        let words = ["a", "b", "aa", "ab", "ba", "bb", "aab", "bab", "abb", "c", "b*"];
        for resource in words.map(|word| format!("{LEAD}{word}")) {
            if scope.contains(&resource) != Matched::Yes {
                continue;
            }
            let mut one = question(&resource, &identity, boundary.as_deref());
            for turn in turns() {
                one.facts = turn.clone();
                let is_allowed = one.decide().decision == Decision::Allowed;
                let expected = match verdict.decision {
                    Decision::Allowed => true,
                    Decision::ExplicitDeny | Decision::ImplicitDeny => false,
                    Decision::Conditional => {
                        let whole = verdict.requires.as_ref().unwrap();
                        let apart = apart.as_ref().unwrap();
                        let rest = apart.requires.as_ref();
                        let rest = rest.is_none_or(|it| is_met(it, &resource, &turn));
                        let is_on = apart.extent.as_ref().is_none_or(|extent| {
                            let fits = |list: &[_]| list.iter().any(|it: &compact_str::CompactString| is_in(it, &resource, &turn));
                            fits(&extent.allow) && !fits(&extent.except)
                        });
                        let is_met = is_met(whole, &resource, &turn);
                        if apart.is_separate {
                            prop_assert_eq!(is_on && rest, is_met, "{:?}", apart);
                        }
                        is_met
                    }
                };
                prop_assert_eq!(is_allowed, expected, "{} {:?} {:?}", resource, turn, verdict);
            }
        }
    }
}
