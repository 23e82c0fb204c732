//! Short cases that seek the corners of the language.

use super::super::json::{Json, object};
use super::super::{Random, strings};
use super::odd_words::{CALLERS, FAMILIES, Family, NAMED, THINGS, Thing};

const OWN: &str = "111122223333";
const OTHER: &str = "444455556666";

/// What kind of policy a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Identity,
    Resource,
    /// A trust policy: no resource, no `NotPrincipal`.
    Trust,
    ResourceControl,
}

struct Odd {
    random: Random,
    thing: &'static Thing,
    owner: &'static str,
}

pub fn case(number: usize, mut random: Random) -> Json {
    let thing = &THINGS[random.skewed(THINGS.len())];
    let owner = if random.percent(15) { OTHER } else { OWN };
    let caller = random.of(&CALLERS);
    let mut odd = Odd {
        random,
        thing,
        owner,
    };
    let mut members: Vec<(&'static str, Json)> = vec![
        ("id", format!("odd-{number}").into()),
        ("account", OWN.into()),
        ("principal_arn", caller.replace("{a}", OWN).into()),
    ];
    let has_identity = caller.starts_with("arn:");
    if has_identity {
        let policies = (0..1 + odd.random.below(2)).map(|at| {
            let policy = odd.policy(For::Identity, 75);
            object([("name", format!("p{at}").into()), ("policy", policy)])
        });
        let policies = policies.collect();
        members.push(("identity_policies", Json::List(policies)));
        let is_entity = caller.contains(":user/") || caller.contains("role/");
        if is_entity && odd.random.percent(20) {
            members.push(("permissions_boundary", odd.policy(For::Identity, 85)));
        }
        if caller.contains(":sts:") && odd.random.percent(40) {
            members.push(("session_policy", odd.policy(For::Identity, 85)));
        }
        if odd.random.percent(25) {
            members.push(("scps", odd.levels(For::Identity, 90)));
        }
    }
    if odd.random.percent(12) {
        members.push(("rcps", odd.levels(For::ResourceControl, 0)));
    }
    let is_trust = odd.thing.actions[0].starts_with("sts:");
    if is_trust || odd.random.percent(if has_identity { 45 } else { 95 }) {
        let kind = if is_trust { For::Trust } else { For::Resource };
        members.push(("resource_policy", odd.policy(kind, 75)));
    }
    let action = odd.random.of(odd.thing.actions);
    members.extend([
        ("resource_account", owner.into()),
        ("action", action.into()),
        ("resource", odd.thing.resource.replace("{a}", owner).into()),
        ("context", odd.context(caller)),
    ]);
    let members = members.into_iter().map(|(name, it)| (name.into(), it));
    Json::Object(members.collect())
}

impl Odd {
    fn levels(&mut self, kind: For, allow_percent: usize) -> Json {
        let levels = (0..1 + self.random.below(2)).map(|_| {
            let policies = (0..1 + self.random.below(2)).map(|_| self.policy(kind, allow_percent));
            Json::List(policies.collect())
        });
        Json::List(levels.collect())
    }

    fn policy(&mut self, kind: For, allow_percent: usize) -> Json {
        let count = 1 + self.random.skewed(3);
        let statements = (0..count).map(|_| self.statement(kind, allow_percent));
        let statements = Json::List(statements.collect());
        // RCPs must have the newer one.
        let is_old = kind != For::ResourceControl && self.random.percent(8);
        let version = if is_old { "2008-10-17" } else { "2012-10-17" };
        object([("Version", version.into()), ("Statement", statements)])
    }

