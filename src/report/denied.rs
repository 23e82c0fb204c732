//! Denials, as AWS and its tools tell of them: what a text says about who asked for what, and why
//! it was refused.
//!
//! A text is taken as it is pasted: the message of any tool, an answer in JSON or XML, an event of
//! CloudTrail, or what `sts:DecodeAuthorizationMessage` gives. Nothing is invented: what a text
//! does not say stays open. Whatever comes in, reading ends soon and never fails by itself.

mod compare;
mod decoded;
mod event;
mod explained;
mod json;
mod operation;
mod sentence;
mod text;

use std::fmt;

pub use compare::{Agreement, Comparison};
pub use explained::Explained;

use crate::iam::Account;

/// The longest text that is read, in bytes. Events of CloudTrail have at most 256 kB.
pub const LIMIT: usize = 1 << 20;

/// What a text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// A message, with whatever a tool put around it.
    #[default]
    Message,
    /// An event of CloudTrail.
    CloudTrail,
    /// What `sts:DecodeAuthorizationMessage` gives.
    Decoded,
}

impl Form {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::CloudTrail => "cloudTrail",
            Self::Decoded => "decoded",
        }
    }
}

/// The kinds of policies that messages name.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// The principal's own.
    Identity,
    /// Its permissions boundary.
    Boundary,
    /// What was passed with the session.
    Session,
    /// The resource's.
    Resource,
    /// A role's trust policy.
    Trust,
    /// Of the organisation, for principals.
    Scp,
    /// Of the organisation, for resources.
    Rcp,
    /// Of the VPC endpoint that the request went through.
    VpcEndpoint,
}

impl PolicyKind {
    /// Each with what messages call it.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Identity, "identity-based policy"),
        (Self::Boundary, "permissions boundary"),
        (Self::Session, "session policy"),
        (Self::Resource, "resource-based policy"),
        (Self::Trust, "role trust policy"),
        (Self::Scp, "service control policy"),
        (Self::Rcp, "resource control policy"),
        (Self::VpcEndpoint, "VPC endpoint policy"),
    ];

    /// What messages call it.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }

    /// The same after its article.
    fn with_article(self) -> String {
        let article = match self {
            Self::Identity => "an",
            _ => "a",
        };
        format!("{article} {}", self.name())
    }
}

/// Why a request was refused, as the text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Whether a statement denies; else none allows.
    pub is_explicit: bool,
    /// Of which kind the policies are, where the text says.
    pub kind: Option<PolicyKind>,
    /// The ARN or name of the policy that denies, where the text says.
    pub policy: Option<String>,
}

/// A reason, as a clause.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_explicit {
            let kind = self.kind.map_or("policy", PolicyKind::name);
            return write!(f, "no {kind} allows it");
        }
        let kind = self.kind.map(PolicyKind::with_article);
        write!(
            f,
            "an explicit deny in {}",
            kind.as_deref().unwrap_or("a policy")
        )?;
        match &self.policy {
            Some(policy) => write!(f, ": {policy}"),
            None => Ok(()),
        }
    }
}

/// What a text says about a request that was denied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denied {
    /// What the text is.
    pub form: Form,
    /// Who asked: an ARN, a service, `*` for somebody without credentials.
    pub principal: Option<String>,
    /// The action, such as `s3:GetObject`.
    pub action: Option<String>,
    /// The operation of the API that was called, where the text names it.
    pub operation: Option<String>,
    /// Where the operation alone does not tell: the actions that it may have been.
    pub candidates: Vec<String>,
    /// What it was to be done to: an ARN, `*`, or such as `role NAME` and `s3://BUCKET/KEY`.
    pub resource: Option<String>,
    /// Condition keys of the request with their values; without any where the request does not
    /// have the key.
    pub context: Vec<(String, Vec<String>)>,
    /// The time of the request, as it is written.
    pub time: Option<String>,
    /// Why it was refused.
    pub reason: Option<Reason>,
    /// The part that only AWS can decode.
    pub encoded: Option<String>,
    /// What else is worth knowing about how the text was read, a sentence each.
    pub notes: Vec<String>,
}

