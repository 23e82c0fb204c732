//! A search through roles by single questions, breadth first, without any index.

use std::collections::{BTreeMap, VecDeque};

use iamscope::access::{Caller, CallerKind, Decision, Terms, pose};
use iamscope::iam::Account;

use super::answers::alone;
use super::world::{Given, World};

/// What comes of every request that a chain may be made of.
pub struct Search {
    /// By node and role: the first request for a role.
    pub first: Vec<Vec<Decision>>,
    /// By role and role: a later one.
    pub later: Vec<Vec<Decision>>,
    /// By node: the request itself.
    direct: Vec<Decision>,
    /// By role: the request itself, made with the role that was assumed.
    last: Vec<Decision>,
    /// Where in the nodes the roles begin.
    users: usize,
}

/// Whether a request may succeed.
pub fn is_able(decision: Decision) -> bool {
    decision == Decision::Allowed || decision == Decision::Conditional
}

fn action_of(caller: &Caller) -> &'static str {
    match &caller.kind {
        CallerKind::Federated if caller.arn.contains(":saml-provider/") => "sts:AssumeRoleWithSAML",
        CallerKind::Federated => "sts:AssumeRoleWithWebIdentity",
        _ => "sts:AssumeRole",
    }
}

/// The same for a role that was assumed: of its keys the session determines those of the
/// principal, and it has no MFA and no policy of its own that is known.
fn as_role(given: &Given) -> Given {
    let mut given = given.clone();
    given.session_policy = None;
    given.context.retain(|(key, _)| {
        let key = key.to_lowercase();
        let of_principal = [
            "aws:principal",
            "aws:userid",
            "aws:username",
            "aws:multifactorauth",
        ];
        !of_principal
            .iter()
            .any(|beginning| key.starts_with(beginning))
    });
    given
}

/// The same for a request for a role: nothing is said of the resource.
fn for_a_role(given: &Given) -> Given {
    Given {
        resource_policy: None,
        resource_account: None,
        ..given.clone()
    }
}

impl Search {
    /// Asks every question. The nodes are users, roles, and whoever else, in this order.
    pub fn new(account: &Account, world: &World, nodes: &[Caller]) -> Self {
        let last = as_role(&world.given);
        let (first, later) = (for_a_role(&world.given), for_a_role(&last));
        let (first, later, last) = (first.terms(), later.terms(), last.terms());
        let terms = world.given.terms();
        let users = account.users().len();
        let roles = &nodes[users..users + account.roles().len()];
        let hops = |terms: &Terms<'_>, nodes: &[Caller]| -> Vec<Vec<Decision>> {
            let from = |caller: &Caller| hops(account, terms, caller);
            nodes.iter().map(from).collect()
        };
        let decided = |terms: &Terms<'_>, nodes: &[Caller]| -> Vec<Decision> {
            let alone = |caller: &Caller| alone(account, terms, caller.clone(), world).decision;
            nodes.iter().map(alone).collect()
        };
        Self {
            first: hops(&first, nodes),
            later: hops(&later, roles),
            direct: decided(&terms, nodes),
            last: decided(&last, roles),
            users,
        }
    }

    /// The position of the role that a node is.
    fn role_of(&self, node: usize) -> Option<usize> {
        let role = node.checked_sub(self.users)?;
        (role < self.last.len()).then_some(role)
    }

    /// By role: how many roles must be assumed to have it, over requests that are fit.
    fn steps(&self, node: usize, fits: fn(Decision) -> bool) -> Vec<Option<usize>> {
        let mut steps = vec![None; self.last.len()];
        let mut queue = VecDeque::from([(&self.first[node], 1)]);
        while let Some((hops, length)) = queue.pop_front() {
            for (role, _) in hops.iter().enumerate().filter(|(_, it)| fits(**it)) {
                if steps[role].is_none() {
                    steps[role] = Some(length);
                    queue.push_back((&self.later[role], length + 1));
                }
            }
        }
        steps
    }

    /// The fewest roles that lead to the request, over requests that are fit.
    fn shortest(&self, node: usize, fits: fn(Decision) -> bool) -> Option<usize> {
        if fits(self.direct[node]) {
            return Some(0);
        }
        let steps = self.steps(node, fits).into_iter().zip(&self.last);
        let able = steps.filter(|(_, last)| fits(**last));
        able.filter_map(|(length, _)| length).min()
    }

    /// The best that comes of all ways of a node, and the fewest roles that takes.
    pub fn best(&self, node: usize) -> (Decision, Option<usize>) {
        if let Some(length) = self.shortest(node, |it| it == Decision::Allowed) {
            return (Decision::Allowed, Some(length));
        }
        match self.shortest(node, is_able) {
            Some(length) => (Decision::Conditional, Some(length)),
            None => (self.direct[node], None),
        }
    }

    /// What comes of a way, if it is one.
    pub fn along(&self, node: usize, roles: &[u32]) -> Option<Decision> {
        let mut requests = Vec::new();
        let mut hops = &self.first[node];
        for role in roles {
            requests.push(hops[*role as usize]);
            hops = &self.later[*role as usize];
        }
        requests.push(match roles.last() {
            Some(role) => self.last[*role as usize],
            None => self.direct[node],
        });
        together(&requests)
    }

    /// What comes of assuming roles one after the other, if it is possible.
    pub fn assumed(&self, node: usize, roles: &[u32]) -> Option<Decision> {
        let mut requests = Vec::new();
        let mut hops = &self.first[node];
        for role in roles {
            requests.push(hops[*role as usize]);
            hops = &self.later[*role as usize];
        }
        together(&requests)
    }

    /// The other roles that a node can assume one after the other: for sure or not, and how many
    /// that takes.
    pub fn reachable(&self, node: usize) -> BTreeMap<u32, (Decision, usize)> {
        let sure = self.steps(node, |it| it == Decision::Allowed);
        let any = self.steps(node, is_able);
        let both = sure.into_iter().zip(any).enumerate();
        let others = both.filter(|(role, _)| Some(*role) != self.role_of(node));
        let found = others.filter_map(|(role, (sure, any))| {
            let sure = sure.map(|length| (Decision::Allowed, length));
            let any = any.map(|length| (Decision::Conditional, length));
            Some((role as u32, sure.or(any)?))
        });
        found.collect()
    }

    /// Whether two roles can be assumed from each other.
    pub fn has_cycle(&self) -> bool {
        let roles = 0..self.later.len();
        let mut pairs = roles
            .clone()
            .flat_map(|one| (0..one).map(move |other| (one, other)));
        pairs.any(|(one, other)| is_able(self.later[one][other]) && is_able(self.later[other][one]))
    }
}

/// What comes of several requests of which each must succeed.
fn together(requests: &[Decision]) -> Option<Decision> {
    let all_able = requests.iter().all(|it| is_able(*it));
    let all_sure = requests.iter().all(|it| *it == Decision::Allowed);
    all_able.then_some(if all_sure {
        Decision::Allowed
    } else {
        Decision::Conditional
    })
}

/// What comes of the request of a caller for each role. Where nobody has read who may assume a
/// role no chain goes on.
fn hops(account: &Account, terms: &Terms<'_>, caller: &Caller) -> Vec<Decision> {
    let roles = account.roles().iter();
    let hop = |role: &std::sync::Arc<iamscope::iam::Role>| {
        if role.trust.known().is_none() {
            return Decision::ImplicitDeny;
        }
        let action = action_of(caller);
        let posed = pose(account, terms, caller.clone(), action, &role.arn);
        posed.question.decide().decision
    };
    roles.map(hop).collect()
}
