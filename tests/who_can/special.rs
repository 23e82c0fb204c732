//! Small accounts in which one rare thing matters to chains of roles.

use iamscope::iam::{Batch, Field, InlinePolicy, Role, RoleDetails};
use iamscope::policy::Texts;
use serde_json::{Value, json};

use super::chains::{Seen, difference, difference_of_reach};
use super::random_policy::{Theme, unique_id};
use super::world::{Given, OTHER, OWN, World, session_arn};

fn arn(name: &str) -> String {
    format!("arn:aws:iam::{OWN}:role/{name}")
}

fn document(statement: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

/// A statement by which somebody may assume a role.
fn by(principal: &Value) -> Value {
    json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})
}

/// Roles by name, trust policy and own policy. Trust policies that are alike are shared.
fn world(roles: &[(&str, Value, Value)], action: &str, resource: &str) -> World {
    let mut texts = Texts::default();
    let role = |(name, trust, own): &(&str, Value, Value)| Role {
        arn: arn(name).into(),
        name: (*name).into(),
        path: "/".into(),
        id: unique_id(&arn(name)).into(),
        created: None,
        trust: Field::Known(texts.intern(&document(trust))),
        attached: Field::Known(Vec::new()),
        inline: Field::Known(vec![InlinePolicy {
            name: "own".into(),
            document: Field::Known(texts.intern(&document(own))),
        }]),
        boundary: Field::Known(None),
        tags: Field::Known(Vec::new()),
        last_used: Field::Unknown,
        instance_profiles: Field::Unknown,
        details: RoleDetails::default(),
    };
    World {
        parts: Batch {
            roles: roles.iter().map(role).collect(),
            ..Batch::default()
        },
        given: Given {
            is_strict: true,
            ..Given::default()
        },
        action: action.to_owned(),
        resource: resource.to_owned(),
        theme: Theme {
            action: action.to_owned(),
            resource: resource.to_owned(),
            users: Vec::new(),
            roles: roles.iter().map(|(name, ..)| arn(name)).collect(),
        },
    }
}

/// Compares all with a search; gives what was met.
#[track_caller]
fn compared(world: &World) -> Seen {
    let mut seen = Seen::default();
    let index = world.index();
    assert_eq!(difference(&index, world, &mut seen), None);
    assert_eq!(difference_of_reach(&index, world, &mut seen), None);
    seen
}

#[test]
fn a_session_may_be_denied_one_of_several_roles_that_trust_it_alike() {
    let trust = by(&json!({"AWS": session_arn(OWN, "from", "run")}));
    let deny = json!({"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": arn("two")});
    let world = world(
        &[
            ("from", by(&json!({"AWS": OTHER})), deny),
            ("one", trust.clone(), allow("s3:GetObject", "*")),
            ("two", trust, allow("s3:GetObject", "*")),
        ],
        "s3:GetObject",
        "arn:aws:s3:::b/k",
    );
    // The session reaches one of the two; so does, perhaps, the role in that session.
    assert!(compared(&world).reached >= 2);
}

#[test]
fn a_session_policy_may_allow_one_of_several_roles_that_trust_alike() {
    let trust = by(&json!({"AWS": OTHER}));
    let mut world = world(
        &[
            ("one", trust.clone(), allow("s3:GetObject", "*")),
            ("two", trust, allow("s3:GetObject", "*")),
        ],
        "s3:GetObject",
        "arn:aws:s3:::b/k",
    );
    world.given.session_policy = Some(document(&allow("sts:AssumeRole", &arn("one"))));
    assert_eq!(compared(&world).reached, 1);
}

#[test]
fn a_trust_policy_may_be_about_one_of_the_roles_that_have_it() {
    let mut trust = by(&json!({"Service": "ec2.amazonaws.com"}));
    trust["Resource"] = json!(arn("one"));
    let world = world(
        &[
            ("one", trust.clone(), allow("s3:GetObject", "*")),
            ("two", trust, allow("s3:GetObject", "*")),
        ],
        "s3:GetObject",
        "arn:aws:s3:::b/k",
    );
    assert_eq!(compared(&world).reached, 1);
}

#[test]
fn the_best_way_may_come_back_to_its_beginning() {
    let mut world = world(
        &[
            ("from", by(&json!({"AWS": arn("over")})), allow("s3:*", "*")),
            ("over", by(&json!("*")), allow("sqs:*", "*")),
        ],
        "s3:GetObject",
        "arn:aws:s3:::b/k",
    );
    world.given.is_strict = false;
    let mut with_mfa = allow("s3:*", "*");
    with_mfa["Condition"] = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    world.given.session_policy = Some(document(&with_mfa));
    let seen = compared(&world);
    // So do `over` and anyone, over two roles.
    assert_eq!(seen.by_length[2], 3, "{seen:?}");
}
