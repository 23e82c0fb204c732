//! What every layer says, and the statements that decide as they are written.

use compact_str::CompactString;

use super::super::Maker;
use super::super::dim;
use super::target_of;
use crate::access::{self, LayerSays, Place, Said, Stored};
use crate::policy::{Document, Span};
use crate::report::who_can::Told;
use crate::report::words::{layer_in_words, near_in_words, place_in_words, policy_in_words};
use crate::tui::page::Tone;

impl Maker<'_> {
    pub(super) fn layer(&mut self, says: &LayerSays, is_trust: bool) {
        let symbols = &self.app.setup().theme.symbols;
        let (tone, symbol) = match says.said {
            Said::Allows => (Tone::Good, symbols.yes),
            Said::MayAllow => (Tone::Warning, symbols.maybe),
            Said::Denies | Said::Silent => (Tone::Bad, symbols.no),
            Said::DoesNotBind | Said::NotNeeded => (Tone::Dim, symbols.none),
        };
        let (name, said) = layer_in_words(says, is_trust);
        let line = vec![
            (tone, format!("{symbol} ")),
            (Tone::Strong, name),
            (Tone::Plain, format!("  {said}")),
        ];
        self.out.linked(line, 4, None, None);
        let mut seen = Vec::new();
        let may_deny = says.may_deny.iter().map(|place| (place, "may deny: "));
        for (place, lead) in says.because.iter().map(|it| (it, "")).chain(may_deny) {
            let statement = (&place.policy, place.statement, lead);
            if seen.contains(&statement) {
                continue;
            }
            seen.push(statement);
            let line = vec![
                (Tone::Plain, format!("    {lead}")),
                (Tone::Link, place_in_words(place)),
            ];
            self.out.linked(line, 6, Some(target_of(place)), None);
        }
        for miss in &says.near {
            let (statement, why) = near_in_words(miss);
            let line = vec![
                (Tone::Dim, "    near: ".to_owned()),
                (Tone::Link, statement),
            ];
            self.out.linked(line, 6, Some(target_of(&miss.place)), None);
            self.out.linked(dim(format!("      {why}")), 6, None, None);
        }
    }

    /// The statements that decide, as they are written, with what matched marked.
    pub(super) fn statements(&mut self, told: &Told) {
        let mut done: Vec<(&CompactString, usize)> = Vec::new();
        let all: Vec<&Place> = told.explanation.deciding().collect();
        for place in &all {
            let statement = (&place.policy, place.statement);
            if done.contains(&statement) {
                continue;
            }
            done.push(statement);
            let same = all
                .iter()
                .filter(|it| (&it.policy, it.statement) == statement);
            let spans: Vec<Span> = same.map(|it| it.span).collect();
            self.statement(place, &spans);
        }
    }

    fn statement(&mut self, place: &Place, spans: &[Span]) {
        let Stored::Text(text) = access::stored_as(self.account, &place.policy) else {
            return;
        };
        self.out.heading(policy_in_words(&place.policy));
        let layout = self.app.layouts().of_str(text);
        let document = Document::parse(text);
        let written = document.statements.get(place.statement);
        let laid = layout.document().statements.get(place.statement);
        let marks = written.zip(laid).into_iter().flat_map(|(written, laid)| {
            let found = spans.iter().map(|span| written.place_in(laid, *span));
            found.flatten().collect::<Vec<_>>()
        });
        let marks = marks.collect();
        self.out
            .statement(&layout, place.statement, marks, &target_of(place));
    }
}
