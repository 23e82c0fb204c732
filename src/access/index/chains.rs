//! Chains of roles: one is assumed, and with it the next.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::sync::Arc;

use super::reach::{Edge, Reach, assuming, for_role, later, of_stranger, role_of};
use super::survey::Survey;
use super::{Index, is_able};
use crate::access::ask::{Asked, Granted, ask, together};
use crate::access::caller::Caller;
use crate::access::pose::Terms;
use crate::access::verdict::{Decision, Verdict};
use crate::iam::Kind;
use crate::policy::Scope;

/// Who can assume which role, for questions with the same terms: made once, when the first
/// question needs it.
#[derive(Debug)]
pub struct Chains<'a> {
    index: &'a Index,
    /// The terms of the first request for a role, of later ones, and of what is done at the end.
    first: Terms<'a>,
    later: Terms<'a>,
    last: Terms<'a>,
    /// Whether a later request is asked on other terms than the first.
    differs: bool,
    reach: OnceCell<Arc<(Reach, Option<Reach>)>>,
}

/// Who can assume which role in an account on some terms, as [`Chains`] has found out; to be
/// kept while questions with the same terms follow.
#[derive(Debug, Clone)]
pub struct Reaches(Arc<(Reach, Option<Reach>)>);

impl<'a> Chains<'a> {
    /// For questions with these terms.
    pub fn new(index: &'a Index, terms: &Terms<'a>) -> Self {
        let last = later(terms);
        Self {
            index,
            first: for_role(terms),
            later: for_role(&last),
            differs: last.context.len() != terms.context.len() || terms.session_policy.is_some(),
            last,
            reach: OnceCell::new(),
        }
    }

    /// The same, of which it was found out before who can assume which role: with an index of the
    /// same account, and the same terms.
    pub fn known(index: &'a Index, terms: &Terms<'a>, reaches: Reaches) -> Self {
        Self {
            reach: OnceCell::from(reaches.0),
            ..Self::new(index, terms)
        }
    }

    /// Who can assume which role: found out now, if no question has needed it before.
    pub fn reaches(&self) -> Reaches {
        Reaches(self.reach().clone())
    }

    fn reach(&self) -> &Arc<(Reach, Option<Reach>)> {
        self.reach.get_or_init(|| {
            let first = Reach::new(self.index, &self.first);
            let later = self.differs.then(|| Reach::new(self.index, &self.later));
            Arc::new((first, later))
        })
    }

    /// The first request of a chain.
    pub(super) fn at_first(&self) -> &Reach {
        &self.reach().0
    }

    /// The requests after it.
    pub(super) fn later_on(&self) -> &Reach {
        let (first, later) = &**self.reach();
        later.as_ref().unwrap_or(first)
    }

    /// The request with which `from` assumes a role, as the first one or a later one.
    pub fn hop<'s>(&'s self, from: Caller, role: &'s str, is_first: bool) -> Asked<'s> {
        let terms = if is_first { &self.first } else { &self.later };
        let action = assuming(&from);
        ask(self.index.account(), terms, from, action, role)
    }

    /// The same request as a question to everybody who asks as `action` has it, which explains
    /// many of them faster.
    pub fn hops(&'a self, action: &str, role: &'a str, is_first: bool) -> Survey<'a> {
        let terms = if is_first { &self.first } else { &self.later };
        self.index.ask(terms, action, role)
    }

    /// The terms of the first request for a role.
    pub(super) fn first(&self) -> &Terms<'a> {
        &self.first
    }

    /// The terms of what is done with the last role.
    pub(super) fn last(&self) -> &Terms<'a> {
        &self.last
    }

    /// Whether later requests are asked on other terms than the first.
    pub(super) fn differs(&self) -> bool {
        self.differs
    }

    /// The roles that somebody can assume one after the other, each by the shortest of the
    /// surest ways, the nearest first. Its own role is not among them.
    pub fn reachable(&self, from: &Caller) -> Vec<Way> {
        let first = self.first_of(from);
        let mut found: Vec<Option<Way>> = vec![None; self.index.account().count(Kind::Role)];
        for is_sure in [true, false] {
            self.go(&first, is_sure, &mut found);
        }
        let own = self
            .index
            .node_of(from)
            .and_then(|it| role_of(self.index, it));
        let others = found.into_iter().enumerate();
        let others = others.filter(|(role, _)| Some(*role) != own);
        let mut ways: Vec<Way> = others.filter_map(|(_, way)| way).collect();
        ways.sort_by_key(|way| (way.roles.len(), way.decision));
        ways
    }

    /// What comes of assuming roles, whichever: the answer to that action on `*`, where it is not
    /// a denial.
    pub fn assumes(&self, from: &Caller) -> Option<Verdict> {
        let roles = self.index.account().roles();
        let first = self.first_of(from);
        let known = first
            .iter()
            .map(|edge| (edge.other() as usize, edge.is_sure()));
        // Nobody has read whom these trust.
        let unread = roles.iter().enumerate();
        let unread = unread.filter(|(_, role)| role.trust.known().is_none());
        let mut granted: Vec<_> = known.chain(unread.map(|(at, _)| (at, false))).collect();
        granted.sort_unstable();
        let granted = granted.into_iter().filter_map(|(at, is_sure)| {
            let arn = &*roles.get(at)?.arn;
            let mut requires = None;
            if !is_sure {
                let verdict = self.hop(from.clone(), arn, true).explanation.verdict;
                requires = verdict.requires;
                is_able(verdict.decision).then_some(())?;
            }
            Some(Granted { arn, requires })
        });
        let granted: Vec<_> = granted.collect();
        let scope = Arc::new(Scope::new("*"));
        (!granted.is_empty()).then(|| together(granted, 0, roles.len(), &scope))
    }

    /// The roles that somebody can assume themselves.
    fn first_of(&self, from: &Caller) -> Vec<Edge> {
        if let Some(node) = self.index.node_of(from) {
            return self.at_first().from(node).to_vec();
        }
        of_stranger(self.index, &self.first, from)
    }

    /// Goes on from the first roles, over what is sure or over everything. What is found already
    /// stays.
    fn go(&self, first: &[Edge], is_sure: bool, found: &mut [Option<Way>]) {
        let fits = |edge: &&Edge| edge.is_sure() || !is_sure;
        let step = |before: Option<&Way>, edge: &Edge| {
            let decision = before.map_or(Decision::Allowed, |way| way.decision);
            let mut roles = before.map_or_else(Vec::new, |way| way.roles.clone());
            roles.push(edge.other());
            Way {
                decision: match edge.is_sure() {
                    true => decision,
                    false => Decision::Conditional,
                },
                roles,
            }
        };
        let mut seen = vec![false; found.len()];
        let mut queue: VecDeque<Way> = first.iter().filter(fits).map(|it| step(None, it)).collect();
        while let Some(way) = queue.pop_front() {
            let Some(last) = way.roles.last().map(|role| *role as usize) else {
                continue;
            };
            if std::mem::replace(&mut seen[last], true) {
                continue;
            }
            let next = self.later_on().from(self.index.role(last as u32)).iter();
            let next = next.filter(fits).filter(|it| !seen[it.other() as usize]);
            queue.extend(next.map(|it| step(Some(&way), it)));
            found[last].get_or_insert(way);
        }
    }
}

/// A way to be able: the roles in order, none where it is direct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What comes of it, every request taken together.
    pub decision: Decision,
    /// The positions of the roles.
    pub roles: Vec<u32>,
}
