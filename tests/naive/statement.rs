//! Policies and their statements: which can be evaluated, and which apply to a request.

use std::borrow::Cow;

use serde_json::Value;

use super::condition;
use super::context::{pieces, scalars};
use super::matching::{action_matches, chars, resource_matches};
use super::principal::{Caller, Naming};

/// What a policy is, as far as it decides which elements its statements may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// Identity policies, permissions boundaries, session policies and SCPs.
    Identity,
    /// Resource policies.
    Resource,
    /// Role trust policies.
    Trust,
    /// Resource control policies.
    Control,
}

/// A policy of a case: an object, or a text that holds one. None for null; a text that is no JSON
/// is a policy without statements.
pub fn policy(value: &Value) -> Option<Cow<'_, Value>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Owned(
            serde_json::from_str(text).unwrap_or(Value::Bool(false)),
        )),
        other => Some(Cow::Borrowed(other)),
    }
}

/// The statements of a policy: a list of them, or a single one.
/// [reference_policies_elements_statement]
fn statements(policy: &Value) -> Vec<&Value> {
    match &policy["Statement"] {
        Value::Array(list) => list.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// The version of a policy's language; a policy that names none speaks the older one.
/// [reference_policies_elements_version]
fn version(policy: &Value) -> &str {
    policy["Version"].as_str().unwrap_or("2008-10-17")
}

/// Whether a policy has a statement of this effect that applies to the case, whoever calls.
pub fn has_applicable(policy: &Value, role: Role, effect: &str, case: &Value) -> bool {
    let version = version(policy);
    statements(policy)
        .iter()
        .any(|statement| applies(statement, version, role, effect, case))
}

/// Whether a statement has this effect, can be evaluated, and applies to the case's action,
/// resource and context, whoever calls. [reference_policies_elements]
pub fn applies(statement: &Value, version: &str, role: Role, effect: &str, case: &Value) -> bool {
    let condition = statement.get("Condition");
    statement["Effect"] == effect
        && well_formed(statement, role)
        && action_applies(statement, case)
        && resource_applies(statement, version, case)
        && condition.is_none_or(|block| condition::holds(block, version, &case["context"]))
}

/// Whether a statement can be evaluated: its elements are known, in place and not in conflict.
/// [reference_policies_elements, reference_policies_grammar]
fn well_formed(statement: &Value, role: Role) -> bool {
    let Some(elements) = statement.as_object() else {
        return false;
    };
    let has = |name: &str| elements.contains_key(name);
    let known = [
        "Sid",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Principal",
        "NotPrincipal",
        "Condition",
    ];
    let principals = match role {
        Role::Identity => !has("Principal") && !has("NotPrincipal"),
        Role::Resource if has("NotPrincipal") => {
            !has("Principal")
                && statement["Effect"] == "Deny"
                && principal_well_formed(&statement["NotPrincipal"])
        }
        Role::Resource | Role::Trust => {
            !has("NotPrincipal")
                && has("Principal")
                && principal_well_formed(&statement["Principal"])
        }
        Role::Control => !has("NotPrincipal") && is_everyone(&statement["Principal"]),
    };
    let resource_optional = matches!(role, Role::Resource | Role::Trust);
    elements.keys().all(|name| known.contains(&name.as_str()))
        && (statement["Effect"] == "Allow" || statement["Effect"] == "Deny")
        && has("Action") != has("NotAction")
        && !(has("Resource") && has("NotResource"))
        && (resource_optional || has("Resource") || has("NotResource"))
        && ["Action", "NotAction", "Resource", "NotResource"]
            .iter()
            .all(|name| !has(name) || texts(&statement[*name]).is_some())
        && principals
        && (!has("Condition") || condition::well_formed(&statement["Condition"]))
}

/// A text or a list of texts.
fn texts(value: &Value) -> Option<Vec<String>> {
    let is_text = |value: &Value| value.is_string();
    let fits = is_text(value)
        || value
            .as_array()
            .is_some_and(|list| list.iter().all(is_text));
    if fits { scalars(value) } else { None }
}

/// Whether a Principal element can be read: `*`, or lists of principals by their kind.
/// [reference_policies_elements_principal]
fn principal_well_formed(principal: &Value) -> bool {
    principal == "*"
        || principal.as_object().is_some_and(|kinds| {
            kinds.iter().all(|(kind, entries)| {
                ["AWS", "Service", "Federated", "CanonicalUser"].contains(&kind.as_str())
                    && texts(entries).is_some()
            })
        })
}

/// Whether a Principal element is `*` and nothing else, all that an RCP may have.
/// [orgs_manage_policies_rcps_syntax]
fn is_everyone(principal: &Value) -> bool {
    let only_aws = principal.as_object().is_some_and(|kinds| kinds.len() == 1);
    principal == "*" || (only_aws && texts(&principal["AWS"]).is_some_and(|list| list == ["*"]))
}

/// Whether Action lists the case's action, or NotAction does not.
/// [reference_policies_elements_action, reference_policies_elements_notaction]
fn action_applies(statement: &Value, case: &Value) -> bool {
    let action = case["action"].as_str().unwrap_or("");
    let listed = |element: &Value| {
        texts(element)
            .unwrap_or_default()
            .iter()
            .any(|pattern| action_matches(pattern, action))
    };
    match statement.get("Action") {
        Some(element) => listed(element),
        None => !listed(&statement["NotAction"]),
    }
}

/// Whether Resource lists the case's resource, or NotResource does not; without either, the policy
/// hangs on the resource itself. A pattern with a variable that has no value matches nothing.
/// [reference_policies_elements_resource, reference_policies_elements_notresource]
fn resource_applies(statement: &Value, version: &str, case: &Value) -> bool {
    let resource = chars(case["resource"].as_str().unwrap_or("*"));
    let listed = |element: &Value| {
        texts(element).unwrap_or_default().iter().any(|pattern| {
            pieces(pattern, version, &case["context"])
                .is_some_and(|pattern| resource_matches(&pattern, &resource))
        })
    };
    match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(element), _) => listed(element),
        (None, Some(element)) => !listed(element),
        (None, None) => true,
    }
}

/// The ways in which a policy's statements of one effect name the caller, of those that apply.
/// [reference_policies_elements_principal]
pub fn namings(policy: &Value, role: Role, effect: &str, case: &Value) -> Vec<Naming> {
    let caller = Caller::of(case);
    let version = version(policy);
    statements(policy)
        .into_iter()
        .filter(|statement| applies(statement, version, role, effect, case))
        .flat_map(|statement| statement_namings(statement, &caller))
        .collect()
}

/// The ways in which a statement names the caller; a NotPrincipal that does not except the caller
/// counts as naming everyone.
/// [reference_policies_elements_principal, reference_policies_elements_notprincipal]
pub fn statement_namings(statement: &Value, caller: &Caller<'_>) -> Vec<Naming> {
    match statement.get("NotPrincipal") {
        Some(excepted) if caller.excepted_by(excepted) => Vec::new(),
        Some(_) => vec![Naming::Everyone],
        None => caller.named_by(&statement["Principal"]),
    }
}
