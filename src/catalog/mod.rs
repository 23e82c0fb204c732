//! What AWS offers: services, actions, types of resources, condition keys, managed policies.
//!
//! The catalogue is embedded, compressed in parts (`assets/catalog.bin`, made by the example
//! `build_catalog`). A part is read when it is first asked for, and kept. What is handed out are
//! small copies of numbers, such as [`Action`], whose texts live as long as the program.
//!
//! It is a picture of one day, [`version`]: AWS adds actions every week, so that a name which is
//! missing here may yet be right. Nothing here reads files or asks AWS.

mod action;
mod block;
mod details;
mod find;
mod format;
mod key;
mod nearest;
mod policies;
mod service;
mod store;
mod template;
#[cfg(test)]
mod tests;

pub use action::{AccessLevel, Action, ActionResource};
pub use find::{action, expand, resources_of_arn, service};
pub use key::{ConditionKey, KeyType, condition_key, global_condition_keys};
pub use nearest::{nearest, nearest_actions, nearest_services};
pub use policies::{ManagedPolicy, managed_policies, managed_policy};
pub use service::{ResourceType, Service};
pub use store::Source;

/// The day of the data about services, such as `2026-09-26`: the version of the catalogue, for
/// people.
pub fn version() -> &'static str {
    sources().first().map_or("", |source| source.date)
}

/// The packages that the catalogue is made from: services, dependent actions, managed policies.
pub fn sources() -> &'static [Source] {
    &store::index().sources
}

/// All services, by prefix.
pub fn services() -> impl ExactSizeIterator<Item = Service> + DoubleEndedIterator + Clone {
    let count = u16::try_from(store::index().services.len()).unwrap_or(0);
    (0..count).map(Service::new)
}

/// The bytes that the catalogue takes in the program.
pub fn size() -> usize {
    block::size()
}
