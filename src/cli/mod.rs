//! The command line: what can be said there, and the commands, a file each.
//!
//! Without a command the program is the terminal interface, which this module knows nothing of.
//! Whatever comes from an account or a file is made [`visible`] before it is printed.

mod actions;
mod ask;
mod can;
mod completions;
mod document;
mod explain_denied;
mod load;
mod log;
mod output;
mod question;
mod simulate;
mod snapshot;
mod status;
mod what_can;
mod who_can;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::source::{ExitCode, LiveOptions, Mode, Problem, Spec};
use crate::visible;

pub use log::start as start_log;

const EXIT_CODES: &str = "\
Exit codes:
  0  done; the answer is yes: allowed, every expectation met
  1  the answer is no: denied, an expectation not met
  2  the command line, the keymap file, the terminal or the question is not as it must be
  3  the answer is conditional
  4  the account could not be read, the question not answered, or the file not written
  128+n  ended by signal n; 129 also where the terminal went away

Without --snapshot or --demo the account is read live, through the usual AWS configuration:
environment, profiles, SSO, container and instance roles; HTTPS_PROXY, NO_PROXY and
AWS_CA_BUNDLE are followed. Colours follow NO_COLOR.";

/// What the command line says.
#[derive(Debug, Parser)]
#[command(name = "iamscope", version, after_help = EXIT_CODES)]
#[command(about = "Explore AWS IAM in the terminal, and ask who can do what and why")]
#[command(subcommand_help_heading = "Commands (without one, the terminal interface starts)")]
pub struct Cli {
    /// What goes with every command.
    #[command(flatten)]
    pub global: Global,
    /// The file of saved questions that the interface uses; without it, iamscope/questions.toml
    /// in your configuration directory
    #[arg(long, value_name = "FILE")]
    pub questions: Option<PathBuf>,
    /// The command; none for the interface.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Read this file instead of AWS: what `aws iam get-account-authorization-details` prints, or
    /// a snapshot, plain or zstd; - is standard input
    #[arg(long, value_name = "FILE", global = true)]
    pub snapshot: Option<PathBuf>,
    /// Look around in the built-in account of an invented company
    #[arg(long, global = true)]
    pub demo: bool,
    /// The profile of the AWS configuration
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,
    /// The AWS region, which picks the partition
    #[arg(long, value_name = "REGION", global = true)]
    pub region: Option<String>,
    /// Another endpoint for IAM and STS
    #[arg(long, value_name = "URL", global = true)]
    pub endpoint_url: Option<String>,
    /// Never write anything to the account
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Write a log to this file; it never holds secrets
    #[arg(long, value_name = "FILE", global = true)]
    pub log: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the account to a file, for other tools and for later
    Snapshot(snapshot::Options),
    /// Ask whether a principal may do something, and why
    Can(can::Options),
    /// Ask who may do something, directly or through roles, and how
    WhoCan(who_can::Options),
    /// Ask what a principal may do, and which roles it can assume
    WhatCan(what_can::Options),
    /// Ask the questions of a file, and check the answers: access tests for scripts and CI
    Ask(ask::Options),
    /// Explain a message about a denied request
    ExplainDenied(explain_denied::Options),
    /// List what a pattern of actions stands for
    Actions(actions::Options),
    /// Print the text of a policy
    Document(document::Options),
    /// Decide self-contained cases, a line each: policy tests for scripts and CI
    Simulate(simulate::Options),
    /// Print the completion script of a shell
    Completions(completions::Options),
}

