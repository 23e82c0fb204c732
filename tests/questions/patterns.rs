//! RESOURCE may be a pattern: the answer is about everything that it describes.

use serde_json::{Value, json};

use super::account::{self, managed, user, with};
use super::{assumptions, file, path, run_with};

const B: &str = "arn:aws:s3:::b/*";

/// The arguments of a question to an account with one user, u.
fn asked(statements: &Value, boundary: Option<Value>, args: &[&str]) -> Vec<u8> {
    let mut user = user("u", "/", statements.clone());
    let mut policies = json!([]);
    if let Some(boundary) = boundary {
        policies = json!([managed("limits", boundary)]);
        user = with(
            user,
            json!({"PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": account::arn("policy/limits")}}),
        );
    }
    let account = json!({"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": [],
        "Policies": policies});
    let account = file(&account.to_string());
    run_with(&[&["can", "u"], args, &["--snapshot", path(&account)]].concat()).stdout
}

#[track_caller]
fn answer(statements: &Value, boundary: Option<Value>, args: &[&str]) -> Value {
    let args = [args, &["--format", "json"]].concat();
    serde_json::from_slice(&asked(statements, boundary, &args)).unwrap()
}

/// The answer on getting objects.
#[track_caller]
fn get(statements: Value, resource: &str) -> Value {
    answer(&statements, None, &["s3:GetObject", resource])
}

fn allow(resource: &Value) -> Value {
    json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource})
}

fn deny(resource: &Value) -> Value {
    json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": resource})
}

/// What a conditional answer says about resources, and that it says nothing else.
#[track_caller]
pub fn on(answer: &Value, allow: &[&str], except: &[&str]) {
    assert_eq!(answer["decision"], "conditional", "{answer}");
    assert_eq!(
        answer["resources"],
        json!({"allow": allow, "except": except}),
        "{answer}"
    );
    assert_eq!(answer["requires"], Value::Null, "{answer}");
}

#[test]
fn a_pattern_is_allowed_where_all_of_it_is() {
    let answer = get(json!([allow(&json!("arn:aws:s3:::*"))]), B);
    assert_eq!(answer["decision"], "allowed");
    assert_eq!(answer["resources"], Value::Null);
    assert_eq!(answer["because"][1]["element"], "Resource");
    for nothing in ["arn:aws:s3:::c/*", "arn:aws:s3:::b", "arn:aws:s3:::b-*"] {
        let answer = get(json!([allow(&json!(nothing))]), B);
        assert_eq!(answer["decision"], "implicitDeny", "{nothing}");
        let near = answer["reasons"][0]["near"].as_array().unwrap();
        assert_eq!(near[0]["differs"], "resource", "{answer}");
    }
}

#[test]
fn a_part_of_it_stands_beside_the_answer() {
    let own = ["arn:aws:s3:::b/x/*", "arn:aws:s3:::b/y"];
    let other = "arn:aws:s3:::c/*";
    let statements = json!([allow(&json!([other, own[0], own[1]]))]);
    on(&get(statements.clone(), B), &own, &[]);
    on(&get(statements.clone(), "*"), &[other, own[0], own[1]], &[]);
    let answer = answer(&statements, None, &["s3:GetObject"]);
    on(&answer, &[other, own[0], own[1]], &[]);
    // Of each element that may match, the place is told.
    let pointers: Vec<_> = answer["because"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|place| place["element"] == "Resource")
        .map(|place| place["pointer"].as_str().unwrap())
        .collect();
    let all = [0, 1, 2].map(|at| format!("/Statement/0/Resource/{at}"));
    assert_eq!(pointers, all);
}

#[test]
fn what_another_pattern_covers_is_not_told() {
    let statements = json!([
        allow(&json!("arn:aws:s3:::b/x/1")),
        allow(&json!("arn:aws:s3:::b/x/*"))
    ]);
    on(&get(statements, B), &["arn:aws:s3:::b/x/*"], &[]);
}

#[test]
fn a_deny_over_a_part_is_an_exception() {
    let secret = "arn:aws:s3:::b/secret/*";
    let all = allow(&json!("*"));
    on(&get(json!([all, deny(&json!(secret))]), B), &[B], &[secret]);
    let elsewhere = deny(&json!("arn:aws:s3:::c/*"));
    assert_eq!(get(json!([all, elsewhere]), B)["decision"], "allowed");
    let over_all = deny(&json!("arn:aws:s3:::b*"));
    assert_eq!(get(json!([all, over_all]), B)["decision"], "explicitDeny");
    // What is allowed is denied, though not everything that is asked about.
    let part = allow(&json!("arn:aws:s3:::b/secret/x"));
    let answer = get(json!([part, deny(&json!(secret))]), B);
    assert_eq!(answer["decision"], "explicitDeny");
    let place = &answer["because"][1];
    assert_eq!(place["pointer"], "/Statement/1/Resource", "{answer}");
}

