//! Who may ask from outside: whom the policies of an account name that is no user or role of it.

use compact_str::CompactString;

use super::{Index, Map};
use crate::access::caller::{Caller, CallerKind};
use crate::access::pose;
use crate::access::prepared::Prepared;
use crate::access::principals::Entry;
use crate::policy::Trustee;

/// Callers from outside, each once, in the order in which they were found.
#[derive(Debug, Clone, Default)]
pub(super) struct Outside {
    pub(super) list: Vec<Caller>,
    by_arn: Map<CompactString, u32>,
}

impl Outside {
    /// Takes in whom a policy names; gives their places.
    pub(super) fn named_by(&mut self, index: &Index, policy: &Prepared) -> Vec<u32> {
        let listed = policy
            .statements
            .iter()
            .filter_map(|it| it.principals.as_ref());
        let entries = listed.flat_map(|listed| &listed.list);
        let callers = entries.filter_map(|entry| outsider(index, entry));
        let mut found: Vec<u32> = callers.map(|caller| self.place(caller)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Where a caller stands, if it was found.
    pub(super) fn find(&self, arn: &str) -> Option<u32> {
        self.by_arn.get(arn).copied()
    }

    fn place(&mut self, caller: Caller) -> u32 {
        let next = self.list.len() as u32;
        let place = *self.by_arn.entry(caller.arn.clone()).or_insert(next);
        if place == next {
            self.list.push(caller);
        }
        place
    }
}

/// The caller that an entry names, unless that is a user, a role or the root user of the account,
/// or nobody who could ask.
fn outsider(index: &Index, entry: &Entry) -> Option<Caller> {
    let account = index.account();
    let own = account.id.as_deref();
    let (trustee, partition) = match entry {
        Entry::Service(name) | Entry::Provider(name) => {
            let caller = Caller::parse(name).ok()?;
            let fits = match entry {
                Entry::Service(_) => caller.kind == CallerKind::Service,
                _ => caller.kind == CallerKind::Federated,
            };
            return fits.then_some(caller);
        }
        Entry::Aws { trustee, partition } => (trustee, partition.as_deref()),
    };
    let partition = partition.unwrap_or(account.partition.as_str());
    let arn = match trustee {
        Trustee::Anyone => return Caller::parse("*").ok(),
        Trustee::Account(id) if Some(id.as_str()) == own => return None,
        Trustee::Account(id) => return Some(Caller::account(id, partition)),
        Trustee::User { account, name } => format!("arn:{partition}:iam::{account}:user/{name}"),
        Trustee::Role { account, name } => format!("arn:{partition}:iam::{account}:role/{name}"),
        Trustee::Session {
            account,
            role,
            session,
        } => format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}"),
        Trustee::FederatedUser { account, name } => {
            format!("arn:{partition}:sts::{account}:federated-user/{name}")
        }
        _ => return None,
    };
    let caller = pose::principal(account, &arn).ok()?;
    let is_inside = caller.account.as_deref() == own
        && matches!(
            caller.kind,
            CallerKind::User { .. } | CallerKind::Role { .. } | CallerKind::Root
        );
    (!is_inside).then_some(caller)
}
