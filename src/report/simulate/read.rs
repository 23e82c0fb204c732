//! The shape of a case in JSON.

use std::borrow::Cow;
use std::fmt;

use compact_str::{CompactString, ToCompactString};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A case as it stands in its line. Fields that are not listed are ignored.
#[derive(Debug, serde::Deserialize)]
#[serde(expecting = "a case must be an object")]
pub(super) struct Raw<'a> {
    #[serde(borrow, default)]
    pub(super) id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) account: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) principal_arn: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) identity_policies: Option<Vec<Named<'a>>>,
    #[serde(borrow, default)]
    pub(super) permissions_boundary: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) scps: Option<Vec<Vec<&'a RawValue>>>,
    #[serde(borrow, default)]
    pub(super) rcps: Option<Vec<Vec<&'a RawValue>>>,
    #[serde(borrow, default)]
    pub(super) resource_policy: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) resource_account: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) session_policy: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) action: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) resource: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) context: Option<Context>,
    #[serde(borrow, default)]
    pub(super) expect: Option<Cow<'a, str>>,
}

/// The id alone, of a case whose other fields are not as they must be.
#[derive(Debug, serde::Deserialize)]
pub(super) struct IdOnly<'a> {
    #[serde(borrow, default)]
    pub(super) id: Option<&'a RawValue>,
}

/// A policy with its name.
#[derive(Debug, serde::Deserialize)]
#[serde(expecting = "an identity policy must be an object with name and policy")]
pub(super) struct Named<'a> {
    #[serde(borrow, default)]
    pub(super) name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) policy: &'a RawValue,
}

/// The condition keys of a case in its order.
#[derive(Debug, Default)]
pub(super) struct Context(pub(super) Vec<(CompactString, Vec<CompactString>)>);

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Context;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of condition keys")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Context, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, Values(values))) = map.next_entry::<Cow<'de, str>, Values>()? {
                    keys.push((key.into(), values));
                }
                Ok(Context(keys))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// The values of a key: one or a list, numbers and booleans as their text.
struct Values(Vec<CompactString>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings as the value of a condition key")
            }

            fn visit_str<E>(self, value: &str) -> Result<Values, E> {
                Ok(Values(vec![value.into()]))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Values, E> {
                Ok(Values(vec![value.to_compact_string()]))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Values, E> {
                Ok(Values(vec![value.to_compact_string()]))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Values, E> {
                Ok(Values(vec![value.to_compact_string()]))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Values, E> {
                Ok(Values(vec![value.to_compact_string()]))
            }

            /// Null is absent.
            fn visit_unit<E>(self) -> Result<Values, E> {
                Ok(Values(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element::<One>()? {
                    values.push(value.0);
                }
                Ok(Values(values))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

/// One value of a list.
struct One(CompactString);

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Values(mut values) = Values::deserialize(deserializer)?;
        match (values.pop(), values.is_empty()) {
            (Some(value), true) => Ok(Self(value)),
            _ => Err(serde::de::Error::custom(
                "a list of values holds strings only",
            )),
        }
    }
}
