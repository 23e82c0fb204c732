use super::*;

const MINIFIED: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":["iam:Get*","iam:List*"],"Resource":"*"}]}"#;

fn kinds(layout: &Layout, line: usize) -> Vec<(&str, TokenKind)> {
    let tokens = layout.line_tokens(line).iter();
    tokens
        .map(|token| (token.span.of(layout.text()), token.kind))
        .collect()
}

/// A tree without its places: kinds, names and scalars in order.
fn meaning(text: &str) -> Vec<(NodeKind, Option<String>, Option<String>)> {
    let tree = Tree::parse(text);
    let nodes = tree.nodes().iter();
    nodes
        .map(|node| {
            let container = matches!(node.kind, NodeKind::Object | NodeKind::Array);
            let scalar = (!container).then(|| node.span.of(text).to_owned());
            (
                node.kind,
                node.key.map(|key| key.of(text).to_owned()),
                scalar,
            )
        })
        .collect()
}

#[test]
fn a_text_in_one_line_is_laid_out_and_keeps_its_tree() {
    for source in [MINIFIED.to_owned(), format!("{MINIFIED}\n")] {
        let layout = Layout::of_policy(&source);
        assert_eq!(layout.line_count(), 15);
        assert_eq!(layout.line(1), r#"  "Version": "2012-10-17","#);
        assert_eq!(meaning(&source), meaning(layout.text()));
        assert_eq!(layout.faults(), []);
    }
}

#[test]
fn a_text_with_lines_is_shown_as_it_is() {
    let source = "{\r\n   \"Statement\" : [ ] }\r\n";
    let layout = Layout::of_policy(source);
    assert_eq!(layout.text(), source);
    assert_eq!(layout.line_count(), 2);
    assert_eq!(layout.line(1), "   \"Statement\" : [ ] }");
}

#[test]
fn statements_have_lines_and_lines_have_statements() {
    let layout = Layout::of_policy(MINIFIED);
    assert_eq!(layout.statement_lines(0), Some(3..8));
    assert_eq!(layout.statement_lines(1), Some(8..13));
    assert_eq!(layout.statement_lines(2), None);
    assert_eq!(layout.statement_at_line(2), None);
    assert_eq!(layout.statement_at_line(3), Some(0));
    assert_eq!(layout.statement_at_line(8), Some(1));
    assert_eq!(layout.statement_at_line(13), None);
    let deny = layout.text().find("Deny").unwrap();
    assert_eq!(layout.statement_at(deny), Some(1));
    assert_eq!(layout.statement_at(0), None);
    assert_eq!(layout.place(deny).to_string(), "line 10, column 18");
}

#[test]
fn folds_are_the_containers_of_several_lines() {
    let layout = Layout::of_policy(MINIFIED);
    let fold = |first_line, last_line, statement| Fold {
        first_line,
        last_line,
        statement,
    };
    assert_eq!(
        layout.folds(),
        [
            fold(0, 14, None),
            fold(2, 13, None),
            fold(3, 7, Some(0)),
            fold(8, 12, Some(1))
        ]
    );
}

#[test]
fn tokens_tell_names_from_strings() {
    let layout = Layout::of_json("{\"a\": \"b\",\n\"c\": [-1, true], 'd': x /* two\nlines */}");
    use TokenKind::*;
    assert_eq!(
        kinds(&layout, 0),
        [
            ("{", Punctuation),
            ("\"a\"", Key),
            (":", Punctuation),
            ("\"b\"", String),
            (",", Punctuation)
        ]
    );
    let second = kinds(&layout, 1);
    assert_eq!(second[3], ("-1", Number));
    assert_eq!(second[5], ("true", Keyword));
    assert_eq!(second[8], ("'d'", Key));
    assert_eq!(second[10..], [("x", Error), ("/* two", Error)]);
    assert_eq!(kinds(&layout, 2), [("lines */", Error), ("}", Punctuation)]);
}

#[test]
fn a_broken_text_has_lines_tokens_and_faults() {
    let cut = &MINIFIED[..MINIFIED.len() - 20];
    let layout = Layout::of_policy(cut);
    assert!(layout.line_count() > 8);
    assert_eq!(layout.document().statements.len(), 2);
    let fault = &layout.faults()[0];
    assert!(!fault.span.of(layout.text()).is_empty());

    let empty = Layout::of_policy("");
    assert_eq!((empty.line_count(), empty.line(0)), (1, ""));
    assert_eq!(empty.faults().len(), 1);
    assert_eq!(empty.line_tokens(0), []);
    assert_eq!(empty.line_tokens(7), []);
}

#[test]
fn any_json_is_laid_out_without_a_document() {
    let layout = Layout::of_json(r#"{"UserName":"nadia","Tags":[],"Statement":{}}"#);
    assert_eq!(layout.line_count(), 5);
    assert_eq!(layout.document().statements, []);
    assert_eq!(layout.faults(), []);
}

#[test]
fn a_hostile_text_is_no_danger() {
    let deep = Layout::of_policy(&"[".repeat(200_000));
    assert_eq!(deep.line_count(), 200_000);
    let flat = format!("[\"{}\",\n1]", "x".repeat(1_000_000));
    assert_eq!(Layout::of_json(&flat).line_tokens(0).len(), 3);
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

#[test]
fn whatever_the_text_every_place_is_right_and_every_piece_is_shown() {
    const BITS: [&str; 20] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "'",
        "//",
        "/*",
        "*/",
        "\n",
        "\0",
        "\u{feff}",
        "ü",
        "\\ud800",
        "true",
        "-1e",
        "\"Effect\":\"Allow\"",
    ];
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..2_000 {
        let mut source = MINIFIED.to_owned();
        for _ in 0..=dice.roll(6) {
            let mut at = dice.roll(source.len() + 1);
            while !source.is_char_boundary(at) {
                at -= 1;
            }
            match dice.roll(3) {
                0 => source.truncate(at.max(1)),
                1 if at < source.len() => drop(source.remove(at).to_string()),
                _ => source.insert_str(at, BITS[dice.roll(BITS.len())]),
            }
        }
        let layout = Layout::of_policy(&source);
        let text = layout.text();
        let bare = |text: &str| text.replace(char::is_whitespace, "");
        assert_eq!(bare(text), bare(&source));
        for token in layout.tokens() {
            let piece = text.get(token.span.range()).expect(&source);
            assert!(!piece.is_empty() && !piece.contains('\n'), "{source:?}");
        }
        assert!(layout.tokens().is_sorted_by_key(|token| token.span));
        for fault in layout.faults() {
            assert!(text.get(fault.span.range()).is_some(), "{source:?}");
        }
        for statement in &layout.document().statements {
            assert!(text.get(statement.span.range()).is_some(), "{source:?}");
            crate::policy::describe(statement);
        }
        crate::policy::trust_summary(layout.document(), None);
        // The two parsers agree on what JSON is, but for lone surrogates, which ours lets pass.
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        let is_json = !Document::parse(&source).faults.iter().any(Fault::is_syntax);
        if !source.contains("\\ud800") {
            assert_eq!(is_json, value(&source).is_some(), "{source:?}");
        }
        if is_json {
            assert_eq!(meaning(&source), meaning(text));
            assert_eq!(value(&source), value(text), "{source:?}");
        }
    }
}
