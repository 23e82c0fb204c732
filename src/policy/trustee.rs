//! A principal of a policy, understood.

use super::arn::{ArnParts, is_account, is_unique_id};
use super::{Principal, PrincipalKind};

/// Who a principal is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trustee {
    /// Everyone, of any account and without one.
    Anyone,
    /// An AWS service, by its principal without `.amazonaws.com`.
    Service(String),
    /// A whole account, by its id: whoever its own policies let.
    Account(String),
    /// A role.
    Role {
        /// The account.
        account: String,
        /// The path and name, such as `ci/deploy`.
        name: String,
    },
    /// A user.
    User {
        /// The account.
        account: String,
        /// The path and name.
        name: String,
    },
    /// A session of a role.
    Session {
        /// The account.
        account: String,
        /// The role's name.
        role: String,
        /// The session's name.
        session: String,
    },
    /// A user that `sts:GetFederationToken` made.
    FederatedUser {
        /// The account.
        account: String,
        /// The federated user's name.
        name: String,
    },
    /// A web identity (OpenID Connect) provider, by its host and path.
    Oidc {
        /// Such as `token.actions.githubusercontent.com`.
        provider: String,
    },
    /// A SAML provider, by its name.
    Saml {
        /// The account.
        account: String,
        /// The name.
        provider: String,
    },
    /// An AWS account by its canonical user id, as S3 has them.
    CanonicalUser(String),
    /// A unique id such as `AROA…`: what IAM shows of a principal that was deleted.
    Unique(String),
    /// Anything else, as written.
    Other(String),
}

impl Trustee {
    /// Understands a principal.
    pub fn of(principal: &Principal) -> Self {
        let text = principal.value.text.as_str();
        if principal.is_anyone() {
            return Self::Anyone;
        }
        match principal.kind {
            PrincipalKind::Aws => Self::of_aws(text),
            PrincipalKind::Service => Self::Service(service(text).to_owned()),
            PrincipalKind::Federated => Self::of_federated(text),
            PrincipalKind::CanonicalUser => Self::CanonicalUser(text.to_owned()),
            PrincipalKind::Any | PrincipalKind::Other => Self::Other(text.to_owned()),
        }
    }

    fn of_aws(text: &str) -> Self {
        if is_account(text) {
            return Self::Account(text.to_owned());
        }
        if is_unique_id(text) {
            return Self::Unique(text.to_owned());
        }
        let Some(arn) = ArnParts::of(text) else {
            return Self::Other(text.to_owned());
        };
        let account = arn.account.to_owned();
        let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        let name = name.to_owned();
        match (arn.service, kind) {
            ("iam", "root") if name.is_empty() => Self::Account(account),
            ("iam", "role") => Self::Role { account, name },
            ("iam", "user") => Self::User { account, name },
            ("sts", "federated-user") => Self::FederatedUser { account, name },
            ("sts", "assumed-role") if let Some((role, session)) = name.split_once('/') => {
                Self::Session {
                    account,
                    role: role.to_owned(),
                    session: session.to_owned(),
                }
            }
            _ => Self::Other(text.to_owned()),
        }
    }

    fn of_federated(text: &str) -> Self {
        if let Some(arn) = ArnParts::of(text) {
            return match arn.resource.split_once('/') {
                Some(("oidc-provider", provider)) => Self::Oidc {
                    provider: provider.to_owned(),
                },
                Some(("saml-provider", provider)) => Self::Saml {
                    account: arn.account.to_owned(),
                    provider: provider.to_owned(),
                },
                _ => Self::Other(text.to_owned()),
            };
        }
        // The providers that AWS knows by itself stand by their host name.
        if text.contains('.') && !text.contains(['*', ' ']) {
            return Self::Oidc {
                provider: text.to_owned(),
            };
        }
        Self::Other(text.to_owned())
    }

