//! A verdict in words.

use std::fmt::{self, Write};

use super::Answered;
use crate::access::{Asked, is_assume_role};
use crate::report::principal::kind;
use crate::report::remedy;
use crate::report::words::{Style, footer, headline, layer, required, requirement_lines};
use crate::visible::visible;

impl Answered<'_> {
    /// As a text for people, with a line feed at its end. Whatever comes from the account is made
    /// visible.
    ///
    /// # Errors
    /// Never in practice: writing to a text does not fail.
    pub fn text(&self, style: Style) -> Result<String, fmt::Error> {
        let mut out = String::new();
        self.write(&mut out, style)?;
        Ok(out)
    }

    fn write(&self, out: &mut String, style: Style) -> fmt::Result {
        let Asked { posed, explanation } = &self.asked;
        let (question, verdict) = (&posed.question, &explanation.verdict);
        let caller = &question.caller;
        let who = match caller.arn.as_str() {
            "*" => "anyone".to_owned(),
            arn => format!("{} {}", kind(caller), visible(arn)),
        };
        let apart = self.apart();
        let is_on_some = apart.as_ref().is_some_and(|it| it.requires.is_none());
        writeln!(out, "{}", headline(verdict.decision, is_on_some, style))?;
        writeln!(out, "  {who}")?;
        writeln!(out, "  {} on {}", self.action, visible(&question.resource))?;
        if let Some(apart) = &apart {
            required(apart, &question.resource, out)?;
        }
        if let Some(requirement) = &verdict.perhaps_denied {
            writeln!(out, "\nIt would be denied explicitly, too, if")?;
            requirement_lines(requirement, 1, out)?;
        }
        writeln!(out, "\nWhat each layer says")?;
        let is_trust = is_assume_role(&question.action);
        for says in &explanation.layers {
            layer(says, is_trust, out)?;
        }
        if let Some(remedy) = &self.remedy {
            remedy::in_words(remedy, out)?;
        }
        let assumptions = posed.assumptions.iter().map(ToString::to_string);
        let assumptions: Vec<String> = assumptions.collect();
        footer(&explanation.warnings, &assumptions, None, out)
    }
}
