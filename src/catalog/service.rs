//! Services and their types of resources.

use std::cmp::Ordering;
use std::fmt;

use super::action::Action;
use super::details::TypeEntry;
use super::key::ConditionKey;
use super::store::{self, Entry};
use super::template;

/// A service of AWS, as policies know it. Services are in order by their prefix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Service(u16);

impl Service {
    pub(super) fn new(id: u16) -> Self {
        Self(id)
    }

    pub(super) fn id(self) -> u16 {
        self.0
    }

    /// Its place among all services.
    pub fn place(self) -> u16 {
        self.0
    }

    fn entry(self) -> Option<&'static Entry> {
        store::index().services.get(usize::from(self.0))
    }

    /// What its actions begin with, such as `s3`.
    pub fn prefix(self) -> &'static str {
        self.entry().map_or("", |entry| entry.prefix)
    }

    /// Its name in AWS's documentation, such as `Amazon S3`.
    pub fn title(self) -> &'static str {
        self.entry().map_or("", |entry| entry.title)
    }

    /// Whether resource control policies have an effect on its resources.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
    pub fn supports_rcp(self) -> bool {
        self.entry().is_some_and(|entry| entry.supports_rcp)
    }

    /// Its actions.
    pub fn actions(self) -> impl ExactSizeIterator<Item = Action> + DoubleEndedIterator + Clone {
        let count = self.entry().map_or(0, |entry| entry.actions);
        places(count).map(move |place| Action::new(self, place))
    }

    /// The action of this name, in any case.
    pub fn action(self, name: &str) -> Option<Action> {
        let names = store::names(self.0);
        let place = names.binary_search_by(|known| compare(known, name)).ok()?;
        Some(Action::new(self, u16::try_from(place).ok()?))
    }

    /// Its types of resources.
    pub fn resource_types(
        self,
    ) -> impl ExactSizeIterator<Item = ResourceType> + DoubleEndedIterator + Clone {
        let count = self.entry().map_or(0, |entry| entry.types);
        places(count).map(move |place| ResourceType::new(self, place))
    }

    /// The type of resources of this name, in any case.
    pub fn resource_type(self, name: &str) -> Option<ResourceType> {
        let mut types = self.resource_types();
        types.find(|found| found.name().eq_ignore_ascii_case(name))
    }

    /// The condition keys that its actions and resources know, global ones among them.
    pub fn condition_keys(
        self,
    ) -> impl ExactSizeIterator<Item = ConditionKey> + DoubleEndedIterator + Clone {
        let count = self.entry().map_or(0, |entry| entry.keys);
        places(count).map(move |place| ConditionKey::of_service(self, place))
    }
}

/// The prefix.
impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.prefix())
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A type of resources.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceType {
    service: Service,
    place: u16,
}

impl ResourceType {
    pub(super) fn new(service: Service, place: u16) -> Self {
        Self { service, place }
    }

    fn entry(self) -> Option<&'static TypeEntry> {
        let details = store::details(self.service.id());
        details.types.get(usize::from(self.place))
    }

    /// The service whose actions work on such resources. The resources themselves may be
    /// another's: Systems Manager works on instances of EC2.
    pub fn service(self) -> Service {
        self.service
    }

    /// Its name in the service, such as `bucket`.
    pub fn name(self) -> &'static str {
        self.entry().map_or("", |entry| entry.name)
    }

    /// How its ARNs look, such as `arn:${Partition}:s3:::${BucketName}`.
    pub fn arn_pattern(self) -> &'static str {
        self.entry().map_or("", |entry| entry.arn)
    }

    /// The condition keys that are known for such resources.
    pub fn condition_keys(self) -> impl ExactSizeIterator<Item = ConditionKey> + Clone {
        let list = self.entry().map_or(0, |entry| entry.keys);
        ConditionKey::list(self.service, list)
    }

    /// Whether there can be a resource of this type that `resource`, the text of a `Resource`
    /// element, matches. Wildcards and policy variables in it stand for anything.
    pub fn may_match(self, resource: &str) -> bool {
        template::overlap(self.arn_pattern(), resource)
    }
}

/// The service and the name, such as `s3:bucket`.
impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.name())
    }
}

fn places(count: usize) -> std::ops::Range<u16> {
    0..u16::try_from(count).unwrap_or(u16::MAX)
}

/// The order of names in the catalogue: without regard to case.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let one = one.bytes().map(|byte| byte.to_ascii_lowercase());
    one.cmp(other.bytes().map(|byte| byte.to_ascii_lowercase()))
}
