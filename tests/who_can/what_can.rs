//! What one principal can do is what single questions say, action by action; and who can do it.

use iamscope::access::{
    Chains, Decision, Node, Wanted, WhoCan, ask, assuming, is_able, is_assume_role, principal,
    what_can,
};
use iamscope::catalog;
use iamscope::policy::Texts;

use super::answers::{everybody, fail};
use super::seeds;
use super::world::{Size, World};

/// How many accounts are compared.
const SEEDS: u64 = 40;

/// Actions that the random policies speak of, in patterns or by name, and some that they do not.
const ACTIONS: [&str; 16] = [
    "ec2:DescribeInstances",
    "ec2:StopInstances",
    "iam:DeleteUser",
    "iam:GetUser",
    "iam:ListUsers",
    "iam:PassRole",
    "kms:Decrypt",
    "kms:RetireGrant",
    "lambda:InvokeFunction",
    "organizations:LeaveOrganization",
    "s3:GetObject",
    "s3:ListAllMyBuckets",
    "s3:PutObject",
    "sqs:SendMessage",
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
];

/// What is wrong with what everybody can do, if anything is.
fn difference(world: &World, able: &mut usize, conditional: &mut usize) -> Option<String> {
    let index = world.index();
    let account = index.account();
    let terms = world.given.terms();
    let who_can = ACTIONS.map(|action| WhoCan::new(&index, &terms, None, action, "*"));
    for (place, arn) in everybody(account).into_iter().enumerate() {
        let caller = principal(account, arn).unwrap();
        for (action, who) in ACTIONS.iter().zip(&who_can) {
            // One service after the other: all would take long.
            let wanted = Wanted {
                service: catalog::service(action.split(':').next().unwrap()),
                level: Some(catalog::action(action).unwrap().access_level()),
            };
            let found = what_can(account, &terms, &caller, wanted);
            let expected = ask(account, &terms, caller.clone(), action, "*");
            let expected = expected.explanation.verdict;
            let direct = who.direct(Node(place as u32));
            if direct != expected.decision {
                return Some(format!("{arn}, {action}: {direct:?}, not {expected:?}"));
            }
            let listed = found
                .abilities
                .iter()
                .find(|it| it.action == catalog::action(action).unwrap());
            let is_able = matches!(expected.decision, Decision::Allowed | Decision::Conditional);
            let fits = match listed {
                // Which roles somebody can assume is told by itself.
                _ if is_assume_role(&action.to_ascii_lowercase()) => listed.is_none(),
                Some(ability) => *ability.verdict == expected,
                None => !is_able,
            };
            if !fits {
                let listed = listed.map(|it| &it.verdict);
                return Some(format!("{arn}, {action}: {listed:?}, not {expected:?}"));
            }
            *able += usize::from(listed.is_some());
            *conditional += usize::from(expected.decision == Decision::Conditional);
        }
    }
    None
}

#[test]
fn what_somebody_can_is_what_single_questions_say() {
    let (mut able, mut conditional) = (0, 0);
    let seeds = seeds(SEEDS);
    for seed in 0..seeds {
        let mut texts = Texts::default();
        let size = Size { users: 3, roles: 3 };
        let world = World::random(seed, size, &mut texts);
        if difference(&world, &mut able, &mut conditional).is_some() {
            fail(seed, world, |it| difference(it, &mut 0, &mut 0));
        }
    }
    assert!(able as u64 > 10 * seeds, "{able} actions are allowed");
    assert!(conditional as u64 > seeds, "{conditional} are conditional");
}

#[test]
fn services_and_levels_leave_out_what_is_another() {
    let mut texts = Texts::default();
    let world = World::random(3, Size { users: 3, roles: 3 }, &mut texts);
    let index = world.index();
    let account = index.account();
    let terms = iamscope::access::Terms::default();
    let root = principal(account, "root").unwrap();
    let all = what_can(account, &terms, &root, Wanted::default());
    let wanted = Wanted {
        service: catalog::service("s3"),
        level: Some(catalog::AccessLevel::List),
    };
    let some = what_can(account, &terms, &root, wanted);
    let fits = all.abilities.iter().filter(|it| {
        it.action.service().prefix() == "s3"
            && it.action.access_level() == catalog::AccessLevel::List
    });
    let fits: Vec<_> = fits.map(|it| it.action).collect();
    let found: Vec<_> = some.abilities.iter().map(|it| it.action).collect();
    assert_eq!(found, fits);
    assert!(found.len() > 3 && all.abilities.len() > 10_000);
}

/// What is wrong with what is said of assuming roles, if anything is.
fn difference_of_assuming(world: &World, able: &mut usize) -> Option<String> {
    let index = world.index();
    let terms = world.given.terms();
    let chains = Chains::new(&index, &terms);
    for node in (0..index.node_count() as u32).map(Node) {
        let caller = index.caller_of(node).unwrap();
        let found = chains.assumes(&caller);
        let action = assuming(&caller);
        let expected = ask(index.account(), &terms, caller.clone(), action, "*");
        let expected = expected.explanation.verdict;
        let expected = is_able(expected.decision).then_some(expected);
        if found != expected {
            return Some(format!("{}: {found:?}, not {expected:?}", caller.arn));
        }
        *able += usize::from(found.is_some());
    }
    None
}

#[test]
fn assuming_roles_is_what_a_single_question_says() {
    let mut able = 0;
    let seeds = seeds(SEEDS * 2);
    for seed in 0..seeds {
        let mut texts = Texts::default();
        let mut world = World::random(seed, Size { users: 3, roles: 4 }, &mut texts);
        // These are about another resource than a role of the account.
        world.given.resource_policy = None;
        world.given.resource_account = None;
        if difference_of_assuming(&world, &mut able).is_some() {
            fail(seed, world, |it| difference_of_assuming(it, &mut 0));
        }
    }
    assert!(able as u64 > 2 * seeds, "{able} can assume roles");
}
