//! Who can assume which of many roles, as one question about a pattern of them.

use std::rc::Rc;
use std::sync::Arc;

use super::Index;
use super::says::AboutAction;
use super::survey::Survey;
use crate::access::pose::Terms;
use crate::access::verdict::Decision;
use crate::policy::{Matched, Scope};

/// What came of the roles for one principal.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    allowed: usize,
    conditional: usize,
    denied: usize,
}

impl Tally {
    /// What comes of all of them, of which there are `roles`.
    fn decision(self, roles: usize) -> Decision {
        if roles > 0 && self.allowed == roles {
            Decision::Allowed
        } else if self.allowed + self.conditional > 0 {
            Decision::Conditional
        } else if roles > 0 && self.denied == roles {
            Decision::ExplicitDeny
        } else {
            Decision::ImplicitDeny
        }
    }
}

/// What comes of an action that assumes roles, on all roles of a scope, for everybody in their
/// order.
pub(super) fn decisions(
    index: &Index,
    terms: &Terms<'_>,
    action: &str,
    scope: &Arc<Scope>,
) -> Vec<Decision> {
    let about = Rc::new(AboutAction::new(index, &action.to_ascii_lowercase()));
    let mut tallies = vec![Tally::default(); index.len()];
    let is_bound = terms.organization_of(index.account()).is_some();
    let may_be_denied = is_bound || about.has_denies();
    let mut count = 0;
    for (at, role) in index.account().roles().iter().enumerate() {
        if scope.contains(&role.arn) != Matched::Yes {
            continue;
        }
        count += 1;
        let trust = index.trusts().of(at);
        // Whoever is not named is denied, and only implicitly.
        if trust.is_some_and(|trust| !trust.names_insiders) && !may_be_denied {
            continue;
        }
        let survey = Survey::new(index, terms, about.clone(), action, &role.arn);
        for (row, tally) in survey.decisions().zip(&mut tallies) {
            match row.decision {
                Decision::Allowed => tally.allowed += 1,
                Decision::Conditional => tally.conditional += 1,
                Decision::ExplicitDeny => tally.denied += 1,
                Decision::ImplicitDeny => {}
            }
        }
    }
    tallies.into_iter().map(|it| it.decision(count)).collect()
}
