//! The key `Iamscope` as types, for reading and writing alike.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

use super::resources::ResourcePolicies;
use super::shape::{Date, Document, TagItem, Text};
use crate::iam::Status;
use crate::source::organization::WrittenOrganization;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<WrittenOrganization<'a>>,
    #[serde(default, skip_serializing_if = "ResourcePolicies::is_empty")]
    pub resource_policies: ResourcePolicies<'a>,
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

/// `Some(None)` for a member that is there and `null`, which says that there is none.
fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
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
