//! `simulate`: self-contained cases in JSON Lines, an answer a line.
//!
//! A case has everything that bears on it. It is evaluated strictly: a key that it does not give
//! is not in the request, a policy that it does not give does not exist, and nothing is filled in.

mod case;
mod read;

use std::io::{self, Write};

pub use case::Case;

use super::reasons::{LayerJson, WarningJson};
use crate::access::{Decision, Explanation};

/// Why a line is no case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct CaseError {
    /// The case's id as it stands in the line, where that much can be read.
    pub id: Option<Box<str>>,
    /// What is wrong.
    pub why: String,
}

impl CaseError {
    /// Writes the answer: the id and the error.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, line: usize, out: &mut dyn Write) -> io::Result<()> {
        let id = self.id.as_deref().unwrap_or("null");
        let why = serde_json::to_string(&format!("line {line}: {}", self.why))?;
        writeln!(out, "{{\"id\":{id},\"error\":{why}}}")
    }
}

/// The answer to a case.
#[derive(Debug)]
pub struct Answer<'a> {
    id: &'a str,
    decision: Decision,
    explanation: Option<Box<Explanation>>,
}

/// What an explained answer has in addition.
#[derive(serde::Serialize)]
struct Reasons<'a> {
    reasons: Vec<LayerJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningJson<'a>>,
}

impl<'a> Answer<'a> {
    /// What comes of the request.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// Writes it as a line.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let (id, decision) = (self.id, self.decision);
        write!(out, "{{\"id\":{id},\"decision\":\"{decision}\"")?;
        if let Some(explanation) = &self.explanation {
            let reasons = Reasons {
                reasons: LayerJson::all(explanation),
                warnings: WarningJson::all(explanation),
            };
            // Without its opening brace it goes on where the line stands.
            let text = serde_json::to_string(&reasons)?;
            return writeln!(out, ",{}", text.trim_start_matches('{'));
        }
        out.write_all(b"}\n")
    }
}
