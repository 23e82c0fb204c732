//! The answers as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::judge::{Breach, Rule};
use super::told::{Able, Answers, Came, Outcome, Tally};
use crate::report::reasons::WarningJson;

#[derive(Serialize)]
struct AnswersJson<'a> {
    account: Option<&'a str>,
    questions: Vec<OutcomeJson<'a>>,
    counts: Tally,
    warnings: Vec<WarningJson<'a>>,
}

#[derive(Serialize)]
struct OutcomeJson<'a> {
    name: &'a str,
    result: &'static str,
    actions: &'a [String],
    resource: &'a str,
    able: Vec<AbleJson<'a>>,
    /// How many can only if more is met and do not count.
    uncounted: usize,
    breaches: Vec<BreachJson<'a>>,
    why: Vec<String>,
    notes: &'a [String],
    assumptions: &'a [String],
    seconds: f64,
}

#[derive(Serialize)]
struct AbleJson<'a> {
    arn: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    decision: &'static str,
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    how: Option<&'a str>,
}

#[derive(Serialize)]
struct BreachJson<'a> {
    rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<usize>,
    expected: &'a [String],
    by: Vec<AbleJson<'a>>,
}

impl Answers<'_> {
    /// Writes JSON, laid out for reading.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let warnings = self.index.warnings();
        let json = AnswersJson {
            account: self.index.account().id.as_deref(),
            questions: self.outcomes.iter().map(OutcomeJson::new).collect(),
            counts: self.tally(),
            warnings: warnings.iter().map(WarningJson::new).collect(),
        };
        serde_json::to_writer_pretty(&mut *out, &json)?;
        out.write_all(b"\n")
    }
}

impl<'a> OutcomeJson<'a> {
    fn new(outcome: &'a Outcome) -> Self {
        let breaches = match &outcome.came {
            Came::Failed(breaches) => breaches.as_slice(),
            _ => &[],
        };
        Self {
            name: &outcome.name,
            result: outcome.came.as_str(),
            actions: &outcome.actions,
            resource: &outcome.resource,
            able: outcome.able.iter().map(AbleJson::new).collect(),
            uncounted: outcome.uncounted,
            breaches: breaches.iter().map(BreachJson::new).collect(),
            why: outcome.why(),
            notes: &outcome.notes,
            assumptions: &outcome.assumptions,
            seconds: outcome.time.as_secs_f64(),
        }
    }
}

impl<'a> AbleJson<'a> {
    fn new(able: &'a Able) -> Self {
        Self {
            arn: &able.arn,
            kind: able.kind,
            decision: able.decision.as_str(),
            action: &able.action,
            how: able.how.as_deref(),
        }
    }
}

impl<'a> BreachJson<'a> {
    fn new(breach: &'a Breach) -> Self {
        Self {
            rule: breach.rule.as_str(),
            max: match breach.rule {
                Rule::Max(max) => Some(max),
                _ => None,
            },
            expected: &breach.expected,
            by: breach.by.iter().map(AbleJson::new).collect(),
        }
    }
}
