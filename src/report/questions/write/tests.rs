//! What is written is read back the same, and nothing else is touched.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::{Conditional, Expect, Question, read};
use super::{add, remove};

/// A file as people write it.
const FILE: &str = "\
# Who may do what.

# The first
[[question]] # here
name = \"a\"   # a name
action = 'iam:*'
# max = 3

[[ question ]]
name = \"b\"
action = [
  \"s3:GetObject\", # one
]
[question.expect]
max = 1 # not more

# The last,
# of three
[[question]]
name = \"c\"
action = \"iam:GetUser\"
# the end
";

fn asks(name: &str, action: &str) -> Question {
    Question::new(name, action)
}

#[test]
fn a_new_question_comes_last() {
    let changed = add(FILE, &asks("d", "s3:*")).unwrap();
    let added = "\n[[question]]\nname = \"d\"\naction = \"s3:*\"\n";
    assert_eq!(changed, format!("{FILE}{added}"));
    assert_eq!(add("", &asks("d", "s3:*")).unwrap(), added[1..]);
    let mark = add("\u{feff}", &asks("d", "s3:*")).unwrap();
    assert_eq!(mark, format!("\u{feff}{}", &added[1..]));
    let open = add("# x", &asks("d", "s3:*")).unwrap();
    assert_eq!(open, format!("# x\n{added}"));
}

#[test]
fn a_question_of_the_same_name_is_replaced_where_it_stands() {
    let changed = add(FILE, &asks("b", "s3:*")).unwrap();
    let (before, rest) = FILE.split_once("[[ question ]]").unwrap();
    let (_, after) = rest.split_once("max = 1 # not more\n").unwrap();
    let new = "[[question]]\nname = \"b\"\naction = \"s3:*\"\n";
    assert_eq!(changed, format!("{before}{new}{after}"));
    let changed = add(FILE, &asks("a", "s3:*")).unwrap();
    assert!(
        changed.starts_with(
            "# Who may do what.\n\n# The first\n[[question]]\nname = \"a\"\naction = \"s3:*\"\n# max = 3\n"
        ),
        "{changed}"
    );
}

#[test]
fn a_question_goes_with_the_comment_above_it() {
    let without = |name| remove(FILE, name).unwrap().unwrap();
    let rest = without("a");
    assert!(
        rest.starts_with("# Who may do what.\n\n# max = 3\n\n[[ question ]]"),
        "{rest}"
    );
    let rest = without("b");
    assert!(
        rest.contains("# max = 3\n\n# The last,\n# of three\n[[question]]"),
        "{rest}"
    );
    let rest = without("c");
    assert!(
        rest.ends_with("max = 1 # not more\n\n# the end\n"),
        "{rest}"
    );
    assert_eq!(remove(FILE, "d"), Ok(None));
    assert_eq!(remove("", "d"), Ok(None));
}

#[test]
fn line_ends_stay() {
    let text = FILE.replace('\n', "\r\n");
    for (changed, plain) in [
        (
            add(&text, &asks("b", "s3:*")),
            add(FILE, &asks("b", "s3:*")),
        ),
        (
            add(&text, &asks("d", "s3:*")),
            add(FILE, &asks("d", "s3:*")),
        ),
    ] {
        assert_eq!(changed.unwrap(), plain.unwrap().replace('\n', "\r\n"));
    }
    let removed = remove(&text, "b").unwrap().unwrap();
    assert_eq!(
        removed,
        remove(FILE, "b").unwrap().unwrap().replace('\n', "\r\n")
    );
}

#[test]
fn what_is_wrong_is_not_changed() {
    assert!(add("[[question]]\n", &asks("a", "s3:*")).is_err());
    assert!(remove("name = \n", "a").is_err());
    // A question that is wrong in itself.
    let mut wrong = asks("a", "s3:*");
    wrong.expect = Some(Expect::default());
    let faults = add("", &wrong).unwrap_err();
    assert!(
        faults[0].message.contains("`expect` is empty"),
        "{faults:?}"
    );
    // Questions in a list have no lines of their own.
    let list = "question = [{ name = \"a\", action = \"s3:*\" }]\n";
    assert!(read(list).is_ok());
    for faults in [
        add(list, &asks("b", "s3:*")).unwrap_err(),
        remove(list, "a").unwrap_err(),
    ] {
        assert!(
            faults[0].to_string().starts_with("line 1, column 13: "),
            "{faults:?}"
        );
    }
}

