//! `iamscope actions PATTERN`.

use super::output;
use super::question::Format;
use crate::catalog::{self, Action};
use crate::report::asking;
use crate::source::Problem;

/// What `actions` takes.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// An action or a pattern such as s3:Get* or *:List*; case does not matter
    pattern: String,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(serde::Serialize)]
struct Entry {
    action: String,
    access_level: &'static str,
    description: &'static str,
    resource_types: Vec<&'static str>,
    condition_keys: Vec<&'static str>,
    dependent_actions: &'static [&'static str],
}

/// Runs the command.
pub(super) fn run(options: &Options) -> Result<(), Problem> {
    let pattern = &options.pattern;
    let found = catalog::expand(pattern);
    if found.is_empty() {
        return Err(asking::nothing(pattern));
    }
    match options.format {
        Format::Json => {
            let entries: Vec<Entry> = found.into_iter().map(entry).collect();
            let json = serde_json::to_string_pretty(&entries)
                .map_err(|error| Problem::new("cannot print the actions", error.to_string()))?;
            output::to_stdout(|out| writeln!(out, "{json}"))
        }
        Format::Table => {
            let names: Vec<String> = found.iter().map(ToString::to_string).collect();
            let width = names.iter().map(String::len).max().unwrap_or_default();
            let level = "Permissions management".len();
            output::to_stdout(|out| {
                for (name, action) in names.iter().zip(&found) {
                    let access = action.access_level().name();
                    let about = action.description();
                    let line = format!("{name:width$}  {access:level$}  {about}");
                    writeln!(out, "{}", line.trim_end())?;
                }
                Ok(())
            })
        }
    }
}

fn entry(action: Action) -> Entry {
    Entry {
        action: action.to_string(),
        access_level: action.access_level().name(),
        description: action.description(),
        resource_types: action
            .resource_types()
            .map(|it| it.resource_type().name())
            .collect(),
        condition_keys: action
            .all_condition_keys()
            .into_iter()
            .map(|key| key.name())
            .collect(),
        dependent_actions: action.dependent_actions(),
    }
}
