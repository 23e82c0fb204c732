//! Who can become which role: the graph of `sts:AssumeRole*` over an account.
//!
//! An edge leads from somebody to a role that they can assume, plainly or if more is met. It is
//! the answer to that one request; what is known of its keys is a matter of the terms that the
//! graph was made with.

use std::rc::Rc;
use std::sync::Arc;

use super::grouped::Grouped;
use super::outside::Outside;
use super::says::AboutAction;
use super::survey::Survey;
use super::trusts::Trust;
use super::{Index, Map, Node};
use crate::access::caller::{Caller, CallerKind};
use crate::access::pose::{Terms, pose};
use crate::access::verdict::Decision;
use crate::iam::{Account, Kind, Role};

/// The action with which somebody assumes a role.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html>
pub fn assuming(caller: &Caller) -> &'static str {
    match caller.kind {
        CallerKind::Federated if caller.arn.contains(":saml-provider/") => "sts:AssumeRoleWithSAML",
        CallerKind::Federated => "sts:AssumeRoleWithWebIdentity",
        _ => "sts:AssumeRole",
    }
}

/// An edge: who assumes, or the position of the role that is assumed; and, in the lowest bit,
/// whether for sure. There may be millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Edge(u32);

impl Edge {
    pub(super) fn new(other: u32, is_sure: bool) -> Self {
        Self(other << 1 | u32::from(is_sure))
    }

    /// Who assumes, or which role is assumed.
    pub(super) fn other(self) -> u32 {
        self.0 >> 1
    }

    /// Whether it leads there whatever else is the case.
    pub(super) fn is_sure(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Who can assume which role.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    /// By role: who can assume it.
    to: Grouped<Edge>,
    /// By node: the roles that it can assume.
    from: Grouped<Edge>,
}

impl Reach {
    /// Asks who can assume each role.
    pub(super) fn new(index: &Index, terms: &Terms<'_>) -> Self {
        let about = Rc::new(AboutAction::new(index, "sts:assumerole"));
        let mentions = about.mentions();
        let people = index.people.list.iter().zip(0u32..);
        let candidates: Vec<u32> = people
            .filter(|(person, _)| {
                let held = index.people.held(person);
                held.iter().any(|doc| mentions[*doc as usize])
            })
            .map(|(_, who)| who)
            .collect();
        // Who assumes, and beside it which role.
        let (mut edges, mut roles) = (Vec::new(), Vec::new());
        let mut outsiders = Outsiders {
            index,
            terms,
            known: Map::default(),
        };
        for (at, role) in index.account().roles().iter().enumerate() {
            // Where nobody has read who may assume a role, everybody may, for all that is known:
            // that is told, but not followed.
            if let Some(number) = index.trusts().number(at) {
                let trust = &index.trusts().list()[number];
                if trust.names_insiders {
                    let asked =
                        Survey::new(index, terms, about.clone(), "sts:AssumeRole", &role.arn);
                    of_account(index, &asked, &candidates, &mut edges);
                }
                outsiders.of(number, &role.arn, &mut edges);
            }
            roles.resize(edges.len(), at as u32);
        }
        let count = index.account().count(Kind::Role);
        let nodes: Vec<u32> = edges.iter().map(|edge: &Edge| edge.other()).collect();
        let turned = edges.iter().zip(&roles);
        let turned = turned.map(|(edge, role)| Edge::new(*role, edge.is_sure()));
        Self {
            from: Grouped::new(index.node_count(), &nodes, turned),
            to: Grouped::new(count, &roles, edges.into_iter()),
        }
    }

    /// Who can assume the role at a position.
    pub(super) fn to(&self, role: usize) -> &[Edge] {
        self.to.of(role as u32)
    }

    /// The roles that somebody can assume.
    pub(super) fn from(&self, node: Node) -> &[Edge] {
        self.from.of(node.0)
    }
}

/// Those of the account who can assume a role.
fn of_account(index: &Index, asked: &Survey<'_>, candidates: &[u32], edges: &mut Vec<Edge>) {
    let mut add = |who: u32| {
        if asked.allows_nothing(who) {
            return;
        }
        if let Some(is_sure) = is_sure(asked.decision(who)) {
            edges.push(Edge::new(who, is_sure));
        }
    };
    if asked.grants_only_named() {
        asked.named().iter().copied().for_each(add);
    } else if asked.may_grant_everyone() {
        (0..index.len() as u32).for_each(add);
    } else {
        // One's own policies must allow, or one is named.
        let others = asked
            .named()
            .iter()
            .filter(|who| candidates.binary_search(who).is_err());
        others.chain(candidates).copied().for_each(&mut add);
    }
}

/// Asks those from outside.
struct Outsiders<'o> {
    index: &'o Index,
    terms: &'o Terms<'o>,
    /// What came of it, by trust policy and caller, where it does not hang on the role.
    known: Map<(usize, u32), Option<bool>>,
}

