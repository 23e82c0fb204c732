//! Questions about a large account: a tenth of the one that the benches use.

use std::sync::LazyLock;

use serde_json::Value;
use tempfile::NamedTempFile;

use super::answer;
use crate::files::generate::Size;
use crate::files::generated;
use crate::questions::{code, path, run_with, stderr, stdout};

static ACCOUNT: LazyLock<NamedTempFile> = LazyLock::new(|| {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), generated(Size::large_by(10))).unwrap();
    file
});

fn asked(args: &[&str]) -> Value {
    let more = ["--snapshot", path(&ACCOUNT), "--format", "json"];
    answer(&run_with(&[args, &more].concat()))
}

fn list(answer: &Value) -> &[Value] {
    answer["principals"].as_array().unwrap()
}

#[test]
fn everybody_is_counted() {
    let all = asked(&[
        "who-can",
        "s3:GetObject",
        "arn:aws:s3:::bucket/key",
        "--all",
    ]);
    let counts = all["counts"].as_object().unwrap();
    let sum: u64 = counts.values().map(|it| it.as_u64().unwrap()).sum();
    assert_eq!(list(&all).len() as u64, sum);
    let of_kind = |kind: &str| list(&all).iter().filter(|row| row["type"] == kind).count();
    assert_eq!((of_kind("user"), of_kind("root")), (500, 1));
    assert!(of_kind("role") >= 1000);
    assert!(of_kind("service") > 0);
}

/// A sample of whom is listed and who is not is asked one by one.
#[test]
fn each_is_told_what_can_tells() {
    let args = [
        "who-can",
        "s3:GetObject",
        "arn:aws:s3:::bucket/key",
        "--all",
        "--no-chains",
    ];
    let all = asked(&args);
    for row in list(&all).iter().step_by(61) {
        let arn = row["arn"].as_str().unwrap();
        let args = [
            "can",
            arn,
            args[1],
            args[2],
            "--format",
            "json",
            "--snapshot",
            path(&ACCOUNT),
        ];
        let output = run_with(&args);
        let can: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{arn}: {}", stderr(&output)));
        assert_eq!(row["decision"], can["decision"], "{arn}");
    }
}

#[test]
fn many_actions_are_asked_at_once() {
    let args = [
        "who-can",
        "iam:Put*,s3:GetObject,sqs:*Message",
        "--snapshot",
        path(&ACCOUNT),
    ];
    let output = run_with(&args);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.contains("Who can s3:GetObject on anything"),
        "{text:.500}"
    );
    let lines = run_with(&[&args[..], &["--format", "jsonl", "--no-chains"]].concat());
    assert!(stdout(&lines).lines().count() > 100);
}

#[test]
fn one_of_them_is_asked_what_it_can() {
    let all = asked(&[
        "who-can",
        "s3:GetObject",
        "arn:aws:s3:::bucket/key",
        "--no-chains",
    ]);
    let able = list(&all).iter().find(|row| row["type"] == "role").unwrap();
    let arn = able["arn"].as_str().unwrap();
    let can = asked(&["what-can", arn, "--service", "s3"]);
    let mut actions = can["actions"].as_array().unwrap().iter();
    assert!(actions.any(|it| it["action"] == "s3:GetObject"));
}
