//! The trust policies of an account's roles, those that are alike read once.

use super::Map;
use crate::access::pose::may_tag_sessions;
use crate::access::prepared::{PolicyUse, Prepared, Statement};
use crate::access::principals::Entry;
use crate::iam::Account;
use crate::policy::{Document, Trustee};

/// A trust policy.
#[derive(Debug)]
pub(super) struct Trust {
    pub(super) policy: Prepared,
    /// Whether somebody may start a session with tags.
    pub(super) tags_sessions: bool,
    /// Whether it may name somebody of the account.
    pub(super) names_insiders: bool,
    /// Whether what it says may be different for roles that share it.
    pub(super) looks_at_role: bool,
}

impl Trust {
    fn new(text: &str, own: Option<&str>) -> Self {
        let document = Document::parse(text);
        let policy = Prepared::new(&document, PolicyUse::Trust);
        let listed = policy
            .statements
            .iter()
            .filter_map(|it| it.principals.as_ref());
        let mut entries = listed.flat_map(|listed| &listed.list);
        let looks = |it: &Statement| {
            it.resources.is_some() || it.conditions.iter().any(|it| it.is_of_resource())
        };
        Self {
            tags_sessions: may_tag_sessions(&document),
            names_insiders: entries.any(|entry| may_be_inside(entry, own)),
            looks_at_role: policy.statements.iter().any(looks),
            policy,
        }
    }
}

/// Whether an entry may name somebody of the account.
fn may_be_inside(entry: &Entry, own: Option<&str>) -> bool {
    let Entry::Aws { trustee, .. } = entry else {
        return false;
    };
    match trustee {
        Trustee::Account(account)
        | Trustee::Role { account, .. }
        | Trustee::User { account, .. }
        | Trustee::Session { account, .. }
        | Trustee::FederatedUser { account, .. } => own == Some(account),
        _ => true,
    }
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
                list.push(Trust::new(text, account.id.as_deref()));
                list.len() as u32 - 1
            });
            Some(*number)
        });
        let by_role = by_role.collect();
        Self { list, by_role }
    }

    /// Each that is different, in the order of the roles.
    pub(super) fn list(&self) -> &[Trust] {
        &self.list
    }

    /// The place in the list of that of the role at a position.
    pub(super) fn number(&self, role: usize) -> Option<usize> {
        let number = (*self.by_role.get(role)?)?;
        Some(number as usize)
    }

    /// That of the role at a position.
    pub(super) fn of(&self, role: usize) -> Option<&Trust> {
        self.list.get(self.number(role)?)
    }
}
