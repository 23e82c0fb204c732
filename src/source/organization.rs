//! How an organisation is written: in a file of its own, and in a snapshot.
//!
//! ```json
//! {
//!   "id": "o-a1b2c3d4e5",
//!   "management_account": "111122223333",
//!   "levels": [
//!     {"name": "Root", "scps": [{"name": "FullAWSAccess", "policy": {…}}], "rcps": []},
//!     {"name": "Workloads", "scps": […]},
//!     {"name": "111122223333", "scps": […]}
//!   ]
//! }
//! ```
//!
//! The levels go from the root down to the account. A level without `scps` is an error where
//! another has them: every level must allow, so that leaving one out would deny everything. A
//! member with another name is an error, too: a slip of the pen must not lift a policy.
//!
//! A `policy` is an object, or a string with the text of one.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::value::RawValue;

use super::document::WrittenPolicy;
use super::{ExitCode, Problem};
use crate::iam::{Level, NamedPolicy, Organization};
use crate::policy::PolicyText;

/// An organisation as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(super) struct WrittenOrganization<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    management_account: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "levels")]
    levels: Vec<WrittenLevel<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
struct WrittenLevel<'a> {
    #[serde(default)]
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scps: Option<Vec<WrittenNamed<'a>>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rcps: Vec<WrittenNamed<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(try_from = "Unchecked<'a>", bound(deserialize = "'de: 'a"))]
struct WrittenNamed<'a> {
    name: Cow<'a, str>,
    policy: WrittenPolicy<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    policy: &'a RawValue,
}

impl<'a> TryFrom<Unchecked<'a>> for WrittenNamed<'a> {
    type Error = String;

    fn try_from(it: Unchecked<'a>) -> Result<Self, String> {
        let name = it.name;
        match WrittenPolicy::new(it.policy) {
            Ok(policy) => Ok(Self { name, policy }),
            Err(why) => Err(format!("the organisation's policy {name} {why}")),
        }
    }
}

/// The levels, where they can be those of an organisation.
fn levels<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<WrittenLevel<'a>>, D::Error> {
    let levels = Vec::<WrittenLevel<'a>>::deserialize(deserializer)?;
    if levels.is_empty() {
        return Err(de::Error::custom(
            "the organisation's levels is empty (expected at least the root and the account)",
        ));
    }
    let has_scps = levels.iter().any(|level| level.scps.is_some());
    let lacking = levels.iter().position(|level| level.scps.is_none());
    if let (true, Some(at)) = (has_scps, lacking) {
        let name = &levels[at].name;
        return Err(de::Error::custom(format!(
            "level {at} ({name}) of the organisation has no scps, but another level has: every \
             level must allow"
        )));
    }
    Ok(levels)
}

impl<'a> WrittenOrganization<'a> {
    /// The form of an organisation; `policy` gives that of a text.
    pub(super) fn new(
        organization: &'a Organization,
        policy: impl Fn(&'a str) -> WrittenPolicy<'a>,
    ) -> Self {
        let named = |it: &'a NamedPolicy| WrittenNamed {
            name: it.name.as_str().into(),
            policy: policy(it.text.as_str()),
        };
        let list = |policies: &'a Vec<NamedPolicy>| policies.iter().map(named).collect();
        let level = |level: &'a Level| WrittenLevel {
            name: level.name.as_str().into(),
            scps: level.scps.as_ref().map(list),
            rcps: list(&level.rcps),
        };
        Self {
            id: organization.id.as_deref().map(Cow::Borrowed),
            management_account: organization
                .management_account
                .as_deref()
                .map(Cow::Borrowed),
            levels: organization.levels.iter().map(level).collect(),
        }
    }

    /// The organisation; `text` gives the text of a policy.
    pub(super) fn read(
        self,
        mut text: impl FnMut(&WrittenPolicy<'a>) -> Arc<PolicyText>,
    ) -> Organization {
        let mut list = |policies: Vec<WrittenNamed<'a>>| {
            let policies = policies.into_iter().map(|it| NamedPolicy {
                text: text(&it.policy),
                name: it.name.into_owned(),
            });
            policies.collect::<Vec<_>>()
        };
        let levels = self.levels.into_iter().map(|level| Level {
            name: level.name.into_owned(),
            scps: level.scps.map(&mut list),
            rcps: list(level.rcps),
        });
        Organization {
            levels: levels.collect(),
            id: self.id.map(Cow::into_owned),
            management_account: self.management_account.map(Cow::into_owned),
        }
    }
}

