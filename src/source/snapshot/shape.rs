//! The JSON of a snapshot as types, for reading and writing alike.
//!
//! Everything borrows from the file's text, and lives only while one entity is taken over into
//! the account. Every member may be absent or `null`; members without a name here are passed over.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::iam::Status;

/// A text that borrows from the file where it holds no escapes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(pub Cow<'a, str>);

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

// Serde's own `Cow` borrows only as a direct member; inside an `Option` or a list it copies.
impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrow)
    }
}

/// A date as the AWS CLI prints it: ISO 8601 with an offset or `Z`, or seconds since 1970.
///
/// What is no date reads as `None`, so that one odd value does not make a file unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date(pub Option<Timestamp>);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(at) => serializer.collect_str(&at),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyForm;
        impl Visitor<'_> for AnyForm {
            type Value = Date;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date: ISO 8601, or seconds since 1970")
            }

            fn visit_str<E>(self, text: &str) -> Result<Date, E> {
                Ok(Date(text.parse().ok()))
            }

            fn visit_i64<E>(self, seconds: i64) -> Result<Date, E> {
                Ok(Date(Timestamp::from_second(seconds).ok()))
            }

            fn visit_u64<E>(self, seconds: u64) -> Result<Date, E> {
                let seconds = i64::try_from(seconds).ok();
                Ok(Date(seconds.and_then(|s| Timestamp::from_second(s).ok())))
            }

            fn visit_f64<E>(self, seconds: f64) -> Result<Date, E> {
                // Half a millisecond is well above the error of a double at today's dates.
                let millis = (seconds * 1000.0).round();
                let good = millis.is_finite() && millis.abs() < 1e15;
                let millis = good.then_some(millis as i64);
                Ok(Date(
                    millis.and_then(|m| Timestamp::from_millisecond(m).ok()),
                ))
            }
        }
        deserializer.deserialize_any(AnyForm)
    }
}

/// A policy document: a JSON object, or a string that holds the percent-encoded text.
pub(super) type Document<'a> = Cow<'a, RawValue>;

/// Reads a document without copying it.
fn document<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Document<'de>>, D::Error> {
    Ok(Option::<&RawValue>::deserialize(deserializer)?.map(Cow::Borrowed))
}

/// `Some(None)` for a member that is there and `null`, which says that there is none.
fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// One of `UserDetailList`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct UserItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_policy_list: Option<Vec<InlineItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_list: Option<Vec<Text<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached_managed_policies: Option<Vec<AttachedItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<BoundaryItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<TagItem<'a>>>,
}

/// One of `GroupDetailList`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct GroupItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_policy_list: Option<Vec<InlineItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached_managed_policies: Option<Vec<AttachedItem<'a>>>,
}

/// One of `RoleDetailList`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct RoleItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
    #[serde(default, deserialize_with = "document")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assume_role_policy_document: Option<Document<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_profile_list: Option<Vec<ProfileItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_policy_list: Option<Vec<InlineItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached_managed_policies: Option<Vec<AttachedItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<BoundaryItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<TagItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_last_used: Option<RoleUseItem<'a>>,
}

/// One of `Policies`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct PolicyItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_version_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_usage_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_attachable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_version_list: Option<Vec<VersionItem<'a>>>,
}

/// An inline policy.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct InlineItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<Text<'a>>,
    #[serde(default, deserialize_with = "document")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_document: Option<Document<'a>>,
}

/// A version of a managed policy.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct VersionItem<'a> {
    #[serde(default, deserialize_with = "document")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default_version: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
}

/// An attached managed policy.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct AttachedItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_arn: Option<Text<'a>>,
}

/// A permissions boundary.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct BoundaryItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_type: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_arn: Option<Text<'a>>,
}

/// A tag.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct TagItem<'a> {
    #[serde(default)]
    pub key: Text<'a>,
    #[serde(default)]
    pub value: Text<'a>,
}

/// The last use of a role; empty where there was none.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct RoleUseItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<'a>>,
}

/// An instance profile.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct ProfileItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_profile_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_profile_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
}

