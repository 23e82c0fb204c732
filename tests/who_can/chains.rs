//! Chains of roles are those that a search by single questions finds.

use iamscope::access::{Caller, Chains, Decision, Index, Node, Way, WhoCan};
use iamscope::policy::Texts;

use super::answers::fail;
use super::search::Search;
use super::seeds;
use super::world::{Size, World};

/// How many accounts are searched.
const SEEDS: u64 = 150;

const SIZE: Size = Size { users: 2, roles: 5 };

/// What was met on the way.
#[derive(Debug, Default)]
pub struct Seen {
    /// Accounts with roles that can be assumed from each other.
    cycles: u64,
    /// Nodes by the number of roles of their best way, three for more.
    pub by_length: [u64; 4],
    /// The same for those from outside.
    outside: [u64; 4],
    /// Nodes that can for sure only through roles.
    sure_through_roles: u64,
    /// Ways that were followed.
    ways: u64,
    /// Roles that can be reached, and those for which it takes several.
    pub reached: u64,
    reached_late: u64,
}

/// The nodes of an answer as those who ask.
fn callers(who_can: &WhoCan<'_>) -> Vec<Caller> {
    let (all, _) = who_can.all();
    let callers = all
        .iter()
        .map(|found| who_can.caller_of(found.node).unwrap());
    callers.collect()
}

/// What is wrong with who can do what a world asks, if anything is.
pub fn difference(index: &Index, world: &World, seen: &mut Seen) -> Option<String> {
    let terms = world.given.terms();
    let chains = Chains::new(index, &terms);
    let who_can = WhoCan::new(index, &terms, Some(&chains), &world.action, &world.resource);
    let nodes = callers(&who_can);
    let search = Search::new(index.account(), world, &nodes);
    seen.cycles += u64::from(search.has_cycle());
    for (at, caller) in nodes.iter().enumerate() {
        let node = Node(at as u32);
        let (decision, length) = search.best(at);
        if who_can.decision(node) != decision {
            let found = who_can.decision(node);
            return Some(format!(
                "{}: found {found}, expected {decision} by {length:?}",
                caller.arn
            ));
        }
        let ways = who_can.ways(node);
        if let Some(how) = wrong_way(&search, at, (decision, length), &ways) {
            return Some(format!("{}: {how} of {ways:?}", caller.arn));
        }
        seen.ways += ways.len() as u64;
        if let Some(length) = length {
            seen.by_length[length.min(3)] += 1;
            seen.outside[length.min(3)] += u64::from(at > index.len());
            let is_late = decision == Decision::Allowed && length > 0;
            seen.sure_through_roles += u64::from(is_late);
        }
    }
    wrong_hop(index, &chains, &search, &nodes)
}

/// What is wrong with the ways that are told of a node.
fn wrong_way(
    search: &Search,
    node: usize,
    (decision, length): (Decision, Option<usize>),
    ways: &[Way],
) -> Option<String> {
    if ways.is_empty() != length.is_none() {
        return Some(format!("expected a way by {length:?}"));
    }
    if let Some(best) = ways.first()
        && (best.decision, Some(best.roles.len())) != (decision, length)
    {
        return Some(format!("the first is not {decision} by {length:?}"));
    }
    let wrong = ways
        .iter()
        .find(|way| search.along(node, &way.roles) != Some(way.decision));
    wrong.map(|way| format!("no such way: {way:?}"))
}

/// What is wrong with the questions of which chains are made.
fn wrong_hop(
    index: &Index,
    chains: &Chains<'_>,
    search: &Search,
    nodes: &[Caller],
) -> Option<String> {
    let roles = index.account().roles();
    let users = index.account().users().len();
    for (at, role) in roles
        .iter()
        .enumerate()
        .filter(|(_, it)| it.trust.known().is_some())
    {
        for (from, caller) in nodes
            .iter()
            .enumerate()
            .filter(|(from, _)| (from + at) % 4 == 0)
        {
            let first = chains
                .hop(caller.clone(), &role.arn, true)
                .explanation
                .verdict;
            let later = chains
                .hop(caller.clone(), &role.arn, false)
                .explanation
                .verdict;
            let is_role = (users..index.len()).contains(&from);
            if first.decision != search.first[from][at]
                || (is_role && later.decision != search.later[from - users][at])
            {
                return Some(format!(
                    "{} to {}: {first:?}, {later:?}",
                    caller.arn, role.arn
                ));
            }
        }
    }
    None
}

#[test]
fn who_can_through_roles_is_found_as_by_a_search() {
    let seeds = seeds(SEEDS);
    let mut seen = Seen::default();
    for seed in 0..seeds {
        let mut texts = Texts::default();
        let world = World::chained(seed, SIZE, &mut texts);
        if difference(&world.index(), &world, &mut seen).is_some() {
            fail(seed, world, |it| {
                difference(&it.index(), it, &mut Seen::default())
            });
        }
    }
    assert!(seen.cycles * 20 > seeds, "{seen:?}");
    assert!(
        seen.by_length.iter().all(|count| *count * 20 > seeds),
        "{seen:?}"
    );
    assert!(
        seen.outside[..3].iter().all(|count| *count * 20 > seeds),
        "{seen:?}"
    );
    assert!(seen.sure_through_roles * 20 > seeds, "{seen:?}");
    assert!(seen.ways > 2 * seeds, "{seen:?}");
}

/// What is wrong with the roles that somebody reaches, if anything is.
pub fn difference_of_reach(index: &Index, world: &World, seen: &mut Seen) -> Option<String> {
    let terms = world.given.terms();
    let chains = Chains::new(index, &terms);
    let nodes: Vec<Caller> = (0..index.node_count() as u32)
        .map(|at| index.caller_of(Node(at)).unwrap())
        .collect();
    let search = Search::new(index.account(), world, &nodes);
    for (at, caller) in nodes.iter().enumerate() {
        let ways = chains.reachable(caller);
        let mut expected = search.reachable(at);
        let mut nearest = 0;
        for way in &ways {
            let role = *way.roles.last().unwrap();
            let found = (way.decision, way.roles.len());
            if expected.remove(&role) != Some(found)
                || search.assumed(at, &way.roles) != Some(way.decision)
                || way.roles.len() < nearest
            {
                return Some(format!("{}: {way:?} of {ways:?}", caller.arn));
            }
            nearest = way.roles.len();
            seen.reached += 1;
            seen.reached_late += u64::from(nearest > 1);
        }
        if !expected.is_empty() {
            return Some(format!("{}: not found {expected:?}", caller.arn));
        }
    }
    None
}

#[test]
fn the_roles_that_somebody_reaches_are_found_as_by_a_search() {
    let seeds = seeds(SEEDS);
    let mut seen = Seen::default();
    for seed in 0..seeds {
        let mut texts = Texts::default();
        let world = World::chained(seed, SIZE, &mut texts);
        if difference_of_reach(&world.index(), &world, &mut seen).is_some() {
            fail(seed, world, |it| {
                difference_of_reach(&it.index(), it, &mut Seen::default())
            });
        }
    }
    assert!(seen.reached > 2 * seeds, "{seen:?}");
    assert!(seen.reached_late * 4 > seeds, "{seen:?}");
}
