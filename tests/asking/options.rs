//! What the options of the questions do.

use std::fs::File;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{account, answer, asked, decisions, names, requires, row, run, via};
use crate::questions::{code, file, path, run_with, stderr, stdout};

const OBJECT: &str = "arn:aws:s3:::vault/x";

fn policy(statements: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

#[test]
fn chains_are_followed_unless_they_are_not_wanted() {
    let answer = asked(&["who-can", "s3:GetObject", OBJECT]);
    for (who, roles, decision) in [
        ("vault", &[][..], "allowed"),
        ("gate", &["vault"], "allowed"),
        ("rung", &["vault"], "allowed"),
        // There is a way round in a circle, and this is the shortest out of it.
        ("ring", &["rung", "vault"], "allowed"),
        ("robot", &["vault"], "allowed"),
        ("lambda.amazonaws.com", &["robot", "vault"], "allowed"),
        ("anna", &["gate", "vault"], "conditional"),
        ("corp", &["sso", "vault"], "conditional"),
        (
            "token.actions.githubusercontent.com",
            &["ci", "vault"],
            "conditional",
        ),
        ("arn:aws:iam::444455556666:root", &["twin"], "conditional"),
    ] {
        let row = row(&answer, who);
        assert_eq!(
            (&*via(row), row["decision"].as_str()),
            (
                &roles.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()[..],
                Some(decision)
            ),
            "{who}"
        );
    }
    let hop = |who: &str| row(&answer, who)["paths"][0]["hops"][0]["action"].clone();
    assert_eq!(hop("anna"), "sts:AssumeRole");
    assert_eq!(hop("corp"), "sts:AssumeRoleWithSAML");
    assert_eq!(
        hop("token.actions.githubusercontent.com"),
        "sts:AssumeRoleWithWebIdentity"
    );
    // MFA is for the first role, what the provider says for the first, too.
    let mfa = "aws:MultiFactorAuthPresent Bool true (0)";
    assert_eq!(requires(&row(&answer, "anna")["requires"]), mfa);
    assert_eq!(
        requires(&row(&answer, "corp")["requires"]),
        "SAML:aud StringEquals https://signin.aws.amazon.com/saml (0)"
    );
    // Its boundary does not let it go on.
    assert!(!names(&answer).contains(&"fenced".to_owned()));
    assert_eq!(row(&answer, "alice")["paths"][0]["groups"], json!(["devs"]));

    let direct = asked(&["who-can", "s3:GetObject", OBJECT, "--no-chains"]);
    let rows = direct["principals"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["via"] == json!([])));
    for who in ["gate", "ring", "anna", "corp", "lambda.amazonaws.com"] {
        assert!(!names(&direct).contains(&who.to_owned()), "{who}");
    }
    assert!(names(&direct).contains(&"vault".to_owned()));
}

#[test]
fn what_is_known_of_the_request_decides_what_is_open() {
    let of = |more: &[&str]| {
        decisions(&asked(
            &[&["who-can", "s3:GetObject", OBJECT, "--all"], more].concat(),
        ))
    };
    assert_eq!(of(&[])["anna"], "conditional");
    assert_eq!(
        of(&["--context", "aws:MultiFactorAuthPresent=true"])["anna"],
        "allowed"
    );
    assert_eq!(
        of(&["--context", "aws:MultiFactorAuthPresent=false"])["anna"],
        "implicitDeny"
    );
    assert_eq!(of(&["--strict"])["anna"], "implicitDeny");
    assert!(
        asked(&["who-can", "s3:GetObject", OBJECT, "--strict"])["strict"]
            .as_bool()
            .unwrap()
    );
    let sns = |more: &[&str]| {
        let args = ["what-can", "alice", "--service", "sns", "--no-chains"];
        asked(&[&args, more].concat())["counts"].clone()
    };
    let number = |counts: &Value, of: &str| counts[of].as_u64().unwrap();
    // What `ReadOnlyAccess` has of it hangs on no address.
    let (open, strict) = (sns(&[]), sns(&["--strict"]));
    let (read, rest) = (number(&open, "allowed"), number(&open, "conditional"));
    assert!(read > 10 && rest > 10, "{open}");
    assert_eq!(
        (number(&strict, "allowed"), number(&strict, "conditional")),
        (read, 0)
    );
    let inside = sns(&["--context", "aws:SourceIp=10.1.2.3"]);
    let inside = (number(&inside, "allowed"), number(&inside, "conditional"));
    assert_eq!(inside, (read + rest, 0));
    let outside = sns(&["--context", "aws:SourceIp=192.0.2.1"]);
    assert_eq!(outside, strict);
}

