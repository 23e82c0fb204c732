//! Random worlds: an account, terms and a request. The same seed gives the same world.

use std::sync::Arc;

use iamscope::access::{Index, Terms};
use iamscope::iam::{Account, Batch, Field, Level, NamedPolicy, Organization};
use iamscope::policy::{PolicyText, Texts};
use jiff::Timestamp;
use serde_json::json;

use super::random_account;
use super::random_policy::{Theme, Use, conditions, document, full, one_of};
use crate::naive::random::Random;

/// The account that is asked about, and two others.
pub const OWN: &str = "111122223333";
pub const OTHER: &str = "444455556666";
pub const STRANGER: &str = "777788889999";

/// The ARN of a session.
pub fn session_arn(account: &str, role: &str, session: &str) -> String {
    format!("arn:aws:sts::{account}:assumed-role/{role}/{session}")
}

/// What a question is asked with, owned.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub context: Vec<(String, Vec<String>)>,
    pub is_strict: bool,
    pub now: Option<Timestamp>,
    pub resource_policy: Option<String>,
    pub resource_account: Option<String>,
    pub session_policy: Option<String>,
    pub organization: Option<Organization>,
}

impl Given {
    /// As the evaluator takes it.
    pub fn terms(&self) -> Terms<'_> {
        Terms {
            context: self.context.clone(),
            is_strict: self.is_strict,
            now: self.now,
            resource_policy: self
                .resource_policy
                .as_deref()
                .map(|text| ("of the resource", text)),
            resource_account: self.resource_account.as_deref(),
            session_policy: self
                .session_policy
                .as_deref()
                .map(|text| ("of the session", text)),
            organization: self.organization.as_ref(),
        }
    }
}

/// An account in its parts, and a request.
#[derive(Debug, Clone)]
pub struct World {
    pub parts: Batch,
    pub given: Given,
    pub action: String,
    pub resource: String,
    pub theme: Theme,
}

/// How large the account is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub users: usize,
    pub roles: usize,
}

