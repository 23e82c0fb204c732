//! Questions about an account, posed and answered.
//!
//! For most, that is one request against its layers. Who may assume which of many roles is more:
//! each role has a trust policy of its own, so that each that a pattern matches is asked about by
//! itself, and the answers are put together.

use std::sync::Arc;

use super::caller::Caller;
use super::explain::{Explanation, LayerSays, Warning, explain_resource};
use super::pose::{Assumption, Posed, Terms, at_role, pose};
use super::question::Question;
use super::request::is_assume_role;
use super::truth::{Requirement, Unmet};
use super::verdict::{Decision, Verdict};
use crate::iam::{Account, Role};
use crate::policy::{Matched, Scope};

/// Of how many roles the trust policies are told where none lets the caller in.
const REFUSING: usize = 3;

/// A question about an account with its answer.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The question as it was posed.
    pub posed: Posed<'a>,
    /// The answer.
    pub explanation: Explanation,
}

/// Poses a question about an account and answers it.
pub fn ask<'a>(
    account: &'a Account,
    terms: &Terms<'a>,
    caller: Caller,
    action: &str,
    resource: &'a str,
) -> Asked<'a> {
    let posed = pose(account, terms, caller, action, resource);
    match roles_asked(account, terms, &posed.question) {
        Some(scope) => of_roles(account, terms, posed, &scope),
        None => Asked {
            explanation: posed.question.explain(),
            posed,
        },
    }
}

/// The scope of a question that is about many roles, each with a trust policy of its own.
pub(super) fn roles_asked(
    account: &Account,
    terms: &Terms<'_>,
    question: &Question<'_>,
) -> Option<Arc<Scope>> {
    let is_own = question.resource_account.as_deref() == account.id.as_deref();
    // A policy that is given stands for that of every role.
    let is_theirs = is_own && terms.resource_policy.is_none();
    let scope = question.scope.clone()?;
    (is_theirs && is_assume_role(&question.action)).then_some(scope)
}

/// What came of one role.
struct OfRole<'a> {
    role: &'a Role,
    verdict: Verdict,
    says: Vec<LayerSays>,
    warnings: Vec<Warning>,
}

impl OfRole<'_> {
    fn is_granted(&self) -> bool {
        matches!(
            self.verdict.decision,
            Decision::Allowed | Decision::Conditional
        )
    }
}

/// Answers for every role that a scope describes.
fn of_roles<'a>(
    account: &'a Account,
    terms: &Terms<'a>,
    mut posed: Posed<'a>,
    scope: &Arc<Scope>,
) -> Asked<'a> {
    let roles = account.roles().iter();
    let roles = roles.filter(|role| scope.contains(&role.arn) == Matched::Yes);
    let mut question = posed.question.clone();
    let each: Vec<OfRole<'_>> = roles
        .map(|role| {
            at_role(account, terms, &mut question, role);
            let (says, warnings) = explain_resource(&question.request(), &question.layers());
            OfRole {
                role,
                verdict: question.decide(),
                says,
                warnings,
            }
        })
        .collect();
    if each.is_empty() {
        let pattern = posed.question.resource.to_string();
        posed.assumptions.push(Assumption::NoRole(pattern));
    }
    let mut explanation = posed.question.explain();
    let granted = each.iter().filter(|one| one.is_granted());
    let granted = granted.map(|one| Granted {
        arn: &one.role.arn,
        requires: one.verdict.requires.clone(),
    });
    let is_denied = |one: &&OfRole<'_>| one.verdict.decision == Decision::ExplicitDeny;
    let denied = each.iter().filter(is_denied).count();
    explanation.verdict = together(granted.collect(), denied, each.len(), scope);
    let decision = explanation.verdict.decision;
    let is_told = |(at, one): &(usize, OfRole<'_>)| match decision {
        Decision::Allowed | Decision::Conditional => one.is_granted(),
        Decision::ExplicitDeny => true,
        Decision::ImplicitDeny => *at < REFUSING,
    };
    for (_, one) in each.into_iter().enumerate().filter(is_told) {
        explanation.layers.extend(one.says);
        explanation.warnings.extend(one.warnings);
    }
    // Those of one layer stand together.
    explanation.layers.sort_by_key(|says| says.layer);
    Asked { posed, explanation }
}

/// A role that somebody can assume, and what else that requires.
pub(super) struct Granted<'r> {
    pub(super) arn: &'r str,
    pub(super) requires: Option<Requirement>,
}

/// One verdict on some roles, of which these are granted. `denied` says how many are denied
/// explicitly.
pub(super) fn together(
    granted: Vec<Granted<'_>>,
    denied: usize,
    roles: usize,
    scope: &Arc<Scope>,
) -> Verdict {
    let plain = |decision| Verdict {
        decision,
        requires: None,
        perhaps_denied: None,
    };
    let is_this = |one: &Granted<'_>| Requirement::Is(Unmet::is_this(scope, one.arn));
    let is_all = granted.len() == roles;
    let Some(first) = granted.first() else {
        return plain(match roles > 0 && denied == roles {
            true => Decision::ExplicitDeny,
            false => Decision::ImplicitDeny,
        });
    };
    let requires = if granted.iter().all(|one| one.requires == first.requires) {
        let which = || Requirement::any_of(granted.iter().map(is_this).collect());
        let which = (!is_all).then(which);
        match (which, first.requires.clone()) {
            (Some(which), Some(requires)) => Some(Requirement::all_of(vec![which, requires])),
            (which, requires) => which.or(requires),
        }
    } else {
        let ways = granted.into_iter().map(|one| {
            let this = is_this(&one);
            match one.requires {
                Some(requires) => Requirement::all_of(vec![this, requires]),
                None => this,
            }
        });
        Some(Requirement::any_of(ways.collect()))
    };
    match requires {
        None => plain(Decision::Allowed),
        requires => Verdict {
            requires,
            ..plain(Decision::Conditional)
        },
    }
}
