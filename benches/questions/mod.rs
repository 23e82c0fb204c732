//! Questions about the accounts that [`generate`](crate::generate) makes.

#![allow(dead_code, reason = "each of those who include this needs a part")]

use std::iter;

use iamscope::access::Terms;
use iamscope::catalog::{self, Action};
use iamscope::iam::Account;
use iamscope::policy::{Document, Statement, Values};

use crate::generate::Random;

/// An action on a resource, and the terms of the question.
pub struct Asked {
    pub action: String,
    pub resource: String,
    pub terms: Terms<'static>,
}

impl Asked {
    fn plain(action: &str, resource: impl Into<String>) -> Self {
        Self {
            action: action.to_owned(),
            resource: resource.into(),
            terms: Terms::default(),
        }
    }
}

/// The three questions that have limits of their own: an object of a bucket that policies name, a
/// role that may be passed on, and a role whose trust policy leaves it to the whole account who
/// may assume it.
pub fn three(account: &Account) -> [Asked; 3] {
    let bucket = bucket(account);
    let passed = &account.roles()[account.roles().len() / 2].arn;
    let id = account.id.as_deref().expect("it has an id");
    let everybody = format!("arn:aws:iam::{id}:root");
    let is_open = |trust: &str| trust.contains(&everybody);
    let mut roles = account.roles().iter();
    let assumed = roles.find(|it| it.trust.known().is_some_and(|it| is_open(it.as_str())));
    let assumed = &assumed.expect("some trust the account").arn;
    [
        Asked::plain("s3:GetObject", format!("{bucket}/2026/report.csv")),
        Asked::plain("iam:PassRole", &**passed),
        Asked::plain("sts:AssumeRole", &**assumed),
    ]
}

/// The first bucket that a policy names.
pub fn bucket(account: &Account) -> String {
    let written = Written::of(account);
    let resources = written.statements.iter().flat_map(|it| &it.resources);
    let mut buckets = resources.filter_map(|it| it.strip_suffix("/*"));
    let found = buckets.find(|it| it.starts_with("arn:aws:s3:::") && !it.contains('*'));
    found.expect("there are buckets").to_owned()
}

/// Many questions of all kinds, the same for the same seed.
pub fn varied(account: &Account, count: usize, seed: u64) -> Vec<Asked> {
    let mut maker = Maker {
        account,
        written: Written::of(account),
        actions: catalog::services().flat_map(|it| it.actions()).collect(),
        random: Random(seed),
    };
    iter::repeat_with(|| maker.asked()).take(count).collect()
}

/// What a statement names.
struct Named {
    actions: Vec<String>,
    resources: Vec<String>,
}

/// What the policies of an account name.
struct Written {
    statements: Vec<Named>,
}

impl Written {
    fn of(account: &Account) -> Self {
        let managed = account.policies().iter().filter_map(|it| it.document());
        let inline = account.roles().iter().filter_map(|it| it.inline.known());
        let inline = inline.flatten().filter_map(|it| it.document.known());
        let mut statements = Vec::new();
        for text in managed.chain(inline) {
            let document = Document::parse(text.as_str());
            statements.extend(document.statements.iter().filter_map(Self::named));
        }
        Self { statements }
    }

    fn named(statement: &Statement) -> Option<Named> {
        let texts = |values: &Values| values.texts().map(str::to_owned).collect();
        Some(Named {
            actions: texts(statement.action.as_ref()?),
            resources: texts(statement.resource.as_ref()?),
        })
    }
}

struct Maker<'a> {
    account: &'a Account,
    written: Written,
    /// All of the catalogue.
    actions: Vec<Action>,
    random: Random,
}

