//! An account that brings its organisation and the policies of its resources.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::places::check_places;
use super::{account, assumptions, code, file, path, run_with, stderr, stdout};

const ID: &str = "111122223333";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:jobs";

fn policy(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn all(effect: &str, action: &str) -> Value {
    json!([{"Effect": effect, "Action": action, "Resource": "*"}])
}

/// An organisation whose root has these SCPs and RCPs.
fn organization(scps: Value, rcps: Value) -> Value {
    json!({"id": "o-1", "management_account": "999988887777", "levels": [
        {"name": "Root", "scps": scps, "rcps": rcps},
        {"name": ID, "scps": [{"name": "FullAWSAccess", "policy": policy(all("Allow", "*"))}]}
    ]})
}

fn scps(statements: Value) -> Value {
    json!([{"name": "limits of all", "policy": policy(statements)}])
}

/// The account of these tests with this in its key `Iamscope`.
fn carrying(organization: Option<Value>, resources: Option<Value>) -> NamedTempFile {
    let mut account: Value = serde_json::from_str(&account::json()).unwrap();
    account["Iamscope"] = json!({"Format": 1, "AccountId": ID});
    if let Some(organization) = organization {
        account["Iamscope"]["Organization"] = organization;
    }
    if let Some(resources) = resources {
        account["Iamscope"]["ResourcePolicies"] = resources;
    }
    file(&account.to_string())
}

#[track_caller]
fn ask(account: &NamedTempFile, args: &[&str]) -> Value {
    let more = ["--format", "json", "--snapshot", path(account)];
    let output = run_with(&[&["can"], args, &more[..]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)))
}

#[track_caller]
fn decision(account: &NamedTempFile, args: &[&str]) -> String {
    let answer = ask(account, args);
    answer["decision"].as_str().unwrap().to_owned()
}

/// The policies behind the resource's say in an answer.
fn of_resource(answer: &Value) -> Vec<&str> {
    let layers = answer["reasons"].as_array().unwrap();
    let layers = layers.iter().filter(|it| it["layer"] == "resource");
    let lists = layers.flat_map(|it| [&it["because"], &it["may_deny"]]);
    let places = lists.filter_map(Value::as_array).flatten();
    places.map(|it| it["policy"].as_str().unwrap()).collect()
}

#[test]
fn its_organisation_binds_it() {
    let account = carrying(
        Some(organization(scps(all("Allow", "ec2:*")), json!([]))),
        None,
    );
    let answer = ask(
        &account,
        &["twin-is-two", "s3:GetObject", "*"].map(user_twin),
    );
    assert_eq!(answer["decision"], "implicitDeny");
    assert!(!assumptions(&answer).contains("organisation"), "{answer}");
    let start = [
        "alice",
        "ec2:StartInstances",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
    ];
    assert_eq!(decision(&account, &start), "allowed", "its id is known");
    let none = carrying(None, None);
    assert_eq!(decision(&none, &start), "conditional");
    assert!(assumptions(&ask(&none, &start)).contains("no policy of an organisation binds"));
}

/// A user and a role are called twin.
fn user_twin(text: &str) -> &str {
    match text {
        "twin-is-two" => "arn:aws:iam::111122223333:user/twin",
        other => other,
    }
}

#[test]
fn the_files_of_the_command_line_win() {
    let closed = organization(scps(all("Allow", "ec2:*")), json!([]));
    let nobody = policy(json!([{"Effect": "Deny", "Principal": "*", "Action": "s3:*"}]));
    let account = carrying(Some(closed), Some(json!({"arn:aws:s3:::b": nobody})));
    let open = file(&organization(scps(all("Allow", "*")), json!([])).to_string());
    let anyone = json!([{"Effect": "Allow", "Principal": "*", "Action": "s3:*"}]);
    let anyone = file(&policy(anyone).to_string());
    let args = ["bob", "s3:GetObject", "arn:aws:s3:::b/k"];
    let with = |more: &[&str]| decision(&account, &[&args[..], more].concat());
    assert_eq!(with(&[]), "explicitDeny");
    assert_eq!(with(&["--organization", path(&open)]), "explicitDeny");
    assert_eq!(with(&["--resource-policy", path(&anyone)]), "implicitDeny");
    let both = [
        "--organization",
        path(&open),
        "--resource-policy",
        path(&anyone),
    ];
    assert_eq!(with(&both), "allowed");
}

