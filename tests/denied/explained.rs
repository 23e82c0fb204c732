//! What is made of a message about the demo account: the answer of `can`, and how the two go
//! together.

use serde_json::{Value, json};

use super::events::event;
use super::shell::{explain, text_of};

const OURS: &str = "111122223333";

fn sentence(who: &str, action: &str, resource: &str, reason: &str) -> String {
    let (service, who) = match who.contains("assumed-role") {
        true => ("sts", who),
        false => ("iam", who),
    };
    format!(
        "User: arn:aws:{service}::{OURS}:{who} is not authorized to perform: {action} on resource: \
         {resource} {reason}"
    )
}

fn agreement(answer: &Value) -> &str {
    answer["comparison"]["agreement"].as_str().unwrap()
}

fn findings(answer: &Value) -> String {
    answer["comparison"]["findings"].to_string()
}

/// A session is traced to its role, whatever path that has, and to the policies of the role.
#[test]
fn sessions_are_traced_to_their_roles() {
    for (session, action, resource, decision) in [
        (
            "assumed-role/ci-deploy/build-77",
            "s3:GetObject",
            "arn:aws:s3:::northwind-finance/x",
            "implicitDeny",
        ),
        (
            "assumed-role/AWSReservedSSO_Developer_19283746556473aa/aisha@example.com",
            "iam:CreateUser",
            "arn:aws:iam::111122223333:user/eve",
            "implicitDeny",
        ),
    ] {
        let reason = format!("because no identity-based policy allows the {action} action");
        let answer = explain(&sentence(session, action, resource, &reason), &[]);
        assert_eq!(answer["answer"]["principal"]["type"], "session", "{answer}");
        assert_eq!(answer["answer"]["decision"], decision, "{session}");
        assert_eq!(agreement(&answer), "agrees", "{}", findings(&answer));
    }
}

#[test]
fn other_principals_are_understood() {
    let action = "because no identity-based policy allows the s3:GetObject action";
    for (who, kind) in [("user/kofi", "user"), ("root", "root")] {
        let answer = explain(
            &sentence(who, "s3:GetObject", "arn:aws:s3:::b/k", action),
            &[],
        );
        assert_eq!(answer["answer"]["principal"]["type"], kind, "{who}");
    }
    for (who, kind) in [
        (
            format!("arn:aws:sts::{OURS}:federated-user/bob"),
            "federated",
        ),
        ("ec2.amazonaws.com".to_owned(), "service"),
        ("anonymous".to_owned(), "anonymous"),
        (
            "arn:aws:iam::333344445555:role/auditors/field-auditor".to_owned(),
            "role",
        ),
    ] {
        let text = format!(
            "User: {who} is not authorized to perform: s3:GetObject on resource: \
             arn:aws:s3:::northwind-finance/x"
        );
        let answer = explain(&text, &[]);
        assert_eq!(answer["answer"]["principal"]["type"], kind, "{who}");
    }
}

/// `NobodyBlindsUs` of the SCP `keep-watch` binds administrators, too.
#[test]
fn a_deny_of_the_organisation_is_found() {
    let reason = "with an explicit deny in a service control policy: \
                  arn:aws:organizations::123456789012:policy/o-exampleorgid/service_control_policy/p-ab";
    let text = sentence(
        "user/lena",
        "cloudtrail:StopLogging",
        "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all",
        reason,
    );
    let answer = explain(&text, &[]);
    assert_eq!(answer["answer"]["decision"], "explicitDeny");
    assert_eq!(answer["answer"]["because"][0]["policy"], "keep-watch");
    assert_eq!(agreement(&answer), "agrees");
    assert_eq!(
        answer["message"]["reason"]["policy_type"],
        "service control policy"
    );
    // A message that blames another kind of policy, and none.
    let other = text.replace("a service control policy:", "an identity-based policy:");
    let answer = explain(&other, &[]);
    assert_eq!(agreement(&answer), "differs");
    assert!(
        findings(&answer).contains("here it is denied by keep-watch"),
        "{}",
        findings(&answer)
    );
    let (plain, _) = text.split_once(" with").unwrap();
    assert_eq!(agreement(&explain(plain, &[])), "agrees");
    let deny = format!("{plain} with an explicit deny");
    assert_eq!(agreement(&explain(&deny, &[])), "agrees");
}

