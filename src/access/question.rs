//! A question with everything that bears on it, kept together.

use std::borrow::Cow;

use super::caller::Caller;
use super::explain::{Explanation, explain};
use super::facts::Facts;
use super::layers::{Layers, Request, ResourcePolicy, Stated};
use super::prepared::{PolicyUse, Prepared};
use super::verdict::{Verdict, decide};

/// A policy with its name and text.
#[derive(Debug, Clone)]
pub struct Policy<'a> {
    name: Cow<'a, str>,
    text: Cow<'a, str>,
    prepared: Option<Prepared>,
}

impl<'a> Policy<'a> {
    /// Prepares a text.
    pub fn new(name: impl Into<Cow<'a, str>>, text: Cow<'a, str>, used_as: PolicyUse) -> Self {
        Self {
            prepared: Some(Prepared::of(&text, used_as)),
            name: name.into(),
            text,
        }
    }

    /// A policy that is there but could not be read.
    pub fn unknown(name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            name: name.into(),
            text: Cow::Borrowed(""),
            prepared: None,
        }
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As a part of a layer.
    pub fn stated(&self) -> Stated<'_> {
        Stated {
            name: &self.name,
            text: &self.text,
            policy: self.prepared.as_ref(),
        }
    }
}

/// The policy of a resource, kept.
#[derive(Debug, Clone, Default)]
pub enum OwnResourcePolicy<'a> {
    /// There is none.
    #[default]
    Absent,
    /// This one.
    Policy(Policy<'a>),
    /// It is somebody else's and not known; the resource's ARN.
    Unknown(String),
}

/// One question: who wants what, under which policies, and what is known of the request.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// Who asks.
    pub caller: Caller,
    /// The action, in lower case.
    pub action: String,
    /// The ARN of the resource, or `*`.
    pub resource: Cow<'a, str>,
    /// The account that the resource belongs to.
    pub resource_account: Option<Cow<'a, str>>,
    /// What is known of the request.
    pub facts: Facts,
    /// The principal's own policies.
    pub identity: Vec<Policy<'a>>,
    /// Its permissions boundary.
    pub boundary: Option<Policy<'a>>,
    /// The policy that was passed with the session.
    pub session: Option<Policy<'a>>,
    /// The resource's policy.
    pub resource_policy: OwnResourcePolicy<'a>,
    /// The service control policies, by level.
    pub scps: Option<Vec<Vec<Policy<'a>>>>,
    /// The resource control policies, by level.
    pub rcps: Option<Vec<Vec<Policy<'a>>>>,
}

impl<'a> Question<'a> {
    /// A question without any policy yet.
    pub fn new(caller: Caller, action: &str, resource: impl Into<Cow<'a, str>>) -> Self {
        Self {
            caller,
            action: action.to_ascii_lowercase(),
            resource: resource.into(),
            resource_account: None,
            facts: Facts::default(),
            identity: Vec::new(),
            boundary: None,
            session: None,
            resource_policy: OwnResourcePolicy::Absent,
            scps: None,
            rcps: None,
        }
    }

    /// What is asked.
    pub fn request(&self) -> Request<'_> {
        Request {
            caller: &self.caller,
            action: &self.action,
            resource: &self.resource,
            resource_account: self.resource_account.as_deref(),
            facts: &self.facts,
        }
    }

    /// The policies that bear on it.
    pub fn layers(&self) -> Layers<'_> {
        Layers {
            identity: self.identity.iter().map(Policy::stated).collect(),
            boundary: self.boundary.as_ref().map(Policy::stated),
            session: self.session.as_ref().map(Policy::stated),
            resource: match &self.resource_policy {
                OwnResourcePolicy::Policy(policy) => ResourcePolicy::Stated(policy.stated()),
                OwnResourcePolicy::Unknown(arn) => ResourcePolicy::Unknown(arn),
                OwnResourcePolicy::Absent => ResourcePolicy::Absent,
            },
            scps: self.scps.as_ref().map(stated),
            rcps: self.rcps.as_ref().map(stated),
        }
    }

    /// The answer.
    pub fn decide(&self) -> Verdict {
        decide(&self.request(), &self.layers())
    }

    /// The answer with its reasons.
    pub fn explain(&self) -> Explanation {
        explain(&self.request(), &self.layers())
    }
}

fn stated<'a>(levels: &'a Vec<Vec<Policy<'_>>>) -> Vec<Vec<Stated<'a>>> {
    let level = |level: &'a Vec<Policy<'_>>| level.iter().map(Policy::stated).collect();
    levels.iter().map(level).collect()
}
