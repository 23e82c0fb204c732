//! Whatever is denied in random accounts: what is told to allow it does, all of it is needed, and
//! nothing of it is wider than what was asked.

use std::collections::BTreeMap;

use iamscope::access::{Decision, Element, Except, NoRemedy, Remedy, Step, ask, principal, remedy};
use iamscope::policy::Texts;
use serde_json::Value;

use super::apply::applied;
use crate::who_can::answers::{everybody, fail};
use crate::who_can::seeds;
use crate::who_can::world::{OTHER, OWN, Size, World, session_arn};

/// How many accounts are gone through.
const SEEDS: u64 = 200;

/// Who is asked about: everybody in the account, and some of every other kind.
fn principals(world: &World) -> Vec<String> {
    let account = world.account();
    let mut all: Vec<String> = everybody(&account).into_iter().map(str::to_owned).collect();
    let role = &world.theme.roles[0];
    all.extend([
        "root".to_owned(),
        "*".to_owned(),
        OTHER.to_owned(),
        "ec2.amazonaws.com".to_owned(),
        format!("arn:aws:iam::{OTHER}:role/ci"),
        format!("arn:aws:iam::{OWN}:saml-provider/okta"),
        format!("arn:aws:sts::{OWN}:federated-user/u1"),
        session_arn(OWN, role.rsplit('/').next().unwrap(), "run"),
    ]);
    // What a failure leaves out may be the role.
    all.retain(|who| principal(&account, who).is_ok());
    all
}

fn is_granted(decision: Decision) -> bool {
    matches!(decision, Decision::Allowed | Decision::Conditional)
}

/// What comes of a question in a world, with what would allow it.
fn decided(world: &World, who: &str) -> (Decision, Option<Result<Remedy, NoRemedy>>) {
    let account = world.account();
    let terms = world.given.terms();
    let caller = principal(&account, who).unwrap();
    let asked = ask(&account, &terms, caller, &world.action, &world.resource);
    let found = remedy(&account, &terms, &asked);
    (asked.explanation.verdict.decision, found)
}

/// The decision alone.
fn decision(world: &World, who: &str) -> Decision {
    let account = world.account();
    let caller = principal(&account, who).unwrap();
    let terms = world.given.terms();
    let asked = ask(&account, &terms, caller, &world.action, &world.resource);
    asked.explanation.verdict.decision
}

/// What is wrong with some steps, if anything is.
fn wrong(world: &World, who: &str, steps: &[Step], told: Decision) -> Option<String> {
    let found = decision(&applied(world, steps), who);
    if found != told || !is_granted(found) {
        return Some(format!("{who}: {steps:#?} is told to give {told}: {found}"));
    }
    for at in 0..steps.len() {
        let mut fewer = steps.to_vec();
        let left = fewer.remove(at);
        if is_granted(decision(&applied(world, &fewer), who)) {
            return Some(format!("{who}: {left:?} is needless in {steps:#?}"));
        }
    }
    let too_wide = steps.iter().find(|it| !is_narrow(it, world, who));
    too_wide.map(|step| format!("{who}: {step:?} is wider than what was asked"))
}

/// Whether a step is about nothing but what was asked, and edits nothing that cannot be edited.
fn is_narrow(step: &Step, world: &World, who: &str) -> bool {
    let is_action = |text: &str| text.eq_ignore_ascii_case(&world.action);
    let is_who = |text: &str| match who {
        "root" => text == format!("arn:aws:iam::{OWN}:root"),
        OTHER => text == format!("arn:aws:iam::{OTHER}:root"),
        who => text == who,
    };
    let is_resource = |text: &str| text == world.resource;
    let is_editable = step.home().is_none_or(|home| {
        let policy = &home.policy;
        let is_granting = matches!(step, Step::Add { .. } | Step::Widen { .. });
        let is_shared = home.others.is_some_and(|it| it > 0) && home.layer.as_str() == "identity";
        let is_of_aws = policy.contains(":aws:policy/") || policy.contains("aws-service-role/");
        !(is_of_aws || is_granting && is_shared)
    });
    let is_asked = match step {
        Step::Meet(_) | Step::RemoveDeny { .. } => true,
        Step::Widen { element, value, .. } => match element {
            Element::Action => is_action(value),
            Element::Resource => is_resource(value),
            Element::Principal(_) => is_who(value),
        },
        Step::NarrowDeny { except, .. } => match except {
            Except::Principal { arn, .. } => !arn.contains('*'),
            Except::Resource(resource) => is_resource(resource),
            Except::Action(action) => is_action(action),
        },
        Step::Add { statement, .. } => {
            let statement: Value = serde_json::from_str(statement).unwrap();
            let members = statement.as_object().unwrap();
            members.iter().all(|(name, value)| match name.as_str() {
                "Effect" => value == "Allow",
                "Action" => is_action(value.as_str().unwrap()),
                "Resource" => is_resource(value.as_str().unwrap()),
                "Principal" => match value {
                    Value::Object(kinds) => {
                        kinds.len() == 1 && kinds.values().all(|it| is_who(it.as_str().unwrap()))
                    }
                    anyone => anyone == "*" && who == "*",
                },
                _ => false,
            })
        }
    };
    is_editable && is_asked
}

/// The kind of a step.
fn kind(step: &Step) -> &'static str {
    match step {
        Step::Meet(_) => "meet",
        Step::NarrowDeny { .. } => "narrow",
        Step::RemoveDeny { .. } => "remove",
        Step::Widen { .. } => "widen",
        Step::Add { .. } => "add",
    }
}

/// What is wrong with the remedies of a world, if anything is.
fn difference(world: &World, mut seen: impl FnMut(&str)) -> Option<String> {
    for who in principals(world) {
        let (decision, found) = decided(world, &who);
        if found.is_some() == is_granted(decision) {
            return Some(format!("{who}: {decision} has {found:?}"));
        }
        match found {
            None => {}
            Some(Err(why)) => seen(format!("{why:?}").split('(').next().unwrap()),
            Some(Ok(remedy)) => {
                let other = remedy.alternative.iter();
                let ways = std::iter::once((&remedy.steps, &remedy.result));
                for (steps, result) in ways.chain(other.map(|(steps, result)| (steps, result))) {
                    if let Some(how) = wrong(world, &who, steps, result.decision) {
                        return Some(how);
                    }
                    steps.iter().for_each(|step| seen(kind(step)));
                }
                seen(if remedy.alternative.is_some() {
                    "two ways"
                } else {
                    "one way"
                });
                if remedy.steps.len() > 1 {
                    seen("several steps");
                }
            }
        }
    }
    None
}

#[test]
fn what_is_told_to_allow_does_and_nothing_of_it_is_needless() {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 0..seeds(SEEDS) {
        let mut texts = Texts::default();
        let size = Size { users: 4, roles: 4 };
        let world = World::random(seed ^ 0x5eed_0000, size, &mut texts);
        let seen = |what: &str| *counts.entry(what.to_owned()).or_insert(0) += 1;
        if difference(&world, seen).is_some() {
            fail(seed, world, |it| difference(it, |_| ()));
        }
    }
    let count = |what: &str| counts.get(what).copied().unwrap_or(0);
    for what in [
        "meet",
        "narrow",
        "remove",
        "widen",
        "add",
        "two ways",
        "several steps",
    ] {
        assert!(count(what) > 0, "{what}: {counts:?}");
    }
    let found = count("one way") + count("two ways");
    assert!(found > count("NotFound") * 10, "{counts:?}");
}
