//! Answers for places outside: the same as the command gives.

use std::path::PathBuf;

use crate::access::Terms;
use crate::report::Forms;
use crate::report::who_can::{Question, Wanted};
use crate::report::words::Style;

use super::Asked;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// JSON.
    Json,
    /// Comma-separated values.
    Csv,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Csv];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "JSON",
            Self::Csv => "CSV",
        }
    }

    /// How the names of its files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// Where an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// To the clipboard.
    Clipboard,
    /// To a file.
    File(PathBuf),
}

/// An answer that is to go somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// That of the answer.
    pub generation: u64,
    /// The form.
    pub form: Form,
    /// Whether those who cannot are in it.
    pub all: bool,
    /// Where it goes.
    pub to: To,
}

impl Asked {
    /// The answer in a form.
    pub(super) fn export(&self, export: &Export, terms: &Terms<'_>) -> Result<String, String> {
        let question = &self.answer.question;
        let answer = Question {
            index: &self.answer.index,
            terms,
            actions: &question.actions,
            resource: &question.resource,
            wanted: Wanted {
                all: export.all,
                no_chains: !question.follows_chains,
                explain: false,
            },
        };
        let mut out = Vec::new();
        let written = match export.form {
            Form::Text => answer.table(Style::Plain, None, &mut out),
            Form::Json => answer.json(&mut out),
            Form::Csv => answer.csv(&mut out),
        };
        written.map_err(|error| error.to_string())?;
        String::from_utf8(out).map_err(|error| error.to_string())
    }
}
