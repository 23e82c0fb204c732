//! The JSON of a snapshot as types, for reading and writing alike.
//!
//! Everything borrows from the file's text, and lives only while one entity is taken over into
//! the account. Every member may be absent or `null`; members without a name here are passed over.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

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
