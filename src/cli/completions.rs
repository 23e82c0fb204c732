//! `iamscope completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, output};
use crate::source::Problem;

/// What `completions` takes.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The shell
    shell: Shell,
}

pub(super) fn run(options: &Options) -> Result<(), Problem> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "iamscope", &mut script);
    output::to_stdout(|out| out.write_all(&script))
}
