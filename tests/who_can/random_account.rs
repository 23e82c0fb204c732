//! Random users, groups, roles and managed policies.

use std::sync::Arc;

use iamscope::iam::{
    Batch, Field, Group, InlinePolicy, ManagedPolicy, PolicyVersion, Role, RoleDetails, Tag, User,
    UserDetails,
};
use iamscope::policy::{PolicyText, Texts};

use super::random_policy::{Theme, Use, document, unique_id};
use super::world::OWN;
use crate::naive::random::Random;

/// Policies of AWS: allows of one service, allows of everything, and of everything but.
const OF_AWS: [&str; 5] = [
    "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:iam::aws:policy/PowerUserAccess",
    "arn:aws:iam::aws:policy/AmazonSQSFullAccess",
    "arn:aws:iam::aws:policy/IAMReadOnlyAccess",
];

/// How many policies and groups an account has.
const POLICIES: usize = 7;
const GROUPS: usize = 3;

/// The ARNs of as many users, `u1` among them.
pub fn user_arns(random: &mut Random, count: usize) -> Vec<String> {
    let path = |random: &mut Random| random.pick(&["", "", "eng/"]);
    let names = (0..count).map(|at| format!("arn:aws:iam::{OWN}:user/{}u{at}", path(random)));
    names.collect()
}

/// The ARNs of as many roles, some of them AWS's own.
pub fn role_arns(random: &mut Random, count: usize) -> Vec<String> {
    let mut arn = |at| {
        let name = match random.below(10) {
            0 => format!("aws-service-role/x.amazonaws.com/AWSServiceRoleFor{at}"),
            1 | 2 => format!("ci/r{at}"),
            _ => format!("r{at}"),
        };
        format!("arn:aws:iam::{OWN}:role/{name}")
    };
    (0..count).map(&mut arn).collect()
}

/// The ARN of one of the customer's policies.
pub fn policy_arn(at: usize) -> Arc<str> {
    format!("arn:aws:iam::{OWN}:policy/p{at}").into()
}

/// A value, or rarely that it could not be read.
fn read<T>(random: &mut Random, value: T) -> Field<T> {
    match random.below(100) {
        0 => Field::Unknown,
        1 => Field::Denied("iam:Get".into()),
        _ => Field::Known(value),
    }
}

/// Path and name of an ARN.
fn path_and_name(arn: &str) -> (String, &str) {
    let resource = arn.split_once('/').map_or(arn, |(_, rest)| rest);
    match resource.rsplit_once('/') {
        Some((path, name)) => (format!("/{path}/"), name),
        None => ("/".to_owned(), resource),
    }
}

/// A document, mostly shared with all that are equal.
pub fn text(
    random: &mut Random,
    theme: &Theme,
    used_as: Use,
    texts: &mut Texts,
) -> Arc<PolicyText> {
    let text = document(random, theme, used_as);
    if random.percent(95) {
        texts.intern(&text)
    } else {
        Arc::new(PolicyText::new(text))
    }
}

/// The ARNs of a few managed policies.
pub fn attached(random: &mut Random, most: usize) -> Vec<Arc<str>> {
    let count = random.below(most + 1);
    let mut list: Vec<Arc<str>> = (0..count).map(|_| managed_arn(random)).collect();
    list.dedup();
    list
}

/// The ARN of a managed policy, which rarely is nowhere.
fn managed_arn(random: &mut Random) -> Arc<str> {
    match random.below(100) {
        0..20 => random.pick(&OF_AWS).into(),
        20 => policy_arn(POLICIES + 1),
        _ => policy_arn(random.below(POLICIES)),
    }
}

/// A boundary, if any.
pub fn boundary(random: &mut Random) -> Option<Arc<str>> {
    random.percent(25).then(|| managed_arn(random))
}

/// A few inline policies.
pub fn inline(
    random: &mut Random,
    theme: &Theme,
    most: usize,
    texts: &mut Texts,
) -> Vec<InlinePolicy> {
    let count = random.below(most + 1);
    let list = (0..count).map(|at| {
        let text = text(random, theme, Use::Identity, texts);
        InlinePolicy {
            name: format!("own-{at}").into(),
            document: read(random, text),
        }
    });
    list.collect()
}

