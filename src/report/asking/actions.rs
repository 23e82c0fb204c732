//! The actions of a question: names, patterns, access levels, lists of those.

use crate::catalog::{self, AccessLevel, Action, Service};
use crate::source::{ExitCode, Problem};

/// What may be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Only what the catalogue knows.
    Refused,
    /// Also what has the form of an action.
    Asked,
}

/// The action, spelt as AWS does.
///
/// # Errors
/// A [`Problem`] that names the nearest ones where the catalogue knows none.
pub fn action(text: &str, unknown: Unknown) -> Result<String, Problem> {
    if let Some(action) = catalog::action(text) {
        return Ok(action.to_string());
    }
    let is_shaped = text.split_once(':').is_some_and(|(service, name)| {
        let is_word = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        is_word(service) && is_word(name)
    });
    if unknown == Unknown::Asked && is_shaped {
        return Ok(text.to_owned());
    }
    if text.contains(['*', '?']) {
        return Err(Problem::new(
            format!("cannot ask about {text:?}"),
            "it is a pattern, and one action is expected",
        )
        .next(format!(
            "to see what it stands for: iamscope actions '{text}'"
        ))
        .exit(ExitCode::Usage));
    }
    let version = catalog::version();
    let mut problem = Problem::new(
        format!("the catalogue of {version} knows no action {text:?}"),
        "",
    )
    .exit(ExitCode::Usage);
    let nearest = catalog::nearest_actions(text, 4);
    if !nearest.is_empty() {
        let names: Vec<String> = nearest.iter().map(ToString::to_string).collect();
        problem = problem.next(format!("did you mean {}?", names.join(", ")));
    }
    if is_shaped {
        problem = problem.next("if AWS has added it since: --unknown-action asks anyway");
    }
    Err(problem)
}

/// The actions that a text stands for, spelt as AWS does, each once: an action, a pattern such
/// as `s3:Get*`, an access level of a service such as `s3:@write`, or several with commas
/// between.
///
/// # Errors
/// A [`Problem`] for the first part that stands for nothing.
pub fn actions(text: &str, unknown: Unknown) -> Result<Vec<String>, Problem> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut add = |action: String| {
        if seen.insert(action.to_ascii_lowercase()) {
            found.push(action);
        }
    };
    for part in text.split(',').map(str::trim) {
        if let Some((service, level)) = part.split_once(":@") {
            of_level(service, level)?
                .into_iter()
                .for_each(|it| add(it.to_string()));
        } else if part.contains(['*', '?']) {
            let actions = catalog::expand(part);
            if actions.is_empty() {
                return Err(nothing(part));
            }
            actions.into_iter().for_each(|it| add(it.to_string()));
        } else {
            add(action(part, unknown)?);
        }
    }
    Ok(found)
}

/// What to say of a pattern that no action matches.
pub fn nothing(pattern: &str) -> Problem {
    let version = catalog::version();
    let problem = Problem::new(
        format!("the catalogue of {version} knows no action {pattern:?}"),
        "",
    )
    .exit(ExitCode::Usage);
    let nearest = catalog::nearest_actions(pattern, 4);
    if !nearest.is_empty() {
        let names: Vec<String> = nearest.iter().map(ToString::to_string).collect();
        return problem.next(format!("did you mean {}?", names.join(", ")));
    }
    let service = pattern.split(':').next().unwrap_or(pattern);
    let services = catalog::nearest_services(service, 3);
    let services: Vec<&str> = services.iter().map(|it| it.prefix()).collect();
    if catalog::service(service).is_some() || services.is_empty() {
        return problem.next("a pattern names a service and an action: s3:Get*, *:List*");
    }
    problem.next(format!(
        "services with a similar name: {}",
        services.join(", ")
    ))
}
/// The actions of an access level; `service` may be a pattern.
fn of_level(service: &str, level: &str) -> Result<Vec<Action>, Problem> {
    let wanted = access_level(level)?;
    let services = services(service)?;
    let actions = services.into_iter().flat_map(Service::actions);
    let actions: Vec<_> = actions
        .filter(|action| action.access_level() == wanted)
        .collect();
    if actions.is_empty() {
        let what = format!("{service:?} has no actions of the access level {wanted}");
        return Err(Problem::new(what, "").exit(ExitCode::Usage));
    }
    Ok(actions)
}

/// The access level that a word means.
///
/// # Errors
/// A [`Problem`] with the words there are.
pub fn access_level(text: &str) -> Result<AccessLevel, Problem> {
    let plain = |text: &str| text.to_ascii_lowercase().replace([' ', '_'], "-");
    let word = plain(text);
    let found = AccessLevel::ALL.into_iter().find(|level| {
        let name = plain(level.name());
        name == word || name.split('-').next() == Some(&word)
    });
    found.ok_or_else(|| {
        let names = AccessLevel::ALL.map(|level| plain(level.name()));
        Problem::new(format!("{text:?} is no access level"), "")
            .next(format!("the levels are {}", names.join(", ")))
            .exit(ExitCode::Usage)
    })
}

/// The services that a prefix or a pattern of prefixes means.
fn services(text: &str) -> Result<Vec<Service>, Problem> {
    if text.contains(['*', '?']) {
        let glob = crate::policy::Glob::new(&text.to_ascii_lowercase());
        let found: Vec<_> = catalog::services()
            .filter(|service| glob.matches(&service.prefix().to_ascii_lowercase()))
            .collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    service(text).map(|service| vec![service])
}

/// The service with a prefix.
///
/// # Errors
/// A [`Problem`] with the nearest ones.
pub fn service(text: &str) -> Result<Service, Problem> {
    catalog::service(text).ok_or_else(|| {
        let version = catalog::version();
        let what = format!("the catalogue of {version} knows no service {text:?}");
        let problem = Problem::new(what, "").exit(ExitCode::Usage);
        let nearest = catalog::nearest_services(text, 3);
        let names: Vec<&str> = nearest.iter().map(|it| it.prefix()).collect();
        match names[..] {
            [] => problem,
            _ => problem.next(format!("did you mean {}?", names.join(", "))),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_found_by_any_of_their_names() {
        for (text, level) in [
            ("write", AccessLevel::Write),
            ("LIST", AccessLevel::List),
            ("permissions-management", AccessLevel::PermissionsManagement),
            ("Permissions management", AccessLevel::PermissionsManagement),
            ("permissions", AccessLevel::PermissionsManagement),
        ] {
            assert_eq!(access_level(text).unwrap(), level, "{text}");
        }
        assert!(access_level("admin").is_err());
    }
}
