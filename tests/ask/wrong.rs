//! Files that are not as they must be.

use super::{about_deployer, ask};
use crate::questions::{code, path, run_with, stderr, stdout};

/// The file is refused, with all of this.
#[track_caller]
fn refused(text: impl AsRef<[u8]>, parts: &[&str]) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let output = run_with(&["--demo", "ask", path(&file)]);
    let told = stderr(&output);
    assert_eq!(code(&output), 2, "{told}\n{}", stdout(&output));
    assert_eq!(stdout(&output), "");
    for part in parts.iter().chain(&["cannot read"]) {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}

/// A question is refused where it has this line as its fifth.
#[track_caller]
fn refused_with(line: &str, parts: &[&str]) {
    refused(about_deployer(line), parts);
}

#[test]
fn what_is_no_text_in_toml_is_refused() {
    refused("{\"question\": []}\n", &["line 1, column "]);
    refused("[[question]]\nname = \"q\n", &["line 2, column "]);
    refused("[[question]]\nname = \naction = \n", &["line 2", "line 3"]);
    refused(
        b"# \xc3\xa9\n[[question]]\nname = \"caf\xe9\"\n",
        &["line 3, column 12", "UTF-8"],
    );
    refused(b"PK\x03\x04\x00\x00", &["line 1"]);
    refused(
        "[[question]]\nname = \"a\"\nname = \"b\"\n",
        &["line 3, column 1"],
    );
}

#[test]
fn a_file_without_questions_is_refused() {
    for text in ["", "\n\n", "# nothing yet\n", "\u{feff}"] {
        refused(text, &["there is no question in it", "[[question]]"]);
    }
    refused(
        "[question]\nname = \"q\"\n",
        &["line 1", "[[question]], in two brackets"],
    );
    refused(
        "[[questions]]\nname = \"q\"\n",
        &["line 1, column 3", "has no `questions`", "[[question]]"],
    );
    refused(
        "name = \"q\"\n",
        &["line 1, column 1", "it belongs into a table"],
    );
    refused(
        "question = [\"q\"]\n",
        &["line 1, column 13", "a question is a table"],
    );
}

