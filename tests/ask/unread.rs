//! What was not read does not let an expectation be met.

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::{arns, ask_about, json};
use crate::questions::account::{arn, role, user, with};
use crate::questions::live::as_user;
use crate::questions::{code, file, path, stderr};

/// Anna reads, Ben does nothing, and the role `gate` reads, too.
fn account() -> Value {
    let reads = json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]);
    let trust = json!([{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"}}]);
    json!({
        "UserDetailList": [user("anna", "/", reads.clone()), user("ben", "/", json!([]))],
        "GroupDetailList": [],
        "RoleDetailList": [role("gate", "/", trust, reads)],
        "Policies": []
    })
}

fn question(more: &str) -> String {
    format!(
        "[[question]]\nname = \"q\"\naction = \"s3:GetObject\"\nresource = \"arn:aws:s3:::b/k\"\n\
         root = false\n{more}\n"
    )
}

#[track_caller]
fn comes_to(account: &Value, more: &str, result: &str, number: i32) -> Value {
    let account: NamedTempFile = file(&account.to_string());
    let output = ask_about(&account, &question(more), &["--format", "json"]);
    let found = json(&output)["questions"][0].clone();
    assert_eq!(found["result"], result, "{more}: {found}");
    assert_eq!(code(&output), number, "{}", stderr(&output));
    found
}

const BOUNDS: [&str; 3] = [
    "excludes = \"*:user/ben\"",
    "only = [\"*:user/anna\", \"*:role/gate\", \"lambda.amazonaws.com\"]",
    "max = 3",
];

#[test]
fn where_all_was_read_expectations_are_met() {
    for expect in BOUNDS {
        let found = comes_to(&account(), &format!("expect = {{ {expect} }}"), "met", 0);
        assert_eq!(
            arns(&found["able"]),
            [
                arn("role/gate"),
                arn("user/anna"),
                "lambda.amazonaws.com".to_owned()
            ]
        );
    }
}

/// Ben has a policy that nobody has read.
fn unread_policy() -> Value {
    let mut account = account();
    let attached = json!({"AttachedManagedPolicies":
        [{"PolicyName": "secret", "PolicyArn": arn("policy/secret")}]});
    account["UserDetailList"][1] = with(account["UserDetailList"][1].take(), attached);
    account
}

#[test]
fn a_policy_that_was_not_read_may_let_somebody() {
    let account = unread_policy();
    for expect in BOUNDS {
        // As in who-can, Ben can under a condition, which counts.
        let found = comes_to(&account, &format!("expect = {{ {expect} }}"), "failed", 1);
        assert!(
            found["breaches"].to_string().contains("user/ben"),
            "{found}"
        );
        // Where conditions do not count, it is not known whether this one does.
        let more = format!("conditional = \"deny\"\nexpect = {{ {expect} }}");
        let found = comes_to(&account, &more, "unsure", 4);
        assert!(
            found["why"].to_string().contains("whether user ben can"),
            "{found}"
        );
    }
    // Nobody is sure to be able by a policy that nobody has read.
    for conditional in ["allow", "deny"] {
        let more =
            format!("conditional = {conditional:?}\nexpect = {{ includes = \"*:user/ben\" }}");
        comes_to(&account, &more, "unsure", 4);
        let more =
            format!("conditional = {conditional:?}\nexpect = {{ includes = \"*:user/anna\" }}");
        comes_to(&account, &more, "met", 0);
    }
    // One who breaks it for sure is enough.
    let more = "conditional = \"deny\"\nexpect = { none = true }";
    comes_to(&account, more, "failed", 1);
    comes_to(&account, "", "answered", 0);
}

#[test]
fn a_trust_policy_that_was_not_read_may_let_somebody_in() {
    let mut account = account();
    let role = account["RoleDetailList"][0].as_object_mut().unwrap();
    role.remove("AssumeRolePolicyDocument");
    for expect in BOUNDS {
        let expect = format!("expect = {{ {expect} }}");
        let found = comes_to(&account, &expect, "unsure", 4);
        assert!(found["why"].to_string().contains("1 role"), "{found}");
        comes_to(&account, &format!("chains = false\n{expect}"), "met", 0);
    }
    comes_to(
        &account,
        "expect = { includes = \"*:user/anna\" }",
        "met",
        0,
    );
}

#[test]
fn a_list_that_was_not_read_may_have_somebody() {
    let mut account = account();
    account.as_object_mut().unwrap().remove("RoleDetailList");
    let found = comes_to(&account, "expect = { max = 3 }", "unsure", 4);
    assert!(
        found["why"].to_string().contains("RoleDetailList"),
        "{found}"
    );
    comes_to(
        &account,
        "expect = { includes = \"*:user/anna\" }",
        "met",
        0,
    );
}

/// What the account's own caller may not read is not met either.
#[test]
fn what_may_not_be_read_is_not_met() {
    let questions = file(&question("expect = { excludes = \"*:user/missing\" }"));
    let output = as_user("lister", &["ask", path(&questions), "--format", "json"]);
    let found = json(&output);
    assert_eq!(code(&output), 4, "{found}");
    let question = &found["questions"][0];
    assert_eq!(question["result"], "unsure", "{question}");
    assert!(
        question["why"].to_string().contains("not read"),
        "{question}"
    );
}
