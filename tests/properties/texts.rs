//! Texts: what is read, printed and read again is the same.

use iamscope::policy::{self, Cursor, Document, NodeKind, Tree};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::{case, tries};

/// JSON of any shape, with the signs that strings stumble over.
fn json() -> impl Strategy<Value = Value> {
    let text = || "[ -~]{0,8}|[\\\\\"/{}:,\\[\\]\u{0}-\u{1f}\u{7f}é\u{2028}\u{fffd}😀]{0,6}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The policies of a random case, or any JSON at all.
fn documents() -> impl Strategy<Value = Value> {
    let policy = any::<u64>().prop_map(|seed| {
        let case = case(seed);
        let policy = &case["identity_policies"][0]["policy"];
        let other = &case["resource_policy"];
        if policy.is_null() {
            other.clone()
        } else {
            policy.clone()
        }
    });
    prop_oneof![policy, json()]
}

/// Writes a value with white space and escapes as the numbers say, over and over.
fn write(value: &Value, how: &mut impl Iterator<Item = u8>, out: &mut String) {
    let space = |how: &mut dyn Iterator<Item = u8>, out: &mut String| {
        let kinds = ["", "", "", " ", "\n", "\r\n\t", "  "];
        out.push_str(kinds[usize::from(how.next().unwrap()) % kinds.len()]);
    };
    space(how, out);
    match value {
        Value::String(text) => write_text(text, how, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(item, how, out);
            }
            space(how, out);
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (at, (key, member)) in members.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                space(how, out);
                write_text(key, how, out);
                space(how, out);
                out.push(':');
                write(member, how, out);
            }
            space(how, out);
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
    space(how, out);
}

/// Writes a string, now and then with more escapes than it needs.
fn write_text(text: &str, how: &mut impl Iterator<Item = u8>, out: &mut String) {
    out.push('"');
    for sign in text.chars() {
        let wish = how.next().unwrap();
        match sign {
            _ if wish.is_multiple_of(9) => {
                let mut units = [0; 2];
                for unit in sign.encode_utf16(&mut units) {
                    let upper = format!("\\u{unit:04X}");
                    let lower = format!("\\u{unit:04x}");
                    out.push_str(if wish.is_multiple_of(2) {
                        &upper
                    } else {
                        &lower
                    });
                }
            }
            '/' if wish.is_multiple_of(4) => out.push_str("\\/"),
            '"' | '\\' => out.extend(['\\', sign]),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

/// The text of a document as somebody may have written it.
fn texts() -> impl Strategy<Value = String> {
    (documents(), vec(any::<u8>(), 1..40)).prop_map(|(value, how)| {
        let mut out = String::new();
        write(&value, &mut how.into_iter().cycle(), &mut out);
        out
    })
}

/// A document without its places.
fn bare(document: &Document) -> String {
    let text = format!("{document:?}");
    let mut parts = text.split("Span {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |bare, part| {
        bare + part.split_once('}').map_or(part, |it| it.1)
    })
}

/// What a value of a tree means.
fn meaning(at: Cursor<'_>) -> Value {
    match at.kind() {
        NodeKind::Object => {
            let members = at.children();
            let members = members.map(|it| (it.key().unwrap().into_owned(), meaning(it)));
            Value::from(members.collect::<Map<_, _>>())
        }
        NodeKind::Array => at.children().map(meaning).collect(),
        NodeKind::String => at.text().as_ref().into(),
        NodeKind::Number => serde_json::from_str::<Number>(at.source()).unwrap().into(),
        NodeKind::Bool(yes) => yes.into(),
        NodeKind::Null => Value::Null,
        NodeKind::Broken => panic!("broken: {}", at.source()),
    }
}

proptest! {
    #![proptest_config(tries(600))]

    #[test]
    fn a_tree_means_what_the_text_means(text in texts()) {
        let tree = Tree::parse(&text);
        prop_assert!(tree.faults().is_empty(), "{:?}", tree.faults());
        let expected: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(meaning(tree.root(&text).unwrap()), expected);
    }

    #[test]
    fn printing_changes_nothing_but_space(text in texts()) {
        let printed = policy::pretty(&text);
        prop_assert_eq!(bare(&Document::parse(&text)), bare(&Document::parse(&printed)));
        let size = |text: &str| policy::SizeKind::Managed.size(text);
        prop_assert_eq!(size(&text), size(&printed));
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        prop_assert_eq!(parsed(&text), parsed(&printed));
        prop_assert_eq!(policy::pretty(&printed), printed.clone());
    }

    #[test]
    fn a_pointer_leads_to_the_value_at_its_place(text in texts()) {
        let tree = Tree::parse(&text);
        let value: Value = serde_json::from_str(&text).unwrap();
        for node in tree.nodes() {
            let found = value.pointer(&tree.pointer(&text, node.span));
            let there = serde_json::from_str::<Value>(node.span.of(&text)).unwrap();
            prop_assert_eq!(found, Some(&there));
        }
    }
}
