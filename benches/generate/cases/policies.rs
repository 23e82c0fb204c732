//! Statements and policies of usual cases.

use super::super::json::{Json, object};
use super::super::strings;
use super::super::words::REGIONS;
use super::scene::{ACCOUNTS, SERVICES, Scene, Service, Who};

/// How a statement stands to the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// It is about the request, and its conditions are met.
    Hits,
    /// It is not quite about the request: an action, a resource or a condition does not fit.
    Misses,
}

pub fn document(statements: Vec<Json>) -> Json {
    object([
        ("Version", "2012-10-17".into()),
        ("Statement", Json::List(statements)),
    ])
}

/// A statement of these parts.
fn statement(
    sid: String,
    effect: &'static str,
    principal: Option<Json>,
    (action_element, actions): (&'static str, Json),
    resource: Option<Json>,
    condition: Option<Json>,
) -> Json {
    let mut members = vec![("Sid".into(), sid.into()), ("Effect".into(), effect.into())];
    members.extend(principal.map(|it| ("Principal".into(), it)));
    members.push((action_element.into(), actions));
    members.extend(resource.map(|it| ("Resource".into(), it)));
    members.extend(condition.map(|it| ("Condition".into(), it)));
    Json::Object(members)
}

impl Scene {
    /// A statement about something else: another thing of some service.
    pub fn other(&mut self, sid: usize) -> Json {
        let service = &SERVICES[self.random.below(SERVICES.len())];
        let count = 2 + self.random.below(service.actions.len());
        let actions = self.actions(service, count);
        let resources = (0..1 + self.random.skewed(4)).map(|_| {
            let region = self.random.often(&REGIONS);
            let arn = self.arn_of(service, self.account, region);
            match (arn.rfind('/'), self.random.percent(30)) {
                (Some(at), true) => format!("{}/*", &arn[..at]),
                _ => arn,
            }
        });
        let resources: Vec<_> = resources.collect();
        let condition = self.random.percent(35).then(|| {
            let is_met = self.random.percent(60);
            self.condition(is_met)
        });
        let effect = if self.random.percent(12) {
            "Deny"
        } else {
            "Allow"
        };
        let sid = format!("{}{sid}", service.prefix.to_uppercase());
        let resources = Some(strings(resources));
        statement(sid, effect, None, ("Action", actions), resources, condition)
    }

    /// A statement about the request, or nearly so.
    pub fn focus(&mut self, effect: &'static str, aim: Aim, principal: Option<Json>) -> Json {
        let (service, action) = (self.service, self.action);
        // What does not fit, if something does not: action, resource, condition.
        let misfit = match aim {
            Aim::Hits => None,
            Aim::Misses => Some(self.random.below(3)),
        };
        let actions = if misfit == Some(0) {
            let mut others = service.actions.to_vec();
            others.retain(|it| *it != action);
            strings(others.iter().map(|it| format!("{}:{it}", service.prefix)))
        } else {
            self.covering_actions()
        };
        let resource = if misfit == Some(1) {
            strings([
                self.arn_of(service, self.owner, "ca-central-1"),
                self.arn_of(service, self.owner, "sa-east-1"),
            ])
        } else {
            self.covering_resource()
        };
        let condition = match misfit {
            Some(2) => Some(self.condition(false)),
            _ if self.random.percent(50) => Some(self.condition(true)),
            _ => None,
        };
        let number = self.random.below(90);
        let sid = format!("{}{effect}{number}", service.prefix.to_uppercase());
        let resource = Some(resource);
        statement(
            sid,
            effect,
            principal,
            ("Action", actions),
            resource,
            condition,
        )
    }

    /// Action patterns of which one covers the request.
    fn covering_actions(&mut self) -> Json {
        let (prefix, action) = (self.service.prefix, self.action);
        match self.random.below(5) {
            0 => strings([format!("{prefix}:*")]),
            1 => {
                let start = &action[..3];
                strings([format!("{prefix}:{start}*"), format!("{prefix}:List*")])
            }
            2 => strings([format!("{prefix}:{}", action.to_lowercase())]),
            _ => {
                let count = self.service.actions.len();
                self.actions(self.service, count)
            }
        }
    }

    /// Up to so many actions of a service, in some turn.
    fn actions(&mut self, service: &Service, count: usize) -> Json {
        let start = self.random.below(service.actions.len());
        let count = count.min(service.actions.len());
        let actions = service.actions.iter().cycle().skip(start).take(count);
        strings(actions.map(|it| format!("{}:{it}", service.prefix)))
    }

    /// Resource patterns of which one covers the request.
    fn covering_resource(&mut self) -> Json {
        let arn = self.resource.clone();
        let head: Vec<&str> = arn.splitn(6, ':').collect();
        let team = arn.rfind(['/', ':']).unwrap_or(0) + 1;
        let other = self.thing();
        match self.random.below(6) {
            0 => "*".into(),
            1 => strings([arn]),
            2 => strings([
                format!("{}*", &arn[..arn.len() - 3]),
                format!("{}{other}", &arn[..team]),
            ]),
            3 => strings([format!("{}:*", head[..5].join(":"))]),
            4 => strings([
                format!("{}{other}-*", &arn[..team]),
                format!("{}*", &arn[..team]),
            ]),
            _ => {
                let wild = if head[3].is_empty() { "" } else { "*" };
                let rest = head[5].replace(self.stage, "${aws:PrincipalTag/env}");
                strings([format!("arn:aws:{}:{wild}:{}:{rest}", head[2], head[4])])
            }
        }
    }

    /// Who is named by a statement that is for the caller.
    pub fn naming(&mut self) -> Json {
        let (account, entity) = (self.account, self.entity());
        let other = format!("arn:aws:iam::{}:role/deploy", self.random.of(&ACCOUNTS));
        match self.random.below(6) {
            0 => "*".into(),
            1 => object([("AWS", format!("arn:aws:iam::{account}:root").into())]),
            2 => object([("AWS", account.into())]),
            3 if self.who == Who::Session => object([("AWS", self.principal().into())]),
            _ => object([("AWS", strings([entity, other]))]),
        }
    }

    /// Who is named by a statement that is for somebody else.
    pub fn naming_others(&mut self) -> Json {
        let name = self.thing();
        match self.random.below(2) {
            0 => object([(
                "AWS",
                format!("arn:aws:iam::{}:role/{name}", self.owner).into(),
            )]),
            _ => object([(
                "Service",
                strings(["lambda.amazonaws.com", "events.amazonaws.com"]),
            )]),
        }
    }

    /// A wide allow, as boundaries and organisations have.
    pub fn wide(&mut self, aim: Aim) -> Json {
        let prefixes = SERVICES.iter().map(|service| service.prefix);
        let mut prefixes: Vec<_> = prefixes
            .filter(|it| *it != self.service.prefix && self.random.percent(45))
            .map(|it| format!("{it}:*"))
            .collect();
        if aim == Aim::Hits {
            if self.random.percent(40) {
                prefixes = vec!["*".into()];
            } else {
                prefixes.push(format!("{}:*", self.service.prefix));
            }
        }
        let number = self.random.below(1_000);
        let actions = ("Action", strings(prefixes));
        statement(
            format!("Allow{number}"),
            "Allow",
            None,
            actions,
            Some("*".into()),
            None,
        )
    }

    /// A guard rail that does not bite: what it denies is not what is asked, or is not so.
    pub fn guard(&mut self, principal: Option<Json>) -> Json {
        let condition = Some(self.condition(false));
        let number = self.random.below(1_000);
        let sid = format!("Guard{number}");
        let actions = if principal.is_some() {
            (
                "Action",
                strings(["s3:*", "sqs:*", "kms:*", "secretsmanager:*"]),
            )
        } else if self.random.percent(30) {
            (
                "NotAction",
                strings(["iam:*", "sts:*", "support:*", "route53:*"]),
            )
        } else {
            (
                "Action",
                strings([
                    format!("{}:*", self.service.prefix),
                    "organizations:*".into(),
                ]),
            )
        };
        statement(sid, "Deny", principal, actions, Some("*".into()), condition)
    }
}