/// `deny-without-mfa` denies kofi what is asked for without MFA; whether there was, the message does
/// not say.
#[test]
fn what_hangs_on_the_request_is_told() {
    let text = sentence(
        "user/kofi",
        "ec2:DescribeInstances",
        "*",
        "with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/security/deny-without-mfa",
    );
    let answer = explain(&text, &[]);
    assert_eq!(agreement(&answer), "open", "{}", findings(&answer));
    assert!(
        findings(&answer).contains("policy deny-without-mfa, which is among those"),
        "{}",
        findings(&answer)
    );
    let mfa = |value| explain(&text, &["--context", value]);
    let without = mfa("aws:MultiFactorAuthPresent=false");
    assert_eq!(without["answer"]["decision"], "explicitDeny");
    assert_eq!(agreement(&without), "agrees");
    let with = mfa("aws:MultiFactorAuthPresent=true");
    assert_eq!(agreement(&with), "differs", "{}", findings(&with));
    assert!(
        findings(&with).contains("has no statement here that denies it"),
        "{}",
        findings(&with)
    );
}

#[test]
fn what_was_not_loaded_is_named_with_its_option() {
    let role = "assumed-role/analyst/x";
    for (reason, option) in [
        (
            "because no session policy allows the s3:GetObject action",
            "--session-policy FILE",
        ),
        (
            "with an explicit deny in a session policy",
            "--session-policy FILE",
        ),
        (
            "because no permissions boundary allows the s3:GetObject action",
            "no permissions boundary here",
        ),
        (
            "with an explicit deny in a VPC endpoint policy",
            "describe-vpc-endpoints",
        ),
        (
            "because no resource-based policy allows the s3:GetObject action",
            "--resource-policy FILE",
        ),
    ] {
        let answer = explain(
            &sentence(role, "s3:GetObject", "arn:aws:s3:::elsewhere/k", reason),
            &[],
        );
        assert_eq!(agreement(&answer), "open", "{reason}");
        assert!(
            findings(&answer).contains(option),
            "{reason}: {}",
            findings(&answer)
        );
    }
}

/// An event says when, from where and how; the options win over it.
#[test]
fn the_keys_of_an_event_are_asked_with() {
    let event = event(json!({
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/finance/carla"},
        "requestParameters": {"bucketName": "northwind-finance", "key": "payroll/2026-08.csv"},
    }))
    .to_string();
    let answer = explain(&event, &[]);
    assert_eq!(
        answer["answer"]["resource"],
        "arn:aws:s3:::northwind-finance/payroll/2026-08.csv"
    );
    assert_eq!(
        answer["answer"]["decision"], "explicitDeny",
        "203.0.113.7 is not the office"
    );
    assert_eq!(agreement(&answer), "agrees");
    assert_eq!(
        answer["message"]["context"]["aws:SourceIp"],
        json!(["203.0.113.7"])
    );
    let office = explain(&event, &["--context", "aws:sourceip=198.51.100.7"]);
    assert_eq!(office["answer"]["decision"], "allowed");
    assert_eq!(agreement(&office), "differs");
    assert!(
        findings(&office).contains("since the request"),
        "{}",
        findings(&office)
    );
}

#[test]
fn what_the_message_lacks_can_be_said() {
    let bare =
        "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied";
    let args = [
        "--principal",
        "carla",
        "--resource",
        "arn:aws:s3:::northwind-finance/x",
    ];
    let answer = explain(bare, &args);
    assert_eq!(answer["message"]["operation"], "GetObject");
    assert_eq!(answer["answer"]["action"], "s3:GetObject");
    let answer = explain(
        bare,
        &[&args[..], &["--action", "s3:GetObjectTagging"]].concat(),
    );
    assert_eq!(answer["answer"]["action"], "s3:GetObjectTagging");
    // Without a resource, all are asked about, and that is said.
    let answer = explain(bare, &["--principal", "carla"]);
    assert!(
        answer["message"]["notes"]
            .to_string()
            .contains("names no resource"),
        "{answer}"
    );
}

#[test]
fn people_read_both_side_by_side() {
    let text = text_of(&sentence(
        "user/kofi",
        "iam:PassRole",
        "role breakglass",
        "with an explicit deny in a service control policy",
    ));
    for part in [
        "  resource   arn:aws:iam::111122223333:role/ops/breakglass\n",
        "  reason     an explicit deny in a service control policy\n",
        "\n✗ denied implicitly: nothing allows it\n",
        "\nThe policies say something else than the message\n",
        "  - no statement of a service control policy here denies it\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}
