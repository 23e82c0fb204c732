//! The answers as a text for people.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::judge::Breach;
use super::told::{Able, Answers, Came, Outcome, TOLD, Tally};
use crate::access::Decision;
use crate::report::words::{Style, coloured, fits, footer, plural, sign, wrapped};
use crate::visible::visible;

impl Answers<'_> {
    /// Writes a text for people; `width` is that of the terminal, if it goes to one.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn table(&self, style: Style, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
        let mut text = String::new();
        let table = Table {
            answers: self,
            style,
            width,
        };
        // A text takes whatever is written.
        let _ = table.write(&mut text);
        out.write_all(text.as_bytes())
    }
}

struct Table<'t> {
    answers: &'t Answers<'t>,
    style: Style,
    width: Option<usize>,
}

impl Table<'_> {
    fn write(&self, out: &mut String) -> fmt::Result {
        const WIDEST: usize = 60;
        let outcomes = &self.answers.outcomes;
        let names = outcomes.iter().map(|it| visible(&it.name).width());
        let widest = names.max().unwrap_or_default().min(WIDEST);
        for outcome in outcomes {
            self.outcome(outcome, widest, out)?;
        }
        let mut assumptions: Vec<String> = Vec::new();
        for text in outcomes.iter().flat_map(|it| &it.assumptions) {
            if !assumptions.contains(text) {
                assumptions.push(text.clone());
            }
        }
        let warnings = self.answers.index.warnings();
        footer(&warnings, &assumptions, self.width, out)?;
        let Tally {
            met,
            failed,
            answered,
            unanswered,
        } = self.answers.tally();
        let parts = [
            (met, "as expected"),
            (failed, "failed"),
            (unanswered, "not answered"),
            (answered, "with nothing expected"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<_> = parts
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let questions = plural(outcomes.len(), "question");
        let seconds = self.answers.time().as_secs_f64();
        writeln!(out, "\n{questions} in {seconds:.2} s: {}", parts.join(", "))
    }

    fn outcome(&self, outcome: &Outcome, widest: usize, out: &mut String) -> fmt::Result {
        let (mark, decision) = match outcome.came {
            Came::Answered => ("·", None),
            Came::Met => ("✓", Some(Decision::Allowed)),
            Came::Failed(_) => ("✗", Some(Decision::ExplicitDeny)),
            Came::Unsure(_) | Came::Unanswered(_) => ("!", Some(Decision::Conditional)),
        };
        let mark = match decision {
            Some(decision) => coloured(mark, decision, self.style),
            None => mark.to_owned(),
        };
        let name = visible(&outcome.name);
        let counts = match outcome.came {
            Came::Unanswered(_) => "not answered".to_owned(),
            _ => outcome.counts(),
        };
        let pad = " ".repeat(widest.saturating_sub(name.width()));
        writeln!(out, "{mark} {name}{pad}  {counts}")?;
        if let Came::Failed(breaches) = &outcome.came {
            for breach in breaches {
                self.breach(breach, outcome.actions.len() > 1, out)?;
            }
        }
        for line in outcome.why() {
            wrapped(visible(&line).trim_start(), self.width, 4, out)?;
        }
        for note in &outcome.notes {
            wrapped(&format!("note: {}", visible(note)), self.width, 4, out)?;
        }
        Ok(())
    }

    fn breach(&self, breach: &Breach, has_several: bool, out: &mut String) -> fmt::Result {
        wrapped(&breach.in_words(), self.width, 4, out)?;
        let shown = &breach.by[..breach.by.len().min(TOLD)];
        let widest = shown.iter().map(|it| it.name.width()).max();
        for able in shown {
            let how = in_words(able, has_several);
            let mark = coloured(sign(able.decision), able.decision, self.style);
            let pad = " ".repeat(widest.unwrap_or_default() - able.name.width());
            let line = format!("{}{pad}  {how}", able.name);
            if fits(&line, self.width, 8) {
                writeln!(out, "      {mark} {line}")?;
            } else {
                writeln!(out, "      {mark} {}", able.name)?;
                wrapped(&how, self.width, 10, out)?;
            }
        }
        match breach.by.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => writeln!(out, "      and {more} more"),
        }
    }
}

/// How somebody is able, with the action where there are several.
pub(super) fn in_words(able: &Able, has_several: bool) -> String {
    let how = able.how.as_deref().unwrap_or_default();
    match has_several {
        true => format!("{}: {how}", able.action),
        false => how.to_owned(),
    }
}
