//! A denial with its explanation, as JSON and as a text for people.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;

use super::{Agreement, Comparison, Denied};
use crate::report::verdict::Answered;
use crate::report::words::Style;
use crate::visible::visible;

/// A denial, the answer to the question that it poses, and how the two go together.
#[derive(Debug)]
pub struct Explained<'a> {
    /// What was understood, with what was said in addition.
    pub denied: &'a Denied,
    /// The answer.
    pub answered: Answered<'a>,
}

#[derive(Serialize)]
struct Json<'a> {
    message: MessageJson<'a>,
    answer: &'a Answered<'a>,
    comparison: ComparisonJson,
}

#[derive(Serialize)]
struct MessageJson<'a> {
    form: &'static str,
    principal: Option<&'a str>,
    action: Option<&'a str>,
    operation: Option<&'a str>,
    resource: Option<&'a str>,
    time: Option<&'a str>,
    context: BTreeMap<&'a str, &'a [String]>,
    reason: Option<ReasonJson<'a>>,
    /// Whether a part of it is left that only AWS can decode.
    encoded: bool,
    notes: &'a [String],
}

#[derive(Serialize)]
struct ReasonJson<'a> {
    decision: &'static str,
    policy_type: Option<&'static str>,
    policy: Option<&'a str>,
}

#[derive(Serialize)]
struct ComparisonJson {
    agreement: Agreement,
    findings: Vec<String>,
}

impl Explained<'_> {
    /// How the message and the answer go together.
    pub fn comparison(&self) -> Comparison {
        Comparison::new(self.denied.reason.as_ref(), &self.answered.asked)
    }

    /// As JSON, laid out for reading.
    ///
    /// # Errors
    /// Never in practice: nothing in it cannot be written.
    pub fn json(&self) -> serde_json::Result<String> {
        let Comparison {
            agreement,
            findings,
        } = self.comparison();
        serde_json::to_string_pretty(&Json {
            message: MessageJson::new(self.denied),
            answer: &self.answered,
            comparison: ComparisonJson {
                agreement,
                findings,
            },
        })
    }

    /// As a text for people, with a line feed at its end. Whatever comes from the message or the
    /// account is made visible.
    ///
    /// # Errors
    /// Never in practice: writing to a text does not fail.
    pub fn text(&self, style: Style) -> Result<String, fmt::Error> {
        let mut out = String::new();
        self.message(&mut out)?;
        writeln!(out)?;
        out.push_str(&self.answered.text(style)?);
        let comparison = self.comparison();
        let title = match comparison.agreement {
            Agreement::Agrees => "The policies say what the message says",
            Agreement::Open => "The policies may say what the message says",
            Agreement::Differs => "The policies say something else than the message",
        };
        writeln!(out, "\n{title}")?;
        if comparison.agreement != Agreement::Agrees
            && let Some(reason) = &self.denied.reason
        {
            let reason = reason.to_string();
            writeln!(out, "  - the message says: {}", visible(&reason))?;
        }
        for finding in &comparison.findings {
            writeln!(out, "  - {}", visible(finding))?;
        }
        Ok(out)
    }

    fn message(&self, out: &mut String) -> fmt::Result {
        let denied = self.denied;
        writeln!(out, "What the message says")?;
        let mut line = |name: &str, value: &str| writeln!(out, "  {name:<10} {}", visible(value));
        line(
            "principal",
            denied.principal.as_deref().unwrap_or("not said"),
        )?;
        line("action", denied.action.as_deref().unwrap_or("not said"))?;
        line("resource", denied.resource.as_deref().unwrap_or("not said"))?;
        let reason = denied.reason.as_ref().map(ToString::to_string);
        line("reason", reason.as_deref().unwrap_or("not said"))?;
        if let Some(time) = &denied.time {
            line("time", time)?;
        }
        for (key, values) in &denied.context {
            let value = match &values[..] {
                [] => format!("{key} is not in the request"),
                values => format!("{key} = {}", values.join(", ")),
            };
            line("context", &value)?;
        }
        for note in &denied.notes {
            writeln!(out, "  - {}", visible(note))?;
        }
        Ok(())
    }
}

impl<'a> MessageJson<'a> {
    fn new(denied: &'a Denied) -> Self {
        let context = denied.context.iter();
        Self {
            form: denied.form.as_str(),
            principal: denied.principal.as_deref(),
            action: denied.action.as_deref(),
            operation: denied.operation.as_deref(),
            resource: denied.resource.as_deref(),
            time: denied.time.as_deref(),
            context: context
                .map(|(key, values)| (key.as_str(), &values[..]))
                .collect(),
            reason: denied.reason.as_ref().map(|reason| ReasonJson {
                decision: match reason.is_explicit {
                    true => "explicitDeny",
                    false => "implicitDeny",
                },
                policy_type: reason.kind.map(super::PolicyKind::name),
                policy: reason.policy.as_deref(),
            }),
            encoded: denied.encoded.is_some(),
            notes: &denied.notes,
        }
    }
}
