//! Principals, as answers name them.

use serde::Serialize;

use crate::access::{Caller, CallerKind};

/// Who asks.
#[derive(Debug, Serialize)]
pub(super) struct PrincipalJson<'a> {
    arn: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl<'a> PrincipalJson<'a> {
    pub(super) fn new(caller: &'a Caller) -> Self {
        Self {
            arn: &caller.arn,
            kind: kind(caller),
        }
    }
}

/// The word for a kind of principals: user, role, root, session, federated, service, account,
/// anonymous.
pub fn kind(caller: &Caller) -> &'static str {
    match caller.kind {
        CallerKind::User { .. } => "user",
        CallerKind::Role { .. } => "role",
        CallerKind::Session { .. } => "session",
        CallerKind::FederatedUser { .. } | CallerKind::Federated => "federated",
        CallerKind::Root => "root",
        CallerKind::Account => "account",
        CallerKind::Service => "service",
        CallerKind::Anonymous => "anonymous",
    }
}
