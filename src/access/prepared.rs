//! Policies, made ready for questions.
//!
//! A policy is prepared once and then asked as often as one likes. What is prepared keeps the
//! order of the document: statement, pattern and condition `n` here are `n` there, so that an
//! explanation finds the place in the text.

use std::fmt;
use std::sync::Arc;

use compact_str::CompactString;

use super::condition::Condition;
use super::facts::Facts;
use super::principals::Entry;
use super::request::Request;
use super::truth::{OneOf, Truth, Unmet};
use crate::policy::{
    self, Document, Effect, Glob, Matched, Pattern, PatternKind, Principals, Values,
};

/// What a policy is used as, which says what its statements may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyUse {
    /// Attached to a user, group or role; a permissions boundary; a session policy; a service
    /// control policy. Statements name resources and no principals.
    Identity,
    /// Attached to a resource. Statements name principals; without a resource they mean the one
    /// that they are attached to.
    Resource,
    /// The trust policy of a role.
    Trust,
    /// A resource control policy of an organisation: only denies, only for everyone.
    ResourceControl,
}

/// A policy, ready to be asked.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) statements: Box<[Statement]>,
    /// What cannot be evaluated, and so never matches.
    pub refused: Box<[Refused]>,
}

/// A statement that never matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which statement, from zero; none for the whole document.
    pub statement: Option<usize>,
    /// Why.
    pub why: Refusal,
}

/// Why a statement never matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Something is wrong with its text.
    Fault(Box<str>),
    /// It has no effect.
    NoEffect,
    /// It lacks one of the elements that say what it is about.
    Lacks(&'static str),
    /// It has two elements of which it may have one.
    Both(&'static str, &'static str),
    /// It has an element that this kind of policy cannot have.
    NotHere(&'static str),
    /// An operator that IAM does not know.
    UnknownOperator(CompactString),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => f.write_str(fault),
            Self::NoEffect => f.write_str("it has no Effect"),
            Self::Lacks(element) => write!(f, "it lacks {element}"),
            Self::Both(one, other) => write!(f, "it has both {one} and {other}"),
            Self::NotHere(element) => write!(f, "this kind of policy has no {element}"),
            Self::UnknownOperator(name) => write!(f, "IAM knows no operator {name}"),
        }
    }
}

/// A statement, ready to be matched.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    /// Its number in the document.
    pub(super) index: usize,
    pub(super) effect: Effect,
    pub(super) actions: Listed<Glob>,
    /// None: the resource that the policy is attached to.
    pub(super) resources: Option<Listed<Arc<Pattern>>>,
    pub(super) principals: Option<Listed<Entry>>,
    pub(super) conditions: Box<[Arc<Condition>]>,
}

/// A list of which one must match, or none may.
#[derive(Debug, Clone)]
pub(super) struct Listed<T> {
    pub(super) is_negated: bool,
    pub(super) list: Box<[T]>,
}

impl Prepared {
    /// Makes a document ready.
    pub fn new(document: &Document, used_as: PolicyUse) -> Self {
        Self::with(document, used_as, None)
    }

    /// Makes ready what a document has about one action, which must be in lower case: all that a
    /// single question needs.
    pub(super) fn about(document: &Document, used_as: PolicyUse, action: &str) -> Self {
        Self::with(document, used_as, Some(action))
    }

    fn with(document: &Document, used_as: PolicyUse, action: Option<&str>) -> Self {
        let mut statements = Vec::with_capacity(document.statements.len());
        let mut refused = Vec::new();
        for (index, statement) in document.statements.iter().enumerate() {
            match prepare(statement, index, used_as, document, action) {
                Ok(statement) => statements.extend(statement),
                Err(why) => refused.push(Refused {
                    statement: Some(index),
                    why,
                }),
            }
        }
        refused.extend(refused_outside(document));
        Self {
            statements: statements.into(),
            refused: refused.into(),
        }
    }

