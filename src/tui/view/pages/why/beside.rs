//! What stands beside our own verdict: the answer that is pinned, the message that posed the
//! question, and AWS's own simulator.

use super::super::{Maker, dim, plain};
use super::Why;
use crate::access::Decision;
use crate::report::denied::Agreement;
use crate::tui::asker::{Answer, Question};
use crate::tui::page::Tone;
use crate::tui::who::shown::verdict;
use crate::tui::who::{Simulated, Simulation, context};
use crate::visible::visible;

impl Maker<'_> {
    /// What came of it in the answer that is held beside this one.
    pub(super) fn before(&mut self, why: &Why, answer: &Answer) {
        let Some(pinned) = &self.app.who().pinned else {
            return;
        };
        let text = match pinned.standing_of(answer, why.node) {
            Some(standing) => verdict(standing.decision),
            None => "was not asked",
        };
        let question = &pinned.question;
        let about = format!("pinned ({}): {text}", in_short(question));
        self.out.linked(dim(about), 2, None, None);
    }

    /// What the message said that posed the question, and how that goes together with the answer.
    pub(super) fn message(&mut self, why: &Why, answer: &Answer) {
        let (Some(denied), Some(comparison)) = (&answer.question.denied, &why.comparison) else {
            return;
        };
        let says = match &denied.reason {
            Some(reason) => format!("The message says: {}", visible(&reason.to_string())),
            None => "The message gives no reason".to_owned(),
        };
        let (tone, word) = match comparison.agreement {
            Agreement::Agrees => (Tone::Good, "the policies say so, too"),
            Agreement::Open => (Tone::Warning, "that may be so"),
            Agreement::Differs => (Tone::Bad, "the policies say otherwise"),
        };
        self.out.heading(says);
        self.out.line(vec![(tone, format!("  {word}"))]);
        for finding in &comparison.findings {
            self.out
                .linked(plain(format!("  - {finding}")), 4, None, None);
        }
        for note in &denied.notes {
            self.out
                .linked(dim(format!("  - {}", visible(note))), 4, None, None);
        }
    }

    /// What AWS's own simulator says, beside ours, and what it is known to ignore.
    pub(super) fn simulator(&mut self, why: &Why) {
        let simulated = self.app.who().simulated.as_ref();
        let is_it = |it: &&Simulated| it.node == why.node && it.action == why.action;
        let Some(simulated) = simulated.filter(is_it) else {
            return;
        };
        self.out.heading("AWS's own simulator");
        let answer = match &simulated.simulation {
            Simulation::Asking => {
                self.out.line(dim("  asking…"));
                return;
            }
            Simulation::Failed(problem) => {
                let text = format!("  {}", problem.one_line());
                self.out.linked(
                    vec![(Tone::Bad, visible(&text).into_owned())],
                    4,
                    None,
                    None,
                );
                for next in &problem.next {
                    self.out.linked(plain(format!("  {next}")), 4, None, None);
                }
                return;
            }
            Simulation::Answered(answer) => answer,
        };
        for (whose, decision) in [("ours", why.row.decision), ("AWS's", answer.decision)] {
            let (tone, symbol) = self.symbol(decision);
            let word = match decision {
                Decision::ExplicitDeny => "denied explicitly",
                Decision::ImplicitDeny => "denied implicitly",
                decision => verdict(decision),
            };
            let line = vec![
                (Tone::Dim, format!("  {whose:<6} ")),
                (tone, format!("{symbol} {word}")),
            ];
            self.out.linked(line, 9, None, None);
        }
        let by = [
            (answer.allowed_by_boundary, "the permissions boundary"),
            (
                answer.allowed_by_organizations,
                "the organisation's policies",
            ),
        ];
        for (allowed, what) in by {
            if let Some(allowed) = allowed {
                let verb = if allowed {
                    "allow it"
                } else {
                    "do not allow it"
                };
                self.out
                    .linked(plain(format!("  AWS's: {what} {verb}")), 4, None, None);
            }
        }
        for matched in &answer.matched {
            let text = format!(
                "  AWS's: {} ({}) matched",
                matched.policy_id, matched.policy_type
            );
            self.out.linked(plain(text), 4, None, None);
        }
        if !answer.missing.is_empty() {
            let keys = answer.missing.join(", ");
            let text = format!("  AWS's: keys that were not given: {keys}");
            self.out.linked(plain(text), 4, None, None);
        }
        for ignored in &why.ignored {
            self.out
                .linked(dim(format!("  - {}", visible(ignored))), 4, None, None);
        }
    }
}

/// A question in a line.
fn in_short(question: &Question) -> String {
    let action = match &question.actions[..] {
        [action] => action.clone(),
        actions => format!("{} actions", actions.len()),
    };
    let mut text = action;
    if question.resource != "*" {
        text.push_str(&format!(" on {}", visible(&question.resource)));
    }
    let context = question.context.iter().map(context::written);
    let context: Vec<String> = context.collect();
    if !context.is_empty() {
        text.push_str(&format!(" with {}", visible(&context.join("; "))));
    }
    text
}
