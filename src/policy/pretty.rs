//! JSON text with line breaks and indentation, whatever its state.
//!
//! Works on pieces and not on a tree: a broken text keeps every piece and comes out readable.

use super::lex::{Bracket, Lexeme, Lexer, Piece};

/// The deepest level that is still indented: past it, depth would cost quadratic space.
const DEEPEST: usize = 16;
/// The widest list of scalars that stays in one line, in bytes.
const WIDEST: usize = 60;

/// Lays `text` out with two spaces a level. Short lists of scalars stay in one line.
///
/// Only white space between values changes, so that valid JSON keeps its meaning.
pub fn pretty(text: &str) -> String {
    let pieces: Vec<Piece> = Lexer::new(text).collect();
    let mut printer = Printer {
        text,
        out: String::with_capacity(text.len() * 3 / 2),
        depth: 0,
        last: None,
    };
    let mut rest = &pieces[..];
    while !rest.is_empty() {
        let len = short(rest).unwrap_or(1);
        let (line, after) = rest.split_at(len);
        printer.print(line);
        rest = after;
    }
    printer.out
}

struct Printer<'a> {
    text: &'a str,
    out: String,
    depth: usize,
    last: Option<&'a Piece>,
}

impl<'a> Printer<'a> {
    /// Prints a piece, or all pieces of a container that stays in one line.
    fn print(&mut self, line: &'a [Piece]) {
        let [piece, inside @ ..] = line else {
            return;
        };
        self.separate(piece);
        self.out.push_str(piece.span.of(self.text));
        if matches!(piece.lexeme, Lexeme::Open(_)) && inside.is_empty() {
            self.depth += 1;
        }
        for piece in inside {
            self.out.push_str(piece.span.of(self.text));
            if piece.lexeme == Lexeme::Comma {
                self.out.push(' ');
            }
        }
        self.last = line.last();
    }

    /// Writes what stands between the last piece and this one.
    fn separate(&mut self, piece: &Piece) {
        if matches!(piece.lexeme, Lexeme::Close(_)) {
            self.depth = self.depth.saturating_sub(1);
            return self.break_line();
        }
        let Some(last) = self.last else {
            return;
        };
        if runs_to_line_end(last, self.text) {
            return self.break_line();
        }
        match (last.lexeme, piece.lexeme) {
            (_, Lexeme::Comma | Lexeme::Colon) => {}
            (Lexeme::Colon, _) => self.out.push(' '),
            (Lexeme::Comma | Lexeme::Open(_), _) => self.break_line(),
            // Two values with no comma between them. What touches stays together.
            _ if last.span.end < piece.span.start => self.out.push(' '),
            _ => {}
        }
    }

    fn break_line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.depth.min(DEEPEST) {
            self.out.push_str("  ");
        }
    }
}

/// Whether what follows the piece in its line would become a part of it.
fn runs_to_line_end(piece: &Piece, text: &str) -> bool {
    match piece.lexeme {
        Lexeme::Noise => piece.span.of(text).starts_with("//"),
        Lexeme::String => piece.fault.is_some(),
        _ => false,
    }
}

/// How many pieces the container that opens here takes, where it stays in one line: because it
/// is empty, or a short list of scalars. Looks no further than such a line is wide.
fn short(pieces: &[Piece]) -> Option<usize> {
    let [opener, inside @ ..] = pieces else {
        return None;
    };
    match opener.lexeme {
        Lexeme::Open(Bracket::Array) => {}
        Lexeme::Open(Bracket::Object) => {
            let closed = inside.first()?.lexeme == Lexeme::Close(Bracket::Object);
            return closed.then_some(2);
        }
        _ => return None,
    }
    // The brackets.
    let mut width = 2;
    for (index, piece) in inside.iter().enumerate() {
        match piece.lexeme {
            Lexeme::Close(Bracket::Array) => return Some(index + 2),
            // The comma and the space after it.
            Lexeme::Comma => width += 2,
            Lexeme::String | Lexeme::Number | Lexeme::True | Lexeme::False | Lexeme::Null => {
                width += piece.span.len();
            }
            _ => return None,
        }
        if width > WIDEST || piece.fault.is_some() {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lays_a_policy_out() {
        let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":["arn:aws:s3:::a-very-much-longer-bucket-name","arn:aws:s3:::b"],"Condition":{}}]}"#;
        let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:Get*", "s3:List*"],
      "Resource": [
        "arn:aws:s3:::a-very-much-longer-bucket-name",
        "arn:aws:s3:::b"
      ],
      "Condition": {}
    }
  ]
}"#;
        assert_eq!(pretty(text), expected);
        assert_eq!(pretty(expected), expected, "once laid out, for ever");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&pretty(text)).unwrap(),
            serde_json::from_str::<serde_json::Value>(text).unwrap()
        );
    }

    #[test]
    fn a_broken_text_keeps_every_piece() {
        for text in [
            r#"{"a":[1,2"#,
            r#"{"a" "b" True,, 'x'}}]"#,
            "{\"a\":\"never closed",
            "[1 // note\n,\"open\n]",
            "\u{feff}{/*x*/}",
            "foo bar",
            "[}",
            "{]",
        ] {
            let bare = |text: &str| text.replace(char::is_whitespace, "");
            assert_eq!(bare(&pretty(text)), bare(text));
            let lexemes = |text: &str| Lexer::new(text).map(|p| p.lexeme).collect::<Vec<_>>();
            assert_eq!(lexemes(&pretty(text)), lexemes(text), "{text}");
        }
        assert_eq!(pretty(""), "");
        assert_eq!(pretty("\"only\""), "\"only\"");
    }

    #[test]
    fn depth_does_not_explode() {
        let deep = "[".repeat(100_000);
        assert!(pretty(&deep).len() < 100_000 * 2 * (DEEPEST + 1));
    }
}
