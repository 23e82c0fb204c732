//! The rows of an answer, with their reasons.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use compact_str::CompactString;

use super::{Question, how};
use crate::access::{
    Apart, Asked, Caller, Chains, Counts, Decision, Explanation, Node, Requirement, Survey, Way,
    WhoCan, assuming, is_able,
};

/// The answer for one action.
pub(super) struct Result<'r> {
    pub(super) action: &'r str,
    /// The resource that it was decided on.
    pub(super) resource: String,
    pub(super) rows: Vec<Row>,
    pub(super) counts: Counts,
}

/// One principal.
pub(super) struct Row {
    pub(super) caller: Caller,
    pub(super) decision: Decision,
    /// The best first. Of who cannot, the direct request.
    pub(super) paths: Vec<Path>,
}

/// One way to be able: the requests that follow each other.
pub(super) struct Path {
    pub(super) decision: Decision,
    pub(super) hops: Vec<Hop>,
    /// The request itself, by the principal or with the last role.
    pub(super) last: Rc<Told>,
    /// The groups that the policies come by which decide it.
    pub(super) groups: Vec<Arc<str>>,
}

/// A role that is assumed.
pub(super) struct Hop {
    pub(super) from: CompactString,
    pub(super) to: Arc<str>,
    pub(super) action: &'static str,
    pub(super) told: Rc<Told>,
}

/// What comes of one request, and why.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) explanation: Explanation,
    /// What it requires, the resources apart.
    pub(super) apart: Option<Apart>,
    /// The actions and whether the trust policy is the resource's.
    pub(super) is_full: bool,
}

impl Told {
    fn new(explanation: Explanation, resource: &str, is_full: bool) -> Self {
        let requires = explanation.verdict.requires.as_ref();
        Self {
            apart: requires.map(|it| it.apart(resource)),
            explanation,
            is_full,
        }
    }

    pub(super) fn requires(&self) -> Option<&Requirement> {
        self.apart.as_ref()?.requires.as_ref()
    }
}

impl Path {
    /// What each request requires, with its place.
    pub(super) fn requires(&self) -> Vec<(&Requirement, usize)> {
        let hops = self.hops.iter().map(|hop| &hop.told);
        let all = hops.chain([&self.last]).enumerate();
        all.filter_map(|(at, told)| Some((told.requires()?, at)))
            .collect()
    }

    /// The roles in order.
    pub(super) fn via(&self) -> impl Iterator<Item = &str> {
        self.hops.iter().map(|hop| &*hop.to)
    }
}

/// Who assumes which role, and whether that is the first request.
type HopKey = (CompactString, u32, bool);

/// Makes rows. What several have in common is made once.
pub(super) struct Teller<'a> {
    question: &'a Question<'a>,
    chains: Option<&'a Chains<'a>>,
    /// Questions to everybody, by action, role, and whether it is the first request.
    surveys: RefCell<HashMap<(&'static str, u32, bool), Rc<Survey<'a>>>>,
    hops: RefCell<HashMap<HopKey, Rc<Told>>>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(question: &'a Question<'a>, chains: Option<&'a Chains<'a>>) -> Self {
        Self {
            question,
            chains,
            surveys: RefCell::default(),
            hops: RefCell::default(),
        }
    }

    /// The answer for one action.
    pub(super) fn result<'r>(&self, action: &'r str, who: &WhoCan<'a>) -> Result<'r> {
        let (mut found, counts) = who.all();
        if !self.question.wanted.all {
            found.retain(|it| is_able(it.decision));
        }
        found.sort_by_key(|it| (it.decision, it.node));
        let mut lasts = HashMap::new();
        let rows = found.iter().filter_map(|it| {
            let caller = who.caller_of(it.node)?;
            let mut ways = who.ways(it.node);
            if ways.is_empty() {
                ways.push(Way {
                    decision: it.decision,
                    roles: Vec::new(),
                });
            }
            let paths = ways.iter();
            let paths = paths.filter_map(|way| self.path(who, it.node, &caller, way, &mut lasts));
            Some(Row {
                decision: it.decision,
                paths: paths.collect(),
                caller,
            })
        });
        Result {
            action,
            resource: who.posed().question.resource.to_string(),
            rows: rows.collect(),
            counts,
        }
    }

    fn path(
        &self,
        who: &WhoCan<'a>,
        node: Node,
        caller: &Caller,
        way: &Way,
        lasts: &mut HashMap<u32, Rc<Told>>,
    ) -> Option<Path> {
        let resource = &who.posed().question.resource;
        let is_full = self.question.wanted.explain;
        let full = |asked: Option<Asked<'a>>| asked.map(|it| it.explanation);
        let last = match way.roles.last() {
            None => {
                let explanation = match is_full {
                    true => full(who.ask(node)),
                    false => who.explain(node),
                };
                Rc::new(Told::new(explanation?, resource, is_full))
            }
            Some(role) => match lasts.get(role) {
                Some(told) => told.clone(),
                None => {
                    let explanation = match is_full {
                        true => full(who.ask_with(*role)),
                        false => who.explain_with(*role),
                    };
                    let told = Rc::new(Told::new(explanation?, resource, is_full));
                    lasts.insert(*role, told.clone());
                    told
                }
            },
        };
        let mut hops = Vec::with_capacity(way.roles.len());
        let mut from = caller.clone();
        for (at, role) in way.roles.iter().enumerate() {
            let (hop, next) = self.hop(from, *role, at == 0)?;
            hops.push(hop);
            from = next;
        }
        let groups = match hops.is_empty() {
            true => how::groups(self.question.index.account(), caller, &last.explanation),
            false => Vec::new(),
        };
        Some(Path {
            decision: way.decision,
            hops,
            last,
            groups,
        })
    }

    /// Assuming a role, and the one who goes on then.
    fn hop(&self, from: Caller, role: u32, is_first: bool) -> Option<(Hop, Caller)> {
        let index = self.question.index;
        let to = index.account().roles().get(role as usize)?.arn.clone();
        let action = assuming(&from);
        let key = (from.arn.clone(), role, is_first);
        let known = self.hops.borrow().get(&key).cloned();
        let told = match known {
            Some(told) => told,
            None => {
                let explanation = self.explain_hop(&from, role, is_first)?;
                let is_full = self.question.wanted.explain;
                let told = Rc::new(Told::new(explanation, &to, is_full));
                self.hops.borrow_mut().insert(key, told.clone());
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
        let arn = &self
            .question
            .index
            .account()
            .roles()
            .get(role as usize)?
            .arn;
        if self.question.wanted.explain {
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
