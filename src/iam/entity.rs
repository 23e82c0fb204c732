//! Users, groups, roles and managed policies.

use std::sync::Arc;

use compact_str::CompactString;
use jiff::Timestamp;

use super::{
    AccessKey, Arn, Field, LoginProfile, MfaDevice, ServiceSpecificCredential, SshPublicKey,
};
use crate::policy::PolicyText;

/// The four kinds of things that an account is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An IAM user.
    User,
    /// A group of users.
    Group,
    /// A role.
    Role,
    /// A managed policy, AWS's or the customer's.
    Policy,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::User, Self::Group, Self::Role, Self::Policy];

    /// The word that ARNs and people use: `user`, `group`, `role`, `policy`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "policy",
        }
    }

    /// The word for several: `users`, `groups`, `roles`, `policies`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::User => "users",
            Self::Group => "groups",
            Self::Role => "roles",
            Self::Policy => "policies",
        }
    }

    /// The kind that an IAM ARN names, if it is one of the four.
    pub fn of_arn(arn: &str) -> Option<Self> {
        let arn = Arn::parse(arn).ok().filter(|a| a.service == "iam")?;
        Self::ALL
            .into_iter()
            .find(|k| k.as_str() == arn.resource_type())
    }
}

/// A stable name for one thing in an account. It outlives a refresh; an index would not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntityRef {
    /// What it is.
    pub kind: Kind,
    /// Its ARN.
    pub arn: Arc<str>,
}

impl EntityRef {
    /// Names the thing of this kind with this ARN.
    pub fn new(kind: Kind, arn: impl Into<Arc<str>>) -> Self {
        Self {
            kind,
            arn: arn.into(),
        }
    }

    /// The name at the end of the ARN.
    pub fn name(&self) -> &str {
        Arn::parse(&self.arn).map_or(&self.arn, |arn| arn.name())
    }
}

/// A key with a value. Values are free text from anyone who may tag: never draw them raw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// The key, unique per thing regardless of case.
    pub key: CompactString,
    /// The value, possibly empty.
    pub value: CompactString,
}

/// A policy that lives in one user, group or role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlinePolicy {
    /// Its name, unique in its owner.
    pub name: CompactString,
    /// Its document; not known where only the name was read.
    pub document: Field<Arc<PolicyText>>,
}

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The ARN, which holds partition, account and path.
    pub arn: Arc<str>,
    /// The name, unique in the account regardless of case.
    pub name: CompactString,
    /// The path, with both slashes.
    pub path: CompactString,
    /// The unique id, such as `AIDACKCEVSQ6C2EXAMPLE`.
    pub id: CompactString,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The names of the groups it is in.
    pub groups: Field<Vec<Arc<str>>>,
    /// The ARNs of the managed policies attached to it.
    pub attached: Field<Vec<Arc<str>>>,
    /// Its own policies.
    pub inline: Field<Vec<InlinePolicy>>,
    /// The ARN of the policy that bounds it; `Known(None)` where nothing does.
    pub boundary: Field<Option<Arc<str>>>,
    /// Its tags.
    pub tags: Field<Vec<Tag>>,
    /// What takes calls of its own to learn.
    pub details: UserDetails,
}

impl User {
    /// What is known here, and what `other` knows where nothing is known here.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            groups: self.groups.or(other.groups),
            attached: self.attached.or(other.attached),
            inline: self.inline.or(other.inline),
            boundary: self.boundary.or(other.boundary),
            tags: self.tags.or(other.tags),
            details: self.details.or(&other.details),
            ..self
        }
    }
}

/// What one more call each tells of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserDetails {
    /// The last console sign-in; `Known(None)` for never.
    pub password_last_used: Field<Option<Timestamp>>,
    /// The console password; `Known(None)` where there is none.
    pub login_profile: Field<Option<LoginProfile>>,
    /// The access keys, two at most.
    pub access_keys: Field<Vec<AccessKey>>,
    /// The MFA devices, eight at most.
    pub mfa_devices: Field<Vec<MfaDevice>>,
    /// The SSH public keys.
    pub ssh_keys: Field<Vec<SshPublicKey>>,
    /// The service-specific credentials.
    pub service_credentials: Field<Vec<ServiceSpecificCredential>>,
}

