//! What a user or role can do after its groups, boundary, denies and the organisation's policies: a
//! line a service, which unfolds into access levels, actions and reasons.

mod reason;
mod tree;

use super::{Maker, dim, name_of};
use crate::access::Decision;
use crate::iam::{EntityRef, Kind};
use crate::report::what_can::{Answer, Reached};
use crate::report::words::warning;
use crate::tui::effective::Known;
use crate::tui::page::{Piece, Target, Tone};
use crate::tui::view::words::{counted, grouped};
use crate::visible::visible;

impl Maker<'_> {
    pub(super) fn effective(&mut self, entity: &EntityRef) {
        let app = self.app;
        let Some(known) = app.effective(&entity.arn) else {
            let text = match app.waits_for_account() {
                true => "Worked out once the account is read.",
                false => "Being worked out…",
            };
            self.out.line(dim(text));
            self.out.pending();
            return;
        };
        let answer = match &known.effective.answer {
            Ok(answer) => answer,
            Err(why) => {
                self.out.line(vec![(Tone::Bad, visible(why).into_owned())]);
                return;
            }
        };
        self.summary(known, answer);
        self.roles(known, answer);
        if !answer.abilities.is_empty() {
            self.out.heading("Actions");
            self.actions(known, answer);
        }
        self.footer(answer);
    }

    /// How much it can do, and what of the account is not known.
    fn summary(&mut self, known: &Known, answer: &Answer) {
        let all = answer.abilities.len();
        let services = known.effective.services.iter();
        let conditional: usize = services.map(|it| it.conditional).sum();
        let mut pieces = match all {
            0 => vec![(Tone::Strong, "No action at all".to_owned())],
            _ => vec![
                (Tone::Strong, counted(all, "action")),
                (
                    Tone::Plain,
                    format!(" of {}", counted(known.effective.services.len(), "service")),
                ),
            ],
        };
        if conditional > 0 {
            let text = match conditional == all {
                true => ", all conditional".to_owned(),
                false => format!(", {} conditional", grouped(conditional)),
            };
            pieces.push((Tone::Warning, text));
        }
        let granted = answer.assumptions.len() - answer.unread;
        if granted > 0 {
            let text = format!("; {} below", counted(granted, "assumption"));
            pieces.push((Tone::Dim, text));
        }
        self.out.line(pieces);
        if self.app.is_cut_short() {
            let text = "The account was not read to its end: what is missing is not in this.";
            self.out.line(vec![(Tone::Warning, text.into())]);
        }
        for text in &answer.assumptions[granted..] {
            let line = vec![(Tone::Warning, visible(text).into_owned())];
            self.out.linked(line, 2, None, None);
        }
    }

    /// The roles that it can become.
    fn roles(&mut self, known: &Known, answer: &Answer) {
        self.out.heading("Roles it can assume");
        if known.effective.roles_follow {
            self.out.line(dim("being found out…"));
        } else if answer.roles.is_empty() {
            self.out.line(dim("none"));
        }
        for reached in &answer.roles {
            self.role_reached(reached);
        }
    }

    fn role_reached(&mut self, reached: &Reached) {
        let target = EntityRef::new(Kind::Role, reached.arn.clone());
        let mut line = vec![
            self.sign(reached.decision),
            (Tone::Link, format!(" {}", name_of(&reached.arn))),
        ];
        let through: Vec<_> = reached.through().map(visible).collect();
        if !through.is_empty() {
            line.push((Tone::Dim, format!("  through {}", through.join(" → "))));
        }
        let target = Some(Target::Entity(target));
        self.out.linked(line, 4, target.clone(), None);
        for text in reached.in_words() {
            let line = vec![(Tone::Dim, format!("    {text}"))];
            self.out.linked(line, 6, target.clone(), None);
        }
    }

    /// What is left out, and what is taken for granted.
    fn footer(&mut self, answer: &Answer) {
        if !answer.warnings.is_empty() {
            self.out.heading("Left out, since it cannot be evaluated");
            for it in &answer.warnings {
                self.out
                    .linked(vec![(Tone::Warning, warning(it))], 2, None, None);
            }
        }
        let granted = answer.assumptions.len() - answer.unread;
        if granted > 0 {
            self.out.heading("Taken for granted");
        }
        for text in answer.assumptions.iter().take(granted) {
            self.out
                .linked(dim(visible(text).into_owned()), 2, None, None);
        }
    }

    /// The sign of a decision.
    fn sign(&self, decision: Decision) -> Piece {
        let symbols = &self.app.setup().theme.symbols;
        match decision {
            Decision::Allowed => (Tone::Good, symbols.yes.to_owned()),
            Decision::Conditional => (Tone::Warning, symbols.maybe.to_owned()),
            Decision::ExplicitDeny | Decision::ImplicitDeny => (Tone::Bad, symbols.no.to_owned()),
        }
    }
}
