//! What a question is made of, as people write it: actions, a resource, condition keys. Says what
//! is wrong with them and what may have been meant.
//!
//! Whoever takes a question from people reads it with this, be it from the command line, a file or
//! a form. Nothing is asked here.

mod actions;

use crate::catalog;
use crate::iam::{Account, Arn};
use crate::source::{ExitCode, Problem};

pub use actions::{Unknown, access_level, action, actions, nothing, service};

/// What to say of a condition key that the catalogue does not know; none where it does. A question
/// may well have one: the catalogue may be older than the key.
pub fn unknown_key(key: &str) -> Option<String> {
    if catalog::condition_key(key).is_some() {
        return None;
    }
    let globals = catalog::global_condition_keys();
    let near = catalog::nearest(key, globals.map(|it| it.name()), 1);
    let near = near.first().map(|name| format!(" (did you mean {name}?)"));
    let version = catalog::version();
    Some(format!(
        "the catalogue of {version} knows no condition key {key}{}",
        near.unwrap_or_default()
    ))
}

/// The resource of a question: an ARN or a pattern of ARNs.
///
/// # Errors
/// A [`Problem`] with the nearest ARNs where the text is neither an ARN, nor a pattern of
/// ARNs, nor `*`.
pub fn resource<'a>(account: &Account, action: &str, text: &'a str) -> Result<&'a str, Problem> {
    // A `*` at the end stands for the segments that are not written.
    let is_open = text.starts_with("arn:") && text.ends_with('*');
    let is_arn = || Arn::parse(text).is_ok_and(|arn| !arn.resource.is_empty());
    if text == "*" || is_open || is_arn() {
        return Ok(text);
    }
    let mut problem = Problem::new(
        format!("{text:?} is no resource"),
        "expected * or an ARN, arn:partition:service:region:account:resource (* and ? are wildcards)",
    )
    .exit(ExitCode::Usage);
    let named = account.users().iter().map(|it| (&it.name, &it.arn));
    let named = named.chain(account.roles().iter().map(|it| (&it.name, &it.arn)));
    let named = named.chain(account.policies().iter().map(|it| (&it.name, &it.arn)));
    let found: Vec<&str> = named
        .filter(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, arn)| &**arn)
        .collect();
    if !found.is_empty() {
        problem = problem.next(format!("did you mean {}?", found.join(" or ")));
    } else if let Some(action) = catalog::action(action) {
        let types = action.resource_types().map(|it| it.resource_type());
        let id = account.id.as_deref().unwrap_or("${Account}");
        let patterns: Vec<String> = types
            .map(|kind| {
                let pattern = kind.arn_pattern();
                let pattern = pattern.replace("${Partition}", account.partition.as_str());
                pattern.replace("${Account}", id)
            })
            .collect();
        if !patterns.is_empty() {
            let (version, patterns) = (catalog::version(), patterns.join(", "));
            problem = problem.next(format!(
                "{action} works on {patterns} (catalogue of {version})"
            ));
        }
    }
    Err(problem)
}
