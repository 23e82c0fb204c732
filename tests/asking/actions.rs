//! What a question may be about: actions, patterns, access levels, lists; resources and patterns.

use serde_json::Value;

use super::{asked, decisions, run, short};
use crate::questions::{code, stderr, stdout};

/// The actions that an answer is about.
fn actions(args: &[&str]) -> Vec<String> {
    let answer = asked(&[&["who-can"], args].concat());
    let results = answer["results"].as_array().unwrap();
    let actions = results.iter().map(|it| it["action"].as_str().unwrap());
    actions.map(str::to_owned).collect()
}

/// What `iamscope actions` says that a pattern stands for.
fn expanded(pattern: &str) -> Vec<String> {
    let output = run_actions(pattern);
    let lines = output
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    lines
        .filter(|word| word.contains(':'))
        .map(str::to_owned)
        .collect()
}

fn run_actions(pattern: &str) -> String {
    stdout(&crate::questions::run_with(&["actions", pattern]))
}

#[test]
fn a_pattern_is_asked_action_by_action() {
    for pattern in ["s3:GetObject*", "sns:*e", "IAM:pass*", "s3:?etObject"] {
        let expected = expanded(pattern);
        assert!(!expected.is_empty());
        assert_eq!(actions(&[pattern, "--no-chains"]), expected, "{pattern}");
    }
    let all = asked(&["who-can", "s3:*Object", "arn:aws:s3:::vault/x"]);
    let results = all["results"].as_array().unwrap();
    assert!(results.len() > 3, "{}", results.len());
    for result in results.iter().step_by(2) {
        let action = result["action"].as_str().unwrap();
        let one = asked(&["who-can", action, "arn:aws:s3:::vault/x"]);
        assert_eq!(one["results"][0], *result);
    }
    assert!(all.get("principals").is_none() && all.get("action").is_none());
}

#[test]
fn an_access_level_is_that_of_its_actions() {
    let writes = asked(&["what-can", "root", "--service", "sns", "--level", "write"]);
    let expected = |answer: &Value| -> Vec<String> {
        let list = answer["actions"].as_array().unwrap().iter();
        list.map(|it| it["action"].as_str().unwrap().to_owned())
            .collect()
    };
    let expected = expected(&writes);
    assert!(expected.contains(&"sns:Publish".to_owned()));
    assert_eq!(actions(&["sns:@write", "--no-chains"]), expected);
    assert_eq!(actions(&["SNS:@WRITE", "--no-chains"]), expected);
    let tagging = actions(&["s*:@tagging", "--no-chains"]);
    assert!(tagging.contains(&"sns:TagResource".to_owned()));
    assert!(tagging.contains(&"sqs:TagQueue".to_owned()));
    assert!(tagging.iter().all(|action| action.starts_with('s')));
    let everywhere = actions(&["*:@permissions-management", "--no-chains"]);
    assert!(everywhere.contains(&"iam:PutRolePolicy".to_owned()));
    assert!(everywhere.contains(&"s3:PutBucketPolicy".to_owned()));
}

#[test]
fn a_list_has_each_action_once_in_the_order_of_the_question() {
    let list = "sns:Publish, s3:getobject,s3:GetObject*,sns:publish";
    let found = actions(&[list, "--no-chains"]);
    assert_eq!(found[..2], ["sns:Publish", "s3:GetObject"]);
    let mut sorted = found.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), found.len());
    assert_eq!(found.len(), 1 + expanded("s3:GetObject*").len());
}

#[test]
fn of_many_actions_the_table_shows_those_that_somebody_can_do() {
    let output = run(&["who-can", "organizations:@write", "--no-chains"]);
    let text = stdout(&output);
    assert!(text.contains("organizations:LeaveOrganization"), "{text}");
    let of = "dynamodb:Query,dynamodb:Scan";
    let text = stdout(&run(&["who-can", of, "--no-chains"]));
    assert!(
        text.contains("2 actions; 2 of them somebody can do"),
        "{text}"
    );
}

