//! A question with everything that bears on it, kept together.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::caller::Caller;
use super::explain::{Explanation, explain};
use super::facts::Facts;
use super::layers::{Layers, ResourcePolicy, Stated};
use super::prepared::{PolicyUse, Prepared};
use super::request::Request;
use super::verdict::{Verdict, decide};
use crate::policy::{Document, Scope};

/// A policy with its name and text. It is made ready when it is first asked.
#[derive(Debug, Clone)]
pub struct Policy<'a> {
    name: Cow<'a, str>,
    text: Cow<'a, str>,
    /// None where the policy could not be read.
    used_as: Option<PolicyUse>,
    whole: OnceCell<Prepared>,
    /// What it has about the action of the question.
    focused: OnceCell<Prepared>,
}

impl<'a> Policy<'a> {
    /// A policy as it is used.
    pub fn new(name: impl Into<Cow<'a, str>>, text: Cow<'a, str>, used_as: PolicyUse) -> Self {
        Self {
            used_as: Some(used_as),
            text,
            ..Self::unknown(name)
        }
    }

    /// A policy that is there but could not be read.
    pub fn unknown(name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            name: name.into(),
            text: Cow::Borrowed(""),
            used_as: None,
            whole: OnceCell::new(),
            focused: OnceCell::new(),
        }
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text; empty where it could not be read.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What it is used as; none where it could not be read.
    pub(super) fn used_as(&self) -> Option<PolicyUse> {
        self.used_as
    }

    /// As a part of a layer; with only what it has about `action` where that is enough.
    fn stated(&self, action: Option<&str>) -> Stated<'_> {
        let document = || Document::parse(&self.text);
        let prepare = |used_as| match action {
            Some(action) if self.whole.get().is_none() => {
                let prepare = || Prepared::about(&document(), used_as, action);
                self.focused.get_or_init(prepare)
            }
            _ => self
                .whole
                .get_or_init(|| Prepared::new(&document(), used_as)),
        };
        Stated {
            name: &self.name,
            text: &self.text,
            policy: self.used_as.map(prepare),
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
    /// The ARN of the resource, or `*`; where there is a scope, its text.
    pub resource: Cow<'a, str>,
    /// The pattern of which every resource is asked about, if one is.
    pub scope: Option<Arc<Scope>>,
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
            scope: None,
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
            scope: self.scope.as_ref(),
            resource_account: self.resource_account.as_deref(),
            facts: &self.facts,
        }
    }

    /// The policies that bear on it.
    pub fn layers(&self) -> Layers<'_> {
        self.stated(None)
    }

    fn stated<'q>(&'q self, action: Option<&'q str>) -> Layers<'q> {
        let one = |policy: &'q Policy<'a>| policy.stated(action);
        let list = |list: &'q Vec<Policy<'a>>| list.iter().map(one).collect::<Vec<_>>();
        let levels = |levels: &'q Option<Vec<Vec<Policy<'a>>>>| {
            let levels = levels.as_ref()?;
            Some(levels.iter().map(list).collect())
        };
        Layers {
            identity: list(&self.identity),
            boundary: self.boundary.as_ref().map(one),
            session: self.session.as_ref().map(one),
            resource: match &self.resource_policy {
                OwnResourcePolicy::Policy(policy) => ResourcePolicy::Stated(one(policy)),
                OwnResourcePolicy::Unknown(arn) => ResourcePolicy::Unknown(arn),
                OwnResourcePolicy::Absent => ResourcePolicy::Absent,
            },
            scps: levels(&self.scps),
            rcps: levels(&self.rcps),
        }
    }

    /// The answer.
    pub fn decide(&self) -> Verdict {
        decide(&self.request(), &self.stated(Some(&self.action)))
    }

    /// The answer with its reasons.
    pub fn explain(&self) -> Explanation {
        explain(&self.request(), &self.layers())
    }
}
