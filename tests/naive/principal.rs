//! Who calls, and in which ways a Principal element names the caller.

use serde_json::Value;

use super::context::{request_values, scalars};
use super::statement::policy;

/// The kinds of callers. [reference_policies_elements_principal]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// An IAM user.
    User,
    /// Any session of a role, its name unknown.
    Role,
    /// One session of a role.
    Session,
    /// A session that a user got from GetFederationToken.
    FederatedUser,
    /// An account's root user.
    Root,
    /// An AWS service.
    Service,
    /// A caller whom a SAML or web identity provider vouches for.
    Federated,
    /// A caller without credentials.
    Anonymous,
}

/// The caller of a case.
#[derive(Debug)]
pub struct Caller<'a> {
    /// Its kind.
    pub kind: Kind,
    /// The principal of the case as it is written.
    pub arn: &'a str,
    /// Whether it has a permissions boundary.
    pub bounded: bool,
    context: &'a Value,
}

/// A way in which a Principal element names a caller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Naming {
    /// The very user, session, root user, service or provider.
    Itself,
    /// `*`
    Everyone,
    /// The role of a session, or the user below a federated user.
    Role,
    /// The account.
    Account,
}

impl<'a> Caller<'a> {
    /// The caller of a case. The root user and callers without an identity side have no boundary.
    /// [access_policies_boundaries]
    pub fn of(case: &'a Value) -> Self {
        let arn = case["principal_arn"].as_str().unwrap_or("*");
        let kind = kind(arn);
        let bounded = policy(&case["permissions_boundary"]).is_some();
        let identity = matches!(
            kind,
            Kind::User | Kind::Role | Kind::Session | Kind::FederatedUser
        );
        Self {
            kind,
            arn,
            bounded: bounded && identity,
            context: &case["context"],
        }
    }

    /// Whether identity policies, boundaries, session policies and SCPs can concern the caller:
    /// services, federated and anonymous callers have none of them.
    /// [reference_policies_evaluation-logic]
    pub fn has_identity_side(&self) -> bool {
        !matches!(self.kind, Kind::Service | Kind::Federated | Kind::Anonymous)
    }

