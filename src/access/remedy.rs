//! The smallest change that would allow what is denied.
//!
//! A [`Remedy`] is found by trying: what stands in the way is looked up in the layers, each thing
//! that could be done about it is applied to a copy of them, and the request is decided again. What
//! is told has passed: with all its steps the request is granted, without any one of them it is not.
//! Nothing here changes an account, and no step grants by a wildcard that was not asked about.

mod allow;
mod deny;
mod edit;
mod gap;
mod home;
mod meet;
mod search;
mod trial;

use std::fmt;

use compact_str::CompactString;

use super::ask::{Asked, roles_asked};
use super::explain::Layer;
use super::pose::Terms;
use super::verdict::{Decision, Verdict};
use crate::iam::Account;
use crate::policy::Effect;

use gap::Side;
use search::found;
use trial::Trial;

/// The policy that a step edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The layer that it is in.
    pub layer: Layer,
    /// Its name or ARN. Where it is new: whose it will be, by ARN; empty for one of an organisation.
    pub policy: CompactString,
    /// Whether there is no such policy yet.
    pub is_new: bool,
    /// How many users and roles besides the one that asks have it, attached to them or a group of
    /// theirs, or as boundary; none where it is no policy of principals.
    pub others: Option<usize>,
}

/// A statement that a step is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Its policy.
    pub home: Home,
    /// The statement, from zero. Steps do not move statements: it is counted before any of them.
    pub statement: usize,
    /// The statement's name, where it has one.
    pub sid: Option<CompactString>,
}

/// One thing to do. All but the first kind edit a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The request is made so that a condition comes out otherwise.
    Meet(Meet),
    /// A statement that denies gets an exception.
    NarrowDeny {
        /// The statement.
        spot: Spot,
        /// What it no longer denies.
        except: Except,
    },
    /// A statement that denies is taken out.
    RemoveDeny {
        /// The statement.
        spot: Spot,
    },
    /// A statement that allows gets one more value.
    Widen {
        /// The statement.
        spot: Spot,
        /// The element that gets it.
        element: Element,
        /// The value.
        value: CompactString,
    },
    /// A policy gets one more statement.
    Add {
        /// The policy.
        home: Home,
        /// The statement, as JSON.
        statement: String,
    },
}

/// A condition that whoever asks can make come out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meet {
    /// The statement.
    pub spot: Spot,
    /// What it does: the condition of one that allows must be met, that of one that denies must
    /// not.
    pub effect: Effect,
    /// The operator as written.
    pub operator: CompactString,
    /// The condition key as written.
    pub key: CompactString,
    /// The values, known variables filled in.
    pub values: Box<[CompactString]>,
    /// A value of the key that does it, as an example.
    pub example: CompactString,
}

/// What a statement that denies no longer denies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Except {
    /// The principal: a value more for a negated condition on its ARN, which may be there already.
    Principal {
        /// The operator.
        operator: CompactString,
        /// The key.
        key: CompactString,
        /// The ARN.
        arn: CompactString,
    },
    /// A resource: a value more for `NotResource`, or one in place of a `Resource` that is `*`.
    Resource(CompactString),
    /// The action: out of a list with others.
    Action(CompactString),
}

/// An element of a statement that takes one more value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// `Action`
    Action,
    /// `Resource`
    Resource,
    /// `Principal`, under this kind, such as `AWS`.
    Principal(&'static str),
}

/// The smallest change that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// What to do, all of it.
    pub steps: Vec<Step>,
    /// What comes of the request then: allowed, or conditional on what it says.
    pub result: Verdict,
    /// Fewer steps that do it by the resource's policy alone, and what comes of them.
    pub alternative: Option<(Vec<Step>, Verdict)>,
}

/// Why there is no remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRemedy {
    /// The root user can assume no role.
    RootAssumes,
    /// Each of several roles would need a change of its own.
    SeveralRoles,
    /// A policy of AWS stands in the way.
    OfAws(CompactString),
    /// What a service-linked role may, and who may assume it, is up to its service.
    ServiceLinked(CompactString),
    /// A resource has no policy that could grant.
    NoPolicy(CompactString),
    /// A federated user has only what the policy of its session says, and there is none.
    NoSession,
    /// A text is no JSON that could be edited.
    Unreadable(CompactString),
    /// Nobody is there whose policies could be changed.
    NobodyKnown(CompactString),
    /// Nothing of what was tried does it.
    NotFound,
}

impl fmt::Display for NoRemedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RootAssumes => f.write_str("the root user can assume no role"),
            Self::SeveralRoles => f.write_str(
                "each role that the pattern matches has a trust policy of its own: ask about one",
            ),
            Self::OfAws(policy) => {
                write!(f, "{policy} is a policy of AWS, which nobody else can edit")
            }
            Self::ServiceLinked(arn) => write!(
                f,
                "{arn} is a service-linked role, which only its service can change"
            ),
            Self::NoPolicy(resource) => {
                write!(f, "{resource} has no policy that could grant it")
            }
            Self::NoSession => {
                f.write_str("a federated user needs a session policy, and none was given")
            }
            Self::Unreadable(policy) => write!(f, "{policy} is not JSON that could be edited"),
            Self::NobodyKnown(arn) => write!(f, "the account does not hold the policies of {arn}"),
            Self::NotFound => f.write_str("no small change of those that were tried would do"),
        }
    }
}

/// Whether something is granted, be it under conditions.
fn is_granted(decision: Decision) -> bool {
    matches!(decision, Decision::Allowed | Decision::Conditional)
}

/// The smallest change that would allow what was asked, or why there is none. Nothing where it is
/// not denied.
///
/// `asked` must be the answer to a question about this account in these terms.
pub fn remedy(
    account: &Account,
    terms: &Terms<'_>,
    asked: &Asked<'_>,
) -> Option<Result<Remedy, NoRemedy>> {
    if is_granted(asked.explanation.verdict.decision) {
        return None;
    }
    let question = &asked.posed.question;
    if question.request().is_root_assuming() {
        return Some(Err(NoRemedy::RootAssumes));
    }
    if roles_asked(account, terms, question).is_some() {
        return Some(Err(NoRemedy::SeveralRoles));
    }
    let trial = Trial::new(account, terms, question);
    let main = found(&trial, Side::Own);
    // Elsewhere the resource's policy is asked anyway.
    let request = question.request();
    let is_choice = question.caller.has_identity()
        && request.is_same_account()
        && !request.needs_resource_policy();
    let other = is_choice.then(|| found(&trial, Side::Resource));
    let other = other.and_then(Result::ok);
    Some(match (main, other) {
        (Ok((steps, result)), other) => Ok(Remedy {
            alternative: other.filter(|(fewer, _)| fewer.len() < steps.len()),
            steps,
            result,
        }),
        (Err(_), Some((steps, result))) => Ok(Remedy {
            steps,
            result,
            alternative: None,
        }),
        (Err(why), None) => Err(why),
    })
}
