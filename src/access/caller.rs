//! Who asks.

use compact_str::CompactString;

use crate::iam::Arn;

/// The principal of a request.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// What it is.
    pub kind: CallerKind,
    /// The account; none for services, anonymous callers and providers that are no account's.
    pub account: Option<CompactString>,
    /// The ARN; for a service its principal, for an anonymous caller `*`.
    pub arn: CompactString,
    /// The unique id, such as `AIDACKCEVSQ6C2EXAMPLE`; of a session, that of its role.
    pub unique_id: Option<CompactString>,
}

/// The kinds of principals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallerKind {
    /// A user.
    User {
        /// Path and name, without the leading slash.
        name: CompactString,
    },
    /// A role: one of its sessions, it is not said which.
    Role {
        /// Path and name, without the leading slash.
        name: CompactString,
    },
    /// A session of a role.
    Session {
        /// The role's path and name, or its name alone where only the session's ARN is known.
        role: CompactString,
        /// The session's name.
        session: CompactString,
    },
    /// A user that `sts:GetFederationToken` made.
    FederatedUser {
        /// Its name.
        name: CompactString,
    },
    /// The root user of an account.
    Root,
    /// Another account as a whole: whoever its own policies let.
    Account,
    /// An AWS service.
    Service,
    /// A web identity or SAML provider's user.
    Federated,
    /// Nobody in particular: a request without credentials.
    Anonymous,
}

/// A text that names no principal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no principal (expected the ARN of a user, role, session, federated user, provider or account's root, a service such as ec2.amazonaws.com, or *)"
)]
pub struct CallerError(pub String);

impl Caller {
    /// Reads an ARN, a service principal, the host of a web identity provider, or `*`.
    ///
    /// # Errors
    /// [`CallerError`] where the text is nothing of these.
    pub fn parse(text: &str) -> Result<Self, CallerError> {
        let caller = |kind, account: Option<&str>| Self {
            kind,
            account: account.map(CompactString::from),
            arn: text.into(),
            unique_id: None,
        };
        let error = || CallerError(text.to_owned());
        if text == "*" {
            return Ok(caller(CallerKind::Anonymous, None));
        }
        let Ok(arn) = Arn::parse(text) else {
            return of_host(text)
                .map(|kind| caller(kind, None))
                .ok_or_else(error);
        };
        let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        let kind = match (arn.service, kind) {
            _ if !arn.region.is_empty() || !is_word(arn.account) || !is_word(arn.partition) => {
                return Err(error());
            }
            _ if text.contains(['*', '?']) => return Err(error()),
            ("iam", "root") if name.is_empty() => CallerKind::Root,
            _ if name.is_empty() || name.ends_with('/') => return Err(error()),
            ("iam", "user") => CallerKind::User { name: name.into() },
            ("iam", "role") => CallerKind::Role { name: name.into() },
            ("iam", "saml-provider" | "oidc-provider") => CallerKind::Federated,
            ("sts", "federated-user") => CallerKind::FederatedUser { name: name.into() },
            ("sts", "assumed-role") => match name.split_once('/') {
                Some((role, session)) if !role.is_empty() => CallerKind::Session {
                    role: role.into(),
                    session: session.into(),
                },
                _ => return Err(error()),
            },
            _ => return Err(error()),
        };
        Ok(caller(kind, Some(arn.account)))
    }

    /// Another account as a whole.
    pub fn account(id: &str, partition: &str) -> Self {
        Self {
            kind: CallerKind::Account,
            account: Some(id.into()),
            arn: compact_str::format_compact!("arn:{partition}:iam::{id}:root"),
            unique_id: None,
        }
    }

    /// Whether it has policies of its own: users, roles, their sessions, the root user.
    ///
    /// Services, anonymous and federated callers have none: the resource's policy decides.
    pub fn has_identity(&self) -> bool {
        !matches!(
            self.kind,
            CallerKind::Service | CallerKind::Federated | CallerKind::Anonymous
        )
    }

    /// Whether it is a service-linked role or a session of one, which no policy of an
    /// organisation binds.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
    pub fn is_service_linked(&self) -> bool {
        match &self.kind {
            CallerKind::Role { name } => name.starts_with("aws-service-role/"),
            // The ARN of a session lacks the path, but these names are AWS's own.
            CallerKind::Session { role, .. } => {
                role.starts_with("aws-service-role/") || role.starts_with("AWSServiceRoleFor")
            }
            _ => false,
        }
    }
}

/// Whether a part of an ARN is a word: letters, digits, hyphens.
fn is_word(part: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !part.is_empty() && part.bytes().all(fits)
}

fn of_host(text: &str) -> Option<CallerKind> {
    let is_host = text.contains('.')
        && !text.starts_with('.')
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._/".contains(&b));
    let service = text.strip_suffix(".cn").unwrap_or(text);
    match service.strip_suffix(".amazonaws.com") {
        // The one web identity provider under the domain of the services.
        Some("cognito-identity") => Some(CallerKind::Federated),
        Some(_) => Some(CallerKind::Service),
        None => is_host.then_some(CallerKind::Federated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_are_told_apart() {
        for (text, kind) in [
            (
                "arn:aws:iam::111122223333:user/a/bob",
                CallerKind::User {
                    name: "a/bob".into(),
                },
            ),
            (
                "arn:aws-cn:iam::111122223333:role/x",
                CallerKind::Role { name: "x".into() },
            ),
            (
                "arn:aws:sts::111122223333:assumed-role/x/i-1",
                CallerKind::Session {
                    role: "x".into(),
                    session: "i-1".into(),
                },
            ),
            (
                "arn:aws:sts::111122223333:federated-user/bob",
                CallerKind::FederatedUser { name: "bob".into() },
            ),
            ("arn:aws:iam::111122223333:root", CallerKind::Root),
            (
                "arn:aws:iam::111122223333:saml-provider/okta",
                CallerKind::Federated,
            ),
            ("accounts.google.com", CallerKind::Federated),
            ("cognito-identity.amazonaws.com", CallerKind::Federated),
            ("ec2.amazonaws.com", CallerKind::Service),
            ("ec2.amazonaws.com.cn", CallerKind::Service),
            ("*", CallerKind::Anonymous),
        ] {
            assert_eq!(Caller::parse(text).unwrap().kind, kind, "{text}");
        }
    }

    #[test]
    fn what_is_no_principal_is_refused() {
        for text in [
            "",
            "alice",
            "arn:aws:iam::111122223333:user",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:iam:::user/x",
            "arn:aws:iam::111122223333:group/x",
            "arn:aws:s3:::b",
            "arn:aws:sts::111122223333:assumed-role/x",
            "arn:aws:iam::111122223333:role/*",
            "two words.com",
            ".com",
        ] {
            assert!(Caller::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn service_linked_roles_are_known_by_path_and_sessions_by_name() {
        let is_linked = |text: &str| Caller::parse(text).unwrap().is_service_linked();
        let role = "aws-service-role/ec2.amazonaws.com/AWSServiceRoleForEC2";
        assert!(is_linked(&format!("arn:aws:iam::1:role/{role}")));
        assert!(is_linked(
            "arn:aws:sts::1:assumed-role/AWSServiceRoleForEC2/s"
        ));
        assert!(!is_linked("arn:aws:iam::1:role/AWSServiceRoleForEC2"));
        assert!(!is_linked(
            "arn:aws:sts::1:assumed-role/x/AWSServiceRoleForEC2"
        ));
    }
}
