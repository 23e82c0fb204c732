//! The answers about everybody are the answers to single questions.

use std::collections::BTreeMap;

use iamscope::access::{
    Caller, Decision, Index, Node, Terms, Verdict, WhoCan, ask, is_assume_role, pose, principal,
};
use iamscope::iam::Account;
use iamscope::policy::Texts;

use super::seeds;
use super::smallest::{shown, smallest};
use super::world::{Size, World};
use crate::naive::random::Random;

/// How many accounts are compared.
const SEEDS: u64 = 400;

/// The ARNs of the users and then of the roles.
pub fn everybody(account: &Account) -> Vec<&str> {
    let users = account.users().iter().map(|it| &*it.arn);
    users
        .chain(account.roles().iter().map(|it| &*it.arn))
        .collect()
}

/// The answer to a single question, without an index.
pub fn alone(account: &Account, terms: &Terms<'_>, caller: Caller, world: &World) -> Verdict {
    ask(account, terms, caller, &world.action, &world.resource)
        .explanation
        .verdict
}

/// The size of the account with this seed: most are small, some have forty users and roles.
fn size(seed: u64) -> Size {
    let mut random = Random::new(!seed);
    let most = if random.percent(10) { 20 } else { 8 };
    Size {
        users: 2 + random.below(most - 1),
        roles: 3 + random.below(most - 2),
    }
}

/// What is wrong with the answers to a world's question, if anything is. Every verdict whose
/// place is a multiple of `every` is compared wholly.
pub fn difference(
    index: &Index,
    world: &World,
    every: usize,
    mut seen: impl FnMut(Decision),
) -> Option<String> {
    let account = index.account();
    let terms = world.given.terms();
    let asked = index.ask(&terms, &world.action, &world.resource);
    let who_can = WhoCan::new(index, &terms, None, &world.action, &world.resource);
    // Each of many roles has a trust policy of its own, which is beyond one question.
    let question = &asked.posed().question;
    let is_about_roles = question.scope.is_some() && is_assume_role(&question.action);
    let rows: Vec<_> = asked.decisions().collect();
    let people = everybody(account);
    if rows.len() != people.len() {
        return Some(format!("{} rows for {} people", rows.len(), people.len()));
    }
    for (place, (arn, row)) in people.into_iter().zip(rows).enumerate() {
        let caller = principal(account, arn).unwrap();
        let expected = alone(account, &terms, caller, world);
        seen(expected.decision);
        let node = Node(row.who);
        if who_can.direct(node) != expected.decision {
            let found = who_can.direct(node);
            return Some(format!("{arn}: direct {found:?}, expected {expected:?}"));
        }
        if place % every == 0 {
            let found = who_can.explain(node, false).unwrap().verdict;
            if found != expected {
                return Some(format!("{arn}: explained {found:?}, expected {expected:?}"));
            }
        }
        if is_about_roles {
            continue;
        }
        let found = asked.decision(row.who);
        if (row.who as usize, row.decision, found) != (place, expected.decision, expected.decision)
        {
            let found = (row, found);
            return Some(format!("{arn}: found {found:?}, expected {expected:?}"));
        }
        if place % every == 0 {
            let found = asked.verdict(row.who);
            if found != expected {
                return Some(format!("{arn}: found {found:?}, expected {expected:?}"));
            }
        }
    }
    None
}

/// Fails with the smallest world that fails likewise.
#[track_caller]
pub fn fail(seed: u64, world: World, fails: impl Fn(&World) -> Option<String>) -> ! {
    let (world, how) = smallest(world, fails);
    panic!("seed {seed}: {how}\n{}", shown(&world));
}

