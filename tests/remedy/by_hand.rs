//! What is missing in each layer, read off the policies by hand.

use serde_json::{Value, json};

use crate::questions::account::{arn, managed, role, user, with};
use crate::questions::{file, path, run_with, stdout};

pub const OBJECT: &str = "arn:aws:s3:::reports/2026.csv";

pub fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

pub fn document(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Attached and as a boundary.
pub fn attached(names: &[&str]) -> Value {
    let one =
        |name: &&str| json!({"PolicyName": name, "PolicyArn": arn(&format!("policy/{name}"))});
    json!({"AttachedManagedPolicies": names.iter().map(one).collect::<Vec<_>>()})
}

pub fn bounded(name: &str) -> Value {
    let arn = arn(&format!("policy/{name}"));
    json!({"PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": arn}})
}

/// An account of these users, roles and policies.
pub fn account(users: Value, roles: Value, policies: Value) -> Value {
    json!({"UserDetailList": users, "GroupDetailList": [], "RoleDetailList": roles,
        "Policies": policies})
}

/// What `can` says.
#[track_caller]
pub fn ask(account: &Value, args: &[&str]) -> Value {
    let snapshot = file(&account.to_string());
    let more = ["can", "--snapshot", path(&snapshot), "--format", "json"];
    let output = run_with(&[&more[..], args].concat());
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// What `can` tells would allow it.
#[track_caller]
pub fn remedy(account: &Value, args: &[&str]) -> Value {
    ask(account, args)["remedy"].clone()
}

/// What it prints for people.
#[track_caller]
pub fn told(account: &Value, args: &[&str]) -> String {
    let snapshot = file(&account.to_string());
    let output = run_with(&[&["can", "--snapshot", path(&snapshot)][..], args].concat());
    let text = stdout(&output);
    let (_, remedy) = text.split_once("\n\nThe smallest").unwrap();
    let remedy = remedy.split("\n\nTaken for granted").next().unwrap();
    format!("The smallest{remedy}")
}

#[test]
fn where_nothing_is_near_a_statement_is_added_to_a_policy_of_ones_own() {
    let account = account(
        json!([
            with(
                user("anna", "/", json!([allow("sns:Publish", "*")])),
                attached(&["shared"])
            ),
            with(
                with(user("bert", "/", json!([])), json!({"UserPolicyList": []})),
                attached(&["shared"])
            )
        ]),
        json!([]),
        json!([managed("shared", json!([allow("sqs:SendMessage", "*")]))]),
    );
    let statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECT});
    let anna = remedy(&account, &["anna", "s3:GetObject", OBJECT]);
    let name = format!("{} own", arn("user/anna"));
    assert_eq!(
        anna,
        json!({"decision": "allowed", "requires": null, "steps": [{"step": "add",
            "layer": "identity", "policy": name, "others": 0, "statement": null, "sid": null,
            "add": statement}]})
    );
    // What bert has, anna has, too: he gets a policy of his own.
    let bert = &remedy(&account, &["bert", "s3:GetObject", OBJECT])["steps"][0];
    assert_eq!(bert["policy"], arn("user/bert"));
    assert_eq!(bert["new"], true);
    assert_eq!(bert["add"], statement);
    assert_eq!(
        told(
            &account,
            &["bert", "s3:GetObject", "arn:aws:s3:::reports/*"]
        ),
        "The smallest change that would allow it\n  \
         add a statement to a new inline policy of user bert\n    \
         {\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::reports/*\"}\n  \
         It is then allowed."
    );
}

