//! Actions.

use std::fmt;

use super::details::{ActionEntry, ResourceEntry};
use super::key::ConditionKey;
use super::service::{ResourceType, Service};
use super::store;

/// What kind of access an action gives.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// To see that resources exist.
    List,
    /// To read what is in them.
    Read,
    /// To create, change and delete them.
    Write,
    /// To change their tags and nothing else.
    Tagging,
    /// To change who has access to them.
    PermissionsManagement,
}

impl AccessLevel {
    /// All levels.
    pub const ALL: [Self; 5] = [
        Self::List,
        Self::Read,
        Self::Write,
        Self::Tagging,
        Self::PermissionsManagement,
    ];

    pub(super) fn numbered(number: usize) -> Option<Self> {
        Self::ALL.get(number).copied()
    }

    /// The name that AWS has for it, such as `Permissions management`.
    pub fn name(self) -> &'static str {
        super::format::LEVELS[self as usize]
    }
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An action of a service. Actions are in order as the catalogue has them: by service, then by
/// name without regard to case.
///
/// Name and access level are at hand; the rest is read with the first question for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action {
    service: Service,
    place: u16,
}

impl Action {
    pub(super) fn new(service: Service, place: u16) -> Self {
        Self { service, place }
    }

    /// The service.
    pub fn service(self) -> Service {
        self.service
    }

    /// Its place among the actions of its service.
    pub fn place(self) -> u16 {
        self.place
    }

    /// The name without the service, spelled as AWS does, such as `GetObject`.
    pub fn name(self) -> &'static str {
        let names = store::names(self.service.id());
        names.get(usize::from(self.place)).copied().unwrap_or("")
    }

    /// The access level.
    pub fn access_level(self) -> AccessLevel {
        let levels = store::levels(self.service.id());
        let level = levels.get(usize::from(self.place)).copied();
        level.unwrap_or(AccessLevel::Write)
    }

    /// What it permits, in a few words without the beginning "Grants permission to": `Retrieve
    /// objects from Amazon S3`.
    pub fn description(self) -> &'static str {
        self.entry().map_or("", |entry| entry.description)
    }

    /// The types of resources that a statement for it can name. Where there are none, only `*`
    /// matches.
    pub fn resource_types(self) -> impl ExactSizeIterator<Item = ActionResource> + Clone {
        let details = store::details(self.service.id());
        let list = self.entry().map_or(0, |entry| entry.resources);
        let service = self.service;
        let entries = details.resource_lists.get(list).iter();
        entries.map(move |entry| ActionResource {
            service,
            entry: *entry,
        })
    }

    /// The condition keys that it knows for any of its resources, besides the global ones that
    /// every request has.
    pub fn condition_keys(self) -> impl ExactSizeIterator<Item = ConditionKey> + Clone {
        let list = self.entry().map_or(0, |entry| entry.keys);
        ConditionKey::list(self.service, list)
    }

    /// All condition keys that it knows: its own and those of its resource types, each once.
    pub fn all_condition_keys(self) -> Vec<ConditionKey> {
        let mut keys: Vec<_> = self.condition_keys().collect();
        for resource in self.resource_types() {
            keys.extend(resource.condition_keys());
            keys.extend(resource.resource_type().condition_keys());
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The full names of actions that the caller may need besides, such as `iam:PassRole`.
    pub fn dependent_actions(self) -> &'static [&'static str] {
        let list = self.entry().map_or(0, |entry| entry.dependents);
        store::details(self.service.id()).dependent_lists.get(list)
    }

    fn entry(self) -> Option<&'static ActionEntry> {
        let details = store::details(self.service.id());
        details.actions.get(usize::from(self.place))
    }
}

/// The full name, such as `s3:GetObject`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service.prefix(), self.name())
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A type of resources that an action works on.
#[derive(Clone, Copy)]
pub struct ActionResource {
    service: Service,
    entry: ResourceEntry,
}

impl ActionResource {
    /// The type.
    pub fn resource_type(self) -> ResourceType {
        ResourceType::new(self.service, self.entry.place)
    }

    /// Whether every request for the action has a resource of this type. Of those that are not
    /// required a request has one or several.
    pub fn is_required(self) -> bool {
        self.entry.required
    }

    /// The condition keys that the action knows only for resources of this type.
    pub fn condition_keys(self) -> impl ExactSizeIterator<Item = ConditionKey> + Clone {
        ConditionKey::list(self.service, self.entry.keys)
    }
}
