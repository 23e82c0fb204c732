//! Who can do something, by themselves or through roles.
//!
//! The direct answers come first; then the graph of roles is gone through backwards from the
//! roles that can. Every role is visited once for what is sure and once for what may be, so that
//! cycles are harmless.

use std::cell::OnceCell;
use std::collections::VecDeque;

use super::asked::{Asked, Counts};
use super::outside::Outside;
use super::reach::{Edge, Reach, assuming, for_role, later, role_of};
use super::{Index, Node};
use crate::access::caller::Caller;
use crate::access::pose::{Posed, Terms, pose};
use crate::access::verdict::Decision;
use crate::iam::Kind;

/// The most ways that are told of one principal.
const WAYS: usize = 10;

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
    reach: OnceCell<(Reach, Option<Reach>)>,
}

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

    fn reach(&self) -> &(Reach, Option<Reach>) {
        self.reach.get_or_init(|| {
            let first = Reach::new(self.index, &self.first);
            let later = self
                .differs
                .then(|| Reach::new(self.index, &self.later));
            (first, later)
        })
    }

    /// The first request of a chain.
    fn at_first(&self) -> &Reach {
        &self.reach().0
    }

    /// The requests after it.
    fn later_on(&self) -> &Reach {
        let (first, later) = self.reach();
        later.as_ref().unwrap_or(first)
    }

    /// The request with which `from` assumes a role, as the first one or a later one.
    pub fn hop<'s>(&'s self, from: Caller, role: &'s str, is_first: bool) -> Posed<'s> {
        let terms = if is_first { &self.first } else { &self.later };
        let action = assuming(&from);
        pose(self.index.account(), terms, from, action, role)
    }

    /// The roles that somebody can assume one after the other, each by the shortest of the
    /// surest ways, the nearest first.
    pub fn reachable(&self, from: Node) -> Vec<Way> {
        let roles = self.index.account().count(Kind::Role);
        let mut found: Vec<Option<Way>> = vec![None; roles];
        for is_sure in [true, false] {
            let mut queue: VecDeque<Way> = VecDeque::new();
            let mut seen = vec![false; roles];
            let step = |way: Option<&Way>, edge: &Edge| {
                let before = way.map_or(Decision::Allowed, |way| way.decision);
                let mut via = way.map_or_else(Vec::new, |way| way.roles.clone());
                via.push(edge.other());
                Way {
                    decision: if edge.is_sure() { before } else { Decision::Conditional },
                    roles: via,
                }
            };
            let fits = |edge: &&Edge| edge.is_sure() || !is_sure;
            let first = self.at_first().from(from);
            queue.extend(first.iter().filter(fits).map(|edge| step(None, edge)));
            while let Some(way) = queue.pop_front() {
                let Some(last) = way.roles.last().map(|role| *role as usize) else {
                    continue;
                };
                if std::mem::replace(&mut seen[last], true) {
                    continue;
                }
                let node = Node(self.index.person(Kind::Role, last));
                let next = self.later_on().from(node).iter().filter(fits);
                queue.extend(next.filter(|it| !seen[it.other() as usize]).map(|it| step(Some(&way), it)));
                found[last].get_or_insert(way);
            }
        }
        let own = role_of(self.index, from);
        let others = found.into_iter().enumerate();
        let others = others.filter(|(role, _)| Some(*role) != own);
        let mut ways: Vec<Way> = others.filter_map(|(_, way)| way).collect();
        ways.sort_by_key(|way| (way.roles.len(), way.decision));
        ways
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

/// One principal of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Who.
    pub node: Node,
    /// The best that comes of it, directly or through roles.
    pub decision: Decision,
}

/// How far a role is from being able.
#[derive(Debug, Clone, Copy)]
struct Steps {
    /// How many roles are to be assumed from here on; none where it is able itself.
    steps: u32,
    next: u32,
}

