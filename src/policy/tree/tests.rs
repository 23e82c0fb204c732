use super::parse::MOST_FAULTS;
use super::*;

/// The tree as text, in one line: what a reader of the tree sees.
fn shape(text: &str) -> String {
    fn write(cursor: Cursor<'_>, out: &mut String) {
        if let Some(key) = cursor.key() {
            out.push_str(&format!("{key}="));
        }
        let (open, close) = match cursor.kind() {
            NodeKind::Object => ("{", "}"),
            NodeKind::Array => ("[", "]"),
            NodeKind::Broken => return out.push_str(&format!("?{}", cursor.text())),
            NodeKind::String => return out.push_str(&format!("'{}'", cursor.text())),
            _ => return out.push_str(cursor.source()),
        };
        out.push_str(open);
        for (index, child) in cursor.children().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            write(child, out);
        }
        out.push_str(close);
    }
    let tree = Tree::parse(text);
    let mut out = String::new();
    if let Some(root) = tree.root(text) {
        write(root, &mut out);
    }
    out
}

fn faults(text: &str) -> Vec<String> {
    let tree = Tree::parse(text);
    let faults = tree.faults().iter();
    faults
        .map(|fault| format!("{}: {fault}", fault.span.start))
        .collect()
}

#[test]
fn reads_every_kind_of_value() {
    let text = r#"{"a": [1, -2.5, true, false, null], "b": {"c": "d\u0041"}, "e": {}, "f": []}"#;
    assert_eq!(
        shape(text),
        "{a=[1 -2.5 true false null] b={c='dA'} e={} f=[]}"
    );
    assert_eq!(faults(text), [""; 0]);
}

#[test]
fn spans_slice_to_the_exact_source() {
    let text = r#"{ "ü" : [ "x" , {"k":1} ] }"#;
    let tree = Tree::parse(text);
    let sources: Vec<_> = tree.nodes().iter().map(|n| n.span.of(text)).collect();
    assert_eq!(
        sources,
        [text, r#"[ "x" , {"k":1} ]"#, "\"x\"", "{\"k\":1}", "1"]
    );
    assert_eq!(tree.nodes()[1].key.unwrap().of(text), "\"ü\"");
    assert_eq!(tree.nodes()[4].key.unwrap().of(text), "\"k\"");
}

#[test]
fn duplicate_names_are_kept_and_reported() {
    let text = r#"{"a":1,"b":2,"\u0061":3}"#;
    assert_eq!(shape(text), "{a=1 b=2 a=3}");
    assert_eq!(faults(text), ["13: a stands twice in one object"]);

    let many: Vec<_> = (0..50).map(|n| format!("\"k{}\":{n}", n % 49)).collect();
    let many = format!("{{{}}}", many.join(","));
    assert_eq!(faults(&many).len(), 1, "{:?}", faults(&many));
}

#[test]
fn commas_missing_and_too_many() {
    assert_eq!(shape("[1,2,]"), "[1 2]");
    assert_eq!(faults("[1,2,]"), ["4: a comma too many"]);
    assert_eq!(faults("[,1,,2]").len(), 2);
    assert_eq!(shape("[,1,,2]"), "[1 2]");
    assert_eq!(shape(r#"["a" "b"]"#), "['a' 'b']");
    assert_eq!(
        faults(r#"["a" "b"]"#),
        ["5: a comma is missing before this"]
    );
    assert_eq!(shape(r#"{"a":1 "b":2,}"#), "{a=1 b=2}");
    assert_eq!(faults(r#"{"a":1 "b":2,}"#).len(), 2);
}

#[test]
fn names_and_values_that_lack_each_other() {
    assert_eq!(shape(r#"{"a":,"b" 2,"c"}"#), "{a=? b=2 c=?}");
    assert_eq!(
        faults(r#"{"a":,"b" 2,"c"}"#),
        [
            "1: a name without a value",
            "10: a colon is missing before this",
            "12: a name without a value"
        ]
    );
    assert_eq!(shape(r#"{{"a":1},[2]}"#), "{{a=1} [2]}");
    assert_eq!(faults(r#"{{"a":1},[2]}"#).len(), 2);
    assert_eq!(shape(r#"["a":1]"#), "['a' 1]");
}

#[test]
fn brackets_that_are_missing() {
    assert_eq!(shape(r#"{"a":[1,{"b":2"#), "{a=[1 {b=2}]}");
    assert_eq!(
        faults(r#"{"a":[1,{"b":2"#),
        ["8: this { is never closed"],
        "the innermost, once"
    );
    assert_eq!(shape(r#"{"a":["x","y"}"#), "{a=['x' 'y']}");
    assert_eq!(faults(r#"{"a":["x","y"}"#), ["5: this [ is never closed"]);
    assert_eq!(shape(r#""a":[1],"b":2}"#), "{a=[1] b=2}");
    assert_eq!(faults(r#""a":[1],"b":2}"#).len(), 1);
    assert_eq!(shape("[1]]"), "[1]");
    assert_eq!(faults("[1]] [2] x"), ["3: the text goes on after its end"]);
    assert_eq!(shape("[1}, 2]"), "[1 2]");
}

#[test]
fn what_people_paste() {
    let text = "\u{feff}{ // a note\n 'a': True, /* more */ b: None }";
    assert_eq!(shape(text), "{a=?True b=?None}");
    assert_eq!(faults(text).len(), 7, "{:?}", faults(text));
    assert_eq!(shape("{\"a\u{0}b\":1,\u{0}\u{a0}\"c\":2}"), "{a\0b=1 c=2}");
    assert_eq!(
        shape("{\"a\": \"never closed,\n\"b\": 2}"),
        "{a='never closed,' b=2}"
    );
    assert_eq!(faults(""), ["0: there is no JSON value"]);
    assert_eq!(shape(" \n"), "");
    assert_eq!(faults("}"), ["0: unexpected }"]);
    assert_eq!(shape("{} // end"), "{}");
}

#[test]
fn faults_are_in_order_and_bounded() {
    let text = "[1 ".repeat(1_000);
    let tree = Tree::parse(&text);
    assert_eq!(tree.faults().len(), MOST_FAULTS);
    assert!(tree.faults().is_sorted_by_key(|fault| fault.span));
}

#[test]
fn depth_costs_no_stack_and_no_more_than_linear_time() {
    let deep = "[".repeat(1_000_000);
    let tree = Tree::parse(&deep);
    assert_eq!(tree.nodes().len(), 1_000_000);
    assert_eq!(tree.faults().len(), 1);
    let root = tree.root(&deep).unwrap();
    assert_eq!(root.children().count(), 1);

    // Every brace here looks for an object that is not there.
    let stray = format!("{}{}", deep, "}".repeat(1_000_000));
    assert_eq!(Tree::parse(&stray).nodes().len(), 1_000_000);
    let objects = "{\"a\":".repeat(300_000) + &"]".repeat(300_000);
    assert_eq!(Tree::parse(&objects).nodes().len(), 300_000);
}

#[test]
fn a_cut_at_any_place_is_read_without_panic() {
    let text = "\u{feff}{\"ü\\ud83d\\ude00\":[1e5,'q',true],/*c*/\"b\" {\"x\":null},,}//";
    for (at, _) in text.char_indices() {
        for piece in [&text[..at], &text[at..]] {
            let tree = Tree::parse(piece);
            for node in tree.nodes() {
                assert!(piece.get(node.span.range()).is_some(), "{piece}");
            }
            shape(piece);
        }
    }
}
