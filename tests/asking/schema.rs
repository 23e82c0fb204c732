//! The answers are as the JSON Schemas in `assets` promise, and the schemas say no less than that.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{account, answer};
use crate::generated::read;
use crate::questions::{file, path, run_with, stdout};

fn schema(command: &str) -> Value {
    serde_json::from_str(&read(&format!("assets/{command}.schema.json"))).unwrap()
}

/// What checks whole answers.
fn of_answers(command: &str) -> Validator {
    jsonschema::draft202012::new(&schema(command)).unwrap()
}

/// What checks a line of `--format jsonl`.
fn of_lines(command: &str) -> Validator {
    let whole = schema(command);
    let line =
        json!({"$schema": whole["$schema"], "$defs": whole["$defs"], "$ref": "#/$defs/line"});
    jsonschema::draft202012::new(&line).unwrap()
}

#[track_caller]
fn check(validator: &Validator, value: &Value, what: &[&str]) {
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error:.200}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what:?}: {errors:#?}");
}

/// Questions of many kinds: direct and through roles, of and about everybody, patterns, lists.
const QUESTIONS: [&[&str]; 14] = [
    &["who-can", "s3:GetObject"],
    &["who-can", "s3:GetObject", "arn:aws:s3:::reports/*", "--all"],
    &["who-can", "s3:PutObject,iam:PassRole", "--explain"],
    &[
        "who-can",
        "sts:AssumeRole",
        "arn:aws:iam::111122223333:role/*",
    ],
    &["who-can", "sts:AssumeRoleWithSAML", "--all", "--explain"],
    &[
        "who-can",
        "s3:GetObject",
        "--strict",
        "--no-chains",
        "--all",
    ],
    &[
        "who-can",
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:111122223333:orders",
    ],
    &["who-can", "organizations:LeaveOrganization"],
    &["who-can", "iam:@permissions-management", "--no-chains"],
    &["who-can", "new:Action", "--unknown-action", "--all"],
    &["what-can", "root", "--service", "s3"],
    &["what-can", "ec2.amazonaws.com"],
    &["what-can", "*"],
    &["what-can", "444455556666", "--level", "write"],
];

/// Questions about the account of these tests alone.
const OWN: [&[&str]; 3] = [
    &["what-can", "plain", "--strict"],
    &["what-can", "alice"],
    &[
        "what-can",
        "arn:aws:sts::111122223333:assumed-role/vault/x",
        "--no-chains",
    ],
];

#[test]
fn answers_of_many_kinds_are_as_promised() {
    let fixture = file(&account::json());
    let own = ["--snapshot", path(&fixture)];
    for question in QUESTIONS {
        is_as_promised(question, &["--demo"]);
    }
    for question in QUESTIONS.into_iter().chain(OWN) {
        is_as_promised(question, &own);
    }
}

#[track_caller]
fn is_as_promised(question: &[&str], source: &[&str]) {
    let args = [question, source].concat();
    let whole = run_with(&[&args[..], &["--format", "json"]].concat());
    check(&of_answers(question[0]), &answer(&whole), &args);
    let lines = stdout(&run_with(&[&args[..], &["--format", "jsonl"]].concat()));
    let validator = of_lines(question[0]);
    for line in lines.lines() {
        check(&validator, &serde_json::from_str(line).unwrap(), &args);
    }
}

#[test]
fn each_of_the_demo_is_as_promised() {
    for who in [
        "aisha",
        "dmitri",
        "ci-deploy",
        "archive-reader",
        "terraform",
    ] {
        let args = ["what-can", who, "--demo", "--format", "json"];
        check(&of_answers("what-can"), &answer(&run_with(&args)), &args);
    }
}