#[test]
fn not_resource_is_the_contrary() {
    let except = json!({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/x/*"});
    on(&get(json!([except]), B), &[B], &["arn:aws:s3:::b/x/*"]);
    let none = json!({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b*"});
    assert_eq!(get(json!([none]), B)["decision"], "implicitDeny");
    let only = json!({"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/x/*"});
    let statements = json!([allow(&json!("*")), only]);
    on(&get(statements, B), &["arn:aws:s3:::b/x/*"], &[]);
    let both = json!([except, allow(&json!("arn:aws:s3:::b/x*"))]);
    assert_eq!(get(both, B)["decision"], "allowed", "one or the other");
}

#[test]
fn variables_are_filled_in_and_unknown_ones_stay() {
    let home = allow(&json!("arn:aws:s3:::b/${aws:username}/*"));
    on(&get(json!([home]), B), &["arn:aws:s3:::b/u/*"], &[]);
    let answer = get(json!([home]), "arn:aws:s3:::b/u/*");
    assert_eq!(answer["decision"], "allowed");
    let answer = get(json!([home]), "arn:aws:s3:::b/v/*");
    assert_eq!(answer["decision"], "implicitDeny");
    let open = json!([allow(&json!("arn:aws:s3:::b/${aws:SourceVpc}/*"))]);
    on(
        &get(open.clone(), B),
        &["arn:aws:s3:::b/${aws:SourceVpc}/*"],
        &[],
    );
    assert_eq!(
        get(open.clone(), "arn:aws:s3:::c/*")["decision"],
        "implicitDeny"
    );
    let known = ["s3:GetObject", B, "--context", "aws:SourceVpc=*"];
    on(&answer_on(&open, &known), &["arn:aws:s3:::b/${*}/*"], &[]);
    let strict = answer_on(&open, &["s3:GetObject", B, "--strict"]);
    assert_eq!(strict["decision"], "implicitDeny");
}

#[track_caller]
fn answer_on(statements: &Value, args: &[&str]) -> Value {
    answer(statements, None, args)
}

#[test]
fn conditions_stand_beside_the_resources_where_they_can() {
    let condition = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let x = "arn:aws:s3:::b/x/*";
    let guarded = with(allow(&json!(x)), json!({"Condition": condition}));
    let answer = get(json!([guarded]), B);
    assert_eq!(answer["decision"], "conditional");
    assert_eq!(answer["resources"], json!({"allow": [x], "except": []}));
    assert_eq!(answer["requires"]["key"], "aws:MultiFactorAuthPresent");
    // One statement needs it, the other does not: the two hang together.
    let y = "arn:aws:s3:::b/y/*";
    let mixed = get(json!([guarded, allow(&json!(y))]), B);
    assert_eq!(mixed["resources"], json!({"allow": [x, y], "except": []}));
    let ways = mixed["requires"]["any"].as_array().unwrap();
    assert_eq!(ways.len(), 2, "{mixed}");
    let met = [
        "s3:GetObject",
        B,
        "--context",
        "aws:MultiFactorAuthPresent=true",
    ];
    on(
        &answer_on(&json!([guarded, allow(&json!(y))]), &met),
        &[x, y],
        &[],
    );
    let strict = ["s3:GetObject", B, "--strict"];
    on(
        &answer_on(&json!([guarded, allow(&json!(y))]), &strict),
        &[y],
        &[],
    );
    // A deny that spares who has it.
    let unless = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
    let unless = with(
        deny(&json!("arn:aws:s3:::b*")),
        json!({"Condition": unless}),
    );
    let answer = get(json!([allow(&json!(x)), unless]), B);
    assert_eq!(answer["resources"], json!({"allow": [x], "except": []}));
    assert_eq!(
        answer["requires"]["not"]["key"],
        "aws:MultiFactorAuthPresent"
    );
}

#[test]
fn a_boundary_leaves_what_both_allow() {
    let own = json!([allow(&json!(["arn:aws:s3:::b/x/*", "arn:aws:s3:::b/y/*"]))]);
    let ask = |bound: Value| answer(&own, Some(json!([allow(&bound)])), &["s3:GetObject", B]);
    on(
        &ask(json!(["arn:aws:s3:::b/x/1", "arn:aws:s3:::b/y*"])),
        &["arn:aws:s3:::b/x/1", "arn:aws:s3:::b/y/*"],
        &[],
    );
    on(
        &ask(json!("*")),
        &["arn:aws:s3:::b/x/*", "arn:aws:s3:::b/y/*"],
        &[],
    );
    assert_eq!(ask(json!("arn:aws:s3:::b/z/*"))["decision"], "implicitDeny");
    // What both describe is no single pattern.
    let crossing = ask(json!("arn:aws:s3:::b/*/1"));
    assert_eq!(crossing["decision"], "conditional");
    assert!(crossing["requires"]["all"].is_array(), "{crossing}");
}

#[test]
fn wildcards_may_stand_anywhere() {
    let one = allow(&json!("arn:aws:s3:::b/x"));
    on(
        &get(json!([one]), "arn:*:s3:::b/x"),
        &["arn:aws:s3:::b/x"],
        &[],
    );
    on(
        &get(json!([one]), "arn:aws:s3*"),
        &["arn:aws:s3:::b/x"],
        &[],
    );
    on(
        &get(json!([one]), "arn:aws:s3:::b/?"),
        &["arn:aws:s3:::b/x"],
        &[],
    );
    let answer = get(json!([one]), "arn:aws:s3:*:4444*:b/x");
    assert!(
        assumptions(&answer).contains("only what belongs to account"),
        "{answer}"
    );
    for wrong in ["b/*", "arn", "arn:aws:s3:::", "s3*"] {
        let found = asked(&json!([one]), None, &["s3:GetObject", wrong]);
        assert!(found.is_empty(), "{wrong}: no question");
    }
}

#[test]
fn an_action_without_resources_is_decided_on_the_star_itself() {
    let list = |resource| json!([{"Effect": "Allow", "Action": "s3:*", "Resource": resource}]);
    for resource in ["*", "arn:aws:s3:::b*"] {
        let ask = |statements: Value| answer(&statements, None, &["s3:ListAllMyBuckets", resource]);
        assert_eq!(ask(list("*"))["decision"], "allowed");
        assert_eq!(ask(list("arn:aws:s3:::*"))["decision"], "implicitDeny");
    }
    // One that nobody knows may have resources.
    let new = ["s3:GetNewThing", "--unknown-action"];
    on(
        &answer_on(&list("arn:aws:s3:::*"), &new),
        &["arn:aws:s3:::*"],
        &[],
    );
}

#[test]
fn the_text_says_where() {
    let secret = "arn:aws:s3:::b/x/secret";
    let statements = json!([allow(&json!("arn:aws:s3:::b/x/*")), deny(&json!(secret))]);
    let text = asked(&statements, None, &["s3:GetObject", B]);
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains("? conditional: allowed only on some resources\n"),
        "{text}"
    );
    let expected = "\nOnly on\n  arn:aws:s3:::b/x/*\n\nbut not on\n  arn:aws:s3:::b/x/secret\n";
    assert!(text.contains(expected), "{text}");
    assert!(!text.contains("Only if"), "{text}");
    let all = json!([allow(&json!("*")), deny(&json!(secret))]);
    let text = String::from_utf8(asked(&all, None, &["s3:GetObject", B])).unwrap();
    assert!(
        text.contains("\nNot on\n  arn:aws:s3:::b/x/secret\n"),
        "{text}"
    );
    let condition = json!({"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}});
    let mixed = json!([
        with(allow(&json!("*")), condition),
        allow(&json!("arn:aws:s3:::b/x"))
    ]);
    let text = String::from_utf8(asked(&mixed, None, &["s3:GetObject", B])).unwrap();
    assert!(text.contains("\nOnly if\n  one of\n"), "{text}");
    assert!(
        text.contains("the resource is arn:aws:s3:::b/x\n"),
        "{text}"
    );
    assert!(!text.contains("Only on"), "{text}");
}

/// Two lists cannot say it: then the requirement does.
#[test]
fn an_exception_from_an_exception() {
    let (one, all) = ("arn:aws:s3:::b/x/1", "arn:aws:s3:::b/x/*");
    let others = json!({"Effect": "Allow", "Action": "s3:*", "NotResource": all});
    let answer = get(json!([allow(&json!(one)), others]), B);
    assert_eq!(answer["decision"], "conditional");
    assert_eq!(
        answer["resources"],
        json!({"allow": [one], "except": [all]})
    );
    let entry = |text| json!({"operator": "Resource", "key": "", "values": [text]});
    let ways = json!({"any": [entry(one), {"not": entry(all)}]});
    assert_eq!(answer["requires"], ways);
    let apart = json!([allow(&json!("arn:aws:s3:::b/y")), others]);
    on(&get(apart, B), &[B], &[all]);
}

/// A hundred patterns on either side take no time to speak of.
#[test]
fn many_patterns() {
    let list = |of: fn(usize) -> String| json!((0..100).map(of).collect::<Vec<_>>());
    let statements = json!([
        allow(&list(|at| format!("arn:aws:s3:::b/{at}/*"))),
        deny(&list(|at| format!("arn:aws:s3:::b/{at}/secret"))),
        deny(&list(|at| format!("arn:aws:s3:::b/{at}/*/hidden"))),
    ]);
    let start = std::time::Instant::now();
    let answer = get(statements, B);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    assert_eq!(answer["resources"]["allow"].as_array().unwrap().len(), 100);
    assert_eq!(answer["resources"]["except"].as_array().unwrap().len(), 200);
    assert_eq!(answer["requires"], Value::Null);
}
