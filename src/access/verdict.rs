//! The answer to one question.

use std::fmt;

use super::layers::{Layers, outcome};
use super::request::Request;
use super::truth::{Requirement, Truth};

/// What comes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// It is allowed where something is met (or not met) that is not known.
    Conditional,
    /// A statement denies it.
    ExplicitDeny,
    /// Nothing allows it.
    ImplicitDeny,
}

impl Decision {
    /// The word that files and other tools use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Conditional => "conditional",
            Self::ExplicitDeny => "explicitDeny",
            Self::ImplicitDeny => "implicitDeny",
        }
    }

    /// The decision with this word.
    pub fn of(word: &str) -> Option<Self> {
        let all = [
            Self::Allowed,
            Self::Conditional,
            Self::ExplicitDeny,
            Self::ImplicitDeny,
        ];
        all.into_iter().find(|it| it.as_str() == word)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A decision, and what it hangs on.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What comes of the request.
    pub decision: Decision,
    /// What must be met where the decision is conditional: allows that need something, and denies
    /// that are not sure (as *not*).
    pub requires: Option<Requirement>,
    /// Where the decision is an implicit deny: what a statement would deny in addition, if met.
    pub perhaps_denied: Option<Requirement>,
}

/// Decides a request.
///
/// Where no allow is possible the decision is an implicit deny, though a deny may be open, too.
pub fn decide(request: &Request<'_>, layers: &Layers<'_>) -> Verdict {
    let outcome = outcome(request, layers);
    let plain = |decision| Verdict {
        decision,
        requires: None,
        perhaps_denied: None,
    };
    match (outcome.allow, outcome.deny) {
        (_, Truth::Yes) => plain(Decision::ExplicitDeny),
        (Truth::No, Truth::No) => plain(Decision::ImplicitDeny),
        (Truth::No, Truth::Open(requirement)) => Verdict {
            perhaps_denied: Some(requirement),
            ..plain(Decision::ImplicitDeny)
        },
        (allow, deny) => match allow.and(deny.negated()) {
            Truth::Yes => plain(Decision::Allowed),
            // Whatever allows is denied.
            Truth::No => plain(Decision::ExplicitDeny),
            Truth::Open(requirement) => Verdict {
                requires: Some(requirement),
                ..plain(Decision::Conditional)
            },
        },
    }
}
