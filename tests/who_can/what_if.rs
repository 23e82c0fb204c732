//! The index of a changed account answers as a new one does.

use std::sync::Arc;

use iamscope::access::{Decision, Index};
use iamscope::iam::{Account, Batch, Field, Group, InlinePolicy, PolicyVersion, Role, User};
use iamscope::policy::Texts;

use super::answers::{difference, everybody, fail};
use super::random_account::{attached, boundary, inline, policy_arn, role, text};
use super::random_policy::Use;
use super::seeds;
use super::world::{OWN, Size, World};
use crate::naive::random::Random;

/// How many accounts are changed, and how often each.
const SEEDS: u64 = 25;
const CHANGES: usize = 6;

/// Changes one thing. Some changes leave all as it was.
fn change(random: &mut Random, world: &mut World, texts: &mut Texts) {
    let theme = world.theme.clone();
    let parts = &mut world.parts;
    match random.below(10) {
        0 | 1 => *one_attached(random, parts) = Field::Known(attached(random, 2)),
        2 | 3 => *one_inline(random, parts) = Field::Known(inline(random, &theme, 2, texts)),
        4 => {
            let at = random.below(parts.policies.len());
            let version = PolicyVersion {
                id: parts.policies[at].default_version.clone(),
                created: None,
                document: Field::Known(text(random, &theme, Use::Identity, texts)),
            };
            parts.policies[at].versions = Field::Known(vec![version]);
        }
        5 => {
            let at = random.below(parts.users.len());
            let group: Arc<str> = format!("g{}", random.below(3)).into();
            if let Field::Known(groups) = &mut parts.users[at].groups {
                match groups.iter().position(|it| *it == group) {
                    Some(at) => drop(groups.remove(at)),
                    None => groups.push(group),
                }
            }
        }
        6 => {
            let of = random.below(parts.users.len());
            let at = random.below(parts.roles.len());
            let new = Field::Known(boundary(random));
            match random.below(2) {
                0 => parts.users[of].boundary = new,
                _ => parts.roles[at].boundary = new,
            }
        }
        7 => {
            let at = random.below(parts.roles.len());
            parts.roles[at].trust = Field::Known(text(random, &theme, Use::Trust, texts));
        }
        8 => {
            let name = format!("arn:aws:iam::{OWN}:role/new{}", random.below(3));
            if parts.roles.iter().all(|role| *role.arn != *name) {
                parts.roles.push(role(random, &name, &theme, texts));
            }
        }
        _ if random.percent(50) => {
            let arn = policy_arn(random.below(7));
            parts.policies.retain(|policy| policy.arn != arn);
        }
        _ if parts.roles.len() > 1 => {
            let at = random.below(parts.roles.len());
            parts.roles.remove(at);
        }
        _ => {}
    }
}

/// What is attached to some user, group or role.
fn one_attached<'b>(random: &mut Random, parts: &'b mut Batch) -> &'b mut Field<Vec<Arc<str>>> {
    let users = parts.users.iter_mut().map(|User { attached, .. }| attached);
    let groups = parts
        .groups
        .iter_mut()
        .map(|Group { attached, .. }| attached);
    let roles = parts.roles.iter_mut().map(|Role { attached, .. }| attached);
    let mut all: Vec<_> = users.chain(groups).chain(roles).collect();
    all.swap_remove(random.below(all.len()))
}

/// The inline policies of some user, group or role.
fn one_inline<'b>(random: &mut Random, parts: &'b mut Batch) -> &'b mut Field<Vec<InlinePolicy>> {
    let users = parts.users.iter_mut().map(|User { inline, .. }| inline);
    let groups = parts.groups.iter_mut().map(|Group { inline, .. }| inline);
    let roles = parts.roles.iter_mut().map(|Role { inline, .. }| inline);
    let mut all: Vec<_> = users.chain(groups).chain(roles).collect();
    all.swap_remove(random.below(all.len()))
}

#[test]
fn a_changed_account_is_answered_as_a_new_one() {
    let mut decisions = 0;
    let mut changed = 0;
    let mut kept = 0;
    let seeds = seeds(SEEDS);
    for seed in 0..seeds {
        let mut random = Random::new(seed ^ 0xc0ffee);
        let mut texts = Texts::default();
        let size = Size { users: 4, roles: 5 };
        let mut world = World::random(seed, size, &mut texts);
        let mut index = world.index();
        let mut before = answers(&world, &index);
        for _ in 0..CHANGES {
            change(&mut random, &mut world, &mut texts);
            let next = index.what_if(shared(index.account(), world.account()));
            kept += usize::from(is_shared(index.account(), next.account()));
            if let Some(how) = difference(&next, &world, 1, |_| decisions += 1) {
                let base = index.account().clone();
                // Without its history, if that is enough.
                let again = |it: &World| {
                    let index = iamscope::access::Index::new(base.clone());
                    difference(&index.what_if(it.account()), it, 1, |_| ())
                };
                if again(&world).is_some() {
                    fail(seed, world, again);
                }
                panic!("seed {seed}: after several changes: {how}");
            }
            let (asked, others) = again(&world, &index, &next);
            assert_eq!(asked, others, "seed {seed}");
            let now = answers(&world, &next);
            assert_eq!(now, answers(&world, &world.index()), "seed {seed}");
            changed += usize::from(now != before);
            (index, before) = (next, now);
        }
    }
    assert!(decisions > 30 * seeds, "{decisions} decisions");
    assert!(kept as u64 > seeds, "{kept} changes leave most as it was");
    // Changes that change no answer would show little.
    assert!(
        changed as u64 * 10 > seeds * CHANGES as u64,
        "{changed} changes matter"
    );
}