impl UserDetails {
    /// Whether every call was made, whatever came of it.
    pub fn complete(&self) -> bool {
        !(self.password_last_used.is_unknown()
            || self.login_profile.is_unknown()
            || self.access_keys.is_unknown()
            || self.mfa_devices.is_unknown()
            || self.ssh_keys.is_unknown()
            || self.service_credentials.is_unknown())
    }

    /// What is known here, and what `older` knew where nothing is known here.
    #[must_use]
    pub fn or(self, older: &Self) -> Self {
        Self {
            password_last_used: self.password_last_used.or(older.password_last_used.clone()),
            login_profile: self.login_profile.or(older.login_profile.clone()),
            access_keys: self.access_keys.or(older.access_keys.clone()),
            mfa_devices: self.mfa_devices.or(older.mfa_devices.clone()),
            ssh_keys: self.ssh_keys.or(older.ssh_keys.clone()),
            service_credentials: self
                .service_credentials
                .or(older.service_credentials.clone()),
        }
    }

    /// The latest of password and access key use. Where one of them is not known it may hide a
    /// later one: the answer is then why it is not known.
    pub fn last_used(&self) -> Field<Option<Timestamp>> {
        let keys = match &self.access_keys {
            Field::Known(keys) => keys.as_slice(),
            other => return other.as_ref().map(|_| None),
        };
        let of_keys = keys.iter().map(|key| {
            let used = key.last_used.as_ref();
            used.map(|used| used.as_ref().map(|used| used.at))
        });
        let mut latest = None;
        for used in std::iter::once(self.password_last_used.clone()).chain(of_keys) {
            match used {
                Field::Known(at) => latest = latest.max(at),
                unknown => return unknown,
            }
        }
        Field::Known(latest)
    }
}

/// A group of users. Groups have no tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The ARN.
    pub arn: Arc<str>,
    /// The name, unique in the account regardless of case. Users name their groups by it.
    pub name: Arc<str>,
    /// The path, with both slashes.
    pub path: CompactString,
    /// The unique id, such as `AGPACKCEVSQ6C2EXAMPLE`.
    pub id: CompactString,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The ARNs of the managed policies attached to it.
    pub attached: Field<Vec<Arc<str>>>,
    /// Its own policies.
    pub inline: Field<Vec<InlinePolicy>>,
}

impl Group {
    /// What is known here, and what `other` knows where nothing is known here.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            attached: self.attached.or(other.attached),
            inline: self.inline.or(other.inline),
            ..self
        }
    }
}

/// A role: an identity for whoever its trust policy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The ARN.
    pub arn: Arc<str>,
    /// The name, unique in the account regardless of case.
    pub name: CompactString,
    /// The path, with both slashes; `/aws-service-role/…` marks a service-linked role.
    pub path: CompactString,
    /// The unique id, such as `AROACKCEVSQ6C2EXAMPLE`.
    pub id: CompactString,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Who may assume it.
    pub trust: Field<Arc<PolicyText>>,
    /// The ARNs of the managed policies attached to it.
    pub attached: Field<Vec<Arc<str>>>,
    /// Its own policies.
    pub inline: Field<Vec<InlinePolicy>>,
    /// The ARN of the policy that bounds it; `Known(None)` where nothing does.
    pub boundary: Field<Option<Arc<str>>>,
    /// Its tags.
    pub tags: Field<Vec<Tag>>,
    /// Its last use, tracked for 400 days; `Known(None)` for none in that time.
    pub last_used: Field<Option<RoleLastUsed>>,
    /// The instance profiles that hold it.
    pub instance_profiles: Field<Vec<InstanceProfile>>,
    /// What takes a call of its own to learn.
    pub details: RoleDetails,
}

impl Role {
    /// Whether AWS owns it for one of its services.
    pub fn is_service_linked(&self) -> bool {
        self.path.starts_with("/aws-service-role/")
    }

