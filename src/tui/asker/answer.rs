//! The answer, by node, however many actions it is about.

use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;

use crate::access::{Caller, Condition, Counts, Decision, Index, Node, WhoCan, is_able};
use crate::iam::Kind;
use crate::report::who_can::unread;

use super::Question;
use super::roster::{Place, Roster, kind};

/// The most bytes that are spent on which of many actions each principal can do.
const MATRIX: usize = 64 << 20;

/// How somebody stands to the actions of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The best that comes of any of the actions.
    pub decision: Decision,
    /// The first action of which that comes.
    pub action: u32,
    /// Through how many roles it comes.
    pub hops: u32,
    /// How many actions are allowed.
    pub allowed: u32,
    /// How many are conditional.
    pub conditional: u32,
}

/// Who a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// A user, by its position.
    User(usize),
    /// A role, by its position.
    Role(usize),
    /// The root user, or one from outside.
    Other(&'a Caller),
}

/// An answer, as far as it is known.
#[derive(Debug, Clone)]
pub struct Answer {
    /// That of the request.
    pub generation: u64,
    /// The question.
    pub question: Arc<Question>,
    /// The account that it is about.
    pub index: Arc<Index>,
    /// How many of the actions are answered.
    pub done: usize,
    /// The resource that it was decided on.
    pub resource: String,
    /// Whether roles that are assumed are still to be followed.
    pub chains_follow: bool,
    /// What it takes for granted.
    pub assumptions: Vec<String>,
    /// The keys of which something is known whoever asks, in lower case.
    pub known: Vec<CompactString>,
    /// The conditions that it may hang on.
    pub conditions: Vec<Arc<Condition>>,
    /// The time that it took.
    pub took: Duration,
    counts: Counts,
    roster: Arc<Roster>,
    /// By node: of the index, then of `others`.
    standing: Vec<Option<Standing>>,
    /// The root user, and those from outside.
    others: Arc<Vec<Caller>>,
}

impl Answer {
    /// Whether every action is answered.
    pub fn is_whole(&self) -> bool {
        self.done == self.question.actions.len() && !self.chains_follow
    }

    /// Everybody who was asked, with how they stand.
    pub fn all(&self) -> impl Iterator<Item = (Node, Standing)> {
        let all = self.standing.iter().zip(0u32..);
        all.filter_map(|(standing, node)| Some((Node(node), (*standing)?)))
    }

    /// How somebody stands.
    pub fn standing(&self, node: Node) -> Option<Standing> {
        self.standing.get(node.0 as usize).copied().flatten()
    }

    /// How a node of another answer stands in this one.
    pub fn standing_of(&self, other: &Self, node: Node) -> Option<Standing> {
        // In answers about the same account users and roles have the same nodes.
        if Arc::ptr_eq(&self.index, &other.index) && (node.0 as usize) < self.index.node_count() {
            return self.standing(node);
        }
        self.standing(self.find(other.arn(node)?)?)
    }

    /// How many come to what.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The answer as it stands, to be given away.
    pub(super) fn taking(&self, took: Duration) -> Self {
        let mut counts = Counts::default();
        self.all()
            .for_each(|(_, standing)| counts.add(standing.decision));
        Self {
            took,
            counts,
            ..self.clone()
        }
    }

    /// Who a node is.
    pub fn who(&self, node: Node) -> Option<Who<'_>> {
        let (at, users) = (node.0 as usize, self.index.account().users().len());
        if at < users {
            return Some(Who::User(at));
        }
        if at < self.index.len() {
            return Some(Who::Role(at - users));
        }
        self.others.get(at - self.index.len()).map(Who::Other)
    }

    /// A node as the one who asks.
    pub fn caller(&self, node: Node) -> Option<Caller> {
        match self.who(node)? {
            Who::Other(caller) => Some(caller.clone()),
            _ => self.index.caller_of(node),
        }
    }

    /// A node's ARN.
    pub fn arn(&self, node: Node) -> Option<&str> {
        let account = self.index.account();
        Some(match self.who(node)? {
            Who::User(at) => &account.users().get(at)?.arn,
            Who::Role(at) => &account.roles().get(at)?.arn,
            Who::Other(caller) => &caller.arn,
        })
    }

    /// The node with an ARN.
    pub fn find(&self, arn: &str) -> Option<Node> {
        let account = self.index.account();
        let users = account.users().len();
        let user = account.position(Kind::User, arn);
        let role = || account.position(Kind::Role, arn).map(|at| users + at);
        let other = || {
            let place = self.others.iter().position(|it| it.arn == arn)?;
            Some(self.index.len() + place)
        };
        let at = user.or_else(role).or_else(other)?;
        Some(Node(at as u32))
    }

    /// What the account's policies name as resources, in order.
    pub fn resources(&self) -> &Arc<Vec<String>> {
        &self.roster.resources
    }

    /// Where a node stands among all, by its name, type and path.
    pub fn place(&self, node: Node) -> Place {
        self.roster.place(node, self.index.root())
    }
}

