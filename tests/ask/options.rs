//! The options of `ask`, and where its file comes from.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use super::{about_deployer, answers, ask, json};
use crate::questions::{code, file, path, run_with, stderr, stdout};

fn two() -> String {
    about_deployer("expect = { none = true }")
        + "[[question]]\nname = \"who makes users\"\naction = \"iam:CreateUser\"\n"
}

fn from_stdin(args: &[&str], text: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

#[test]
fn the_questions_may_come_from_standard_input() {
    let output = from_stdin(&["--demo", "ask", "-", "--format", "json"], &two());
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert_eq!(json(&output)["counts"]["failed"], 1);
    let output = from_stdin(&["--demo", "ask", "-"], "[question]\n");
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("cannot read standard input"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn standard_input_is_read_once_and_standard_output_written_once() {
    let output = run_with(&["--snapshot", "-", "ask", "-"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("standard input twice"),
        "{}",
        stderr(&output)
    );
    let output = ask(&two(), &["--junit", "-", "--format", "json"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("standard output twice"),
        "{}",
        stderr(&output)
    );
    assert_eq!(stdout(&output), "");
    // One of each is fine.
    let account = std::fs::read_to_string("assets/demo.json").unwrap();
    let questions = file(&two());
    let output = from_stdin(&["--snapshot", "-", "ask", path(&questions)], &account);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
}

#[test]
fn only_picks_questions() {
    let names = |more: &[&str]| {
        let found = answers(&two(), more);
        let list = found["questions"].as_array().unwrap().iter();
        list.map(|it| it["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&["--only", "who*"]), ["who makes users"]);
    assert_eq!(
        names(&["--only", "who*", "--only", "?"]),
        ["q", "who makes users"]
    );
    assert_eq!(code(&ask(&two(), &["--only", "who makes users"])), 0);
    let output = ask(&two(), &["--only", "who maks users", "--only", "q"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("did you mean who makes users?"),
        "{}",
        stderr(&output)
    );
    let output = ask(&two(), &["--only", "deploy*"]);
    assert!(stderr(&output).contains("wildcards"), "{}", stderr(&output));
}

#[test]
fn the_organization_and_the_time_are_those_that_are_given() {
    let nothing = file(
        r#"{"management_account": "999988887777", "levels": [{"name": "Root", "scps": [
            {"name": "none", "policy": {"Version": "2012-10-17", "Statement": []}}]}]}"#,
    );
    // Service-linked roles are not bound.
    let nobody = "[[question]]\nname = \"q\"\naction = \"s3:ListAllMyBuckets\"\n\
                  expect = { only = [\"*:role/aws-service-role/*\", \"*.amazonaws.com\"] }\n";
    let output = ask(nobody, &["--organization", path(&nothing)]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert_eq!(code(&ask(nobody, &[])), 1);
    let questions = file(nobody);
    let output = run_with(&["--demo", "ask", path(&questions), "--now", "tomorrow"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("is no time"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_action_that_is_not_known_may_be_asked() {
    let unknown = "[[question]]\nname = \"q\"\naction = \"s3:GetNewThing\"\n";
    assert_eq!(code(&ask(unknown, &[])), 4);
    let found = answers(unknown, &["--unknown-action"]);
    assert_eq!(found["questions"][0]["result"], "answered");
    assert!(
        found["questions"][0]["able"].as_array().unwrap().len() > 3,
        "{found}"
    );
}
