//! A pattern of roles, of which each has a trust policy of its own.

use serde_json::{Value, json};

use super::account::{self, role, user, with};
use super::patterns::on;
use super::{assumptions, can, file, path, run_with, stdout};

/// Each role has its own trust policy.
#[test]
fn each_role_is_asked_who_may_assume_it() {
    let role = |rest: &str| account::arn(&format!("role/{rest}"));
    let ask = |pattern: &str| can(&["alice", "sts:AssumeRole", &role(pattern)]);
    let tagged = role("tagged");
    on(&can(&["alice", "sts:AssumeRole"]), &[&tagged], &[]);
    on(&ask("t*"), &[&tagged], &[]);
    let all = ask("tag*");
    assert_eq!(all["decision"], "allowed");
    let policies: Vec<_> = all["because"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["policy"])
        .collect();
    assert!(policies.contains(&&json!(tagged)), "{policies:?}");
    let none = ask("svc/*");
    assert_eq!(none["decision"], "implicitDeny");
    let layers = none["reasons"].as_array().unwrap();
    let trust = layers.iter().find(|it| it["layer"] == "resource").unwrap();
    assert_eq!(trust["says"], "noAllow");
    let nobody = ask("nobody*");
    assert_eq!(nobody["decision"], "implicitDeny");
    assert!(
        assumptions(&nobody).contains("no role of the account matches"),
        "{nobody}"
    );
    let given =
        file(r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}"#);
    let given = [
        "alice",
        "sts:AssumeRole",
        "*",
        "--resource-policy",
        path(&given),
    ];
    assert_eq!(
        can(&given)["decision"],
        "allowed",
        "one policy for all of them"
    );
}

#[test]
fn roles_that_ask_for_different_things() {
    let trust = |more: Value| {
        json!([with(
            json!({"Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {"AWS": account::arn("user/u")}}),
            more
        )])
    };
    let mfa = json!({"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}});
    let id = json!({"Condition": {"StringEquals": {"sts:ExternalId": "x"}}});
    let denied = json!({"Effect": "Deny"});
    let ask = |roles: Vec<Value>| {
        let roles: Vec<_> = roles
            .into_iter()
            .enumerate()
            .map(|(at, trust)| role(&format!("r{at}"), "/", trust, json!([])))
            .collect();
        let account = json!({"UserDetailList": [user("u", "/", json!([]))], "GroupDetailList": [],
            "RoleDetailList": roles, "Policies": []});
        let account = file(&account.to_string());
        let args = [
            "can",
            "u",
            "sts:AssumeRole",
            "--format",
            "json",
            "--snapshot",
        ];
        let output = run_with(&[&args[..], &[path(&account)]].concat());
        serde_json::from_str::<Value>(&stdout(&output)).unwrap()
    };
    let role = |at: usize| account::arn(&format!("role/r{at}"));
    let free = || trust(json!({}));
    assert_eq!(ask(vec![free(), free()])["decision"], "allowed");
    assert_eq!(ask(vec![trust(denied.clone())])["decision"], "explicitDeny");
    let one = ask(vec![trust(denied.clone()), json!([])]);
    assert_eq!(one["decision"], "implicitDeny", "not all are denied");
    let alike = ask(vec![trust(mfa.clone()), trust(mfa.clone())]);
    assert_eq!(alike["resources"], Value::Null);
    assert_eq!(alike["requires"]["key"], "aws:MultiFactorAuthPresent");
    let some = ask(vec![trust(mfa.clone()), trust(mfa.clone()), trust(denied)]);
    assert_eq!(
        some["resources"],
        json!({"allow": [role(0), role(1)], "except": []})
    );
    assert_eq!(some["requires"]["key"], "aws:MultiFactorAuthPresent");
    let mixed = ask(vec![trust(mfa), trust(id), free()]);
    assert_eq!(
        mixed["resources"],
        json!({"allow": [role(0), role(1), role(2)], "except": []})
    );
    let ways = mixed["requires"]["any"].as_array().unwrap();
    assert_eq!(ways[1]["all"][0]["values"], json!([role(1)]), "{mixed}");
    assert_eq!(ways[2]["operator"], "Resource");
}
