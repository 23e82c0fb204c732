//! Questions about a live account.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::{assumptions, code, stderr, stdout};
use crate::support::moto::{ENFORCING, Moto, SMALL};

/// Runs a command with these keys and nothing else of the machine's AWS configuration.
pub fn run(moto: &Moto, keys: (&str, &str), args: &[&str]) -> Output {
    let (id, secret) = keys;
    Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .args(args)
        .args(["--endpoint-url", &moto.url])
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env_remove("AWS_PROFILE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Runs a command as one of the users whose permissions are checked.
pub fn as_user(name: &str, args: &[&str]) -> Output {
    let keys = ENFORCING.options_of(name).explicit.unwrap();
    run(
        &ENFORCING,
        (&keys.access_key_id, &keys.secret_access_key),
        args,
    )
}

#[test]
fn a_live_account_answers() {
    let args = [
        "can",
        "alice",
        "s3:GetObject",
        "arn:aws:s3:::b/k",
        "--format",
        "json",
    ];
    let output = run(&SMALL, ("any", "any"), &args);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let policy = &answer["because"][0]["policy"];
    assert_eq!(policy, "arn:aws:iam::aws:policy/AdministratorAccess");
    assert!(assumptions(&answer).contains("no policy of an organisation"));
}

/// Where the account cannot be read in one go, what the question needs is asked for; what is denied
/// even so is unknown and not absent.
#[test]
fn what_a_question_lacks_is_asked_for() {
    let args = [
        "can",
        "alice",
        "s3:GetObject",
        "arn:aws:s3:::b/k",
        "--format",
        "json",
    ];
    let output = as_user("lister", &args);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = answer.to_string();
    assert!(
        text.contains("policy/AdministratorAccess"),
        "its group was read: {text}"
    );
    let requires = answer["requires"].to_string();
    assert!(requires.contains("user/staff/alice own"), "{requires}");
    assert!(requires.contains("permissions boundary of"), "{requires}");
    let args = ["document", "arn:aws:iam::111122223333:role/ci/ci-deploy"];
    let output = as_user("lister", &args);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("codebuild.amazonaws.com"));
}

#[test]
fn who_may_read_nothing_is_told_so() {
    let output = as_user("nobody", &["can", "alice", "s3:GetObject"]);
    assert_eq!(code(&output), 2);
    let text = stderr(&output);
    assert!(
        text.contains("denied (iam:GetAccountAuthorizationDetails)"),
        "{text}"
    );
    assert!(text.contains("denied (iam:ListUsers)"), "{text}");
}
