//! What is told of single principals: a row of the table, or everything.

use std::sync::Arc;

use compact_str::CompactString;

use crate::access::{
    self, CallerKind, Decision, Fact, Found, NoRemedy, Node, Remedy, Requirement, Stored, WhoCan,
    ask, principal, remedy, stored,
};
use crate::iam::Kind;
use crate::report::denied::Comparison;
use crate::report::simulator;
use crate::report::who_can::{Row, Teller, conditions};

use super::single::Singles;
use super::{Asked, Told};

/// The cells of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// How it comes to that: groups, roles, policies.
    pub how: String,
    /// What must be met, in short.
    pub conditions: String,
    /// What that is about, in a word each.
    pub about: String,
}

/// Everything about one principal.
#[derive(Debug)]
pub struct Why {
    /// Who.
    pub node: Node,
    /// Which of the actions it is about.
    pub action: usize,
    /// The ways, with what every layer says.
    pub row: Row,
    /// The resource that it was decided on.
    pub resource: String,
    /// What is known of the request.
    pub facts: Vec<(CompactString, Fact)>,
    /// What comes of each action, where there are several; none where there are too many.
    pub by_action: Vec<Decision>,
    /// Where it is denied: the smallest change that would allow it.
    pub remedy: Option<Result<Remedy, NoRemedy>>,
    /// The user or role that AWS's own simulator would be asked about.
    pub source: Option<String>,
    /// The policy of the resource that it would be handed.
    pub resource_policy: Option<String>,
    /// What it ignores in this case.
    pub ignored: Vec<String>,
    /// How a message about a denied request goes together with the answer.
    pub comparison: Option<Comparison>,
}

impl Asked {
    /// Tells rows, and everything of one.
    pub(super) fn tell(
        &self,
        nodes: &[Node],
        why: Option<(Node, Option<usize>)>,
        singles: &Singles<'_>,
    ) -> Told {
        let answer = &self.answer;
        let mut cells = Vec::with_capacity(nodes.len());
        let mut by_action: Vec<(usize, Vec<Node>)> = Vec::new();
        for node in nodes {
            let Some(standing) = answer.standing(*node) else {
                continue;
            };
            let action = standing.action as usize;
            match by_action.iter_mut().find(|(at, _)| *at == action) {
                Some((_, list)) => list.push(*node),
                None => by_action.push((action, vec![*node])),
            }
        }
        for (action, nodes) in by_action {
            let Some(who) = singles.kept(action) else {
                continue;
            };
            let teller = Teller::new(singles.index, singles.chains, false);
            let found = nodes.iter().filter_map(|node| self.found(&who, *node));
            let found: Vec<Found> = found.collect();
            let resource = &who.posed().question.resource;
            let rows = teller.rows(&who, &found);
            let told = nodes.iter().zip(rows);
            cells.extend(told.map(|(node, row)| (*node, Cells::new(&row, resource))));
        }
        let why = why.and_then(|(node, action)| self.why(node, action, singles));
        Told {
            generation: answer.generation,
            cells,
            why: why.map(Arc::new),
        }
    }

    /// A node in the answer to one action.
    fn found(&self, who: &WhoCan<'_>, node: Node) -> Option<Found> {
        let is_of_index = (node.0 as usize) < self.answer.index.node_count();
        let node = match is_of_index {
            true => node,
            false => who.find(self.answer.arn(node)?)?,
        };
        let decision = who.decision(node);
        Some(Found { node, decision })
    }

    fn why(&self, node: Node, action: Option<usize>, singles: &Singles<'_>) -> Option<Why> {
        let answer = &self.answer;
        let standing = answer.standing(node)?;
        let action = action.unwrap_or(standing.action as usize);
        let terms = singles.terms;
        let who = singles.kept(action)?;
        let found = self.found(&who, node)?;
        let rows = Teller::new(singles.index, singles.chains, true).rows(&who, &[found]);
        let row = rows.into_iter().next()?;
        let name = answer.question.actions.get(action)?;
        let account = answer.index.account();
        let resource = &answer.question.resource;
        let asked = ask(account, terms, row.caller.clone(), name, resource);
        let posed = &asked.posed;
        let facts = posed.question.facts.known();
        let comparison = self.compared(&asked, &row);
        let source = simulator::policy_source(account, &posed.question);
        // It takes the policy of a resource for users only.
        let is_user = matches!(row.caller.kind, CallerKind::User { .. });
        let resource_policy = match stored(account, &posed.question.resource, None) {
            Stored::Text(text) if is_user && Kind::of_arn(&posed.question.resource).is_none() => {
                Some(text.to_owned())
            }
            _ => None,
        };
        Some(Why {
            node,
            action,
            resource: posed.question.resource.to_string(),
            facts: facts
                .map(|(key, fact)| (key.into(), fact.clone()))
                .collect(),
            by_action: match answer.question.actions.len() {
                1 => Vec::new(),
                _ => self.by_action(node),
            },
            remedy: remedy(account, terms, &asked),
            source,
            resource_policy,
            ignored: simulator::ignored(&asked),
            comparison,
            row,
        })
    }

    /// How the message that posed the question goes together with the answer, if it is about this
    /// row.
    fn compared(&self, asked: &access::Asked<'_>, row: &Row) -> Option<Comparison> {
        let denied = self.answer.question.denied.as_ref()?;
        let account = self.answer.index.account();
        let caller = principal(account, denied.principal.as_deref()?).ok()?;
        let is_it = match &caller.kind {
            CallerKind::Session { role, .. } => {
                matches!(&row.caller.kind, CallerKind::Role { name } if name == role)
                    && caller.account == row.caller.account
            }
            _ => caller.arn == row.caller.arn,
        };
        is_it.then(|| Comparison::new(denied.reason.as_ref(), asked))
    }
}

/// What a requirement is about, in a word each.
fn words(requirement: &Requirement, found: &mut Vec<String>) {
    let unmet = match requirement {
        Requirement::All(list) | Requirement::Any(list) => {
            return list.iter().for_each(|it| words(it, found));
        }
        Requirement::Is(unmet) | Requirement::Not(unmet) => unmet,
    };
    let word = match (unmet.operator.as_str(), unmet.key.as_str()) {
        ("Policy", _) => "a policy not known".to_owned(),
        ("Resource", _) => "resource".to_owned(),
        (_, key) => in_a_word(key),
    };
    if !found.contains(&word) {
        found.push(word);
    }
}

/// A condition key in a word: without the service, and tags by their name.
fn in_a_word(key: &str) -> String {
    let name = key.rsplit(':').next().unwrap_or(key);
    match name.split_once('/') {
        Some((kind, tag)) if kind.to_ascii_lowercase().ends_with("tag") => format!("tag {tag}"),
        _ if name.to_ascii_lowercase().starts_with("multifactorauth") => "MFA".to_owned(),
        _ => name.to_owned(),
    }
}

impl Cells {
    fn new(row: &Row, resource: &str) -> Self {
        let best = row.paths.first();
        let mut about = Vec::new();
        if let Some(path) = best {
            let apart = path.last.apart.as_ref().filter(|it| it.is_separate);
            if apart.is_some_and(|it| it.extent.is_some()) {
                about.push("resource".to_owned());
            }
            for (requirement, _) in path.requires() {
                words(requirement, &mut about);
            }
        }
        let conditions = best.map(|path| conditions(path, resource));
        Self {
            about: about.join(", "),
            how: row.how(),
            conditions: conditions.unwrap_or_default().join("; "),
        }
    }
}
