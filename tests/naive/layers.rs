//! How the layers of policies decide together.

use serde_json::Value;

use super::principal::{Caller, Kind, Naming, part};
use super::statement::{Role, has_applicable, namings, policy};

/// The services whose resources RCPs can protect. [orgs_manage_policies_rcps, supported services]
const KNOW_CONTROL_POLICIES: [&str; 11] = [
    "s3",
    "sts",
    "kms",
    "sqs",
    "secretsmanager",
    "ecr",
    "aoss",
    "cognito-idp",
    "cognito-identity",
    "dynamodb",
    "logs",
];

/// The actions that a role's trust policy decides about. [id_roles_terms-and-concepts]
const TRUST_ACTIONS: [&str; 5] = [
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:tagsession",
    "sts:setsourceidentity",
];

/// Whether a statement of any layer that binds the caller denies explicitly.
/// [reference_policies_evaluation-logic_policy-eval-denyallow]
pub fn denied(case: &Value) -> bool {
    let caller = Caller::of(case);
    let identity_side = caller.has_identity_side()
        && (policies(&case["identity_policies"])
            .iter()
            .any(|one| denies(one, case))
            || (caller.kind != Kind::Root && denies(&case["permissions_boundary"], case))
            || denies(&case["session_policy"], case));
    let resource_side = policy(&case["resource_policy"])
        .is_some_and(|one| !namings(&one, resource_role(case), "Deny", case).is_empty());
    let organisation = (scps_bind(case) && in_levels(&case["scps"], |one| denies(one, case)))
        || (rcps_bind(case)
            && in_levels(&case["rcps"], |one| {
                policy(one).is_some_and(|one| has_applicable(&one, Role::Control, "Deny", case))
            }));
    identity_side || resource_side || organisation
}

/// Whether the layers allow, explicit denies apart.
///
/// Services, federated and anonymous callers need the resource's policy alone. For everyone else
/// every level of SCPs must allow. Across accounts both sides must allow; within one, either side
/// may, but KMS keys and roles need their own policy to allow.
/// [reference_policies_evaluation-logic_policy-eval-denyallow, reference_policies_evaluation-logic-cross-account]
pub fn allowed(case: &Value) -> bool {
    let caller = Caller::of(case);
    let named = policy(&case["resource_policy"])
        .map(|one| namings(&one, resource_role(case), "Allow", case))
        .unwrap_or_default();
    let by = |naming: Naming| named.contains(&naming);
    if !caller.has_identity_side() {
        return by(Naming::Itself) || by(Naming::Everyone);
    }
    if scps_bind(case) && !levels_allow(&case["scps"], case) {
        return false;
    }
    let root = caller.kind == Kind::Root;
    if root && action(case) == "sts:assumerole" {
        return false;
    }
    let same_account = caller.account() == resource_account(case);
    if caller.kind == Kind::FederatedUser && case["session_policy"].is_null() {
        // Without a session policy such a session has no permissions of its own.
        return same_account && by(Naming::Itself);
    }
    let limits = (root || allows_if_present(&case["permissions_boundary"], case))
        && allows_if_present(&case["session_policy"], case);
    let identity = root
        || policies(&case["identity_policies"])
            .iter()
            .any(|one| allows(one, case));
    if !same_account {
        return identity && limits && !named.is_empty();
    }
    let direct = by(Naming::Itself) || by(Naming::Everyone);
    let by_role = by(Naming::Role) && limits;
    let by_account = identity && limits && (by(Naming::Account) || !needs_resource_policy(case));
    direct || by_role || by_account
}

/// The action of a case in small letters. [reference_policies_elements_action]
fn action(case: &Value) -> String {
    case["action"].as_str().unwrap_or("").to_lowercase()
}

/// The account that owns the resource: as given, else as its ARN says, else the case's account.
fn resource_account(case: &Value) -> String {
    let in_arn = part(case["resource"].as_str().unwrap_or("*"), 4);
    match (case["resource_account"].as_str(), case["account"].as_str()) {
        (Some(given), _) => given.to_owned(),
        (None, _) if is_account(in_arn) => in_arn.to_owned(),
        (None, Some(account)) => account.to_owned(),
        (None, None) => Caller::of(case).account().to_owned(),
    }
}

/// Whether a text is an account's id. Policies of AWS have `aws` in its place.
fn is_account(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|letter| letter.is_ascii_digit())
}

/// Whether the case's resource policy is a role's trust policy. [id_roles_terms-and-concepts]
fn is_trust(case: &Value) -> bool {
    let resource = case["resource"].as_str().unwrap_or("*");
    TRUST_ACTIONS.contains(&action(case).as_str())
        && part(resource, 2) == "iam"
        && part(resource, 5).starts_with("role/")
}

/// What the case's resource policy is.
fn resource_role(case: &Value) -> Role {
    if is_trust(case) {
        Role::Trust
    } else {
        Role::Resource
    }
}

/// Whether the resource's own policy must allow even within one account: roles and KMS keys.
/// [reference_policies_evaluation-logic_policy-eval-denyallow; KMS Developer Guide, key-policies]
fn needs_resource_policy(case: &Value) -> bool {
    let resource = case["resource"].as_str().unwrap_or("*");
    is_trust(case) || (part(resource, 2) == "kms" && part(resource, 5).starts_with("key/"))
}

/// Whether SCPs bind: they are given, and the caller is a principal of an account and no
/// service-linked role. [orgs_manage_policies_scps]
fn scps_bind(case: &Value) -> bool {
    let caller = Caller::of(case);
    !case["scps"].is_null() && caller.has_identity_side() && !caller.is_service_linked()
}

/// Whether RCPs bind: they are given, the action's service knows them, it is not
/// `kms:RetireGrant`, the key is none that AWS manages (its alias says so), and the caller is no
/// service-linked role. [orgs_manage_policies_rcps]
fn rcps_bind(case: &Value) -> bool {
    let action = action(case);
    let service = action.split(':').next().unwrap_or("");
    !case["rcps"].is_null()
        && KNOW_CONTROL_POLICIES.contains(&service)
        && action != "kms:retiregrant"
        && !(service == "kms"
            && case["resource"]
                .as_str()
                .unwrap_or("")
                .contains(":alias/aws/"))
        && !Caller::of(case).is_service_linked()
}

/// Whether every level of SCPs has a policy that allows. [orgs_manage_policies_scps_evaluation]
fn levels_allow(levels: &Value, case: &Value) -> bool {
    list(levels)
        .iter()
        .all(|level| list(level).iter().any(|one| allows(one, case)))
}

/// Whether something is true of any policy of any level.
fn in_levels(levels: &Value, is: impl Fn(&Value) -> bool) -> bool {
    list(levels).iter().any(|level| list(level).iter().any(&is))
}

/// Whether a policy without principals allows the case.
fn allows(one: &Value, case: &Value) -> bool {
    policy(one).is_some_and(|one| has_applicable(&one, Role::Identity, "Allow", case))
}

/// Whether a policy without principals denies the case.
fn denies(one: &Value, case: &Value) -> bool {
    policy(one).is_some_and(|one| has_applicable(&one, Role::Identity, "Deny", case))
}

/// Whether a boundary or session policy leaves the case alone: it is absent, or it allows.
/// [access_policies_boundaries, access_policies, session policies]
fn allows_if_present(one: &Value, case: &Value) -> bool {
    one.is_null() || allows(one, case)
}

/// The policies of a list of named ones.
fn policies(named: &Value) -> Vec<&Value> {
    list(named).iter().map(|one| &one["policy"]).collect()
}

/// The items of a list; none for anything else.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
