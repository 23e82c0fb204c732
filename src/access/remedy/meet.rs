//! Conditions that whoever asks can make come out otherwise.

use compact_str::{CompactString, format_compact};

use crate::access::condition::Condition;
use crate::access::facts::{Fact, Facts, is_of_principal, is_of_resource};
use crate::policy::{Comparison, Matched};

/// A value of a condition's key with which the condition is met, or is not, as wanted. None where
/// the key is not up to whoever asks, or no value is found.
pub(super) fn example(condition: &Condition, facts: &Facts, wanted: bool) -> Option<CompactString> {
    if !is_up_to_caller(condition.key_lower()) {
        return None;
    }
    let wanted = Matched::from(wanted);
    let does = |value: &CompactString| {
        let mut facts = facts.clone();
        facts.set(condition.key(), Fact::Values(vec![value.clone()]));
        condition.matched(&facts) == wanted
    };
    values(condition, facts).into_iter().find(does)
}

/// Whether a key, in lower case, is up to how the request is made: not to who makes it, to what it
/// is about, or to the time.
fn is_up_to_caller(key: &str) -> bool {
    let is_of_time = matches!(
        key,
        "aws:currenttime" | "aws:epochtime" | "aws:tokenissuetime"
    );
    let is_of_resource =
        is_of_resource(key) || key.contains(":resource") || key.contains(":existingobjecttag");
    !(is_of_principal(key) || is_of_resource || is_of_time)
}

/// Values to try: those of the condition, and some that are close to them.
fn values(condition: &Condition, facts: &Facts) -> Vec<CompactString> {
    let mut found = Vec::new();
    for text in condition.values_in_words(facts) {
        match condition.operator().comparison {
            // Any value is as good as another.
            Comparison::Null => found.push("any".into()),
            Comparison::Bool => found.extend(["true", "false"].map(CompactString::from)),
            Comparison::Numeric(_) => {
                found.push(text.clone());
                let number = text.parse::<i64>().into_iter();
                let close = number.flat_map(|it| [it.saturating_sub(1), it.saturating_add(1)]);
                found.extend(close.map(|it| format_compact!("{it}")));
            }
            Comparison::Ip { .. } => {
                found.extend(text.split('/').next().map(CompactString::from));
                // Of those that are for documents, one is in none of the usual networks.
                found.extend(["203.0.113.7", "2001:db8::7"].map(CompactString::from));
            }
            Comparison::String { like, .. } => {
                let text = if like { filled(&text) } else { text };
                found.extend([text.clone(), format_compact!("not-{text}")]);
            }
            Comparison::Arn { .. } => found.push(filled(&text)),
            Comparison::Date(_) | Comparison::Binary => found.push(text),
        }
    }
    found
}

/// A text that a pattern describes.
fn filled(pattern: &str) -> CompactString {
    pattern.replace('*', "").replace('?', "x").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::facts::Rest;
    use crate::policy::Document;

    /// The value for the only condition of a text.
    fn example_of(operator: &str, key: &str, value: &str, wanted: bool) -> Option<CompactString> {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Condition":{{"{operator}":{{"{key}":"{value}"}}}}}}}}"#
        );
        let document = Document::parse(&text);
        let condition = Condition::new(&document.statements[0].conditions[0], true).unwrap();
        example(&condition, &Facts::new(Rest::Missing), wanted)
    }

    #[test]
    fn a_value_is_found_for_every_kind_of_comparison() {
        for (operator, value, wanted, expected) in [
            ("Bool", "true", true, "true"),
            ("BoolIfExists", "false", false, "true"),
            ("StringEquals", "a", true, "a"),
            ("StringLike", "a*b?", true, "abx"),
            ("StringNotEquals", "a", false, "a"),
            ("StringNotEquals", "a", true, "not-a"),
            ("NumericLessThan", "900", true, "899"),
            ("NumericGreaterThan", "900", true, "901"),
            ("IpAddress", "10.0.0.0/8", true, "10.0.0.0"),
            ("NotIpAddress", "10.0.0.0/8", true, "203.0.113.7"),
            ("ArnLike", "arn:aws:sns:*:1:t*", true, "arn:aws:sns::1:t"),
            ("Null", "false", true, "any"),
        ] {
            let found = example_of(operator, "my:key", value, wanted);
            assert_eq!(
                found.as_deref(),
                Some(expected),
                "{operator} {value} {wanted}"
            );
        }
        assert_eq!(example_of("Null", "my:key", "true", true), None);
    }

    #[test]
    fn not_every_key_is_up_to_the_caller() {
        for key in [
            "aws:PrincipalArn",
            "aws:username",
            "aws:ResourceTag/team",
            "s3:ResourceAccount",
            "s3:ExistingObjectTag/team",
            "aws:CurrentTime",
        ] {
            assert_eq!(example_of("StringEquals", key, "a", true), None, "{key}");
        }
    }
}