/// The answer to who can do something.
#[derive(Debug)]
pub struct WhoCan<'a> {
    index: &'a Index,
    asked: Asked<'a>,
    chains: Option<&'a Chains<'a>>,
    /// Whom the resource's policy names besides.
    besides: Vec<Caller>,
    /// By node, what comes of the direct request.
    direct: Vec<Decision>,
    /// By role: the shortest way that is sure, and the shortest of all.
    sure: Vec<Option<Steps>>,
    any: Vec<Option<Steps>>,
}

impl<'a> WhoCan<'a> {
    /// Asks everybody of the account, and whom its policies name from outside. With `chains`,
    /// which must be of the same index and terms, also through roles.
    pub fn new(
        index: &'a Index,
        terms: &'a Terms<'a>,
        chains: Option<&'a Chains<'a>>,
        action: &str,
        resource: &'a str,
    ) -> Self {
        let asked = index.ask(terms, action, resource);
        let besides = besides(index, &asked);
        let mut found = Self {
            index,
            chains,
            direct: asked.decisions().map(|row| row.decision).collect(),
            asked,
            besides,
            sure: Vec::new(),
            any: Vec::new(),
        };
        let outsiders = found.first_outside()..found.node_count();
        for at in outsiders {
            let decision = match found.direct_question(terms, Node(at as u32)) {
                Some(posed) => posed.question.decide().decision,
                None => Decision::ImplicitDeny,
            };
            found.direct.push(decision);
        }
        if let Some(chains) = chains {
            found.follow(chains, action, resource);
        }
        found
    }

    /// Where the root user and those from outside begin.
    fn first_outside(&self) -> usize {
        self.index.len()
    }

    fn node_count(&self) -> usize {
        self.index.node_count() + self.besides.len()
    }

