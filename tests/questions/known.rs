//! What principal and resource themselves determine is filled in, and nothing else.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use super::{can, decision};

const OBJECT: &str = "arn:aws:s3:::b/k";

#[test]
fn a_user_has_its_name_and_its_tags() {
    let home = |owner: &str| format!("arn:aws:s3:::home/{owner}/x");
    assert_eq!(
        decision(&["alice", "s3:GetObject", &home("alice")]),
        "allowed"
    );
    let other = can(&["alice", "s3:GetObject", "arn:aws:s3:::team-red/x"]);
    assert_eq!(
        other["decision"], "allowed",
        "through ReadOnlyAccess of the group"
    );
    assert_eq!(
        decision(&["alice", "s3:PutObject", "arn:aws:s3:::team-red/x"]),
        "allowed"
    );
    assert_eq!(
        decision(&["alice", "s3:PutObject", "arn:aws:s3:::team-blue/x"]),
        "implicitDeny"
    );
}

#[test]
fn a_tag_that_a_user_has_not_is_missing_and_not_unknown() {
    assert_eq!(decision(&["alice", "sqs:SendMessage", "*"]), "implicitDeny");
}

#[test]
fn the_tags_of_a_role_are_known_unless_sessions_may_bring_their_own() {
    assert_eq!(decision(&["plain", "s3:GetObject", OBJECT]), "allowed");
    let answer = can(&["tagged", "s3:GetObject", OBJECT]);
    assert_eq!(answer["decision"], "conditional");
    assert_eq!(answer["requires"]["key"], "aws:PrincipalTag/team");
    assert_eq!(answer["requires"]["values"][0], "red");
    let given = [
        "tagged",
        "s3:GetObject",
        OBJECT,
        "--context",
        "aws:PrincipalTag/TEAM=red",
    ];
    assert_eq!(decision(&given), "allowed");
}

#[test]
fn the_id_of_a_role_is_known_up_to_the_name_of_the_session() {
    let answer = can(&["plain", "s3:PutObject", OBJECT]);
    assert_eq!(answer["decision"], "conditional");
    assert_eq!(answer["requires"]["not"]["values"][0], "*:mallory");
    assert_eq!(
        decision(&["plain", "s3:PutObject", OBJECT, "--strict"]),
        "allowed"
    );
    assert_eq!(
        decision(&["tagged", "s3:PutObject", OBJECT]),
        "implicitDeny"
    );
    let session = |name: &str| format!("arn:aws:sts::111122223333:assumed-role/plain/{name}");
    assert_eq!(
        decision(&[&session("eve"), "s3:PutObject", OBJECT]),
        "allowed"
    );
    assert_eq!(
        decision(&[&session("mallory"), "s3:PutObject", OBJECT]),
        "explicitDeny"
    );
}

#[test]
fn a_session_has_the_arn_of_its_role_with_the_path() {
    assert_eq!(decision(&["plain", "s3:DeleteObject", OBJECT]), "allowed");
    let session = "arn:aws:sts::111122223333:assumed-role/plain/s";
    assert_eq!(decision(&[session, "s3:DeleteObject", OBJECT]), "allowed");
    assert_eq!(
        decision(&["tagged", "s3:DeleteObject", OBJECT]),
        "implicitDeny"
    );
}

#[test]
fn the_tags_of_users_and_roles_count_when_they_are_the_resource() {
    let delete = |name: &str| {
        let arn = format!("arn:aws:iam::111122223333:user/{name}");
        decision(&["alice", "iam:DeleteUser", &arn])
    };
    assert_eq!(delete("eng/alice"), "allowed");
    assert_eq!(delete("bob"), "implicitDeny");
    assert_eq!(delete("nobody"), "conditional", "of whom nothing is known");
}

#[test]
fn the_time_is_an_input() {
    let at = |time: &str| decision(&["alice", "ec2:StopInstances", "*", "--now", time]);
    assert_eq!(at("2025-12-31T23:59:59Z"), "allowed");
    assert_eq!(at("2026-01-01"), "implicitDeny");
    assert_eq!(at("2026-01-01T00:30:00+01:00"), "allowed");
}

#[test]
fn what_nobody_says_is_unknown_and_under_strict_missing() {
    let topic = "arn:aws:sns:eu-west-1:111122223333:t";
    let answer = can(&["alice", "sns:Publish", topic]);
    assert_eq!(answer["decision"], "conditional");
    assert_eq!(answer["requires"]["operator"], "IpAddress");
    assert_eq!(
        decision(&["alice", "sns:Publish", topic, "--strict"]),
        "implicitDeny"
    );
    for (ip, expected) in [("10.1.2.3", "allowed"), ("192.0.2.1", "implicitDeny")] {
        let context = format!("aws:SourceIp={ip}");
        let args = ["alice", "sns:Publish", topic, "--context", &context];
        assert_eq!(decision(&args), expected);
    }
}

#[test]
fn what_is_given_stands_over_what_is_known() {
    let args = ["alice", "s3:PutObject", "arn:aws:s3:::team-blue/x"];
    let given = [&args[..], &["--context", "aws:PrincipalTag/team=blue"]].concat();
    assert_eq!(decision(&given), "allowed");
}
