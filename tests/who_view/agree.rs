//! The view and the command say the same.

use iamscope::access::Decision;
use serde_json::Value;

use super::{PAYROLL, ask, demo, paste, rows, say};
use crate::questions::{code, run_with, stderr};
use crate::support::driver::Driver;

const NOW: [&str; 4] = ["--now", "2026-10-01T12:00:00Z", "--format", "json"];

/// Who is in the command's answer, with the decision, and in which order.
fn told(args: &[&str]) -> Vec<(String, String)> {
    let output = run_with(&[args, &["--demo"], &NOW].concat());
    assert_eq!(code(&output), 0, "{args:?}: {}", stderr(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = answer["principals"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["arn"]), text(&row["decision"])))
        .collect()
}

fn shown(d: &Driver) -> Vec<(String, String)> {
    let rows = rows(d).into_iter();
    rows.map(|(arn, decision)| (arn, decision.as_str().to_owned()))
        .collect()
}

const QUESTIONS: [(&str, &str, &str); 12] = [
    ("s3:GetObject", PAYROLL, ""),
    ("s3:GetObject", PAYROLL, "aws:SourceIp=198.51.100.7"),
    (
        "s3:GetObject",
        "arn:aws:s3:::reports/audit/2026.csv",
        "aws:SecureTransport=true",
    ),
    (
        "iam:PassRole",
        "arn:aws:iam::111122223333:role/ops/breakglass",
        "",
    ),
    (
        "sts:AssumeRole",
        "arn:aws:iam::111122223333:role/ops/breakglass",
        "",
    ),
    (
        "sts:AssumeRole",
        "arn:aws:iam::111122223333:role/external/partner-auditor",
        "",
    ),
    (
        "kms:Decrypt",
        "arn:aws:kms:eu-west-1:111122223333:key/1f0e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "",
    ),
    (
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:111122223333:orders",
        "",
    ),
    (
        "iam:CreateAccessKey",
        "arn:aws:iam::111122223333:user/nadia",
        "aws:MultiFactorAuthPresent=true",
    ),
    ("cloudtrail:StopLogging", "", ""),
    ("organizations:LeaveOrganization", "", ""),
    (
        "ec2:TerminateInstances",
        "",
        "aws:RequestedRegion=eu-west-1",
    ),
];

#[test]
fn rows_and_verdicts_are_those_of_the_command() {
    for (action, resource, context) in QUESTIONS {
        let mut d = demo();
        ask(&mut d, action, resource);
        let mut args = vec!["who-can", action];
        if !resource.is_empty() {
            args.push(resource);
        }
        if !context.is_empty() {
            say(&mut d, context);
            args.extend(["--context", context]);
        }
        let (mut shown, mut told) = (shown(&d), told(&args));
        shown.sort();
        told.sort();
        assert_eq!(shown, told, "{args:?}");
    }
}

/// Also those who cannot, without roles, and with what is not said taken as missing.
#[test]
fn so_they_are_with_its_options() {
    let mut d = demo();
    ask(&mut d, "s3:GetObject", PAYROLL);
    for (keys, options) in [
        ("d", &["--all"][..]),
        ("x", &["--all", "--no-chains"]),
        ("t", &["--all", "--no-chains", "--strict"]),
        ("x d", &["--strict"]),
    ] {
        d.keys(keys);
        let args = [&["who-can", "s3:GetObject", PAYROLL], options].concat();
        let (mut shown, mut told) = (shown(&d), told(&args));
        shown.sort();
        told.sort();
        assert_eq!(shown, told, "{options:?}");
    }
}

/// The command that is copied gives the same, run by a shell.
#[test]
fn the_copied_command_gives_the_same() {
    let mut d = demo();
    ask(&mut d, "s3:GetObject", PAYROLL);
    say(&mut d, "aws:SourceIp=198.51.100.7").keys("x t E");
    d.text("command").keys("enter");
    let command = d.copied().unwrap().to_owned();
    assert!(
        command.starts_with("iamscope who-can s3:GetObject "),
        "{command}"
    );
    let binary = env!("CARGO_BIN_EXE_iamscope");
    let script = command.replacen("iamscope", "\"$0\"", 1)
        + " --demo --format json --now 2026-10-01T12:00:00Z";
    let output = std::process::Command::new("sh")
        .args(["-c", &script, binary])
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{script}: {}", stderr(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = answer["principals"].as_array().unwrap();
    let mut told: Vec<&str> = told
        .iter()
        .map(|row| row["arn"].as_str().unwrap())
        .collect();
    let mut shown: Vec<String> = rows(&d).into_iter().map(|(arn, _)| arn).collect();
    told.sort_unstable();
    shown.sort();
    assert_eq!(shown, told);
}

/// Of several actions, whoever can any of them has a row, and how many is told.
#[test]
fn several_actions_are_those_of_each() {
    let mut d = demo();
    ask(&mut d, "iam:*LoginProfile", "");
    let together = rows(&d);
    let names = ["Create", "Delete", "Get", "Update"];
    let mut best: std::collections::BTreeMap<String, Decision> = std::collections::BTreeMap::new();
    for name in names {
        paste(d.keys("a ctrl-u"), &format!("iam:{name}LoginProfile")).keys("enter");
        for (arn, decision) in rows(&d) {
            let known = best.entry(arn).or_insert(decision);
            *known = decision.min(*known);
        }
    }
    let together: std::collections::BTreeMap<_, _> = together.into_iter().collect();
    assert_eq!(together, best);
}
