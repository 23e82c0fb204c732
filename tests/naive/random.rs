//! Random cases near the border between the verdicts: policies are made from the request's own
//! action, resource and keys, most layers allow, and often one part of one layer does not.
//!
//! The evaluator serves here to choose among random parts those that hit or miss, so that all
//! verdicts are frequent; what it gets wrong makes cases rarer, never different in meaning.

use serde_json::{Map, Value, json};

use super::principal::Kind;
use super::random_policy::{Want, policy};
use super::statement::Role;
use super::vocabulary::{
    ASSUME, CONTEXT_KEYS, FEDERATED_USERS, Family, KEY_ACTIONS, KEYS, ORDINARY, OTHER, OWN,
    PROVIDERS, ROLE_NAMES, ROLES, SERVICE_LINKED, SERVICES, SESSIONS, STRANGER, UNBOUND, USERS,
    malformed, values,
};

/// A small generator of random numbers (splitmix64): the same seed, the same numbers.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// A generator for a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound, nought where the bound is nought.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound.max(1) as u64) as usize
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of several texts; empty where there are none.
    pub fn pick<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts.get(self.below(texts.len())).copied().unwrap_or("")
    }
}

/// A random case. The same seed gives the same case.
pub fn random_case(seed: u64) -> Value {
    let mut random = Random::new(seed);
    let kind = caller_kind(&mut random);
    let mut case = request(&mut random, kind);
    case["id"] = json!(format!("random-{seed}"));
    case["context"] = context(&mut random, kind);
    add_layers(&mut random, kind, &mut case);
    case
}

/// The kind of caller. Service-linked roles are made of `Role` and `Session` later.
fn caller_kind(random: &mut Random) -> Kind {
    match random.below(100) {
        0..29 => Kind::User,
        29..46 => Kind::Role,
        46..70 => Kind::Session,
        70..79 => Kind::FederatedUser,
        79..86 => Kind::Root,
        86..91 => Kind::Service,
        91..94 => Kind::Anonymous,
        _ => Kind::Federated,
    }
}

/// The principal of a case.
fn principal(random: &mut Random, kind: Kind) -> String {
    let linked = random.percent(12);
    let (service, name) = match kind {
        Kind::User => ("iam", random.pick(&USERS)),
        Kind::Role if linked => ("iam", SERVICE_LINKED[0]),
        Kind::Role => ("iam", random.pick(&ROLE_NAMES)),
        Kind::Session if linked => ("sts", SERVICE_LINKED[1]),
        Kind::Session => ("sts", random.pick(&SESSIONS)),
        Kind::FederatedUser => ("sts", random.pick(&FEDERATED_USERS)),
        Kind::Root => ("iam", "root"),
        Kind::Service => return random.pick(&SERVICES).to_owned(),
        Kind::Federated => return random.pick(&PROVIDERS).replace("{}", OWN),
        Kind::Anonymous => return "*".to_owned(),
    };
    format!("arn:aws:{service}::{OWN}:{name}")
}