#[test]
fn a_condition_that_is_not_met_is_to_be_met() {
    let mut statement = allow("s3:GetObject", "arn:aws:s3:::reports/*");
    statement["Condition"] = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let account = account(
        json!([user("anna", "/", json!([statement]))]),
        json!([]),
        json!([]),
    );
    let args = ["anna", "s3:GetObject", OBJECT, "--strict"];
    let found = remedy(&account, &args);
    let steps = found["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1);
    let step = &steps[0];
    assert_eq!(
        (&step["step"], &step["met"]),
        (&json!("meet"), &json!(true))
    );
    assert_eq!(step["key"], "aws:MultiFactorAuthPresent");
    assert_eq!(step["example"], "true");
    let text = told(&account, &args);
    assert!(text.contains("change no policy, but ask where"), "{text}");
    // With it, it is as told.
    let with = [&args[..], &["--context", "aws:MultiFactorAuthPresent=true"]].concat();
    assert_eq!(ask(&account, &with)["decision"], "allowed");
    assert_eq!(ask(&account, &with)["remedy"], Value::Null);
}

/// Nobody can choose who he is, what the time is, or what tags a resource has.
#[test]
fn a_condition_that_is_not_up_to_the_caller_is_no_remedy() {
    for (operator, key, value) in [
        ("StringEquals", "aws:PrincipalTag/team", "red"),
        ("DateLessThan", "aws:CurrentTime", "2020-01-01"),
        ("StringEquals", "aws:ResourceAccount", "444455556666"),
    ] {
        let mut statement = allow("s3:GetObject", "arn:aws:s3:::reports/*");
        statement["Condition"] = json!({operator: {key: value}});
        let account = account(
            json!([user("anna", "/", json!([statement]))]),
            json!([]),
            json!([]),
        );
        let found = remedy(&account, &["anna", "s3:GetObject", OBJECT, "--strict"]);
        assert_eq!(found["steps"][0]["step"], "add", "{key}");
    }
}

/// A statement is widened only where it is about nothing but what was asked: else what it is about
/// besides would be allowed on one resource more.
#[test]
fn an_exact_statement_gets_one_more_resource_and_a_wide_one_stays() {
    let with_action = |action: Value| {
        let mut statement = allow("", "arn:aws:s3:::elsewhere/*");
        statement["Action"] = action;
        account(
            json!([user("anna", "/", json!([statement]))]),
            json!([]),
            json!([]),
        )
    };
    let exact = remedy(
        &with_action(json!(["s3:GetObject"])),
        &["anna", "s3:GetObject", OBJECT],
    );
    let step = &exact["steps"][0];
    assert_eq!(
        (&step["step"], &step["element"]),
        (&json!("widen"), &json!("Resource"))
    );
    assert_eq!(
        (&step["statement"], &step["add"]),
        (&json!(0), &json!(OBJECT))
    );
    for wide in [json!("s3:Get*"), json!(["s3:GetObject", "s3:PutObject"])] {
        let found = remedy(&with_action(wide), &["anna", "s3:GetObject", OBJECT]);
        assert_eq!(found["steps"][0]["step"], "add");
    }
    let one = account(
        json!([user("anna", "/", json!([allow("s3:PutObject", OBJECT)]))]),
        json!([]),
        json!([]),
    );
    let step = &remedy(&one, &["anna", "s3:GetObject", OBJECT])["steps"][0];
    assert_eq!(
        (&step["element"], &step["add"]),
        (&json!("Action"), &json!("s3:GetObject"))
    );
}

#[test]
fn a_boundary_is_edited_and_who_else_has_it_is_told() {
    let bounded_user =
        |name: &str| with(user(name, "/", json!([allow("*", "*")])), bounded("limits"));
    let account = account(
        json!([
            bounded_user("anna"),
            bounded_user("bert"),
            bounded_user("carl")
        ]),
        json!([]),
        json!([managed("limits", json!([allow("sns:*", "*")]))]),
    );
    let found = remedy(&account, &["anna", "s3:GetObject", OBJECT]);
    let step = &found["steps"][0];
    assert_eq!(found["steps"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&step["layer"], &step["policy"]),
        (&json!("boundary"), &json!(arn("policy/limits")))
    );
    assert_eq!(step["others"], 2);
    let text = told(&account, &["anna", "s3:GetObject", OBJECT]);
    assert!(
        text.contains("2 other users and roles have this policy, too"),
        "{text}"
    );
}

#[test]
fn aws_policies_are_never_edited() {
    let powers = json!({"PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/AmazonSQSFullAccess"}});
    let users = json!([with(user("anna", "/", json!([allow("*", "*")])), powers)]);
    let account = account(users, json!([]), json!([]));
    let found = remedy(&account, &["anna", "iam:GetUser", &arn("user/anna")]);
    let none = found["none"].as_str().unwrap();
    assert!(none.contains("AmazonSQSFullAccess"), "{none}");
}

/// Every layer that lacks an allow gets one, the level of the organisation included.
#[test]
fn several_layers_take_several_steps() {
    let account = account(
        json!([with(user("anna", "/", json!([])), bounded("limits"))]),
        json!([]),
        json!([managed("limits", json!([allow("sns:*", "*")]))]),
    );
    let full = document(json!(allow("*", "*")));
    let organization = file(
        &json!({"id": "o-1", "management_account": "999988887777", "levels": [
            {"name": "Root", "scps": [{"name": "FullAWSAccess", "policy": full}]},
            {"name": "Sandbox", "scps": [{"name": "Few",
                "policy": document(json!(allow("sns:*", "*")))}]},
            {"name": "111122223333", "scps": []}
        ]})
        .to_string(),
    );
    let args = [
        "anna",
        "s3:GetObject",
        OBJECT,
        "--organization",
        path(&organization),
    ];
    let found = remedy(&account, &args);
    let steps: Vec<_> = found["steps"].as_array().unwrap().iter().collect();
    let layers: Vec<_> = steps
        .iter()
        .map(|it| (&it["layer"], &it["policy"]))
        .collect();
    assert_eq!(
        layers,
        [
            (
                &json!("identity"),
                &json!(format!("{} own", arn("user/anna")))
            ),
            (&json!("boundary"), &json!(arn("policy/limits"))),
            (&json!("scp"), &json!("Few")),
            (&json!("scp"), &json!("")),
        ]
    );
    assert_eq!(
        (&steps[3]["new"], &steps[3]["level"]),
        (&json!(true), &json!(2))
    );
    // The bucket's policy alone passes by user and boundary, though not by the organisation.
    let other = found["alternative"]["steps"].as_array().unwrap();
    let layers: Vec<_> = other.iter().map(|it| &it["layer"]).collect();
    assert_eq!(layers, ["resource", "scp", "scp"]);
    assert_eq!(other[0]["policy"], "arn:aws:s3:::reports");
    assert_eq!(
        other[0]["add"]["Principal"],
        json!({"AWS": arn("user/anna")})
    );
}

