//! `Principal` and `NotPrincipal` elements, made ready.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>

use compact_str::CompactString;

use super::caller::{Caller, CallerKind};
use super::condition::Condition;
use super::facts::Facts;
use super::truth::Truth;
use crate::policy::{self, PrincipalKind, Trustee};

/// A principal of a policy, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// Of AWS: an account, user, role, session, unique id, or anyone.
    Aws {
        trustee: Trustee,
        /// Of an ARN. Account ids and unique ids name none.
        partition: Option<CompactString>,
    },
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
    /// Itself.
    Named,
}

/// An entry that names the caller.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named {
    /// Which entry of the list.
    pub(super) at: usize,
    pub(super) naming: Naming,
    /// Open where it hangs on the name of a session or on a unique id that is not known.
    pub(super) truth: Truth,
}

impl Entry {
    pub(super) fn new(principal: &policy::Principal) -> Self {
        let text = &principal.value.text;
        match principal.kind {
            PrincipalKind::Service => Self::Service(text.clone()),
            PrincipalKind::Federated => Self::Provider(text.clone()),
            // IAM and STS know no regions.
            _ if text.starts_with("arn:") && text.split(':').nth(3) != Some("") => Self::Aws {
                trustee: Trustee::Other(text.to_string()),
                partition: None,
            },
            _ => Self::Aws {
                trustee: Trustee::of(principal),
                partition: partition(text).map(CompactString::from),
            },
        }
    }

    /// How the entry names the caller, if it does.
    fn naming(&self, caller: &Caller, facts: &Facts) -> Option<(Naming, Truth)> {
        let (trustee, in_partition) = match self {
            Self::Service(name) => {
                let is_it = caller.kind == CallerKind::Service && *name == caller.arn;
                return is_it.then_some((Naming::Named, Truth::Yes));
            }
            Self::Provider(name) => {
                let is_it = caller.kind == CallerKind::Federated && *name == caller.arn;
                return is_it.then_some((Naming::Named, Truth::Yes));
            }
            Self::Aws { trustee, partition } => (trustee, partition),
        };
        if *trustee == Trustee::Anyone {
            return Some((Naming::Anyone, Truth::Yes));
        }
        if !caller.has_identity() {
            return None;
        }
        if in_partition.is_some() && in_partition.as_deref() != partition(&caller.arn) {
            return None;
        }
        let of = |account: &str| caller.account.as_deref() == Some(account);
        let (is_it, naming) = match (trustee, &caller.kind) {
            (Trustee::Account(account), _) => (of(account), Naming::Account),
            (Trustee::User { account, name }, CallerKind::User { name: own }) => {
                (of(account) && name == own, Naming::Named)
            }
            (Trustee::User { account, name }, CallerKind::FederatedUser { name: own }) => {
                (of(account) && last(name) == own, Naming::Role)
            }
            (Trustee::FederatedUser { account, name }, CallerKind::FederatedUser { name: own }) => {
                (of(account) && name == own, Naming::Named)
            }
            (Trustee::Role { account, name }, CallerKind::Role { name: own }) => {
                (of(account) && name == own, Naming::Role)
            }
            (Trustee::Role { account, name }, CallerKind::Session { role, .. }) => {
                (of(account) && is_same_role(name, role), Naming::Role)
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
            ) => {
                let is_it = of(account) && role == last(own) && session == name;
                (is_it, Naming::Named)
            }
            (
                Trustee::Session {
                    account,
                    role,
                    session,
                },
                CallerKind::Role { name },
            ) if of(account) && role == last(name) => {
                return Some((Naming::Named, is_session(session, facts)));
            }
            (Trustee::Unique(id), CallerKind::User { .. }) => {
                return Some((Naming::Named, is_id(id, "", caller, facts)));
            }
            (Trustee::Unique(id), CallerKind::Role { .. } | CallerKind::Session { .. }) => {
                return Some((Naming::Role, is_id(id, ":", caller, facts)));
            }
            _ => return None,
        };
        is_it.then_some((naming, Truth::Yes))
    }
}

/// Every entry of a list that names the caller, or may.
pub(super) fn named(list: &[Entry], caller: &Caller, facts: &Facts) -> Vec<Named> {
    let mut found = Vec::new();
    for (at, entry) in list.iter().enumerate() {
        if let Some((naming, truth)) = entry.naming(caller, facts)
            && !truth.is_no()
        {
            found.push(Named { at, naming, truth });
        }
    }
    found
}

/// Whether a `NotPrincipal` list excepts the caller: it must name the account and the user or
/// role, and of a session both role and session.
pub(super) fn excepts(list: &[Entry], caller: &Caller, facts: &Facts) -> Truth {
    let found = named(list, caller, facts);
    let by = |naming: Naming| {
        let fitting = found.iter().filter(|it| it.naming == naming);
        fitting.fold(Truth::No, |truth, it| truth.or(it.truth.clone()))
    };
    let listed = match caller.kind {
        CallerKind::Root | CallerKind::Account => by(Naming::Account),
        CallerKind::Service | CallerKind::Federated => by(Naming::Named),
        CallerKind::Anonymous => Truth::No,
        CallerKind::User { .. } | CallerKind::FederatedUser { .. } => {
            by(Naming::Account).and(by(Naming::Named))
        }
        CallerKind::Session { .. } | CallerKind::Role { .. } => by(Naming::Account)
            .and(by(Naming::Role))
            .and(by(Naming::Named)),
    };
    by(Naming::Anyone).or(listed)
}

/// The partition of an ARN.
fn partition(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.split(':').next()
}

/// Whether the session of a role, of which no name is known, has this one. Names hold no
/// wildcards.
fn is_session(name: &str, facts: &Facts) -> Truth {
    if name.contains(['*', '?']) {
        return Truth::No;
    }
    user_id(&format!("*:{name}"), facts)
}

/// Whether a unique id is the caller's. `aws:userid` has it, too, for a role with more after it.
fn is_id(id: &str, after: &str, caller: &Caller, facts: &Facts) -> Truth {
    if let Some(own) = &caller.unique_id {
        return Truth::from(own == id);
    }
    let more = if after.is_empty() { "" } else { "*" };
    user_id(&format!("{id}{after}{more}"), facts)
}

/// Whether `aws:userid` fits a pattern.
fn user_id(pattern: &str, facts: &Facts) -> Truth {
    match Condition::user_id(pattern) {
        Some(condition) => condition.truth(facts),
        None => Truth::No,
    }
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
