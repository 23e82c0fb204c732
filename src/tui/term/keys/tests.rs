use super::*;

fn typed(bytes: &[u8]) -> Vec<Typed> {
    let mut out = Vec::new();
    Parser::default().feed(bytes, false, &mut out);
    out
}

fn keys(bytes: &[u8]) -> Vec<(KeyCode, KeyModifiers)> {
    typed(bytes)
        .into_iter()
        .map(|typed| match typed {
            Typed::Key(key) => (key.code, key.modifiers),
            Typed::Paste(text) => panic!("a paste: {text}"),
        })
        .collect()
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
const ALT: KeyModifiers = KeyModifiers::ALT;
const CONTROL: KeyModifiers = KeyModifiers::CONTROL;

#[test]
fn letters_and_control_characters() {
    assert_eq!(
        keys("aG/é日".as_bytes()),
        [
            (KeyCode::Char('a'), NONE),
            (KeyCode::Char('G'), SHIFT),
            (KeyCode::Char('/'), NONE),
            (KeyCode::Char('é'), NONE),
            (KeyCode::Char('日'), NONE),
        ]
    );
    assert_eq!(
        keys(b"\x03\x1a\r\t\x7f\x00\x1f"),
        [
            (KeyCode::Char('c'), CONTROL),
            (KeyCode::Char('z'), CONTROL),
            (KeyCode::Enter, NONE),
            (KeyCode::Tab, NONE),
            (KeyCode::Backspace, NONE),
            (KeyCode::Char(' '), CONTROL),
            (KeyCode::Char('7'), CONTROL),
        ]
    );
}

#[test]
fn escape_alone_comes_at_once_and_before_a_letter_is_alt() {
    assert_eq!(keys(b"\x1b"), [(KeyCode::Esc, NONE)]);
    assert_eq!(keys(b"\x1b\x1b"), [(KeyCode::Esc, NONE); 2]);
    assert_eq!(keys(b"\x1bx"), [(KeyCode::Char('x'), ALT)]);
    assert_eq!(
        keys("\x1bÄ".as_bytes()),
        [(KeyCode::Char('Ä'), ALT | SHIFT)]
    );
    assert_eq!(keys(b"\x1b\x1b[A"), [(KeyCode::Up, ALT)]);
    assert_eq!(
        keys(b"j\x1b"),
        [(KeyCode::Char('j'), NONE), (KeyCode::Esc, NONE)]
    );
}

#[test]
fn cursor_and_function_keys_in_all_their_spellings() {
    for (bytes, code) in [
        (&b"\x1b[A"[..], KeyCode::Up),
        (b"\x1bOB", KeyCode::Down),
        (b"\x1b[H", KeyCode::Home),
        (b"\x1b[1~", KeyCode::Home),
        (b"\x1b[7~", KeyCode::Home),
        (b"\x1bOF", KeyCode::End),
        (b"\x1b[5~", KeyCode::PageUp),
        (b"\x1b[6~", KeyCode::PageDown),
        (b"\x1b[3~", KeyCode::Delete),
        (b"\x1bOP", KeyCode::F(1)),
        (b"\x1b[[A", KeyCode::F(1)),
        (b"\x1b[11~", KeyCode::F(1)),
        (b"\x1b[15~", KeyCode::F(5)),
        (b"\x1b[17~", KeyCode::F(6)),
        (b"\x1b[21~", KeyCode::F(10)),
        (b"\x1b[24~", KeyCode::F(12)),
        (b"\x1b[34~", KeyCode::F(20)),
        (b"\x1bOM", KeyCode::Enter),
        (b"\x1bOp", KeyCode::Char('0')),
        (b"\x1bOk", KeyCode::Char('+')),
    ] {
        assert_eq!(keys(bytes), [(code, NONE)], "{}", bytes.escape_ascii());
    }
}

#[test]
fn modifiers_come_along() {
    assert_eq!(keys(b"\x1b[1;5C"), [(KeyCode::Right, CONTROL)]);
    assert_eq!(keys(b"\x1b[1;2P"), [(KeyCode::F(1), SHIFT)]);
    assert_eq!(keys(b"\x1b[3;3~"), [(KeyCode::Delete, ALT)]);
    assert_eq!(keys(b"\x1b[Z"), [(KeyCode::BackTab, SHIFT)]);
    assert_eq!(keys(b"\x1b[106;5u"), [(KeyCode::Char('j'), CONTROL)]);
    assert_eq!(keys(b"\x1b[106;2u"), [(KeyCode::Char('J'), SHIFT)]);
    assert_eq!(keys(b"\x1b[27;5;13~"), [(KeyCode::Enter, CONTROL)]);
    assert_eq!(keys(b"\x1b[27u"), [(KeyCode::Esc, NONE)]);
}

#[test]
fn only_presses_and_repeats_count() {
    assert_eq!(keys(b"\x1b[106;1:1u").len(), 1);
    assert_eq!(keys(b"\x1b[106;1:2u").len(), 1);
    assert_eq!(keys(b"\x1b[106;1:3u"), []);
    assert_eq!(keys(b"\x1b[1;1:3A"), []);
}

#[test]
fn what_is_unknown_is_passed_over_as_a_whole() {
    for bytes in [
        &b"\x1b[?62;22c"[..],
        b"\x1b[12;40R",
        b"\x1b[I",
        b"\x1b[<0;10;20M",
        b"\x1b[M !!",
        b"\x1b[99~",
        b"\x1b[9999999999999~",
        b"\xff\xfe\xc0",
        b"\x1bOz",
    ] {
        let mut with_letter = bytes.to_vec();
        with_letter.push(b'j');
        assert_eq!(
            keys(&with_letter),
            [(KeyCode::Char('j'), NONE)],
            "{}",
            bytes.escape_ascii()
        );
    }
    // Broken off: the key behind it still counts.
    assert_eq!(keys(b"\x1b[1;5\r"), [(KeyCode::Enter, NONE)]);
}

#[test]
fn pastes_are_one_text() {
    assert_eq!(
        typed(b"a\x1b[200~one\rtwo\r\nthree\x1b[A\x1b[201~b"),
        [
            character('a', NONE),
            Typed::Paste("one\ntwo\nthree\x1b[A".into()),
            character('b', NONE),
        ]
    );
}

#[test]
fn the_pieces_do_not_matter() {
    let bytes = "j\x1b[1;5Cé\x1bOPx\x1b[200~日本\r\x1b[201~\x1b[15~k".as_bytes();
    let whole = typed(bytes);
    assert_eq!(whole.len(), 8);
    for size in 1..bytes.len() {
        let mut parser = Parser::default();
        let mut out = Vec::new();
        for piece in bytes.chunks(size) {
            parser.feed(piece, true, &mut out);
        }
        assert_eq!(out, whole, "in pieces of {size}");
        assert!(!parser.is_waiting());
    }
}

#[test]
fn what_waits_can_be_given_up() {
    for (bytes, expected) in [
        (&b"\x1b["[..], vec![character('[', ALT)]),
        (b"\x1bO", vec![character('O', ALT)]),
        (
            b"\x1b\x1b[",
            vec![Typed::Key(KeyCode::Esc.into()), character('[', ALT)],
        ),
        (b"\x1b[1;", vec![]),
        (b"\xe6\x97", vec![]),
        (b"\x1b[200~half", vec![Typed::Paste("half".into())]),
    ] {
        let mut parser = Parser::default();
        let mut out = Vec::new();
        parser.feed(bytes, false, &mut out);
        assert_eq!(out, [], "{}", bytes.escape_ascii());
        assert!(parser.is_waiting());
        parser.give_up(&mut out);
        assert_eq!(out, expected, "{}", bytes.escape_ascii());
        assert!(!parser.is_waiting());
        parser.feed(b"j", false, &mut out);
        assert_eq!(out.last(), Some(&character('j', NONE)));
    }
}

#[test]
fn no_bytes_whatever_confuse_it() {
    let interesting = b"\x1b\x1b\x1b[[O0123;:~ABCuMZ\r\x00\x7f\xc3\xa9\xe6\x97\xff a200201";
    let mut number: u64 = 1;
    let mut dice = |below: usize| {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(number >> 33).unwrap() % below
    };
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..40)
            .map(|_| interesting[dice(interesting.len())])
            .collect();
        let (mut whole, mut pieces) = (Vec::new(), Vec::new());
        Parser::default().feed(&bytes, true, &mut whole);
        let mut parser = Parser::default();
        for piece in bytes.chunks(1 + dice(7)) {
            parser.feed(piece, true, &mut pieces);
        }
        assert_eq!(pieces, whole, "{}", bytes.escape_ascii());
        parser.give_up(&mut pieces);
        assert!(!parser.is_waiting());
    }
}
