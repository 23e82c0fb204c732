//! The canonical form of a JSON text.
//!
//! Two texts of the same object that differ only in white space and in how their strings are
//! escaped have the same canonical form. The order of members, duplicate keys and the spelling of
//! numbers stay as they are: they can matter, or people may want to see them.

use serde_json::value::RawValue;

/// Appends the canonical form of `json` to `out`.
///
/// No white space between tokens; in strings only `"`, `\` and the control characters are
/// escaped, in the short form where there is one. Half a surrogate pair stays an escape.
pub(super) fn push(out: &mut String, json: &RawValue) {
    let text = json.get();
    let bytes = text.as_bytes();
    let mut at = 0;
    // The start of the run that goes over as it is. It ends only at ASCII bytes, so that every
    // cut is at the edge of a character.
    let mut run = 0;
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\n' | b'\r' | b'\t' => {
                out.push_str(&text[run..at]);
                at += white_space(&bytes[at..]);
                run = at;
            }
            b'"' => {
                at += 1;
                loop {
                    while !matches!(bytes.get(at), None | Some(b'"' | b'\\')) {
                        at += 1;
                    }
                    if !matches!(bytes.get(at), Some(b'\\')) {
                        break;
                    }
                    match bytes.get(at + 1) {
                        Some(b'u' | b'/') => {
                            out.push_str(&text[run..at]);
                            at += push_escape(out, &text[at..]);
                            run = at;
                        }
                        _ => at += 2,
                    }
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    out.push_str(&text[run..]);
}

/// The length of the white space at the start of `bytes`. Most of a file is indentation, so eight
/// spaces are passed at a time.
fn white_space(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' ') if bytes[at..].starts_with(b"        ") => at += 8,
            Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
}

/// The canonical form of a text, if the text is a JSON object.
pub(super) fn of_object(text: &str) -> Option<String> {
    let json: &RawValue = serde_json::from_str(text).ok()?;
    json.get().starts_with('{').then(|| {
        let mut out = String::with_capacity(json.get().len());
        push(&mut out, json);
        out
    })
}

/// Appends the shortest form of the escape that `rest` starts with; gives the length of what was
/// read of `rest`.
fn push_escape(out: &mut String, rest: &str) -> usize {
    let Some(unit) = unit(rest) else {
        out.push('/');
        return 2;
    };
    if let Some(c) = char::from_u32(unit) {
        push_char(out, c);
        return 6;
    }
    let low = rest.get(6..).and_then(self::unit);
    if let (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) = (unit, low)
        && let Some(c) = char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
    {
        out.push(c);
        return 12;
    }
    out.push_str(&rest[..6].to_ascii_lowercase());
    6
}

/// The number of the `\uXXXX` that a text starts with.
fn unit(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

fn push_char(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(json: &str) -> String {
        let mut out = String::new();
        push(&mut out, serde_json::from_str(json).unwrap());
        out
    }

    #[test]
    fn white_space_goes_and_order_and_duplicates_stay() {
        assert_eq!(
            canonical("{ \"b\" : [ 1 , 1.50e+3 ],\r\n\t\"a\": \"x  y\", \"a\": null }"),
            r#"{"b":[1,1.50e+3],"a":"x  y","a":null}"#
        );
    }

    #[test]
    fn strings_are_escaped_as_little_as_can_be() {
        let json = r#"["\u00e9\u00E9é","\/","\u0022\u005c\u005C","\u000a\u0008\u001B\u007f","\ud83d\uDE00","\\u0041"]"#;
        let expected =
            "[\"ééé\",\"/\",\"\\\"\\\\\\\\\",\"\\n\\b\\u001b\u{7f}\",\"😀\",\"\\\\u0041\"]";
        assert_eq!(canonical(json), expected);
        assert_eq!(canonical(expected), expected);
    }

    #[test]
    fn half_a_pair_stays() {
        for json in [
            r#"["\ud83d"]"#,
            r#"["\ude00\ud83d"]"#,
            r#"["\ud83d\n"]"#,
            r#"["\ud83dé"]"#,
        ] {
            assert_eq!(canonical(json), json);
        }
        assert_eq!(canonical(r#"["\uD83Dx"]"#), r#"["\ud83dx"]"#);
    }

    #[test]
    fn only_objects_have_one() {
        assert_eq!(of_object(" {} ").as_deref(), Some("{}"));
        for text in ["", "{", "[]", "\"{}\"", "null", "{} {}", "{'a': 1}"] {
            assert_eq!(of_object(text), None, "{text}");
        }
    }
}
