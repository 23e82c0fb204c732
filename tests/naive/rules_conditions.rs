//! The evaluator on single rules of conditions.

use serde_json::json;

use super::rules::{allows, holds, value};

#[test]
fn a_missing_key_fails_positive_operators_and_passes_negated_ones() {
    let missing = |operator: &str| holds(operator, "app:Key", json!("1"), json!({}));
    assert!(!missing("StringEquals"));
    assert!(missing("StringNotEquals"));
    assert!(missing("NumericNotEquals"));
    assert!(!missing("IpAddress"));
    assert!(missing("NotIpAddress"));
    assert!(missing("StringEqualsIfExists"));
    assert!(missing("BoolIfExists"));
    assert!(missing("ForAllValues:StringEquals"));
    assert!(!missing("ForAnyValue:StringEquals"));
    assert!(!missing("ForAnyValue:StringNotEquals"));
    assert!(!missing("ForAnyValue:StringEqualsIfExists"));
    assert!(holds(
        "StringNotEquals",
        "app:Key",
        json!("1"),
        json!({"app:Key": []})
    ));
}

#[test]
fn several_values_of_policy_and_request() {
    let test = |operator: &str, wanted: &[&str], given: &[&str]| {
        holds(
            operator,
            "app:Key",
            json!(wanted),
            json!({"app:Key": given}),
        )
    };
    assert!(test("StringEquals", &["a", "b"], &["c", "b"]));
    assert!(!test("StringNotEquals", &["a", "b"], &["c", "b"]));
    assert!(test("StringNotEquals", &["a", "b"], &["c", "d"]));
    assert!(test("ForAllValues:StringEquals", &["a", "b"], &["a", "b"]));
    assert!(!test("ForAllValues:StringEquals", &["a", "b"], &["a", "c"]));
    assert!(test(
        "ForAnyValue:StringNotEquals",
        &["a", "b"],
        &["a", "c"]
    ));
    assert!(!test(
        "ForAnyValue:StringNotEquals",
        &["a", "b"],
        &["a", "b"]
    ));
    assert!(!test("ForAllValues:StringNotEquals", &["a"], &["a", "c"]));
    assert!(!test("StringEquals", &[], &["a"]));
    assert!(test("StringNotEquals", &[], &["a"]));
    assert!(!test("ForAllValues:StringEquals", &[], &["a"]));
    assert!(test("Bool", &["true"], &["false", "true"]));
}

#[test]
fn all_operators_and_all_keys_must_hold() {
    let block = |second: &str| {
        let condition = json!({
            "StringEquals": {"app:A": "1", "app:B": second},
            "Bool": {"app:C": true},
        });
        let context = json!({"app:a": "1", "APP:B": "2", "app:C": "TRUE"});
        allows(
            "2012-10-17",
            json!({"Condition": condition}),
            "s3:GetObject",
            "*",
            context,
        )
    };
    assert!(block("2"));
    assert!(!block("3"));
}

#[test]
fn texts() {
    assert!(!value("StringEquals", "Alice", "alice"));
    assert!(!value("StringEquals", "a*", "alice"));
    assert!(value("StringEqualsIgnoreCase", "ALICE", "alice"));
    assert!(!value("StringNotEqualsIgnoreCase", "ALICE", "alice"));
    assert!(value("StringLike", "a?i*", "alice"));
    assert!(!value("StringNotLike", "a?i*", "alice"));
    assert!(!value("StringLike", "A*", "alice"));
}

#[test]
fn arns_have_six_components() {
    let topic = "arn:aws:sns:eu-west-1:111122223333:alerts:a";
    for operator in ["ArnEquals", "ArnLike"] {
        assert!(value(operator, "arn:aws:sns:*:*:alert*", topic));
        assert!(value(operator, "arn:aws:*:eu-*:1*3:*a", topic));
        assert!(!value(operator, "arn:aws:sns:*:alerts:a", topic));
        assert!(!value(operator, "arn:aws:sns*", topic));
        assert!(value(operator, "*", "no ARN"));
        assert!(!value(operator, "arn:*", "arn:aws"));
    }
    assert!(value("ArnNotLike", "arn:aws:sns:*:*:b*", topic));
    assert!(value("ArnNotEquals", "arn:aws:sns:*:*:*", "no ARN"));
}