    /// Reads and prepares a text.
    pub fn of(text: &str, used_as: PolicyUse) -> Self {
        Self::new(&Document::parse(text), used_as)
    }
}

/// A statement of which the elements fit together.
pub(super) struct Checked<'a> {
    pub(super) effect: Effect,
    pub(super) actions: Chosen<'a>,
    pub(super) resources: Option<Chosen<'a>>,
}

/// An element or its contrary, of which a statement may have one.
#[derive(Clone, Copy)]
pub(super) struct Chosen<'a> {
    pub(super) is_negated: bool,
    pub(super) values: &'a Values,
}

/// Whether a statement can be evaluated, as far as its effect, actions and resources show.
pub(super) fn check<'a>(
    statement: &'a policy::Statement,
    used_as: PolicyUse,
    document: &Document,
) -> Result<Checked<'a>, Refusal> {
    if statement.is_faulty {
        let inside = |fault: &&policy::Fault| {
            statement.span.start <= fault.span.start && fault.span.start < statement.span.end
        };
        let fault = document.faults.iter().find(inside);
        let fault = fault.map(ToString::to_string).unwrap_or_default();
        return Err(Refusal::Fault(fault.into()));
    }
    let effect = statement.effect.ok_or(Refusal::NoEffect)?;
    let actions = one_of(
        ("Action", &statement.action),
        ("NotAction", &statement.not_action),
    )?
    .ok_or(Refusal::Lacks("Action"))?;
    let resources = one_of(
        ("Resource", &statement.resource),
        ("NotResource", &statement.not_resource),
    )?;
    match used_as {
        PolicyUse::Identity | PolicyUse::ResourceControl if resources.is_none() => {
            return Err(Refusal::Lacks("Resource"));
        }
        _ => {}
    }
    Ok(Checked {
        effect,
        actions,
        resources,
    })
}

/// Makes the conditions of a statement ready.
pub(super) fn conditions(statement: &policy::Statement) -> Result<Box<[Arc<Condition>]>, Refusal> {
    let ready = statement.conditions.iter().map(|condition| {
        let unknown = || Refusal::UnknownOperator(condition.operator.text.clone());
        let ready = Condition::new(condition, statement.has_variables);
        ready.map(Arc::new).ok_or_else(unknown)
    });
    ready.collect()
}

/// What is wrong with a document outside its statements.
pub(super) fn refused_outside(document: &Document) -> impl Iterator<Item = Refused> {
    let is_outside = |fault: &&policy::Fault| {
        let inside = |it: &policy::Statement| {
            it.span.start <= fault.span.start && fault.span.start < it.span.end
        };
        !document.statements.iter().any(inside)
    };
    let outside = document.faults.iter().filter(is_outside);
    outside.map(|fault| Refused {
        statement: None,
        why: Refusal::Fault(fault.to_string().into()),
    })
}

fn prepare(
    statement: &policy::Statement,
    index: usize,
    used_as: PolicyUse,
    document: &Document,
    action: Option<&str>,
) -> Result<Option<Statement>, Refusal> {
    let checked = check(statement, used_as, document)?;
    let actions = checked
        .actions
        .map(|text| Glob::new(&text.to_ascii_lowercase()));
    if let Some(action) = action
        && !actions.matches(action)
    {
        return Ok(None);
    }
    let principals = principals(statement, checked.effect, used_as)?;
    let has_variables = statement.has_variables;
    let pattern = |text: &str| Arc::new(Pattern::new(text, PatternKind::Resource, has_variables));
    Ok(Some(Statement {
        index,
        effect: checked.effect,
        actions,
        resources: checked.resources.map(|chosen| chosen.map(pattern)),
        principals,
        conditions: conditions(statement)?,
    }))
}

