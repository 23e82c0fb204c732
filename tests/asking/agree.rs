//! `who-can`, `what-can` and `can` say the same of the same question.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{account, answer};
use crate::questions::{file, path, run_with};

const ACTIONS: [&str; 13] = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:ListBucket",
    "s3:DeleteObject",
    "iam:PassRole",
    "iam:GetUser",
    "iam:DeleteUser",
    "sns:Publish",
    "sqs:SendMessage",
    "ec2:StartInstances",
    "ec2:StopInstances",
    "kms:Decrypt",
    "dynamodb:Query",
];

/// A requirement without the numbers of requests, of which there is one.
fn plain(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            members.remove("hop");
            members.values_mut().for_each(|it| *it = plain(it.take()));
        }
        Value::Array(list) => list.iter_mut().for_each(|it| *it = plain(it.take())),
        _ => {}
    }
    value
}

/// Decision, resources and requirement; resources that are not limited being everything.
fn essence(answer: &Value) -> [Value; 3] {
    let resources = match &answer["resources"] {
        Value::Null => json!({"allow": ["*"], "except": []}),
        resources => resources.clone(),
    };
    let requires = plain(answer["requires"].clone());
    [answer["decision"].clone(), resources, requires]
}

/// The principals of an account: users, roles, and some that are neither.
fn principals(account: &Value) -> Vec<String> {
    let lists = ["UserDetailList", "RoleDetailList"].map(|name| account[name].as_array().unwrap());
    let arns = lists.into_iter().flatten().map(|it| &it["Arn"]);
    let arns = arns.map(|arn| arn.as_str().unwrap().to_owned());
    let others = ["root", "ec2.amazonaws.com", "444455556666"].map(str::to_owned);
    arns.chain(others).collect()
}

/// What `can` says of an action, whatever its exit code.
fn can(who: &str, action: &str, more: &[&str]) -> Value {
    let output = run_with(&[&["can", who, action, "--format", "json"], more].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Holds what the three commands say of everybody against each other.
#[track_caller]
fn all_agree(account: &str, more: &[&str]) {
    let snapshot = file(account);
    let more = [
        &["--snapshot", path(&snapshot), "--now", "2025-06-01"],
        more,
    ]
    .concat();
    let everybody = principals(&serde_json::from_str(account).unwrap());
    let list = ACTIONS.join(",");
    let args = ["who-can", &list, "--all", "--no-chains", "--format", "json"];
    let who_can = answer(&run_with(&[&args, &more[..]].concat()));
    let results = who_can["results"].as_array().unwrap();
    assert_eq!(results.len(), ACTIONS.len());
    let mut able = 0;
    for who in &everybody {
        let args = ["what-can", who, "--no-chains", "--format", "json"];
        let what_can = answer(&run_with(&[&args, &more[..]].concat()));
        let actions = what_can["actions"].as_array().unwrap();
        let listed: BTreeMap<_, _> = actions
            .iter()
            .map(|it| (it["action"].as_str().unwrap(), it))
            .collect();
        let arn = &what_can["principal"]["arn"];
        for (action, result) in ACTIONS.iter().zip(results) {
            let can = can(who, action, &more);
            let is_able = ["allowed", "conditional"].contains(&can["decision"].as_str().unwrap());
            able += usize::from(is_able);
            let listed = listed.get(action).copied();
            assert_eq!(
                listed.map(essence),
                is_able.then(|| essence(&can)),
                "{who} {action}"
            );
            let mut rows = result["principals"].as_array().unwrap().iter();
            let row = rows.find(|row| row["arn"] == *arn).unwrap();
            assert_eq!(essence(row), essence(&can), "{who} {action}");
            let because = &row["paths"][0]["because"];
            assert_eq!(*because, can["because"], "{who} {action}");
        }
    }
    assert!(able > 40, "{able}");
}

#[test]
fn the_three_commands_agree() {
    all_agree(&account::json(), &[]);
}

#[test]
fn the_three_commands_agree_where_nothing_is_left_open() {
    let context = ["--strict", "--context", "aws:SourceIp=10.1.2.3"];
    all_agree(&account::json(), &context);
}

/// Policies of an organisation that look at who asks, and of a resource.
#[test]
fn the_three_commands_agree_under_an_organisation() {
    let organization = file(
        &json!({"id": "o-1", "management_account": "999988887777", "levels": [
            {"name": "Root", "scps": [
                {"name": "all", "policy": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": "*", "Resource": "*"}]}},
                {"name": "watch", "policy": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Deny", "Action": ["sns:*", "iam:*"], "Resource": "*", "Condition":
                        {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/vault"}}},
                    {"Effect": "Deny", "Action": "s3:Put*", "Resource": "*", "Condition":
                        {"Bool": {"aws:SecureTransport": "false"}}}]}}],
            "rcps": [{"name": "ours", "policy": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Deny", "Principal": "*", "Action": "s3:Delete*", "Resource": "*",
                    "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}}]}}]}]})
        .to_string(),
    );
    all_agree(&account::json(), &["--organization", path(&organization)]);
}
