//! What the commands that ask questions have in common: their options, and what is wrong with a
//! question.

mod actions;

use std::path::PathBuf;

use clap::ValueEnum;
use jiff::Timestamp;

use super::output;
use crate::access::Terms;
use crate::catalog;
use crate::iam::{Account, Arn, Organization};
use crate::policy::value::instant;
use crate::source::{ExitCode, Problem, organization};
use crate::visible::visible;

pub(super) use actions::{access_level, service};

/// The options of every question.
#[derive(Debug, clap::Args)]
pub struct QuestionOptions {
    /// A condition key of the request, such as aws:SourceIp=203.0.113.7; KEY=a,b for several
    /// values; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    context: Vec<String>,
    /// Take every condition key that is neither given nor known as missing
    #[arg(long)]
    pub(super) strict: bool,
    /// The time of the request, in ISO 8601; without it, now
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// The policy of the resource, instead of one that the account brings
    #[arg(long, value_name = "FILE")]
    resource_policy: Option<PathBuf>,
    /// The account that the resource belongs to
    #[arg(long, value_name = "ID")]
    resource_account: Option<String>,
    /// The organisation: its management account, levels, SCPs and RCPs, instead of what the
    /// account brings
    #[arg(long, value_name = "FILE")]
    organization: Option<PathBuf>,
    /// The policy that was passed with the session
    #[arg(long, value_name = "FILE")]
    session_policy: Option<PathBuf>,
    /// Ask about an action that the catalogue does not know
    #[arg(long)]
    unknown_action: bool,
}

/// The forms of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

/// The forms of an answer that has many lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
    /// JSON, a line for each
    Jsonl,
    /// Comma-separated values
    Csv,
}

/// What the options name, read.
#[derive(Debug)]
pub(super) struct Read {
    context: Vec<(String, Vec<String>)>,
    is_strict: bool,
    now: Timestamp,
    resource_policy: Option<(String, String)>,
    resource_account: Option<String>,
    organization: Option<Organization>,
    session_policy: Option<(String, String)>,
}

impl QuestionOptions {
    /// Reads what the options name.
    ///
    /// # Errors
    /// A [`Problem`] for the first that is not as it must be.
    pub(super) fn read(&self) -> Result<Read, Problem> {
        let named = |path: &Option<PathBuf>| {
            path.as_ref()
                .map(|path| {
                    let text = organization::text(path)?;
                    if !text.trim_start().starts_with('{') {
                        let what = format!("cannot read {}", path.display());
                        return Err(Problem::new(what, "it is no policy (expected an object)")
                            .exit(ExitCode::Usage));
                    }
                    Ok((path.display().to_string(), text))
                })
                .transpose()
        };
        if let Some(id) = &self.resource_account
            && !(id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()))
        {
            let what = format!("{id:?} is no account");
            return Err(Problem::new(what, "expected twelve digits").exit(ExitCode::Usage));
        }
        Ok(Read {
            context: context(&self.context)?,
            is_strict: self.strict,
            now: self.time()?,
            resource_policy: named(&self.resource_policy)?,
            resource_account: self.resource_account.clone(),
            organization: self
                .organization
                .as_deref()
                .map(organization::read)
                .transpose()?,
            session_policy: named(&self.session_policy)?,
        })
    }

    fn time(&self) -> Result<Timestamp, Problem> {
        let Some(text) = &self.now else {
            return Ok(Timestamp::now());
        };
        instant(text).ok_or_else(|| {
            Problem::new(format!("{text:?} is no time"), "")
                .next("write it as 2026-01-31T12:00:00Z, or 2026-01-31")
                .exit(ExitCode::Usage)
        })
    }

    /// The action, spelt as AWS does.
    ///
    /// # Errors
    /// A [`Problem`] that names the nearest ones where the catalogue knows none.
    pub(super) fn action(&self, text: &str) -> Result<String, Problem> {
        if let Some(action) = catalog::action(text) {
            return Ok(action.to_string());
        }
        let is_shaped = text.split_once(':').is_some_and(|(service, name)| {
            let is_word = |text: &str| {
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            };
            is_word(service) && is_word(name)
        });
        if self.unknown_action && is_shaped {
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
}

impl Read {
    /// What the question is asked with.
    pub(super) fn terms(&self) -> Terms<'_> {
        Terms {
            context: self.context.clone(),
            is_strict: self.is_strict,
            now: Some(self.now),
            resource_policy: named(&self.resource_policy),
            resource_account: self.resource_account.as_deref(),
            session_policy: named(&self.session_policy),
            organization: self.organization.as_ref(),
        }
    }
}

fn named(policy: &Option<(String, String)>) -> Option<(&str, &str)> {
    let (name, text) = policy.as_ref()?;
    Some((name, text))
}

/// The keys of the request. Says on standard error which of them the catalogue does not know.
fn context(given: &[String]) -> Result<Vec<(String, Vec<String>)>, Problem> {
    let mut keys: Vec<(String, Vec<String>)> = Vec::new();
    for text in given {
        let Some((key, values)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(Problem::new(format!("--context {text:?} has no value"), "")
                .next("write it as KEY=VALUE, such as aws:SourceIp=203.0.113.7")
                .exit(ExitCode::Usage));
        };
        if catalog::condition_key(key).is_none() {
            let globals = catalog::global_condition_keys();
            let near = catalog::nearest(key, globals.map(|it| it.name()), 1);
            let near = near.first().map(|name| format!(" (did you mean {name}?)"));
            let version = catalog::version();
            // Where nobody can be told, the answer still stands.
            drop(output::note(&format!(
                "iamscope: the catalogue of {version} knows no condition key {}{}",
                visible(key),
                near.unwrap_or_default()
            )));
        }
        let values = values.split(',').map(str::to_owned);
        match keys
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(key))
        {
            Some((_, known)) => known.extend(values),
            None => keys.push((key.to_owned(), values.collect())),
        }
    }
    Ok(keys)
}

/// The resource of a question: an ARN or a pattern of ARNs.
///
/// # Errors
/// A [`Problem`] with the nearest ARNs where the text is neither an ARN, nor a pattern of
/// ARNs, nor `*`.
pub(super) fn resource<'a>(
    account: &Account,
    action: &str,
    text: &'a str,
) -> Result<&'a str, Problem> {
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