#[test]
fn numbers_are_exact() {
    assert!(value("NumericEquals", "10", "1.0e1"));
    assert!(value("NumericEquals", "-0", "+0.00"));
    assert!(!value(
        "NumericEquals",
        "9007199254740992",
        "9007199254740993"
    ));
    assert!(value("NumericLessThan", "0.2", "0.19999999999999999999"));
    assert!(value("NumericLessThan", "-1", "-1.5"));
    assert!(value("NumericGreaterThanEquals", "-1", "0"));
    assert!(value("NumericGreaterThan", "9", "10"));
    assert!(!value("NumericLessThan", "10", "ten"));
    assert!(value("NumericNotEquals", "ten", "10"));
}

#[test]
fn dates_are_instants() {
    assert!(value(
        "DateEquals",
        "1714564800",
        "2024-05-01T14:00:00+02:00"
    ));
    assert!(value(
        "DateEquals",
        "2024-05-01T12:00Z",
        "2024-05-01T07:30-04:30"
    ));
    assert!(value("DateEquals", "2024", "2024-01-01T00:00:00.000Z"));
    assert!(value("DateEquals", "2024-05", "2024-05-01"));
    assert!(value(
        "DateLessThan",
        "1714564800.5",
        "2024-05-01T12:00:00.25Z"
    ));
    assert!(value("DateGreaterThan", "1969-12-31", "1970-01-01"));
    assert!(value("DateEquals", "1970-01-01", "1970-01-01T00:00:00"));
    assert!(value("DateEquals", "951782400", "2000-02-29"));
    assert!(!value("DateGreaterThan", "2024", "2024-02-30"));
    assert!(value("DateNotEquals", "2024", "tomorrow"));
}

#[test]
fn addresses_and_ranges() {
    assert!(value("IpAddress", "0.0.0.0/0", "203.0.113.7"));
    assert!(value("IpAddress", "203.0.113.9/24", "203.0.113.200"));
    assert!(!value("IpAddress", "203.0.113.0/25", "203.0.113.200"));
    assert!(value("IpAddress", "203.0.113.7", "203.0.113.7"));
    assert!(value("IpAddress", "2001:db8::/32", "2001:DB8:0:1::1"));
    assert!(value("IpAddress", "2001:db8::1", "2001:db8:0::1"));
    assert!(!value("IpAddress", "0.0.0.0/0", "2001:db8::1"));
    assert!(value("NotIpAddress", "0.0.0.0/0", "2001:db8::1"));
    assert!(value("NotIpAddress", "10.0.0.0/33", "10.0.0.1"));
    assert!(!value("IpAddress", "10.0.0.0/8", "localhost"));
}

#[test]
fn booleans_binary_and_null() {
    assert!(value("Bool", "true", "True"));
    assert!(!value("Bool", "true", "yes"));
    assert!(value("BinaryEquals", "QmxvYg==", "QmxvYg=="));
    assert!(!value("BinaryEquals", "QmxvYg==", "QmxvYjE="));
    assert!(!value("BinaryEquals", "***", "***"));
    assert!(value("Null", "false", "any"));
    assert!(!value("Null", "true", "any"));
    assert!(holds("Null", "app:Key", json!(true), json!({})));
    assert!(holds(
        "Null",
        "app:Key",
        json!("true"),
        json!({"app:Key": []})
    ));
    assert!(holds(
        "Null",
        "app:Key",
        json!(["false", "true"]),
        json!({})
    ));
}

#[test]
fn unknown_operators_break_the_statement() {
    for operator in [
        "StringMatches",
        "NullIfExists",
        "ForEach:StringEquals",
        "StringEqualsIfExist",
    ] {
        assert!(
            !holds(operator, "app:Key", json!("1"), json!({"app:Key": "1"})),
            "{operator}"
        );
    }
}
