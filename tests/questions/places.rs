//! An answer says where its reasons stand, to the byte.

use std::process::Output;

use serde_json::Value;

use super::{can, code, run, stderr, stdout};

/// Every place in an answer lies in the text that `document` prints, and pointer and span mean the
/// same. `run` runs a command on the account of the answer.
#[track_caller]
pub fn check_places(answer: &Value, run: impl Fn(&[&str]) -> Output) -> usize {
    let layers = answer["reasons"].as_array().unwrap();
    let places = layers.iter().flat_map(|layer| {
        let lists = ["because", "may_deny", "near"].map(|name| layer[name].as_array());
        lists.into_iter().flatten().flatten()
    });
    let mut count = 0;
    for place in places {
        let policy = place["policy"].as_str().unwrap();
        let mut args = vec!["document"];
        match policy.split_once(' ') {
            Some((arn, name)) if arn.starts_with("arn:") => args.extend([arn, name]),
            _ => args.push(policy),
        }
        let output = run(&args);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let text = stdout(&output);
        let edge = |at: usize| usize::try_from(place["span"][at].as_u64().unwrap()).unwrap();
        let piece = &text[edge(0)..edge(1)];
        let whole: Value = serde_json::from_str(&text).unwrap();
        let pointer = place["pointer"].as_str().unwrap();
        let value = whole
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer} in {text}"));
        assert_eq!(
            *value,
            serde_json::from_str::<Value>(piece).unwrap(),
            "{pointer}"
        );
        count += 1;
    }
    count
}

#[test]
fn spans_and_pointers_lead_to_the_elements() {
    for (args, most) in [
        (
            &["alice", "s3:GetObject", "arn:aws:s3:::home/alice/x"][..],
            2,
        ),
        (&["plain", "s3:PutObject", "arn:aws:s3:::b/k"], 6),
        (
            &[
                "alice",
                "sts:AssumeRole",
                "arn:aws:iam::111122223333:role/tagged",
            ],
            4,
        ),
        (&["bob", "ec2:RunInstances", "*"], 2),
        (&["alice", "sqs:SendMessage", "*"], 1),
    ] {
        let found = check_places(&can(args), run);
        assert!(found >= most, "{args:?}: {found}");
    }
}

#[test]
fn near_misses_say_what_is_missing() {
    let near = |args: &[&str]| {
        let answer = can(args);
        let layer = &answer["reasons"][0];
        assert_eq!(layer["says"], "noAllow", "{answer}");
        layer["near"][0].clone()
    };
    let condition = near(&["alice", "sqs:SendMessage", "*"]);
    assert_eq!(condition["differs"], "condition");
    assert_eq!(condition["key"], "aws:PrincipalTag/none");
    assert_eq!(condition["found"], serde_json::json!([]));
    let resource = near(&["alice", "s3:PutObject", "arn:aws:s3:::team-blue/x"]);
    assert_eq!(resource["differs"], "resource");
    assert_eq!(
        resource["pattern"],
        "arn:aws:s3:::team-${aws:PrincipalTag/team}/*"
    );
    let action = near(&["alice", "ec2:StopInstance", "*", "--unknown-action"]);
    assert_eq!(action["differs"], "action");
    assert_eq!(action["pattern"], "ec2:StopInstances");
}

#[test]
fn the_table_tells_the_same_in_words() {
    let text = |args: &[&str]| stdout(&run(&[&["can"], args].concat()));
    let allowed = text(&["alice", "s3:GetObject", "arn:aws:s3:::home/alice/x"]);
    assert!(allowed.starts_with("✓ allowed\n"), "{allowed}");
    assert!(
        allowed.contains("inline policy own of user alice, statement 1 (Home)"),
        "{allowed}"
    );
    let conditional = text(&["tagged", "s3:GetObject", "arn:aws:s3:::b/k"]);
    assert!(conditional.starts_with("? conditional"), "{conditional}");
    assert!(
        conditional.contains("the caller's tag team is red"),
        "{conditional}"
    );
    let implicit = text(&["bob", "ec2:RunInstances", "*"]);
    assert!(implicit.starts_with("✗ denied implicitly"), "{implicit}");
    assert!(
        implicit.contains("permissions boundary: no statement allows"),
        "{implicit}"
    );
    let explicit = text(&[
        "arn:aws:sts::111122223333:assumed-role/plain/mallory",
        "s3:PutObject",
        "*",
    ]);
    assert!(explicit.starts_with("✗ denied explicitly"), "{explicit}");
    assert!(
        explicit.contains("StringLike aws:userid \"*:mallory\""),
        "{explicit}"
    );
    for text in [allowed, conditional, implicit, explicit] {
        assert!(!text.contains('\x1b'), "no colours where nobody sees them");
    }
}
