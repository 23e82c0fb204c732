//! Finding actions by patterns, and types of resources by ARNs.

use super::action::Action;
use super::service::{ResourceType, Service, compare};
use super::template::{fit, matches};
use super::{services, store};
use crate::iam::Arn;

/// The service with this prefix, in any case.
pub fn service(prefix: &str) -> Option<Service> {
    let services = &store::index().services;
    let place = services.binary_search_by(|entry| compare(entry.prefix, prefix));
    Some(Service::new(u16::try_from(place.ok()?).ok()?))
}

/// The action of this full name, such as `s3:GetObject`, in any case.
pub fn action(name: &str) -> Option<Action> {
    let (prefix, name) = name.split_once(':')?;
    service(prefix)?.action(name)
}

/// The actions that the pattern of a policy matches, such as `s3:Get*`, in the order of the
/// catalogue. The case does not count. A pattern without a colon matches only if it is all stars.
///
/// Where the service is written out only its names are read.
pub fn expand(pattern: &str) -> Vec<Action> {
    let Some((prefix, name)) = pattern.split_once(':') else {
        let all = !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*');
        return match all {
            true => services().flat_map(Service::actions).collect(),
            false => Vec::new(),
        };
    };
    let mut found = Vec::new();
    let mut add = |service: Service| {
        let names = store::names(service.id()).iter().zip(service.actions());
        let names = names.filter(|(known, _)| matches(name, known));
        found.extend(names.map(|(_, action)| action));
    };
    if prefix.contains(['*', '?']) {
        services()
            .filter(|service| matches(prefix, service.prefix()))
            .for_each(add);
    } else if let Some(service) = service(prefix) {
        if name.contains(['*', '?']) {
            add(service);
        } else {
            found.extend(service.action(name));
        }
    }
    found
}

/// The types of resources that have such an ARN, of any partition. The service that owns the
/// resource comes first, then others that list it as theirs.
///
/// Of a service's types those are taken whose pattern fits best: `arn:aws:s3:::a/b` is an object,
/// although the pattern of a bucket's ARN would let its name hold a slash.
pub fn resources_of_arn(arn: &str) -> Vec<ResourceType> {
    let Ok(parsed) = Arn::parse(arn) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (part, services) in &store::index().arns {
        if *part == parsed.service || *part == "*" {
            let services = services.iter().map(|id| Service::new(*id));
            for kind in services.flat_map(Service::resource_types) {
                found.extend(fit_arn(kind.arn_pattern(), &parsed).map(|fit| (fit, kind)));
            }
        }
    }
    let Some(best) = found.iter().map(|(fit, _)| *fit).max() else {
        return Vec::new();
    };
    found.retain(|(fit, _)| *fit == best);
    found.into_iter().map(|(_, kind)| kind).collect()
}

/// How an ARN fits a pattern: part for part, so that nothing that is filled in reaches beyond one.
fn fit_arn(pattern: &str, arn: &Arn<'_>) -> Option<super::template::Fit> {
    let pattern = Arn::parse(pattern).ok()?;
    fit(pattern.service, arn.service)?;
    fit(pattern.region, arn.region)?;
    fit(pattern.account, arn.account)?;
    fit(pattern.resource, arn.resource)
}
