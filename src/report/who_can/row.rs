//! The rows of an answer, with their reasons.

use std::collections::HashMap;
use std::sync::Arc;

use super::how;
use crate::access::{
    Caller, Chains, Counts, Decision, Found, Index, Node, Requirement, Way, WhoCan, is_able,
    is_assume_role,
};
use crate::report::hops::{Hop, Hops, Told};
use crate::report::words::plural;

/// The answer for one action.
pub(super) struct Result<'r> {
    pub(super) action: &'r str,
    /// The resource that it was decided on.
    pub(super) resource: String,
    pub(super) rows: Vec<Row>,
    pub(super) counts: Counts,
}

/// One principal.
#[derive(Debug)]
pub struct Row {
    /// Who.
    pub caller: Caller,
    /// The best that comes of it.
    pub decision: Decision,
    /// The best first. Of who cannot, the direct request.
    pub paths: Vec<Path>,
}

/// One way to be able: the requests that follow each other.
#[derive(Debug)]
pub struct Path {
    /// What comes of it.
    pub decision: Decision,
    /// The roles that are assumed, in order.
    pub hops: Vec<Hop>,
    /// The request itself, by the principal or with the last role.
    pub last: Arc<Told>,
    /// The groups that the policies come by which decide it.
    pub groups: Vec<Arc<str>>,
    /// Whether the resource's policy is a trust policy.
    pub is_trust: bool,
}

impl Row {
    /// How it comes to that by the best of its ways, in a line: groups, roles and policies.
    pub fn how(&self) -> String {
        let how = self.paths.first().map(|path| how::in_words(self, path));
        how.unwrap_or_default()
    }

    /// The same, and how many more ways there are.
    pub fn at_best(&self) -> String {
        match self.paths.len() {
            0 | 1 => self.how(),
            count => format!("{} (+{})", self.how(), plural(count - 1, "more way")),
        }
    }
}

impl Path {
    /// What each request requires, with its place.
    pub fn requires(&self) -> Vec<(&Requirement, usize)> {
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

/// What came of the requests that were made with the last roles of chains, by role: many chains
/// end with the same.
pub(in crate::report) type Lasts = HashMap<u32, Arc<Told>>;

/// Makes rows. What several have in common is made once.
pub struct Teller<'a> {
    index: &'a Index,
    hops: Hops<'a>,
    /// Whether every layer is told.
    is_full: bool,
}

impl<'a> Teller<'a> {
    /// For answers with these chains; with `is_full`, rows tell what every layer says.
    pub fn new(index: &'a Index, chains: Option<&'a Chains<'a>>, is_full: bool) -> Self {
        Self {
            index,
            hops: Hops::new(index, chains, is_full),
            is_full,
        }
    }

    /// The rows of these principals.
    pub fn rows(&self, who: &WhoCan<'a>, found: &[Found]) -> Vec<Row> {
        let mut lasts = Lasts::new();
        let rows = found.iter();
        rows.filter_map(|it| self.row(who, it, &mut lasts))
            .collect()
    }

    /// The row of one of them.
    pub(in crate::report) fn row(
        &self,
        who: &WhoCan<'a>,
        found: &Found,
        lasts: &mut Lasts,
    ) -> Option<Row> {
        let Found { node, decision } = *found;
        let caller = who.caller_of(node)?;
        let mut ways = who.ways(node);
        if ways.is_empty() {
            ways.push(Way {
                decision,
                roles: Vec::new(),
            });
        }
        let paths = ways.iter();
        let paths = paths.filter_map(|way| self.path(who, node, &caller, way, lasts));
        Some(Row {
            decision,
            paths: paths.collect(),
            caller,
        })
    }

    /// The answer for one action; with `all`, those who cannot, too.
    pub(super) fn result<'r>(&self, action: &'r str, who: &WhoCan<'a>, all: bool) -> Result<'r> {
        let (mut found, counts) = who.all();
        if !all {
            found.retain(|it| is_able(it.decision));
        }
        found.sort_by_key(|it| (it.decision, it.node));
        Result {
            action,
            resource: who.posed().question.resource.to_string(),
            rows: self.rows(who, &found),
            counts,
        }
    }

    fn path(
        &self,
        who: &WhoCan<'a>,
        node: Node,
        caller: &Caller,
        way: &Way,
        lasts: &mut Lasts,
    ) -> Option<Path> {
        let resource = &who.posed().question.resource;
        let is_full = self.is_full;
        let last = match way.roles.last() {
            None => Arc::new(Told::new(who.explain(node, is_full)?, resource, is_full)),
            Some(role) => match lasts.get(role) {
                Some(told) => told.clone(),
                None => {
                    let explanation = who.explain_with(*role, is_full)?;
                    let told = Arc::new(Told::new(explanation, resource, is_full));
                    lasts.insert(*role, told.clone());
                    told
                }
            },
        };
        let hops = self.hops.along(caller, &way.roles)?;
        let groups = match hops.is_empty() {
            true => how::groups(self.index.account(), caller, &last.explanation),
            false => Vec::new(),
        };
        Some(Path {
            decision: way.decision,
            hops,
            last,
            groups,
            is_trust: is_assume_role(&who.posed().question.action.to_ascii_lowercase()),
        })
    }
}
