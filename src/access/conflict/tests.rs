use std::sync::Arc;

use super::super::condition::Condition;
use super::super::facts::{Facts, Rest};
use super::super::truth::{Requirement, Truth, Unmet};
use super::is_impossible;
use crate::policy::Document;

/// Requirements as they stand in a `Condition` element; under `Not` what must not be met.
fn requirements(text: &str) -> Vec<Requirement> {
    let (wanted, refused) = text.split_once(" not ").unwrap_or((text, ""));
    let mut found = read(wanted, Requirement::Is);
    found.extend(read(refused, Requirement::Not));
    found
}

fn read(text: &str, make: fn(Unmet) -> Requirement) -> Vec<Requirement> {
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Condition":{{{text}}}}}}}"#
    );
    let document = Document::parse(&policy);
    assert!(document.faults.is_empty(), "{text}: {:?}", document.faults);
    let facts = Facts::new(Rest::Unknown);
    let conditions = document.statements[0].conditions.iter();
    let ready = conditions.map(|it| Arc::new(Condition::new(it, true).unwrap()));
    ready
        .map(|it| make(Unmet::condition(&it, &facts)))
        .collect()
}

#[track_caller]
fn impossible(text: &str) {
    assert!(is_impossible(&requirements(text)), "{text}");
}

#[track_caller]
fn possible(text: &str) {
    assert!(!is_impossible(&requirements(text)), "{text}");
}