#[test]
fn the_time_is_that_of_the_request() {
    let of = |now: &str| {
        let args = [
            "who-can",
            "ec2:StopInstances",
            "--all",
            "--no-chains",
            "--now",
            now,
        ];
        decisions(&asked(&args))["alice"].clone()
    };
    assert_eq!(of("2025-12-31"), "allowed");
    assert_eq!(of("2026-01-02T00:00:00Z"), "implicitDeny");
    let can = |now: &str| {
        let args = [
            "what-can",
            "alice",
            "--service",
            "ec2",
            "--level",
            "write",
            "--now",
            now,
        ];
        let answer = asked(&args);
        let mut actions = answer["actions"].as_array().unwrap().iter();
        actions.any(|it| it["action"] == "ec2:StopInstances")
    };
    assert!(can("2025-12-31") && !can("2026-01-02"));
}

#[test]
fn a_resource_may_bring_its_policy_and_its_account() {
    let statements = json!([
        {"Effect": "Allow", "Principal": {"AWS": ["444455556666", "arn:aws:iam::111122223333:user/anna"]},
            "Action": "s3:GetObject", "Resource": "arn:aws:s3:::vault/*"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/twin"}}}
    ]);
    let file = file(&policy(&statements));
    let of = |more: &[&str]| {
        let args = [
            "who-can",
            "s3:GetObject",
            OBJECT,
            "--all",
            "--no-chains",
            "--resource-policy",
            path(&file),
        ];
        asked(&[&args, more].concat())
    };
    let own = of(&[]);
    let found = decisions(&own);
    assert_eq!(found["anna"], "allowed");
    assert_eq!(found["arn:aws:iam::444455556666:root"], "conditional");
    let twins = own["principals"].as_array().unwrap().iter();
    let twins: Vec<_> = twins
        .filter(|row| row["arn"].as_str().unwrap().ends_with("/twin"))
        .collect();
    assert_eq!(twins.len(), 2);
    for twin in twins {
        let expected = if twin["type"] == "user" {
            "explicitDeny"
        } else {
            "allowed"
        };
        assert_eq!(twin["decision"], expected);
    }
    // In another account the policy must name one as well.
    let foreign = decisions(&of(&["--resource-account", "999988887777"]));
    assert_eq!(foreign["vault"], "implicitDeny");
    assert_eq!(foreign["root"], "implicitDeny");
    let bucket = path(&file);
    let place = &row(&own, "anna")["paths"][0]["because"][0];
    assert_eq!(
        (&place["layer"], &place["policy"]),
        (&json!("resource"), &json!(bucket))
    );
}

#[test]
fn a_session_may_have_less() {
    let less = file(&policy(
        &json!([{"Effect": "Allow", "Action": "s3:Put*", "Resource": "*"}]),
    ));
    let args = [
        "who-can",
        "s3:GetObject,s3:PutObject",
        OBJECT,
        "--all",
        "--no-chains",
    ];
    let answer = asked(&[&args[..], &["--session-policy", path(&less)]].concat());
    let results = answer["results"].as_array().unwrap();
    assert_eq!(decisions(&results[0])["bob"], "implicitDeny");
    assert_eq!(decisions(&results[1])["bob"], "allowed");
    let answer = asked(&[
        "what-can",
        "bob",
        "--no-chains",
        "--session-policy",
        path(&less),
    ]);
    let actions = answer["actions"].as_array().unwrap();
    assert!(!actions.is_empty());
    assert!(
        actions
            .iter()
            .all(|it| it["action"].as_str().unwrap().starts_with("s3:Put"))
    );
}

#[test]
fn an_organisation_binds_all_but_service_linked_roles() {
    let organization = file(
        &json!({"id": "o-1", "management_account": "999988887777", "levels": [
        {"name": "Root", "scps": [{"name": "no-reading", "policy": {"Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}]}}]}]})
        .to_string(),
    );
    let args = [
        "who-can",
        "s3:GetObject",
        OBJECT,
        "--organization",
        path(&organization),
    ];
    let answer = asked(&args);
    assert_eq!(
        names(&answer),
        ["AWSServiceRoleForEC2", "ec2.amazonaws.com"]
    );
    let all = decisions(&asked(&[&args[..], &["--all"]].concat()));
    assert_eq!(all["root"], "explicitDeny");
    assert_eq!(all["gate"], "explicitDeny");
    assert!(!answer["assumptions"].to_string().contains("organisation"));
}

#[test]
fn the_reasons_are_those_of_can() {
    let answer = asked(&["who-can", "s3:GetObject", OBJECT, "--explain"]);
    let anna = &row(&answer, "anna")["paths"][0];
    let can = |who: &str, action: &str, resource: &str| -> Value {
        let output = run(&["can", who, action, resource, "--format", "json"]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let gate = "arn:aws:iam::111122223333:role/gate";
    let first = can("anna", "sts:AssumeRole", gate);
    assert_eq!(anna["hops"][0]["reasons"], first["reasons"]);
    assert_eq!(
        anna["reasons"],
        can("vault", "s3:GetObject", OBJECT)["reasons"]
    );
    let brief = asked(&["who-can", "s3:GetObject", OBJECT]);
    let brief = &row(&brief, "anna")["paths"][0];
    assert!(brief.get("reasons").is_none() && brief["hops"][0].get("reasons").is_none());
    assert_eq!(brief["because"], anna["because"]);
    let text = stdout(&run(&["who-can", "s3:GetObject", OBJECT, "--explain"]));
    for part in [
        "  sts:AssumeRole on arn:aws:iam::111122223333:role/gate\n    by arn:aws:iam::111122223333:user/anna\n",
        "trust policy: allows",
        "  s3:GetObject by arn:aws:iam::111122223333:role/vault\n",
        "own policies: allows",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn what_can_follows_chains_and_leaves_them() {
    let answer = asked(&["what-can", "anna"]);
    let roles = answer["roles"].as_array().unwrap();
    let roles: Vec<_> = roles.iter().map(via).collect();
    let expected: [&[&str]; 4] = [
        &["gate"],
        &["gate", "vault"],
        &["gate", "vault", "ring"],
        &["gate", "vault", "ring", "rung"],
    ];
    assert_eq!(roles, expected);
    let none = asked(&["what-can", "anna", "--no-chains"]);
    assert_eq!(none["roles"], json!([]));
    // Which roles can be assumed is left out, too; the only one is behind a gate.
    let [assume] = &answer["actions"].as_array().unwrap()[..] else {
        panic!("{}", answer["actions"]);
    };
    assert_eq!(assume["action"], "sts:AssumeRole");
    let gate = "arn:aws:iam::111122223333:role/gate";
    assert_eq!(assume["resources"]["allow"], json!([gate]));
    assert_eq!(none["actions"], json!([]));
    // Once round, and not for ever.
    let ring = asked(&["what-can", "ring"]);
    let roles: Vec<_> = ring["roles"].as_array().unwrap().iter().map(via).collect();
    assert!(
        roles.contains(&vec!["rung".to_owned(), "vault".to_owned()]),
        "{roles:?}"
    );
    let fenced = asked(&["what-can", "fenced"]);
    assert_eq!(fenced["roles"], json!([]));
}

#[test]
fn what_can_is_narrowed_by_service_and_level() {
    let all = asked(&["what-can", "bob", "--no-chains"]);
    let part = asked(&[
        "what-can",
        "bob",
        "--no-chains",
        "--service",
        "S3",
        "--level",
        "permissions",
    ]);
    let expected: Vec<_> = all["actions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["service"] == "s3" && it["level"] == "Permissions management")
        .cloned()
        .collect();
    assert!(expected.len() > 5);
    assert_eq!(part["actions"], json!(expected));
}

#[test]
fn an_account_may_come_through_a_pipe() {
    for command in [
        &["who-can", "s3:GetObject", OBJECT][..],
        &["what-can", "anna"],
    ] {
        let snapshot = file(&account::json());
        let output = Command::new(env!("CARGO_BIN_EXE_iamscope"))
            .args(command)
            .args(["--snapshot", "-", "--format", "json"])
            .stdin(Stdio::from(File::open(snapshot.path()).unwrap()))
            .output()
            .unwrap();
        let now = |mut value: Value| {
            value["assumptions"].take();
            value
        };
        assert_eq!(now(answer(&output)), now(asked(command)));
    }
}

#[test]
fn nobody_is_an_answer() {
    let output = run(&[
        "who-can",
        "s3:CreateBucket",
        "--strict",
        "--no-chains",
        "--session-policy",
        path(&file(&policy(&json!([])))),
    ]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("\nnobody\n"), "{text}");
    let answer = asked(&[
        "who-can",
        "s3:GetObject",
        "arn:aws:s3:::x/y",
        "--resource-account",
        "999988887777",
        "--resource-policy",
        path(&file(&policy(&json!([])))),
    ]);
    assert_eq!(names(&answer), [""; 0]);
    assert_eq!(answer["counts"]["allowed"], 0);
}

#[test]
fn an_empty_account_has_nobody_to_ask() {
    let empty = json!({"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [],
        "Policies": []});
    let empty = file(&empty.to_string());
    let args = [
        "who-can",
        "s3:GetObject",
        "--all",
        "--snapshot",
        path(&empty),
    ];
    let output = run_with(&[&args[..], &["--format", "json"]].concat());
    let answer = answer(&output);
    let none = json!({"allowed": 0, "conditional": 0, "explicitDeny": 0, "implicitDeny": 0});
    assert_eq!(
        answer["counts"], none,
        "whose root user that would be is not known"
    );
    let text = stdout(&run_with(&args));
    assert!(text.contains("\n0 principals, 1 action in "), "{text}");
}
