//! The trust policies of an account's roles, those that are alike read once.

use super::Map;
use crate::access::pose::may_tag_sessions;
use crate::access::prepared::{PolicyUse, Prepared};
use crate::iam::Account;
use crate::policy::Document;

/// A trust policy.
#[derive(Debug)]
pub(super) struct Trust {
    pub(super) policy: Prepared,
    /// Whether somebody may start a session with tags.
    pub(super) tags_sessions: bool,
}

/// Every trust policy.
#[derive(Debug)]
pub(super) struct Trusts {
    list: Vec<Trust>,
    /// By role; none where it was not read.
    by_role: Vec<Option<u32>>,
}

impl Trusts {
    pub(super) fn new(account: &Account) -> Self {
        let mut known: Map<*const str, u32> = Map::default();
        let mut list = Vec::new();
        let by_role = account.roles().iter().map(|role| {
            let text = role.trust.known()?.as_str();
            let number = known.entry(text).or_insert_with(|| {
                let document = Document::parse(text);
                list.push(Trust {
                    policy: Prepared::new(&document, PolicyUse::Trust),
                    tags_sessions: may_tag_sessions(&document),
                });
                list.len() as u32 - 1
            });
            Some(*number)
        });
        let by_role = by_role.collect();
        Self { list, by_role }
    }

    /// That of the role at a position.
    pub(super) fn of(&self, role: usize) -> Option<&Trust> {
        let number = (*self.by_role.get(role)?)?;
        self.list.get(number as usize)
    }
}