/// What worlds ask about: action and resource. `{}` is an account.
const REQUESTS: [(&str, &str); 18] = [
    ("s3:GetObject", "arn:aws:s3:::home/u1/k"),
    ("s3:GetObject", "arn:aws:s3:::team-red/k"),
    ("s3:PutObject", "arn:aws:s3:::home/u1/k"),
    ("s3:ListAllMyBuckets", "*"),
    ("ec2:DescribeInstances", "*"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:{}:key/k-1"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:{}:key/k-1"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:{}:jobs"),
    ("sqs:SendMessage", "*"),
    ("iam:PassRole", "role"),
    ("sts:AssumeRole", "role"),
    ("sts:AssumeRole", "role"),
    ("iam:GetUser", "user"),
    ("s3:GetObject", "arn:aws:s3:::home/*"),
    ("s3:PutObject", "*"),
    ("iam:PassRole", "arn:aws:iam::{}:role/*"),
    ("sts:AssumeRole", "*"),
    ("sts:AssumeRole", "arn:aws:iam::{}:role/r*"),
];

impl World {
    /// A random world.
    pub fn random(seed: u64, size: Size, texts: &mut Texts) -> Self {
        let mut random = Random::new(seed);
        let random = &mut random;
        let users = random_account::user_arns(random, size.users);
        let roles = random_account::role_arns(random, size.roles);
        let (action, resource) = REQUESTS[random.below(REQUESTS.len())];
        let resource = match resource {
            "role" if random.percent(5) => format!("arn:aws:iam::{OTHER}:role/theirs"),
            "role" if random.percent(3) => format!("arn:aws:iam::{OWN}:role/gone"),
            "role" => one_of(random, &roles),
            "user" => one_of(random, &users),
            other => other.replace("{}", if random.percent(25) { OTHER } else { OWN }),
        };
        let action = if random.percent(4) {
            action.to_lowercase()
        } else {
            action.to_owned()
        };
        let theme = Theme {
            action: action.clone(),
            resource: resource.clone(),
            users,
            roles,
        };
        Self {
            parts: random_account::parts(random, &theme, texts),
            given: given(random, &theme),
            action,
            resource,
            theme,
        }
    }

    /// A random world in which roles often lead to others.
    pub fn chained(seed: u64, size: Size, texts: &mut Texts) -> Self {
        let mut world = Self::random(seed, size, texts);
        let mut random = Random::new(!seed);
        let count = world.parts.roles.len();
        for at in 0..count {
            if random.percent(65) {
                let text = next_trust(&mut random, &world.theme, at);
                world.parts.roles[at].trust = Field::Known(texts.intern(&text));
            }
            let role = &mut world.parts.roles[at];
            if at + 1 < count && random.percent(60) {
                role.attached = Field::Known(Vec::new());
                role.inline = Field::Known(Vec::new());
            }
        }
        world
    }

    /// The account.
    pub fn account(&self) -> Arc<Account> {
        let mut account = Account::default();
        account.id = Some(OWN.into());
        account.absorb(self.parts.clone());
        Arc::new(account)
    }

    /// The account, ready.
    pub fn index(&self) -> Index {
        Index::new(self.account())
    }
}

/// A trust policy that names the role before this one, the last before the first.
fn next_trust(random: &mut Random, theme: &Theme, at: usize) -> String {
    let count = theme.roles.len();
    let before = &theme.roles[(at + count - 1) % count];
    let mut statement = json!({
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": before}
    });
    if random.percent(30) {
        statement["Condition"] = conditions(random, Use::Trust, theme);
    }
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

fn given(random: &mut Random, theme: &Theme) -> Given {
    let mut given = Given {
        context: context(random),
        is_strict: random.percent(40),
        now: random
            .percent(30)
            .then(|| "2025-06-01T00:00:00Z".parse().unwrap()),
        ..Given::default()
    };
    if random.percent(35) {
        given.resource_policy = Some(document(random, theme, Use::Resource));
    }
    if random.percent(10) {
        let account = random.pick(&[OWN, OTHER]);
        given.resource_account = Some(account.to_owned());
    }
    if random.percent(22) {
        given.session_policy = Some(document(random, theme, Use::Identity));
    }
    if random.percent(40) {
        given.organization = Some(organization(random, theme));
    }
    given
}

fn context(random: &mut Random) -> Vec<(String, Vec<String>)> {
    const KEYS: [(&str, &[&str], usize); 15] = [
        ("aws:MultiFactorAuthPresent", &["true", "false"], 25),
        ("aws:MultiFactorAuthAge", &["60", "7200"], 10),
        ("sts:ExternalId", &["x-1", "x-3"], 25),
        ("aws:SourceIp", &["10.0.0.1", "192.0.2.9"], 40),
        ("aws:SecureTransport", &["true"], 40),
        ("aws:PrincipalTag/team", &["red", "blue"], 7),
        (
            "aws:PrincipalArn",
            &["arn:aws:iam::111122223333:role/r1"],
            4,
        ),
        ("aws:username", &["u1"], 4),
        (
            "AWS:UserId",
            &["AROAR1XXXXXXXXXXXXXXX:run", "AIDAU1XXXXXXXXXXXXXXX"],
            6,
        ),
        ("aws:PrincipalType", &["User"], 3),
        ("aws:PrincipalOrgID", &["o-1", "o-2"], 5),
        ("aws:ResourceTag/team", &["red", "blue"], 20),
        ("aws:TagKeys", &["a", "c"], 20),
        ("sts:RoleSessionName", &["u1", "run"], 15),
        ("saml:aud", &["https://signin.aws.amazon.com/saml"], 20),
    ];
    let mut context = Vec::new();
    for (key, values, chance) in KEYS {
        if random.percent(chance) {
            let value = random.pick(values).to_owned();
            context.push((key.to_owned(), vec![value]));
        }
    }
    context
}

fn organization(random: &mut Random, theme: &Theme) -> Organization {
    let has_scps = random.percent(85);
    let has_rcps = random.percent(55);
    let list = |random: &mut Random, used_as: Use| {
        let allows = used_as == Use::Control || random.percent(80);
        let mut texts = Vec::new();
        if allows {
            texts.push(full(Use::Identity));
        }
        if !allows || random.percent(45) {
            texts.push(document(random, theme, used_as));
        }
        let policies = texts.into_iter().enumerate();
        let named = |(at, text)| NamedPolicy {
            name: format!("p{at}"),
            text: Arc::new(PolicyText::new(text)),
        };
        policies.map(named).collect::<Vec<_>>()
    };
    let count = random.below(4);
    let levels = (0..count).map(|at| Level {
        name: format!("level {at}"),
        scps: has_scps.then(|| list(random, Use::Identity)),
        rcps: if has_rcps {
            list(random, Use::Control)
        } else {
            Vec::new()
        },
    });
    let levels = levels.collect();
    Organization {
        id: random.percent(70).then(|| "o-1".to_owned()),
        management_account: match random.below(10) {
            0 => Some(OWN.to_owned()),
            1..5 => Some(OTHER.to_owned()),
            _ => None,
        },
        levels,
    }
}
