//! What is known of the request, and what the answer takes for granted.

use super::super::{Maker, dim, plain};
use crate::access::Fact;
use crate::catalog;
use crate::report::words::warning;
use crate::tui::page::Tone;
use crate::visible::visible;

impl Maker<'_> {
    /// What is known of the request, and what the answer takes for granted.
    pub(in super::super) fn request(&mut self) {
        let app = self.app;
        let (Some(why), Some(answer)) = (app.who().why(), app.who().answer()) else {
            self.out.line(dim("…"));
            return;
        };
        self.out.heading("Known of this request");
        for (key, fact) in &why.facts {
            let value = match fact {
                Fact::Values(values) if values.is_empty() => dim("not in the request"),
                Fact::Values(values) => plain(values.join(", ")),
                Fact::Beginning(text) => plain(format!("{text}…")),
                Fact::Missing => dim("not in the request"),
            };
            // Those that are spelt in one way only are shown as AWS spells them.
            let known = catalog::condition_key(key).map(|it| it.name());
            let spelt = known.filter(|it| it.eq_ignore_ascii_case(key));
            let key = visible(spelt.unwrap_or(key));
            let mut line = vec![(Tone::Dim, format!("{key} = "))];
            line.extend(value);
            self.out.linked(line, 4, None, None);
        }
        let unknown = app.who().unknown_keys();
        let title = match answer.question.is_strict {
            true => "Not known, and taken as missing (strict)",
            false => "Not known, and policies look at it",
        };
        if !unknown.is_empty() {
            self.out.heading(title);
            for key in unknown {
                self.out.line(plain(format!("  {key}")));
            }
        }
        if !answer.assumptions.is_empty() {
            self.out.heading("Taken for granted");
            for text in &answer.assumptions {
                self.out.linked(plain(format!("- {text}")), 2, None, None);
            }
        }
        let best = why.row.paths.first();
        let warnings = best
            .into_iter()
            .flat_map(|it| &it.last.explanation.warnings);
        for (at, left_out) in warnings.enumerate() {
            if at == 0 {
                self.out.heading("Left out, since it cannot be evaluated");
            }
            let text = warning(left_out);
            self.out.linked(plain(format!("- {text}")), 2, None, None);
        }
    }
}
