//! Why an action is allowed: what it hangs on, and the statements that decide, layer by layer.

use super::super::Maker;
use super::super::why::target_of;
use crate::access::{self, LayerSays, Place, Said, Stored, is_assume_role};
use crate::policy::describe;
use crate::report::what_can::Ability;
use crate::report::words::{layer_in_words, place_in_words};
use crate::tui::effective::Known;
use crate::tui::page::{BlockId, Piece, Target, Tone};
use crate::visible::visible;

impl Maker<'_> {
    pub(super) fn reason(
        &mut self,
        known: &Known,
        ability: &Ability,
        block: BlockId,
        indent: usize,
    ) {
        for text in ability.may.in_words() {
            self.reason_line(block, indent, vec![(Tone::Plain, text)], None);
        }
        let Some(told) = known.reason(ability.action) else {
            let text = "why: being worked out…".to_owned();
            self.reason_line(block, indent, vec![(Tone::Dim, text)], None);
            return;
        };
        let is_trust = is_assume_role(&ability.action.to_string().to_ascii_lowercase());
        for says in &told.explanation.layers {
            self.layer_says(block, indent, says, is_trust);
        }
    }

    fn layer_says(&mut self, block: BlockId, indent: usize, says: &LayerSays, is_trust: bool) {
        // Of many roles most do not let one in; who does not is not why it is allowed.
        if says.because.is_empty() && says.may_deny.is_empty() && says.said == Said::Silent {
            return;
        }
        let (name, said) = layer_in_words(says, is_trust);
        let text = format!("{name}: {said}");
        self.reason_line(block, indent, vec![(Tone::Dim, text)], None);
        for (places, lead) in [(&says.because, ""), (&says.may_deny, "may deny: ")] {
            for place in first_of_each(places) {
                self.reason_statement(block, indent + 2, place, lead);
            }
        }
    }

    /// A statement that decides, and what it says in words.
    fn reason_statement(&mut self, block: BlockId, indent: usize, place: &Place, lead: &str) {
        let layout = match access::stored_as(self.account, &place.policy) {
            Stored::Text(text) => Some(self.app.layouts().of_str(text)),
            _ => None,
        };
        // Without its text there is nowhere to go.
        let target = layout.as_ref().map(|_| target_of(place));
        let tone = match target {
            Some(_) => Tone::Link,
            None => Tone::Plain,
        };
        let mut line = vec![(tone, place_in_words(place))];
        if !lead.is_empty() {
            line.insert(0, (Tone::Bad, lead.to_owned()));
        }
        self.reason_line(block, indent, line, target.clone());
        let statements = layout.as_ref().map(|it| &it.document().statements);
        if let Some(statement) = statements.and_then(|it| it.get(place.statement)) {
            let words = visible(&describe(statement)).into_owned();
            self.reason_line(block, indent + 2, vec![(Tone::Sentence, words)], target);
        }
    }

    fn reason_line(
        &mut self,
        block: BlockId,
        indent: usize,
        mut pieces: Vec<Piece>,
        target: Option<Target>,
    ) {
        pieces.insert(0, (Tone::Plain, " ".repeat(indent)));
        self.out.within(block, pieces, indent + 2, target);
    }
}

/// One place of each statement.
fn first_of_each(places: &[Place]) -> impl Iterator<Item = &Place> {
    let key = |place: &Place| (place.policy.clone(), place.statement);
    let mut last = None;
    places.iter().filter(move |place| {
        let is_new = last.as_ref() != Some(&key(place));
        last = Some(key(place));
        is_new
    })
}
