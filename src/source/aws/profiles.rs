//! The profiles of the AWS configuration files: which is in use, and what to do before it can be
//! used.
//!
//! The SDK finds the credentials of a profile. This module looks at what the SDK does not: a
//! profile that is not there, one that needs an MFA code, and helpers that could ask on our
//! terminal.

use std::borrow::Cow;
use std::path::PathBuf;

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

use super::config::variable;
use crate::source::{ExitCode, Problem};

/// The configuration files, read.
#[derive(Debug)]
pub(super) struct Profiles {
    set: ProfileSet,
    /// Where the SDK is to read the same.
    pub(super) files: EnvConfigFiles,
    /// The profile in use.
    pub(super) name: String,
    /// Whether somebody asked for it by name.
    pub(super) named: bool,
}

impl Profiles {
    /// Reads the files. `asked` is the profile of the command line.
    pub(super) async fn read(asked: Option<&str>) -> Result<Self, Problem> {
        let named = asked.map(ToOwned::to_owned).or(variable("AWS_PROFILE"));
        let name = named.clone().unwrap_or_else(|| "default".to_owned());
        let files = guarded_files();
        let (fs, env) = (Fs::real(), Env::real());
        let selected = Some(Cow::Owned(name.clone()));
        let set = aws_config::profile::load(&fs, &env, &EnvConfigFiles::default(), selected)
            .await
            .map_err(|error| {
                Problem::new(
                    "cannot read the AWS configuration",
                    super::errors::chain(&error),
                )
                .next("Correct the file, or name another with AWS_CONFIG_FILE.")
                .next("`iamscope --demo` needs no configuration.")
                .exit(ExitCode::Usage)
            })?;
        let named = named.is_some();
        Ok(Self {
            set,
            files,
            name,
            named,
        })
    }

    /// A property of the profile in use.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.set.get(key)
    }

    /// Whether the profile in use is in the files.
    pub(super) fn exists(&self) -> bool {
        self.set.get_profile(&self.name).is_some()
    }

    /// Whether the profile in use, or one that it stands on, signs in through IAM Identity
    /// Center.
    pub(super) fn uses_sso(&self) -> bool {
        self.chain()
            .any(|p| p.get("sso_session").or(p.get("sso_start_url")).is_some())
    }

    /// The profile in use and those that it stands on.
    fn chain(&self) -> impl Iterator<Item = &aws_config::profile::Profile> {
        // AWS allows no loops; the bound makes one end here too, and the SDK reports it.
        const DEEPEST: usize = 10;
        let first = self.set.get_profile(&self.name);
        std::iter::successors(first, |profile| {
            let next = profile.get("source_profile")?;
            (next != profile.name()).then(|| self.set.get_profile(next))?
        })
        .take(DEEPEST)
    }

    /// Says so when the profile that somebody asked for is not there.
    pub(super) fn check_exists(&self) -> Result<(), Problem> {
        if !self.named || self.exists() {
            return Ok(());
        }
        let mut found: Vec<_> = self.set.profiles().collect();
        found.sort_unstable();
        let why = if found.is_empty() {
            "the AWS configuration files hold no profiles".to_owned()
        } else {
            format!("found: {}", found.join(", "))
        };
        Err(Problem::new(format!("no profile named {}", self.name), why)
            .next("Choose one with --profile or AWS_PROFILE, or make it: `aws configure sso`.")
            .next("`iamscope --demo` needs no profile.")
            .exit(ExitCode::Usage))
    }

    /// Says what to run first for a profile that needs an MFA code.
    pub(super) fn check_mfa(&self) -> Result<(), Problem> {
        let Some(profile) = self.chain().find(|p| p.get("mfa_serial").is_some()) else {
            return Ok(());
        };
        let serial = profile.get("mfa_serial").unwrap_or_default();
        let name = profile.name();
        let problem = Problem::new(
            format!("profile {name} needs an MFA code"),
            format!("its mfa_serial is {serial}, and iamscope does not ask for codes"),
        );
        let problem = match profile.get("role_arn") {
            Some(_) => problem.next(format!(
                "Run this first, which asks for the code: \
                 eval \"$(aws configure export-credentials --profile {name} --format env)\""
            )),
            None => problem.next(format!(
                "Run this first: aws sts get-session-token --profile {name} \
                 --serial-number {serial} --token-code CODE, and export what it answers as \
                 AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN."
            )),
        };
        Err(problem
            .next("Then start iamscope without --profile and AWS_PROFILE.")
            .next("`iamscope --demo` needs no profile.")
            .exit(ExitCode::Usage))
    }
}