/// Why a text tells of no denial.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeniedError {
    /// There is nothing in it.
    #[error("the message is empty")]
    Empty,
    /// It is longer than any message.
    #[error("the message has more than {LIMIT} bytes")]
    TooLong,
    /// Nothing in it speaks of a denial.
    #[error("the text is no message of AWS about a denied request")]
    NoDenial,
    /// It is about a request that was not denied.
    #[error("the request was not denied: {0}")]
    NotDenied(String),
}

/// Reads a text.
///
/// # Errors
/// [`DeniedError`] where it tells of no denial.
pub fn parse(text: &str) -> Result<Denied, DeniedError> {
    if text.len() > LIMIT {
        return Err(DeniedError::TooLong);
    }
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(DeniedError::Empty);
    }
    match json::read(trimmed) {
        Some(found) => found,
        None => of_message(trimmed).ok_or(DeniedError::NoDenial),
    }
}

/// Reads a message that is no JSON.
fn of_message(text: &str) -> Option<Denied> {
    let text = text::Text::new(text);
    let mut denied = sentence::read(&text);
    denied.encoded = sentence::encoded(&text);
    let is_denial = denied.action.is_some() || denied.encoded.is_some() || text.says_denied();
    if !is_denial {
        return None;
    }
    if denied.action.is_none() {
        operation::fill_in(&text, &mut denied);
    }
    Some(denied)
}

impl Denied {
    /// How much it tells, for choosing between several.
    fn weight(&self) -> usize {
        let parts = [
            self.action.is_some(),
            self.principal.is_some(),
            self.resource.is_some(),
            self.reason.is_some(),
            self.operation.is_some(),
        ];
        parts.into_iter().filter(|it| *it).count()
    }

    /// Takes in what the encoded part said, which is the request as AWS saw it.
    pub fn learn(&mut self, decoded: Self) {
        self.principal = decoded.principal.or(self.principal.take());
        self.resource = decoded.resource.or(self.resource.take());
        if let Some(action) = decoded.action {
            self.action = Some(action);
            self.candidates.clear();
        }
        self.reason = match (self.reason.take(), decoded.reason) {
            // The message names the kind of policy, which the encoded part does not.
            (Some(said), _) => Some(said),
            (None, decoded) => decoded,
        };
        self.context.extend(decoded.context);
        self.notes.extend(decoded.notes);
        self.encoded = None;
    }

    /// The resource as an ARN: IAM's messages name some as `role NAME`, without account and path,
    /// and tools name objects of S3 as `s3://BUCKET/KEY`.
    pub fn resource_in(&self, account: &Account) -> Option<String> {
        let text = self.resource.as_deref()?;
        if let Some(path) = text.strip_prefix("s3://") {
            return Some(format!("arn:{}:s3:::{path}", account.partition));
        }
        let Some((kind, name)) = text.split_once(' ') else {
            return Some(text.to_owned());
        };
        let found = match kind {
            "role" => {
                let mut roles = account.roles().iter();
                roles.find(|it| it.name == name).map(|it| it.arn.clone())
            }
            "user" => {
                let mut users = account.users().iter();
                users.find(|it| it.name == name).map(|it| it.arn.clone())
            }
            "group" => {
                let mut groups = account.groups().iter();
                groups.find(|it| &*it.name == name).map(|it| it.arn.clone())
            }
            "policy" if name.starts_with("arn:") => return Some(name.to_owned()),
            "policy" => None,
            _ => return Some(text.to_owned()),
        };
        let by_path = || {
            let (partition, id) = (&account.partition, account.id.as_deref().unwrap_or("*"));
            format!("arn:{partition}:iam::{id}:{kind}/{name}")
        };
        Some(found.map_or_else(by_path, |arn| arn.to_string()))
    }
}
