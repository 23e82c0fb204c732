//! Arguments, a face, an exit code.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use iamscope::cli::{self, Cli};
use iamscope::source::Problem;
use iamscope::tui::{keymap::Keymap, run};

fn main() -> ExitCode {
    let arguments = Cli::parse();
    if let Some(path) = &arguments.global.log
        && let Err(problem) = cli::start_log(path)
    {
        return cli::report(&problem).into();
    }
    match arguments.command {
        Some(command) => cli::run(command, &arguments.global),
        None => interface(&arguments.global, arguments.questions)
            .unwrap_or_else(|problem| cli::report(&problem)),
    }
    .into()
}

/// The terminal interface.
fn interface(global: &cli::Global, questions: Option<PathBuf>) -> Result<u8, Problem> {
    let spec = global.spec()?;
    if !std::io::stdout().is_terminal() {
        return Err(cli::no_terminal());
    }
    let questions = questions.or_else(run::questions_file);
    run::start(&spec, global.mode(), Keymap::of_user()?, questions)
}
