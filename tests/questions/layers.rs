//! Every layer has its say in a question about an account.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use serde_json::json;

use super::{assumptions, can, decision, file, path};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1";

fn organization(management: &str, root: serde_json::Value, rcps: serde_json::Value) -> String {
    let full = json!({"Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    json!({"id": "o-1", "management_account": management, "levels": [
        {"name": "Root", "scps": root, "rcps": rcps},
        {"name": "111122223333", "scps": [{"name": "FullAWSAccess", "policy": full}]}
    ]})
    .to_string()
}

fn statement(effect: &str, action: &str) -> serde_json::Value {
    json!([{"name": effect, "policy": {"Version": "2012-10-17", "Statement":
        {"Effect": effect, "Action": action, "Resource": "*"}}}])
}

fn control(action: &str) -> serde_json::Value {
    json!([{"name": "Perimeter", "policy": {"Version": "2012-10-17", "Statement":
        {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}}}])
}

#[test]
fn groups_and_aws_managed_policies_that_no_file_has() {
    assert_eq!(decision(&["alice", "dynamodb:Query", "*"]), "allowed");
    let answer = can(&["alice", "ec2:DescribeInstances"]);
    assert_eq!(answer["decision"], "allowed");
    let policy = &answer["because"][0]["policy"];
    assert_eq!(policy, "arn:aws:iam::aws:policy/ReadOnlyAccess");
}

#[test]
fn a_boundary_limits() {
    assert_eq!(decision(&["bob", "s3:GetObject", "*"]), "allowed");
    let answer = can(&["bob", "ec2:RunInstances", "*"]);
    assert_eq!(answer["decision"], "implicitDeny");
    let layers = answer["reasons"].as_array().unwrap();
    let boundary = layers.iter().find(|it| it["layer"] == "boundary").unwrap();
    assert_eq!(boundary["says"], "noAllow");
}

#[test]
fn every_level_of_service_control_policies_must_allow() {
    let closed = organization("999988887777", statement("Allow", "ec2:*"), json!([]));
    let open = organization("999988887777", statement("Allow", "*"), json!([]));
    let own = organization("111122223333", statement("Allow", "ec2:*"), json!([]));
    let ask = |organization: &str, who: &str| {
        let file = file(organization);
        decision(&[who, "s3:GetObject", "*", "--organization", path(&file)])
    };
    assert_eq!(ask(&closed, "bob"), "implicitDeny");
    assert_eq!(ask(&open, "bob"), "allowed");
    assert_eq!(
        ask(&own, "bob"),
        "allowed",
        "the management account is spared"
    );
    assert_eq!(
        ask(&closed, "AWSServiceRoleForEC2"),
        "allowed",
        "service-linked roles are spared"
    );
    assert_eq!(ask(&closed, "root"), "implicitDeny");
}

#[test]
fn an_organization_tells_its_id() {
    let file = file(&organization(
        "999988887777",
        statement("Allow", "*"),
        json!([]),
    ));
    let args = [
        "alice",
        "ec2:StartInstances",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
    ];
    assert_eq!(decision(&args), "conditional");
    let with = [&args[..], &["--organization", path(&file)]].concat();
    let answer = can(&with);
    assert_eq!(answer["decision"], "allowed");
    assert!(!assumptions(&answer).contains("organisation"));
}

#[test]
fn resource_control_policies_bind_the_resources_of_the_account() {
    let denied = organization("999988887777", statement("Allow", "*"), control("*"));
    let spared = organization("111122223333", statement("Allow", "*"), control("*"));
    let ask = |organization: &str, action: &str, more: &[&str]| {
        let file = file(organization);
        let args = ["bob", action, "*", "--organization", path(&file)];
        decision(&[&args[..], more].concat())
    };
    assert_eq!(ask(&denied, "s3:GetObject", &[]), "explicitDeny");
    assert_eq!(ask(&spared, "s3:GetObject", &[]), "allowed");
    assert_eq!(
        ask(&denied, "iam:GetUser", &[]),
        "allowed",
        "IAM knows none"
    );
}

#[test]
fn a_key_has_the_default_policy_unless_another_is_given() {
    let answer = can(&["alice", "kms:Decrypt", KEY]);
    assert_eq!(answer["decision"], "allowed");
    assert!(assumptions(&answer).contains("default key policy"));
    let own = file(r#"{"Version":"2012-10-17","Statement":[]}"#);
    let args = ["alice", "kms:Decrypt", KEY, "--resource-policy", path(&own)];
    assert_eq!(decision(&args), "implicitDeny");
}

#[test]
fn the_resource_of_another_account_hangs_on_its_policy() {
    let function = "arn:aws:lambda:eu-west-1:444455556666:function:f";
    let answer = can(&["alice", "lambda:InvokeFunction", function]);
    assert_eq!(answer["decision"], "conditional");
    assert_eq!(answer["requires"]["operator"], "Policy");
    let key = answer["requires"]["key"].as_str().unwrap();
    assert!(key.contains(function), "{key}");
    let policy = |principal: &str| {
        file(&format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},
                "Action":"lambda:InvokeFunction"}}]}}"#
        ))
    };
    let with = |principal: &str| {
        let policy = policy(principal);
        let more = ["--resource-policy", path(&policy)];
        decision(&[&["alice", "lambda:InvokeFunction", function], &more[..]].concat())
    };
    assert_eq!(with("111122223333"), "allowed");
    assert_eq!(with("999988887777"), "implicitDeny");
}