/// What the roles and users of a world may, by name, also through roles.
fn answers(world: &World, index: &iamscope::access::Index) -> Vec<(String, String)> {
    use iamscope::access::{Chains, WhoCan};
    let terms = world.given.terms();
    let chains = Chains::new(index, &terms);
    let who_can = WhoCan::new(index, &terms, Some(&chains), &world.action, &world.resource);
    let (all, _) = who_can.all();
    let named = all.into_iter().map(|found| {
        let caller = who_can.caller_of(found.node).unwrap();
        let ways = who_can.ways(found.node);
        (
            caller.arn.to_string(),
            format!("{} {ways:?}", found.decision),
        )
    });
    named.collect()
}

/// Of whom the answer is another, as it is found by going on from what was asked before, and as
/// two answers from nothing say; by name.
fn again(world: &World, before: &Index, now: &Index) -> (Vec<Told>, Vec<Told>) {
    let terms = world.given.terms();
    let first = before.ask(&terms, &world.action, &world.resource);
    let again = first.again(now, &terms, &world.resource);
    let people = everybody(now.account());
    let found = again.differences(&first).into_iter();
    let found = found.map(|it| (people[it.who as usize].to_owned(), it.before, it.after));
    let plain = |index: &Index| -> Vec<(String, Decision)> {
        let survey = index.ask(&terms, &world.action, &world.resource);
        let people = everybody(index.account()).into_iter().map(str::to_owned);
        let decisions: Vec<Decision> = survey.decisions().map(|row| row.decision).collect();
        people.zip(decisions).collect()
    };
    let was = plain(before);
    let is: Vec<Told> = plain(now)
        .into_iter()
        .map(|(arn, after)| {
            let before = was.iter().find(|(it, _)| *it == arn);
            (arn, before.map(|(_, decision)| *decision), after)
        })
        .collect();
    // What was asked before must not change what is answered to everybody, either.
    let all: Vec<Decision> = again.decisions().map(|row| row.decision).collect();
    let expected: Vec<Decision> = is.iter().map(|(_, _, after)| *after).collect();
    assert_eq!(all, expected);
    let differs = is
        .into_iter()
        .filter(|(_, before, after)| *before != Some(*after));
    (found.collect(), differs.collect())
}

/// A name, and what came of it before and now.
type Told = (String, Option<Decision>, Decision);

/// The account as it is now, what is the same in both shared with the one before, as a change
/// leaves it. Where something is gone, nothing is shared.
fn shared(base: &Arc<Account>, now: Arc<Account>) -> Arc<Account> {
    let is_there = |arn: &str| now.find(arn).is_some();
    let users = base.users().iter().all(|it| is_there(&it.arn));
    let groups = base.groups().iter().all(|it| is_there(&it.arn));
    let roles = base.roles().iter().all(|it| is_there(&it.arn));
    let policies = base.policies().iter().all(|it| is_there(&it.arn));
    if !(users && groups && roles && policies) {
        return now;
    }
    fn new<T: Clone + PartialEq>(now: &[Arc<T>], before: impl Fn(&T) -> Option<Arc<T>>) -> Vec<T> {
        let differs = now.iter().filter(|it| before(it).as_ref() != Some(it));
        differs.map(|it| (**it).clone()).collect()
    }
    let mut account = (**base).clone();
    account.absorb(Batch {
        users: new(now.users(), |it| base.user(&it.arn).cloned()),
        groups: new(now.groups(), |it| base.group(&it.arn).cloned()),
        roles: new(now.roles(), |it| base.role(&it.arn).cloned()),
        policies: new(now.policies(), |it| base.policy(&it.arn).cloned()),
    });
    Arc::new(account)
}

/// Whether most of two accounts is shared.
fn is_shared(one: &Account, other: &Account) -> bool {
    let roles = one.roles().iter().zip(other.roles());
    roles.filter(|(one, other)| Arc::ptr_eq(one, other)).count() * 2 > one.roles().len()
}
