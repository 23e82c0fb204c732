//! The rows of an answer, with their reasons.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::{Question, how};
use crate::access::{Caller, Chains, Counts, Decision, Node, Requirement, Way, WhoCan, is_able};
use crate::report::hops::{Hop, Hops, Told};

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

/// Makes rows. What several have in common is made once.
pub(super) struct Teller<'a> {
    question: &'a Question<'a>,
    hops: Hops<'a>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(question: &'a Question<'a>, chains: Option<&'a Chains<'a>>) -> Self {
        Self {
            question,
            hops: Hops::new(question.index, chains, question.wanted.explain),
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
        let last = match way.roles.last() {
            None => Rc::new(Told::new(who.explain(node, is_full)?, resource, is_full)),
            Some(role) => match lasts.get(role) {
                Some(told) => told.clone(),
                None => {
                    let explanation = who.explain_with(*role, is_full)?;
                    let told = Rc::new(Told::new(explanation, resource, is_full));
                    lasts.insert(*role, told.clone());
                    told
                }
            },
        };
        let hops = self.hops.along(caller, &way.roles)?;
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
}