/// An answer while it is made, with what is needed to tell more of it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The answer.
    pub(super) answer: Answer,
    /// By action and node, what comes of it; none where that would be too much.
    matrix: Option<Vec<Vec<Decision>>>,
}

impl Asked {
    pub(super) fn new(
        generation: u64,
        question: Arc<Question>,
        index: Arc<Index>,
        roster: Arc<Roster>,
    ) -> Self {
        let size = question.actions.len() * index.node_count();
        let others = (index.len()..index.node_count()).map(|at| Node(at as u32));
        let caller = |node| match index.caller_of(node) {
            Some(caller) => caller,
            // Of an account whose id nobody knows there is no root user to speak of.
            None => index.nobody(),
        };
        let others = others.map(caller).collect();
        let assumptions = unread(&index, question.follows_chains).collect();
        let answer = Answer {
            generation,
            resource: question.resource.clone(),
            question,
            done: 0,
            chains_follow: false,
            assumptions,
            known: Vec::new(),
            conditions: Vec::new(),
            took: Duration::ZERO,
            counts: Counts::default(),
            roster,
            standing: vec![None; index.node_count()],
            others: Arc::new(others),
            index,
        };
        Self {
            answer,
            matrix: (size <= MATRIX).then(Vec::new),
        }
    }

    /// Takes in the answer for the next action.
    pub(super) fn add(&mut self, who: &WhoCan<'_>) {
        let answer = &mut self.answer;
        let action = answer.done as u32;
        answer.done += 1;
        if action == 0 {
            let question = &who.posed().question;
            answer.resource = question.resource.to_string();
            let known = question.facts.known();
            answer.known = known.map(|(key, _)| key.into()).collect();
        }
        for assumption in &who.posed().assumptions {
            let text = assumption.to_string();
            if !answer.assumptions.contains(&text) {
                answer.assumptions.push(text);
            }
        }
        if answer.done <= CONDITIONS {
            for condition in who.conditions() {
                let known = &mut answer.conditions;
                if !known.iter().any(|it| it.is_written_as(&condition)) {
                    known.push(condition);
                }
            }
        }
        let (found, _) = who.all();
        let mut decisions = vec![Decision::ImplicitDeny; answer.standing.len()];
        for it in found {
            let node = self.answer.node_of(it.node, who);
            let at = node.0 as usize;
            let answer = &mut self.answer;
            if at >= answer.standing.len() {
                answer.standing.resize(at + 1, None);
            }
            if at >= decisions.len() {
                decisions.resize(at + 1, Decision::ImplicitDeny);
            }
            decisions[at] = it.decision;
            let standing = answer.standing[at].get_or_insert(Standing {
                decision: it.decision,
                action,
                hops: u32::MAX,
                allowed: 0,
                conditional: 0,
            });
            match it.decision {
                Decision::Allowed => standing.allowed += 1,
                Decision::Conditional => standing.conditional += 1,
                Decision::ExplicitDeny | Decision::ImplicitDeny => {}
            }
            if it.decision < standing.decision || standing.hops == u32::MAX {
                let hops = if is_able(it.decision) {
                    who.best(it.node).1
                } else {
                    0
                };
                (standing.decision, standing.action, standing.hops) = (it.decision, action, hops);
            }
        }
        if let Some(matrix) = &mut self.matrix {
            matrix.push(decisions);
        }
    }

    /// What comes of each action for somebody.
    pub(super) fn by_action(&self, node: Node) -> Vec<Decision> {
        let matrix = self.matrix.iter().flatten();
        let of = |row: &Vec<Decision>| row.get(node.0 as usize).copied();
        matrix
            .map(|row| of(row).unwrap_or(Decision::ImplicitDeny))
            .collect()
    }
}

/// Of how many actions the conditions are looked for.
const CONDITIONS: usize = 50;

impl Answer {
    /// The node of one whom an answer to one action is about: who is named by the resource's policy
    /// alone is numbered anew.
    fn node_of(&mut self, node: Node, who: &WhoCan<'_>) -> Node {
        if (node.0 as usize) < self.index.node_count() {
            return node;
        }
        let Some(caller) = who.caller_of(node) else {
            return node;
        };
        let others = Arc::make_mut(&mut self.others);
        let place = others.iter().position(|it| it.arn == caller.arn);
        let place = place.unwrap_or_else(|| {
            others.push(caller);
            others.len() - 1
        });
        Node((self.index.len() + place) as u32)
    }
}

impl Answer {
    /// The root user, and those from outside: the nodes after users and roles.
    pub fn others(&self) -> &[Caller] {
        &self.others
    }

    /// How many nodes there are.
    pub fn end(&self) -> usize {
        self.index.len() + self.others.len()
    }

    /// Whether somebody is neither of the account's users and roles, nor its root user.
    pub fn is_outside(&self, node: Node) -> bool {
        node.0 as usize >= self.index.len() && node != self.index.root()
    }

    /// Whether it is a role that a service made for itself.
    pub fn is_linked(&self, node: Node) -> bool {
        self.place(node).kind == kind::LINKED
    }
}
