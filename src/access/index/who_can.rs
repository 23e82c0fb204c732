//! Who can do something, by themselves or through roles.
//!
//! The direct answers come first; then the graph of roles is gone through backwards from the
//! roles that can. Every role is visited once for what is sure and once for what may be, so that
//! cycles are harmless.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::sync::Arc;

use super::chains::{Chains, Way};
use super::outside::Outside;
use super::reach::{Edge, of_stranger, role_of};
use super::roles::OnRoles;
use super::survey::{Counts, Survey};
use super::{Index, Node};
use crate::access::ask::{Asked, ask, roles_asked};
use crate::access::caller::Caller;
use crate::access::condition::Condition;
use crate::access::explain::Explanation;
use crate::access::layers::ResourcePolicy;
use crate::access::pose::{Posed, Terms, principal};
use crate::access::verdict::Decision;

/// The most ways that are told of one principal.
const WAYS: usize = 10;

/// Of how many roles every reason is told.
const FEW: usize = 100;

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
    terms: &'a Terms<'a>,
    /// The resource as it was asked about.
    resource: &'a str,
    survey: Survey<'a>,
    /// The question as it is asked with the last role of a chain, where that is another.
    last: OnceCell<Survey<'a>>,
    /// Where the question is about many roles, each with a trust policy of its own: that, and as it
    /// is asked with the last role of a chain.
    on_roles: Option<OnRoles<'a>>,
    last_on_roles: Option<OnRoles<'a>>,
    chains: Option<&'a Chains<'a>>,
    /// Whom the resource's policy names besides, and the roles that each can assume.
    besides: Vec<Caller>,
    edges_besides: Vec<Vec<Edge>>,
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
        let survey = index.ask(terms, action, resource);
        let scope = roles_asked(index.account(), terms, &survey.posed().question);
        let on_roles = scope.map(|scope| OnRoles::new(index, terms, action, scope));
        let direct = match &on_roles {
            Some(on_roles) => on_roles.decisions().collect(),
            None => survey.decisions().map(|row| row.decision).collect(),
        };
        let mut found = Self {
            index,
            terms,
            resource,
            last: OnceCell::new(),
            on_roles,
            last_on_roles: None,
            chains,
            besides: besides(index, &survey),
            edges_besides: Vec::new(),
            survey,
            direct,
            sure: Vec::new(),
            any: Vec::new(),
        };
        for at in found.direct.len()..found.node_count() {
            let decision = match found.ask(Node(at as u32)) {
                Some(asked) => asked.explanation.verdict.decision,
                None => Decision::ImplicitDeny,
            };
            found.direct.push(decision);
        }
        if let Some(chains) = chains {
            let edges = |it: &Caller| of_stranger(index, chains.first(), it);
            found.edges_besides = found.besides.iter().map(edges).collect();
            found.follow(chains);
        }
        found
    }

    fn node_count(&self) -> usize {
        self.index.node_count() + self.besides.len()
    }

    /// What is asked, with what is taken for granted. Its caller is nobody in particular.
    pub fn posed(&self) -> &Posed<'a> {
        self.survey.posed()
    }

    /// The conditions that the direct answer may hang on.
    pub fn conditions(&self) -> Vec<Arc<Condition>> {
        self.survey.conditions()
    }

    /// The node with an ARN.
    pub fn find(&self, arn: &str) -> Option<Node> {
        let place = self.besides.iter().position(|it| it.arn == arn);
        let besides = place.map(|at| Node((self.index.node_count() + at) as u32));
        besides.or_else(|| {
            let caller = principal(self.index.account(), arn).ok()?;
            self.index.node_of(&caller)
        })
    }

    /// A node of the answer as the one who asks.
    pub fn caller_of(&self, node: Node) -> Option<Caller> {
        let more = (node.0 as usize).checked_sub(self.index.node_count());
        match more {
            Some(at) => self.besides.get(at).cloned(),
            None => self.index.caller_of(node),
        }
    }

    /// The answer to the direct request of a node, with the places that decide; and with `full`,
    /// what every layer says, and what comes close.
    pub fn explain(&self, node: Node, full: bool) -> Option<Explanation> {
        let caller = self.caller_of(node)?;
        let on_roles = self.on_roles.as_ref();
        Some(self.explain_as(node, caller, self.terms, &self.survey, on_roles, full))
    }

    /// The answer to the request with the last role of a chain, likewise.
    pub fn explain_with(&self, role: u32, full: bool) -> Option<Explanation> {
        let node = self.index.role(role);
        let chains = self.chains?;
        if !chains.differs() {
            return self.explain(node, full);
        }
        let caller = self.index.caller_of(node)?;
        let (survey, on_roles) = (self.asked_last(chains), self.last_on_roles.as_ref());
        Some(self.explain_as(node, caller, chains.last(), survey, on_roles, full))
    }

    /// The question as it is asked with the last role of a chain.
    fn asked_last(&self, chains: &'a Chains<'a>) -> &Survey<'a> {
        let action = &self.posed().question.action;
        let ask = || self.index.ask(chains.last(), action, self.resource);
        self.last.get_or_init(ask)
    }

    fn explain_as(
        &self,
        node: Node,
        caller: Caller,
        terms: &Terms<'a>,
        survey: &Survey<'a>,
        on_roles: Option<&OnRoles<'a>>,
        full: bool,
    ) -> Explanation {
        match on_roles {
            // Each role is gone through for all reasons.
            Some(on_roles) if !(full && on_roles.count() <= FEW) => {
                let shared = survey.explain(caller.clone());
                on_roles.explain(node, &caller, shared)
            }
            _ if full => self.ask_as(caller, terms).explanation,
            _ => survey.explain(caller),
        }
    }

    /// The direct request of a node, posed and answered by itself.
    fn ask(&self, node: Node) -> Option<Asked<'a>> {
        let caller = self.caller_of(node)?;
        Some(self.ask_as(caller, self.terms))
    }

    fn ask_as(&self, caller: Caller, terms: &Terms<'a>) -> Asked<'a> {
        let action = &self.posed().question.action;
        ask(self.index.account(), terms, caller, action, self.resource)
    }

    /// What comes of the request with each role at the end of a chain.
    fn at_last(&mut self, chains: &'a Chains<'a>) -> Vec<Decision> {
        let roles = self.index.account().users().len()..self.index.len();
        if !chains.differs() {
            return self.direct[roles].to_vec();
        }
        let (index, terms) = (self.index, chains.last());
        let question = &self.posed().question;
        let Some(scope) = roles_asked(index.account(), terms, question) else {
            let survey = self.asked_last(chains);
            return roles.map(|who| survey.decision(who as u32)).collect();
        };
        let on_roles = OnRoles::new(index, terms, &question.action, scope);
        let decisions = on_roles.decisions().skip(roles.start).take(roles.len());
        let decisions = decisions.collect();
        self.last_on_roles = Some(on_roles);
        decisions
    }

    /// Goes backwards from the roles that can.
    fn follow(&mut self, chains: &'a Chains<'a>) {
        let decisions = self.at_last(chains);
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

    /// The roles that a node can assume first.
    fn edges(&self, node: Node) -> &[Edge] {
        match (node.0 as usize).checked_sub(self.index.node_count()) {
            Some(more) => self.edges_besides.get(more).map_or(&[], Vec::as_slice),
            None => self.chains.map_or(&[], |it| it.at_first().from(node)),
        }
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
        self.best(node).0
    }

    /// The same, and through how many roles it comes.
    pub fn best(&self, node: Node) -> (Decision, u32) {
        let direct = (self.direct[node.0 as usize], 0);
        if direct.0 == Decision::Allowed {
            return direct;
        }
        let through = self
            .edges(node)
            .iter()
            .filter_map(|edge| self.through(edge));
        through.min().map_or(direct, |best| best.min(direct))
    }

    /// What comes of the direct request of a node.
    pub fn direct(&self, node: Node) -> Decision {
        self.direct[node.0 as usize]
    }

    /// Everybody, with how many of them come to what.
    pub fn all(&self) -> (Vec<Found>, Counts) {
        let mut counts = Counts::default();
        let nodes = (0..self.direct.len() as u32).map(Node);
        // Of an account whose id nobody knows there is no root user to speak of.
        let has_root = self.index.account().id.is_some();
        let nodes = nodes.filter(|node| has_root || *node != self.index.root());
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
        let through = self.edges(node).iter().filter_map(|edge| {
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
            // A way that comes back to its beginning is a detour, unless no other is as good.
            let is_best = ways.iter().all(|way| way.decision > decision);
            if is_best || own.is_none_or(|own| !roles.contains(&own)) {
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
fn besides(index: &Index, survey: &Survey<'_>) -> Vec<Caller> {
    let layers = survey.posed().question.layers();
    let ResourcePolicy::Stated(stated) = &layers.resource else {
        return Vec::new();
    };
    let Some(policy) = stated.policy else {
        return Vec::new();
    };
    let mut outside = Outside::default();
    outside.take_in(index, policy);
    let known = &index.outside().outside;
    let new = outside.list.into_iter();
    new.filter(|caller| known.find(&caller.arn).is_none())
        .collect()
}