    /// What is asked, with what is taken for granted. Its caller is nobody in particular.
    pub fn posed(&self) -> &Posed<'a> {
        self.asked.posed()
    }

    /// The question about everybody.
    pub fn asked(&self) -> &Asked<'a> {
        &self.asked
    }

    /// A node of the answer as the one who asks.
    pub fn caller_of(&self, node: Node) -> Option<Caller> {
        let more = (node.0 as usize).checked_sub(self.index.node_count());
        match more {
            Some(at) => self.besides.get(at).cloned(),
            None => self.index.caller_of(node),
        }
    }

    /// The direct request of a node.
    pub fn direct_question<'s>(&'s self, terms: &'s Terms<'s>, node: Node) -> Option<Posed<'s>> {
        let question = &self.asked.posed().question;
        let caller = self.caller_of(node)?;
        let account = self.index.account();
        Some(pose(account, terms, caller, &question.action, &question.resource))
    }

    /// Goes backwards from the roles that can.
    fn follow(&mut self, chains: &'a Chains<'a>, action: &str, resource: &str) {
        let users = self.index.account().users().len();
        let roles = users..self.index.len();
        let decisions: Vec<Decision> = if chains.differs {
            let asked = self.index.ask(&chains.last, action, resource);
            roles.map(|who| asked.decision(who as u32)).collect()
        } else {
            self.direct[roles].to_vec()
        };
        let reach = chains.later_on();
        let go = |starts: &dyn Fn(Decision) -> bool, takes: &dyn Fn(&Edge) -> bool| {
            let mut ways: Vec<Option<Steps>> = vec![None; decisions.len()];
            let mut queue = VecDeque::new();
            for (role, decision) in decisions.iter().enumerate() {
                if starts(*decision) {
                    ways[role] = Some(Steps { steps: 0, next: 0 });
                    queue.push_back((role, 0));
                }
            }
            while let Some((role, steps)) = queue.pop_front() {
                for edge in reach.to(role).iter().filter(|it| takes(it)) {
                    let Some(from) = role_of(self.index, Node(edge.other())) else {
                        continue;
                    };
                    if ways[from].is_none() {
                        ways[from] = Some(Steps {
                            steps: steps + 1,
                            next: role as u32,
                        });
                        queue.push_back((from, steps + 1));
                    }
                }
            }
            ways
        };
        self.sure = go(&|it| it == Decision::Allowed, &|edge| edge.is_sure());
        self.any = go(&is_able, &|_| true);
    }

    /// What comes of assuming a role and going on from there, and how many roles that takes.
    fn through(&self, edge: &Edge) -> Option<(Decision, u32)> {
        let role = edge.other() as usize;
        let sure = self.sure.get(role).copied().flatten();
        if let (true, Some(way)) = (edge.is_sure(), sure) {
            return Some((Decision::Allowed, way.steps + 1));
        }
        let any = self.any.get(role).copied().flatten()?;
        Some((Decision::Conditional, any.steps + 1))
    }

    /// The best that comes of all ways of a node.
    pub fn decision(&self, node: Node) -> Decision {
        let direct = self.direct[node.0 as usize];
        if direct == Decision::Allowed {
            return direct;
        }
        let edges = self.chains.map_or(&[][..], |it| it.at_first().from(node));
        let through = edges.iter().filter_map(|edge| self.through(edge));
        let best = through.map(|(decision, _)| decision).min();
        best.map_or(direct, |best| best.min(direct))
    }

    /// What comes of the direct request of a node.
    pub fn direct(&self, node: Node) -> Decision {
        self.direct[node.0 as usize]
    }

    /// Everybody, with how many of them come to what.
    pub fn all(&self) -> (Vec<Found>, Counts) {
        let mut counts = Counts::default();
        let nodes = (0..self.direct.len() as u32).map(Node);
        let found = nodes.map(|node| {
            let decision = self.decision(node);
            counts.add(decision);
            Found { node, decision }
        });
        let found = found.collect();
        (found, counts)
    }

    /// The ways in which a node can, the best first and of those the shortest; not all where
    /// there are very many.
    pub fn ways(&self, node: Node) -> Vec<Way> {
        let direct = self.direct[node.0 as usize];
        let edges = self.chains.map_or(&[][..], |it| it.at_first().from(node));
        let through = edges.iter().filter_map(|edge| {
            let (decision, steps) = self.through(edge)?;
            Some((decision, steps, *edge))
        });
        let mut through: Vec<_> = through.collect();
        through.sort_by_key(|(decision, steps, edge)| (*decision, *steps, edge.other()));
        let own = role_of(self.index, node).map(|role| role as u32);
        let mut ways: Vec<Way> = Vec::new();
        if is_able(direct) {
            ways.push(Way {
                decision: direct,
                roles: Vec::new(),
            });
        }
        for (decision, _, edge) in through {
            if ways.len() == WAYS {
                break;
            }
            let roles = self.roles_from(edge.other(), decision == Decision::Allowed);
            // A way that comes back to its beginning is a detour, unless there is no other.
            if ways.is_empty() || own.is_none_or(|own| !roles.contains(&own)) {
                ways.push(Way { decision, roles });
            }
        }
        ways.sort_by_key(|way| (way.decision, way.roles.len()));
        ways
    }

    fn roles_from(&self, first: u32, is_sure: bool) -> Vec<u32> {
        let ways = if is_sure { &self.sure } else { &self.any };
        let mut roles = vec![first];
        let mut at = first;
        while let Some(Some(way)) = ways.get(at as usize)
            && way.steps > 0
        {
            at = way.next;
            roles.push(at);
        }
        roles
    }
}

/// Whether somebody can, or can if more is met.
pub fn is_able(decision: Decision) -> bool {
    matches!(decision, Decision::Allowed | Decision::Conditional)
}

/// Whom the resource's policy names from outside that no trust policy names.
fn besides(index: &Index, asked: &Asked<'_>) -> Vec<Caller> {
    let layers = asked.posed().question.layers();
    let crate::access::ResourcePolicy::Stated(stated) = &layers.resource else {
        return Vec::new();
    };
    let Some(policy) = stated.policy else {
        return Vec::new();
    };
    let mut outside = Outside::default();
    outside.named_by(index, policy);
    let known = &index.outside().outside;
    let new = outside.list.into_iter();
    new.filter(|caller| known.find(&caller.arn).is_none())
        .collect()
}