#[test]
fn a_role_is_assumed_by_whom_its_trust_policy_names() {
    let trusts = |principal: Value| json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}]);
    let roles = json!([
        role(
            "ops",
            "/",
            trusts(json!({"AWS": arn("user/bert")})),
            json!([])
        ),
        role("app", "/", trusts(json!({"AWS": arn("root")})), json!([]))
    ]);
    let account = account(json!([user("anna", "/", json!([]))]), roles, json!([]));
    // Within one account, a trust policy that names the user is enough.
    let found = remedy(&account, &["anna", "sts:AssumeRole", &arn("role/ops")]);
    assert_eq!(found["steps"].as_array().unwrap().len(), 1);
    let step = &found["steps"][0];
    assert_eq!(
        (&step["layer"], &step["element"]),
        (&json!("resource"), &json!("Principal"))
    );
    assert_eq!(
        (&step["kind"], &step["add"]),
        (&json!("AWS"), &json!(arn("user/anna")))
    );
    // One that leaves it to the account needs a policy of the user's.
    let found = remedy(&account, &["anna", "sts:AssumeRole", &arn("role/app")]);
    let step = &found["steps"][0];
    assert_eq!(
        (&step["layer"], &step["step"]),
        (&json!("identity"), &json!("add"))
    );
    // Another account's user needs both; what its own policies say is not known.
    let theirs = "arn:aws:iam::444455556666:user/zoe";
    let found = remedy(&account, &[theirs, "sts:AssumeRole", &arn("role/ops")]);
    assert_eq!(found["steps"][0]["add"], theirs);
    assert_eq!(found["decision"], "conditional");
    let lambda = remedy(
        &account,
        &["lambda.amazonaws.com", "sts:AssumeRole", &arn("role/ops")],
    );
    assert_eq!(lambda["steps"][0]["kind"], "Service");
    let root = remedy(&account, &["root", "sts:AssumeRole", &arn("role/ops")]);
    assert_eq!(root["none"], "the root user can assume no role");
    let all = remedy(
        &account,
        &["lambda.amazonaws.com", "sts:AssumeRole", &arn("role/*")],
    );
    assert!(all["none"].as_str().unwrap().contains("ask about one"));
}

#[test]
fn the_policies_of_a_service_linked_role_stay_as_they_are() {
    let trust = json!([{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "ec2.amazonaws.com"}}]);
    let path = "/aws-service-role/ec2.amazonaws.com/";
    let name = "AWSServiceRoleForEC2";
    let roles = json!([role(name, path, trust, json!([]))]);
    let account = account(json!([user("anna", "/", json!([]))]), roles, json!([]));
    let found = remedy(&account, &[name, "iam:GetUser", &arn("user/anna")]);
    assert!(
        found["none"].as_str().unwrap().contains("service-linked"),
        "{found}"
    );
    let linked = arn(&format!("role{path}{name}"));
    let found = remedy(&account, &["anna", "sts:AssumeRole", &linked]);
    assert!(
        found["none"].as_str().unwrap().contains("service-linked"),
        "{found}"
    );
}

#[test]
fn from_another_account_the_resource_must_let_in() {
    let account = account(json!([user("anna", "/", json!([]))]), json!([]), json!([]));
    let theirs = "arn:aws:iam::444455556666:role/ci";
    let found = remedy(&account, &[theirs, "s3:GetObject", OBJECT]);
    let step = &found["steps"][0];
    assert_eq!(
        (&step["policy"], &step["new"]),
        (&json!("arn:aws:s3:::reports"), &json!(true))
    );
    let statement = json!({"Effect": "Allow", "Principal": {"AWS": theirs},
        "Action": "s3:GetObject", "Resource": OBJECT});
    assert_eq!(step["add"], statement);
    // Machines have no policies of their own.
    let machine = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1";
    let found = remedy(&account, &[theirs, "ec2:StopInstances", machine]);
    assert_eq!(
        found["none"],
        format!("{machine} has no policy that could grant it")
    );
}
