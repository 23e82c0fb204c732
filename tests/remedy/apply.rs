//! Steps, made in a world as somebody would who reads them: without anything of the program's own.

use std::sync::Arc;

use iamscope::access::{Element, Except, Home, Layer, Spot, Step};
use iamscope::iam::{Field, InlinePolicy, NamedPolicy};
use iamscope::policy::PolicyText;
use serde_json::{Value, json};

use crate::who_can::world::{OWN, World};

const EMPTY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// The world after some steps.
pub fn applied(world: &World, steps: &[Step]) -> World {
    let mut world = world.clone();
    // Statements that are taken out last move no other.
    let is_last = |step: &&Step| matches!(step, Step::RemoveDeny { .. });
    let mut last: Vec<&Step> = steps.iter().filter(is_last).collect();
    last.sort_by_key(|step| std::cmp::Reverse(spot(step).map(|it| it.statement)));
    let first = steps.iter().filter(|it| !is_last(it));
    for step in first.chain(last) {
        match step {
            Step::Meet(meet) => {
                let context = &mut world.given.context;
                context.retain(|(key, _)| !key.eq_ignore_ascii_case(&meet.key));
                context.push((meet.key.to_string(), vec![meet.example.to_string()]));
            }
            Step::Add { home, statement } => {
                let statement: Value = serde_json::from_str(statement).unwrap();
                edit(&mut world, home, &|list| list.push(statement.clone()));
            }
            Step::Widen { spot, .. } | Step::NarrowDeny { spot, .. } => {
                edit(&mut world, &spot.home, &|list| {
                    change(nth(list, spot), step)
                });
            }
            Step::RemoveDeny { spot } => edit(&mut world, &spot.home, &|list| {
                let at = objects(list).nth(spot.statement).unwrap();
                list.remove(at);
            }),
        }
    }
    world
}

/// The statement that a step changes.
pub fn spot(step: &Step) -> Option<&Spot> {
    match step {
        Step::Meet(meet) => Some(&meet.spot),
        Step::NarrowDeny { spot, .. } | Step::RemoveDeny { spot } | Step::Widen { spot, .. } => {
            Some(spot)
        }
        Step::Add { .. } => None,
    }
}

/// Where in a list the statements stand; what is no statement does not count.
fn objects(list: &[Value]) -> impl Iterator<Item = usize> {
    let is_object: Vec<bool> = list.iter().map(Value::is_object).collect();
    (0..is_object.len()).filter(move |at| is_object[*at])
}

fn nth<'v>(list: &'v mut [Value], spot: &Spot) -> &'v mut Value {
    let at = objects(list).nth(spot.statement).unwrap();
    &mut list[at]
}

fn change(statement: &mut Value, step: &Step) {
    match step {
        Step::Widen { element, value, .. } => match element {
            Element::Action | Element::Resource => push(&mut statement[element.as_str()], value),
            Element::Principal(kind) => push(&mut statement["Principal"][*kind], value),
        },
        Step::NarrowDeny { except, .. } => match except {
            Except::Principal { operator, key, arn } => {
                push(
                    &mut statement["Condition"][operator.as_str()][key.as_str()],
                    arn,
                );
            }
            Except::Resource(resource) => {
                if let Some(old) = statement.as_object_mut().unwrap().remove("Resource") {
                    assert!(old == "*" || old.as_array().unwrap().iter().all(|it| it == "*"));
                }
                push(&mut statement["NotResource"], resource);
            }
            Except::Action(action) => {
                let list = statement["Action"].as_array_mut().unwrap();
                list.retain(|it| !it.as_str().unwrap().eq_ignore_ascii_case(action));
                assert!(!list.is_empty());
            }
        },
        other => panic!("no change of a statement: {other:?}"),
    }
}

fn push(list: &mut Value, value: &str) {
    match list {
        Value::Null => *list = json!(value),
        Value::Array(list) => list.push(json!(value)),
        one => *one = json!([one.take(), value]),
    }
}

/// A text with its statements edited.
fn text(text: &str, edit: &dyn Fn(&mut Vec<Value>)) -> String {
    let mut document: Value = serde_json::from_str(text).unwrap();
    let statements = &mut document["Statement"];
    let mut list = match statements.take() {
        Value::Null => Vec::new(),
        Value::Array(list) => list,
        one => vec![one],
    };
    edit(&mut list);
    *statements = Value::Array(list);
    document.to_string()
}