#[test]
fn an_object_has_the_policy_of_its_bucket() {
    let named = |sid: &str| {
        policy(
            json!([{"Sid": sid, "Effect": "Allow", "Principal": {"AWS": "AROAPLAINXXXXXXXXXXXX"},
            "Action": ["s3:GetObjectAcl", "s3:GetBucketAcl"]}]),
        )
    };
    let account = carrying(
        None,
        Some(json!({
            "arn:aws:s3:::b": named("Bucket"),
            "arn:aws:s3:::b/own": named("Own"),
            "arn:aws:s3:eu-west-1:111122223333:accesspoint": named("Point"),
        })),
    );
    let asked = |action: &str, resource: &str| ask(&account, &["plain", action, resource]);
    for (action, resource, of) in [
        ("s3:GetBucketAcl", "arn:aws:s3:::b", "arn:aws:s3:::b"),
        ("s3:GetObjectAcl", "arn:aws:s3:::b/k", "arn:aws:s3:::b"),
        ("s3:GetObjectAcl", "arn:aws:s3:::b/k/l", "arn:aws:s3:::b"),
        (
            "s3:GetObjectAcl",
            "arn:aws:s3:::b/own",
            "arn:aws:s3:::b/own",
        ),
    ] {
        let answer = asked(action, resource);
        assert_eq!(answer["decision"], "allowed", "{resource}: {answer}");
        let found = of_resource(&answer);
        assert!(
            !found.is_empty() && found.iter().all(|it| *it == of),
            "{found:?}"
        );
        assert!(!assumptions(&answer).contains("no policy of its own"));
    }
    for other in [
        "arn:aws:s3:::bb/k",
        "arn:aws:s3:::a",
        "arn:aws:s3:eu-west-1:111122223333:accesspoint/p/object/k",
    ] {
        let answer = asked("s3:GetObjectAcl", other);
        assert_eq!(answer["decision"], "implicitDeny", "{other}");
        assert!(
            assumptions(&answer).contains("no policy of its own"),
            "{other}"
        );
    }
}

#[test]
fn a_key_policy_stands_instead_of_the_default() {
    let own = policy(
        json!([{"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ID}:user/twin")},
        "Action": "kms:Decrypt", "Resource": "*"}]),
    );
    let account = carrying(None, Some(json!({ KEY: own })));
    let answer = ask(&account, &["alice", "kms:Decrypt", KEY]);
    assert_eq!(answer["decision"], "implicitDeny");
    assert!(!assumptions(&answer).contains("default key policy"));
    let twin = ["twin-is-two", "kms:Decrypt", KEY].map(user_twin);
    assert_eq!(decision(&account, &twin), "allowed", "named by the key");
    let other = format!("{KEY}2");
    let answer = ask(&account, &["alice", "kms:Decrypt", &other]);
    assert_eq!(answer["decision"], "allowed");
    assert!(assumptions(&answer).contains("default key policy"));
}

#[test]
fn the_policy_of_another_accounts_resource_may_be_known_too() {
    let theirs = "arn:aws:lambda:eu-west-1:444455556666:function:f";
    let grants = policy(json!([{"Effect": "Allow", "Principal": {"AWS": ID},
        "Action": "lambda:InvokeFunction"}]));
    let args = ["alice", "lambda:InvokeFunction", theirs];
    assert_eq!(decision(&carrying(None, None), &args), "conditional");
    let account = carrying(None, Some(json!({ theirs: grants })));
    assert_eq!(decision(&account, &args), "allowed");
}