#[test]
fn a_bucket_is_of_this_account_unless_told_otherwise() {
    let answer = can(
        &["twin-is-no-name", "s3:GetObject", "*"].map(|it| match it {
            "twin-is-no-name" => "arn:aws:iam::111122223333:user/twin",
            other => other,
        }),
    );
    assert_eq!(answer["decision"], "allowed");
    let args = [
        "arn:aws:iam::111122223333:user/twin",
        "s3:GetObject",
        "arn:aws:s3:::b/k",
    ];
    let own = can(&args);
    assert_eq!(own["decision"], "allowed");
    assert!(assumptions(&own).contains("belongs to account 111122223333"));
    let other = can(&[&args[..], &["--resource-account", "444455556666"]].concat());
    assert_eq!(other["decision"], "conditional");
    assert!(!assumptions(&other).contains("belongs to"));
}

#[test]
fn trust_policies_serve_by_themselves() {
    let assume = |who: &str, role: &str| {
        let role = format!("arn:aws:iam::111122223333:role/{role}");
        decision(&[who, "sts:AssumeRole", &role])
    };
    assert_eq!(assume("alice", "tagged"), "allowed", "both sides allow");
    assert_eq!(
        assume("plain", "tagged"),
        "implicitDeny",
        "its own policies do not"
    );
    assert_eq!(
        assume("alice", "svc/plain"),
        "implicitDeny",
        "the trust policy does not"
    );
    assert_eq!(assume("ec2.amazonaws.com", "svc/plain"), "allowed");
    assert_eq!(assume("lambda.amazonaws.com", "svc/plain"), "implicitDeny");
    assert_eq!(
        assume("444455556666", "twin"),
        "conditional",
        "as its own policies say"
    );
    assert_eq!(
        assume("root", "tagged"),
        "implicitDeny",
        "the root user assumes no role"
    );
    assert_eq!(assume("*", "tagged"), "implicitDeny");
}

#[test]
fn a_session_policy_narrows() {
    let policy = file(
        r#"{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}}"#,
    );
    let session = "arn:aws:sts::111122223333:assumed-role/twin/s";
    let ask = |resource: &str| {
        let args = [
            session,
            "s3:GetObject",
            resource,
            "--session-policy",
            path(&policy),
        ];
        decision(&args)
    };
    assert_eq!(ask("arn:aws:s3:::a/k"), "allowed");
    assert_eq!(ask("arn:aws:s3:::b/k"), "implicitDeny");
    let without = can(&[session, "s3:GetObject", "arn:aws:s3:::b/k"]);
    assert_eq!(without["decision"], "allowed");
    assert!(assumptions(&without).contains("without a policy of its own"));
}

#[test]
fn an_action_without_resources_is_decided_on_all() {
    let answer = can(&[
        "alice",
        "ec2:DescribeInstances",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
    ]);
    assert_eq!(answer["resource"], "*");
    assert!(assumptions(&answer).contains("decided on *"));
}

#[test]
fn a_unique_id_names_whoever_has_it() {
    let policy = |id: &str| {
        file(&format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{id}"}},"Action":"s3:*"}}]}}"#
        ))
    };
    let with = |id: &str| {
        let policy = policy(id);
        let resource = "arn:aws:s3:::team-blue/x";
        decision(&[
            "alice",
            "s3:PutObject",
            resource,
            "--resource-policy",
            path(&policy),
        ])
    };
    assert_eq!(with("AIDAALICEXXXXXXXXXXXX"), "allowed");
    assert_eq!(with("AIDABOBXXXXXXXXXXXXXX"), "implicitDeny");
}

#[test]
fn a_session_is_of_the_role_with_the_whole_path() {
    let with = |role: &str| {
        let policy = file(&format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"s3:*",
                "Principal":{{"AWS":"arn:aws:iam::111122223333:role/{role}"}}}}}}"#
        ));
        let session = "arn:aws:sts::111122223333:assumed-role/plain/s";
        let args = [
            session,
            "s3:GetBucketAcl",
            "arn:aws:s3:::b",
            "--resource-policy",
            path(&policy),
        ];
        decision(&args)
    };
    assert_eq!(with("svc/plain"), "allowed");
    assert_eq!(with("other/plain"), "implicitDeny");
    assert_eq!(with("plain"), "implicitDeny");
}

#[test]
fn another_account_may_what_its_own_policies_let() {
    let role = "arn:aws:iam::111122223333:role/twin";
    let answer = can(&["444455556666", "sts:AssumeRole", role]);
    assert_eq!(answer["requires"]["values"], serde_json::json!(["Allow"]));
    let whose = answer["requires"]["key"].as_str().unwrap();
    assert!(whose.contains("arn:aws:iam::444455556666:root"), "{whose}");
}
