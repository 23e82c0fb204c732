//! The answer to who can do something, in every form.
//!
//! Actions are answered one after the other and written as they come, so that a pattern that
//! stands for thousands of them takes no more room than one.

mod how;
mod json;
mod lines;
mod row;
mod table;

use std::io::{self, Write};

use crate::access::{Chains, Index, Posed, Terms, Warning, WhoCan, pose};

pub use super::hops::{Hop, Told};
pub use super::unread::unread;
use super::words::Style;
pub use how::group_of;
pub use json::{counts, row_json};
pub(in crate::report) use row::Lasts;
use row::Result;
pub use row::{Path, Row, Teller};
pub use table::conditions;

/// What is wanted of an answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Those who cannot, too.
    pub all: bool,
    /// No chains of roles.
    pub no_chains: bool,
    /// What every layer says.
    pub explain: bool,
}

/// A question about everybody in an account: some actions on one resource.
#[derive(Debug)]
pub struct Question<'a> {
    /// The account, made ready.
    pub index: &'a Index,
    /// What it is asked with.
    pub terms: &'a Terms<'a>,
    /// The actions, spelt as AWS does.
    pub actions: &'a [String],
    /// The resource, or a pattern.
    pub resource: &'a str,
    /// What is wanted.
    pub wanted: Wanted,
}

impl super::Forms for Question<'_> {
    fn table(&self, style: Style, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
        table::write(self, style, width, out)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(self, out)
    }

    fn jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        lines::jsonl(self, out)
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        lines::csv(self, out)
    }
}

impl<'a> Question<'a> {
    /// Calls `found` with the answer for each action.
    fn each(&self, mut found: impl FnMut(Result<'_>) -> io::Result<()>) -> io::Result<()> {
        let chains = (!self.wanted.no_chains).then(|| Chains::new(self.index, self.terms));
        let teller = Teller::new(self.index, chains.as_ref(), self.wanted.explain);
        for action in self.actions {
            let who = WhoCan::new(
                self.index,
                self.terms,
                chains.as_ref(),
                action,
                self.resource,
            );
            found(teller.result(action, &who, self.wanted.all))?;
        }
        Ok(())
    }

    /// What the answer takes for granted, and what was not read.
    pub(super) fn assumptions(&self) -> Vec<String> {
        let account = self.index.account();
        let mut list: Vec<String> = Vec::new();
        let mut add = |text: String| {
            if !list.contains(&text) {
                list.push(text);
            }
        };
        for action in self.actions {
            let posed: Posed<'_> = pose(
                account,
                self.terms,
                self.index.nobody(),
                action,
                self.resource,
            );
            posed.assumptions.iter().for_each(|it| add(it.to_string()));
        }
        unread(self.index, !self.wanted.no_chains).for_each(add);
        list
    }

    /// Statements that cannot be evaluated.
    fn warnings(&self) -> Vec<Warning> {
        self.index.warnings()
    }
}