/// Reads a file with an organisation. The texts of its policies are those of the file, to the byte.
///
/// # Errors
/// A [`Problem`] where it cannot be read, is no JSON, or describes no organisation.
pub fn read(path: &Path) -> Result<Organization, Problem> {
    let text = text(path)?;
    of(&text).map_err(|why| {
        Problem::new(format!("cannot read {}", path.display()), why.to_string())
            .next("the README describes the file, under \"Questions\"")
            .exit(ExitCode::Usage)
    })
}

/// Reads a small text file that the command line names.
///
/// # Errors
/// A [`Problem`] where it cannot be read.
pub fn text(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| {
        Problem::new(format!("cannot read {}", path.display()), error.to_string())
            .exit(ExitCode::Usage)
    })
}

fn of(text: &str) -> serde_json::Result<Organization> {
    let written: WrittenOrganization<'_> = serde_json::from_str(text)?;
    Ok(written.read(|policy| Arc::new(PolicyText::new(policy.as_str()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_come_in_order_with_their_texts() {
        let text = r#"{"id":"o-1","management_account":"111122223333","levels":[
            {"name":"Root","scps":[{"name":"Full","policy":{"Statement": []}}]},
            {"scps":[],"rcps":[{"name":"R","policy":{}}]}]}"#;
        let found = of(text).unwrap();
        assert_eq!(found.levels.len(), 2);
        let scps = found.levels[0].scps.as_ref().unwrap();
        let text = scps[0].text.as_str();
        assert_eq!(text, r#"{"Statement": []}"#, "as written");
        assert_eq!(found.levels[1].rcps[0].name, "R");
        assert_eq!(found.management_account.as_deref(), Some("111122223333"));
    }

    #[test]
    fn a_policy_may_be_a_text() {
        let of_policy = |policy: &str| {
            let text = format!(r#"{{"levels":[{{"rcps":[{{"name":"R","policy":{policy}}}]}}]}}"#);
            of(&text).unwrap().levels[0].rcps[0].text.clone()
        };
        for policy in [r#"" {\"a\": 1}\n""#, r#""%20%7B%22a%22: 1}%0A""#] {
            assert_eq!(of_policy(policy).as_str(), " {\"a\": 1}\n", "{policy}");
        }
        assert_eq!(of_policy(r#""{broken""#).as_str(), "{broken");
    }

    #[test]
    fn what_is_written_is_read() {
        let policy = |name: &str| NamedPolicy {
            name: name.to_owned(),
            text: Arc::new(PolicyText::new("{ \"a\": \"\u{1b}\" }")),
        };
        let bare = Level {
            name: "OU".to_owned(),
            ..Level::default()
        };
        let with_rcps = Level {
            rcps: vec![policy("R"), policy("S")],
            ..bare.clone()
        };
        let scps = |names: &[&str]| Level {
            scps: Some(names.iter().map(|name| policy(name)).collect()),
            ..with_rcps.clone()
        };
        for (id, levels) in [
            (None, vec![bare.clone()]),
            (
                Some("o-1".to_owned()),
                vec![bare.clone(), with_rcps.clone()],
            ),
            (None, vec![scps(&["P", "Q\n"]), scps(&[])]),
        ] {
            let organization = Organization {
                management_account: id.clone(),
                id,
                levels,
            };
            let as_text = |text| WrittenPolicy::Text(Cow::Borrowed(text));
            let written = WrittenOrganization::new(&organization, as_text);
            let json = serde_json::to_string(&written).unwrap();
            assert_eq!(of(&json).unwrap(), organization, "{json}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, part) in [
            ("", "EOF"),
            ("{}", "levels"),
            (r#"{"levels":[]}"#, "levels is empty"),
            (
                r#"{"levels":[{"scps":[]},{"name":"OU"}]}"#,
                "level 1 (OU) of the organisation has no scps",
            ),
            (
                r#"{"levels":[{"scps":[{"name":"X","policy":"y"}]}]}"#,
                "policy X is no object",
            ),
            (
                r#"{"levels":[{"rcps":[{"name":"X","policy":[]}]}]}"#,
                "policy X is no object, nor a string with the text of one at line 1 column 45",
            ),
            (
                r#"{"levels":[{"rcps":[{"name":"X","policy":"{\ud83d"}]}]}"#,
                "policy X is no text",
            ),
            (r#"{"levels":[{"rcps":[{"name":"X"}]}]}"#, "policy"),
            (r#"{"levels":[{"scp":[]}]}"#, "scp"),
        ] {
            let why = of(text).unwrap_err().to_string();
            assert!(why.contains(part), "{why}");
        }
    }
}
