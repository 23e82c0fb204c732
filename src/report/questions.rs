//! Saved questions: a file of who can do what, and of who is expected to; read, changed, asked, and
//! answered in every form.
//!
//! ```toml
//! [[question]]
//! name = "Only the pipeline passes roles"
//! action = "iam:PassRole"
//! resource = "arn:aws:iam::111122223333:role/svc/*"
//! expect = { only = "arn:aws:iam::*:role/ci/*" }
//! ```
//!
//! A file is read strictly: a slip of the pen must not lift an expectation. It is changed without
//! touching what stands around the change. Nothing here reads or writes a file itself.

mod everybody;
mod expect;
mod fields;
mod json;
mod judge;
mod junit;
mod read;
mod run;
mod table;
mod told;
mod write;

use std::fmt;

pub use judge::{Breach, Rule};
pub use read::read;
pub use run::{Given, run, run_all};
pub use told::{Able, Answers, Came, Outcome, Tally};
pub use write::{add, remove};

/// A file of questions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// The questions in their order.
    pub questions: Vec<Question>,
}

/// A question, as it is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What it is called; no two questions of a file have the same name.
    pub name: String,
    /// The actions as they are written: each an action, a pattern, an access level such as
    /// `s3:@write`, or several with commas between.
    pub action: Vec<String>,
    /// The resource, or a pattern; anything without it.
    pub resource: Option<String>,
    /// The condition keys of the request with their values.
    pub context: Vec<(String, Vec<String>)>,
    /// Whether keys that are neither given nor known are missing.
    pub strict: bool,
    /// Whether roles that are assumed one after the other are followed.
    pub chains: bool,
    /// What to make of those who can only if more is met.
    pub conditional: Conditional,
    /// Whether the account's root user counts.
    pub root: bool,
    /// Who is expected to be able.
    pub expect: Option<Expect>,
}

/// What to make of those who can only if more is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Conditional {
    /// They count as able.
    #[default]
    Allow,
    /// They do not.
    Deny,
}

/// Who is expected to be able. All of it must hold. A principal is written as its ARN, or as a
/// pattern of ARNs in which `*` and `?` are wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expect {
    /// Everybody able is one of these; empty where that is not said.
    pub only: Vec<String>,
    /// Of each of these, somebody is able.
    pub includes: Vec<String>,
    /// Nobody able is one of these.
    pub excludes: Vec<String>,
    /// Nobody is able.
    pub none: bool,
    /// No more are able than so many.
    pub max: Option<usize>,
}

/// Something in a file that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Fault {
    /// A fault at a place in a text, in bytes.
    pub fn at(text: &str, place: usize, message: impl Into<String>) -> Self {
        let before = text.get(..place).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        // A mark at the start of a file is no column.
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        Self {
            line: 1 + before.matches('\n').count(),
            column: 1 + line.chars().count(),
            message: message.into(),
        }
    }
}

impl Question {
    /// A question with nothing but a name and an action.
    pub fn new(name: impl Into<String>, action: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            action: vec![action.into()],
            resource: None,
            context: Vec::new(),
            strict: false,
            chains: true,
            conditional: Conditional::default(),
            root: true,
            expect: None,
        }
    }
}

impl fmt::Display for Conditional {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        })
    }
}
