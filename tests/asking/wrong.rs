//! Files that are not as they must be, and options that are not.

use super::{account, run};
use crate::questions::{code, file, path, run_with, stderr, stdout};

const COMMANDS: [&[&str]; 3] = [
    &["can", "anna", "s3:GetObject"],
    &["who-can", "s3:GetObject"],
    &["what-can", "anna"],
];

/// Both say what `can` says, and with the same number.
#[track_caller]
fn all_refuse(more: &[&str], number: i32, part: &str) {
    for command in COMMANDS {
        let output = run_with(&[command, more].concat());
        let text = stderr(&output);
        assert_eq!(code(&output), number, "{command:?}: {text}");
        assert!(text.contains(part), "{command:?}: {part} is not in\n{text}");
        assert_eq!(stdout(&output), "", "{command:?}");
    }
}

#[test]
fn an_account_that_cannot_be_read_is_no_answer() {
    let whole = account::json();
    let broken = file(&whole[..whole.len() / 2]);
    all_refuse(&["--snapshot", path(&broken)], 4, "ends in the middle");
    let other = file(r#"{"name": "x"}"#);
    all_refuse(&["--snapshot", path(&other)], 4, "its keys are name");
    all_refuse(&["--snapshot", "/nowhere/account.json"], 4, "no such file");
}

#[test]
fn files_of_options_must_be_what_they_are_for() {
    let account = file(&account::json());
    let account = ["--snapshot", path(&account)];
    let refuse = |option: &str, content: &str, part: &str| {
        let file = file(content);
        all_refuse(&[&account[..], &[option, path(&file)]].concat(), 2, part);
    };
    refuse("--organization", "{", "cannot read");
    refuse(
        "--organization",
        r#"{"levels": [{"name": "Root"}], "levles": []}"#,
        "levles",
    );
    refuse("--resource-policy", "[]", "it is no policy");
    refuse("--session-policy", "x", "it is no policy");
    for option in ["--organization", "--resource-policy", "--session-policy"] {
        let more = [option, "/nowhere/policy.json"];
        all_refuse(&[&account[..], &more].concat(), 2, "No such file");
    }
}

#[test]
fn options_must_be_what_they_say() {
    let account = file(&account::json());
    let account = ["--snapshot", path(&account)];
    let refuse = |more: &[&str], part: &str| {
        all_refuse(&[&account[..], more].concat(), 2, part);
    };
    refuse(&["--now", "tomorrow"], "is no time");
    refuse(&["--context", "aws:SourceIp"], "has no value");
    refuse(&["--resource-account", "12"], "is no account");
    refuse(&["--format", "xml"], "xml");
    refuse(&["--frobnicate"], "--frobnicate");
}

#[test]
fn only_can_has_no_lists() {
    for format in ["jsonl", "csv"] {
        let output = run(&["can", "anna", "s3:GetObject", "--format", format]);
        assert_eq!(code(&output), 2);
    }
    for missing in [&["who-can"][..], &["what-can"]] {
        assert_eq!(code(&run(missing)), 2);
    }
}
