//! Credentials of a user: what signs in, without any secret.

use compact_str::CompactString;
use jiff::Timestamp;

use super::Field;

/// Whether a credential can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Usable.
    Active,
    /// Switched off, and can be switched on again.
    Inactive,
    /// Expired.
    Expired,
}

impl Status {
    /// IAM's own word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
            Self::Expired => "Expired",
        }
    }

    /// Reads IAM's own word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Inactive, Self::Expired]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// An access key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// The id, such as `AKIAIOSFODNN7EXAMPLE`.
    pub id: CompactString,
    /// Whether it can be used.
    pub status: Status,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Its last use; `Known(None)` for a key that was never used (or not since IAM keeps track).
    pub last_used: Field<Option<AccessKeyUse>>,
}

/// The last use of an access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKeyUse {
    /// When, to within 15 minutes.
    pub at: Timestamp,
    /// The service that was called, such as `s3`.
    pub service: CompactString,
    /// The region that was called.
    pub region: CompactString,
}

/// A console password, without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginProfile {
    /// When it was set up.
    pub created: Option<Timestamp>,
    /// Whether the next sign-in must change it.
    pub reset_required: bool,
}

/// A device for multi-factor authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MfaDevice {
    /// The serial number; an ARN for a virtual device or a passkey.
    pub serial: Box<str>,
    /// When it was assigned to the user.
    pub enabled: Option<Timestamp>,
}

/// An SSH public key, for CodeCommit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshPublicKey {
    /// The id, such as `APKAEIVFHP46CEXAMPLE`.
    pub id: CompactString,
    /// Whether it can be used.
    pub status: Status,
    /// When it was uploaded.
    pub uploaded: Option<Timestamp>,
}

/// A user name and password (or API key) for one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceSpecificCredential {
    /// The id, such as `ACCAEXAMPLE123EXAMPLE`.
    pub id: CompactString,
    /// The service, such as `codecommit.amazonaws.com`.
    pub service: CompactString,
    /// The user name generated for the service.
    pub service_user_name: CompactString,
    /// Whether it can be used.
    pub status: Status,
    /// When it was made.
    pub created: Option<Timestamp>,
}
