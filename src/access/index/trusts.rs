//! The trust policies of an account's roles, those that are alike read once.

use super::Map;
use crate::access::pose::may_tag_sessions;
use crate::access::prepared::{PolicyUse, Prepared};
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
        let mut conditions = policy.statements.iter().flat_map(|it| &it.conditions);
        Self {
            tags_sessions: may_tag_sessions(&document),
            names_insiders: entries.any(|entry| may_be_inside(entry, own)),
            looks_at_role: conditions.any(|it| it.is_of_resource()),
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

    /// That of the role at a position.
    pub(super) fn of(&self, role: usize) -> Option<&Trust> {
        let number = (*self.by_role.get(role)?)?;
        self.list.get(number as usize)
    }
}
