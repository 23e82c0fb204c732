//! What the commands that ask questions have in common: their options, and what is wrong with a
//! question.

use std::path::PathBuf;

use clap::ValueEnum;
use jiff::Timestamp;

use super::output;
use crate::access::Terms;
use crate::iam::Organization;
use crate::policy::value::instant;
use crate::report::asking::{self, Unknown};
use crate::source::{ExitCode, Problem, organization};
use crate::visible::visible;

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
    pub(super) now: Option<String>,
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
            now: time(self.now.as_deref())?,
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

    /// The action, spelt as AWS does.
    ///
    /// # Errors
    /// A [`Problem`] that names the nearest ones where the catalogue knows none.
    pub(super) fn action(&self, text: &str) -> Result<String, Problem> {
        asking::action(text, unknown(self.unknown_action))
    }

    /// The actions that a text stands for.
    ///
    /// # Errors
    /// A [`Problem`] for the first part that stands for nothing.
    pub(super) fn actions(&self, text: &str) -> Result<Vec<String>, Problem> {
        asking::actions(text, unknown(self.unknown_action))
    }
}

/// The time of the requests: what `--now` says, or now.
///
/// # Errors
/// A [`Problem`] where it is no time.
pub(super) fn time(text: Option<&str>) -> Result<Timestamp, Problem> {
    let Some(text) = text else {
        return Ok(Timestamp::now());
    };
    instant(text).ok_or_else(|| {
        Problem::new(format!("{text:?} is no time"), "")
            .next("write it as 2026-01-31T12:00:00Z, or 2026-01-31")
            .exit(ExitCode::Usage)
    })
}

/// What `--unknown-action` says.
pub(super) fn unknown(is_asked: bool) -> Unknown {
    match is_asked {
        true => Unknown::Asked,
        false => Unknown::Refused,
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
        if let Some(note) = asking::unknown_key(key) {
            // Where nobody can be told, the answer still stands.
            drop(output::note(&format!("iamscope: {}", visible(&note))));
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