/// A resource may be a pattern; the answer then says which of its resources.
#[test]
fn a_pattern_of_resources_is_answered_with_those_it_is_about() {
    let answer = asked(&["who-can", "s3:GetObject", "arn:aws:s3:::v*"]);
    let vault = super::row(&answer, "vault");
    assert_eq!(vault["decision"], "conditional");
    assert_eq!(
        vault["resources"]["allow"],
        serde_json::json!(["arn:aws:s3:::vault/*"])
    );
    let within = asked(&["who-can", "s3:GetObject", "arn:aws:s3:::vault/*"]);
    let vault = super::row(&within, "vault");
    assert_eq!(vault["decision"], "allowed");
    assert!(vault["resources"].is_null());
    let elsewhere = asked(&["who-can", "s3:GetObject", "arn:aws:s3:::other/*", "--all"]);
    assert_eq!(decisions(&elsewhere)["vault"], "implicitDeny");
    assert_eq!(decisions(&elsewhere)["anna"], "implicitDeny");
    let none = asked(&["who-can", "s3:GetObject"]);
    let any = asked(&["who-can", "s3:GetObject", "*"]);
    assert_eq!(none, any);
}

/// For `sts:AssumeRole` each role that a pattern describes is asked with its own trust policy.
#[test]
fn each_role_has_its_own_trust_policy() {
    let of = |resource: &str| {
        let answer = asked(&["who-can", "sts:AssumeRole", resource, "--no-chains"]);
        let rows = answer["principals"].as_array().unwrap();
        let rows = rows.iter();
        rows.map(|row| short(row["arn"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let into_vault = of("arn:aws:iam::111122223333:role/vault");
    assert_eq!(into_vault, ["gate", "rung", "sso", "ci", "robot"]);
    let into_r = of("arn:aws:iam::111122223333:role/r?ng");
    assert_eq!(into_r, ["vault", "ring", "rung"]);
}

#[track_caller]
fn refused(args: &[&str], parts: &[&str]) {
    let output = run(args);
    assert_eq!(code(&output), 2, "{args:?}: {}", stdout(&output));
    assert_eq!(stdout(&output), "");
    let text = stderr(&output);
    for part in parts {
        assert!(text.contains(part), "{args:?}: {part} is not in\n{text}");
    }
}

#[test]
fn what_nobody_knows_is_answered_with_what_is_near() {
    refused(
        &["who-can", "s3:GetObjekt"],
        &[
            "s3:GetObjekt",
            "did you mean s3:GetObject",
            "--unknown-action",
        ],
    );
    refused(
        &["who-can", "s3:GetObject,s3:PutObjekt"],
        &["s3:PutObjekt", "s3:PutObject"],
    );
    refused(&["who-can", "s3:Frob*"], &["s3:Frob*"]);
    refused(&["who-can", "s3:"], &["s3:"]);
    refused(&["who-can", ""], &["knows no action"]);
    refused(&["who-can", "s3:GetObject,"], &["knows no action"]);
    refused(
        &["who-can", "s33:@write"],
        &["no service \"s33\"", "did you mean", "s3"],
    );
    refused(
        &["who-can", "s3:@admin"],
        &["\"admin\" is no access level", "permissions-management"],
    );
    refused(&["who-can", "zzz*:@write"], &["zzz*"]);
    refused(
        &["who-can", "s3:GetObject", "vault"],
        &["\"vault\" is no resource", "role/vault"],
    );
    refused(
        &["who-can", "s3:GetObject", "bucket"],
        &[
            "is no resource",
            "s3:GetObject works on arn:aws:s3:",
            "${BucketName}/${ObjectName}",
        ],
    );
    refused(&["what-can", "anne"], &["anne", "anna"]);
    refused(&["what-can", "twin"], &["user/twin", "role/twin"]);
    refused(
        &["what-can", "anna", "--service", "s33"],
        &["no service \"s33\"", "s3"],
    );
    refused(
        &["what-can", "anna", "--level", "admin"],
        &["is no access level", "list"],
    );
}

#[test]
fn an_action_of_tomorrow_can_be_asked_about() {
    let answer = asked(&["who-can", "s3:TeleportObject", "--unknown-action"]);
    let decisions = decisions(&answer);
    assert_eq!(answer["action"], "s3:TeleportObject");
    // Those with `s3:*` or `*`.
    assert_eq!(decisions["bob"], "allowed");
    assert_eq!(decisions["AWSServiceRoleForEC2"], "allowed");
    assert!(!decisions.contains_key("vault"));
}