    /// What is known here, and what `other` knows where nothing is known here.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            trust: self.trust.or(other.trust),
            attached: self.attached.or(other.attached),
            inline: self.inline.or(other.inline),
            boundary: self.boundary.or(other.boundary),
            tags: self.tags.or(other.tags),
            last_used: self.last_used.or(other.last_used),
            instance_profiles: self.instance_profiles.or(other.instance_profiles),
            details: self.details.or(&other.details),
            ..self
        }
    }
}

/// The last use of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleLastUsed {
    /// When.
    pub at: Timestamp,
    /// The region in which it was used, where IAM says.
    pub region: Option<CompactString>,
}

/// What `GetRole` tells beyond the backbone read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleDetails {
    /// The description; empty where there is none.
    pub description: Field<Box<str>>,
    /// The longest session, in seconds (3,600 to 43,200).
    pub max_session_duration: Field<u32>,
}

impl RoleDetails {
    /// Whether the call was made, whatever came of it.
    pub fn complete(&self) -> bool {
        !(self.description.is_unknown() || self.max_session_duration.is_unknown())
    }

    /// What is known here, and what `older` knew where nothing is known here.
    #[must_use]
    pub fn or(self, older: &Self) -> Self {
        Self {
            description: self.description.or(older.description.clone()),
            max_session_duration: self
                .max_session_duration
                .or(older.max_session_duration.clone()),
        }
    }
}

/// A container through which an EC2 instance gets a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceProfile {
    /// The ARN.
    pub arn: Box<str>,
    /// The name.
    pub name: CompactString,
    /// The unique id, such as `AIPACKCEVSQ6C2EXAMPLE`.
    pub id: CompactString,
    /// When it was made.
    pub created: Option<Timestamp>,
}

/// A managed policy, AWS's or the customer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// The ARN; its account is `aws` for AWS managed policies.
    pub arn: Arc<str>,
    /// The name.
    pub name: CompactString,
    /// The path, with both slashes.
    pub path: CompactString,
    /// The unique id, such as `ANPACKCEVSQ6C2EXAMPLE`.
    pub id: CompactString,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When a version was last made or set.
    pub updated: Option<Timestamp>,
    /// The description; empty where there is none.
    pub description: Field<Box<str>>,
    /// The versions, newest first; five at most for a customer's. AWS's come with the default one
    /// alone where they come from `GetAccountAuthorizationDetails`.
    pub versions: Field<Vec<PolicyVersion>>,
    /// The id of the version in force, such as `v4`.
    pub default_version: CompactString,
    /// How many users, groups and roles have it attached, as IAM counts.
    pub attachment_count: Option<u32>,
    /// How many users and roles it bounds, as IAM counts.
    pub boundary_count: Option<u32>,
    /// Whether it can be attached.
    pub attachable: Option<bool>,
    /// Its tags, which take a call of their own to learn.
    pub tags: Field<Vec<Tag>>,
}

impl ManagedPolicy {
    /// Whether AWS keeps it.
    pub fn is_aws_managed(&self) -> bool {
        Arn::parse(&self.arn).is_ok_and(|arn| arn.account == "aws")
    }

    /// What is known here, and what `other` knows where nothing is known here.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mine = self.versions.known().map_or(0, |v| documents(v));
        let theirs = other.versions.known().map_or(0, |v| documents(v));
        Self {
            description: self.description.or(other.description),
            versions: if theirs > mine {
                other.versions
            } else {
                self.versions.or(other.versions)
            },
            tags: self.tags.or(other.tags),
            created: self.created.or(other.created),
            updated: self.updated.or(other.updated),
            attachable: self.attachable.or(other.attachable),
            ..self
        }
    }

    /// The version in force, where it is known.
    pub fn default(&self) -> Option<&PolicyVersion> {
        let versions = self.versions.known()?;
        versions.iter().find(|v| v.id == self.default_version)
    }

    /// The document in force, where it is known.
    pub fn document(&self) -> Option<&Arc<PolicyText>> {
        self.default()?.document.known()
    }
}

/// How many of some versions have their document.
fn documents(versions: &[PolicyVersion]) -> usize {
    versions
        .iter()
        .filter(|v| v.document.known().is_some())
        .count()
}

/// A version of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Such as `v4`.
    pub id: CompactString,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Its document; versions that only `ListPolicyVersions` named have none yet.
    pub document: Field<Arc<PolicyText>>,
}