/// The principals of a statement.
pub(super) fn principals(
    statement: &policy::Statement,
    effect: Effect,
    used_as: PolicyUse,
) -> Result<Option<Listed<Entry>>, Refusal> {
    let (list, is_negated) = match (&statement.principal, &statement.not_principal) {
        (Some(_), Some(_)) => return Err(Refusal::Both("Principal", "NotPrincipal")),
        (Some(principals), None) => (principals, false),
        (None, Some(principals)) => (principals, true),
        (None, None) if used_as == PolicyUse::Identity => return Ok(None),
        (None, None) => return Err(Refusal::Lacks("Principal")),
    };
    let name = if is_negated {
        "NotPrincipal"
    } else {
        "Principal"
    };
    let is_everyone = |list: &Principals| list.list.iter().all(policy::Principal::is_anyone);
    match used_as {
        PolicyUse::Identity => return Err(Refusal::NotHere(name)),
        PolicyUse::Trust if is_negated => return Err(Refusal::NotHere(name)),
        PolicyUse::ResourceControl if is_negated || !is_everyone(list) => {
            return Err(Refusal::NotHere("Principal but \"*\""));
        }
        // AWS supports it with Deny only.
        PolicyUse::Resource if is_negated && effect == Effect::Allow => {
            return Err(Refusal::NotHere("NotPrincipal with Allow"));
        }
        _ => {}
    }
    let list = list.list.iter().map(Entry::new).collect();
    Ok(Some(Listed { is_negated, list }))
}

fn one_of<'a>(
    (name, plain): (&'static str, &'a Option<Values>),
    (not_name, negated): (&'static str, &'a Option<Values>),
) -> Result<Option<Chosen<'a>>, Refusal> {
    let chosen = |values: &'a Values, is_negated| Chosen { is_negated, values };
    match (plain, negated) {
        (Some(_), Some(_)) => Err(Refusal::Both(name, not_name)),
        (Some(values), None) => Ok(Some(chosen(values, false))),
        (None, Some(values)) => Ok(Some(chosen(values, true))),
        (None, None) => Ok(None),
    }
}

impl Chosen<'_> {
    fn map<T>(self, make: impl Fn(&str) -> T) -> Listed<T> {
        Listed {
            is_negated: self.is_negated,
            list: self.values.texts().map(make).collect(),
        }
    }
}

impl Listed<Glob> {
    /// That matches everything.
    pub(super) fn any() -> Self {
        Self {
            is_negated: true,
            list: Box::default(),
        }
    }

    fn matches(&self, text: &str) -> bool {
        self.list.iter().any(|glob| glob.matches(text)) != self.is_negated
    }
}

impl Statement {
    /// The same about whatever action: for where it is known that it is about the right one.
    pub(super) fn about_any_action(&self) -> Self {
        Self {
            actions: Listed::any(),
            resources: self.resources.clone(),
            principals: self.principals.clone(),
            conditions: self.conditions.clone(),
            ..*self
        }
    }

    /// Whether it is about an action, which must be in lower case.
    pub(super) fn matches_action(&self, action: &str) -> bool {
        self.actions.matches(action)
    }

    /// Whether it is about a resource.
    pub(super) fn matches_resource(&self, request: &Request<'_>) -> Truth {
        let Some(listed) = &self.resources else {
            return Truth::Yes;
        };
        let mut open = OneOf::default();
        for pattern in &listed.list {
            match request.is_matched_by(pattern) {
                Matched::Yes => return Truth::from(!listed.is_negated),
                Matched::No => {}
                Matched::Unknown => open.add(Truth::if_met(Unmet::resource(pattern, request))),
            }
        }
        let open = open.truth();
        if listed.is_negated {
            open.negated()
        } else {
            open
        }
    }

    /// Whether its conditions are met.
    pub(super) fn matches_conditions(&self, facts: &Facts) -> Truth {
        let mut truth = Truth::Yes;
        for condition in &self.conditions {
            truth = truth.and(condition.truth(facts));
            if truth.is_no() {
                break;
            }
        }
        truth
    }
}

#[cfg(test)]
mod tests;