fn tags(random: &mut Random) -> Vec<Tag> {
    let key = random.pick(&["team", "Team"]);
    match random.below(4) {
        0 => Vec::new(),
        more => vec![Tag {
            key: key.into(),
            value: ["red", "red", "blue"][more - 1].into(),
        }],
    }
}

/// A random user.
fn user(random: &mut Random, arn: &str, theme: &Theme, texts: &mut Texts) -> User {
    let (path, name) = path_and_name(arn);
    let groups: Vec<Arc<str>> = (0..GROUPS + usize::from(random.percent(2)))
        .filter(|_| random.percent(30))
        .map(|at| format!("g{at}").into())
        .collect();
    let (attached, inline) = (attached(random, 2), inline(random, theme, 2, texts));
    let (boundary, tags) = (boundary(random), tags(random));
    User {
        arn: arn.into(),
        name: name.into(),
        path: path.into(),
        id: unique_id(arn).into(),
        created: None,
        groups: read(random, groups),
        attached: read(random, attached),
        inline: read(random, inline),
        boundary: read(random, boundary),
        tags: read(random, tags),
        details: UserDetails::default(),
    }
}

/// A random role.
pub fn role(random: &mut Random, arn: &str, theme: &Theme, texts: &mut Texts) -> Role {
    let (path, name) = path_and_name(arn);
    let trust = text(random, theme, Use::Trust, texts);
    let (attached, inline) = (attached(random, 2), inline(random, theme, 2, texts));
    let (boundary, tags) = (boundary(random), tags(random));
    Role {
        arn: arn.into(),
        name: name.into(),
        path: path.into(),
        id: unique_id(arn).into(),
        created: None,
        trust: read(random, trust),
        attached: read(random, attached),
        inline: read(random, inline),
        boundary: read(random, boundary),
        tags: read(random, tags),
        last_used: Field::Unknown,
        instance_profiles: Field::Unknown,
        details: RoleDetails::default(),
    }
}

fn group(random: &mut Random, at: usize, theme: &Theme, texts: &mut Texts) -> Group {
    let (attached, inline) = (attached(random, 2), inline(random, theme, 1, texts));
    Group {
        arn: format!("arn:aws:iam::{OWN}:group/g{at}").into(),
        name: format!("g{at}").into(),
        path: "/".into(),
        id: format!("AGPAG{at:X<16}").into(),
        created: None,
        attached: read(random, attached),
        inline: read(random, inline),
    }
}

fn policy(random: &mut Random, at: usize, theme: &Theme, texts: &mut Texts) -> ManagedPolicy {
    let text = text(random, theme, Use::Identity, texts);
    ManagedPolicy {
        arn: policy_arn(at),
        name: format!("p{at}").into(),
        path: "/".into(),
        id: format!("ANPAP{at:X<16}").into(),
        created: None,
        updated: None,
        description: Field::Unknown,
        versions: Field::Known(vec![PolicyVersion {
            id: "v1".into(),
            created: None,
            document: read(random, text),
        }]),
        default_version: "v1".into(),
        attachment_count: None,
        boundary_count: None,
        attachable: None,
        tags: Field::Unknown,
    }
}

/// All that an account has.
pub fn parts(random: &mut Random, theme: &Theme, texts: &mut Texts) -> Batch {
    let users = theme.users.iter();
    let users = users.map(|arn| user(random, arn, theme, texts)).collect();
    let mut roles: Vec<Role> = Vec::new();
    for arn in &theme.roles {
        let mut made = role(random, arn, theme, texts);
        // Trust policies are often alike.
        if let Some(other) = roles.last()
            && random.percent(30)
        {
            made.trust = other.trust.clone();
        }
        roles.push(made);
    }
    let groups = (0..GROUPS).map(|at| group(random, at, theme, texts));
    let groups = groups.collect();
    let policies = (0..POLICIES).map(|at| policy(random, at, theme, texts));
    Batch {
        users,
        groups,
        roles,
        policies: policies.collect(),
    }
}
