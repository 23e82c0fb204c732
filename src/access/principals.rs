//! `Principal` and `NotPrincipal` elements, made ready.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>

use compact_str::CompactString;

use super::caller::{Caller, CallerKind};
use super::facts::{Facts, Lookup};
use crate::policy::{self, PrincipalKind, Trustee};

/// A principal of a policy, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Known(Trustee),
    /// A service or a provider, by its whole name.
    Service(CompactString),
    Provider(CompactString),
}

/// How a policy names a caller, the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// By the account: the policy leaves it to the account's own policies.
    Account,
    /// By the role behind a session, or the user behind a federated one: what bounds the session
    /// binds.
    Role,
    /// As everyone.
    Anyone,
    /// By a session of the role that is asked about, of which no name is known: the number is
    /// that of the entry.
    PerhapsSession(usize),
    /// Itself.
    Named,
}

impl Entry {
    pub(super) fn new(principal: &policy::Principal) -> Self {
        let text = || principal.value.text.clone();
        match principal.kind {
            PrincipalKind::Service => Self::Service(text()),
            PrincipalKind::Federated => Self::Provider(text()),
            _ => Self::Known(Trustee::of(principal)),
        }
    }

    /// How the entry names the caller, if it does.
    fn naming(&self, at: usize, caller: &Caller, facts: &Facts) -> Option<Naming> {
        let trustee = match self {
            Self::Service(name) => {
                let is_it = caller.kind == CallerKind::Service && *name == caller.arn;
                return is_it.then_some(Naming::Named);
            }
            Self::Provider(name) => {
                let is_it = caller.kind == CallerKind::Federated && *name == caller.arn;
                return is_it.then_some(Naming::Named);
            }
            Self::Known(trustee) => trustee,
        };
        let of =
            |account: &str| caller.account.as_deref() == Some(account) && caller.has_identity();
        match (trustee, &caller.kind) {
            (Trustee::Anyone, _) => Some(Naming::Anyone),
            (Trustee::Account(account), _) if of(account) => Some(Naming::Account),
            (Trustee::User { account, name }, CallerKind::User { name: own }) => {
                (of(account) && name == own).then_some(Naming::Named)
            }
            (Trustee::User { account, name }, CallerKind::FederatedUser { name: own }) => {
                (of(account) && last(name) == own).then_some(Naming::Role)
            }
            (Trustee::FederatedUser { account, name }, CallerKind::FederatedUser { name: own }) => {
                (of(account) && name == own).then_some(Naming::Named)
            }
            (Trustee::Role { account, name }, CallerKind::Role { name: own }) => {
                (of(account) && name == own).then_some(Naming::Role)
            }
            (Trustee::Role { account, name }, CallerKind::Session { role, .. }) => {
                (of(account) && is_same_role(name, role)).then_some(Naming::Role)
            }
            (
                Trustee::Session {
                    account,
                    role,
                    session,
                },
                CallerKind::Session {
                    role: own,
                    session: name,
                },
            ) => (of(account) && role == last(own) && session == name).then_some(Naming::Named),
            (Trustee::Session { account, role, .. }, CallerKind::Role { name }) => {
                (of(account) && role == last(name)).then_some(Naming::PerhapsSession(at))
            }
            (Trustee::Unique(id), kind) => is_id(id, caller, facts).then_some(match kind {
                CallerKind::Role { .. } | CallerKind::Session { .. } => Naming::Role,
                _ => Naming::Named,
            }),
            _ => None,
        }
    }
}

/// Every entry that names the caller.
pub(super) fn naming_entries(
    list: &[Entry],
    caller: &Caller,
    facts: &Facts,
) -> Vec<(usize, Naming)> {
    let each = list.iter().enumerate();
    each.filter_map(|(at, entry)| Some((at, entry.naming(at, caller, facts)?)))
        .collect()
}

/// The session's name that an entry has, for a role of which no session is known.
pub(super) fn session_of(entry: &Entry) -> Option<&str> {
    match entry {
        Entry::Known(Trustee::Session { session, .. }) => Some(session),
        _ => None,
    }
}

/// Whether a `NotPrincipal` list excepts the caller: it must name the account and the user or
/// role, and of a session both role and session. `None` where that hangs on the name of a
/// session, which is that of the entry.
pub(super) fn excepts(list: &[Entry], caller: &Caller, facts: &Facts) -> Result<bool, usize> {
    let found = naming_entries(list, caller, facts);
    let has = |wanted: fn(&Naming) -> bool| found.iter().any(|(_, naming)| wanted(naming));
    if has(|it| *it == Naming::Anyone) {
        return Ok(true);
    }
    let account = has(|it| *it == Naming::Account);
    let role = has(|it| *it == Naming::Role);
    let named = has(|it| *it == Naming::Named);
    Ok(match caller.kind {
        CallerKind::Root | CallerKind::Account => account,
        CallerKind::Service | CallerKind::Federated => named,
        CallerKind::Anonymous => false,
        CallerKind::User { .. } | CallerKind::FederatedUser { .. } => account && named,
        CallerKind::Session { .. } => account && role && named,
        CallerKind::Role { .. } => {
            let session = found.iter().find_map(|(at, naming)| match naming {
                Naming::PerhapsSession(_) => Some(*at),
                _ => None,
            });
            match session {
                Some(at) if account && role => return Err(at),
                _ => false,
            }
        }
    })
}

/// A role's ARN has its path, a session's has not; its name alone is unique in the account.
fn is_same_role(name: &str, known: &str) -> bool {
    if known.contains('/') {
        name == known
    } else {
        last(name) == known
    }
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether a unique id is the caller's. `aws:userid` has it, too, for a role before the colon.
fn is_id(id: &str, caller: &Caller, facts: &Facts) -> bool {
    if let Some(own) = &caller.unique_id {
        return own == id;
    }
    match facts.lookup("aws:userid") {
        Lookup::Values([value]) => value.split(':').next() == Some(id),
        Lookup::Beginning(value) => value.strip_suffix(':') == Some(id),
        _ => false,
    }
}
