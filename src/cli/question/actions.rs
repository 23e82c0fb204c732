//! The actions of a question about many: names, patterns, access levels, lists of those.

use super::QuestionOptions;
use crate::catalog::{self, AccessLevel, Action, Service};
use crate::source::{ExitCode, Problem};

impl QuestionOptions {
    /// The actions that a text stands for, spelt as AWS does, each once: an action, a pattern such
    /// as `s3:Get*`, an access level of a service such as `s3:@write`, or several with commas
    /// between.
    ///
    /// # Errors
    /// A [`Problem`] for the first part that stands for nothing.
    pub(in crate::cli) fn actions(&self, text: &str) -> Result<Vec<String>, Problem> {
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
                    return Err(crate::cli::actions::nothing(part));
                }
                actions.into_iter().for_each(|it| add(it.to_string()));
            } else {
                add(self.action(part)?);
            }
        }
        Ok(found)
    }
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
pub(in crate::cli) fn access_level(text: &str) -> Result<AccessLevel, Problem> {
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
pub(in crate::cli) fn service(text: &str) -> Result<Service, Problem> {
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
