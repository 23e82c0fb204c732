//! Names and texts that are made to spoil the screen.

use iamscope::iam::{Account, Batch, Field, InlinePolicy, Tag, User};
use iamscope::policy::PolicyText;
use iamscope::visible::is_hidden;

use super::{ask, paste, people, rows};
use crate::support::driver::Driver;

const EVIL: &str =
    "x\u{1b}[31m\u{9b}2J\u{202e}live\u{2066}\u{200b}\u{feff}\u{7f}\u{ad}\r\n宽\u{301}字";

/// An account in which every text is hostile.
fn account() -> Account {
    let model = people(1);
    let model = &model.users()[0];
    let policy = format!(
        "{{\"Statement\": [{{\"Sid\": \"\\u001b]0;t\\u0007{0}\", \"Effect\": \"Allow\", \
         \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::{0}*\", \"Condition\": \
         {{\"StringEquals\": {{\"aws:RequestTag/{0}\": \"{0}\"}}}}}}]}}",
        "y\u{9b}\u{202e}\u{2066}宽"
    );
    let name = format!("evil{EVIL}");
    let user = User {
        name: name.as_str().into(),
        arn: format!("arn:aws:iam::111122223333:user/{EVIL}/{name}").into(),
        path: format!("/{EVIL}/").into(),
        tags: Field::Known(vec![Tag {
            key: format!("key{EVIL}").into(),
            value: format!("value{EVIL}").into(),
        }]),
        attached: Field::Known(Vec::new()),
        inline: Field::Known(vec![InlinePolicy {
            name: format!("own{EVIL}").into(),
            document: Field::Known(PolicyText::new(policy.as_str()).into()),
        }]),
        ..(**model).clone()
    };
    let mut account = people(2);
    account.absorb(Batch {
        users: vec![user],
        ..Batch::default()
    });
    account
}

#[track_caller]
fn check(d: &Driver) {
    let symbols = d.buffer().content.iter().map(ratatui::buffer::Cell::symbol);
    let raw: Vec<char> = symbols
        .flat_map(str::chars)
        .filter(|c| is_hidden(*c))
        .collect();
    assert!(raw.is_empty(), "{raw:?}:\n{}", d.screen());
    // A wide character takes two columns, and none is cut in its middle.
    for line in d.screen().lines() {
        let width = unicode_width::UnicodeWidthStr::width(line);
        assert!(width <= d.buffer().area.width.into(), "{width}: {line}");
    }
}

#[test]
fn nothing_raw_reaches_the_screen() {
    for (width, height) in [(40, 12), (80, 24), (120, 36), (200, 50)] {
        let mut d = Driver::on(account(), width, height);
        ask(&mut d, "s3:GetObject", "");
        assert_eq!(rows(&d).len(), 4);
        for keys in [
            "d",
            "/ e v i l enter",
            "esc",
            "b t a g enter",
            "g j",
            "b p a t h enter",
            "enter",
            "G",
            "]",
            "esc",
            "p",
            "t",
            "a",
            "down",
            "tab",
            "down down down",
            "tab",
            "ctrl-u",
            "esc",
            "E",
            "esc",
            "w",
            "esc",
            "esc",
        ] {
            d.keys(keys);
            check(&d);
        }
    }
}

#[test]
fn hostile_texts_that_are_typed_and_pasted() {
    for text in [
        EVIL.to_owned(),
        format!("s3:Get{EVIL}"),
        format!("arn:aws:s3:::{EVIL}"),
        format!("aws:SourceIp={EVIL}"),
        format!(
            "User: arn:aws:iam::111122223333:user/{EVIL} is not authorized to perform: s3:GetObject \
             on resource: \"arn:aws:s3:::{EVIL}/k\" with an explicit deny in an identity-based \
             policy: arn:aws:iam::111122223333:policy/{EVIL}"
        ),
    ] {
        let mut d = Driver::on(account(), 80, 24);
        for key in [
            "5", "ctrl-u", "tab", "tab", "enter", "esc", "enter", "D", "enter", "ctrl-e",
        ] {
            paste(d.keys(key), &text);
            check(&d);
        }
    }
}

/// What people read holds nothing raw; what machines read is what it is, and escaped as it must be.
#[test]
fn copies_hold_no_raw_control_characters() {
    let mut d = Driver::on(account(), 80, 24);
    ask(&mut d, "s3:GetObject", "");
    let mut copy = |form: &str| {
        d.keys("E").text(&format!("copy as {form}")).keys("enter");
        let copied = d.copied().unwrap().to_owned();
        assert!(copied.contains("evil"), "{form}: {copied}");
        copied
    };
    let raw = |text: &str| text.chars().any(|c| c != '\n' && is_hidden(c));
    assert!(!raw(&copy("text")));
    let json = copy("JSON");
    assert!(!json.chars().any(|c| c != '\n' && c < ' '));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json.to_string().contains("\\u001b"));
}
