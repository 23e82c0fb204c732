//! What must be met, in words.

use std::fmt::{self, Write};

use compact_str::CompactString;

use super::policy_in_words;
use crate::access::{Requirement, Unmet};
use crate::policy::value::boolean;
use crate::policy::{self, Comparison, Operator, Span, conditions_in_words};
use crate::visible::visible;

pub(in crate::report) fn requirement_lines(
    requirement: &Requirement,
    depth: usize,
    out: &mut String,
) -> fmt::Result {
    let indent = "  ".repeat(depth);
    match requirement {
        Requirement::All(list) | Requirement::Any(list) => {
            let title = match requirement {
                Requirement::All(_) => "all of",
                _ => "one of",
            };
            writeln!(out, "{indent}{title}")?;
            list.iter()
                .try_for_each(|it| requirement_lines(it, depth + 1, out))
        }
        Requirement::Is(unmet) => writeln!(out, "{indent}{}", unmet_in_words(unmet)),
        Requirement::Not(unmet) => writeln!(out, "{indent}{}", not_in_words(unmet)),
    }
}

/// A requirement in one line.
pub fn requirement_in_short(requirement: &Requirement) -> String {
    let (list, word) = match requirement {
        Requirement::All(list) => (list, " and "),
        Requirement::Any(list) => (list, " or "),
        Requirement::Is(unmet) => return unmet_in_words(unmet),
        Requirement::Not(unmet) => return not_in_words(unmet),
    };
    let parts: Vec<String> = list
        .iter()
        .map(|part| match part {
            Requirement::All(_) | Requirement::Any(_) => {
                format!("({})", requirement_in_short(part))
            }
            Requirement::Is(_) | Requirement::Not(_) => requirement_in_short(part),
        })
        .collect();
    parts.join(word)
}

fn not_in_words(unmet: &Unmet) -> String {
    match unmet.operator.as_str() {
        "Policy" => {
            let policy = policy_in_words(&unmet.key);
            return format!("not denied by {policy}, which is not known");
        }
        "Resource" if unmet.key.is_empty() => {
            return format!("the resource is not {}", visible(&unmet.values.join(", ")));
        }
        _ => {}
    }
    match contrary(&unmet.operator, &unmet.values) {
        Some((operator, values)) => condition_in_words(&operator, &unmet.key, &values),
        None => format!("not: {}", unmet_in_words(unmet)),
    }
}

/// That a condition is not met.
pub(in crate::report) fn unmet_condition_in_words(
    operator: &str,
    key: &str,
    values: &[CompactString],
) -> String {
    match contrary(operator, values) {
        Some((operator, values)) => condition_in_words(&operator, key, &values),
        None => format!("not: {}", condition_in_words(operator, key, values)),
    }
}

/// What says the same as *not* this: for a negated operator the plain one (the key is there, and
/// fits), for a boolean the other value.
fn contrary(written: &str, values: &[CompactString]) -> Option<(String, Vec<CompactString>)> {
    let operator = Operator::parse(written)?;
    if operator.quantifier.is_some() {
        return None;
    }
    let plain = written.strip_suffix("IfExists");
    if operator.comparison == Comparison::Bool
        && let [value] = values
    {
        let other = match boolean(value)? {
            true => "false",
            false => "true",
        };
        // Where a missing key fits, its contrary asks for the key, and the other way round.
        let name = match plain {
            Some(plain) => plain.to_owned(),
            None => format!("{written}IfExists"),
        };
        return Some((name, vec![other.into()]));
    }
    let is_negated = operator.comparison.is_negated();
    let name = plain.unwrap_or(written);
    is_negated.then(|| (name.replacen("Not", "", 1), values.to_vec()))
}

fn unmet_in_words(unmet: &Unmet) -> String {
    let values = || unmet.values.join(", ");
    match unmet.operator.as_str() {
        "Policy" => {
            let verb = match values().as_str() {
                "Deny" => "denied",
                _ => "allowed",
            };
            let policy = policy_in_words(&unmet.key);
            format!("{verb} by {policy}, which is not known")
        }
        "Resource" if unmet.key.is_empty() => format!("the resource is {}", visible(&values())),
        "Resource" => format!(
            "{} is such that {} is this resource",
            visible(&unmet.key),
            visible(&values())
        ),
        operator => condition_in_words(operator, &unmet.key, &unmet.values),
    }
}

pub(in crate::report) fn condition_in_words(
    operator: &str,
    key: &str,
    values: &[CompactString],
) -> String {
    let value = |text: &str| policy::Value {
        span: Span::default(),
        text: text.into(),
    };
    let statement = policy::Statement {
        conditions: vec![policy::Condition {
            span: Span::default(),
            operator: value(operator),
            key: value(key),
            values: policy::Values {
                key: Span::default(),
                span: Span::default(),
                list: values.iter().map(|text| value(text)).collect(),
            },
        }],
        has_variables: true,
        ..policy::Statement::default()
    };
    // Sentences leave direction marks and invisible characters as they are.
    visible(&conditions_in_words(&statement).join(" and ")).into_owned()
}
