//! Making requirements small, and seeing what can never be met and what always is.

use super::super::conflict;
use super::{Requirement, Truth};
use crate::policy::Matched;

/// All of these, simplified.
pub(super) fn all(list: Vec<Requirement>) -> Truth {
    let mut parts: Vec<Requirement> = Vec::new();
    for it in list {
        match it {
            Requirement::All(inner) => inner.into_iter().for_each(|it| add(&mut parts, it)),
            other => add(&mut parts, other),
        }
    }
    if !narrow(&mut parts) || conflict::is_impossible(&parts) {
        return Truth::No;
    }
    drop_implied(&mut parts, |part, other| match part {
        // One of several is met already where one of them stands beside it.
        Requirement::Any(choices) => choices.iter().any(|it| is_met_with(it, other)),
        _ => false,
    });
    drop_followers(&mut parts);
    one_or(parts, Requirement::All)
}

/// One of these, simplified.
pub(super) fn any(list: Vec<Requirement>) -> Truth {
    let mut parts: Vec<Requirement> = Vec::new();
    for it in list {
        match it {
            Requirement::Any(inner) => inner.into_iter().for_each(|it| add(&mut parts, it)),
            other => add(&mut parts, other),
        }
    }
    let exhaustive = |one: &Requirement| parts.iter().any(|other| are_exhaustive(one, other));
    if parts.iter().any(exhaustive) {
        return Truth::Yes;
    }
    drop_narrower(&mut parts);
    drop_implied(&mut parts, |part, other| match part {
        Requirement::All(needed) => needed.iter().any(|it| is_met_with(other, it)),
        _ => false,
    });
    one_or(parts, Requirement::Any)
}

fn add(parts: &mut Vec<Requirement>, part: Requirement) {
    if !parts.contains(&part) {
        parts.push(part);
    }
}

/// Drops of several choices those that are met only where another one is.
fn drop_narrower(parts: &mut Vec<Requirement>) {
    let mut at = 0;
    while at < parts.len() {
        let wider = |(index, other): (usize, &Requirement)| {
            index != at && follows_by_scope(other, &parts[at]) == Some(true)
        };
        if parts.iter().enumerate().any(wider) {
            parts.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Takes out of each choice what cannot be met beside the rest. False where nothing is left.
fn narrow(parts: &mut Vec<Requirement>) -> bool {
    let mut at = 0;
    while at < parts.len() {
        let Requirement::Any(choices) = &parts[at] else {
            at += 1;
            continue;
        };
        let fits = |choice: &Requirement| {
            let simple = |part: &&Requirement| !matches!(part, Requirement::Any(_));
            let together = parts.iter().filter(simple).chain([choice]);
            !conflict::is_impossible(together)
        };
        let left: Vec<_> = choices.iter().filter(|it| fits(it)).cloned().collect();
        if left.len() == choices.len() {
            at += 1;
            continue;
        }
        parts.remove(at);
        match any(left) {
            Truth::No => return false,
            Truth::Yes => {}
            Truth::Open(Requirement::All(inner)) => {
                inner.into_iter().for_each(|it| add(parts, it));
            }
            Truth::Open(it) => add(parts, it),
        }
        at = 0;
    }
    true
}

/// Drops what follows from another part over the same key: where its contrary is impossible
/// beside that.
fn drop_followers(parts: &mut Vec<Requirement>) {
    let key = |part: &Requirement| match part {
        Requirement::Is(unmet) | Requirement::Not(unmet) => Some(unmet.key.to_lowercase()),
        Requirement::All(_) | Requirement::Any(_) => None,
    };
    let mut keys: Vec<Option<_>> = parts.iter().map(key).collect();
    let mut at = 0;
    while at < parts.len() {
        let contrary = || parts[at].clone().negated();
        let follows = |(index, other): (usize, &Requirement)| {
            let is_over_key = index != at && keys[at].is_some() && keys[at] == keys[index];
            is_over_key
                && match follows_by_scope(&parts[at], other) {
                    Some(follows) => follows,
                    None => conflict::is_impossible([&contrary(), other]),
                }
        };
        if parts.iter().enumerate().any(follows) {
            parts.remove(at);
            keys.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Whether one follows from the other where both are up to the resource alone.
fn follows_by_scope(one: &Requirement, other: &Requirement) -> Option<bool> {
    let ((scope, must), (of_other, other_must)) = (one.as_scope()?, other.as_scope()?);
    Some(match (must, other_must) {
        (true, true) => scope.covers(of_other) == Matched::Yes,
        (false, false) => of_other.covers(scope) == Matched::Yes,
        (false, true) => scope.covers(of_other) == Matched::No,
        (true, false) => false,
    })
}

/// Whether one is met wherever the other is, as far as can be seen without a search.
fn is_met_with(one: &Requirement, other: &Requirement) -> bool {
    one == other || follows_by_scope(one, other) == Some(true)
}

/// Whether one of two is always met.
fn are_exhaustive(one: &Requirement, other: &Requirement) -> bool {
    let by_scope = || match (one.as_scope(), other.as_scope()) {
        (Some((scope, true)), Some((refused, false))) => scope.covers(refused) == Matched::Yes,
        _ => false,
    };
    one.is_contrary_of(other) || by_scope()
}

fn drop_implied(
    parts: &mut Vec<Requirement>,
    is_implied_by: impl Fn(&Requirement, &Requirement) -> bool,
) {
    let keep: Vec<bool> = parts
        .iter()
        .map(|part| !parts.iter().any(|other| is_implied_by(part, other)))
        .collect();
    let mut keep = keep.into_iter();
    parts.retain(|_| keep.next().unwrap_or(true));
}

fn one_or(mut parts: Vec<Requirement>, several: fn(Vec<Requirement>) -> Requirement) -> Truth {
    match parts.len() {
        0 => Truth::No,
        1 => parts.pop().map_or(Truth::No, Truth::Open),
        _ => Truth::Open(several(parts)),
    }
}
