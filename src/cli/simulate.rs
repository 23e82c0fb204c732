//! `iamscope simulate`: policy tests, a case a line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use crate::report::simulate::Case;
use crate::source::{ExitCode, Problem};

use super::output;
use crate::visible::visible;

/// What `simulate` takes.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The cases, in JSON Lines; standard input without it or for -
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Say for each answer which statements decided, and where they stand
    #[arg(long)]
    explain: bool,
}

/// What came of a run.
#[derive(Debug, Default)]
struct Run {
    errors: usize,
    mismatches: usize,
}

/// Runs the command; gives the number for the shell.
pub(super) fn run(options: &Options) -> Result<u8, Problem> {
    let mut run = Run::default();
    let (name, read) = match &options.file {
        Some(path) if path.as_os_str() != "-" => {
            let name = path.display().to_string();
            let mut read = None;
            match File::open(path) {
                Ok(file) => output::to_stdout(|out| {
                    read = run.answer_all(BufReader::new(file), out, options)?;
                    Ok(())
                })?,
                Err(error) => read = Some(error),
            }
            (name, read)
        }
        _ => {
            let mut read = None;
            output::to_stdout(|out| {
                read = run.answer_all(io::stdin().lock(), out, options)?;
                Ok(())
            })?;
            ("standard input".to_owned(), read)
        }
    };
    if let Some(error) = read {
        return Err(Problem::new(
            format!("cannot read {name}"),
            error.to_string(),
        ));
    }
    let code = match (run.errors, run.mismatches) {
        (0, 0) => ExitCode::Success,
        (0, _) => ExitCode::No,
        _ => ExitCode::Failed,
    };
    Ok(code.code())
}

impl Run {
    /// Answers every case. Gives what ended the reading early, if something did.
    ///
    /// # Errors
    /// Where an answer cannot be written.
    fn answer_all(
        &mut self,
        mut cases: impl BufRead,
        out: &mut dyn Write,
        options: &Options,
    ) -> io::Result<Option<io::Error>> {
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            match cases.read_until(b'\n', &mut line) {
                Ok(0) => return Ok(None),
                Ok(_) => number += 1,
                Err(error) => return Ok(Some(error)),
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            self.answer(&line, number, out, options)?;
            // Whoever waits for one answer before it asks the next must get it.
            out.flush()?;
        }
    }

    fn answer(
        &mut self,
        line: &[u8],
        number: usize,
        out: &mut dyn Write,
        options: &Options,
    ) -> io::Result<()> {
        let case = match Case::read(line) {
            Ok(case) => case,
            Err(error) => {
                self.errors += 1;
                return error.write(number, out);
            }
        };
        let answer = case.answer(options.explain);
        if let Some(expected) = case.expect()
            && expected != answer.decision()
        {
            self.mismatches += 1;
            output::note(&format!(
                "iamscope: line {number}, {}: {} but expected {expected}",
                visible(case.name()),
                answer.decision(),
            ))?;
        }
        answer.write(out)
    }
}
