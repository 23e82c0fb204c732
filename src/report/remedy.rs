//! The smallest change that would allow what is denied, as JSON and in words.

use std::fmt::{self, Write};

use compact_str::CompactString;
use serde::Serialize;
use serde_json::value::RawValue;

use super::reasons::RequirementJson;
use super::words::{
    condition_in_words, plural, policy_in_words, requirement_lines, statement_in_words,
    unmet_condition_in_words,
};
use crate::access::{
    Element, Except, Home, Layer, Meet, NoRemedy, Remedy, Requirement, Spot, Step, Verdict,
};
use crate::iam::Arn;
use crate::policy::Effect;
use crate::visible::visible;

/// What an answer says of the change.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum RemedyJson<'a> {
    /// What to do.
    Found(Box<FoundJson<'a>>),
    /// Why there is none.
    None {
        /// The reason, in words.
        none: String,
    },
}

/// A change that was found.
#[derive(Debug, Serialize)]
pub struct FoundJson<'a> {
    #[serde(flatten)]
    way: WayJson<'a>,
    /// Fewer steps that do it by the resource's policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    alternative: Option<WayJson<'a>>,
}

#[derive(Debug, Serialize)]
struct WayJson<'a> {
    steps: Vec<StepJson<'a>>,
    /// What comes of the request then.
    decision: &'static str,
    requires: Option<RequirementJson<'a>>,
}

#[derive(Debug, Serialize)]
struct StepJson<'a> {
    step: &'static str,
    layer: &'static str,
    /// For policies of an organisation: the level, from its root (0) on.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    policy: &'a str,
    /// Whether the policy is not there yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    new: bool,
    /// How many users and roles besides have the policy that is edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<usize>,
    /// None where a statement is added.
    statement: Option<usize>,
    sid: Option<&'a str>,
    #[serde(flatten)]
    what: WhatJson<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum WhatJson<'a> {
    Meet {
        /// Whether the condition must be met, or must not.
        met: bool,
        operator: &'a str,
        key: &'a str,
        values: &'a [CompactString],
        example: &'a str,
    },
    Widen {
        element: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<&'static str>,
        add: &'a str,
    },
    Add {
        add: Box<RawValue>,
    },
    Principal {
        element: &'static str,
        operator: &'a str,
        key: &'a str,
        add: &'a str,
    },
    Resource {
        element: &'static str,
        add: &'a str,
    },
    Action {
        element: &'static str,
        remove: &'a str,
    },
    Remove {},
}

impl<'a> RemedyJson<'a> {
    /// The change, or why there is none.
    ///
    /// # Errors
    /// Never in practice: the statements of a change are JSON.
    pub fn new(remedy: &'a Result<Remedy, NoRemedy>) -> serde_json::Result<Self> {
        let remedy = match remedy {
            Ok(remedy) => remedy,
            Err(why) => {
                let none = why.to_string();
                return Ok(Self::None { none });
            }
        };
        let alternative = remedy.alternative.as_ref();
        let alternative = alternative.map(|(steps, result)| WayJson::new(steps, result));
        Ok(Self::Found(Box::new(FoundJson {
            way: WayJson::new(&remedy.steps, &remedy.result)?,
            alternative: alternative.transpose()?,
        })))
    }
}

impl<'a> WayJson<'a> {
    fn new(steps: &'a [Step], result: &'a Verdict) -> serde_json::Result<Self> {
        let steps: serde_json::Result<Vec<_>> = steps.iter().map(StepJson::new).collect();
        Ok(Self {
            steps: steps?,
            decision: result.decision.as_str(),
            requires: result.requires.as_ref().map(RequirementJson::new),
        })
    }
}

impl<'a> StepJson<'a> {
    fn new(step: &'a Step) -> serde_json::Result<Self> {
        let (name, spot, home) = match step {
            Step::Meet(meet) => ("meet", Some(&meet.spot), &meet.spot.home),
            Step::NarrowDeny { spot, .. } => ("narrowDeny", Some(spot), &spot.home),
            Step::RemoveDeny { spot } => ("removeDeny", Some(spot), &spot.home),
            Step::Widen { spot, .. } => ("widen", Some(spot), &spot.home),
            Step::Add { home, .. } => ("add", None, home),
        };
        Ok(Self {
            step: name,
            layer: home.layer.as_str(),
            level: match home.layer {
                Layer::Scp(level) | Layer::Rcp(level) => Some(level),
                _ => None,
            },
            policy: &home.policy,
            new: home.is_new,
            others: home.others,
            statement: spot.map(|it| it.statement),
            sid: spot.and_then(|it| it.sid.as_deref()),
            what: what(step)?,
        })
    }
}

fn what(step: &Step) -> serde_json::Result<WhatJson<'_>> {
    Ok(match step {
        Step::Meet(meet) => WhatJson::Meet {
            met: meet.effect == Effect::Allow,
            operator: &meet.operator,
            key: &meet.key,
            values: &meet.values,
            example: &meet.example,
        },
        Step::Widen { element, value, .. } => WhatJson::Widen {
            element: element.as_str(),
            kind: match element {
                Element::Principal(kind) => Some(kind),
                Element::Action | Element::Resource => None,
            },
            add: value,
        },
        Step::Add { statement, .. } => WhatJson::Add {
            add: RawValue::from_string(statement.clone())?,
        },
        Step::RemoveDeny { .. } => WhatJson::Remove {},
        Step::NarrowDeny { except, .. } => match except {
            Except::Principal { operator, key, arn } => WhatJson::Principal {
                element: "Condition",
                operator,
                key,
                add: arn,
            },
            Except::Resource(resource) => WhatJson::Resource {
                element: "NotResource",
                add: resource,
            },
            Except::Action(action) => WhatJson::Action {
                element: "Action",
                remove: action,
            },
        },
    })
}

