//! `ask`, as a shell runs it: a file of questions in, answers and an exit code out.

mod agree;
mod expectations;
mod junit;
mod options;
mod unread;
mod wrong;

use std::process::Output;

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::questions::{file, path, run_with, stderr};

/// The ARN of the demo account's principal.
fn own(rest: &str) -> String {
    format!("arn:aws:iam::111122223333:{rest}")
}

const DEPLOYER: &str = "arn:aws:iam::111122223333:role/ci/prod-deployer";

/// One question about the deployer, with these fields more.
fn about_deployer(more: &str) -> String {
    format!(
        "[[question]]\nname = \"q\"\naction = \"sts:AssumeRole\"\nresource = \"{DEPLOYER}\"\n{more}\n"
    )
}

/// Asks the questions of a text about the demo account, at the time when it was taken.
fn ask(questions: &str, more: &[&str]) -> Output {
    let questions = file(questions);
    let args = ["--demo", "ask", path(&questions), "--now", "2026-09-30"];
    run_with(&[&args, more].concat())
}

/// The same with the answers as JSON.
#[track_caller]
fn answers(questions: &str, more: &[&str]) -> Value {
    json(&ask(questions, &[more, &["--format", "json"]].concat()))
}

#[track_caller]
fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(output)))
}

/// The only answer.
#[track_caller]
fn answer(questions: &str) -> Value {
    let all = answers(questions, &[]);
    let list = all["questions"].as_array().unwrap();
    assert_eq!(list.len(), 1);
    list[0].clone()
}

/// The ARNs in a list of principals.
fn arns(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|it| it["arn"].as_str().unwrap()).collect()
}

/// Asks the questions of a text about an account in a file.
fn ask_about(account: &NamedTempFile, questions: &str, more: &[&str]) -> Output {
    let questions = file(questions);
    let args = ["--snapshot", path(account), "ask", path(&questions)];
    run_with(&[&args, more].concat())
}
