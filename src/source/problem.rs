//! What went wrong, in a form that helps.

use std::fmt;

/// The exit codes of the program, in one place.
///
/// Commands that answer a question give their answer as 0, 1 and 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// Done; or the answer is yes.
    Success,
    /// The answer is no.
    No,
    /// The command line, the keymap file or the terminal is not as it must be.
    Usage,
    /// The answer depends on something.
    Conditional,
    /// The account could not be read, or the question not answered.
    Failed,
}

impl ExitCode {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Conditional => 3,
            Self::Failed => 4,
        }
    }
}

/// A failure that people can act on: what failed, why, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What was tried, such as `cannot read account.json`.
    pub what: String,
    /// What was found, such as `line 3, column 7: expected a comma`. May have several lines.
    pub why: String,
    /// What to do next, a line each.
    pub next: Vec<String>,
    /// The exit code where this ends the program.
    pub exit: ExitCode,
}

impl Problem {
    /// A problem that ends the program with [`ExitCode::Failed`] if nothing can go on.
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
            next: Vec::new(),
            exit: ExitCode::Failed,
        }
    }

    /// Adds a line that says what to do.
    #[must_use]
    pub fn next(mut self, line: impl Into<String>) -> Self {
        self.next.push(line.into());
        self
    }

    /// What failed and why, without what to do next.
    pub fn one_line(&self) -> String {
        if self.why.is_empty() {
            self.what.clone()
        } else {
            format!("{}: {}", self.what, self.why)
        }
    }

    /// Sets the exit code.
    #[must_use]
    pub fn exit(mut self, exit: ExitCode) -> Self {
        self.exit = exit;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.one_line())?;
        for line in &self.next {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
