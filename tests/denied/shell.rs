//! The command as a shell runs it: where the message comes from, and what the exit code says.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::questions::{account, code, file, path, stderr, stdout};
use crate::support::pty::Start;

const BARE: &str =
    "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied";
const WHOLE: &str = "User: arn:aws:iam::111122223333:user/kofi is not authorized to perform: \
                     iam:PassRole on resource: arn:aws:iam::111122223333:role/ops/breakglass";

/// Runs the command with a message on standard input.
fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .arg("explain-denied")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Who refuses the options does not read.
    drop(stdin.write_all(input));
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// The explanation of a message about the demo account, as JSON.
#[track_caller]
pub fn explain(message: &str, more: &[&str]) -> Value {
    let fixed = ["--demo", "--format", "json"];
    let output = run(&[&fixed, more].concat(), message.as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The same as people read it.
#[track_caller]
pub fn text_of(message: &str) -> String {
    let output = run(&["--demo"], message.as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn a_message_comes_as_an_argument_or_on_standard_input() {
    let piped = run(&["--demo"], WHOLE.as_bytes());
    assert_eq!(code(&piped), 0, "{}", stderr(&piped));
    assert_eq!(stderr(&piped), "");
    for args in [&["--demo", "-"][..], &["--demo", WHOLE]] {
        let output = run(args, WHOLE.as_bytes());
        assert_eq!(stdout(&output), stdout(&piped), "{args:?}");
    }
}

#[test]
fn the_exit_code_tells_whether_it_was_understood() {
    let refused = |args: &[&str], input: &str, number: i32, parts: &[&str]| {
        let output = run(args, input.as_bytes());
        let text = stderr(&output);
        assert_eq!(code(&output), number, "{args:?}: {text}");
        assert_eq!(stdout(&output), "");
        for part in parts {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    };
    refused(
        &["--demo"],
        "hello",
        2,
        &["no message of AWS", "iamscope can"],
    );
    refused(&["--demo"], "", 2, &["the message is empty"]);
    refused(
        &["--demo"],
        BARE,
        2,
        &["it does not say who asked", "--principal"],
    );
    refused(
        &["--demo"],
        "An error occurred (AccessDenied) when calling the TagResource operation: no",
        2,
        &[
            "who asked and for which action",
            "several services",
            "kms:TagResource or ",
        ],
    );
    refused(
        &["--demo", "Access Denied"],
        "",
        2,
        &["who asked and for which action", "--action SERVICE:ACTION"],
    );
    refused(
        &["--demo", "--principal", "nobody", BARE],
        "",
        2,
        &["no user or role \"nobody\""],
    );
    refused(
        &[
            "--demo",
            "--principal",
            "kofi",
            "--action",
            "s3:GetObjekt",
            BARE,
        ],
        "",
        2,
        &["did you mean s3:GetObject"],
    );
    refused(
        &["--demo", "--resource", "x", WHOLE],
        "",
        2,
        &["is no resource"],
    );
    refused(
        &["--snapshot", "-"],
        WHOLE,
        2,
        &["would both be read from standard input"],
    );
    refused(
        &["--snapshot", "/nowhere/a.json", WHOLE],
        "",
        4,
        &["no such file"],
    );
    refused(
        &["--demo", "--context", "x", WHOLE],
        "",
        2,
        &["has no value"],
    );
}

#[test]
fn a_message_beside_an_account_on_standard_input() {
    let account = account::json();
    let text = "User: arn:aws:iam::111122223333:user/eng/alice is not authorized to perform: \
                ec2:RunInstances on resource: *";
    let output = run(&["--snapshot", "-", text], account.as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

/// What was not loaded can be, and then the two agree.
#[test]
fn options_bring_the_policies_that_the_message_speaks_of() {
    let account = file(&account::json());
    let deny =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
    let organization = format!(
        r#"{{"levels": [{{"name": "Root", "scps": [{{"name": "Nothing", "policy": {deny}}}]}}]}}"#
    );
    for (reason, option, content) in [
        (
            "a service control policy",
            "--organization",
            organization.as_str(),
        ),
        (
            "a resource-based policy",
            "--resource-policy",
            &deny.replace("\"Action", "\"Principal\":\"*\",\"Action"),
        ),
    ] {
        let text = format!(
            "User: arn:aws:iam::111122223333:user/eng/alice is not authorized to perform: \
             s3:GetObject on resource: arn:aws:s3:::home/alice/x with an explicit deny in {reason}"
        );
        let fixed = ["--snapshot", path(&account), "--format", "json", &text];
        let compared = |more: &[&str]| {
            let output = run(&[&fixed[..], more].concat(), b"");
            assert_eq!(code(&output), 0, "{}", stderr(&output));
            let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
            answer["comparison"].to_string()
        };
        let without = compared(&[]);
        assert!(
            without.contains("\"open\"") && without.contains(option),
            "{without}"
        );
        let policy = file(content);
        let with = compared(&[option, path(&policy)]);
        assert!(with.contains("\"agrees\""), "{with}");
    }
}

/// Nothing of a message steers the terminal.
#[test]
fn what_steers_a_terminal_is_made_visible() {
    let text = WHOLE.replace("role/ops/breakglass", "role/x\u{202e}\u{9b}31m\u{7}y");
    for args in [&["--demo"][..], &["--demo", "--format", "json"]] {
        let output = run(args, text.as_bytes());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let printed = stdout(&output);
        if args.len() == 1 {
            assert!(printed.contains("\\u{202e}\\x9b31m\\x07y"), "{printed}");
        }
        assert!(!printed.contains(['\u{7}', '\u{1b}']), "{args:?}");
    }
    let output = run(&["--demo"], b"AccessDenied \xff\xfe \x1b]0;x\x07");
    assert_eq!(code(&output), 2);
    assert!(!stderr(&output).contains(['\u{7}', '\u{1b}']));
}

#[test]
fn whoever_types_is_told_what_to_do() {
    let mut session = Start::new(120, 60).args(["--demo", "explain-denied"]).run();
    session.wait_for_text("paste the message");
    session.send(WHOLE);
    session.send("\r\x04");
    session.wait_for_text("What the message says");
}

#[test]
fn only_the_account_decodes() {
    let encoded = "aaaaBBBB-_".repeat(12);
    let lead = "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: \
                You are not authorized to perform this operation.";
    let text = format!("{lead} Encoded authorization failure message: {encoded}");
    let output = run(&["--demo", &text], b"");
    assert_eq!(code(&output), 2);
    let said = stderr(&output);
    let command = format!("aws sts decode-authorization-message --encoded-message {encoded}");
    assert!(said.contains("only AWS can decode"), "{said}");
    assert!(said.contains(&command), "{said}");
    // What the rest says is explained all the same.
    let answer = explain(&text, &["--principal", "kofi"]);
    assert_eq!(answer["message"]["encoded"], true);
    assert!(
        answer["message"]["notes"].to_string().contains(&command),
        "{answer}"
    );
}
