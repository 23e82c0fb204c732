//! Questions about a live account, and about one of which not all may be read.

use serde_json::Value;

use super::{answer, decisions, row};
use crate::questions::live::{as_user, run};
use crate::questions::{code, stderr, stdout};
use crate::support::moto::SMALL;

const JSON: [&str; 2] = ["--format", "json"];

#[test]
fn a_live_account_tells_who_can() {
    let args = ["who-can", "s3:GetObject", "arn:aws:s3:::b/k"];
    let output = run(&SMALL, ("any", "any"), &[&args[..], &JSON].concat());
    let found = answer(&output);
    let alice = row(&found, "alice");
    assert_eq!(alice["decision"], "allowed");
    let policy = &alice["paths"][0]["because"][0]["policy"];
    assert_eq!(policy, "arn:aws:iam::aws:policy/AdministratorAccess");
    assert_eq!(decisions(&found)["root"], "allowed");
    let text = stdout(&run(&SMALL, ("any", "any"), &args));
    assert!(text.contains("✓ user staff/alice"), "{text}");

    let args = ["what-can", "alice", "--service", "s3", "--no-chains"];
    let found = answer(&run(&SMALL, ("any", "any"), &[&args[..], &JSON].concat()));
    assert!(
        found["counts"]["allowed"].as_u64().unwrap() > 100,
        "{}",
        found["counts"]
    );
}

fn assumptions(answer: &Value) -> String {
    answer["assumptions"].to_string()
}

/// What may not be read is open, and the answer says so; it is not taken as absent.
#[test]
fn what_may_not_be_read_is_open() {
    let args = [
        "who-can",
        "s3:GetObject",
        "arn:aws:s3:::b/k",
        "--all",
        "--no-chains",
    ];
    let found = answer(&as_user("lister", &[&args[..], &JSON].concat()));
    let alice = row(&found, "alice");
    assert_eq!(alice["decision"], "conditional", "{alice}");
    assert!(assumptions(&found).contains("not read"), "{found}");
    // Who may read the account in one go lacks nothing that a question needs.
    let found = answer(&as_user("halfblind", &[&args[..], &JSON].concat()));
    assert_eq!(row(&found, "alice")["decision"], "allowed");
    assert!(!assumptions(&found).contains("not read"), "{found}");
}

#[test]
fn who_may_read_nothing_is_told_so() {
    let output = as_user("nobody", &["what-can", "alice"]);
    assert_eq!(code(&output), 2);
    let text = stderr(&output);
    assert!(text.contains("denied (iam:ListUsers)"), "{text}");
    // Of nobody nothing is known; that is no answer that nobody can.
    let output = as_user("nobody", &["who-can", "s3:GetObject"]);
    let text = stdout(&output) + &stderr(&output);
    assert!(text.contains("denied (iam:ListUsers)"), "{text}");
}
