//! Whether requirements can be met together.
//!
//! A request has one value for a key and one resource, so that two conditions over it may exclude
//! each other. What is judged here is exact where it says that something is impossible; where it is not sure, it
//! says that it may be possible.

mod candidates;

use std::collections::BTreeMap;

use super::condition::Condition;
use super::facts::{Fact, Facts, Rest};
use super::truth::{Requirement, Unmet};
use crate::policy::{Comparison, Glob, Matched, Scope};

/// How many steps the search for a way to meet everything takes before it gives up.
const PATIENCE: usize = 2_000;

/// A single thing and whether it must be met.
type Literal<'a> = (&'a Unmet, bool);

/// Whether there is no way to meet all of these.
pub(super) fn is_impossible<'a>(parts: impl IntoIterator<Item = &'a Requirement>) -> bool {
    let mut patience = PATIENCE;
    let rest = parts.into_iter().collect();
    !can_meet(&mut Vec::new(), rest, Vec::new(), &mut patience)
}

/// Looks for a choice of literals that do not exclude each other. `rest` is still to be taken
/// apart; of each of `choices` one option is still to be taken.
fn can_meet<'a>(
    chosen: &mut Vec<Literal<'a>>,
    mut rest: Vec<&'a Requirement>,
    mut choices: Vec<&'a [Requirement]>,
    patience: &mut usize,
) -> bool {
    let before = chosen.len();
    while let Some(part) = rest.pop() {
        match part {
            Requirement::Is(unmet) => chosen.push((unmet, true)),
            Requirement::Not(unmet) => chosen.push((unmet, false)),
            Requirement::All(inner) => rest.extend(inner),
            Requirement::Any(inner) => choices.push(inner),
        }
    }
    let mut found = !is_excluded(chosen);
    if found && let Some(options) = choices.pop() {
        found = options.iter().any(|option| {
            // Out of patience it may be possible, for all that is known.
            let Some(left) = patience.checked_sub(1) else {
                return true;
            };
            *patience = left;
            can_meet(chosen, vec![option], choices.clone(), patience)
        });
    }
    chosen.truncate(before);
    found
}

/// Whether some of these literals exclude each other.
fn is_excluded(literals: &[Literal<'_>]) -> bool {
    let with = |wanted| {
        let of_these = literals.iter().filter(move |(_, must)| *must == wanted);
        of_these.map(|(unmet, _)| *unmet)
    };
    if with(true).any(|one| with(false).any(|two| one == two)) {
        return true;
    }
    let scopes = |wanted| with(wanted).filter_map(Unmet::as_scope);
    let is_nowhere = |(at, scope): (usize, &Scope)| {
        scopes(true)
            .take(at)
            .any(|other| scope.covers(other) == Matched::No)
            || scopes(false).any(|refused| refused.covers(scope) == Matched::Yes)
    };
    if scopes(true).enumerate().any(is_nowhere) {
        return true;
    }
    let mut by_key: BTreeMap<&str, Vec<Literal<'_>>> = BTreeMap::new();
    for (unmet, must) in literals {
        if let Some(condition) = unmet.as_condition()
            && has_one_value(condition)
        {
            let group = by_key.entry(condition.key_lower()).or_default();
            group.push((*unmet, *must));
        }
    }
    by_key.iter().any(|(key, group)| excludes(key, group))
}

/// Whether the condition is about a key that has one value, and fixed itself.
fn has_one_value(condition: &Condition) -> bool {
    condition.operator().quantifier.is_none() && condition.is_plain() && !condition.is_multivalued()
}

/// Whether no value of the key satisfies the whole group.
fn excludes(key: &str, group: &[Literal<'_>]) -> bool {
    let candidates = group
        .iter()
        .find_map(|literal| candidates::of(*literal, group));
    if let Some(candidates) = candidates {
        let fits = |fact: &Fact| {
            let mut facts = Facts::new(Rest::Unknown);
            facts.set(key, fact.clone());
            group.iter().all(|(unmet, must)| {
                let excluded = if *must { Matched::No } else { Matched::Yes };
                unmet.matched(&facts) != excluded
            })
        };
        return !candidates.iter().any(fits);
    }
    let needed: Vec<_> = group.iter().filter_map(|it| texts(*it, true)).collect();
    let refused: Vec<_> = group.iter().filter_map(|it| texts(*it, false)).collect();
    let apart = |(at, one): (usize, &Vec<&str>)| needed[..at].iter().any(|two| are_apart(one, two));
    let covered = |one: &Vec<&str>| refused.iter().any(|by| are_covered(one, by));
    needed.iter().enumerate().any(apart) || needed.iter().any(covered)
}

/// The patterns of which one must match (or none may), where the literal asks for that whatever
/// else is the case.
fn texts<'a>((unmet, must): Literal<'a>, wanted: bool) -> Option<Vec<&'a str>> {
    let condition = unmet.as_condition()?;
    let operator = condition.operator();
    let is_like = matches!(
        operator.comparison,
        Comparison::String { like: true, .. } | Comparison::Arn { .. }
    );
    // `IfExists` is met by a missing key; what is not met at all needs the key.
    let asks = must != operator.comparison.is_negated();
    let needs_key = asks && !(must && operator.if_exists);
    let fits = if wanted { needs_key } else { !asks };
    (is_like && fits).then(|| condition.texts().iter().map(|it| it.as_str()).collect())
}

/// Whether no text matches a pattern of each list: their beginnings or ends differ.
fn are_apart(one: &[&str], two: &[&str]) -> bool {
    let fixed = |text: &str| text.find(['*', '?']).unwrap_or(text.len());
    let fixed_end = |text: &str| text.rfind(['*', '?']).map_or(0, |at| at + 1);
    let apart = |a: &str, b: &str| {
        let (head_a, head_b) = (&a[..fixed(a)], &b[..fixed(b)]);
        let (tail_a, tail_b) = (&a[fixed_end(a)..], &b[fixed_end(b)..]);
        !(head_a.starts_with(head_b) || head_b.starts_with(head_a))
            || !(tail_a.ends_with(tail_b) || tail_b.ends_with(tail_a))
    };
    one.iter().all(|a| two.iter().all(|b| apart(a, b)))
}

/// Whether everything that one of the first matches is matched by one of the others.
fn are_covered(one: &[&str], by: &[&str]) -> bool {
    let covers = |a: &str, b: &str| !b.contains('?') && Glob::new(b).matches(a);
    one.iter().all(|a| by.iter().any(|b| covers(a, b)))
}

#[cfg(test)]
mod tests;
