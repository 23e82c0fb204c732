//! Who may ask from outside: whom the policies of an account name that is no user or role of it.

use compact_str::CompactString;

use super::{Index, Map};
use crate::access::caller::{Caller, CallerKind};
use crate::access::facts::{Facts, Rest};
use crate::access::pose;
use crate::access::prepared::Prepared;
use crate::access::principals::{self, Entry};
use crate::policy::Trustee;

/// Callers from outside, each once, in the order in which they were found.
#[derive(Debug, Clone, Default)]
pub(super) struct Outside {
    pub(super) list: Vec<Caller>,
    by_arn: Map<CompactString, u32>,
    by_account: Map<CompactString, Vec<u32>>,
}

impl Outside {
    /// One caller alone.
    pub(super) fn of(caller: Caller) -> Self {
        let mut outside = Self::default();
        outside.add(caller);
        outside
    }

    /// Takes in whom a policy names.
    pub(super) fn take_in(&mut self, index: &Index, policy: &Prepared) {
        let callers = entries(policy).filter_map(|entry| outsider(index, entry));
        callers.for_each(|caller| self.add(caller));
    }

    /// The places of all whom a policy may mean, in order: it names themselves, their account,
    /// their role, or everyone.
    pub(super) fn meant_by(&self, policy: &Prepared) -> Vec<u32> {
        let facts = Facts::new(Rest::Unknown);
        let mut found = Vec::new();
        for entry in entries(policy) {
            let means = |place: &u32| {
                let entry = std::slice::from_ref(entry);
                !principals::named(entry, &self.list[*place as usize], &facts).is_empty()
            };
            let trustee = match entry {
                Entry::Service(name) | Entry::Provider(name) => {
                    found.extend(self.find(name).filter(means));
                    continue;
                }
                Entry::Aws { trustee, .. } => trustee,
            };
            match trustee {
                Trustee::Account(account)
                | Trustee::User { account, .. }
                | Trustee::Role { account, .. }
                | Trustee::Session { account, .. }
                | Trustee::FederatedUser { account, .. } => {
                    let places = self.by_account.get(account.as_str()).into_iter().flatten();
                    found.extend(places.copied().filter(means));
                }
                _ => found.extend((0..self.list.len() as u32).filter(means)),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Where a caller stands, if it was found.
    pub(super) fn find(&self, arn: &str) -> Option<u32> {
        self.by_arn.get(arn).copied()
    }

    fn add(&mut self, caller: Caller) {
        let next = self.list.len() as u32;
        let place = *self.by_arn.entry(caller.arn.clone()).or_insert(next);
        if place == next {
            if let Some(account) = &caller.account {
                self.by_account
                    .entry(account.clone())
                    .or_default()
                    .push(place);
            }
            self.list.push(caller);
        }
    }
}

/// The principals of a policy.
fn entries(policy: &Prepared) -> impl Iterator<Item = &Entry> {
    let listed = policy
        .statements
        .iter()
        .filter_map(|it| it.principals.as_ref());
    listed.flat_map(|listed| &listed.list)
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