impl Maker<'_> {
    fn asked(&mut self) -> Asked {
        let (action, resource) = match self.random.below(100) {
            // What a statement is about.
            0..45 => self.of_statement(),
            // Another action of the same service on what a statement is about.
            45..65 => {
                let (action, resource) = self.of_statement();
                (self.neighbour(&action), resource)
            }
            65..85 => self.of_entity(),
            85..92 => self.of_key(),
            // Any action on whatever, and on everything.
            92..97 => (self.any_action(), self.of_statement().1),
            _ => (self.any_action(), "*".to_owned()),
        };
        Asked {
            action,
            resource,
            terms: self.terms(),
        }
    }

    fn of_statement(&mut self) -> (String, String) {
        let at = self.random.below(self.written.statements.len());
        let Named { actions, resources } = &self.written.statements[at];
        let action = &actions[self.random.below(actions.len())];
        let resource = &resources[self.random.below(resources.len())];
        let action = if action.contains(['*', '?']) {
            let meant = catalog::expand(action);
            match meant.get(self.random.below(meant.len())) {
                Some(action) => action.to_string(),
                None => "s3:GetObject".to_owned(),
            }
        } else {
            action.clone()
        };
        (action, filled(resource))
    }

    fn neighbour(&mut self, action: &str) -> String {
        let (service, _) = action.split_once(':').expect("an action has a service");
        let Some(service) = catalog::service(service) else {
            return action.to_owned();
        };
        let count = service.actions().len();
        let action = service.actions().nth(self.random.below(count));
        action.expect("a service has actions").to_string()
    }

    fn any_action(&mut self) -> String {
        self.random.of(&self.actions).to_string()
    }

    /// An action of IAM or STS on a user, a role or a policy.
    fn of_entity(&mut self) -> (String, String) {
        let (account, random) = (self.account, &mut self.random);
        let (action, resource) = match random.below(6) {
            0 => {
                let all = account.users();
                ("iam:CreateAccessKey", &all[random.below(all.len())].arn)
            }
            1 => {
                let all = account.policies();
                ("iam:CreatePolicyVersion", &all[random.below(all.len())].arn)
            }
            kind => {
                let all = account.roles();
                let actions = ["iam:PassRole", "sts:AssumeRole", "sts:AssumeRole", "iam:*"];
                (actions[kind - 2], &all[random.below(all.len())].arn)
            }
        };
        let action = match action {
            "iam:*" => self.neighbour(action),
            action => action.to_owned(),
        };
        (action, resource.to_string())
    }

    /// An action of KMS on a key, which has a policy of its own.
    fn of_key(&mut self) -> (String, String) {
        let id = self.account.id.as_deref().unwrap_or_default();
        let number = self.random.below(1 << 32);
        let key = format!("arn:aws:kms:eu-west-1:{id}:key/0a1b2c3d-0000-4000-8000-{number:012x}");
        let used = ["kms:Decrypt", "kms:Encrypt", "kms:DescribeKey"];
        let action = match self.random.below(used.len() + 1) {
            at if at < used.len() => used[at].to_owned(),
            _ => self.neighbour("kms:Decrypt"),
        };
        (action, key)
    }

    fn terms(&mut self) -> Terms<'static> {
        const KEYS: [(&str, &str); 6] = [
            ("aws:RequestedRegion", "eu-west-1"),
            ("aws:SecureTransport", "true"),
            ("aws:ResourceTag/team", "payments"),
            ("aws:MultiFactorAuthPresent", "false"),
            ("aws:SourceIp", "203.0.113.7"),
            ("aws:PrincipalTag/team", "search"),
        ];
        let mut terms = Terms {
            is_strict: self.random.percent(25),
            ..Terms::default()
        };
        if self.random.percent(30) {
            let chosen = KEYS.iter().filter(|_| self.random.percent(40));
            let chosen = chosen.map(|(key, value)| ((*key).to_owned(), vec![(*value).to_owned()]));
            terms.context = chosen.collect();
        }
        terms
    }
}

/// A resource that the pattern of a policy means.
fn filled(pattern: &str) -> String {
    let mut text = pattern.replace('*', "x7").replace('?', "q");
    while let Some((start, rest)) = text.split_once("${") {
        let end = rest.split_once('}').map_or("", |(_, end)| end);
        text = format!("{start}alice{end}");
    }
    if text == "x7" { "*".to_owned() } else { text }
}
