//! `simulate`, as a shell runs it: a case a line in, an answer a line out.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

fn start(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .arg("simulate")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs the cases, which may be any bytes.
fn run(args: &[&str], cases: &[u8]) -> Output {
    let mut child = start(args);
    let mut stdin = child.stdin.take().unwrap();
    let cases = cases.to_vec();
    let feed = std::thread::spawn(move || stdin.write_all(&cases));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap().unwrap();
    output
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn answers(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A case that is allowed where the action is `s3:GetObject`.
fn case(id: impl Into<Value>, action: &str) -> Value {
    json!({"id": id.into(), "principal_arn": "arn:aws:iam::111122223333:user/alice",
        "action": action, "resource": "arn:aws:s3:::b/k", "nobody": "reads this",
        "identity_policies": [{"name": "own", "policy": {"Version": "2012-10-17", "Statement":
            [{"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}}]})
}

fn lines(cases: &[Value]) -> Vec<u8> {
    let lines: Vec<String> = cases.iter().map(|case| format!("{case}\n")).collect();
    lines.concat().into_bytes()
}

#[test]
fn an_answer_comes_for_each_case_in_order() {
    let cases = [
        case("a", "s3:GetObject"),
        case(2, "s3:PutObject"),
        case(Value::Null, "s3:getobject"),
    ];
    let output = run(&[], &lines(&cases));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "{\"id\":\"a\",\"decision\":\"allowed\"}\n\
         {\"id\":2,\"decision\":\"implicitDeny\"}\n\
         {\"id\":null,\"decision\":\"allowed\"}\n"
    );
}

/// Who asks one question after the other over a pipe must not wait for ever.
#[test]
fn every_answer_is_there_before_the_next_case() {
    let mut child = start(&["-"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for id in 0..3 {
        stdin
            .write_all(&lines(&[case(id, "s3:GetObject")]))
            .unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert_eq!(
            answer,
            format!("{{\"id\":{id},\"decision\":\"allowed\"}}\n")
        );
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_file_is_read_as_standard_input_is() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), lines(&[case("f", "s3:GetObject")])).unwrap();
    let output = run(&[file.path().to_str().unwrap()], b"");
    assert_eq!(answers(&output)[0]["decision"], "allowed");
    let output = run(&["/nowhere/cases.jsonl"], b"");
    assert_eq!(code(&output), 4);
    assert!(stderr(&output).contains("/nowhere/cases.jsonl"));
    let output = run(&["/"], b"");
    assert_eq!(code(&output), 4, "a folder opens, but cannot be read");
}

#[test]
fn an_expectation_makes_a_case_a_test() {
    let with = |id: &str, expect: &str| {
        let mut case = case(id, "s3:GetObject");
        case["expect"] = expect.into();
        case
    };
    let output = run(&[], &lines(&[with("right", "allowed")]));
    assert_eq!((code(&output), stderr(&output)), (0, String::new()));
    let cases = [with("right", "allowed"), with("wrong", "explicitDeny")];
    let output = run(&[], &lines(&cases));
    assert_eq!(code(&output), 1);
    assert_eq!(answers(&output).len(), 2);
    let text = stderr(&output);
    assert!(
        text.contains("line 2, \"wrong\": allowed but expected explicitDeny"),
        "{text}"
    );
    assert!(!text.contains("right"), "{text}");
}

#[test]
fn a_bad_case_is_answered_with_its_error_and_the_run_goes_on() {
    let good = case("good", "s3:GetObject").to_string();
    let without = |key: &str| {
        let mut case = case("bad", "s3:GetObject");
        case.as_object_mut().unwrap().remove(key);
        case.to_string()
    };
    let with = |key: &str, value: Value| {
        let mut case = case("bad", "s3:GetObject");
        case[key] = value;
        case.to_string()
    };
    for (bad, id, part) in [
        ("{\"id\":\"bad\",".to_owned(), Value::Null, "line 2"),
        ("[]".to_owned(), Value::Null, "object"),
        ("nonsense".to_owned(), Value::Null, "column"),
        (without("action"), json!("bad"), "action is missing"),
        (
            without("principal_arn"),
            json!("bad"),
            "principal_arn is missing",
        ),
        (
            with("action", json!("GetObject")),
            json!("bad"),
            "service:Name",
        ),
        (
            with("principal_arn", json!("alice")),
            json!("bad"),
            "no principal",
        ),
        (with("expect", json!("yes")), json!("bad"), "implicitDeny"),
        (
            with("expect", json!("conditional")),
            json!("bad"),
            "explicitDeny",
        ),
        (
            with("session_policy", json!(7)),
            json!("bad"),
            "session_policy is no policy",
        ),
        (
            with("session_policy", json!("nothing")),
            json!("bad"),
            "session_policy",
        ),
        (
            with("scps", json!([[[]]])),
            json!("bad"),
            "scps[0][0] is no policy",
        ),
        (with("scps", json!({})), json!("bad"), "sequence"),
        (
            with("context", json!({"k": {}})),
            json!("bad"),
            "condition key",
        ),
        (
            with("context", json!({"k": [["x"], ["y", "z"]]})),
            json!("bad"),
            "strings",
        ),
    ] {
        let output = run(&[], format!("{good}\n{bad}\n\n  \n{good}\n").as_bytes());
        assert_eq!(code(&output), 4, "{bad}");
        let answers = answers(&output);
        assert_eq!(answers.len(), 3, "{bad}: blank lines are no cases");
        assert_eq!(answers[1]["id"], id, "{bad}");
        let error = answers[1]["error"].as_str().unwrap();
        assert!(error.contains(part), "{bad}: {error}");
        assert_eq!(answers[2]["decision"], "allowed");
    }
}

#[test]
fn bytes_that_are_no_text_are_a_bad_case() {
    let good = case("good", "s3:GetObject").to_string();
    let output = run(&[], &[b"{\"id\":\"\xff\"}\n", good.as_bytes()].concat());
    assert_eq!(code(&output), 4);
    let answers = answers(&output);
    assert!(answers[0]["error"].is_string());
    assert_eq!(
        answers[1]["decision"], "allowed",
        "the last line needs no line feed"
    );
}

#[test]
fn a_policy_may_stand_in_a_string_as_the_api_has_it() {
    let mut case = case("s", "s3:GetObject");
    let policy = case["identity_policies"][0]["policy"].to_string();
    case["identity_policies"][0] = json!({"policy": policy});
    let output = run(&["--explain"], &lines(&[case]));
    let answer = &answers(&output)[0];
    assert_eq!(answer["decision"], "allowed");
    let place = &answer["reasons"][0]["because"][0];
    assert_eq!(place["policy"], "identity_policies[0]");
}

#[test]
fn reasons_come_when_they_are_asked_for() {
    let mut case = case("r", "s3:GetObject");
    case["identity_policies"][0]["policy"]["Statement"]
        .as_array_mut()
        .unwrap()
        .push(json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*",
            "Condition": {"StringEqual": {"a": "b"}}}));
    let output = run(&["--explain"], &lines(&[case.clone()]));
    let answer = &answers(&output)[0];
    let place = &answer["reasons"][0]["because"][0];
    assert_eq!(place["element"], "Action");
    assert_eq!(place["pointer"], "/Statement/0/Action");
    assert_eq!(
        (&place["statement"], &place["sid"]),
        (&json!(0), &json!("Read"))
    );
    let policy = case["identity_policies"][0]["policy"].to_string();
    let edge = |at: usize| usize::try_from(place["span"][at].as_u64().unwrap()).unwrap();
    assert_eq!(&policy[edge(0)..edge(1)], "\"s3:Get*\"");
    let warning = &answer["warnings"][0];
    assert_eq!(warning["statement"], 1);
    assert!(warning["problem"].as_str().unwrap().contains("StringEqual"));
    let plain = run(&[], &lines(&[case]));
    assert!(answers(&plain)[0].get("reasons").is_none());
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let mut child = start(&[]);
    let mut stdin = child.stdin.take().unwrap();
    drop(child.stdout.take());
    let many = lines(&vec![case("x", "s3:GetObject"); 2_000]);
    // The pipe breaks as soon as the program has noticed.
    let fed = stdin.write_all(&many);
    drop(stdin);
    assert!(child.wait().unwrap().success(), "{fed:?}");
    let mut text = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "");
}