impl Outsiders<'_> {
    /// Those who can assume a role with the trust policy of a number.
    fn of(&mut self, number: usize, arn: &str, edges: &mut Vec<Edge>) {
        let index = self.index;
        let trust = &index.trusts().list()[number];
        // Policies of an organisation and of a session may look at the role.
        let terms = self.terms;
        let is_alike = !trust.looks_at_role
            && terms.organization_of(index.account()).is_none()
            && terms.session_policy.is_none();
        let own = index.account().id.as_deref();
        let outside = index.outside();
        for place in &outside.by_trust[number] {
            let caller = &outside.outside.list[*place as usize];
            // So may one's own policies, which are known of sessions of this account.
            let is_known = caller.has_identity() && caller.account.as_deref() == own;
            let ask = || ask(index, terms, caller, arn);
            let found = if is_alike && !is_known {
                *self.known.entry((number, *place)).or_insert_with(ask)
            } else {
                ask()
            };
            let node = index.outside_node(*place);
            edges.extend(found.map(|is_sure| Edge::new(node.0, is_sure)));
        }
    }
}

/// Whether somebody can assume a role, and if so whether for sure.
fn ask(index: &Index, terms: &Terms<'_>, caller: &Caller, role: &str) -> Option<bool> {
    let action = assuming(caller);
    let posed = pose(index.account(), terms, caller.clone(), action, role);
    is_sure(posed.question.decide().decision)
}

/// The roles that somebody from outside can assume who is named by no trust policy.
pub(super) fn of_stranger(index: &Index, terms: &Terms<'_>, caller: &Caller) -> Vec<Edge> {
    let alone = Outside::of(caller.clone());
    let trusts = index.trusts();
    let means = |it: &Trust| !alone.meant_by(&it.policy).is_empty();
    let means: Vec<bool> = trusts.list().iter().map(means).collect();
    let roles = index.account().roles().iter().enumerate();
    let trusting = roles.filter(|(at, _)| trusts.number(*at).is_some_and(|it| means[it]));
    let edge = |(at, role): (usize, &Arc<Role>)| {
        let is_sure = ask(index, terms, caller, &role.arn)?;
        Some(Edge::new(at as u32, is_sure))
    };
    trusting.filter_map(edge).collect()
}

/// Whether an answer makes an edge, and one that is sure.
pub(super) fn is_sure(decision: Decision) -> Option<bool> {
    match decision {
        Decision::Allowed => Some(true),
        Decision::Conditional => Some(false),
        Decision::ExplicitDeny | Decision::ImplicitDeny => None,
    }
}

/// The terms of the requests that follow the first, with a role that was assumed: keys that the
/// principal determines are found anew, and whether it came with MFA is not known any more.
pub(super) fn later<'t>(terms: &Terms<'t>) -> Terms<'t> {
    let mut later = terms.clone();
    later.session_policy = None;
    later.context.retain(|(key, _)| {
        let key = key.to_ascii_lowercase();
        !crate::access::facts::is_of_principal(&key) && !key.starts_with("aws:multifactorauth")
    });
    later
}

/// The terms of a request for a role: the resource's policy is its trust policy.
pub(super) fn for_role<'t>(terms: &Terms<'t>) -> Terms<'t> {
    Terms {
        resource_policy: None,
        resource_account: None,
        ..terms.clone()
    }
}

/// Whether a role's node, and its position among the roles.
pub(super) fn role_of(index: &Index, node: Node) -> Option<usize> {
    let users = index.account().users().len();
    let at = (node.0 as usize).checked_sub(users)?;
    (at < index.account().count(Kind::Role)).then_some(at)
}

/// How many roles there are of which nobody has read who may assume them: no chain goes there.
pub fn roles_unread(account: &Account) -> usize {
    let roles = account.roles().iter();
    roles.filter(|role| role.trust.known().is_none()).count()
}