impl Global {
    /// Where the account is to come from.
    ///
    /// # Errors
    /// A [`Problem`] where two options say different things.
    pub fn spec(&self) -> Result<Spec, Problem> {
        let live = [
            ("--profile", self.profile.is_some()),
            ("--region", self.region.is_some()),
            ("--endpoint-url", self.endpoint_url.is_some()),
        ];
        let live = live.into_iter().find(|(_, given)| *given);
        let (spec, name) = match (&self.snapshot, self.demo) {
            (Some(_), true) => return Err(contrary("--snapshot", "--demo")),
            (Some(path), false) if path.as_os_str() == "-" => (Spec::Stdin, "--snapshot"),
            (Some(path), false) => (Spec::File(path.clone()), "--snapshot"),
            (None, true) => (Spec::Demo, "--demo"),
            (None, false) => {
                return Ok(Spec::Live(LiveOptions {
                    profile: self.profile.clone(),
                    region: self.region.clone(),
                    endpoint_url: self.endpoint_url.clone(),
                    ..LiveOptions::default()
                }));
            }
        };
        match live {
            Some((option, _)) => Err(contrary(name, option)),
            None => Ok(spec),
        }
    }

    /// What the source may do.
    pub fn mode(&self) -> Mode {
        if self.read_only {
            Mode::ReadOnly
        } else {
            Mode::ReadWrite
        }
    }
}

fn contrary(one: &str, other: &str) -> Problem {
    let why = format!("{one} and {other} cannot be used together");
    Problem::new("cannot tell which account to read", why)
        .next("leave one of them out")
        .exit(ExitCode::Usage)
}

/// Why the interface does not start where standard output is no terminal.
pub fn no_terminal() -> Problem {
    Problem::new(
        "cannot start the interface",
        "standard output is not a terminal",
    )
    .next("to write the account to a file or a pipe: iamscope snapshot [-o FILE]")
    .next("for shell completions: iamscope completions SHELL")
    .next("for all options and commands: iamscope --help")
    .exit(ExitCode::Usage)
}

/// Runs a command; gives the number for the shell.
pub fn run(command: Command, global: &Global) -> u8 {
    let result = match command {
        Command::Snapshot(options) => snapshot::run(&options, global),
        Command::Can(options) => can::run(&options, global),
        Command::WhoCan(options) => who_can::run(&options, global).map(|()| 0),
        Command::WhatCan(options) => what_can::run(&options, global).map(|()| 0),
        Command::Ask(options) => ask::run(&options, global),
        Command::ExplainDenied(options) => explain_denied::run(&options, global).map(|()| 0),
        Command::Actions(options) => actions::run(&options).map(|()| 0),
        Command::Document(options) => document::run(&options, global).map(|()| 0),
        Command::Simulate(options) => simulate::run(&options),
        Command::Completions(options) => completions::run(&options).map(|()| 0),
    };
    result.unwrap_or_else(|problem| report(&problem))
}

/// Prints a problem on standard error; gives the number for the shell.
pub fn report(problem: &Problem) -> u8 {
    // Where even that cannot be written, the number still tells.
    drop(output::note(&format!(
        "iamscope: {}",
        visible::visible_lines(&problem.to_string())
    )));
    problem.exit.code()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn global(args: &[&str]) -> Global {
        let args = std::iter::once(&"iamscope").chain(args);
        Cli::try_parse_from(args).unwrap().global
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_stand_before_and_after_a_command() {
        for args in [["--demo", "snapshot"], ["snapshot", "--demo"]] {
            assert!(matches!(global(&args).spec(), Ok(Spec::Demo)), "{args:?}");
        }
        assert!(matches!(
            global(&["--snapshot", "-"]).spec(),
            Ok(Spec::Stdin)
        ));
        assert!(matches!(global(&[]).spec(), Ok(Spec::Live(_))));
    }

    #[test]
    fn contrary_options_are_a_usage_error() {
        for args in [
            &["--demo", "--snapshot", "x"][..],
            &["--demo", "--profile", "x"],
            &["--snapshot", "x", "--endpoint-url", "http://localhost"],
        ] {
            let problem = global(args).spec().unwrap_err();
            assert_eq!(problem.exit, ExitCode::Usage, "{args:?}");
            assert!(problem.why.contains(args[0]), "{}", problem.why);
        }
    }
}