    /// In words for a sentence: `service lambda`, `role ci-deploy of account 111122223333`.
    pub fn in_words(&self) -> String {
        match self {
            Self::Anyone => "anyone".to_owned(),
            Self::Service(name) => format!("service {name}"),
            Self::Account(id) => format!("account {id}"),
            Self::Role { account, name } => format!("role {name} of account {account}"),
            Self::User { account, name } => format!("user {name} of account {account}"),
            Self::Session {
                account,
                role,
                session,
            } => format!("session {session} of role {role} of account {account}"),
            Self::FederatedUser { account, name } => {
                format!("federated user {name} of account {account}")
            }
            Self::Oidc { provider } => format!("web identity of {}", provider_name(provider)),
            Self::Saml { provider, .. } => format!("SAML provider {provider}"),
            Self::CanonicalUser(id) => format!("canonical user {id}"),
            Self::Unique(id) => format!("{} {id}", unique_kind(id)),
            Self::Other(text) => text.clone(),
        }
    }

    /// Short, for a column. What belongs to `own_account` does not name it.
    pub fn label(&self, own_account: Option<&str>) -> String {
        let of = |account: &str, what: String| {
            if own_account == Some(account) {
                what
            } else {
                format!("{what} ({account})")
            }
        };
        match self {
            Self::Anyone => "anyone".to_owned(),
            Self::Service(name) => name.clone(),
            Self::Account(id) if own_account == Some(id) => "this account".to_owned(),
            Self::Account(id) => id.clone(),
            Self::Role { account, name } => of(account, format!("role {}", last(name))),
            Self::User { account, name } => of(account, format!("user {}", last(name))),
            Self::Session { account, role, .. } => of(account, format!("session of {role}")),
            Self::FederatedUser { account, name } => of(account, format!("federated {name}")),
            Self::Oidc { provider } => match known_provider(provider) {
                Some(name) => format!("OIDC {}", name.to_lowercase()),
                None => format!("OIDC {provider}"),
            },
            Self::Saml { provider, .. } => format!("SAML {provider}"),
            Self::CanonicalUser(_) => "canonical user".to_owned(),
            Self::Unique(id) => unique_kind(id).to_owned(),
            Self::Other(text) => text.clone(),
        }
    }

    /// What several of the kind are called.
    pub(super) fn plural(&self) -> &'static str {
        match self {
            Self::Anyone | Self::Other(_) => "principals",
            Self::Service(_) => "services",
            Self::Account(_) => "accounts",
            Self::Role { .. } => "roles",
            Self::User { .. } => "users",
            Self::Session { .. } => "sessions",
            Self::FederatedUser { .. } => "federated users",
            Self::Oidc { .. } => "OIDC providers",
            Self::Saml { .. } => "SAML providers",
            Self::CanonicalUser(_) => "canonical users",
            Self::Unique(_) => "deleted principals",
        }
    }
}

/// A service principal without the domain that nearly all share.
fn service(principal: &str) -> &str {
    let bare = principal
        .strip_suffix(".amazonaws.com")
        .or_else(|| principal.strip_suffix(".amazonaws.com.cn"));
    bare.unwrap_or(principal)
}

/// The last part of a path and name.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn unique_kind(id: &str) -> &'static str {
    match id.get(..4) {
        Some("AROA") => "deleted role",
        Some("AIDA") => "deleted user",
        _ => "deleted principal",
    }
}

/// A provider of web identities as people call it.
fn provider_name(provider: &str) -> &str {
    known_provider(provider).unwrap_or(provider)
}

fn known_provider(provider: &str) -> Option<&'static str> {
    let host = provider.split('/').next().unwrap_or(provider);
    Some(match host {
        "token.actions.githubusercontent.com" => "GitHub",
        "gitlab.com" => "GitLab",
        "accounts.google.com" => "Google",
        "graph.facebook.com" => "Facebook",
        "www.amazon.com" => "Amazon",
        "cognito-identity.amazonaws.com" => "Cognito",
        "app.terraform.io" => "Terraform",
        _ if host.starts_with("oidc.eks.") => "EKS",
        _ => return None,
    })
}
