//! Random policies and statements, made to hit a case or to miss it narrowly.

use serde_json::{Map, Value, json};

use super::condition;
use super::principal::Caller;
use super::random::Random;
use super::random_condition::{block, no_condition};
use super::random_pattern::{action_patterns, resource_patterns};
use super::random_principal::{missing_principal, naming_principal, not_principal};
use super::statement::{Role, applies, statement_namings};
use super::vocabulary::{OWN, STRANGER};

/// What a statement shall do with the case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Want {
    /// Apply to it.
    Hit,
    /// Not apply to it, for one reason.
    Miss,
}

/// A random policy whose Allow, and Deny where there is one, shall hit or miss the case.
pub fn policy(
    random: &mut Random,
    case: &Value,
    role: Role,
    allow: Want,
    deny: Option<Want>,
) -> Value {
    let version = match random.below(100) {
        0..6 => None,
        6..11 => Some("2008-10-17"),
        _ => Some("2012-10-17"),
    };
    let mut statements = vec![statement(random, case, role, "Allow", allow, version)];
    if random.percent(25) {
        statements.push(statement(random, case, role, "Allow", Want::Miss, version));
    }
    if let Some(deny) = deny {
        let at = random.below(statements.len() + 1);
        statements.insert(at, statement(random, case, role, "Deny", deny, version));
    }
    let mut policy = Map::new();
    // Some policies were written for another version than they say.
    let version = if random.percent(3) {
        Some("2008-10-17")
    } else {
        version
    };
    if let Some(version) = version {
        policy.insert("Version".to_owned(), json!(version));
    }
    let single = statements.len() == 1 && random.percent(30);
    let list = if single {
        statements.swap_remove(0)
    } else {
        Value::Array(statements)
    };
    policy.insert("Statement".to_owned(), list);
    let policy = Value::Object(policy);
    if random.percent(4) {
        json!(policy.to_string())
    } else {
        policy
    }
}

/// A random statement that hits the case, or one that did until one part was spoiled.
fn statement(
    random: &mut Random,
    case: &Value,
    role: Role,
    effect: &str,
    want: Want,
    version: Option<&str>,
) -> Value {
    let caller = Caller::of(case);
    let hits = |statement: &Value| {
        let named = match role {
            Role::Resource | Role::Trust => !statement_namings(statement, &caller).is_empty(),
            _ => true,
        };
        named
            && applies(
                statement,
                version.unwrap_or("2008-10-17"),
                role,
                effect,
                case,
            )
    };
    let mut statement = attempt(random, case, role, effect, version);
    for _ in 0..6 {
        if hits(&statement) {
            break;
        }
        statement = attempt(random, case, role, effect, version);
    }
    if want == Want::Miss {
        let whole = statement.clone();
        for _ in 0..4 {
            statement = spoiled(random, case, role, whole.clone(), version);
            if !hits(&statement) {
                break;
            }
        }
    }
    statement
}

/// A statement that probably hits the case.
fn attempt(
    random: &mut Random,
    case: &Value,
    role: Role,
    effect: &str,
    version: Option<&str>,
) -> Value {
    let caller = Caller::of(case);
    let mut statement = json!({"Effect": effect});
    if random.percent(25) {
        statement["Sid"] = json!(format!("S{}", random.below(100)));
    }
    let negated = random.percent(10);
    statement[if negated { "NotAction" } else { "Action" }] =
        action_patterns(random, case, !negated);
    let omitted = match role {
        Role::Trust => true,
        Role::Resource => random.percent(30),
        _ => false,
    };
    if !omitted {
        let negated = random.percent(8);
        statement[if negated { "NotResource" } else { "Resource" }] =
            resource_patterns(random, case, !negated);
    }
    match role {
        Role::Identity => {}
        Role::Control => statement["Principal"] = json!("*"),
        Role::Resource if effect == "Deny" && random.percent(40) => {
            statement["NotPrincipal"] = not_principal(random, &caller, 25);
        }
        _ => statement["Principal"] = naming_principal(random, &caller),
    }
    if random.percent(50) {
        statement["Condition"] = chosen_block(random, case, true, version);
    }
    statement
}

/// A random condition block, of several tries one that holds or fails as asked.
fn chosen_block(random: &mut Random, case: &Value, wanted: bool, version: Option<&str>) -> Value {
    let context = &case["context"];
    let mut found = block(random, context);
    for _ in 0..8 {
        if condition::holds(&found, version.unwrap_or("2008-10-17"), context) == wanted {
            break;
        }
        found = block(random, context);
    }
    found
}

/// The statement with one part changed so that it probably no longer hits.
fn spoiled(
    random: &mut Random,
    case: &Value,
    role: Role,
    mut statement: Value,
    version: Option<&str>,
) -> Value {
    let caller = Caller::of(case);
    match random.below(100) {
        0..42 => statement["Condition"] = chosen_block(random, case, false, version),
        42..57 => {
            let negated = statement.get("NotAction").is_some();
            let name = if negated { "NotAction" } else { "Action" };
            statement[name] = action_patterns(random, case, negated);
        }
        57..72 if statement.get("Resource").is_some() => {
            statement["Resource"] = resource_patterns(random, case, false);
        }
        57..72 if statement.get("NotResource").is_some() => {
            statement["NotResource"] = resource_patterns(random, case, true);
        }
        57..86 if statement.get("NotPrincipal").is_some() => {
            statement["NotPrincipal"] = not_principal(random, &caller, 4);
        }
        57..86 if matches!(role, Role::Resource | Role::Trust) => {
            statement["Principal"] = missing_principal(random, &caller);
        }
        _ => break_statement(random, case, role, &mut statement),
    }
    statement
}

/// Makes a statement one that cannot be evaluated.
fn break_statement(random: &mut Random, case: &Value, role: Role, statement: &mut Value) {
    match random.below(12) {
        0..3 => statement["Condition"] = no_condition(random, &case["context"]),
        3 => {
            statement["Action"] = json!("*");
            statement["NotAction"] = json!("iam:*");
        }
        4 => {
            statement["Resource"] = json!("*");
            statement["NotResource"] = json!("arn:aws:s3:::other");
        }
        5 => statement["Effect"] = json!(random.pick(&["allow", "deny", "Permit", "DENY", ""])),
        6 => statement[random.pick(&["Actions", "Note", "Conditions"])] = json!("*"),
        7 => remove(statement, &["Action", "NotAction"]),
        8 if matches!(role, Role::Identity | Role::Control) => {
            remove(statement, &["Resource", "NotResource"]);
        }
        9 if role != Role::Identity => remove(statement, &["Principal", "NotPrincipal"]),
        _ if role == Role::Control => statement["Principal"] = json!({"AWS": OWN}),
        _ if role == Role::Identity => {
            statement[random.pick(&["Principal", "NotPrincipal"])] = json!("*");
        }
        // With Allow and in trust policies NotPrincipal cannot be evaluated; with Deny, both cannot.
        _ => {
            if role == Role::Trust || statement["Effect"] == "Allow" {
                remove(statement, &["Principal"]);
            } else {
                statement["Principal"] = json!("*");
            }
            statement["NotPrincipal"] = json!({"AWS": format!("arn:aws:iam::{STRANGER}:root")});
        }
    }
}

/// Takes elements out of a statement.
fn remove(statement: &mut Value, names: &[&str]) {
    if let Some(elements) = statement.as_object_mut() {
        elements.retain(|name, _| !names.contains(&name.as_str()));
    }
}
