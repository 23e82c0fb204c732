//! The report in JUnit XML, read by a parser of XML.

use std::os::unix::fs::{PermissionsExt, symlink};

use roxmltree::{Document, Node};
use serde_json::json;

use super::{about_deployer, ask, ask_about};
use crate::questions::account::user;
use crate::questions::{code, file, path, run_with, stderr, stdout};

fn four() -> String {
    about_deployer("expect = { none = true }").replace("\"q\"", "\"fails\"")
        + &about_deployer("expect = { max = 6 }").replace("\"q\"", "\"holds\"")
        + &about_deployer("").replace("\"q\"", "\"asks\"")
        + "[[question]]\nname = \"breaks\"\naction = \"iam:PasRole\"\n"
}

fn cases<'a>(document: &'a Document<'a>) -> Vec<Node<'a, 'a>> {
    let all = document.descendants();
    all.filter(|node| node.has_tag_name("testcase")).collect()
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|it| it.has_tag_name(name))
}

#[test]
fn a_report_has_a_case_for_each_question() {
    let output = ask(&four(), &["--junit", "-"]);
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    let text = stdout(&output);
    let document = Document::parse(&text).unwrap();
    let suite = document.root_element().first_element_child().unwrap();
    for node in [document.root_element(), suite] {
        for (name, count) in [
            ("tests", "4"),
            ("failures", "1"),
            ("errors", "1"),
            ("skipped", "0"),
        ] {
            assert_eq!(node.attribute(name), Some(count), "{name} {text}");
        }
        assert!(node.attribute("time").unwrap().parse::<f64>().unwrap() > 0.0);
    }
    let cases = cases(&document);
    let names: Vec<_> = cases
        .iter()
        .map(|case| case.attribute("name").unwrap())
        .collect();
    assert_eq!(names, ["fails", "holds", "asks", "breaks"]);
    for case in &cases {
        assert_eq!(case.attribute("classname"), Some("iamscope.111122223333"));
        assert!(case.attribute("time").unwrap().parse::<f64>().is_ok());
    }
    let failure = child(cases[0], "failure").unwrap();
    assert_eq!(failure.attribute("message"), Some("expected nobody; 6 can"));
    let details = failure.text().unwrap();
    assert!(
        details
            .contains("conditional arn:aws:iam::111122223333:user/kofi: through release-manager"),
        "{details}"
    );
    for case in &cases[1..3] {
        assert!(child(*case, "failure").is_none() && child(*case, "error").is_none());
        let answer = child(*case, "system-out").unwrap().text().unwrap();
        assert!(answer.starts_with("0 allowed, 6 conditional\n"), "{answer}");
        assert!(answer.contains(":user/kofi"), "{answer}");
    }
    let error = child(cases[3], "error").unwrap();
    assert!(
        error
            .attribute("message")
            .unwrap()
            .contains("no action \"iam:PasRole\"")
    );
    assert!(error.text().unwrap().contains("did you mean iam:PassRole"));
}

#[test]
fn a_report_is_written_beside_the_table_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.xml");
    let ask_to = |path: &std::path::Path| ask(&four(), &["--junit", path.to_str().unwrap()]);
    for _ in 0..2 {
        let output = ask_to(&report);
        assert_eq!(code(&output), 4);
        assert!(stdout(&output).contains("✗ fails"), "{}", stdout(&output));
        let text = std::fs::read_to_string(&report).unwrap();
        assert_eq!(cases(&Document::parse(&text).unwrap()).len(), 4);
        let mode = std::fs::metadata(&report).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let link = folder.path().join("link");
    symlink(&report, &link).unwrap();
    for (path, part) in [
        (folder.path().to_owned(), "it is a directory"),
        (
            folder.path().join("no/report.xml"),
            "its folder does not exist",
        ),
        (link, "it is no regular file"),
    ] {
        let output = ask_to(&path);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
        assert_eq!(stdout(&output), "", "before anything is asked");
    }
}

#[test]
fn a_report_does_not_replace_what_is_read() {
    let questions = file(&four());
    let name = path(&questions);
    let output = run_with(&["--demo", "ask", name, "--junit", name]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("it is read"),
        "{}",
        stderr(&output)
    );
    let account = file("{}");
    let output = ask_about(&account, &four(), &["--junit", path(&account)]);
    assert_eq!(code(&output), 2);
    assert_eq!(std::fs::read_to_string(name).unwrap(), four());
    assert_eq!(std::fs::read_to_string(path(&account)).unwrap(), "{}");
}

/// Whether XML 1.0 has a way to write a character at all, and a terminal one to show it.
fn is_plain(c: char) -> bool {
    c == '\n' || (!c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{202e}'))
}

#[test]
fn hostile_names_stay_names() {
    let hostile =
        "<x&a='b'c=\"d\">&amp;]]>\u{1b}[31m\u{0}\u{b}\u{202e}\u{fffe}\u{ffff}\u{85}\r\n\t";
    let allow = json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]);
    let account = json!({"UserDetailList": [user(hostile, "/", allow)],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": []});
    let account = file(&account.to_string());
    let name = hostile.escape_unicode().to_string().replace("\\u{", "\\U{");
    // In TOML an escape has eight digits.
    let name = name
        .split("\\U{")
        .skip(1)
        .map(|it| format!("\\U{:0>8}", it.trim_end_matches('}')));
    let name = name.collect::<String>();
    let questions = format!(
        "[[question]]\nname = \"{name}\"\naction = \"s3:GetObject\"\nroot = false\n\
         expect = {{ none = true }}\n"
    );
    let output = ask_about(&account, &questions, &["--junit", "-"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.chars().all(is_plain), "{text:?}");
    let document = Document::parse(&text).unwrap();
    let case = cases(&document)[0];
    let seen =
        "<x&a='b'c=\"d\">&amp;]]>\\x1b[31m\\x00\\x0b\\u{202e}\\u{fffe}\\u{ffff}\\x85\\r\\n\\t";
    assert_eq!(case.attribute("name"), Some(seen));
    let failure = child(case, "failure").unwrap().text().unwrap();
    assert!(
        failure.contains(&format!("user/{seen}: inline policy own of user ")),
        "{failure}"
    );
    let table = stdout(&ask_about(&account, &questions, &[]));
    let is_seen = |c: char| is_plain(c) || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(table.chars().all(is_seen), "{table:?}");
}