#[test]
fn a_long_list_has_a_line_for_each() {
    let mut question = asks("a", "iam:PassRole");
    let role = |name: &str| format!("arn:aws:iam::111122223333:role/ci/{name}");
    question.context = vec![("aws:SourceIp".to_owned(), vec!["10.0.0.1".to_owned()])];
    question.expect = Some(Expect {
        only: ["one", "two", "three"].map(role).to_vec(),
        max: Some(2),
        ..Expect::default()
    });
    let text = "\
[[question]]
name = \"a\"
action = \"iam:PassRole\"
context = { \"aws:SourceIp\" = \"10.0.0.1\" }
expect = { only = [
  \"arn:aws:iam::111122223333:role/ci/one\",
  \"arn:aws:iam::111122223333:role/ci/two\",
  \"arn:aws:iam::111122223333:role/ci/three\",
], max = 2 }
";
    assert_eq!(add("", &question).unwrap(), text);
}

/// Any text that says something.
fn text() -> impl Strategy<Value = String> {
    "[a-z:*\"'\\\\=\\[\\]{}#,.é☃\u{1}\u{7f}\u{202e}\u{feff}\n\r\t ]{0,20}x"
}

fn principal() -> impl Strategy<Value = String> {
    prop_oneof![
        "arn:aws:iam::\\*:(user|role)/[a-z*?\"\\\\]{1,8}\\*",
        "[a-z]{1,40}\\.amazonaws\\.com",
        "\\*[a-z\u{202e}\"]{0,9}"
    ]
}

/// Expectations of which none contradicts another.
fn expect() -> impl Strategy<Value = Expect> {
    let list = || vec(principal(), 1..5);
    let of = |expect: Expect| expect;
    prop_oneof![
        (list(), option::of(0_usize..99)).prop_map(move |(only, max)| of(Expect {
            only,
            max,
            ..Expect::default()
        })),
        list().prop_map(|includes| Expect {
            includes,
            ..Expect::default()
        }),
        (list(), any::<bool>()).prop_map(|(excludes, none)| Expect {
            excludes,
            none,
            ..Expect::default()
        }),
    ]
}

fn question() -> impl Strategy<Value = Question> {
    let keys = proptest::collection::btree_map("[a-z:/\"é.]{1,12}", vec(".{0,9}", 1..3), 0..3);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let texts = (text(), vec(text(), 1..4), option::of(text()));
    (texts, keys, flags, option::of(expect())).prop_map(|(texts, keys, flags, expect)| Question {
        name: texts.0,
        action: texts.1,
        resource: texts.2,
        context: keys.into_iter().collect(),
        strict: flags.0,
        chains: flags.1,
        conditional: if flags.2 {
            Conditional::Allow
        } else {
            Conditional::Deny
        },
        root: flags.3,
        expect,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_file_is_told_to_be_one(at in 0..FILE.len(), length in 0_usize..9, by in ".{0,3}") {
        let mut text = FILE.to_owned();
        text.replace_range(at..(at + length).min(FILE.len()), &by);
        match (read(&text), add(&text, &asks("b", "s3:*"))) {
            (Err(faults), Err(same)) => {
                prop_assert_eq!(&faults, &same);
                let lines = text.matches('\n').count() + 1;
                prop_assert!(faults.iter().all(|it| (1..=lines).contains(&it.line)), "{:?}", faults);
            }
            (Ok(_), Ok(changed)) => {
                let questions = read(&changed).unwrap().questions;
                prop_assert!(questions.contains(&asks("b", "s3:*")));
            }
            (read, added) => prop_assert!(false, "{:?}\n{:?}", read, added),
        }
    }

    #[test]
    fn what_is_added_is_read_back(questions in vec(question(), 1..5), is_crlf in any::<bool>()) {
        let start = if is_crlf { FILE.replace('\n', "\r\n") } else { FILE.to_owned() };
        let mut text = start.clone();
        let mut expected = read(&text).unwrap().questions;
        for question in &questions {
            text = add(&text, question).unwrap();
            match expected.iter_mut().find(|it| it.name == question.name) {
                Some(same) => *same = question.clone(),
                None => expected.push(question.clone()),
            }
            prop_assert_eq!(&read(&text).unwrap().questions, &expected);
        }
        // What cannot be seen is seen in the file.
        prop_assert!(!text.contains(['\u{1}', '\u{202e}', '\u{feff}']), "{:?}", text);
        for question in &questions {
            if let Some(rest) = remove(&text, &question.name).unwrap() {
                text = rest;
            }
        }
        prop_assert!(text.starts_with(&start), "{:?}", text);
        prop_assert_eq!(text.trim_end(), start.trim_end());
    }
}
