//! Condition keys.

use std::fmt;

use super::service::Service;
use super::store::{self, KeyEntry};
use super::template;

/// What the values of a condition key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Texts.
    String,
    /// ARNs.
    Arn,
    /// `true` or `false`.
    Bool,
    /// Numbers.
    Numeric,
    /// Points in time.
    Date,
    /// Addresses.
    IpAddress,
    /// Bytes.
    Binary,
}

impl KeyType {
    const ALL: [Self; 7] = [
        Self::String,
        Self::Arn,
        Self::Bool,
        Self::Numeric,
        Self::Date,
        Self::IpAddress,
        Self::Binary,
    ];

    /// The name that AWS has for it, such as `IPAddress`.
    pub fn name(self) -> &'static str {
        super::format::TYPES[self as usize]
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A condition key: a global one, or one as a service knows it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionKey {
    service: Option<Service>,
    place: u16,
}

impl ConditionKey {
    pub(super) fn of_service(service: Service, place: u16) -> Self {
        Self {
            service: Some(service),
            place,
        }
    }

    pub(super) fn list(
        service: Service,
        number: usize,
    ) -> impl ExactSizeIterator<Item = Self> + Clone {
        let places = store::details(service.id()).key_lists.get(number).iter();
        places.map(move |place| Self::of_service(service, *place))
    }

    fn entries(service: Option<Service>) -> &'static [KeyEntry] {
        match service {
            Some(service) => &store::details(service.id()).keys,
            None => &store::index().global_keys,
        }
    }

    fn entry(self) -> Option<&'static KeyEntry> {
        Self::entries(self.service).get(usize::from(self.place))
    }

    /// The name, such as `s3:prefix` or `aws:PrincipalTag/${TagKey}`.
    pub fn name(self) -> &'static str {
        self.entry().map_or("", |entry| entry.name)
    }

    /// What its values are.
    pub fn key_type(self) -> KeyType {
        let number = self.entry().map_or(0, |entry| entry.kind / 2);
        *KeyType::ALL.get(number).unwrap_or(&KeyType::String)
    }

    /// Whether a request can have several values of it, so that a condition needs `ForAllValues`
    /// or `ForAnyValue`.
    pub fn is_multivalued(self) -> bool {
        self.entry().is_some_and(|entry| entry.kind % 2 == 1)
    }

    /// What it holds, in a few words. In AWS's words for the keys of services, without their
    /// beginning "Filters access by": `The tags of the object`.
    pub fn description(self) -> &'static str {
        match self.entry().map_or("", |entry| entry.description) {
            // The file has no second text for global keys where a service lists them.
            "" if self.service.is_some() => {
                let global = find(None, |known| known == self.name());
                global.map_or("", Self::description)
            }
            text => text,
        }
    }

    /// The service that knows it; none for a global key.
    pub fn service(self) -> Option<Service> {
        self.service
    }

    /// Whether its name has a part that a policy fills in, such as the key of a tag.
    pub fn is_template(self) -> bool {
        self.name().contains("${")
    }
}

/// The name.
impl fmt::Display for ConditionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for ConditionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The condition keys that requests to all services can have.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
pub fn global_condition_keys() -> impl ExactSizeIterator<Item = ConditionKey> + Clone {
    let keys = store::index().global_keys.len();
    (0..u16::try_from(keys).unwrap_or(0)).map(|place| ConditionKey {
        service: None,
        place,
    })
}

/// The condition key of this name, in any case; a global one before one of a service. A name that
/// is filled in is found, too: `aws:PrincipalTag/team` is `aws:PrincipalTag/${TagKey}`.
///
/// A prefix with a dot is the address of an OpenID Connect provider. Every provider has keys such
/// as `sub` and `aud`, and the catalogue has only some of a few well-known ones: that such a key
/// is missing here says nothing.
pub fn condition_key(name: &str) -> Option<ConditionKey> {
    let same = |known: &str| known.eq_ignore_ascii_case(name);
    let filled = |known: &str| known.contains("${") && template::fits(known, name);
    let owner = name.rsplit_once(':').and_then(|_| owner(name));
    find(None, same)
        .or_else(|| find(Some(owner?), same))
        .or_else(|| find(None, filled))
        .or_else(|| find(Some(owner?), filled))
}

fn find(service: Option<Service>, is: impl Fn(&str) -> bool) -> Option<ConditionKey> {
    let entries = ConditionKey::entries(service);
    let place = entries.iter().position(|entry| is(entry.name))?;
    let place = u16::try_from(place).ok()?;
    Some(ConditionKey { service, place })
}

/// The service whose keys have the prefix of this name.
fn owner(name: &str) -> Option<Service> {
    let prefix = name.split(':').next()?;
    super::service(prefix).or_else(|| {
        let prefixes = &store::index().key_prefixes;
        let found = prefixes
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(prefix))
            .or_else(|| {
                let mut prefixes = prefixes.iter();
                prefixes.find(|(known, _)| template::fits(known, prefix))
            })?;
        Some(Service::new(found.1))
    })
}