    /// The account that the caller belongs to; empty where there is none.
    pub fn account(&self) -> &'a str {
        if self.has_identity_side() {
            part(self.arn, 4)
        } else {
            ""
        }
    }

    /// Whether the caller is a service-linked role, which neither SCPs nor RCPs bind. A session's
    /// ARN has no path, so there the name tells. [orgs_manage_policies_scps]
    pub fn is_service_linked(&self) -> bool {
        let resource = part(self.arn, 5);
        match self.kind {
            Kind::Role => resource.starts_with("role/aws-service-role/"),
            Kind::Session => resource.starts_with("assumed-role/AWSServiceRoleFor"),
            _ => false,
        }
    }

    /// All the ways in which a Principal element names the caller. Every entry is compared as text:
    /// its ARNs have no wildcards. [reference_policies_elements_principal]
    pub fn named_by(&self, principal: &Value) -> Vec<Naming> {
        if principal == "*" {
            return vec![Naming::Everyone];
        }
        let entries = |kind: &str| scalars(&principal[kind]).unwrap_or_default();
        let mut namings: Vec<Naming> = entries("AWS")
            .iter()
            .filter_map(|entry| self.aws_naming(entry))
            .collect();
        let listed = |kind: &str| entries(kind).iter().any(|entry| entry == self.arn);
        if (self.kind == Kind::Service && listed("Service"))
            || (self.kind == Kind::Federated && listed("Federated"))
        {
            namings.push(Naming::Itself);
        }
        namings
    }

    /// How one entry under `AWS` names the caller. [reference_policies_elements_principal]
    fn aws_naming(&self, entry: &str) -> Option<Naming> {
        if entry == "*" {
            return Some(Naming::Everyone);
        }
        if !self.has_identity_side() {
            return None;
        }
        let account = self.account();
        if entry == account || entry == format!("arn:{}:iam::{account}:root", part(self.arn, 1)) {
            return Some(Naming::Account);
        }
        match self.kind {
            Kind::Role if entry == self.arn => Some(Naming::Role),
            Kind::Role if self.is_its_session(entry) => Some(Naming::Itself),
            _ if entry == self.arn => Some(Naming::Itself),
            Kind::Session if self.is_below(entry, "role") => Some(Naming::Role),
            Kind::FederatedUser if self.is_below(entry, "user") => Some(Naming::Role),
            _ => self.unique_id_naming(entry),
        }
    }

    /// Whether an entry is the session of the role that makes the request: after the colon,
    /// `aws:userid` has the session's name.
    fn is_its_session(&self, entry: &str) -> bool {
        let name = part(self.arn, 5).split('/').next_back().unwrap_or("");
        let (partition, account) = (part(self.arn, 1), self.account());
        let role = format!("arn:{partition}:sts::{account}:assumed-role/{name}/");
        let ids = request_values(self.context, "aws:userid");
        let own = ids.first().filter(|_| ids.len() == 1);
        let session = own.and_then(|id| id.split_once(':'));
        session.is_some_and(|(_, session)| entry.strip_prefix(&role) == Some(session))
    }

    /// Whether the caller is a session of the role or user of an entry: of the same account and of
    /// the same name, wherever the entry's path; the ARNs of sessions have none.
    fn is_below(&self, entry: &str, kind: &str) -> bool {
        let (own, path) = (part(self.arn, 5), part(entry, 5));
        let same_place = entry.starts_with(&format!("arn:{}:iam::", part(self.arn, 1)))
            && part(entry, 4) == self.account();
        same_place
            && path.split('/').next() == Some(kind)
            && path.split('/').next_back() == own.split('/').nth(1)
    }

    /// How a unique id names the caller: its `aws:userid` is that id, or begins with it and a colon.
    /// [reference_identifiers, unique identifiers]
    fn unique_id_naming(&self, entry: &str) -> Option<Naming> {
        if !entry.starts_with("AIDA") && !entry.starts_with("AROA") {
            return None;
        }
        let ids = request_values(self.context, "aws:userid");
        let own = ids.first().filter(|_| ids.len() == 1)?;
        if own != entry && !own.starts_with(&format!("{entry}:")) {
            return None;
        }
        Some(if entry.starts_with("AROA") {
            Naming::Role
        } else {
            Naming::Itself
        })
    }

    /// Whether a NotPrincipal element excepts the caller from a Deny: it must list the account as
    /// well as the role or user and the session. A principal with a boundary is never excepted.
    /// [reference_policies_elements_notprincipal]
    pub fn excepted_by(&self, not_principal: &Value) -> bool {
        let namings = self.named_by(not_principal);
        let listed = |naming| namings.contains(&naming);
        if self.bounded {
            return false;
        }
        listed(Naming::Everyone)
            || match self.kind {
                Kind::User | Kind::FederatedUser => {
                    listed(Naming::Account) && listed(Naming::Itself)
                }
                Kind::Role | Kind::Session => {
                    listed(Naming::Account) && listed(Naming::Role) && listed(Naming::Itself)
                }
                Kind::Root => listed(Naming::Account),
                Kind::Service | Kind::Federated => listed(Naming::Itself),
                Kind::Anonymous => false,
            }
    }
}

/// The kind of caller that a principal is. [reference_identifiers]
fn kind(principal: &str) -> Kind {
    let resource = part(principal, 5);
    let begins = |prefix: &str| resource.starts_with(prefix);
    if principal == "*" {
        Kind::Anonymous
    } else if !principal.starts_with("arn:") {
        let service =
            principal.ends_with(".amazonaws.com") || principal.ends_with(".amazonaws.com.cn");
        // This one host of Amazon's is a web identity provider.
        let provider = principal == "cognito-identity.amazonaws.com";
        if service && !provider {
            Kind::Service
        } else {
            Kind::Federated
        }
    } else if resource == "root" {
        Kind::Root
    } else if begins("user/") {
        Kind::User
    } else if begins("role/") {
        Kind::Role
    } else if begins("assumed-role/") {
        Kind::Session
    } else if begins("federated-user/") {
        Kind::FederatedUser
    } else {
        Kind::Federated
    }
}

/// One of an ARN's six parts, counted from nought; empty where the text has fewer.
/// [reference-arns]
pub fn part(arn: &str, index: usize) -> &str {
    arn.splitn(6, ':').nth(index).unwrap_or("")
}
