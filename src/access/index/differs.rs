//! What is different in an account from another that it was made of: whose answers can be others.
//!
//! Accounts share what is the same in both, so that the same is seen without looking at it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::iam::{Account, Kind};

/// The users and roles of whom something is different.
#[derive(Debug, Clone)]
pub(super) struct Differs {
    /// The account before.
    base: Arc<Account>,
    /// How many users there are now.
    users: usize,
    /// The places of those of whom something is different or who are new, in order.
    people: Vec<u32>,
}

impl Differs {
    /// None where somebody is gone, so that others have moved up.
    pub(super) fn new(base: &Arc<Account>, now: &Account) -> Option<Self> {
        let users = now.users().len();
        let mut people = BTreeSet::new();
        people.extend(changed(base.users(), now.users(), |it| &it.arn)?);
        let roles = changed(base.roles(), now.roles(), |it| &it.arn)?;
        people.extend(roles.into_iter().map(|at| users as u32 + at));
        let mut found = Found { now, people };
        for at in changed(base.groups(), now.groups(), |it| &it.arn)? {
            found.group(at);
        }
        for at in changed(base.policies(), now.policies(), |it| &it.arn)? {
            found.policy(at);
        }
        Some(Self {
            base: base.clone(),
            users,
            people: found.people.into_iter().collect(),
        })
    }

    /// The places of those of whom something is different.
    pub(super) fn people(&self) -> &[u32] {
        &self.people
    }

    /// Whether this is the account before.
    pub(super) fn is_from(&self, base: &Arc<Account>) -> bool {
        Arc::ptr_eq(&self.base, base)
    }

    /// The place before of one who is at this place now; none for who is new.
    pub(super) fn before(&self, who: u32) -> Option<u32> {
        let users = self.base.users().len();
        match (who as usize).checked_sub(self.users) {
            None => ((who as usize) < users).then_some(who),
            Some(role) => (role < self.base.count(Kind::Role)).then(|| (users + role) as u32),
        }
    }

    /// The place before of one of whom nothing is different.
    pub(super) fn same(&self, who: u32) -> Option<u32> {
        match self.people.binary_search(&who) {
            Ok(_) => None,
            Err(_) => self.before(who),
        }
    }
}

/// The places of things that are not shared by both lists; none where one has moved.
fn changed<T>(base: &[Arc<T>], now: &[Arc<T>], arn: fn(&T) -> &Arc<str>) -> Option<Vec<u32>> {
    if now.len() < base.len() {
        return None;
    }
    let mut found = Vec::new();
    for (at, (one, other)) in base.iter().zip(now).enumerate() {
        if Arc::ptr_eq(one, other) {
            continue;
        }
        if arn(one) != arn(other) {
            return None;
        }
        found.push(at as u32);
    }
    found.extend(base.len() as u32..now.len() as u32);
    Some(found)
}

struct Found<'a> {
    now: &'a Account,
    people: BTreeSet<u32>,
}

impl Found<'_> {
    /// The members of a group. Who has left it, or joined, is different by itself.
    fn group(&mut self, at: u32) {
        if let Some(group) = self.now.groups().get(at as usize) {
            self.people.extend(self.now.members(&group.name));
        }
    }

    /// Those who have a managed policy, themselves, by a group, or as boundary.
    fn policy(&mut self, at: u32) {
        let policy = self.now.policies().get(at as usize);
        let Some(who) = policy.and_then(|it| self.now.attachments(&it.arn)) else {
            return;
        };
        let users = self.now.users().len() as u32;
        self.people
            .extend(who.users.iter().chain(&who.bounded_users));
        let roles = who.roles.iter().chain(&who.bounded_roles);
        self.people.extend(roles.map(|at| users + at));
        who.groups.iter().for_each(|at| self.group(*at));
    }
}