fn edit(world: &mut World, home: &Home, change: &dyn Fn(&mut Vec<Value>)) {
    let name = home.policy.as_str();
    let given = &mut world.given;
    match home.layer {
        Layer::Identity | Layer::Boundary => own(world, home, change),
        Layer::Session => {
            let session = given.session_policy.as_mut().unwrap();
            *session = text(session, change);
        }
        Layer::Resource => {
            if let Some(policy) = &mut given.resource_policy {
                *policy = text(policy, change);
            } else if home.is_new {
                given.resource_policy = Some(text(EMPTY, change));
            } else if name.starts_with("default policy of ") {
                let default = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                    "Principal": {"AWS": format!("arn:aws:iam::{OWN}:root")}, "Action": "kms:*",
                    "Resource": "*"}});
                given.resource_policy = Some(text(&default.to_string(), change));
            } else {
                let mut roles = world.parts.roles.iter_mut();
                let role = roles.find(|it| *it.arn == *name).unwrap();
                role.trust = edited(&role.trust, change);
            }
        }
        Layer::Scp(level) => {
            let levels = &mut given.organization.as_mut().unwrap().levels;
            let lists = levels.iter_mut().filter_map(|it| it.scps.as_mut());
            of_organization(lists.collect(), level, home, change);
        }
        Layer::Rcp(level) => {
            let levels = &mut given.organization.as_mut().unwrap().levels;
            let lists = levels.iter_mut().map(|it| &mut it.rcps);
            of_organization(lists.collect(), level, home, change);
        }
    }
}

fn edited(
    field: &Field<Arc<PolicyText>>,
    change: &dyn Fn(&mut Vec<Value>),
) -> Field<Arc<PolicyText>> {
    let old = field.known().unwrap().as_str();
    Field::Known(Arc::new(PolicyText::new(text(old, change))))
}

fn of_organization(
    mut lists: Vec<&mut Vec<NamedPolicy>>,
    level: usize,
    home: &Home,
    change: &dyn Fn(&mut Vec<Value>),
) {
    if home.is_new {
        lists[level].push(NamedPolicy {
            name: "remedy".to_owned(),
            text: Arc::new(PolicyText::new(text(EMPTY, change))),
        });
        return;
    }
    let old = lists[level].iter().find(|it| it.name == home.policy);
    let old = old.unwrap().text.clone();
    // One policy may be attached at several levels.
    for policy in lists.into_iter().flatten() {
        if policy.name == home.policy && policy.text == old {
            policy.text = Arc::new(PolicyText::new(text(old.as_str(), change)));
        }
    }
}

/// A policy of a user, group or role.
fn own(world: &mut World, home: &Home, change: &dyn Fn(&mut Vec<Value>)) {
    let parts = &mut world.parts;
    let (owner, name) = match home.policy.split_once(' ') {
        Some((owner, name)) => (owner, name),
        None if home.is_new => (home.policy.as_str(), "remedy"),
        None => {
            let mut policies = parts.policies.iter_mut();
            let policy = policies.find(|it| *it.arn == *home.policy).unwrap();
            let Field::Known(versions) = &mut policy.versions else {
                panic!("{home:?} was not read");
            };
            versions[0].document = edited(&versions[0].document, change);
            return;
        }
    };
    let users = parts.users.iter_mut().map(|it| (&it.arn, &mut it.inline));
    let groups = parts.groups.iter_mut().map(|it| (&it.arn, &mut it.inline));
    let roles = parts.roles.iter_mut().map(|it| (&it.arn, &mut it.inline));
    let mut all = users.chain(groups).chain(roles);
    let (_, inline) = all.find(|(arn, _)| ***arn == *owner).unwrap();
    if !matches!(inline, Field::Known(_)) && home.is_new {
        // What was not read stays unread beside the new one, which this model cannot say.
        panic!("{home:?}: {inline:?}");
    }
    let Field::Known(list) = inline else {
        panic!("{home:?} was not read");
    };
    if home.is_new && list.iter().all(|it| it.name != name) {
        list.push(InlinePolicy {
            name: name.into(),
            document: Field::Known(Arc::new(PolicyText::new(EMPTY))),
        });
    }
    let policy = list.iter_mut().find(|it| it.name == name).unwrap();
    policy.document = edited(&policy.document, change);
}
