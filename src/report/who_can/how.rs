//! How a permission comes to somebody: by which groups, and by which policies, in words.

use std::sync::Arc;

use crate::access::{Caller, CallerKind, Decision, Explanation, Layer, LayerSays, Place, Said};
use crate::iam::Account;
use crate::report::words::{layer_in_words, policy_in_words};
use crate::visible::visible;

use super::row::{Path, Row};

/// The groups by which the policies come that decide, where the caller does not have them itself.
pub(super) fn groups(account: &Account, caller: &Caller, answer: &Explanation) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    for place in answer.because() {
        for name in groups_of(account, &caller.arn, place) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// The first group by which a policy comes to a user who does not have it itself.
pub fn group_of(account: &Account, user: &str, place: &Place) -> Option<Arc<str>> {
    groups_of(account, user, place).into_iter().next()
}

fn groups_of(account: &Account, user: &str, place: &Place) -> Vec<Arc<str>> {
    let Some(user) = account
        .user(user)
        .filter(|_| place.layer == Layer::Identity)
    else {
        return Vec::new();
    };
    let policy = place.policy.as_str();
    let attached = user.attached.known().into_iter().flatten();
    if attached.into_iter().any(|arn| **arn == *policy) {
        return Vec::new();
    }
    let owner = policy.split_once(' ').map(|(owner, _)| owner);
    let names = user.groups.known().into_iter().flatten();
    let has_it = |name: &&Arc<str>| {
        account.group_named(name).is_some_and(|group| {
            let mut attached = group.attached.known().into_iter().flatten();
            owner == Some(&*group.arn) || attached.any(|arn| **arn == *policy)
        })
    };
    names.filter(has_it).cloned().collect()
}

/// How a permission comes to a principal, or what denies it, in a line.
pub(super) fn in_words(row: &Row, path: &Path) -> String {
    if path.decision == Decision::ImplicitDeny {
        return lacking(path);
    }
    let policies = policies(path);
    if let [first, others @ ..] = &path.hops[..] {
        let names = std::iter::once(first).chain(others);
        let names: Vec<_> = names
            .map(|hop| visible(role_name(&hop.to)).into_owned())
            .collect();
        let policies = or_why(policies, path, false);
        return format!("through {}: {policies}", names.join(" → "));
    }
    if path.groups.is_empty() {
        return or_why(policies, path, row.caller.kind == CallerKind::Root);
    }
    let names: Vec<_> = path.groups.iter().map(|name| visible(name)).collect();
    let word = if names.len() == 1 { "group" } else { "groups" };
    format!("{word} {}: {policies}", names.join(", "))
}

/// Which layer lacks an allow, where others have one.
fn lacking(path: &Path) -> String {
    let layers = &path.last.explanation.layers;
    let allows = |says: &&LayerSays| matches!(says.said, Said::Allows | Said::MayAllow);
    let is_own = |says: &&LayerSays| says.layer == Layer::Identity;
    let is_resource = |says: &&LayerSays| says.layer == Layer::Resource;
    let own = layers.iter().find(is_own);
    let silent = match own.filter(allows) {
        Some(_) => layers.iter().find(|says| says.said == Said::Silent),
        None => own.filter(|_| layers.iter().filter(is_resource).any(|it| allows(&it))),
    };
    match silent {
        Some(says) => {
            let (name, _) = layer_in_words(says, path.is_trust);
            let verb = if name.ends_with("policies") {
                "do"
            } else {
                "does"
            };
            format!("{name} {verb} not allow it")
        }
        None => "nothing allows it".to_owned(),
    }
}

/// The policies, or where there are none to name, why.
fn or_why(policies: String, path: &Path, is_root: bool) -> String {
    let why = match path.last.explanation.verdict.decision {
        Decision::Allowed | Decision::Conditional if is_root => "the root user needs no policy",
        Decision::Conditional => "policies that are not known",
        Decision::Allowed | Decision::ExplicitDeny | Decision::ImplicitDeny => "",
    };
    match policies.is_empty() {
        true => why.to_owned(),
        false => policies,
    }
}

/// The policies that decide, each once.
fn policies(path: &Path) -> String {
    const MOST: usize = 2;
    let explanation = &path.last.explanation;
    let mut names: Vec<String> = Vec::new();
    for place in explanation.deciding() {
        let name = policy_in_words(&place.policy);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let unknown = explanation.layers.iter().any(|layer| {
        layer.layer == Layer::Resource && layer.said == Said::MayAllow && layer.because.is_empty()
    });
    if names.is_empty() && unknown {
        return "the resource's policy, which is not known".to_owned();
    }
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