/// The configuration files with every `credential_process` kept away from our terminal. A file
/// without one is left for the SDK to find.
fn guarded_files() -> EnvConfigFiles {
    let mut files = EnvConfigFiles::builder();
    for (kind, variable_name, default) in [
        (EnvConfigFileKind::Config, "AWS_CONFIG_FILE", "config"),
        (
            EnvConfigFileKind::Credentials,
            "AWS_SHARED_CREDENTIALS_FILE",
            "credentials",
        ),
    ] {
        let guarded = location(variable_name, default)
            .and_then(|path| std::fs::read_to_string(path).ok())
            .and_then(|text| guard(&text));
        files = match (guarded, kind) {
            (Some(text), kind) => files.with_contents(kind, text),
            (None, EnvConfigFileKind::Config) => files.include_default_config_file(true),
            (None, _) => files.include_default_credentials_file(true),
        };
    }
    files.build()
}

fn location(variable_name: &str, default: &str) -> Option<PathBuf> {
    if let Some(path) = variable(variable_name) {
        return Some(path.into());
    }
    let home = variable("HOME").or(variable("USERPROFILE"))?;
    Some(PathBuf::from(home).join(".aws").join(default))
}

/// Puts every `credential_process` of a file on a leash; nothing where there is none. The SDK
/// lets a helper inherit our standard input, which is the terminal that the interface reads.
fn guard(text: &str) -> Option<String> {
    if !cfg!(unix) || !text.to_ascii_lowercase().contains("credential_process") {
        return None;
    }
    let mut guarded = String::with_capacity(text.len() + 200);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let continued = lines
            .peek()
            .is_some_and(|next| next.starts_with([' ', '\t']) && !next.trim().is_empty());
        match line.split_once('=') {
            Some((key, command)) if key.trim_end().eq_ignore_ascii_case("credential_process") => {
                guarded.push_str(key);
                guarded.push('=');
                guarded.push_str(&leash(command, continued));
            }
            _ => guarded.push_str(line),
        }
        guarded.push('\n');
    }
    Some(guarded)
}

/// A helper's command with nothing on standard input and, where the system can, in a session of
/// its own: it then has no terminal to ask on.
fn leash(command: &str, continued: bool) -> String {
    if continued {
        // The rest stands on the next lines, where no quotes can be closed.
        return format!("exec </dev/null;{command}");
    }
    let command = without_comment(command).trim();
    let quoted = command.replace('\'', r"'\''");
    format!(
        "exec </dev/null; command -v setsid >/dev/null && exec setsid sh -c '{quoted}'; {command}"
    )
}

/// A property's value without its comment, which begins after white space.
fn without_comment(value: &str) -> &str {
    let mut after_space = false;
    for (at, c) in value.char_indices() {
        if after_space && matches!(c, '#' | ';') {
            return &value[..at];
        }
        after_space = c.is_whitespace();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_helpers_is_left_alone() {
        assert_eq!(guard("[default]\nregion = eu-west-1\n"), None);
    }

    #[test]
    fn a_helper_keeps_its_quotes_and_loses_its_comment() {
        let text = "[default]\ncredential_process = tool 'a b' --x # work\nregion = x\n";
        let guarded = guard(text).unwrap();
        assert!(guarded.contains(r"exec setsid sh -c 'tool '\''a b'\'' --x'; tool 'a b' --x"));
        assert!(!guarded.contains("work"));
        assert!(guarded.ends_with("\nregion = x\n"));
    }

    #[test]
    fn a_helper_over_several_lines_only_loses_its_input() {
        let guarded = guard("[a]\ncredential_process = tool \\\n  more\n").unwrap();
        assert!(guarded.contains("=exec </dev/null; tool \\\n  more\n"));
    }
}
