//! What is asked about is found by its name, or the nearest names are told.

use super::{assumptions, can, code, file, path, run, run_with, stderr, stdout};

#[track_caller]
fn refused(args: &[&str], parts: &[&str]) {
    let output = run(args);
    let text = stderr(&output);
    assert_eq!(code(&output), 2, "{args:?}: {text}{}", stdout(&output));
    assert!(output.stdout.is_empty());
    for part in parts {
        assert!(text.contains(part), "{args:?}: {part} in {text}");
    }
}

#[test]
fn a_principal_goes_by_name_in_any_case_or_by_arn() {
    for name in ["alice", "ALICE", "arn:aws:iam::111122223333:user/eng/alice"] {
        let answer = can(&[name, "dynamodb:Query", "*"]);
        let arn = &answer["principal"]["arn"];
        assert_eq!(arn, "arn:aws:iam::111122223333:user/eng/alice", "{name}");
    }
    for (name, kind) in [
        ("plain", "role"),
        ("root", "root"),
        ("*", "anonymous"),
        ("ec2.amazonaws.com", "service"),
        ("444455556666", "account"),
        ("arn:aws:iam::444455556666:root", "account"),
        ("arn:aws:sts::111122223333:assumed-role/plain/s", "session"),
        ("arn:aws:sts::111122223333:federated-user/bob", "federated"),
        ("arn:aws:iam::111122223333:saml-provider/okta", "federated"),
    ] {
        let answer = can(&[name, "s3:GetObject", "*"]);
        assert_eq!(answer["principal"]["type"], kind, "{name}");
    }
}

#[test]
fn a_web_identity_provider_goes_by_its_host() {
    for (host, arn) in [
        ("accounts.google.com", "accounts.google.com"),
        (
            "oidc.example.com/id/1",
            "arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/1",
        ),
    ] {
        let answer = can(&[host, "s3:GetObject", "*"]);
        assert_eq!(answer["principal"]["arn"], arn);
    }
}

#[test]
fn an_unknown_principal_is_refused_with_the_nearest() {
    refused(
        &["can", "alicia", "s3:GetObject"],
        &["alicia", "did you mean alice?"],
    );
    refused(
        &["can", "twin", "s3:GetObject"],
        &["user/twin or arn:", "role/twin"],
    );
    refused(&["can", "devs", "s3:GetObject"], &["group", "members"]);
    refused(
        &["can", "zzzzzz", "s3:GetObject"],
        &["zzzzzz", "by name or ARN"],
    );
    let path_left_out = "arn:aws:iam::111122223333:user/alice";
    refused(
        &["can", path_left_out, "s3:GetObject"],
        &["did you mean alice?"],
    );
    let session = "arn:aws:sts::111122223333:assumed-role/plane/s";
    refused(&["can", session, "s3:GetObject"], &["did you mean plain?"]);
    refused(
        &["can", "arn:aws:s3:::b", "s3:GetObject"],
        &["no principal"],
    );
}

#[test]
fn an_unknown_action_is_refused_with_the_nearest_and_the_day_of_the_catalogue() {
    let day = iamscope::catalog::version();
    refused(
        &["can", "alice", "s3:GetObjet"],
        &["s3:GetObject?", day, "--unknown-action"],
    );
    refused(&["can", "alice", "GetObject"], &["s3:GetObject", day]);
    refused(
        &["can", "alice", "s3:Get*"],
        &["a pattern", "iamscope actions 's3:Get*'"],
    );
    refused(
        &["can", "alice", "s3:Get Object", "--unknown-action"],
        &["knows no action"],
    );
    let answer = can(&["bob", "S3:getNewThing", "*", "--unknown-action"]);
    assert_eq!(answer["decision"], "allowed");
    assert_eq!(can(&["bob", "S3:GETOBJECT", "*"])["action"], "s3:GetObject");
}

