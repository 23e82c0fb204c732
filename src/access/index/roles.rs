//! Who can assume which of many roles, as one question about a pattern of them.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::reach::{Edge, is_sure};
use super::says::AboutAction;
use super::survey::Survey;
use super::{Index, Map, Node};
use crate::access::ask::{Granted, together};
use crate::access::caller::Caller;
use crate::access::explain::{Explanation, Layer};
use crate::access::pose::{Terms, pose};
use crate::access::verdict::Decision;
use crate::policy::{Matched, Scope};

/// Of how many roles the trust policies are told.
const TOLD: usize = 10;

/// What came of the roles for one node.
#[derive(Debug, Clone, Default)]
struct Tally {
    /// The roles that it can assume, by position.
    granted: Vec<Edge>,
    denied: usize,
}

impl Tally {
    fn add(&mut self, role: u32, decision: Decision) {
        match is_sure(decision) {
            Some(is_sure) => self.granted.push(Edge::new(role, is_sure)),
            None => self.denied += usize::from(decision == Decision::ExplicitDeny),
        }
    }

    /// What comes of all of them, of which there are `roles`.
    fn decision(&self, roles: usize) -> Decision {
        let is_every = |count| roles > 0 && count == roles;
        if is_every(self.granted.len()) && self.granted.iter().all(|it| it.is_sure()) {
            Decision::Allowed
        } else if !self.granted.is_empty() {
            Decision::Conditional
        } else if is_every(self.denied) {
            Decision::ExplicitDeny
        } else {
            Decision::ImplicitDeny
        }
    }
}

/// A question about an action that assumes roles, on all roles of a scope.
#[derive(Debug)]
pub(super) struct OnRoles<'a> {
    index: &'a Index,
    terms: &'a Terms<'a>,
    action: String,
    scope: Arc<Scope>,
    /// How many roles there are.
    roles: usize,
    /// By node.
    tallies: Vec<Tally>,
    surveys: RefCell<Map<u32, Rc<Survey<'a>>>>,
}

impl<'a> OnRoles<'a> {
    /// Asks everybody about each role.
    pub(super) fn new(
        index: &'a Index,
        terms: &'a Terms<'a>,
        action: &str,
        scope: Arc<Scope>,
    ) -> Self {
        let about = Rc::new(AboutAction::new(index, &action.to_ascii_lowercase()));
        let is_bound = terms.organization_of(index.account()).is_some();
        let may_be_denied = is_bound || about.has_denies();
        let mut tallies = vec![Tally::default(); index.node_count()];
        let matching = index.account().roles().iter().zip(0u32..);
        let matching = matching.filter(|(role, _)| scope.contains(&role.arn) == Matched::Yes);
        let others = (index.root().0..index.node_count() as u32).map(Node);
        let others: Vec<(Node, Caller)> = others
            .filter_map(|node| Some((node, index.caller_of(node)?)))
            .collect();
        let mut roles = 0;
        for (role, at) in matching {
            roles += 1;
            let number = index.trusts().number(at as usize);
            let trust = number.map(|number| &index.trusts().list()[number]);
            // Whoever is not named is denied, and only implicitly.
            let names_insiders = trust.is_none_or(|trust| trust.names_insiders);
            if names_insiders || may_be_denied {
                let survey = Survey::new(index, terms, about.clone(), action, &role.arn);
                for who in 0..index.len() as u32 {
                    let tally = &mut tallies[who as usize];
                    // A deny counts only where every role is denied.
                    if tally.denied + 1 == roles || !survey.allows_nothing(who) {
                        tally.add(at, survey.decision(who));
                    }
                }
            }
            let trusted = number.map_or(&[][..], |number| &index.outside().by_trust[number]);
            for (node, caller) in &others {
                let is_trusted = trusted.iter().any(|it| index.outside_node(*it) == *node);
                let is_root = *node == index.root() && names_insiders;
                // Sessions of the account have policies of their own, which may deny.
                let is_inside = caller.has_identity() && caller.account == index.account().id;
                let is_asked = is_trusted || is_root || trust.is_none();
                if is_asked || is_bound || (is_inside && may_be_denied) {
                    let posed = pose(index.account(), terms, caller.clone(), action, &role.arn);
                    tallies[node.0 as usize].add(at, posed.question.decide().decision);
                }
            }
        }
        Self {
            index,
            terms,
            action: action.to_owned(),
            scope,
            roles,
            tallies,
            surveys: RefCell::default(),
        }
    }

    /// What comes of it by node.
    pub(super) fn decisions(&self) -> impl Iterator<Item = Decision> {
        self.tallies.iter().map(|it| it.decision(self.roles))
    }

    /// How many roles there are.
    pub(super) fn count(&self) -> usize {
        self.roles
    }

    /// The answer to a node. `shared` is what the layers that are the same for every role say; the
    /// trust policies of the first roles that it can assume are told.
    pub(super) fn explain(
        &self,
        node: Node,
        caller: &Caller,
        mut shared: Explanation,
    ) -> Explanation {
        let Some(tally) = self.tallies.get(node.0 as usize) else {
            return shared;
        };
        let mut granted = Vec::with_capacity(tally.granted.len());
        for (at, edge) in tally.granted.iter().enumerate() {
            let Some(role) = self.index.account().roles().get(edge.other() as usize) else {
                continue;
            };
            let mut requires = None;
            if at < TOLD || !edge.is_sure() {
                let answer = self.survey(edge.other(), &role.arn).explain(caller.clone());
                requires = answer.verdict.requires;
                let trust = answer.layers.into_iter();
                let trust = trust.filter(|says| says.layer == Layer::Resource);
                shared.layers.extend(trust.filter(|_| at < TOLD));
            }
            granted.push(Granted {
                arn: &role.arn,
                requires,
            });
        }
        shared.layers.sort_by_key(|says| says.layer);
        shared.verdict = together(granted, tally.denied, self.roles, &self.scope);
        shared
    }

    fn survey(&self, at: u32, role: &'a str) -> Rc<Survey<'a>> {
        let mut surveys = self.surveys.borrow_mut();
        let survey = surveys
            .entry(at)
            .or_insert_with(|| Rc::new(self.index.ask(self.terms, &self.action, role)));
        survey.clone()
    }
}