#[test]
fn everybody_is_answered_as_by_single_questions() {
    let mut verdicts = BTreeMap::new();
    for seed in 0..seeds(SEEDS) {
        let mut texts = Texts::default();
        let world = World::random(seed, size(seed), &mut texts);
        let seen = |decision: Decision| *verdicts.entry(decision).or_insert(0u64) += 1;
        if difference(&world.index(), &world, 3, seen).is_some() {
            fail(seed, world, |it| difference(&it.index(), it, 1, |_| ()));
        }
    }
    let all: u64 = verdicts.values().sum();
    assert_eq!(verdicts.len(), 4, "{verdicts:?}");
    let is_frequent = |count: &u64| count * 10 >= all;
    assert!(verdicts.values().all(is_frequent), "{verdicts:?}");
}

/// What is wrong with the answers about the root user and those from outside.
fn difference_outside(index: &Index, world: &World, count: &mut usize) -> Option<String> {
    let terms = world.given.terms();
    let who_can = WhoCan::new(index, &terms, None, &world.action, &world.resource);
    let (all, counts) = who_can.all();
    let sum = counts.allowed + counts.conditional + counts.explicit_deny + counts.implicit_deny;
    if sum != all.len() {
        return Some(format!("{counts:?} of {}", all.len()));
    }
    let people = everybody(index.account());
    for (place, found) in all.iter().enumerate() {
        let caller = who_can.caller_of(found.node).unwrap();
        let is_inside = people.get(place).is_some_and(|arn| caller.arn == **arn);
        if is_inside != (place < people.len()) {
            return Some(format!("{} stands at {place}", caller.arn));
        }
        *count += usize::from(!is_inside);
        let expected = alone(index.account(), &terms, caller.clone(), world).decision;
        if (found.decision, who_can.direct(found.node)) != (expected, expected) {
            return Some(format!(
                "{}: found {found:?}, expected {expected}",
                caller.arn
            ));
        }
    }
    None
}

#[test]
fn those_from_outside_are_answered_as_by_single_questions() {
    let seeds = seeds(SEEDS / 4);
    let mut count = 0;
    for seed in 0..seeds {
        let mut texts = Texts::default();
        let size = Size { users: 3, roles: 5 };
        let world = World::random(seed, size, &mut texts);
        if difference_outside(&world.index(), &world, &mut count).is_some() {
            fail(seed, world, |it| {
                difference_outside(&it.index(), it, &mut 0)
            });
        }
    }
    assert!(count as u64 > seeds * 4, "{count} from outside");
}

/// The layers without which an answer is another one.
fn layers_that_decide(world: &World, arn: &str) -> Vec<&'static str> {
    let account = world.account();
    let terms = world.given.terms();
    let caller = principal(&account, arn).unwrap();
    let posed = pose(&account, &terms, caller, &world.action, &world.resource);
    let question = posed.question;
    let decision = question.decide().decision;
    let mut deciding = Vec::new();
    for layer in LAYERS {
        let mut without = question.clone();
        match layer {
            "identity" => without.identity.clear(),
            "boundary" => without.boundary = None,
            "session" => without.session = None,
            "resource" => without.resource_policy = Default::default(),
            "scps" => without.scps = None,
            _ => without.rcps = None,
        }
        if without.decide().decision != decision {
            deciding.push(layer);
        }
    }
    deciding
}

const LAYERS: [&str; 6] = [
    "identity", "boundary", "session", "resource", "scps", "rcps",
];

#[test]
fn every_layer_of_the_random_accounts_matters() {
    let seeds = seeds(SEEDS);
    let mut changed = BTreeMap::from(LAYERS.map(|layer| (layer, 0)));
    for seed in 0..seeds {
        let mut texts = Texts::default();
        let size = Size { users: 3, roles: 4 };
        let world = World::random(seed, size, &mut texts);
        for arn in [&world.theme.users[1], &world.theme.roles[1]] {
            for layer in layers_that_decide(&world, arn) {
                *changed.get_mut(layer).unwrap() += 1;
            }
        }
    }
    let is_frequent = |count: &u64| count * 100 >= seeds;
    assert!(changed.values().all(is_frequent), "{changed:?}");
}
