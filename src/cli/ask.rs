//! `iamscope ask FILE`: saved questions, and whether the answers are as expected.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::question::{self, Format};
use super::{Global, load, output};
use crate::access::{Index, lacking_of_all};
use crate::catalog;
use crate::policy::Glob;
use crate::report::questions::{self, Answers, Fault, Given, Question};
use crate::source::{ExitCode, Problem, Spec, organization, written};

/// The largest file of questions, in bytes: more than anybody writes.
const LARGEST: u64 = 8 << 20;

/// How many faults of a file are told.
const FAULTS: usize = 20;

/// What `ask` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The README describes the file, under \"Access tests\".

Exit codes: 0 every expectation met; 1 one is not; 2 the file or the command line is not as it must
be; 4 a question could not be answered, or not be relied on, or the report not be written.")]
pub struct Options {
    /// The questions, in TOML; - is standard input
    file: PathBuf,
    /// Write a report in JUnit XML to this file, which it replaces; - is standard output, in place
    /// of the table
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Ask only the questions of this name, in which * and ? are wildcards; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// How the answers are printed
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The organisation: its management account, levels, SCPs and RCPs, instead of what the
    /// account brings
    #[arg(long, value_name = "FILE")]
    organization: Option<PathBuf>,
    /// The time of the requests, in ISO 8601; without it, now
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// Ask about actions that the catalogue does not know
    #[arg(long)]
    unknown_action: bool,
}

/// Runs the command; gives the number for the shell.
pub(super) fn run(options: &Options, global: &Global) -> Result<u8, Problem> {
    options.check(global)?;
    let name = name(&options.file);
    let questions = read(&options.file)?;
    let questions = chosen(&questions, &options.only)?;
    let organization = options.organization.as_deref();
    let organization = organization.map(organization::read).transpose()?;
    let given = Given {
        now: question::time(options.now.as_deref())?,
        organization: organization.as_ref(),
        unknown: question::unknown(options.unknown_action),
    };
    let account = load::for_question(global, lacking_of_all)?;
    let index = Index::new(Arc::new(account));
    let mut answers = Answers {
        index: &index,
        file: &name,
        outcomes: Vec::with_capacity(questions.len()),
    };
    questions::run_all(&index, given, questions, |outcome| {
        answers.outcomes.push(outcome);
    });
    options.print(&answers)?;
    let tally = answers.tally();
    let code = match (tally.unanswered, tally.failed) {
        (0, 0) => ExitCode::Success,
        (0, _) => ExitCode::No,
        _ => ExitCode::Failed,
    };
    Ok(code.code())
}

impl Options {
    /// Finds what cannot go together before anything is read.
    fn check(&self, global: &Global) -> Result<(), Problem> {
        let is_stdin = self.file.as_os_str() == "-";
        if is_stdin && matches!(global.spec()?, Spec::Stdin) {
            let why = "both the questions and --snapshot are -";
            return Err(Problem::new("cannot read standard input twice", why)
                .next("name a file for one of them")
                .exit(ExitCode::Usage));
        }
        match self.junit.as_deref() {
            None => Ok(()),
            Some(path) if path.as_os_str() != "-" => {
                written::check(path, "write --junit - for standard output")?;
                let read = [Some(&self.file), global.snapshot.as_ref()];
                match read.into_iter().flatten().any(|it| is_same(it, path)) {
                    true => Err(written::wrong(
                        path,
                        "it is read, and the report would replace it",
                        "name another file for the report",
                    )),
                    false => Ok(()),
                }
            }
            Some(_) if self.format.is_some() => {
                let why = "--junit - and --format both want it";
                Err(Problem::new("cannot write to standard output twice", why)
                    .next("name a file for --junit, or leave --format out")
                    .exit(ExitCode::Usage))
            }
            Some(_) => Ok(()),
        }
    }

    fn print(&self, answers: &Answers<'_>) -> Result<(), Problem> {
        if let Some(path) = self.junit.as_deref() {
            if path.as_os_str() == "-" {
                return output::to_stdout(|out| answers.junit(out));
            }
            written::replace(path, true, |file| answers.junit(file))?;
        }
        output::to_stdout(|out| match self.format.unwrap_or_default() {
            Format::Table => answers.table(output::style(), output::width(), out),
            Format::Json => answers.json(out),
        })
    }
}

/// Whether two names are of one file that is there.
fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// What a file is called.
fn name(path: &Path) -> String {
    match path.as_os_str() == "-" {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// Reads the questions.
fn read(path: &Path) -> Result<Vec<Question>, Problem> {
    let what = format!("cannot read {}", name(path));
    let text = text(path).map_err(|error| {
        let problem = Problem::new(what.clone(), error.to_string()).exit(ExitCode::Usage);
        match error.kind() {
            io::ErrorKind::NotFound => {
                problem.next("name a file of questions, or - for standard input")
            }
            _ => problem,
        }
    })?;
    let text = String::from_utf8(text).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        let fault = Fault::at(&before, valid, "it is no text in UTF-8 from here on");
        Problem::new(what.clone(), fault.to_string()).exit(ExitCode::Usage)
    })?;
    let file = questions::read(&text).map_err(|faults| {
        let more = faults.len().saturating_sub(FAULTS);
        let mut lines: Vec<String> = faults.iter().take(FAULTS).map(Fault::to_string).collect();
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        let problem = Problem::new(what.clone(), "it is no file of questions");
        let problem = lines.into_iter().fold(problem, Problem::next);
        problem.exit(ExitCode::Usage)
    })?;
    match file.questions.is_empty() {
        true => Err(Problem::new(what, "there is no question in it")
            .next("a question begins with [[question]] and has a name and an action")
            .exit(ExitCode::Usage)),
        false => Ok(file.questions),
    }
}

/// The bytes of the file, which may be a pipe or a device.
fn text(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = LARGEST + 1;
    match path.as_os_str() == "-" {
        true => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
        false => File::open(path)?.take(most).read_to_end(&mut bytes)?,
    };
    match bytes.len() as u64 > LARGEST {
        true => Err(io::Error::other(format!(
            "it is larger than {} MiB, and no file of questions",
            LARGEST >> 20
        ))),
        false => Ok(bytes),
    }
}

/// The questions that are wanted: all where nothing says which.
fn chosen<'q>(questions: &'q [Question], names: &[String]) -> Result<Vec<&'q Question>, Problem> {
    let globs: Vec<Glob> = names.iter().map(|name| Glob::new(name)).collect();
    for (glob, name) in globs.iter().zip(names) {
        if !questions.iter().any(|it| glob.matches(&it.name)) {
            let all = questions.iter().map(|it| it.name.as_str());
            let near = catalog::nearest(name, all, 3);
            let problem = Problem::new(format!("no question is called {name:?}"), "");
            let problem = match near.is_empty() {
                true => problem.next("in the name, * and ? are wildcards: --only '*deploy*'"),
                false => problem.next(format!("did you mean {}?", near.join(", "))),
            };
            return Err(problem.exit(ExitCode::Usage));
        }
    }
    let is_wanted = |it: &&Question| names.is_empty() || globs.iter().any(|g| g.matches(&it.name));
    Ok(questions.iter().filter(is_wanted).collect())
}
