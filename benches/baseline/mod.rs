//! The yardstick: the whole file as owned, fully typed structs, read in the plainest way.
//!
//! No member is left out and nothing is shared. One value or a list is told apart by a visitor
//! and not by trying, so that the yardstick is not slower than it need be.

#![expect(dead_code, reason = "the structs are made to be read, not used")]

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Account {
    user_detail_list: Vec<User>,
    group_detail_list: Vec<Group>,
    role_detail_list: Vec<Role>,
    policies: Vec<Policy>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct User {
    path: String,
    user_name: String,
    user_id: String,
    arn: String,
    create_date: String,
    #[serde(default)]
    user_policy_list: Vec<Inline>,
    group_list: Vec<String>,
    attached_managed_policies: Vec<Attached>,
    permissions_boundary: Option<Boundary>,
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group {
    path: String,
    group_name: String,
    group_id: String,
    arn: String,
    create_date: String,
    group_policy_list: Vec<Inline>,
    attached_managed_policies: Vec<Attached>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Role {
    path: String,
    role_name: String,
    role_id: String,
    arn: String,
    create_date: String,
    assume_role_policy_document: Document,
    #[serde(default)]
    instance_profile_list: Vec<Profile>,
    #[serde(default)]
    role_policy_list: Vec<Inline>,
    #[serde(default)]
    attached_managed_policies: Vec<Attached>,
    permissions_boundary: Option<Boundary>,
    #[serde(default)]
    tags: Vec<Tag>,
    role_last_used: Option<LastUsed>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    policy_name: String,
    policy_id: String,
    arn: String,
    path: String,
    default_version_id: String,
    attachment_count: u32,
    permissions_boundary_usage_count: u32,
    is_attachable: bool,
    create_date: String,
    update_date: String,
    policy_version_list: Vec<Version>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Version {
    document: Document,
    version_id: String,
    is_default_version: bool,
    create_date: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inline {
    policy_name: String,
    policy_document: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attached {
    policy_name: String,
    policy_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Boundary {
    permissions_boundary_type: String,
    permissions_boundary_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LastUsed {
    last_used_date: Option<String>,
    region: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Profile {
    path: String,
    instance_profile_name: String,
    instance_profile_id: String,
    arn: String,
    create_date: String,
    roles: Vec<Role>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: Option<String>,
    id: Option<String>,
    statement: Many<Statement>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: Option<String>,
    effect: String,
    principal: Option<Principal>,
    not_principal: Option<Principal>,
    action: Option<Many<String>>,
    not_action: Option<Many<String>>,
    resource: Option<Many<String>>,
    not_resource: Option<Many<String>>,
    condition: Option<HashMap<String, HashMap<String, Many<String>>>>,
}

/// `"*"`, or lists by kind.
#[derive(Debug)]
enum Principal {
    Anyone(String),
    Named(HashMap<String, Many<String>>),
}

impl<'de> Deserialize<'de> for Principal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Principal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an object")
            }

            fn visit_str<E>(self, text: &str) -> Result<Principal, E> {
                Ok(Principal::Anyone(text.to_owned()))
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Principal, M::Error> {
                HashMap::deserialize(value::MapAccessDeserializer::new(map)).map(Principal::Named)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// One value, or a list of them.
#[derive(Debug)]
struct Many<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
            type Value = Many<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a list")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Many<T>, E> {
                let one = T::deserialize(value::StrDeserializer::new(text))?;
                Ok(Many(vec![one]))
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Many<T>, M::Error> {
                let one = T::deserialize(value::MapAccessDeserializer::new(map))?;
                Ok(Many(vec![one]))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, seq: S) -> Result<Many<T>, S::Error> {
                Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(Many)
            }
        }
        deserializer.deserialize_any(OneOrMany(PhantomData))
    }
}

/// Reads the file and parses it.
pub fn load(path: &Path) -> Account {
    let bytes = std::fs::read(path).expect("the file is there");
    serde_json::from_slice(&bytes).expect("the file is good")
}
