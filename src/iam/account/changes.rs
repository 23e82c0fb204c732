//! Two readings of an account: what is different, and what the newer takes over.

use std::sync::Arc;

use super::{Account, Change, TakenBasis};
use crate::iam::{Field, Group, Kind, ManagedPolicy, Role, RoleDetails, User, UserDetails};

impl Account {
    /// What is different in `newer`. What is known of only one of them does
    /// not count, nor do details read on demand, nor what is no entity: the organisation and the
    /// policies of resources.
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

    /// Takes over the details that `older` knew and this one does not, for what both hold; likewise
    /// the organisation and the policies of resources, but for a file, which says all that it
    /// knows of them.
    pub fn keep_details_of(&mut self, older: &Self) {
        if !self.is_of_file() {
            self.keep_policies_of(older);
        }
        for user in &older.users {
            if user.details != UserDetails::default() {
                self.set_older_user_details(user);
            }
        }
        for role in &older.roles {
            if role.details != RoleDetails::default()
                && let Some(at) = self.position(Kind::Role, &role.arn)
            {
                let mine = Arc::make_mut(&mut self.roles[at]);
                mine.details = std::mem::take(&mut mine.details).or(&role.details);
            }
        }
        for policy in &older.policies {
            if !policy.tags.is_unknown()
                && let Some(at) = self.position(Kind::Policy, &policy.arn)
                && self.policies[at].tags.is_unknown()
            {
                Arc::make_mut(&mut self.policies[at]).tags = policy.tags.clone();
            }
        }
    }

    fn is_of_file(&self) -> bool {
        self.taken.is_some_and(|taken| match taken.basis {
            TakenBasis::Live => false,
            TakenBasis::Stated | TakenBasis::FileModified | TakenBasis::Read => true,
        })
    }

    fn keep_policies_of(&mut self, older: &Self) {
        if self.organization.is_none() {
            self.organization.clone_from(&older.organization);
        }
        for (arn, text) in &older.resource_policies {
            let entry = self.resource_policies.entry(arn.clone());
            entry.or_insert_with(|| text.clone());
        }
    }

    fn set_older_user_details(&mut self, user: &User) {
        if let Some(at) = self.position(Kind::User, &user.arn) {
            let mine = Arc::make_mut(&mut self.users[at]);
            mine.details = std::mem::take(&mut mine.details).or(&user.details);
        }
    }
}

/// Whether two readings say the same wherever both say something: what is read only when it is
/// shown is unknown after a refresh, and that is no change. `or` fills one from the other.
fn agree<T: Clone + PartialEq>(a: &T, b: &T, or: impl Fn(T, T) -> T) -> bool {
    a == b || or(a.clone(), b.clone()) == or(b.clone(), a.clone())
}
