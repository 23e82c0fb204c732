//! The policies of resources, as the key `Iamscope` holds them: by the ARN of the resource.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::shape::Text;
use crate::iam::{Arn, Kind};
use crate::source::document::WrittenPolicy;

/// `ResourcePolicies`.
#[derive(Debug, Default)]
pub(super) struct ResourcePolicies<'a>(pub BTreeMap<Text<'a>, WrittenPolicy<'a>>);

impl<'a> ResourcePolicies<'a> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// # Errors
    /// Why this cannot be the policy of that resource.
    fn add(&mut self, arn: Text<'a>, policy: &'a RawValue) -> Result<(), String> {
        let why = |why: &str| Err(format!("ResourcePolicies: {} {why}", &*arn));
        if !Arn::parse(&arn).is_ok_and(|it| !it.resource.is_empty()) {
            return why("is no ARN (expected arn:partition:service:region:account:resource)");
        }
        // A pattern would look as if it were about every resource that it matches.
        if arn.contains(['*', '?']) {
            return why("is a pattern (expected the ARN of one resource)");
        }
        // It would never be asked.
        if Kind::of_arn(&arn).is_some() {
            return why("is of IAM itself (the trust policy of a role stands with the role)");
        }
        let policy = match WrittenPolicy::new(policy) {
            Ok(policy) => policy,
            Err(what) => return why(&format!("has a policy that {what}")),
        };
        if self.0.contains_key(&arn) {
            return why("stands there twice");
        }
        self.0.insert(arn, policy);
        Ok(())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ResourcePolicies<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = ResourcePolicies<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("policies by the ARNs of their resources")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut found = ResourcePolicies::default();
                while let Some((arn, policy)) = map.next_entry()? {
                    found.add(arn, policy).map_err(de::Error::custom)?;
                }
                Ok(found)
            }
        }
        deserializer.deserialize_map(Each)
    }
}

impl Serialize for ResourcePolicies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}
