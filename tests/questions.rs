//! `can`, `actions` and `document`, as a shell runs them.

pub mod account;
mod carried;
mod known;
mod layers;
pub mod live;
mod names;
mod patterns;
mod patterns_of_roles;
mod places;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::NamedTempFile;

/// A file with this content.
pub fn file(content: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    file
}

/// The path of a file as an argument.
pub fn path(file: &NamedTempFile) -> &str {
    let path: &Path = file.path();
    path.to_str().unwrap()
}

/// Runs a command on the account of these tests.
fn run(args: &[&str]) -> Output {
    let account = file(&account::json());
    run_with(&[args, &["--snapshot", path(&account)]].concat())
}

pub fn run_with(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The answer to a question, with the exit code that goes with it.
#[track_caller]
fn can(args: &[&str]) -> Value {
    let output = run(&[&["can"], args, &["--format", "json"]].concat());
    let answer: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{args:?}: {}", stderr(&output)));
    let expected = match answer["decision"].as_str().unwrap() {
        "allowed" => 0,
        "conditional" => 3,
        _ => 1,
    };
    assert_eq!(code(&output), expected, "{answer}");
    answer
}

/// The decision on a question, in a word.
#[track_caller]
fn decision(args: &[&str]) -> String {
    can(args)["decision"].as_str().unwrap().to_owned()
}

/// The assumptions of an answer, one after the other.
fn assumptions(answer: &Value) -> String {
    let list = answer["assumptions"].as_array().unwrap();
    let list: Vec<&str> = list.iter().map(|it| it.as_str().unwrap()).collect();
    list.join("\n")
}