#[test]
fn texts_that_differ_exclude_each_other() {
    impossible(r#""StringEquals":{"k":"a"},"StringLike":{"k":"b*"}"#);
    impossible(r#""StringEquals":{"k":"a"},"StringNotEquals":{"K":"a"}"#);
    impossible(r#""StringEquals":{"k":["a","b"]},"StringLike":{"k":["c","d?"]}"#);
    impossible(r#""StringEquals":{"k":"a"} not "StringLike":{"k":"a*"}"#);
    impossible(r#""StringEquals":{"k":"a"},"Null":{"k":"true"}"#);
    impossible(r#""Null":{"k":"true"} not "StringNotLike":{"k":"a*"}"#);
    impossible(r#""StringEquals":{"k":"A"},"StringEqualsIgnoreCase":{"k":"b"}"#);
    impossible(r#""StringEquals":{"k":[]},"StringLike":{"k":"*"}"#);
    impossible(r#""StringEquals":{"k":[]}"#);
    possible(r#""StringEquals":{"k":["a","b"]},"StringLike":{"k":["c","b*"]}"#);
    possible(r#""StringEquals":{"k":"a"},"StringLike":{"j":"b*"}"#);
    possible(r#""StringEquals":{"k":"a"} not "StringLike":{"k":"b*"}"#);
    possible(r#""StringEquals":{"k":"a"},"StringNotEqualsIgnoreCase":{"k":"b"}"#);
    possible(r#""StringEqualsIgnoreCase":{"k":"a"},"StringNotEquals":{"k":"a"}"#);
    possible(r#""StringEqualsIfExists":{"k":"a"},"StringLikeIfExists":{"k":"b"}"#);
    possible(r#""StringEqualsIfExists":{"k":"a"},"Null":{"k":"true"}"#);
}

#[test]
fn what_is_required_and_refused_is_impossible() {
    impossible(r#""IpAddress":{"k":"10.0.0.0/8"} not "IpAddress":{"K":"10.0.0.0/8"}"#);
    impossible(r#""ForAnyValue:StringLike":{"k":"a*"} not "ForAnyValue:StringLike":{"k":"a*"}"#);
    possible(r#""ForAnyValue:StringLike":{"k":"a*"} not "ForAnyValue:StringLike":{"k":"b*"}"#);
}

#[test]
fn a_key_with_several_values_may_meet_what_one_value_cannot() {
    possible(r#""ForAnyValue:StringEquals":{"k":"a"},"StringEquals":{"k":"b"}"#);
    possible(r#""StringEquals":{"aws:TagKeys":"a"},"StringLike":{"aws:TagKeys":"b"}"#);
    impossible(
        r#""StringEquals":{"aws:PrincipalOrgID":"a"},"StringLike":{"aws:PrincipalOrgID":"b"}"#,
    );
}

#[test]
fn values_that_are_not_what_they_seem_are_left_alone() {
    possible(r#""StringEquals":{"k":"${*}"},"StringLike":{"k":"*"}"#);
    possible(r#""StringEquals":{"k":"${aws:username}"},"StringLike":{"k":"bob"}"#);
}

#[test]
fn patterns_exclude_each_other_by_their_beginnings_and_ends() {
    impossible(r#""StringLike":{"k":"b*"} not "StringNotLikeIfExists":{"k":"a*"}"#);
    impossible(r#""StringLike":{"k":"b*"},"ArnLike":{"k":"arn:aws:s3:::b/*"}"#);
    impossible(r#""StringLike":{"k":"a*z"},"ArnLike":{"k":"*:*:*:*:*:*y"}"#);
    impossible(r#""StringLike":{"k":"a*"} not "StringLike":{"k":["b*","*"]}"#);
    impossible(r#""StringLike":{"k":"ab*c"} not "StringLike":{"k":"a*"}"#);
    impossible(r#""StringLike":{"k":"ab*"},"StringNotLike":{"k":"a*"}"#);
    possible(r#""StringLike":{"k":"a*"} not "StringLike":{"k":"ab*"}"#);
    possible(r#""StringLike":{"k":"a*"},"StringNotLike":{"k":"a?"}"#);
    possible(r#""StringLike":{"k":"a?*"} not "StringLike":{"k":"a??"}"#);
    possible(r#""StringLike":{"k":"ab*"},"ArnLike":{"k":"*"}"#);
    possible(r#""StringLike":{"k":"*a"},"ArnLike":{"k":"*:*:*:*:*:*ba"}"#);
    possible(r#""StringLikeIfExists":{"k":"a*"},"ArnLikeIfExists":{"k":"arn:aws:s3:::*"}"#);
    possible(r#""StringLike":{"k":["a*","arn:*"]},"ArnLike":{"k":["arn:aws:s3:::*"]}"#);
}

#[test]
fn numbers_exclude_each_other() {
    impossible(r#""NumericLessThan":{"k":"5"},"NumericGreaterThan":{"k":"7"}"#);
    impossible(r#""NumericLessThan":{"k":"5"},"NumericGreaterThanEquals":{"k":"5"}"#);
    impossible(r#""NumericEquals":{"k":"5.0"},"NumericNotEquals":{"k":"5"}"#);
    impossible(r#""NumericLessThanEquals":{"k":"-1"} not "NumericLessThan":{"k":"0"}"#);
    possible(r#""NumericLessThan":{"k":"5.1"},"NumericGreaterThan":{"k":"5"}"#);
    possible(r#""NumericLessThan":{"k":"-5"},"NumericGreaterThan":{"k":"-5.1"}"#);
    possible(r#""NumericLessThan":{"k":"0"},"NumericGreaterThan":{"k":"-0.1"}"#);
    possible(
        r#""NumericLessThan":{"k":"1"},"NumericGreaterThan":{"k":"-1"},"NumericNotEquals":{"k":"0"}"#,
    );
    possible(r#""NumericGreaterThan":{"k":["5","7"]} not "NumericGreaterThan":{"k":"6"}"#);
    possible(r#""NumericLessThan":{"k":"-99"},"NumericNotEquals":{"k":"-100"}"#);
    possible(r#""NumericGreaterThan":{"k":"99"},"NumericNotEquals":{"k":"100"}"#);
    possible(r#""NumericGreaterThan":{"k":"1e2"},"NumericLessThan":{"k":"101"}"#);
    possible(r#""NumericLessThanIfExists":{"k":"5"},"NumericGreaterThanIfExists":{"k":"7"}"#);
    possible(r#""NumericEquals":{"k":"5"},"StringEquals":{"k":"5.0"}"#);
}

#[test]
fn times_exclude_each_other() {
    possible(r#" not "DateEqualsIfExists":{"k":"noon"}"#);
    possible(r#""DateNotEquals":{"k":"noon"},"Null":{"k":"false"}"#);
    impossible(r#""DateEquals":{"k":"noon"}"#);
    possible(r#" not "NumericEqualsIfExists":{"k":"ten"}"#);
    possible(r#" not "IpAddressIfExists":{"k":"here"}"#);
    possible(r#" not "BoolIfExists":{"k":"perhaps"}"#);
    impossible(r#""DateLessThan":{"k":"2026-01-01"},"DateGreaterThan":{"k":"2026-01-02"}"#);
    impossible(r#""DateEquals":{"k":"2026-01-01"},"DateNotEquals":{"k":"1767225600"}"#);
    possible(r#""DateGreaterThan":{"k":"2026-01-01"},"DateLessThan":{"k":"2026-01-01T00:00:01Z"}"#);
    possible(r#""DateLessThan":{"k":"2026-01-01"},"DateNotEquals":{"k":"2025-01-01"}"#);
    possible(r#""DateGreaterThan":{"k":"2026-01-01"},"DateNotEquals":{"k":"2027-01-01"}"#);
    possible(
        r#""DateLessThanEquals":{"k":"2026-01-01"},"DateGreaterThanEquals":{"k":"2026-01-01"}"#,
    );
    possible(r#""DateEquals":{"k":"2026-01-01"} not "DateEquals":{"k":"2026-01-02"}"#);
}

#[test]
fn networks_exclude_each_other() {
    impossible(r#""IpAddress":{"k":"10.0.0.0/8"},"NotIpAddress":{"k":"10.0.0.0/7"}"#);
    impossible(
        r#""IpAddress":{"k":"10.0.0.0/8"} not "IpAddress":{"k":["10.0.0.0/9","10.128.0.0/9"]}"#,
    );
    impossible(r#""IpAddress":{"k":"2001:db8::/32"},"NotIpAddress":{"k":"2001::/16"}"#);
    possible(r#""IpAddress":{"k":"10.0.0.0/8"},"NotIpAddress":{"k":"10.0.0.0/9"}"#);
    possible(r#""IpAddress":{"k":"10.0.0.0/8"},"NotIpAddress":{"k":"10.128.0.0/9"}"#);
    possible(
        r#""IpAddress":{"k":"10.0.0.0/8"} not "IpAddress":{"k":["10.0.0.0/10","10.128.0.0/9"]}"#,
    );
    possible(
        r#""IpAddress":{"k":"10.0.0.0/30"} not "IpAddress":{"k":["10.0.0.0","10.0.0.1","10.0.0.3"]}"#,
    );
    possible(r#""IpAddress":{"k":"10.0.0.0/30"} not "IpAddress":{"k":["10.0.0.0/31","10.0.0.3"]}"#);
    possible(r#""IpAddress":{"k":"255.255.255.254/31"} not "IpAddress":{"k":"255.255.255.254"}"#);
    impossible(r#""IpAddress":{"k":"255.0.0.0/8"} not "IpAddress":{"k":"0.0.0.0/0"}"#);
    possible(r#""IpAddress":{"k":"2001:db8::/32"} not "IpAddress":{"k":"2001:db8::/33"}"#);
    possible(r#""IpAddress":{"k":"0.0.0.0/0"},"NotIpAddress":{"k":"::/0"}"#);
    possible(r#""IpAddressIfExists":{"k":"10.0.0.0/8"},"NotIpAddress":{"k":"10.0.0.0/8"}"#);
}

#[test]
fn true_and_false_exclude_each_other() {
    impossible(r#""Bool":{"k":"true"},"BoolIfExists":{"k":"FALSE"}"#);
    impossible(r#""Bool":{"k":"true"} not "BoolIfExists":{"k":"true"}"#);
    possible(r#""Bool":{"k":"true"} not "BoolIfExists":{"k":"false"}"#);
    possible(r#""BoolIfExists":{"k":"true"} not "Bool":{"k":"true"}"#);
    possible(r#""Bool":{"k":"true"},"StringEquals":{"k":"TRUE"}"#);
}

/// Choices are made one after the other; what is left must still fit.
#[test]
fn choices_that_leave_no_way_are_impossible() {
    let any = |text: &str| Requirement::Any(requirements(text));
    let a = r#""StringEquals":{"k":"a"},"StringLike":{"k":"b"}"#;
    let c = r#""StringEquals":{"k":"c"},"StringLike":{"k":"d"}"#;
    let b = r#""StringEquals":{"k":"b"},"StringLike":{"k":"c"}"#;
    assert!(is_impossible(&[any(a), any(c)]));
    assert!(!is_impossible(&[any(a), any(b)]));
    assert!(is_impossible(&[
        any(a),
        any(b),
        any(r#""StringEquals":{"k":"a"},"StringLike":{"k":"d"}"#)
    ]));
    let all = Requirement::All(requirements(
        r#""StringEquals":{"k":"c"},"StringLike":{"k":"d"}"#,
    ));
    assert!(is_impossible(std::slice::from_ref(&all)));
    assert!(!is_impossible(&[Requirement::Any(
        [vec![all], requirements(a)].concat()
    )]));
}

/// A search that would take too long is given up: for all that is known, there is a way.
#[test]
fn what_takes_too_long_to_rule_out_is_possible() {
    let any = |text: &str| Requirement::Any(requirements(text));
    let mut parts = vec![any(r#""StringEquals":{"x":"a"},"StringLike":{"x":"b"}"#)];
    parts.push(any(r#""StringEquals":{"x":"c"},"StringLike":{"x":"d"}"#));
    assert!(is_impossible(&parts));
    for key in 0..12 {
        parts.push(any(&format!(
            r#""StringLike":{{"k{key}":"a*"}},"ArnLike":{{"k{key}":"*"}},"Bool":{{"k{key}":"true"}}"#
        )));
    }
    // What excludes each other comes last.
    parts.rotate_left(2);
    assert!(!is_impossible(&parts));
}

/// What comes of combining, as it is shown.
mod simplified {
    use super::*;

    fn truth(text: &str) -> Truth {
        let parts = requirements(text).into_iter();
        parts.fold(Truth::Yes, |truth, it| truth.and(Truth::Open(it)))
    }

    fn shown(truth: &Truth) -> String {
        match truth {
            Truth::No => "no".to_owned(),
            Truth::Yes => "yes".to_owned(),
            Truth::Open(requirement) => show(requirement),
        }
    }

    fn show(requirement: &Requirement) -> String {
        let list = |list: &[Requirement], word: &str| {
            let parts: Vec<String> = list.iter().map(show).collect();
            format!("({})", parts.join(word))
        };
        match requirement {
            Requirement::All(parts) => list(parts, " and "),
            Requirement::Any(parts) => list(parts, " or "),
            Requirement::Not(unmet) => format!("not {}={}", unmet.key, unmet.values.join(",")),
            Requirement::Is(unmet) => format!("{}={}", unmet.key, unmet.values.join(",")),
        }
    }

    #[track_caller]
    fn is(truth: Truth, expected: &str) {
        assert_eq!(shown(&truth), expected);
    }

    fn one(key: &str, value: &str) -> Truth {
        truth(&format!(r#""StringLike":{{"{key}":"{value}"}}"#))
    }

    #[test]
    fn nothing_stands_twice() {
        is(one("a", "1").and(one("a", "1")), "a=1");
        is(one("a", "1").or(one("a", "1")), "a=1");
        is(
            one("a", "1").and(one("b", "2")).and(one("a", "1")),
            "(a=1 and b=2)",
        );
        is(
            one("a", "1").or(one("b", "2")).or(one("A", "1")),
            "(a=1 or b=2)",
        );
        is(
            one("a", "1").and(one("b", "2").and(one("c", "3"))),
            "(a=1 and b=2 and c=3)",
        );
    }

    #[test]
    fn what_is_sure_decides() {
        is(one("a", "1").and(Truth::No), "no");
        is(Truth::Yes.and(one("a", "1")), "a=1");
        is(one("a", "1").or(Truth::Yes), "yes");
        is(Truth::No.or(one("a", "1")), "a=1");
        is(one("a", "1").negated().negated(), "a=1");
        is(Truth::Yes.negated(), "no");
    }

    #[test]
    fn policies_that_are_not_known_are_told_apart_by_their_names() {
        let policy = |name: &str| Truth::if_met(Unmet::policy(name, "Allow"));
        is(policy("p").or(policy("q")), "(p=Allow or q=Allow)");
        is(policy("p").or(policy("p")), "p=Allow");
        is(
            policy("p").and(Truth::if_met(Unmet::policy("p", "Deny")).negated()),
            "(p=Allow and not p=Deny)",
        );
    }

    #[test]
    fn a_thing_and_its_contrary_are_all_or_nothing() {
        is(one("a", "1").and(one("a", "1").negated()), "no");
        is(one("a", "1").or(one("a", "1").negated()), "yes");
        let both = one("a", "1").and(one("b", "2"));
        is(both.negated(), "(not a=1 or not b=2)");
    }

    #[test]
    fn what_follows_from_the_rest_is_left_out() {
        let choice = one("a", "1").or(one("b", "2"));
        is(choice.clone().and(one("a", "1")), "a=1");
        is(one("a", "1").and(one("b", "2")).or(one("a", "1")), "a=1");
        is(choice.clone().and(one("a", "9")), "(a=9 and b=2)");
        is(choice.and(one("a", "9")).and(one("b", "9")), "no");
        is(one("a", "12").and(one("a", "1*")), "a=12");
        is(one("a", "1*").and(one("a", "12")), "a=12");
        is(one("a", "1*").and(one("b", "1*")), "(a=1* and b=1*)");
    }

    #[test]
    fn facts_settle_what_is_open() {
        let Truth::Open(requirement) = one("a", "1").or(one("b", "2").and(one("c", "3"))) else {
            panic!("it is open");
        };
        let mut facts = Facts::new(Rest::Unknown);
        facts.set_value("b", "2");
        is(requirement.under(&facts), "(a=1 or c=3)");
        facts.set_value("a", "0");
        is(requirement.under(&facts), "c=3");
        facts.set_value("c", "3");
        is(requirement.under(&facts), "yes");
        facts.set_value("c", "4");
        is(requirement.under(&facts), "no");
    }
}
