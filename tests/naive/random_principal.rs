//! Random Principal and NotPrincipal elements.

use serde_json::{Value, json};

use super::principal::{Caller, Kind, part};
use super::random::{Random, some_account};
use super::vocabulary::{OTHER, PROVIDERS, ROLE_NAMES, SERVICES, SESSIONS, STRANGER, USERS};

/// The ARN of the role of a session or of the user below a federated user, with some path. Their
/// own ARNs tell none.
fn below(random: &mut Random, caller: &Caller<'_>) -> Option<String> {
    let name = part(caller.arn, 5).split('/').nth(1)?;
    let kind = match caller.kind {
        Kind::Session => "role",
        Kind::FederatedUser => "user",
        _ => return None,
    };
    let path = random.pick(&["", "ci/", "dev/"]);
    Some(format!(
        "arn:aws:iam::{}:{kind}/{path}{name}",
        caller.account()
    ))
}

/// The caller's account, as an ARN or as its number.
fn account(random: &mut Random, caller: &Caller<'_>) -> String {
    let account = caller.account();
    if random.percent(65) {
        format!("arn:aws:iam::{account}:root")
    } else {
        account.to_owned()
    }
}

/// An entry under `AWS` that names the caller, who has an identity side.
fn naming_entry(random: &mut Random, caller: &Caller<'_>) -> String {
    match random.below(100) {
        0..12 => "*".to_owned(),
        12..44 => account(random, caller),
        44..50 if caller.kind == Kind::User => "AIDAALICEEXAMPLE1".to_owned(),
        44..50 if matches!(caller.kind, Kind::Role | Kind::Session) => {
            "AROADEPLOYEXAMPLE2".to_owned()
        }
        50..74 => below(random, caller).unwrap_or_else(|| caller.arn.to_owned()),
        _ => caller.arn.to_owned(),
    }
}

/// An entry under `AWS` that probably does not name the caller, though it looks like it.
fn other_entry(random: &mut Random, caller: &Caller<'_>) -> String {
    let account = some_account(random);
    match random.below(12) {
        0 => format!("arn:aws:iam::{}:root", random.pick(&[OTHER, STRANGER])),
        1 => random.pick(&[OTHER, STRANGER]).to_owned(),
        2 => format!("arn:aws:iam::{account}:{}", random.pick(&USERS)),
        3 => format!("arn:aws:iam::{account}:{}", random.pick(&ROLE_NAMES)),
        4 => format!("arn:aws:sts::{account}:{}", random.pick(&SESSIONS)),
        5 => random
            .pick(&[
                "AIDAALICEEXAMPLE9",
                "AROADEPLOYEXAMPLE9",
                "AROADEPLOYEXAMPLE",
            ])
            .to_owned(),
        6 => caller.arn.replace(['a', 'e'], "*"),
        7 => format!(
            "arn:aws:iam::{account}:{}/*",
            random.pick(&["user", "role"])
        ),
        8 => {
            let partition = random.pick(&["arn:aws-cn:", "arn:*:", "arn:aws*:"]);
            caller.arn.replacen("arn:aws:", partition, 1)
        }
        9 => account_elsewhere(random, caller),
        10 => {
            let role = random.pick(&["app", "deploy", "audit-alice"]);
            let session = random.pick(&["*", "run-?", "*-1"]);
            format!("arn:aws:sts::{account}:assumed-role/{role}/{session}")
        }
        _ => caller.arn.replace("alice", "Alice").replace("app", "App"),
    }
}

/// The caller's account in another partition or region.
fn account_elsewhere(random: &mut Random, caller: &Caller<'_>) -> String {
    let place = random.pick(&["aws-us-gov:iam:", "*:iam:", "aws:iam:eu-west-1"]);
    format!("arn:{place}:{}:root", caller.account())
}

/// Entries as one text or as a list, in any order.
fn entries(random: &mut Random, mut entries: Vec<String>) -> Value {
    if entries.len() == 1 && random.percent(50) {
        return json!(entries[0]);
    }
    let turn = random.below(entries.len());
    entries.rotate_left(turn);
    json!(entries)
}

/// A Principal element that probably names the caller.
pub fn naming_principal(random: &mut Random, caller: &Caller<'_>) -> Value {
    if random.percent(8) {
        return json!("*");
    }
    let mut aws = Vec::new();
    let mut principal = json!({});
    match caller.kind {
        Kind::Service => principal["Service"] = entries(random, vec![caller.arn.to_owned()]),
        Kind::Federated => principal["Federated"] = entries(random, vec![caller.arn.to_owned()]),
        Kind::Anonymous => aws.push("*".to_owned()),
        _ => aws.push(naming_entry(random, caller)),
    }
    add_others(random, caller, aws, &mut principal);
    principal
}

/// A Principal element that probably does not name the caller.
pub fn missing_principal(random: &mut Random, caller: &Caller<'_>) -> Value {
    let mut principal = json!({});
    let mut aws = Vec::new();
    match random.below(12) {
        0 => return principal,
        1 => return json!({"AWS": []}),
        2 => principal["CanonicalUser"] = json!("79a59df900b949e55d96a1e698fbaced"),
        3 | 4 => principal["Service"] = json!(random.pick(&SERVICES)),
        5 | 6 => principal["Federated"] = json!(random.pick(&PROVIDERS).replace("{}", OTHER)),
        _ => aws.push(other_entry(random, caller)),
    }
    add_others(random, caller, aws, &mut principal);
    principal
}

/// Adds the entries under `AWS`, and sometimes principals that are not the caller.
fn add_others(
    random: &mut Random,
    caller: &Caller<'_>,
    mut aws: Vec<String>,
    principal: &mut Value,
) {
    if random.percent(25) {
        aws.push(other_entry(random, caller));
    }
    if !aws.is_empty() {
        principal["AWS"] = entries(random, aws);
    }
    if principal.get("Service").is_none() && random.percent(6) {
        principal["Service"] = json!([random.pick(&SERVICES)]);
    }
}

/// A NotPrincipal element that lists what excepts the caller, each part left out with some chance.
pub fn not_principal(random: &mut Random, caller: &Caller<'_>, left_out: usize) -> Value {
    match caller.kind {
        Kind::Anonymous if random.percent(50) => return json!("*"),
        Kind::Service if !random.percent(left_out) => return json!({"Service": caller.arn}),
        Kind::Service | Kind::Federated | Kind::Anonymous => {
            return json!({"Service": random.pick(&SERVICES)});
        }
        _ => {}
    }
    let mut listed = Vec::new();
    if !random.percent(left_out) {
        listed.push(account(random, caller));
    }
    if !random.percent(left_out) {
        listed.push(caller.arn.to_owned());
    }
    if let Some(below) = below(random, caller)
        && !random.percent(left_out)
    {
        listed.push(below);
    }
    if random.percent(20) || listed.is_empty() {
        listed.push(format!("arn:aws:iam::{STRANGER}:root"));
    }
    if random.percent(3) {
        listed.push("*".to_owned());
    }
    json!({"AWS": entries(random, listed)})
}
