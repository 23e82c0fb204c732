//! Chains of roles in answers: what comes of each request, and why.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use compact_str::CompactString;

use crate::access::{Apart, Caller, Chains, Explanation, Index, Requirement, Survey, assuming};

/// A role that is assumed.
#[derive(Debug, Clone)]
pub struct Hop {
    /// The ARN of who assumes it.
    pub from: CompactString,
    /// The role's ARN.
    pub to: Arc<str>,
    /// The action that does it.
    pub action: &'static str,
    /// What comes of that request.
    pub told: Arc<Told>,
}

/// What comes of one request, and why.
#[derive(Debug)]
pub struct Told {
    /// The answer.
    pub explanation: Explanation,
    /// What it requires, the resources apart.
    pub apart: Option<Apart>,
    /// Whether every layer was told.
    pub is_full: bool,
}

impl Told {
    /// Of the answer to a request about a resource.
    pub(in crate::report) fn new(explanation: Explanation, resource: &str, is_full: bool) -> Self {
        let requires = explanation.verdict.requires.as_ref();
        Self {
            apart: requires.map(|it| it.apart(resource)),
            explanation,
            is_full,
        }
    }

    /// What else must be met.
    pub fn requires(&self) -> Option<&Requirement> {
        self.apart.as_ref()?.requires.as_ref()
    }
}

/// Who assumes which role, and whether that is the first request.
type HopKey = (CompactString, u32, bool);

/// With which action which role is assumed, and whether that is the first request.
type SurveyKey = (&'static str, u32, bool);

/// Makes the hops of chains. What several have in common is made once.
pub(super) struct Hops<'a> {
    index: &'a Index,
    chains: Option<&'a Chains<'a>>,
    /// Whether every layer is told.
    is_full: bool,
    /// Questions to everybody, by action, role, and whether it is the first request.
    surveys: RefCell<HashMap<SurveyKey, Rc<Survey<'a>>>>,
    known: RefCell<HashMap<HopKey, Arc<Told>>>,
}

impl<'a> Hops<'a> {
    pub(super) fn new(index: &'a Index, chains: Option<&'a Chains<'a>>, is_full: bool) -> Self {
        Self {
            index,
            chains,
            is_full,
            surveys: RefCell::default(),
            known: RefCell::default(),
        }
    }

    /// Assuming these roles one after the other.
    pub(super) fn along(&self, caller: &Caller, roles: &[u32]) -> Option<Vec<Hop>> {
        let mut hops = Vec::with_capacity(roles.len());
        let mut from = caller.clone();
        for (at, role) in roles.iter().enumerate() {
            let (hop, next) = self.hop(from, *role, at == 0)?;
            hops.push(hop);
            from = next;
        }
        Some(hops)
    }

    /// Assuming a role, and the one who goes on then.
    fn hop(&self, from: Caller, role: u32, is_first: bool) -> Option<(Hop, Caller)> {
        let index = self.index;
        let to = index.account().roles().get(role as usize)?.arn.clone();
        let action = assuming(&from);
        let key = (from.arn.clone(), role, is_first);
        let known = self.known.borrow().get(&key).cloned();
        let told = match known {
            Some(told) => told,
            None => {
                let explanation = self.explain_hop(&from, role, is_first)?;
                let told = Arc::new(Told::new(explanation, &to, self.is_full));
                self.known.borrow_mut().insert(key, told.clone());
                told
            }
        };
        let hop = Hop {
            from: from.arn,
            to,
            action,
            told,
        };
        Some((hop, index.caller_of(index.role(role))?))
    }

    fn explain_hop(&self, from: &Caller, role: u32, is_first: bool) -> Option<Explanation> {
        let chains = self.chains?;
        let arn = &self.index.account().roles().get(role as usize)?.arn;
        if self.is_full {
            return Some(chains.hop(from.clone(), arn, is_first).explanation);
        }
        let action = assuming(from);
        let mut surveys = self.surveys.borrow_mut();
        let survey = surveys
            .entry((action, role, is_first))
            .or_insert_with(|| Rc::new(chains.hops(action, arn, is_first)));
        Some(survey.explain(from.clone()))
    }
}
