//! What is different between two readings of an account.

use super::{Account, Change};
use crate::iam::{Field, Group, Kind, ManagedPolicy, Role, RoleDetails, User, UserDetails};

impl Account {
    /// What is different in `newer`. What is known of only one of them does
    /// not count, nor do details read on demand.
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
            Kind::User => agree(&*self.users[mine], &other.users[theirs], |a, b| User {
                details: UserDetails::default(),
                ..a.or(b)
            }),
            Kind::Group => agree(&*self.groups[mine], &other.groups[theirs], Group::or),
            Kind::Role => agree(&*self.roles[mine], &other.roles[theirs], |a, b| Role {
                details: RoleDetails::default(),
                ..a.or(b)
            }),
            Kind::Policy => agree(&*self.policies[mine], &other.policies[theirs], |a, b| {
                ManagedPolicy {
                    tags: Field::Unknown,
                    // The policy's own choice, the versions with more documents, would hide that
                    // one is gone.
                    versions: a.versions.clone().or(b.versions.clone()),
                    ..a.or(b)
                }
            }),
        }
    }
}

/// Whether two readings say the same wherever both say something: what is read only when it is
/// shown is unknown after a refresh, and that is no change. `or` fills one from the other.
fn agree<T: Clone + PartialEq>(a: &T, b: &T, or: impl Fn(T, T) -> T) -> bool {
    a == b || or(a.clone(), b.clone()) == or(b.clone(), a.clone())
}