/// The change in words, under a title.
pub fn in_words(remedy: &Result<Remedy, NoRemedy>, out: &mut String) -> fmt::Result {
    let remedy = match remedy {
        Ok(remedy) => remedy,
        Err(why) => {
            writeln!(out, "\nNo small change would allow it")?;
            return writeln!(out, "  {}", visible(&why.to_string()));
        }
    };
    writeln!(out, "\nThe smallest change that would allow it")?;
    way(&remedy.steps, &remedy.result, out)?;
    if let Some((steps, result)) = &remedy.alternative {
        writeln!(out, "\nOr, by the resource's policy alone")?;
        way(steps, result, out)?;
    }
    Ok(())
}

fn way(steps: &[Step], result: &Verdict, out: &mut String) -> fmt::Result {
    for (at, step) in steps.iter().enumerate() {
        let lead = match steps.len() {
            1 => String::new(),
            _ => format!("{}. ", at + 1),
        };
        let [first, rest @ ..] = &lines(step)[..] else {
            continue;
        };
        writeln!(out, "  {lead}{first}")?;
        for line in rest {
            writeln!(out, "  {:width$}  {line}", "", width = lead.len())?;
        }
    }
    match &result.requires {
        None => writeln!(out, "  It is then allowed."),
        Some(requirement) => {
            let word = match requirement {
                Requirement::All(_) | Requirement::Any(_) => "if",
                Requirement::Is(_) | Requirement::Not(_) => "only if",
            };
            writeln!(out, "  It is then allowed {word}")?;
            requirement_lines(requirement, 2, out)
        }
    }
}

/// A step, in lines of which all but the first explain it.
fn lines(step: &Step) -> Vec<String> {
    let mut lines = match step {
        Step::Meet(meet) => met(meet),
        Step::Widen {
            spot,
            element,
            value,
        } => vec![
            format!("add to the {} of {}", element.as_str(), place(spot)),
            match element {
                Element::Principal(kind) => format!("\"{kind}\": \"{}\"", visible(value)),
                Element::Action | Element::Resource => format!("\"{}\"", visible(value)),
            },
        ],
        Step::Add { home, statement } => vec![
            format!("add a statement to {}", policy(home)),
            visible(statement).into_owned(),
        ],
        Step::RemoveDeny { spot } => vec![format!("take out {}", place(spot))],
        Step::NarrowDeny { spot, except } => narrowed(spot, except),
    };
    let others = step.home().and_then(|it| it.others).unwrap_or_default();
    if others > 0 {
        let have = if others == 1 { "has" } else { "have" };
        let others = plural(others, "other user or role");
        let others = others.replace("user or roles", "users and roles");
        lines.push(format!("{others} {have} this policy, too"));
    }
    lines
}

fn met(meet: &Meet) -> Vec<String> {
    let (operator, key, values) = (&meet.operator, &meet.key, &meet.values);
    let (how, so) = match meet.effect {
        Effect::Allow => (condition_in_words(operator, key, values), "allows"),
        Effect::Deny => (
            unmet_condition_in_words(operator, key, values),
            "does not deny",
        ),
    };
    vec![
        format!("change no policy, but ask where {how}"),
        format!("then {} {so}", place(&meet.spot)),
    ]
}

fn narrowed(spot: &Spot, except: &Except) -> Vec<String> {
    let place = place(spot);
    match except {
        Except::Principal { operator, key, arn } => vec![
            format!("except {} from {place}", visible(arn)),
            format!(
                "in its Condition, add to {} {}: \"{}\"",
                visible(operator),
                visible(key),
                visible(arn)
            ),
            "whatever the statement is about, it then denies none of it to this principal"
                .to_owned(),
        ],
        Except::Resource(resource) => vec![
            format!("except {} from {place}", visible(resource)),
            "in its NotResource, which takes the place of a Resource *".to_owned(),
            "whatever the statement is about, it then denies none of it there".to_owned(),
        ],
        Except::Action(action) => vec![format!(
            "take {} out of the Action of {place}",
            visible(action)
        )],
    }
}

fn place(spot: &Spot) -> String {
    let policy = policy(&spot.home);
    statement_in_words(policy, spot.statement, spot.sid.as_deref())
}

/// A policy as people call it, or what would be a new one.
fn policy(home: &Home) -> String {
    let name = &home.policy;
    match (home.layer, home.is_new) {
        (Layer::Scp(level), true) => {
            format!("a new service control policy, level {}", level + 1)
        }
        (Layer::Identity, true) => match Arn::parse(name) {
            Ok(arn) => format!(
                "a new inline policy of {} {}",
                arn.resource_type(),
                visible(arn.name())
            ),
            Err(_) => format!("a new inline policy of {}", visible(name)),
        },
        _ => policy_in_words(name),
    }
}
