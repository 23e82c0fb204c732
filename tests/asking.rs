//! `who-can` and `what-can`, as a shell runs them.

mod account;
mod actions;
mod agree;
mod demo;
mod demo_layers;
mod formats;
mod large;
mod live;
mod options;
mod schema;
mod wrong;

use std::collections::BTreeMap;
use std::process::Output;

use serde_json::Value;

use crate::questions::{code, file, path, run_with, stderr};

/// Runs a command on the account of these tests.
fn run(args: &[&str]) -> Output {
    let account = file(&account::json());
    run_with(&[args, &["--snapshot", path(&account)]].concat())
}

/// The answer to a question, as JSON.
#[track_caller]
fn answer(output: &Output) -> Value {
    assert_eq!(code(output), 0, "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The JSON that a command on the account of these tests prints.
#[track_caller]
fn asked(args: &[&str]) -> Value {
    answer(&run(&[args, &["--format", "json"]].concat()))
}

/// The JSON that a command on the demo account prints, at the time when it was taken.
#[track_caller]
fn of_demo(args: &[&str]) -> Value {
    let more = ["--demo", "--now", "2026-09-30", "--format", "json"];
    answer(&run_with(&[args, &more].concat()))
}

/// An ARN as these tests write it: that of a user or role without its beginning and path.
fn short(arn: &str) -> String {
    let own = "arn:aws:iam::111122223333:";
    match arn.strip_prefix(own) {
        Some(rest) => rest.rsplit('/').next().unwrap_or(rest).to_owned(),
        None => arn.to_owned(),
    }
}

/// Everybody in an answer with the decision.
fn decisions(answer: &Value) -> BTreeMap<String, String> {
    let rows = answer["principals"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = rows.iter();
    rows.map(|row| (short(&text(&row["arn"])), text(&row["decision"])))
        .collect()
}

/// Everybody in an answer, in its order.
fn names(answer: &Value) -> Vec<String> {
    let rows = answer["principals"].as_array().unwrap();
    let rows = rows.iter();
    rows.map(|row| short(row["arn"].as_str().unwrap()))
        .collect()
}

/// The row of one principal.
#[track_caller]
fn row<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let rows = answer["principals"].as_array().unwrap();
    let found = rows
        .iter()
        .find(|row| short(row["arn"].as_str().unwrap()) == name);
    found.unwrap_or_else(|| panic!("{name} is not in {:?}", names(answer)))
}

/// The roles that a row or a path goes through.
fn via(row: &Value) -> Vec<String> {
    let roles = row["via"].as_array().unwrap();
    let roles = roles.iter();
    roles.map(|arn| short(arn.as_str().unwrap())).collect()
}

/// A requirement in a line: `aws:SourceIp IpAddress 10.0.0.0/8 (1)`, the number being that of the
/// request; `!` before what must not be met.
fn requires(requirement: &Value) -> String {
    if requirement.is_null() {
        return String::new();
    }
    for (name, between) in [("all", " & "), ("any", " | ")] {
        if let Some(list) = requirement[name].as_array() {
            let list: Vec<_> = list.iter().map(requires).collect();
            return match name {
                "any" => format!("({})", list.join(between)),
                _ => list.join(between),
            };
        }
    }
    if requirement["not"].is_object() {
        return format!("!{}", requires(&requirement["not"]));
    }
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let values = requirement["values"].as_array().unwrap();
    let values: Vec<_> = values.iter().map(text).collect();
    let hop = requirement["hop"].as_u64();
    let hop = hop.map(|hop| format!(" ({hop})")).unwrap_or_default();
    let (key, operator) = (text(&requirement["key"]), text(&requirement["operator"]));
    format!("{key} {operator} {}{hop}", values.join(","))
}
