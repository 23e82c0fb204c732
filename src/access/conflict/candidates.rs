//! The values that are worth trying: if none of them satisfies a group of conditions, none does.

use std::net::IpAddr;

use compact_str::CompactString;

use super::Literal;
use crate::access::condition::Condition;
use crate::access::facts::Fact;
use crate::policy::Comparison;
use crate::policy::value::{Network, instant};

/// All values that a literal leaves, where those are few; none where they are not.
///
/// For numbers, times and networks the values stand for all others: whether a condition is met
/// changes only at the borders of its values.
pub(super) fn of(literal: Literal<'_>, group: &[Literal<'_>]) -> Option<Vec<Fact>> {
    let (unmet, must) = literal;
    let condition = unmet.as_condition()?;
    let operator = condition.operator();
    let comparison = operator.comparison;
    if comparison == Comparison::Null {
        let absent = condition
            .texts()
            .iter()
            .any(|it| it.eq_ignore_ascii_case("true"));
        let present = condition
            .texts()
            .iter()
            .any(|it| it.eq_ignore_ascii_case("false"));
        return (absent != present && absent == must).then(|| vec![Fact::Missing]);
    }
    // What must not be met under a negated operator must be met under the plain one.
    let is_wanted = must != comparison.is_negated();
    let is_alone = || {
        let of_family =
            |it: &Literal<'_>| it.0.as_condition().is_some_and(|it| is_like(it, condition));
        group.iter().all(of_family)
    };
    let texts = || condition.texts().iter().cloned();
    let mut values: Vec<CompactString> = match comparison {
        Comparison::String {
            like: false,
            ignore_case: false,
            ..
        } if is_wanted => texts().collect(),
        Comparison::String { like: true, .. } | Comparison::Arn { .. } if is_wanted => {
            if texts().any(|text| text.contains(['*', '?'])) {
                return None;
            }
            texts().collect()
        }
        Comparison::Bool if is_wanted && is_alone() => vec!["true".into(), "false".into()],
        Comparison::Numeric(_) if is_alone() => numbers(group)?,
        Comparison::Date(_) if is_alone() => instants(group)?,
        Comparison::Ip { .. } if is_wanted && is_alone() => networks(group)?,
        _ => return None,
    };
    values.dedup();
    let mut facts: Vec<Fact> = values
        .into_iter()
        .map(|it| Fact::Values(vec![it]))
        .collect();
    facts.push(Fact::Missing);
    Some(facts)
}

fn is_like(one: &Condition, other: &Condition) -> bool {
    let kind = |it: &Condition| std::mem::discriminant(&it.operator().comparison);
    kind(one) == kind(other)
}

fn texts<'a>(group: &'a [Literal<'_>]) -> impl Iterator<Item = &'a CompactString> {
    let conditions = group.iter().filter_map(|(unmet, _)| unmet.as_condition());
    conditions.flat_map(Condition::texts)
}

/// Each number, one a little farther from zero, and what lies beyond all of them.
fn numbers(group: &[Literal<'_>]) -> Option<Vec<CompactString>> {
    let mut values: Vec<CompactString> = ["0", "-1e1000000", "1e1000000"].map(Into::into).into();
    for text in texts(group).map(|it| it.trim()).chain(["0", "-0"]) {
        if text.contains(['e', 'E']) {
            return None;
        }
        values.push(text.into());
        let point = if text.contains('.') { "" } else { "." };
        values.push(format!("{text}{point}00000000000000000000001").into());
    }
    // Negative zero reads as zero: the smallest number below zero needs its own digits.
    values.push("-0.00000000000000000000001".into());
    Some(values)
}

/// Each time, and one a nanosecond before and after.
fn instants(group: &[Literal<'_>]) -> Option<Vec<CompactString>> {
    let nanosecond = jiff::SignedDuration::from_nanos(1);
    // Where nothing can be read as a time, all times are alike.
    let mut values: Vec<CompactString> = vec!["1970-01-01T00:00:00Z".into()];
    for at in texts(group).filter_map(|text| instant(text)) {
        for at in [
            at.checked_sub(nanosecond).ok()?,
            at,
            at.checked_add(nanosecond).ok()?,
        ] {
            values.push(at.to_string().into());
        }
    }
    Some(values)
}

/// The first address of each network, and the one after its last: whatever addresses satisfy a
/// group, the lowest of them is one of these.
fn networks(group: &[Literal<'_>]) -> Option<Vec<CompactString>> {
    let mut values = Vec::new();
    for network in texts(group).filter_map(|text| Network::parse(text)) {
        let (first, last) = network.ends();
        values.push(first.to_string().into());
        values.extend(next(last).map(|after| CompactString::from(after.to_string())));
    }
    Some(values)
}

fn next(address: IpAddr) -> Option<IpAddr> {
    Some(match address {
        IpAddr::V4(it) => IpAddr::V4(it.to_bits().checked_add(1)?.into()),
        IpAddr::V6(it) => IpAddr::V6(it.to_bits().checked_add(1)?.into()),
    })
}
