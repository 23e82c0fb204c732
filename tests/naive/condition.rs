//! The condition block of a statement.

use std::cmp::Ordering;

use serde_json::Value;

use super::context::{pieces, plain, request_values, scalars};
use super::data::{Number, binary, in_range, instant, truth};
use super::matching::{arn_matches, chars, glob};

/// How an operator treats the several values of a key.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Set {
    /// No set operator.
    Single,
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// An operator's name in its parts.
#[derive(Debug)]
struct Operator<'a> {
    set: Set,
    /// The positive operator; a negated one is its reverse, value by value.
    base: &'a str,
    negated: bool,
    if_exists: bool,
}

/// The positive operators.
const POSITIVE: [&str; 19] = [
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "NumericEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "ArnEquals",
    "ArnLike",
    "Null",
];

/// The negated operators, each with the operator that it reverses.
const NEGATED: [(&str, &str); 8] = [
    ("StringNotEquals", "StringEquals"),
    ("StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"),
    ("StringNotLike", "StringLike"),
    ("NumericNotEquals", "NumericEquals"),
    ("DateNotEquals", "DateEquals"),
    ("NotIpAddress", "IpAddress"),
    ("ArnNotEquals", "ArnEquals"),
    ("ArnNotLike", "ArnLike"),
];

/// The parts of an operator's name; none for an operator that does not exist. `Null` takes no
/// `IfExists`. [reference_policies_elements_condition_operators]
fn operator(name: &str) -> Option<Operator<'_>> {
    let (set, rest) = match name.split_once(':') {
        Some(("ForAllValues", rest)) => (Set::All, rest),
        Some(("ForAnyValue", rest)) => (Set::Any, rest),
        Some(_) => return None,
        None => (Set::Single, name),
    };
    let (rest, if_exists) = match rest.strip_suffix("IfExists") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let negated = NEGATED.iter().find(|(negated, _)| *negated == rest);
    let base = negated.map_or(rest, |(_, positive)| positive);
    let known = POSITIVE.contains(&base) && !(base == "Null" && if_exists);
    known.then_some(Operator {
        set,
        base,
        negated: negated.is_some(),
        if_exists,
    })
}

/// Whether a condition block can be evaluated: every operator is known and holds keys with values.
/// [reference_policies_elements_condition]
pub fn well_formed(condition: &Value) -> bool {
    condition.as_object().is_some_and(|operators| {
        operators.iter().all(|(name, keys)| {
            operator(name).is_some()
                && keys
                    .as_object()
                    .is_some_and(|keys| keys.values().all(|values| scalars(values).is_some()))
        })
    })
}

/// Whether a condition block holds: all its operators, and all keys of each.
/// [reference_policies_multi-value-conditions]
pub fn holds(condition: &Value, version: &str, context: &Value) -> bool {
    let Some(operators) = condition.as_object() else {
        return false;
    };
    operators.iter().all(|(name, keys)| {
        let (Some(operator), Some(keys)) = (operator(name), keys.as_object()) else {
            return false;
        };
        keys.iter().all(|(key, values)| {
            let wanted = scalars(values).unwrap_or_default();
            key_holds(
                &operator,
                &wanted,
                &request_values(context, key),
                version,
                context,
            )
        })
    })
}

/// Whether one key of one operator holds.
///
/// A missing key makes a positive operator false and a negated one true, and `IfExists` true;
/// `ForAllValues` is then true and `ForAnyValue` false, whatever else its name says. Of several
/// request values, a positive operator needs one that matches, a negated one all; a set operator
/// says so itself. [reference_policies_condition-single-vs-multi-valued-context-keys]
fn key_holds(
    operator: &Operator<'_>,
    wanted: &[String],
    given: &[String],
    version: &str,
    context: &Value,
) -> bool {
    if operator.base == "Null" {
        return wanted
            .iter()
            .any(|value| truth(value) == Some(given.is_empty()));
    }
    let value_holds = |value: &String| {
        let listed = wanted
            .iter()
            .any(|pattern| matches(operator.base, pattern, value, version, context));
        listed != operator.negated
    };
    match operator.set {
        Set::All => given.iter().all(value_holds),
        Set::Any => given.iter().any(value_holds),
        Set::Single if given.is_empty() => operator.if_exists || operator.negated,
        Set::Single if operator.negated => given.iter().all(value_holds),
        Set::Single => given.iter().any(value_holds),
    }
}

/// Whether one value of the policy matches one value of the request under a positive operator. A
/// value that is not of the operator's type matches nothing, nor does a variable without a value;
/// only String, ARN and Bool operators have variables.
/// [reference_policies_elements_condition_operators, reference_policies_variables]
fn matches(base: &str, wanted: &str, given: &str, version: &str, context: &Value) -> bool {
    if let Some(relation) = base.strip_prefix("Numeric") {
        let (wanted, given) = (Number::read(wanted), Number::read(given));
        return given
            .zip(wanted)
            .is_some_and(|(given, wanted)| related(relation, given.compare(&wanted)));
    }
    if let Some(relation) = base.strip_prefix("Date") {
        let (wanted, given) = (instant(wanted), instant(given));
        return given
            .zip(wanted)
            .is_some_and(|(given, wanted)| related(relation, given.cmp(&wanted)));
    }
    if base == "IpAddress" {
        return in_range(wanted, given);
    }
    if base == "BinaryEquals" {
        return binary(wanted).is_some() && binary(wanted) == binary(given);
    }
    let Some(pattern) = pieces(wanted, version, context) else {
        return false;
    };
    match base {
        "StringEquals" => plain(&pattern) == given,
        "StringEqualsIgnoreCase" => plain(&pattern).to_lowercase() == given.to_lowercase(),
        "StringLike" => glob(&pattern, &chars(given)),
        "ArnEquals" | "ArnLike" => arn_matches(&pattern, given),
        "Bool" => truth(given).is_some() && truth(given) == truth(&plain(&pattern)),
        _ => false,
    }
}

/// Whether the request's value stands in the relation to the policy's that the operator's name ends
/// with. [reference_policies_elements_condition_operators]
fn related(relation: &str, order: Ordering) -> bool {
    match relation {
        "Equals" => order.is_eq(),
        "LessThan" => order.is_lt(),
        "LessThanEquals" => order.is_le(),
        "GreaterThan" => order.is_gt(),
        "GreaterThanEquals" => order.is_ge(),
        _ => false,
    }
}
