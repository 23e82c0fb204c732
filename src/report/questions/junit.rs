//! The answers as JUnit XML, which every CI shows.
//!
//! Names of an account may hold anything. What XML 1.0 has no way to write, and what would steer a
//! terminal that shows the report, is written as an escape that is seen.
//! <https://www.w3.org/TR/xml/#charsets>

use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::time::Duration;

use super::judge::Breach;
use super::table::in_words;
use super::told::{Answers, Came, Outcome, TOLD};
use crate::visible::{visible, visible_lines};

impl Answers<'_> {
    /// Writes JUnit XML: a suite, a case for each question.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn junit(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut text = String::new();
        // A text takes whatever is written.
        let _ = self.write_junit(&mut text);
        out.write_all(text.as_bytes())
    }

    fn write_junit(&self, out: &mut String) -> fmt::Result {
        let tally = self.tally();
        let counts = format!(
            "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" time=\"{}\"",
            self.outcomes.len(),
            tally.failed,
            tally.unanswered,
            seconds(self.time())
        );
        let file = attribute(self.file);
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        writeln!(out, "<testsuites name=\"iamscope ask\" {counts}>")?;
        writeln!(out, "  <testsuite name=\"{file}\" {counts}>")?;
        for outcome in &self.outcomes {
            self.case(outcome, out)?;
        }
        out.push_str("  </testsuite>\n</testsuites>\n");
        Ok(())
    }

    fn case(&self, outcome: &Outcome, out: &mut String) -> fmt::Result {
        let account = self.index.account().id.as_deref().unwrap_or("unknown");
        writeln!(
            out,
            "    <testcase classname=\"iamscope.{}\" name=\"{}\" time=\"{}\">",
            attribute(account),
            attribute(&outcome.name),
            seconds(outcome.time)
        )?;
        match &outcome.came {
            Came::Answered | Came::Met => {}
            Came::Failed(breaches) => {
                let message: Vec<String> = breaches.iter().map(Breach::in_words).collect();
                let details = details(breaches, outcome.actions.len() > 1);
                element("failure", &message.join("; "), "expectation", &details, out)?;
            }
            Came::Unsure(_) | Came::Unanswered(_) => {
                let why = outcome.why();
                let message = why.first().map_or("", String::as_str);
                element(
                    "error",
                    message,
                    outcome.came.as_str(),
                    &why.join("\n"),
                    out,
                )?;
            }
        }
        if !matches!(outcome.came, Came::Unanswered(_)) {
            let answer = text(&answer(outcome));
            writeln!(out, "      <system-out>{answer}</system-out>")?;
        }
        out.push_str("    </testcase>\n");
        Ok(())
    }
}

fn element(name: &str, message: &str, kind: &str, details: &str, out: &mut String) -> fmt::Result {
    let (message, details) = (attribute(message), text(details));
    writeln!(
        out,
        "      <{name} message=\"{message}\" type=\"{kind}\">{details}</{name}>"
    )
}

/// Who breaks which expectation, and how.
fn details(breaches: &[Breach], has_several: bool) -> String {
    let mut lines = Vec::new();
    for breach in breaches {
        lines.push(breach.in_words());
        for able in breach.by.iter().take(TOLD) {
            let (decision, arn) = (able.decision, visible(&able.arn));
            lines.push(format!(
                "  {decision} {arn}: {}",
                in_words(able, has_several)
            ));
        }
        if let more @ 1.. = breach.by.len().saturating_sub(TOLD) {
            lines.push(format!("  and {more} more"));
        }
    }
    lines.join("\n")
}

/// Everybody who is able, and what is to be said of the answer.
fn answer(outcome: &Outcome) -> String {
    let able = outcome.able.iter();
    let able = able.map(|it| format!("  {} {}", it.decision, visible(&it.arn)));
    let notes = outcome
        .notes
        .iter()
        .map(|it| format!("note: {}", visible(it)));
    let assumptions = outcome.assumptions.iter();
    let assumptions = assumptions.map(|it| format!("taken for granted: {}", visible(it)));
    let lines = able.chain(notes).chain(assumptions);
    let lines: Vec<String> = std::iter::once(outcome.counts()).chain(lines).collect();
    lines.join("\n")
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// A text in an attribute, where it has one line.
fn attribute(text: &str) -> String {
    escaped(&visible(text))
}

/// A text in an element.
fn text(text: &str) -> String {
    escaped(&visible_lines(text))
}

/// What is visible has no controls; two code points more are no characters of XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' => out.push_str("\\u{fffe}"),
            '\u{ffff}' => out.push_str("\\u{ffff}"),
            c => out.push(c),
        }
    }
    out
}
