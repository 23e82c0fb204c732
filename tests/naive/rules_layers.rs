//! The evaluator on single rules of callers, layers and accounts.

use serde_json::{Value, json};

use super::decide;

const USER: &str = "arn:aws:iam::111122223333:user/dev/alice";
const ROLE: &str = "arn:aws:iam::111122223333:role/ci/deploy";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/deploy/run";
const FEDERATED: &str = "arn:aws:sts::111122223333:federated-user/alice";
const ROOT: &str = "arn:aws:iam::111122223333:root";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:jobs";
const FOREIGN: &str = "arn:aws:sqs:eu-west-1:444455556666:jobs";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234";

/// The verdict on sending to a queue, with more fields of the case.
fn verdict(principal: &str, resource: &str, fields: Value) -> &'static str {
    let mut case = json!({
        "principal_arn": principal,
        "action": "sqs:SendMessage",
        "resource": resource,
    });
    for (name, value) in fields.as_object().into_iter().flatten() {
        case[name] = value.clone();
    }
    decide(&case)
}

/// A policy that allows everything.
fn all() -> Value {
    json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
}

/// A policy that denies everything.
fn none() -> Value {
    json!({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})
}

/// The identity policies of a case, one that allows everything.
fn identity() -> Value {
    json!([{"name": "all", "policy": all()}])
}

/// A resource policy that allows a principal.
fn grant(principal: Value) -> Value {
    json!({"Statement": {"Effect": "Allow", "Principal": principal, "Action": "*"}})
}

/// A resource policy that grants to everyone and denies to all but these.
fn deny_except(not_principal: Value) -> Value {
    json!({"Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "*"},
        {"Effect": "Deny", "NotPrincipal": not_principal, "Action": "*"},
    ]})
}

