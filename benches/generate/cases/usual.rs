//! Cases as in real accounts.

use super::super::Random;
use super::super::json::{Json, object};
use super::policies::{Aim, document};
use super::scene::{Scene, Who};

/// How many bytes a case has, about.
const LENGTH: usize = 5_000;

/// What is planned. What comes of it is another thing: a grant elsewhere, a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    Allow,
    /// A deny in this layer.
    Deny(usize),
    /// An allow lacks in this layer.
    Lack(usize),
}

pub fn case(number: usize, mut random: Random) -> Json {
    let plan = match random.below(10) {
        0..=3 => Plan::Allow,
        4..=6 => Plan::Deny(random.below(4)),
        _ => Plan::Lack(random.below(4)),
    };
    let mut scene = Scene::new(random);
    let mut members: Vec<(&'static str, Json)> = vec![
        ("id", format!("usual-{number}").into()),
        ("account", scene.account.into()),
        ("principal_arn", scene.principal().into()),
        ("identity_policies", Json::List(Vec::new())),
    ];
    if matches!(plan, Plan::Deny(1) | Plan::Lack(1)) || scene.random.percent(30) {
        members.push(("permissions_boundary", scene.boundary(plan)));
    }
    if matches!(plan, Plan::Deny(2) | Plan::Lack(2)) || scene.random.percent(50) {
        members.push(("scps", scene.scps(plan)));
    }
    if scene.random.percent(20) {
        let guard = scene.guard(Some("*".into()));
        let levels = Json::List(vec![Json::List(vec![document(vec![guard])])]);
        members.push(("rcps", levels));
    }
    if scene.service.prefix == "kms"
        || scene.owner != scene.account
        || scene.service.has_policy && scene.random.percent(35)
    {
        members.push(("resource_policy", scene.resource_policy(plan)));
    }
    if scene.who == Who::Session && (plan == Plan::Lack(3) || scene.random.percent(30)) {
        let aim = aim(plan != Plan::Lack(3));
        let statements = vec![scene.focus("Allow", aim, None), scene.other(1)];
        members.push(("session_policy", document(statements)));
    }
    members.extend([
        ("resource_account", scene.owner.into()),
        (
            "action",
            format!("{}:{}", scene.service.prefix, scene.action).into(),
        ),
        ("resource", scene.resource.clone().into()),
        ("context", scene.context()),
    ]);
    // The caller's own policies fill what is left.
    let length: usize = members
        .iter()
        .map(|(name, it)| name.len() + length(it))
        .sum();
    members[3].1 = scene.identity(plan, LENGTH.saturating_sub(length));
    Json::Object(
        members
            .into_iter()
            .map(|(name, it)| (name.into(), it))
            .collect(),
    )
}

fn aim(hits: bool) -> Aim {
    if hits { Aim::Hits } else { Aim::Misses }
}

fn length(json: &Json) -> usize {
    let mut text = Vec::new();
    json.compact(&mut text)
        .expect("memory takes what is written");
    text.len()
}

impl Scene {
    /// Three to six policies.
    fn identity(&mut self, plan: Plan, length_left: usize) -> Json {
        let mut statements = vec![self.focus("Allow", aim(plan != Plan::Lack(0)), None)];
        if plan == Plan::Deny(0) {
            statements.push(self.focus("Deny", Aim::Hits, None));
        } else if self.random.percent(60) {
            statements.push(self.focus("Deny", Aim::Misses, None));
        }
        if self.random.percent(50) {
            statements.push(self.focus("Allow", Aim::Misses, None));
        }
        let count = 3 + self.random.below(4);
        let mut length_left = length_left.saturating_sub(count * 90);
        for it in &statements {
            length_left = length_left.saturating_sub(length(it) + 1);
        }
        while statements.len() < count || length_left > 200 {
            let other = self.other(statements.len());
            length_left = length_left.saturating_sub(length(&other) + 1);
            let at = self.random.below(statements.len() + 1);
            statements.insert(at, other);
        }
        let mut policies = Vec::with_capacity(count);
        for at in 0..count {
            let share = statements.len().div_ceil(count - at);
            let rest = statements.split_off(share);
            let name = self.thing();
            policies.push(object([
                ("name", format!("{name}-access").into()),
                ("policy", document(std::mem::replace(&mut statements, rest))),
            ]));
        }
        Json::List(policies)
    }

    fn boundary(&mut self, plan: Plan) -> Json {
        let mut statements = vec![self.wide(aim(plan != Plan::Lack(1)))];
        if plan == Plan::Deny(1) {
            statements.push(self.focus("Deny", Aim::Hits, None));
        } else {
            statements.push(self.guard(None));
        }
        document(statements)
    }

    /// Two or three levels: what all may do, and guard rails.
    fn scps(&mut self, plan: Plan) -> Json {
        let count = 2 + self.random.below(2);
        let lacks = (plan == Plan::Lack(2)).then(|| self.random.below(count));
        let mut levels = Vec::new();
        for level in 0..count {
            let allow = self.wide(aim(lacks != Some(level)));
            let mut policies = vec![document(vec![allow])];
            if level == 0 {
                policies.push(document(vec![self.guard(None)]));
            }
            if level == count - 1 && plan == Plan::Deny(2) {
                policies.push(document(vec![self.focus("Deny", Aim::Hits, None)]));
            }
            levels.push(Json::List(policies));
        }
        Json::List(levels)
    }

    fn resource_policy(&mut self, plan: Plan) -> Json {
        let others = self.naming_others();
        let mut statements = vec![self.focus("Allow", Aim::Hits, Some(others))];
        let named = self.naming();
        // Where it lacks, a grant by name would make up for what lacks elsewhere.
        let grants = match plan {
            Plan::Lack(_) => self.random.percent(20),
            _ => true,
        };
        statements.push(self.focus("Allow", aim(grants), Some(named)));
        if plan == Plan::Deny(3) {
            statements.push(self.focus("Deny", Aim::Hits, Some("*".into())));
        } else if self.random.percent(50) {
            statements.push(self.focus("Deny", Aim::Misses, Some("*".into())));
        }
        document(statements)
    }
}
