//! What is done about statements that deny, read off the policies by hand.

use serde_json::{Value, json};

use super::by_hand::{OBJECT, account, allow, attached, document, remedy, told};
use crate::questions::account::{arn, managed, user, with};
use crate::questions::{file, path, run_with, stdout};

fn deny(action: &str, resource: &str, condition: Value) -> Value {
    let mut statement = json!({"Sid": "No", "Effect": "Deny", "Action": action,
        "Resource": resource});
    if !condition.is_null() {
        statement["Condition"] = condition;
    }
    statement
}

/// An account in which anna may do everything but what this says.
fn but(denies: Value) -> Value {
    let users = json!([user("anna", "/", json!([allow("*", "*"), denies]))]);
    account(users, json!([]), json!([]))
}

/// The same where bert has the denies as well.
fn shared(denies: Value) -> Value {
    let one = |name: &str| {
        with(
            user(name, "/", json!([allow("*", "*")])),
            attached(&["limits"]),
        )
    };
    account(
        json!([one("anna"), one("bert")]),
        json!([]),
        json!([managed("limits", json!([denies]))]),
    )
}

#[test]
fn a_deny_is_met_by_another_request() {
    let mfa = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
    let region = json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-north-1"]}});
    let office = json!({"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}});
    for (condition, given, key, example) in [
        (
            mfa,
            "aws:MultiFactorAuthPresent=false",
            "aws:MultiFactorAuthPresent",
            "true",
        ),
        (
            region,
            "aws:RequestedRegion=us-east-1",
            "aws:RequestedRegion",
            "eu-west-1",
        ),
        (
            office,
            "aws:SourceIp=192.0.2.1",
            "aws:SourceIp",
            "198.51.100.0",
        ),
    ] {
        for account in [
            but(deny("*", "*", condition.clone())),
            shared(deny("*", "*", condition)),
        ] {
            let args = ["anna", "s3:GetObject", OBJECT, "--context", given];
            let found = remedy(&account, &args);
            assert_eq!(found["decision"], "allowed");
            assert_eq!(found["steps"].as_array().unwrap().len(), 1);
            let step = &found["steps"][0];
            assert_eq!(
                (&step["step"], &step["met"]),
                (&json!("meet"), &json!(false))
            );
            assert_eq!(
                (&step["key"], &step["example"]),
                (&json!(key), &json!(example))
            );
        }
    }
}

#[test]
fn what_others_have_as_well_excepts_the_principal() {
    let account = shared(deny("s3:*", "*", Value::Null));
    let found = remedy(&account, &["anna", "s3:GetObject", OBJECT]);
    let step = &found["steps"][0];
    assert_eq!(step["step"], "narrowDeny");
    assert_eq!(
        (&step["statement"], &step["sid"]),
        (&json!(0), &json!("No"))
    );
    assert_eq!(
        (&step["operator"], &step["key"]),
        (&json!("ArnNotEquals"), &json!("aws:PrincipalArn"))
    );
    assert_eq!(
        (&step["add"], &step["others"]),
        (&json!(arn("user/anna")), &json!(1))
    );
    // Where there are exceptions already, it is one more of them.
    let excepts = json!({"ArnNotLike": {"aws:principalarn": arn("role/ops")}});
    let found = remedy(
        &shared(deny("s3:*", "*", excepts)),
        &["anna", "s3:GetObject", OBJECT],
    );
    let step = &found["steps"][0];
    assert_eq!(
        (&step["operator"], &step["key"]),
        (&json!("ArnNotLike"), &json!("aws:principalarn"))
    );
}

#[test]
fn what_nobody_else_has_excepts_the_resource_or_goes() {
    let step = |statement: Value| {
        remedy(&but(statement), &["anna", "s3:GetObject", OBJECT])["steps"][0].clone()
    };
    let all = step(deny("s3:*", "*", Value::Null));
    assert_eq!(
        (&all["element"], &all["add"]),
        (&json!("NotResource"), &json!(OBJECT))
    );
    let exact = step(deny("s3:getobject", OBJECT, Value::Null));
    assert_eq!(
        (&exact["step"], &exact["statement"]),
        (&json!("removeDeny"), &json!(1))
    );
    let mut list = deny("", "arn:aws:s3:::reports/*", Value::Null);
    list["Action"] = json!(["s3:PutObject", "s3:GetObject"]);
    let one = step(list);
    assert_eq!(
        (&one["element"], &one["remove"]),
        (&json!("Action"), &json!("s3:GetObject"))
    );
}

#[test]
fn policies_of_an_organisation_and_of_resources_except_the_principal() {
    let account = but(deny("sns:*", "*", Value::Null));
    let full = || json!({"name": "FullAWSAccess", "policy": document(json!(allow("*", "*")))});
    let locked = document(json!(deny("s3:*", "*", Value::Null)));
    let mut perimeter = deny("s3:*", "*", Value::Null);
    perimeter["Principal"] = json!("*");
    let perimeter = document(json!(perimeter));
    let organization = file(
        &json!({"levels": [{"name": "Root", "scps": [full(), {"name": "Locked", "policy": locked}],
            "rcps": [{"name": "Perimeter", "policy": perimeter}]}]})
        .to_string(),
    );
    let bucket = file(&perimeter.to_string());
    let args = [
        "anna",
        "s3:GetObject",
        OBJECT,
        "--organization",
        path(&organization),
        "--resource-policy",
        path(&bucket),
    ];
    let found = remedy(&account, &args);
    let steps = found["steps"].as_array().unwrap();
    let layers: Vec<_> = steps
        .iter()
        .map(|it| it["layer"].as_str().unwrap())
        .collect();
    assert_eq!(layers, ["resource", "scp", "rcp"]);
    for step in steps {
        assert_eq!(
            (&step["step"], &step["add"]),
            (&json!("narrowDeny"), &json!(arn("user/anna")))
        );
        assert!(step.get("others").is_none(), "nobody has these");
    }
    let text = told(&account, &args);
    assert!(
        text.contains(
            "  2. except arn:aws:iam::111122223333:user/anna from Locked, statement 1 (No)"
        ),
        "{text}"
    );
}

/// The trail of the demo account is denied to all but `breakglass` by its organisation, in a list of
/// exceptions that takes one more.
#[test]
fn the_trail_of_the_demo_takes_one_more_exception() {
    let output = run_with(&[
        "--demo",
        "can",
        "lena",
        "cloudtrail:StopLogging",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let step = &answer["remedy"]["steps"][0];
    assert_eq!(
        answer["remedy"]["steps"].as_array().unwrap().len(),
        1,
        "{answer}"
    );
    assert_eq!(
        (&step["step"], &step["layer"]),
        (&json!("narrowDeny"), &json!("scp"))
    );
    assert_eq!(step["add"], arn("user/lena"));
}

/// The payroll of the demo account is for the office: no policy is to be changed for that.
#[test]
fn the_payroll_of_the_demo_is_read_in_the_office() {
    let output = run_with(&[
        "--demo",
        "can",
        "carla",
        "s3:GetObject",
        "arn:aws:s3:::northwind-finance/payroll/2026-08.csv",
        "--context",
        "aws:SourceIp=192.0.2.1",
        "--context",
        "aws:SecureTransport=true",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let step = &answer["remedy"]["steps"][0];
    assert_eq!(
        (&step["step"], &step["key"]),
        (&json!("meet"), &json!("aws:SourceIp"))
    );
    assert_eq!(answer["remedy"]["decision"], "allowed");
}