/// Every object in a value whose members are held, by its pointer.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            for (name, member) in members {
                // What the layers say may have more members.
                if name != "reasons" {
                    objects(member, &format!("{at}/{name}"), found);
                }
            }
        }
        Value::Array(list) => {
            for (index, element) in list.iter().enumerate() {
                objects(element, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Changes an answer in every object in three ways, none of which may be valid; gives how many
/// objects there are.
#[track_caller]
fn spoil(validator: &Validator, answer: &Value, optional: &[&str]) -> usize {
    assert!(validator.is_valid(answer));
    let mut found = Vec::new();
    objects(answer, "", &mut found);
    let spoilt = |pointer: &str, change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
        let mut changed = answer.clone();
        change(
            changed
                .pointer_mut(pointer)
                .unwrap()
                .as_object_mut()
                .unwrap(),
        );
        assert!(!validator.is_valid(&changed), "{pointer} in {changed}");
    };
    for pointer in &found {
        spoilt(pointer, &|it| {
            drop(it.insert("more".to_owned(), Value::Null))
        });
        let members = answer.pointer(pointer).unwrap().as_object().unwrap();
        for (name, member) in members {
            if !optional.contains(&name.as_str()) {
                spoilt(pointer, &|it| drop(it.remove(name)));
            }
            // No member may be a number with a fraction.
            spoilt(pointer, &|it| drop(it.insert(name.clone(), json!(1.5))));
            let is_null = member.is_null() || ["requires", "resources", "sid"].contains(&&**name);
            if !is_null && name != "account" {
                spoilt(pointer, &|it| drop(it.insert(name.clone(), Value::Null)));
            }
        }
    }
    found.len()
}

#[test]
fn a_changed_answer_is_not_as_promised() {
    let one = [
        "who-can",
        "s3:GetObject",
        "arn:aws:s3:::vault/x",
        "--explain",
    ];
    let mut whole = super::asked(&one);
    // A few who go through roles are enough.
    let rows = whole["principals"].as_array_mut().unwrap();
    rows.retain(|row| {
        ["user/anna", "saml-provider/corp"]
            .iter()
            .any(|it| row["arn"].as_str().unwrap().ends_with(it))
    });
    assert_eq!(rows.len(), 2);
    whole["results"][0]["principals"] = whole["principals"].clone();
    let objects = spoil(&of_answers("who-can"), &whole, &["reasons"]);
    assert!(objects > 50, "{objects}");
    let line = &whole["principals"][0];
    let mut line = line.clone();
    line["action"] = json!("s3:GetObject");
    line["resource"] = json!("*");
    spoil(&of_lines("who-can"), &line, &["reasons"]);

    let whole = super::asked(&["what-can", "anna"]);
    spoil(&of_answers("what-can"), &whole, &["hop"]);
    let whole = super::asked(&["what-can", "alice", "--service", "sns", "--no-chains"]);
    let objects = spoil(&of_answers("what-can"), &whole, &[]);
    assert!(objects > 10, "{objects}");
    spoil(&of_lines("what-can"), &whole["actions"][0], &[]);
}

#[test]
fn words_that_are_not_promised_are_refused() {
    let whole = super::asked(&["who-can", "s3:GetObject", "arn:aws:s3:::vault/x"]);
    let validator = of_answers("who-can");
    for (pointer, value) in [
        ("/principals/0/type", json!("person")),
        ("/principals/0/decision", json!("maybe")),
        ("/principals/0/paths", json!([])),
        ("/principals/0/paths/0/because/0/effect", json!("allow")),
        ("/principals/0/paths/0/because/0/layer", json!("own")),
        ("/principals/0/paths/0/because/0/statement", json!(-1)),
        ("/principals/0/paths/0/because/0/span", json!([1, 2, 3])),
        ("/principals/0/paths/0/because/0/span", json!([1])),
        (
            "/principals/0/paths/0/because/0/pointer",
            json!("Statement"),
        ),
        ("/principals/0/requires", json!({"all": []})),
        ("/results", json!([])),
    ] {
        let mut changed = whole.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&changed), "{pointer}");
    }
}

/// What both have in common they say in the same words.
#[test]
fn the_two_schemas_agree() {
    let (who, what) = (schema("who-can"), schema("what-can"));
    for name in ["type", "requirement", "resources", "warning", "layer"] {
        assert_eq!(who["$defs"][name], what["$defs"][name], "{name}");
    }
    for schema in [&who, &what] {
        assert!(jsonschema::meta::is_valid(schema));
        assert!(schema["title"].is_string() && schema["description"].is_string());
        let text = schema.to_string();
        let closed = text.matches(r#""additionalProperties":false"#).count();
        assert_eq!(closed, text.matches(r#""properties":{"#).count());
    }
}