/// What is not known, and why: members by name, or `List.Member` for one inside a list.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Missing<'a> {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub denied: BTreeMap<Text<'a>, Text<'a>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<Text<'a>, Text<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Text<'a>>,
}

impl Missing<'_> {
    pub fn is_empty(&self) -> bool {
        self.denied.is_empty() && self.failed.is_empty() && self.unknown.is_empty()
    }
}

/// The key `Iamscope`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Extra<'a> {
    pub format: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_from: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_aliases: Option<Vec<Text<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<CallerItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<BTreeMap<Text<'a>, i64>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Text<'a>>,
    // Not flattened: that would copy the whole key, texts included, into a tree first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub denied: BTreeMap<Text<'a>, Text<'a>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<Text<'a>, Text<'a>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<Text<'a>, UserExtra<'a>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<Text<'a>, Missing<'a>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<Text<'a>, RoleExtra<'a>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<Text<'a>, PolicyExtra<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<TextItem<'a>>,
}

/// Who took the snapshot.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct CallerItem<'a> {
    pub arn: Text<'a>,
    pub user_id: Text<'a>,
    pub account: Text<'a>,
}

/// What else is known of a user.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct UserExtra<'a> {
    #[serde(default, deserialize_with = "nullable")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_last_used: Option<Option<Date>>,
    #[serde(default, deserialize_with = "nullable")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_profile: Option<Option<LoginItem>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_keys: Option<Vec<KeyItem<'a>>>,
    #[serde(rename = "MFADevices", skip_serializing_if = "Option::is_none")]
    pub mfa_devices: Option<Vec<MfaItem<'a>>>,
    #[serde(rename = "SSHPublicKeys", skip_serializing_if = "Option::is_none")]
    pub ssh_public_keys: Option<Vec<SshItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_specific_credentials: Option<Vec<ServiceItem<'a>>>,
    #[serde(flatten)]
    pub missing: Missing<'a>,
}

/// What else is known of a role.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct RoleExtra<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_session_duration: Option<u32>,
    #[serde(flatten)]
    pub missing: Missing<'a>,
}

/// What else is known of a managed policy.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct PolicyExtra<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<TagItem<'a>>>,
    #[serde(flatten)]
    pub missing: Missing<'a>,
}

/// A console password.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LoginItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
    #[serde(default)]
    pub password_reset_required: bool,
}

/// An access key.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct KeyItem<'a> {
    pub access_key_id: Text<'a>,
    #[serde(with = "status")]
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
    #[serde(default, deserialize_with = "nullable")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Option<KeyUseItem<'a>>>,
}

/// The last use of an access key.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct KeyUseItem<'a> {
    pub date: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<'a>>,
}

/// An MFA device.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct MfaItem<'a> {
    pub serial_number: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_date: Option<Date>,
}

/// An SSH public key.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct SshItem<'a> {
    #[serde(rename = "SSHPublicKeyId")]
    pub ssh_public_key_id: Text<'a>,
    #[serde(with = "status")]
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload_date: Option<Date>,
}

/// A service-specific credential.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct ServiceItem<'a> {
    pub service_specific_credential_id: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_user_name: Option<Text<'a>>,
    #[serde(with = "status")]
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Date>,
}

/// A text that an object cannot hold, and the documents that it is the text of.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(super) struct TextItem<'a> {
    pub of: Vec<Vec<Text<'a>>>,
    #[serde(deserialize_with = "raw")]
    pub text: Document<'a>,
}

/// Keeps a text as it stands in the file, since it may be large.
fn raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Document<'de>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Cow::Borrowed)
}

/// A [`Status`] by IAM's own word.
mod status {
    use super::{Deserialize, Deserializer, Serializer, Status, Text, de};

    pub fn serialize<S: Serializer>(status: &Status, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(status.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Status, D::Error> {
        let word = Text::deserialize(deserializer)?;
        Status::parse(&word).ok_or_else(|| {
            de::Error::invalid_value(de::Unexpected::Str(&word), &"Active, Inactive or Expired")
        })
    }
}