    fn statement(&mut self, kind: For, allow_percent: usize) -> Json {
        let allows = self.random.percent(allow_percent);
        let effect = if allows { "Allow" } else { "Deny" };
        let mut members = vec![("Effect", effect.into())];
        match kind {
            For::Identity => {}
            For::ResourceControl => members.push(("Principal", "*".into())),
            For::Resource if !allows && self.random.percent(25) => {
                members.push(("NotPrincipal", self.principals()));
            }
            _ => members.push(("Principal", self.principals())),
        }
        let thing = self.thing;
        let mut actions = self.some(thing.patterns, 2);
        let mut negated = kind != For::Trust && self.random.percent(8);
        if kind == For::ResourceControl {
            // RCPs take neither `*` alone nor NotAction.
            let patterns: Vec<_> = thing.patterns.iter().filter(|it| **it != "*").collect();
            actions = (**self.random.of(&patterns)).into();
            negated = false;
        }
        members.push((if negated { "NotAction" } else { "Action" }, actions));
        if kind != For::Trust {
            let owner = self.owner;
            let count = 1 + self.random.below(2);
            let covers = (0..count).map(|_| self.random.of(thing.covers).replace("{a}", owner));
            let covers = strings(covers.collect::<Vec<_>>());
            let negated = self.random.percent(8);
            members.push((if negated { "NotResource" } else { "Resource" }, covers));
        }
        // Half of the statements hang on something.
        if self.random.percent(50) {
            members.push(("Condition", self.condition()));
        }
        let members = members.into_iter().map(|(name, it)| (name.into(), it));
        Json::Object(members.collect())
    }

    fn some(&mut self, list: &[&'static str], most: usize) -> Json {
        match 1 + self.random.below(most) {
            1 => self.random.of(list).into(),
            count => strings((0..count).map(|_| self.random.of(list))),
        }
    }

    fn principals(&mut self) -> Json {
        if self.random.percent(10) {
            return "*".into();
        }
        let mut kinds: Vec<(&'static str, Vec<String>)> = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let (kind, name) = self.random.of(&NAMED);
            let account = if self.random.percent(90) { OWN } else { OTHER };
            let name = name.replace("{a}", account);
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, names)) => names.push(name),
                None => kinds.push((kind, vec![name])),
            }
        }
        let kinds = kinds.into_iter();
        Json::Object(kinds.map(|(kind, it)| (kind.into(), strings(it))).collect())
    }

    fn condition(&mut self) -> Json {
        let mut operators: Vec<(String, Json)> = Vec::new();
        for _ in 0..1 + self.random.skewed(3) {
            let (operator, key, values) = self.part();
            if operators.iter().all(|(known, _)| *known != operator) {
                operators.push((operator, object([(key, values)])));
            }
        }
        let operators = operators.into_iter();
        Json::Object(operators.map(|(name, it)| (name.into(), it)).collect())
    }

    fn part(&mut self) -> (String, &'static str, Json) {
        let family: &Family = &FAMILIES[self.random.skewed(FAMILIES.len())];
        let key = self.random.of(family.keys);
        if self.random.percent(6) {
            return ("Null".into(), key, self.some(&["true", "false"], 1));
        }
        let operator = self.random.of(family.operators);
        let quantifier = match self.random.below(10) {
            0 => "ForAllValues:",
            1 => "ForAnyValue:",
            _ if family.keys[0] == "aws:TagKeys" => {
                self.random.of(&["ForAllValues:", "ForAnyValue:"])
            }
            _ => "",
        };
        let suffix = if self.random.percent(15) {
            "IfExists"
        } else {
            ""
        };
        let values = self.some(family.wanted, 3);
        (format!("{quantifier}{operator}{suffix}"), key, values)
    }

    /// Some of the keys that conditions ask for; `aws:username` is as it must be.
    fn context(&mut self, caller: &str) -> Json {
        let mut keys = Vec::new();
        for family in &FAMILIES {
            for key in family.keys {
                if *key == "aws:username" || self.random.percent(30) {
                    continue;
                }
                let is_list = family.keys[0] == "aws:TagKeys";
                let value = if is_list {
                    strings((0..1 + self.random.below(3)).map(|_| self.random.of(family.found)))
                } else {
                    self.random.of(family.found).into()
                };
                keys.push(((*key).into(), value));
            }
        }
        match caller.rsplit_once('/') {
            Some((start, name)) if start.contains(":user") => {
                keys.push(("aws:username".into(), name.to_owned().into()));
            }
            _ => {}
        }
        Json::Object(keys)
    }
}