#[test]
fn denies_of_any_layer_win() {
    for (name, layer) in [
        ("permissions_boundary", none()),
        ("session_policy", none()),
        ("scps", json!([[all()], [none()]])),
        (
            "rcps",
            json!([[{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}]]),
        ),
        (
            "resource_policy",
            json!({"Statement": {"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "*"}}),
        ),
    ] {
        let fields = json!({"identity_policies": identity(), name: layer});
        assert_eq!(verdict(USER, QUEUE, fields), "explicitDeny", "{name}");
    }
    let text = json!([{"policy": none().to_string()}, {"policy": all()}]);
    assert_eq!(
        verdict(USER, QUEUE, json!({"identity_policies": text})),
        "explicitDeny"
    );
}

#[test]
fn within_an_account_naming_decides_what_limits() {
    let empty = json!({"Statement": []});
    let limited = |principal: &str, naming: Value| {
        let fields = json!({"permissions_boundary": empty, "resource_policy": grant(naming)});
        verdict(principal, QUEUE, fields) == "allowed"
    };
    assert!(limited(USER, json!({"AWS": USER})));
    assert!(limited(SESSION, json!({"AWS": SESSION})));
    assert!(limited(SESSION, json!({"AWS": "*"})));
    assert!(!limited(SESSION, json!({"AWS": ROLE})));
    assert!(!limited(ROLE, json!({"AWS": SESSION})));
    assert!(!limited(USER, json!({"AWS": ROOT})));
    let named = |principal: &str, naming: Value| {
        verdict(principal, QUEUE, json!({"resource_policy": grant(naming)})) == "allowed"
    };
    assert!(named(SESSION, json!({"AWS": ROLE})));
    assert!(named(ROLE, json!({"AWS": ROLE})));
    assert!(!named(
        ROLE,
        json!({"AWS": "arn:aws:iam::111122223333:role/deploy"})
    ));
    assert!(!named(
        ROLE,
        json!({"AWS": "arn:aws:iam::111122223333:role/*"})
    ));
    assert!(!named(USER, json!({"AWS": "111122223333"})));
    assert!(!named(USER, json!({"CanonicalUser": USER})));
}

#[test]
fn unique_ids_name_by_the_request_user_id() {
    let named = |principal: &str, id: &str, own: &str| {
        let fields =
            json!({"resource_policy": grant(json!({"AWS": id})), "context": {"aws:userid": own}});
        verdict(principal, QUEUE, fields) == "allowed"
    };
    assert!(named(USER, "AIDA1", "AIDA1"));
    assert!(named(SESSION, "AROA1", "AROA1:run"));
    assert!(!named(SESSION, "AROA", "AROA1:run"));
    assert!(!named(USER, "AIDA1", "AIDA2"));
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let both =
        json!({"identity_policies": identity(), "resource_policy": grant(json!({"AWS": ROOT}))});
    assert_eq!(verdict(USER, FOREIGN, both), "allowed");
    assert_eq!(
        verdict(USER, FOREIGN, json!({"identity_policies": identity()})),
        "implicitDeny"
    );
    let direct = json!({"resource_policy": grant(json!({"AWS": USER}))});
    assert_eq!(verdict(USER, FOREIGN, direct), "implicitDeny");
    let bounded = json!({
        "identity_policies": identity(),
        "permissions_boundary": {"Statement": []},
        "resource_policy": grant(json!("*")),
    });
    assert_eq!(verdict(USER, FOREIGN, bounded), "implicitDeny");
    let moved = json!({"identity_policies": identity(), "resource_account": "444455556666"});
    assert_eq!(verdict(USER, QUEUE, moved), "implicitDeny");
}

#[test]
fn every_scp_level_needs_an_allow() {
    let with = |principal: &str, scps: Value| {
        let fields = json!({"identity_policies": identity(), "scps": scps});
        verdict(principal, QUEUE, fields)
    };
    assert_eq!(
        with(USER, json!([[all()], [{"Statement": []}, all()]])),
        "allowed"
    );
    assert_eq!(with(USER, json!([[all()], []])), "implicitDeny");
    assert_eq!(with(USER, json!([])), "allowed");
    assert_eq!(with(ROOT, json!([[none()]])), "explicitDeny");
    let linked =
        "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX";
    assert_eq!(with(linked, json!([[none()]])), "allowed");
    let session = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/s";
    assert_eq!(with(session, json!([[]])), "allowed");
    let service = json!({"resource_policy": grant(json!("*")), "scps": [[none()]]});
    assert_eq!(verdict("sns.amazonaws.com", QUEUE, service), "allowed");
}

#[test]
fn rcps_only_deny_and_only_for_some_services() {
    let with = |action: &str, statement: Value| {
        let rcps = json!([[{"Statement": statement}]]);
        let fields = json!({"identity_policies": identity(), "rcps": rcps, "action": action});
        verdict(USER, QUEUE, fields)
    };
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"});
    assert_eq!(with("sqs:SendMessage", deny.clone()), "explicitDeny");
    assert_eq!(with("ec2:RunInstances", deny.clone()), "allowed");
    assert_eq!(with("kms:RetireGrant", deny.clone()), "allowed");
    let mut named = deny;
    named["Principal"] = json!({"AWS": USER});
    assert_eq!(with("sqs:SendMessage", named), "allowed");
    let service = json!({
        "resource_policy": grant(json!({"Service": "sns.amazonaws.com"})),
        "rcps": [[{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}]],
    });
    assert_eq!(verdict("sns.amazonaws.com", QUEUE, service), "explicitDeny");
}

#[test]
fn keys_and_roles_need_their_own_policy() {
    let with = |principal: &str, resource: &str, action: &str, policy: Value| {
        let fields =
            json!({"identity_policies": identity(), "resource_policy": policy, "action": action});
        verdict(principal, resource, fields)
    };
    let account = grant(json!({"AWS": ROOT}));
    assert_eq!(with(USER, KEY, "kms:Decrypt", Value::Null), "implicitDeny");
    assert_eq!(with(USER, KEY, "kms:Decrypt", account.clone()), "allowed");
    assert_eq!(with(ROOT, KEY, "kms:Decrypt", Value::Null), "implicitDeny");
    assert_eq!(
        with(USER, ROLE, "sts:AssumeRole", Value::Null),
        "implicitDeny"
    );
    assert_eq!(
        with(USER, ROLE, "sts:assumerole", account.clone()),
        "allowed"
    );
    assert_eq!(
        with(ROOT, ROLE, "sts:AssumeRole", account.clone()),
        "implicitDeny"
    );
    let alone = json!({"action": "sts:TagSession", "resource_policy": account});
    assert_eq!(verdict(USER, ROLE, alone), "implicitDeny");
    let alias = KEY.replace("key/1234", "alias/a");
    assert_eq!(
        with(USER, &alias, "kms:CreateAlias", Value::Null),
        "allowed"
    );
}

#[test]
fn the_root_user_needs_no_policy_in_its_account() {
    assert_eq!(verdict(ROOT, QUEUE, json!({})), "allowed");
    assert_eq!(
        verdict(ROOT, QUEUE, json!({"permissions_boundary": none()})),
        "allowed"
    );
    assert_eq!(verdict(ROOT, FOREIGN, json!({})), "implicitDeny");
    assert_eq!(
        verdict(
            ROOT,
            FOREIGN,
            json!({"resource_policy": grant(json!({"AWS": ROOT}))})
        ),
        "allowed"
    );
}

#[test]
fn federated_users_without_session_policy_must_be_named() {
    let with = |naming: Value, session: Value| {
        let fields = json!({
            "identity_policies": identity(),
            "resource_policy": grant(naming),
            "session_policy": session,
        });
        verdict(FEDERATED, QUEUE, fields)
    };
    assert_eq!(with(json!({"AWS": FEDERATED}), Value::Null), "allowed");
    assert_eq!(with(json!("*"), Value::Null), "implicitDeny");
    assert_eq!(with(json!({"AWS": USER}), Value::Null), "implicitDeny");
    assert_eq!(with(json!({"AWS": USER}), all()), "allowed");
    assert_eq!(with(json!("*"), json!({"Statement": []})), "allowed");
    assert_eq!(
        with(json!({"AWS": USER}), json!({"Statement": []})),
        "implicitDeny"
    );
}

#[test]
fn callers_without_identity_side_need_the_resource_policy() {
    let with = |principal: &str, naming: Value| {
        let fields = json!({"identity_policies": identity(), "resource_policy": grant(naming)});
        verdict(principal, QUEUE, fields) == "allowed"
    };
    let saml = "arn:aws:iam::111122223333:saml-provider/X";
    assert!(with(
        "sns.amazonaws.com",
        json!({"Service": ["a.amazonaws.com", "sns.amazonaws.com"]})
    ));
    assert!(!with(
        "sns.amazonaws.com",
        json!({"Service": "a.amazonaws.com"})
    ));
    assert!(!with("sns.amazonaws.com", json!({"AWS": ROOT})));
    assert!(with(saml, json!({"Federated": saml})));
    assert!(with(
        "accounts.google.com",
        json!({"Federated": "accounts.google.com"})
    ));
    assert!(with("*", json!({"AWS": "*"})));
    assert!(!with("*", json!({"AWS": ROOT})));
    assert_eq!(
        verdict("*", QUEUE, json!({"identity_policies": identity()})),
        "implicitDeny"
    );
}

#[test]
fn not_principal_excepts_only_who_is_listed_whole() {
    let with = |principal: &str, listed: Value| {
        verdict(
            principal,
            QUEUE,
            json!({"resource_policy": deny_except(listed)}),
        )
    };
    assert_eq!(with(USER, json!({"AWS": [ROOT, USER]})), "allowed");
    assert_eq!(with(USER, json!({"AWS": USER})), "explicitDeny");
    assert_eq!(
        with(SESSION, json!({"AWS": ["111122223333", ROLE, SESSION]})),
        "allowed"
    );
    assert_eq!(with(SESSION, json!({"AWS": [ROOT, ROLE]})), "explicitDeny");
    assert_eq!(with(ROLE, json!({"AWS": [ROOT, ROLE]})), "explicitDeny");
    assert_eq!(with(ROLE, json!("*")), "allowed");
    assert_eq!(
        with("sns.amazonaws.com", json!({"Service": "sns.amazonaws.com"})),
        "allowed"
    );
    assert_eq!(with("*", json!({"AWS": ROOT})), "explicitDeny");
    let bounded =
        json!({"permissions_boundary": all(), "resource_policy": deny_except(json!("*"))});
    assert_eq!(verdict(USER, QUEUE, bounded), "explicitDeny");
}

#[test]
fn broken_statements_never_match() {
    let whole = json!({"Effect": "Deny", "Action": "*", "Resource": "*"});
    for (name, value) in [
        ("Effect", json!("deny")),
        ("NotAction", json!("iam:*")),
        ("NotResource", json!("arn:aws:s3:::b")),
        ("Principal", json!("*")),
        ("Note", json!("x")),
        ("Condition", json!({"StringMatches": {"app:Key": "1"}})),
        ("Action", json!(5)),
    ] {
        let mut statement = whole.clone();
        statement[name] = value;
        let policy =
            json!({"Statement": [statement, {"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        let fields = json!({"identity_policies": [{"policy": policy}]});
        assert_eq!(verdict(USER, QUEUE, fields), "allowed", "{name}");
    }
    for missing in ["Action", "Resource", "Effect"] {
        let mut statement = whole.clone();
        statement
            .as_object_mut()
            .map(|elements| elements.remove(missing));
        let fields =
            json!({"identity_policies": [{"policy": {"Statement": statement}}, {"policy": all()}]});
        assert_eq!(verdict(USER, QUEUE, fields), "allowed", "{missing}");
    }
    let allow = json!({"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": FEDERATED}, "Action": "*"}});
    assert_eq!(
        verdict(USER, QUEUE, json!({"resource_policy": allow})),
        "implicitDeny"
    );
    let trust = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "*"},
        {"Effect": "Deny", "NotPrincipal": {"AWS": FEDERATED}, "Action": "*"},
    ]});
    let fields = json!({"action": "sts:AssumeRole", "resource_policy": trust});
    assert_eq!(verdict(USER, ROLE, fields), "allowed");
}
