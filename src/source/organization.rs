//! The file that describes an organisation.
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
//! another has them: every level must allow, so that leaving one out would deny everything.

use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{ExitCode, Problem};
use crate::access::{Level, NamedPolicy, Organization};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    id: Option<String>,
    management_account: Option<String>,
    #[serde(borrow)]
    levels: Vec<LevelOfFile<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelOfFile<'a> {
    #[serde(default)]
    name: String,
    #[serde(borrow)]
    scps: Option<Vec<PolicyOfFile<'a>>>,
    #[serde(borrow, default)]
    rcps: Vec<PolicyOfFile<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyOfFile<'a> {
    name: String,
    #[serde(borrow)]
    policy: &'a RawValue,
}

/// Reads the file.
///
/// # Errors
/// A [`Problem`] where it cannot be read, is no JSON, or describes no organisation.
pub fn read(path: &Path) -> Result<Organization, Problem> {
    let text = text(path)?;
    of(&text).map_err(|why| {
        Problem::new(format!("cannot read {}", path.display()), why)
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

fn of(text: &str) -> Result<Organization, String> {
    let file: File<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if file.levels.is_empty() {
        return Err("levels is empty (expected at least the root and the account)".to_owned());
    }
    let has_scps = file.levels.iter().any(|level| level.scps.is_some());
    let lacking = file.levels.iter().position(|level| level.scps.is_none());
    if let (true, Some(at)) = (has_scps, lacking) {
        let name = &file.levels[at].name;
        return Err(format!(
            "level {at} ({name}) has no scps, but another level has: every level must allow"
        ));
    }
    let levels = file.levels.into_iter().map(|level| {
        let scps = level.scps.map(policies).transpose()?;
        let (name, rcps) = (level.name, policies(level.rcps)?);
        Ok(Level { name, scps, rcps })
    });
    Ok(Organization {
        id: file.id,
        management_account: file.management_account,
        levels: levels.collect::<Result<_, String>>()?,
    })
}

fn policies(list: Vec<PolicyOfFile<'_>>) -> Result<Vec<NamedPolicy>, String> {
    let read = |it: PolicyOfFile<'_>| {
        let text = it.policy.get();
        if !text.starts_with('{') {
            return Err(format!("policy {} is no object", it.name));
        }
        let (name, text) = (it.name, text.to_owned());
        Ok(NamedPolicy { name, text })
    };
    list.into_iter().map(read).collect()
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
        assert_eq!(scps[0].text, r#"{"Statement": []}"#, "as written");
        assert_eq!(found.levels[1].rcps[0].name, "R");
        assert_eq!(found.management_account.as_deref(), Some("111122223333"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, part) in [
            ("", "EOF"),
            ("{}", "levels"),
            (r#"{"levels":[]}"#, "levels is empty"),
            (
                r#"{"levels":[{"scps":[]},{"name":"OU"}]}"#,
                "level 1 (OU) has no scps",
            ),
            (
                r#"{"levels":[{"scps":[{"name":"X","policy":"y"}]}]}"#,
                "policy X is no object",
            ),
            (r#"{"levels":[{"scp":[]}]}"#, "scp"),
        ] {
            let why = of(text).unwrap_err();
            assert!(why.contains(part), "{why}");
        }
    }
}
