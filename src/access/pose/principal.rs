//! Which principal a text means.

use std::fmt;

use crate::access::caller::{Caller, CallerKind};
use crate::catalog;
use crate::iam::{Account, Arn, Role, User};

/// Why a text names no principal that can be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalError {
    /// Nothing in the account has this name or ARN.
    Unknown {
        /// The text.
        text: String,
        /// The names that come nearest.
        nearest: Vec<String>,
    },
    /// A user and a role have this name.
    Several {
        /// The name.
        name: String,
        /// Their ARNs.
        arns: Vec<String>,
    },
    /// It is a group, which makes no requests.
    Group(String),
    /// It looks like an ARN but names no principal; what is expected.
    Malformed(String),
}

impl PrincipalError {
    /// What to do about it, a line each.
    pub fn next(&self) -> Vec<String> {
        match self {
            Self::Unknown { nearest, .. } if !nearest.is_empty() => {
                vec![format!("did you mean {}?", nearest.join(", "))]
            }
            Self::Unknown { .. } => vec![
                "a principal is a user or role of the account by name or ARN, a session's ARN, \
                 root, a service such as ec2.amazonaws.com, another account's id, or * for anyone"
                    .to_owned(),
            ],
            Self::Several { arns, .. } => vec![format!("name its ARN: {}", arns.join(" or "))],
            Self::Group(_) => vec!["ask about one of its members".to_owned()],
            Self::Malformed(_) => Vec::new(),
        }
    }
}

impl fmt::Display for PrincipalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { text, .. } => write!(f, "the account has no user or role {text:?}"),
            Self::Several { name, .. } => write!(f, "a user and a role are called {name:?}"),
            Self::Group(name) => write!(f, "{name:?} is a group, and groups make no requests"),
            Self::Malformed(why) => f.write_str(why),
        }
    }
}

/// The principal that a text means: an ARN, or a name that is unique in the account.
///
/// # Errors
/// [`PrincipalError`] with the nearest names.
pub fn principal(account: &Account, text: &str) -> Result<Caller, PrincipalError> {
    let own = account.id.as_deref().unwrap_or_default();
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Caller::account(text, account.partition.as_str()));
    }
    let is_arn = text.starts_with("arn:");
    if !is_arn && text != "*" && !text.contains('.') || named(account, text).is_some() {
        return by_name(account, text);
    }
    let provider = provider(account, text);
    let text = provider.as_deref().unwrap_or(text);
    let caller = Caller::parse(text).map_err(|error| {
        if account.group(text).is_some() {
            return PrincipalError::Group(text.to_owned());
        }
        if is_arn && Arn::parse(text).is_ok_and(|arn| arn.account == own) {
            return unknown(account, text);
        }
        PrincipalError::Malformed(error.to_string())
    })?;
    if caller.account.as_deref() != Some(own) {
        return Ok(match caller.kind {
            // The root of another account stands for all of it, as in its trust policies.
            CallerKind::Root => Caller {
                kind: CallerKind::Account,
                ..caller
            },
            _ => caller,
        });
    }
    match &caller.kind {
        CallerKind::User { .. } => match account.user(text) {
            Some(user) => Ok(of_user(user)),
            None => Err(unknown(account, text)),
        },
        CallerKind::Role { .. } => match account.role(text) {
            Some(role) => Ok(of_role(role)),
            None => Err(unknown(account, text)),
        },
        CallerKind::Session { role, session } => {
            let name = role.rsplit('/').next().unwrap_or(role);
            let Some(found) = account.roles().iter().find(|it| it.name == name) else {
                return Err(unknown(account, name));
            };
            Ok(Caller {
                kind: CallerKind::Session {
                    role: path_and_name(&found.path, &found.name),
                    session: session.clone(),
                },
                unique_id: Some(found.id.clone()),
                ..caller
            })
        }
        _ => Ok(caller),
    }
}

/// The ARN of a web identity provider that is named by its host alone. Only a few hosts stand in
/// trust policies by themselves.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
fn provider(account: &Account, host: &str) -> Option<String> {
    const BY_THEMSELVES: [&str; 4] = [
        "accounts.google.com",
        "cognito-identity.amazonaws.com",
        "graph.facebook.com",
        "www.amazon.com",
    ];
    let caller = Caller::parse(host).ok()?;
    let is_host = caller.kind == CallerKind::Federated && caller.account.is_none();
    let (partition, id) = (&account.partition, account.id.as_deref()?);
    (is_host && !BY_THEMSELVES.contains(&host))
        .then(|| format!("arn:{partition}:iam::{id}:oidc-provider/{host}"))
}

fn by_name(account: &Account, text: &str) -> Result<Caller, PrincipalError> {
    if text.eq_ignore_ascii_case("root")
        && let Some(id) = account.id.as_deref()
    {
        let arn = format!("arn:{}:iam::{id}:root", account.partition);
        return Caller::parse(&arn).map_err(|error| PrincipalError::Malformed(error.to_string()));
    }
    match named(account, text) {
        Some((Some(user), None)) => Ok(of_user(user)),
        Some((None, Some(role))) => Ok(of_role(role)),
        Some((Some(user), Some(role))) => Err(PrincipalError::Several {
            name: text.to_owned(),
            arns: vec![user.arn.to_string(), role.arn.to_string()],
        }),
        _ if account
            .groups()
            .iter()
            .any(|it| it.name.eq_ignore_ascii_case(text)) =>
        {
            Err(PrincipalError::Group(text.to_owned()))
        }
        _ => Err(unknown(account, text)),
    }
}

/// The user and the role with a name. Names are unique in either kind regardless of case.
fn named<'a>(account: &'a Account, name: &str) -> Option<(Option<&'a User>, Option<&'a Role>)> {
    let user = account.users().iter();
    let user = user
        .map(|it| &**it)
        .find(|it| it.name.eq_ignore_ascii_case(name));
    let role = account.roles().iter();
    let role = role
        .map(|it| &**it)
        .find(|it| it.name.eq_ignore_ascii_case(name));
    (user.is_some() || role.is_some()).then_some((user, role))
}

fn unknown(account: &Account, text: &str) -> PrincipalError {
    let name = text.rsplit(['/', ':']).next().unwrap_or(text);
    let users = account.users().iter().map(|it| it.name.as_str());
    let roles = account.roles().iter().map(|it| it.name.as_str());
    let nearest = catalog::nearest(name, users.chain(roles), 3);
    PrincipalError::Unknown {
        text: text.to_owned(),
        nearest: nearest.into_iter().map(str::to_owned).collect(),
    }
}

/// A user of the account.
pub(in crate::access) fn of_user(user: &User) -> Caller {
    Caller {
        kind: CallerKind::User {
            name: path_and_name(&user.path, &user.name),
        },
        account: account_of(&user.arn),
        arn: (&*user.arn).into(),
        unique_id: Some(user.id.clone()),
    }
}

/// A role of the account.
pub(in crate::access) fn of_role(role: &Role) -> Caller {
    Caller {
        kind: CallerKind::Role {
            name: path_and_name(&role.path, &role.name),
        },
        account: account_of(&role.arn),
        arn: (&*role.arn).into(),
        unique_id: Some(role.id.clone()),
    }
}

fn account_of(arn: &str) -> Option<compact_str::CompactString> {
    Arn::parse(arn).ok().map(|arn| arn.account.into())
}

fn path_and_name(path: &str, name: &str) -> compact_str::CompactString {
    let path = path.strip_prefix('/').unwrap_or(path);
    compact_str::format_compact!("{path}{name}")
}