#[test]
fn a_perimeter_spares_services_and_nobody_from_outside() {
    let perimeter = json!([{"name": "perimeter", "policy": policy(json!([{"Effect": "Deny",
        "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}]))}]);
    let open = policy(json!([{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage"}]));
    let account = carrying(
        Some(organization(scps(all("Allow", "*")), perimeter)),
        Some(json!({ QUEUE: open })),
    );
    let send = |who: &str| decision(&account, &[who, "sqs:SendMessage", QUEUE]);
    assert_eq!(send("sns.amazonaws.com"), "allowed");
    assert_eq!(send("plain"), "allowed");
    assert_eq!(send("*"), "explicitDeny");
    assert_eq!(send("arn:aws:iam::444455556666:root"), "conditional");
}

#[test]
fn what_stands_for_several_resources_asks_none_of_their_policies() {
    let grants = policy(json!([{"Effect": "Allow", "Principal": "*", "Action": "*"}]));
    let mut resources = json!({ QUEUE: grants.clone() });
    for bucket in ["a", "b1", "b2", "b3", "b4"] {
        resources[format!("arn:aws:s3:::{bucket}")] = grants.clone();
    }
    let account = carrying(None, Some(resources));
    let told = |action: &str, resource: &str| {
        let answer = ask(&account, &["alice", action, resource]);
        let all = assumptions(&answer);
        let found = all.lines().find(|line| line.contains("not asked"));
        found.unwrap_or_default().to_owned()
    };
    let many = told("s3:GetObject", "arn:aws:s3:::b*");
    assert_eq!(
        many,
        "arn:aws:s3:::b* is no single resource: the policies of arn:aws:s3:::b1, \
         arn:aws:s3:::b2, arn:aws:s3:::b3 and 1 more are not asked"
    );
    let queue = told("sqs:SendMessage", "*");
    assert!(
        queue.ends_with(&format!("the policies of {QUEUE} are not asked")),
        "{queue}"
    );
    for (action, resource) in [
        ("s3:GetObject", "arn:aws:s3:::a/*"),
        ("s3:GetObject", "arn:aws:s3:::c*"),
        ("s3:ListAllMyBuckets", "*"),
        ("kms:Decrypt", "*"),
    ] {
        assert_eq!(told(action, resource), "", "{action} on {resource}");
    }
}

#[test]
fn document_prints_what_an_answer_names() {
    let bucket = policy(json!([
        {"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ID}:user/twin")}, "Action": "s3:*"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    ]));
    let rcps = json!([{"name": "perimeter", "policy": policy(json!([{"Effect": "Deny",
        "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*",
        "Condition": {"Null": {"aws:SourceIp": "true"}}}]))}]);
    let account = carrying(
        Some(organization(scps(all("Allow", "*")), rcps)),
        // A text that an object would not keep.
        Some(json!({"arn:aws:s3:::b": format!(" {bucket:#}\n")})),
    );
    let answer = ask(
        &account,
        &["twin-is-two", "s3:DeleteObject", "arn:aws:s3:::b/k"].map(user_twin),
    );
    let run = |args: &[&str]| run_with(&[args, &["--snapshot", path(&account)]].concat());
    assert!(check_places(&answer, run) > 9, "{answer:#}");
    let named = answer.to_string();
    for name in [
        "limits of all",
        "FullAWSAccess",
        "perimeter",
        "arn:aws:s3:::b",
    ] {
        assert!(
            named.contains(&format!(r#""policy":"{name}""#)),
            "{name} in {named}"
        );
    }
    let printed = stdout(&run(&["document", "arn:aws:s3:::b"]));
    assert_eq!(printed, format!(" {bucket:#}\n"), "to the byte");
    let words = stdout(&run(&["can", "bob", "s3:DeleteObject", "arn:aws:s3:::b/k"]));
    assert!(
        words.contains("policy of arn:aws:s3:::b, statement 2"),
        "{words}"
    );
}

#[test]
fn document_takes_iams_own_first_and_no_name_for_two() {
    let mut organization = organization(scps(all("Allow", "*")), json!([]));
    let name = |policy: &mut Value, name: &str| policy["name"] = name.into();
    name(&mut organization["levels"][0]["scps"][0], "FullAWSAccess");
    let resources = json!({"arn:aws:s3:::reports": policy(json!([]))});
    let same = carrying(Some(organization.clone()), Some(resources.clone()));
    organization["levels"][0]["scps"][0]["policy"] = policy(all("Allow", "s3:*"));
    let different = carrying(Some(organization), Some(resources));
    let print = |account: &NamedTempFile, args: &[&str]| {
        run_with(&[&["document"], args, &["--snapshot", path(account)]].concat())
    };
    let output = print(&same, &["FullAWSAccess"]);
    assert_eq!(stdout(&output), policy(all("Allow", "*")).to_string());
    let role = print(&same, &["arn:aws:iam::111122223333:role/svc/plain"]);
    assert!(stdout(&role).contains("sts:AssumeRole"));
    for (account, args, part) in [
        (&different, &["FullAWSAccess"][..], "they differ"),
        (&same, &["FullAwsAcess"], "did you mean FullAWSAccess"),
        (&same, &["arn:aws:s3:::report"], "arn:aws:s3:::reports"),
        (&same, &["arn:aws:s3:::reports/k"], "has no policy"),
        (&same, &["arn:aws:s3:::reports", "own"], "no inline policy"),
    ] {
        let output = print(account, args);
        assert_eq!(code(&output), 2, "{args:?}: {}", stdout(&output));
        assert!(
            stderr(&output).contains(part),
            "{args:?}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn a_snapshot_keeps_them_on_every_way() {
    let organization = organization(scps(all("Allow", "*")), json!([]));
    let resources = json!({ QUEUE: policy(all("Allow", "*")), KEY: " {} \n" });
    let account = carrying(Some(organization.clone()), Some(resources.clone()));
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("account.json.zst");
    let packed = packed.to_str().unwrap();
    let output = run_with(&["snapshot", "--snapshot", path(&account), "-o", packed]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut child = Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .args(["snapshot", "--snapshot", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let bytes = std::fs::read(packed).unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0);
    let back: Value = serde_json::from_slice(&output.stdout).unwrap();
    let kept = &back["Iamscope"];
    assert_eq!(kept["Format"], 1);
    assert_eq!(kept["ResourcePolicies"], resources);
    // An empty list of RCPs says what no list says.
    let mut expected = organization;
    expected["levels"][0]
        .as_object_mut()
        .unwrap()
        .remove("rcps");
    assert_eq!(kept["Organization"], expected);
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let whole = |text: &str| {
        file(&format!(
            "{{\"UserDetailList\": [],\n\"Iamscope\": {{\"Format\": 1,\n{text}}}}}"
        ))
    };
    let level = |policies: &str| format!(r#""Organization": {{"levels": [{{{policies}}}]}}"#);
    let resource =
        |arn: &str, policy: &str| format!(r#""ResourcePolicies": {{"{arn}": {policy}}}"#);
    for (text, what) in [
        (
            r#""Organization": {"levels": []}"#.to_owned(),
            "levels is empty",
        ),
        (r#""Organization": {}"#.to_owned(), "missing field `levels`"),
        (
            r#""Organization": {"Levels": []}"#.to_owned(),
            "unknown field `Levels`",
        ),
        (
            r#""Organization": "o-1""#.to_owned(),
            "invalid type: string",
        ),
        (level(r#""scp": []"#), "unknown field `scp`"),
        (
            level(r#""scps": []}, {"name": "OU""#),
            "level 1 (OU) of the organisation has no scps",
        ),
        (
            level(r#""rcps": [{"name": "X", "policy": 1}]"#),
            "policy X is no object",
        ),
        (resource(QUEUE, "[]"), "jobs has a policy that is no object"),
        (
            resource(QUEUE, "null"),
            "jobs has a policy that is no object",
        ),
        (
            resource(QUEUE, r#""policy.json""#),
            "jobs has a policy that is no object",
        ),
        (resource("reports", "{}"), "reports is no ARN"),
        (resource("arn:aws:s3:::", "{}"), "is no ARN"),
        (resource("arn:aws:s3:::b/*", "{}"), "is a pattern"),
        (
            resource("arn:aws:iam::111122223333:role/r", "{}"),
            "stands with the role",
        ),
        (
            resource(QUEUE, &format!(r#"{{}}, "{QUEUE}": {{}}"#)),
            "twice",
        ),
        (
            r#""ResourcePolicies": []"#.to_owned(),
            "policies by the ARNs of their resources",
        ),
    ] {
        let account = whole(&text);
        let output = run_with(&["can", "*", "s3:GetObject", "--snapshot", path(&account)]);
        assert_eq!(code(&output), 4, "{text}: {}", stdout(&output));
        let error = stderr(&output);
        assert!(
            error.contains(what) && error.contains("line 3, column "),
            "{text}: {error}"
        );
    }
}
