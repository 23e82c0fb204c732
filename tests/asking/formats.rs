//! The forms of an answer tell the same, and nothing in one can harm who reads it.

use std::io::Read;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{asked, of_demo, row, run, short, via};
use crate::questions::account::{arn, user, with};
use crate::questions::{code, file, path, run_with, stderr, stdout};

/// The lines of `--format jsonl`.
#[track_caller]
fn lines(args: &[&str]) -> Vec<Value> {
    let output = run(&[args, &["--format", "jsonl"]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The columns and rows of `--format csv`.
#[track_caller]
fn table(args: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
    let output = run(&[args, &["--format", "csv"]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut reader = csv::Reader::from_reader(&output.stdout[..]);
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let columns = owned(reader.headers().unwrap());
    let rows = reader.records().map(|record| owned(&record.unwrap()));
    (columns, rows.collect())
}

fn text(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    stdout(&output)
}

/// A list in a cell: its parts have spaces between.
fn cell(list: &Value) -> String {
    let list = list.as_array().into_iter().flatten();
    let list: Vec<_> = list.map(|it| it.as_str().unwrap()).collect();
    list.join(" ")
}

fn requirement(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        // In the order in which it is written.
        value => value.to_string(),
    }
}

/// The requirement in a cell, with its members in the order of `Value`.
fn ordered(cell: &str) -> String {
    match cell {
        "" => String::new(),
        text => serde_json::from_str::<Value>(text).unwrap().to_string(),
    }
}

const WHO: [&[&str]; 4] = [
    &[
        "who-can",
        "s3:GetObject,s3:PutObject",
        "arn:aws:s3:::vault/x",
        "--all",
    ],
    &["who-can", "s3:GetObject", "--explain"],
    &["who-can", "sns:*", "--no-chains"],
    &["who-can", "organizations:LeaveOrganization", "--strict"],
];

#[test]
fn lines_and_cells_tell_who_can_as_the_json_does() {
    for args in WHO {
        let whole = asked(args);
        let mut expected = Vec::new();
        for result in whole["results"].as_array().unwrap() {
            for row in result["principals"].as_array().unwrap() {
                let first = json!({"action": result["action"], "resource": result["resource"]});
                expected.push(with(row.clone(), first));
            }
        }
        assert_eq!(lines(args), expected);
        let (columns, rows) = table(args);
        let names = "action resource arn type decision via allow except requires";
        assert_eq!(columns.join(" "), names);
        assert_eq!(rows.len(), expected.len());
        for (cells, row) in rows.iter().zip(&expected) {
            for (cell, name) in cells
                .iter()
                .zip(["action", "resource", "arn", "type", "decision"])
            {
                assert_eq!(cell, row[name].as_str().unwrap());
            }
            assert_eq!(cells[5], cell(&row["via"]));
            assert_eq!(cells[6], cell(&row["resources"]["allow"]));
            assert_eq!(cells[7], cell(&row["resources"]["except"]));
            assert_eq!(ordered(&cells[8]), requirement(&row["requires"]));
        }
    }
}

#[test]
fn lines_and_cells_tell_what_somebody_can_as_the_json_does() {
    for args in [
        &["what-can", "alice", "--no-chains"][..],
        &["what-can", "alice", "--service", "s3", "--level", "write"],
        &["what-can", "444455556666"],
    ] {
        let whole = asked(args);
        let expected = whole["actions"].as_array().unwrap();
        assert_eq!(&lines(args), expected);
        let (columns, rows) = table(args);
        let names = "action service level decision allow except requires";
        assert_eq!(columns.join(" "), names);
        assert_eq!(rows.len(), expected.len());
        for (cells, row) in rows.iter().zip(expected) {
            for (cell, name) in cells.iter().zip(["action", "service", "level", "decision"]) {
                assert_eq!(cell, row[name].as_str().unwrap());
            }
            assert_eq!(cells[4], cell(&row["resources"]["allow"]));
            assert_eq!(cells[5], cell(&row["resources"]["except"]));
            assert_eq!(ordered(&cells[6]), requirement(&row["requires"]));
        }
        for decision in ["allowed", "conditional"] {
            let count = rows.iter().filter(|cells| cells[3] == decision).count();
            assert_eq!(whole["counts"][decision], count);
        }
    }
}

#[test]
fn the_json_is_in_order_and_counts_whom_it_does_not_list() {
    let answer = asked(&["who-can", "s3:GetObject", "arn:aws:s3:::vault/x"]);
    let all = asked(&["who-can", "s3:GetObject", "arn:aws:s3:::vault/x", "--all"]);
    assert_eq!(answer["counts"], all["counts"]);
    let order = ["allowed", "conditional", "explicitDeny", "implicitDeny"];
    let place = |row: &Value| order.iter().position(|it| row["decision"] == *it).unwrap();
    let rows = all["principals"].as_array().unwrap();
    assert!(rows.is_sorted_by_key(place));
    for (at, decision) in order.into_iter().enumerate() {
        let count = rows.iter().filter(|row| place(row) == at).count();
        assert_eq!(all["counts"][decision], count, "{decision}");
    }
    let able: Vec<_> = rows.iter().filter(|row| place(row) < 2).cloned().collect();
    assert_eq!(answer["principals"], json!(able));
    for name in ["action", "resource", "principals", "counts"] {
        assert_eq!(answer[name], answer["results"][0][name]);
    }
    for row in rows {
        let paths = row["paths"].as_array().unwrap();
        let length = |path: &Value| path["hops"].as_array().unwrap().len();
        assert!(
            paths.is_sorted_by_key(|path| (place(path), length(path))),
            "{row}"
        );
        let first = &paths[0];
        for name in ["decision", "resources", "requires"] {
            assert_eq!(row[name], first[name]);
        }
        let hops: Vec<_> = first["hops"].as_array().unwrap().iter().collect();
        let to: Vec<_> = hops
            .iter()
            .map(|hop| short(hop["to"].as_str().unwrap()))
            .collect();
        assert_eq!(via(row), to);
        let from = hops.iter().map(|hop| &hop["from"]);
        let before = std::iter::once(&row["arn"]).chain(hops.iter().map(|hop| &hop["to"]));
        assert!(
            from.zip(before).all(|(from, before)| from == before),
            "{row}"
        );
    }
}

#[test]
fn the_table_says_it_in_words() {
    let text = text(&["who-can", "s3:GetObject", "arn:aws:s3:::vault/x"]);
    assert!(
        text.starts_with("Who can s3:GetObject on arn:aws:s3:::vault/x\n"),
        "{text}"
    );
    let counts = asked(&["who-can", "s3:GetObject", "arn:aws:s3:::vault/x"])["counts"].clone();
    let words = format!(
        "{} allowed, {} conditional, {} denied explicitly, {} denied implicitly\n",
        counts["allowed"], counts["conditional"], counts["explicitDeny"], counts["implicitDeny"],
    );
    assert!(text.contains(&words), "{text}");
    for part in [
        "✓ role vault",
        "through gate → vault: inline policy own of role vault",
        "group devs: AWS managed policy ReadOnlyAccess",
        "the root user needs no policy",
        "to assume gate: only if MFA is present",
        "Taken for granted",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("fenced"), "{text}");
}

#[test]
fn the_table_of_what_somebody_can_says_it_in_words() {
    let text = text(&["what-can", "vault"]);
    assert!(text.starts_with("What role vault can do\n"), "{text}");
    for part in [
        "s3 (Amazon S3)\n  ? Read: 1 action\n      GetObject\n      only on arn:aws:s3:::vault/*\n",
        "Roles that it can assume\n✓ arn:aws:iam::111122223333:role/ring\n",
        "✓ arn:aws:iam::111122223333:role/rung, through ring\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let nothing = stdout(&run(&["what-can", "*"]));
    assert!(nothing.contains("\nnothing\n"), "{nothing}");
}

#[test]
fn what_goes_into_a_file_has_no_colours() {
    for args in WHO {
        for output in [run(args), run(&["what-can", "alice"])] {
            assert!(!stdout(&output).contains('\x1b'));
        }
    }
}

/// An account in which all that can hold any text holds one that would do harm on a terminal.
fn hostile() -> String {
    let name = "x\u{1b}[31m\u{9b}2J\u{202e}\u{200b}";
    let mut mallory = user(
        name,
        "/",
        json!([{"Sid": name, "Effect": "Allow", "Action": "s3:*",
        "Resource": format!("arn:aws:s3:::{name}/*"), "Condition": {"StringLike": {
            (format!("aws:RequestTag/{name}")): [name], "aws:SourceIp": [name]}}}]),
    );
    mallory["UserPolicyList"][0]["PolicyName"] = json!(name);
    mallory["GroupList"] = json!([name]);
    let group = json!({"GroupName": name, "Path": "/", "GroupId": "AGPAXXXXXXXXXXXXXXXXX",
        "Arn": arn(&format!("group/{name}")), "CreateDate": "2024-01-01T00:00:00Z",
        "AttachedManagedPolicies": [], "GroupPolicyList": [{"PolicyName": name,
            "PolicyDocument": {"Statement": [
                {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
                {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
                    "Condition": {(name): {"aws:username": name}}}]}}]});
    json!({"UserDetailList": [mallory], "GroupDetailList": [group], "RoleDetailList": [],
        "Policies": []})
    .to_string()
}

#[test]
fn no_name_in_an_account_gets_at_the_terminal() {
    let account = file(&hostile());
    let harmful = |text: &str| {
        let harmful = |c: char| {
            c.is_control() && c != '\n' && c != '\r' || ['\u{202e}', '\u{200b}'].contains(&c)
        };
        text.contains(harmful)
    };
    for question in [
        &["who-can", "s3:GetObject"][..],
        &["who-can", "s3:GetObject", "--explain", "--all"],
        &["who-can", "iam:PassRole,s3:PutObject", "--explain"],
        &[
            "who-can",
            "s3:GetObject",
            "arn:aws:s3:::\u{1b}[2J\u{202e}/*",
        ],
        &["what-can", "AIDAX\u{1b}[31M\u{9b}2J\u{202e}\u{200b}XXXX"],
        &["what-can", &arn("user/x\u{1b}[31m\u{9b}2J\u{202e}\u{200b}")],
    ] {
        for format in ["table", "csv", "json", "jsonl"] {
            let output = run_with(
                &[
                    question,
                    &["--snapshot", path(&account), "--format", format],
                ]
                .concat(),
            );
            let (out, err) = (stdout(&output), stderr(&output));
            assert!(!harmful(&err), "{question:?}: {err:?}");
            let is_for_programs = format.starts_with("json");
            // JSON escapes control characters, and is otherwise as exact as programs want it.
            let text = if is_for_programs {
                out.replace(['\u{202e}', '\u{200b}', '\u{9b}'], "")
            } else {
                out
            };
            assert!(!harmful(&text), "{question:?} {format}: {text:?}");
        }
    }
    let whole = stdout(&run_with(&[
        "who-can",
        "iam:PassRole",
        "--snapshot",
        path(&account),
    ]));
    assert!(whole.contains("group x"), "{whole}");
}

/// A reader that has seen enough goes away without a word from us.
#[test]
fn who_reads_no_further_is_not_told_off() {
    for args in [
        &[
            "who-can",
            "*:*",
            "--demo",
            "--format",
            "json",
            "--no-chains",
        ][..],
        &["who-can", "s3:*", "--demo", "--format", "jsonl"],
        &["who-can", "s3:*", "--demo", "--format", "csv"],
        &["who-can", "s3:*", "--demo"],
        &["what-can", "root", "--demo", "--format", "json"],
        &["what-can", "root", "--demo", "--format", "csv"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_iamscope"))
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 16];
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut first).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(stderr(&output), "", "{args:?}");
        assert_eq!(code(&output), 0, "{args:?}");
    }
}

/// Every place that an answer names is one in the text that `document` prints.
#[test]
fn places_lead_into_the_documents() {
    let answer = of_demo(&["who-can", "s3:GetObject", "arn:aws:s3:::reports/audit/x"]);
    let mut count = 0;
    for name in ["chen", "nadia", "finance-viewer"] {
        for path in row(&answer, name)["paths"].as_array().unwrap() {
            let hops = path["hops"].as_array().unwrap().iter();
            let places = hops.flat_map(|hop| hop["because"].as_array().unwrap());
            let own = path["because"].as_array().unwrap().iter();
            for place in places.chain(own) {
                let policy = place["policy"].as_str().unwrap();
                let names = match policy.split_once(' ') {
                    Some((owner, name)) if owner.starts_with("arn:") => vec![owner, name],
                    _ => vec![policy],
                };
                let output = run_with(&[&["document", "--demo"], &names[..]].concat());
                let text = stdout(&output);
                let edge = |at: usize| place["span"][at].as_u64().unwrap() as usize;
                let piece: Value = serde_json::from_str(&text[edge(0)..edge(1)]).unwrap();
                let whole: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(
                    whole.pointer(place["pointer"].as_str().unwrap()),
                    Some(&piece)
                );
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}