/// The request: who, what, on which resource of which account.
fn request(random: &mut Random, kind: Kind) -> Value {
    let owner = if random.percent(28) { OTHER } else { OWN };
    let (action, resource) = match random.below(100) {
        _ if kind == Kind::Federated && random.percent(85) => {
            let action = random.pick(&["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]);
            (action, random.pick(&ROLES))
        }
        _ if kind == Kind::Service && random.percent(40) => ("sts:AssumeRole", random.pick(&ROLES)),
        0..56 => ORDINARY[random.below(ORDINARY.len())],
        56..64 => (random.pick(&UNBOUND), "*"),
        64..79 => (random.pick(&KEY_ACTIONS), random.pick(&KEYS)),
        _ => (random.pick(&ASSUME), random.pick(&ROLES)),
    };
    let resource = resource.replace("{}", owner);
    let nameless = !resource.contains(owner);
    let mut case = json!({
        "principal_arn": principal(random, kind),
        "action": if random.percent(4) { action.to_lowercase() } else { action.to_owned() },
        "resource": resource,
    });
    // Where the ARN names no account, the case does, or falls back to its own.
    let (account, resource_account) = match random.below(10) {
        _ if nameless && owner == OTHER && random.percent(30) => (json!(OTHER), Value::Null),
        _ if nameless && owner == OTHER => (json!(OWN), json!(OTHER)),
        0..5 => (Value::Null, Value::Null),
        5..8 => (json!(OWN), Value::Null),
        _ => (Value::Null, json!(owner)),
    };
    case["account"] = account;
    case["resource_account"] = resource_account;
    case
}

/// The request's context: about half of the keys; some with several, no or senseless values.
fn context(random: &mut Random, kind: Kind) -> Value {
    let mut context = Map::new();
    for (name, family, multi) in CONTEXT_KEYS {
        if random.percent(50) {
            continue;
        }
        let name = if random.percent(6) {
            name.to_lowercase()
        } else {
            name.to_owned()
        };
        context.insert(name, context_value(random, family, multi));
    }
    let id = match kind {
        Kind::User => "AIDAALICEEXAMPLE1".to_owned(),
        Kind::Role | Kind::Session => "AROADEPLOYEXAMPLE2:run-1".to_owned(),
        Kind::FederatedUser => format!("{OWN}:alice"),
        Kind::Root => OWN.to_owned(),
        _ => return Value::Object(context),
    };
    if random.percent(50) {
        context.insert("aws:userid".to_owned(), json!(id));
    }
    Value::Object(context)
}

/// The value of one key of the request.
fn context_value(random: &mut Random, family: Family, multi: bool) -> Value {
    let one = |random: &mut Random| {
        let odd = random.percent(4);
        random.pick(if odd {
            malformed(family)
        } else {
            values(family)
        })
    };
    let count = match random.below(100) {
        0..3 => 0,
        3..8 => 1,
        8..14 => 2,
        _ if multi => 1 + random.below(3),
        _ => {
            let text = one(random);
            return match (family, random.percent(15)) {
                (Family::Bool, true) => json!(random.percent(50)),
                (Family::Number, true) => json!(10 + random.below(2)),
                _ => json!(text),
            };
        }
    };
    (0..count).map(|_| json!(one(random))).collect()
}

/// The layers that a case may have.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Layer {
    Identity,
    Boundary,
    Session,
    Resource,
    Scp,
    Rcp,
}

/// Chooses the layers that are there, what each shall do, and puts their policies into the case.
fn add_layers(random: &mut Random, kind: Kind, case: &mut Value) {
    let own_policy = case["resource"].as_str().is_some_and(|resource| {
        resource.contains(":key/")
            || case["action"]
                .as_str()
                .is_some_and(|action| action.starts_with("sts:"))
    });
    let cross = case["resource"]
        .as_str()
        .is_some_and(|resource| resource.contains(OTHER))
        || case["resource_account"] == OTHER
        || case["account"] == OTHER;
    let identity_side = !matches!(kind, Kind::Service | Kind::Federated | Kind::Anonymous);
    let resource_chance = if own_policy || cross || !identity_side {
        94
    } else {
        38
    };
    let session_chance = match kind {
        Kind::Root => 0,
        // What such a session may do across accounts without a session policy, no page tells.
        Kind::FederatedUser if cross => 100,
        Kind::FederatedUser => 75,
        Kind::User => 8,
        _ => 35,
    };
    let mut layers = Vec::new();
    for (layer, chance) in [
        (Layer::Identity, if kind == Kind::Root { 25 } else { 85 }),
        (Layer::Boundary, 32),
        (Layer::Session, session_chance),
        (Layer::Resource, resource_chance),
        (Layer::Scp, 45),
        (Layer::Rcp, 35),
    ] {
        if random.percent(chance) {
            layers.push(layer);
        }
    }
    let denying = one_of(random, 31, &layers);
    let silent = one_of(random, 58, &layers);
    for layer in layers {
        let is = |special: Option<Layer>| special == Some(layer);
        let allow = if is(silent) { Want::Miss } else { Want::Hit };
        let near_miss = random.percent(26).then_some(Want::Miss);
        let deny = if is(denying) {
            Some(Want::Hit)
        } else {
            near_miss
        };
        add_layer(random, kind, layer, (allow, deny), case);
    }
}

/// One of the layers, in so many of a hundred cases.
fn one_of(random: &mut Random, chance: usize, layers: &[Layer]) -> Option<Layer> {
    let layer = layers.get(random.below(layers.len())).copied();
    layer.filter(|_| random.percent(chance))
}

/// Puts one layer into the case.
fn add_layer(
    random: &mut Random,
    kind: Kind,
    layer: Layer,
    (allow, deny): (Want, Option<Want>),
    case: &mut Value,
) {
    // Of the root user's identity policies only that they allow nothing new is certain.
    let deny = if kind == Kind::Root && layer == Layer::Identity {
        None
    } else {
        deny
    };
    let trust = case["action"]
        .as_str()
        .is_some_and(|action| action.starts_with("sts:"));
    match layer {
        Layer::Identity => {
            let main = policy(random, case, Role::Identity, allow, deny);
            let mut policies = vec![named("main", main)];
            if random.percent(20) {
                let extra = policy(random, case, Role::Identity, Want::Miss, None);
                policies.insert(random.below(2), named("extra", extra));
            }
            case["identity_policies"] = Value::Array(policies);
        }
        Layer::Boundary => {
            case["permissions_boundary"] = policy(random, case, Role::Identity, allow, deny);
        }
        Layer::Session => {
            case["session_policy"] = policy(random, case, Role::Identity, allow, deny)
        }
        Layer::Resource => {
            let role = if trust { Role::Trust } else { Role::Resource };
            case["resource_policy"] = policy(random, case, role, allow, deny);
        }
        Layer::Scp => case["scps"] = levels(random, case, Role::Identity, allow, deny),
        Layer::Rcp => case["rcps"] = levels(random, case, Role::Control, allow, deny),
    }
}

/// An identity policy with its name.
fn named(name: &str, policy: Value) -> Value {
    let fields = [("name", Value::from(name)), ("policy", policy)];
    Value::Object(
        fields
            .map(|(field, value)| (field.to_owned(), value))
            .into_iter()
            .collect(),
    )
}

/// The levels of SCPs or RCPs: one of them does what the layer shall do, the others allow.
fn levels(random: &mut Random, case: &Value, role: Role, allow: Want, deny: Option<Want>) -> Value {
    let count = if random.percent(3) {
        0
    } else {
        1 + random.below(3)
    };
    let special = random.below(count);
    let mut levels = Vec::new();
    for level in 0..count {
        let (allow, deny) = if level == special {
            (allow, deny)
        } else {
            (Want::Hit, None)
        };
        let mut policies = vec![policy(random, case, role, allow, deny)];
        if random.percent(20) {
            policies.push(policy(random, case, role, Want::Miss, None));
        }
        if allow == Want::Miss && random.percent(8) {
            policies.clear();
        }
        levels.push(Value::Array(policies));
    }
    Value::Array(levels)
}

/// An account for a principal: mostly the caller's.
pub fn some_account(random: &mut Random) -> &'static str {
    if random.percent(60) {
        OWN
    } else {
        random.pick(&[OTHER, STRANGER])
    }
}
