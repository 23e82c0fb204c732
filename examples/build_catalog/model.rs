//! What the packages say, in the order of the catalogue.

use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Default)]
pub struct Catalogue {
    pub sources: Vec<Source>,
    /// By prefix.
    pub services: Vec<Service>,
    /// By lower-case name.
    pub global_keys: Vec<Key>,
    /// Prefixes of keys that are no service's, such as `saml`, and the service that has the keys.
    pub key_prefixes: BTreeMap<String, String>,
    /// By path and name.
    pub policies: Vec<Policy>,
}

pub struct Source {
    pub package: &'static str,
    pub version: String,
    pub licence: String,
    /// Of the newest thing in it, as far as it says: `2026-09-26`.
    pub date: String,
}

pub struct Service {
    pub prefix: String,
    pub title: String,
    pub supports_rcp: bool,
    /// By lower-case name, and so are the others.
    pub actions: Vec<Action>,
    pub types: Vec<ResourceType>,
    pub keys: Vec<Key>,
}

pub struct Action {
    pub name: String,
    pub level: usize,
    pub description: String,
    /// By name.
    pub keys: Vec<String>,
    pub resources: Vec<ActionResource>,
    /// Full names, sorted.
    pub dependents: Vec<String>,
}

pub struct ActionResource {
    pub name: String,
    pub required: bool,
    pub keys: Vec<String>,
}

pub struct ResourceType {
    pub name: String,
    pub arn: String,
    pub keys: Vec<String>,
}

pub struct Key {
    pub name: String,
    /// As the file has it.
    pub kind: usize,
    /// Empty in a service where the key is a global one.
    pub description: String,
}

pub struct Policy {
    /// Path and name, such as `service-role/AWSLambdaRole`.
    pub name: String,
    pub version: String,
    pub date: String,
    /// JSON without spaces and line breaks.
    pub document: String,
}

impl Catalogue {
    /// The table for the README.
    pub fn table(&self) -> String {
        let count = |of: fn(&Service) -> usize| self.services.iter().map(of).sum::<usize>();
        let actions = self.services.iter().flat_map(|service| &service.actions);
        let dependents = actions.filter(|action| !action.dependents.is_empty());
        let holds = [
            format!(
                "{} services ({} of them heed resource control policies), {} actions, {} resource \
                 types, {} condition keys, {} global condition keys",
                self.services.len(),
                count(|service| usize::from(service.supports_rcp)),
                count(|service| service.actions.len()),
                count(|service| service.types.len()),
                count(|service| service.keys.len()),
                self.global_keys.len()
            ),
            format!("dependent actions of {} actions", dependents.count()),
            format!("{} AWS managed policies", self.policies.len()),
        ];
        let mut table = "| package | version | of | licence | what is taken |\n\
                         | --- | --- | --- | --- | --- |\n"
            .to_owned();
        for (source, holds) in self.sources.iter().zip(holds) {
            let Source {
                package,
                version,
                licence,
                date,
            } = source;
            let _ = writeln!(
                table,
                "| `{package}` | {version} | {date} | {licence} | {holds} |"
            );
        }
        table
    }
}