#[test]
fn a_malformed_resource_is_refused_with_the_right_ones() {
    let forms = ["arn:aws:s3:::${BucketName}/${ObjectName}"];
    refused(&["can", "alice", "s3:GetObject", "bucket"], &forms);
    let arn = ["role/svc/plain?"];
    refused(&["can", "alice", "iam:GetRole", "plain"], &arn);
    refused(
        &["can", "alice", "iam:GetRole", "arn:aws:iam"],
        &["arn:partition"],
    );
    let answer = can(&[
        "alice",
        "iam:GetRole",
        "arn:aws:iam::111122223333:role/plain",
    ]);
    assert!(
        assumptions(&answer).contains("did you mean arn:aws:iam::111122223333:role/svc/plain?")
    );
}

#[test]
fn wrong_options_are_refused() {
    let ask = |more: &[&str], parts: &[&str]| {
        refused(
            &[&["can", "alice", "s3:GetObject", "*"], more].concat(),
            parts,
        );
    };
    ask(&["--context", "aws:SourceIp"], &["KEY=VALUE"]);
    ask(&["--now", "noon"], &["noon", "2026-01-31"]);
    ask(&["--resource-account", "1"], &["twelve digits"]);
    ask(&["--organization", "/nowhere"], &["cannot read /nowhere"]);
    let broken = file("[1]");
    ask(&["--organization", path(&broken)], &["cannot read"]);
    ask(&["--resource-policy", path(&broken)], &["it is no policy"]);
    ask(&["--format", "xml"], &["json"]);
}

#[test]
fn an_unknown_key_is_noted_and_the_question_is_answered() {
    let args = [
        "can",
        "alice",
        "s3:GetObject",
        "*",
        "--context",
        "aws:SourceIpp=10.0.0.1",
    ];
    let output = run(&args);
    assert!(
        stderr(&output).contains("did you mean aws:SourceIp?"),
        "{}",
        stderr(&output)
    );
    assert!(stdout(&output).contains("s3:GetObject"));
}

#[test]
fn an_account_that_cannot_be_read_answers_nothing() {
    let output = run_with(&["can", "alice", "s3:GetObject", "--snapshot", "/nowhere"]);
    assert_eq!(code(&output), 4);
    assert!(stderr(&output).contains("/nowhere"));
}

#[test]
fn actions_lists_what_a_pattern_stands_for() {
    let output = run_with(&["actions", "S3:getobject"]);
    assert_eq!(code(&output), 0);
    let text = stdout(&output);
    assert!(text.starts_with("s3:GetObject "), "{text}");
    assert!(
        text.contains(" Read ") && text.lines().count() == 1,
        "{text}"
    );
    let json = run_with(&["actions", "iam:Pass*", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json[0]["action"], "iam:PassRole");
    assert!(
        json[0]["condition_keys"]
            .to_string()
            .contains("iam:PassedToService")
    );
    assert_eq!(json.as_array().unwrap().len(), 1);
    for (pattern, part) in [
        ("s3:Gett*", "knows no action"),
        ("s33:Get*", "s3"),
        ("s3:GetObjet", "s3:GetObject?"),
    ] {
        let output = run_with(&["actions", pattern]);
        assert_eq!(code(&output), 2, "{pattern}");
        assert!(
            stderr(&output).contains(part),
            "{pattern}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn document_prints_a_policy_by_its_names() {
    let user = "arn:aws:iam::111122223333:user/eng/alice";
    let print = |args: &[&str]| run(&[&["document"], args].concat());
    for args in [
        &[user, "own"][..],
        &["arn:aws:iam::111122223333:group/devs", "of group"],
        &["arn:aws:iam::111122223333:role/svc/plain"],
        &["arn:aws:iam::111122223333:role/svc/plain", "own"],
        &["arn:aws:iam::111122223333:policy/limits"],
        &["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    ] {
        let output = print(args);
        assert_eq!(code(&output), 0, "{args:?}: {}", stderr(&output));
        let policy: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(!policy["Statement"].is_null(), "{args:?}");
    }
    refused(&["document", user, "won"], &["no inline policy", "own"]);
    refused(
        &["document", user],
        &["is no policy", "its inline policies: own"],
    );
    refused(
        &["document", "arn:aws:iam::111122223333:policy/limit"],
        &["policy/limits?"],
    );
}
