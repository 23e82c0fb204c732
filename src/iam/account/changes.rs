//! What is different between two readings of an account.

use super::{Account, Change};
use crate::iam::{Kind, ManagedPolicy, Role, User};

impl Account {
    /// What is different in `newer`. Details read on demand do not count.
    pub fn changes(&self, newer: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        for kind in Kind::ALL {
            for at in 0..newer.count(kind) {
                let Some(reference) = newer.reference(kind, at) else {
                    continue;
                };
                match self.position(kind, &reference.arn) {
                    None => changes.push(Change::Added(reference)),
                    Some(old) if !self.same(kind, old, newer, at) => {
                        changes.push(Change::Changed(reference));
                    }
                    Some(_) => {}
                }
            }
            for at in 0..self.count(kind) {
                if let Some(reference) = self.reference(kind, at)
                    && newer.position(kind, &reference.arn).is_none()
                {
                    changes.push(Change::Removed(reference));
                }
            }
        }
        changes
    }

    fn same(&self, kind: Kind, mine: usize, other: &Self, theirs: usize) -> bool {
        match kind {
            Kind::User => {
                let (a, b) = (&self.users[mine], &other.users[theirs]);
                **a == User {
                    details: a.details.clone(),
                    ..(**b).clone()
                }
            }
            Kind::Group => self.groups[mine] == other.groups[theirs],
            Kind::Role => {
                let (a, b) = (&self.roles[mine], &other.roles[theirs]);
                **a == Role {
                    details: a.details.clone(),
                    ..(**b).clone()
                }
            }
            Kind::Policy => {
                let (a, b) = (&self.policies[mine], &other.policies[theirs]);
                **a == ManagedPolicy {
                    tags: a.tags.clone(),
                    ..(**b).clone()
                }
            }
        }
    }
}
