//! The form in which a text is shown: its lines, colours, folds and statements.
//!
//! All places count in the text that is shown, which is the text itself where it has lines, and a
//! laid-out form of it where it came in one line.

use std::ops::Range;

use super::lex::{Lexeme, Lexer};
use super::pretty::pretty;
use super::{Document, Fault, Lines, NodeKind, Place, Span, Tree};

/// A text as it is shown.
#[derive(Debug, Clone)]
pub struct Layout {
    text: String,
    lines: Lines,
    tokens: Vec<Token>,
    folds: Vec<Fold>,
    document: Document,
    statements: Vec<Range<usize>>,
}

/// A piece of the text that is coloured. None crosses a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it is in the text shown.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The name of a member, quotes included.
    Key,
    /// A string, quotes included.
    String,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Keyword,
    /// Brackets, commas and colons.
    Punctuation,
    /// What is no JSON: bare words, comments, stray characters.
    Error,
}

/// An object or array that can be folded: it takes more than one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// The line of the opening bracket, from zero.
    pub first_line: usize,
    /// The line of the closing bracket.
    pub last_line: usize,
    /// Which statement this object is, from zero, where it is one.
    pub statement: Option<usize>,
}

impl Layout {
    /// Lays a policy document out. Never fails; see [`Layout::faults`].
    pub fn of_policy(text: &str) -> Self {
        Self::of(text, true)
    }

    /// Lays any other JSON text out, with no document in it.
    pub fn of_json(text: &str) -> Self {
        Self::of(text, false)
    }

    fn of(source: &str, is_policy: bool) -> Self {
        // A line feed at the end only, as editors leave one, makes no lines.
        let text = if source.trim().contains('\n') {
            source.to_owned()
        } else {
            pretty(source)
        };
        let lines = Lines::of(&text);
        let tree = Tree::parse(&text);
        let document = if is_policy {
            Document::read(&tree, &text)
        } else {
            Document {
                faults: tree.faults().to_vec(),
                ..Document::default()
            }
        };
        let statements = document
            .statements
            .iter()
            .map(|statement| lines_of(&lines, statement.span))
            .collect();
        Self {
            tokens: tokens(&text, &tree),
            folds: folds(&lines, &tree, &document),
            statements,
            lines,
            document,
            text,
        }
    }

    /// The text shown.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The policy, with its places in the text shown.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What is wrong, in the order of the text.
    pub fn faults(&self) -> &[Fault] {
        &self.document.faults
    }

    /// How many lines there are; at least one.
    pub fn line_count(&self) -> usize {
        self.lines.count()
    }

    /// The bytes of a line, counted from zero, without its line break; empty past the last.
    pub fn line_span(&self, line: usize) -> Span {
        self.lines.span(&self.text, line)
    }

    /// The text of a line, counted from zero.
    pub fn line(&self, line: usize) -> &str {
        self.line_span(line).of(&self.text)
    }

    /// The line that holds this byte.
    pub fn line_of(&self, byte: usize) -> usize {
        self.lines.line_of(byte)
    }

    /// Line and column of this byte.
    pub fn place(&self, byte: usize) -> Place {
        self.lines.place(&self.text, byte)
    }

    /// All tokens, in the order of the text.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens of one line, their spans counted in the whole text.
    pub fn line_tokens(&self, line: usize) -> &[Token] {
        let span = self.line_span(line);
        let before = |end: u32| self.tokens.partition_point(|token| token.span.start < end);
        &self.tokens[before(span.start)..before(span.end)]
    }

    /// What can be folded, by first line; of two that begin in one line the outer comes first.
    pub fn folds(&self) -> &[Fold] {
        &self.folds
    }

    /// The lines of a statement, counted from zero.
    pub fn statement_lines(&self, statement: usize) -> Option<Range<usize>> {
        self.statements.get(statement).cloned()
    }

    /// The statement that has a part in this line: the first of several.
    pub fn statement_at_line(&self, line: usize) -> Option<usize> {
        let index = self.statements.partition_point(|lines| lines.end <= line);
        let lines = self.statements.get(index)?;
        lines.contains(&line).then_some(index)
    }

    /// The statement that holds this byte.
    pub fn statement_at(&self, byte: usize) -> Option<usize> {
        let statements = &self.document.statements;
        let index = statements.partition_point(|it| it.span.end as usize <= byte);
        let statement = statements.get(index)?;
        statement.span.contains(byte).then_some(index)
    }
}

fn lines_of(lines: &Lines, span: Span) -> Range<usize> {
    let last = span.range().end.saturating_sub(1).max(span.range().start);
    lines.line_of(span.range().start)..lines.line_of(last) + 1
}

fn tokens(text: &str, tree: &Tree) -> Vec<Token> {
    let mut keys = tree.nodes().iter().filter_map(|node| node.key).peekable();
    let mut tokens = Vec::new();
    for piece in Lexer::new(text) {
        let span = piece.span;
        // Names come in the order of the text, as the pieces do.
        while keys.next_if(|key| key.start < span.start).is_some() {}
        let kind = match piece.lexeme {
            Lexeme::Open(_) | Lexeme::Close(_) | Lexeme::Colon | Lexeme::Comma => {
                TokenKind::Punctuation
            }
            Lexeme::String if keys.peek() == Some(&span) => TokenKind::Key,
            Lexeme::String => TokenKind::String,
            Lexeme::Number => TokenKind::Number,
            Lexeme::True | Lexeme::False | Lexeme::Null => TokenKind::Keyword,
            Lexeme::Word => TokenKind::Error,
            Lexeme::Noise => {
                split_lines(text, span, &mut tokens);
                continue;
            }
        };
        tokens.push(Token { span, kind });
    }
    tokens
}

/// A comment may cross lines; its tokens do not.
fn split_lines(text: &str, span: Span, tokens: &mut Vec<Token>) {
    let mut start = span.range().start;
    for line in span.of(text).split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        if !bare.is_empty() {
            tokens.push(Token {
                span: Span::new(start, start + bare.len()),
                kind: TokenKind::Error,
            });
        }
        start += line.len();
    }
}

fn folds(lines: &Lines, tree: &Tree, document: &Document) -> Vec<Fold> {
    let mut statements = document.statements.iter().enumerate().peekable();
    let mut folds = Vec::new();
    for node in tree.nodes() {
        if !matches!(node.kind, NodeKind::Object | NodeKind::Array) {
            continue;
        }
        // Statements come in the order of the text, as the nodes do.
        while statements
            .next_if(|(_, statement)| statement.span.start < node.span.start)
            .is_some()
        {}
        let statement = statements
            .peek()
            .filter(|(_, statement)| statement.span == node.span)
            .map(|(index, _)| *index);
        let lines = lines_of(lines, node.span);
        if lines.len() > 1 {
            folds.push(Fold {
                first_line: lines.start,
                last_line: lines.end - 1,
                statement,
            });
        }
    }
    folds
}

#[cfg(test)]
mod tests;