#[test]
fn a_file_that_is_not_there_or_too_large_is_refused() {
    let output = run_with(&["--demo", "ask", "/nowhere/access.toml"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("No such file"),
        "{}",
        stderr(&output)
    );
    let output = run_with(&["--demo", "ask", "/"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    refused("#".repeat((8 << 20) + 1), &["larger than 8 MiB"]);
    let output = run_with(&["--demo", "ask", "/dev/zero"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
}

#[test]
fn a_large_file_is_read() {
    let mut text = String::from("question = [\n");
    for at in 0..20_000 {
        text.push_str(&format!(
            "{{ name = \"{at}\", action = \"iam:GetUser\" }},\n"
        ));
    }
    text.push_str("]\n");
    let output = ask(&text, &["--only", "19999"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(
        stdout(&output).contains("1 question in"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_large_file_may_be_wrong_all_over() {
    refused(
        "[[question]]\n".repeat(400_000),
        &["line 1, column 1", "and 799980 more"],
    );
    refused("x = [\n".repeat(50_000), &["line 1"]);
}

#[test]
fn line_ends_and_marks_of_other_systems_are_read() {
    let text = about_deployer("expect = { max = 6 }");
    for text in [text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
        assert_eq!(code(&ask(&text, &[])), 0, "{text:?}");
    }
    refused("\u{feff}nme = 1\r\n", &["line 1, column 1:"]);
    refused(
        about_deployer("rot = false").replace('\n', "\r\n"),
        &["line 5, column 1: a question has no `rot`; did you mean `root`?"],
    );
}

#[test]
fn values_must_be_of_their_kind() {
    for (line, parts) in [
        (
            "strict = \"yes\"",
            &[
                "line 5, column 10",
                "`strict` is a string; expected true or false",
            ][..],
        ),
        ("chains = 1", &["`chains` is a number"]),
        ("root = []", &["`root` is a list"]),
        (
            "conditional = true",
            &["`conditional` is true or false; expected \"allow\""],
        ),
        (
            "conditional = \"maybe\"",
            &["`conditional` is \"maybe\"; expected \"allow\""],
        ),
        (
            "context = \"x\"",
            &["`context` is a string; expected a table"],
        ),
        (
            "context = { \"aws:x\" = { y = 1 } }",
            &["column 23", "`aws:x` is a table"],
        ),
        ("context = { \"aws:x\" = [] }", &["`aws:x` has no values"]),
        ("context = { \"aws:x\" = [1, [2]] }", &["`aws:x` is a list"]),
        ("context = { \"aws:x\" = inf }", &["`aws:x` is a number"]),
        (
            "context = { \"aws:x\" = 12:00:00 }",
            &["`aws:x` is a date or time"],
        ),
        ("context = { \"\" = 1 }", &["without a name"]),
        (
            "context = { \"aws:x\" = 1, \"AWS:X\" = 2 }",
            &["is there twice"],
        ),
        (
            "expect = \"nobody\"",
            &["`expect` is a string; expected a table"],
        ),
        ("expect = {}", &["`expect` is empty"]),
        (
            "expect = { ony = \"*\" }",
            &["has no `ony`; did you mean `only`?"],
        ),
        ("expect = { only = 1 }", &["`only` is a number"]),
        ("expect = { only = [] }", &["`only` is an empty list"]),
        (
            "expect = { only = [\"*\", 2] }",
            &["column 25", "`only` is a number"],
        ),
        (
            "expect = { includes = \"\" }",
            &["an empty text in `includes`"],
        ),
        (
            "expect = { excludes = \"user/kofi\" }",
            &["\"user/kofi\" is no principal"],
        ),
        (
            "expect = { excludes = \"user/*\" }",
            &["\"user/*\" is no principal"],
        ),
        (
            "expect = { max = -1 }",
            &["`max` is a number; expected a whole number from 0"],
        ),
        ("expect = { max = 1.5 }", &["`max` is a number"]),
        (
            "expect = { none = false }",
            &["`none = false` expects nothing"],
        ),
        (
            "rseource = \"*\"",
            &["has no `rseource`; did you mean `resource`?"],
        ),
        (
            "frobnicate = 1",
            &["has no `frobnicate`; it has name, action,"],
        ),
    ] {
        refused_with(line, &[parts, &["line 5, column "]].concat());
    }
}

#[test]
fn questions_must_have_a_name_of_their_own_and_an_action() {
    refused(
        "[[question]]\n",
        &["line 1", "has no `name`", "has no `action`"],
    );
    refused(
        "[[question]]\nname = \" \"\naction = []\n",
        &["`name` is empty", "`action` is an empty list"],
    );
    refused(
        "[[question]]\nname = 1\naction = 2\n",
        &["`name` is a number", "`action` is a number"],
    );
    refused(
        about_deployer("") + &about_deployer(""),
        &["line 7, column 8: there is a question \"q\" already, in line 2"],
    );
}

#[test]
fn expectations_that_contradict_each_other_are_refused() {
    let kofi = "arn:aws:iam::111122223333:user/kofi";
    for (expect, part) in [
        (
            "none = true, includes = \"KOFI\"",
            "contradicts `none = true`",
        ),
        ("none = true, max = 3", "leaves nothing for `max`"),
        ("none = true, only = \"*\"", "leaves nothing for `only`"),
        ("max = 0, includes = \"*\"", "contradicts `max = 0`"),
        (
            "max = 1, includes = [\"KOFI\", \"KOFI2\"]",
            "contradicts `includes`, which has 2",
        ),
        (
            "includes = \"KOFI\", excludes = \"*:user/*\"",
            "contradicts `excludes` \"*:user/*\"",
        ),
        (
            "includes = \"*:user/k*\", excludes = \"*:user/*\"",
            "contradicts `excludes`",
        ),
        (
            "includes = \"KOFI\", only = [\"*:role/*\", \"*:user/x?\"]",
            "contradicts `only`",
        ),
    ] {
        let line = format!("expect = {{ {} }}", expect.replace("KOFI", kofi));
        refused_with(&line, &["line 5", part]);
    }
    for expect in [
        "includes = \"*:user/kofi\", excludes = \"*:role/*\", only = \"*\", max = 9",
        "includes = \"*:user/*\", excludes = \"*:user/len?\"",
    ] {
        let output = ask(&about_deployer(&format!("expect = {{ {expect} }}")), &[]);
        assert_ne!(code(&output), 2, "{expect}: {}", stderr(&output));
        assert_eq!(stderr(&output), "");
    }
}

#[test]
fn everything_that_is_wrong_is_told_in_order() {
    let text = "[[question]]\nname = \"a\"\nacton = \"x\"\n\n[[question]]\nname = \"a\"\naction = 3\n\
                expect = { max = \"two\" }\n";
    let output = ask(text, &[]);
    let told = stderr(&output);
    let places: Vec<&str> = told
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .map(|it| it.0)
        .collect();
    assert_eq!(
        places[1..],
        [
            "line 1, column 1",
            "line 3, column 1",
            "line 6, column 8",
            "line 7, column 10",
            "line 8, column 18"
        ],
        "{told}"
    );
    let many = "[[question]]\n".repeat(50);
    let told = stderr(&ask(&many, &[]));
    assert!(told.contains("and 80 more"), "{told}");
}

#[test]
fn what_steers_a_terminal_is_not_printed() {
    refused("[[question]]\n\"\\u001b[31m\" = 1\n", &["\\x1b[31m"]);
    let output = ask(
        "[[question]]\nname = \"\\u001b[31m\\u202e\"\naction = \"iam:GetUser\"\n",
        &[],
    );
    let text = stdout(&output);
    assert!(
        text.contains("\\x1b[31m\\u{202e}") && !text.contains('\u{1b}'),
        "{text}"
    );
}
