//! From pieces of text to a tree, over every error.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Cursor, Node, NodeKind, Tree};
use crate::policy::Span;
use crate::policy::fault::{Fault, FaultKind, excerpt};
use crate::policy::lex::{Bracket, Lexeme, Lexer, Piece};

/// The faults kept of one text; a text that is no JSON at all would have one a word.
pub(super) const MOST_FAULTS: usize = 100;

/// What may come next in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// Anything: just opened.
    First,
    /// A value or name: after the comma at this place.
    Next(Span),
    /// The colon after this name.
    Colon(Span),
    /// The value of this name.
    Value(Span),
    /// A comma.
    Comma,
}

struct Frame {
    node: u32,
    bracket: Bracket,
    expect: Expect,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    tree: Tree,
    open: Vec<Frame>,
    /// How many of the open containers are objects.
    objects: usize,
    /// The end of the last piece that was used.
    last: u32,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            tree: Tree {
                has_escapes: text.as_bytes().contains(&b'\\'),
                ..Tree::default()
            },
            open: Vec::new(),
            objects: 0,
            last: 0,
        }
    }

    /// Reads the whole text.
    pub(super) fn run(mut self) -> Tree {
        for piece in Lexer::new(self.text) {
            self.last = piece.span.end.max(self.last);
            if self.is_over(&piece) {
                self.fault(piece.span, FaultKind::AfterEnd);
                break;
            }
            if let Some(fault) = piece.fault {
                self.fault(fault.span, fault.kind);
            }
            match piece.lexeme {
                Lexeme::Noise => {}
                Lexeme::Open(bracket) => self.open(bracket, piece.span),
                Lexeme::Close(bracket) => self.close(bracket, piece.span),
                Lexeme::Colon => self.colon(piece.span),
                Lexeme::Comma => self.comma(piece.span),
                Lexeme::String | Lexeme::Word => self.name_or_value(piece.lexeme, piece.span),
                Lexeme::Number => self.scalar(NodeKind::Number, piece.span),
                Lexeme::True => self.scalar(NodeKind::Bool(true), piece.span),
                Lexeme::False => self.scalar(NodeKind::Bool(false), piece.span),
                Lexeme::Null => self.scalar(NodeKind::Null, piece.span),
            }
        }
        self.finish()
    }

    /// Whether the root is complete and this piece is one too many.
    fn is_over(&self, piece: &Piece) -> bool {
        let complete = self.open.is_empty() && !self.tree.nodes.is_empty();
        let comment = matches!(&piece.fault, Some(fault) if fault.kind == FaultKind::Comment);
        complete && !comment && !(piece.lexeme == Lexeme::Colon && self.is_lone_name())
    }

    /// Whether all that was read is one string: with a colon after it, the name of the first
    /// member of an object whose opening brace was lost.
    fn is_lone_name(&self) -> bool {
        matches!(self.tree.nodes[..], [node] if node.kind == NodeKind::String)
    }

    fn finish(mut self) -> Tree {
        if let Some(innermost) = self.open.last() {
            let span = self.tree.nodes[innermost.node as usize].span;
            let opener = match innermost.bracket {
                Bracket::Object => '{',
                Bracket::Array => '[',
            };
            let at = Span {
                end: span.start + 1,
                ..span
            };
            self.fault(at, FaultKind::Unclosed(opener));
        }
        while !self.open.is_empty() {
            self.pop(self.last);
        }
        if self.tree.nodes.is_empty() && self.tree.faults.is_empty() {
            self.fault(Span::new(0, self.text.len()), FaultKind::Empty);
        }
        self.tree.faults.sort_by_key(|fault| fault.span);
        self.tree
    }

    fn fault(&mut self, span: Span, kind: FaultKind) {
        if self.tree.faults.len() < MOST_FAULTS {
            self.tree.faults.push(Fault { span, kind });
        }
    }

    fn unexpected(&mut self, span: Span) {
        let kind = FaultKind::Unexpected(excerpt(span.of(self.text)));
        self.fault(span, kind);
    }

    fn name_or_value(&mut self, lexeme: Lexeme, span: Span) {
        if let Some(frame) = self.open.last_mut()
            && frame.bracket == Bracket::Object
            && matches!(
                frame.expect,
                Expect::First | Expect::Next(_) | Expect::Comma
            )
        {
            let lacks_comma = frame.expect == Expect::Comma;
            frame.expect = Expect::Colon(span);
            if lacks_comma {
                self.fault(span, FaultKind::MissingComma);
            }
            return;
        }
        let kind = if lexeme == Lexeme::String {
            NodeKind::String
        } else {
            NodeKind::Broken
        };
        self.push(kind, span);
    }

    fn scalar(&mut self, kind: NodeKind, span: Span) {
        self.push(kind, span);
    }

    fn open(&mut self, bracket: Bracket, span: Span) {
        let kind = match bracket {
            Bracket::Object => NodeKind::Object,
            Bracket::Array => NodeKind::Array,
        };
        let node = self.push(kind, span);
        self.objects += usize::from(bracket == Bracket::Object);
        self.open.push(Frame {
            node,
            bracket,
            expect: Expect::First,
        });
    }

    /// Adds a value in the innermost container and gives its index.
    fn push(&mut self, kind: NodeKind, span: Span) -> u32 {
        let mut key = None;
        let mut fault = None;
        if let Some(frame) = self.open.last_mut() {
            match frame.expect {
                Expect::Value(name) => key = Some(name),
                Expect::Colon(name) => {
                    key = Some(name);
                    fault = Some(FaultKind::MissingColon);
                }
                _ if frame.bracket == Bracket::Object => fault = Some(FaultKind::MissingName),
                Expect::Comma => fault = Some(FaultKind::MissingComma),
                Expect::First | Expect::Next(_) => {}
            }
            frame.expect = Expect::Comma;
        }
        if let Some(kind) = fault {
            self.fault(span, kind);
        }
        // A text has fewer values than bytes, and its bytes fit.
        let index = Span::new(self.tree.nodes.len(), 0).start;
        self.tree.nodes.push(Node {
            kind,
            span,
            key,
            end: index + 1,
        });
        index
    }

    fn colon(&mut self, span: Span) {
        if self.open.is_empty() && self.is_lone_name() {
            return self.open_late();
        }
        match self.open.last_mut() {
            Some(frame) if let Expect::Colon(name) = frame.expect => {
                frame.expect = Expect::Value(name);
            }
            _ => self.unexpected(span),
        }
    }

    /// Makes the one string that was read the first name of an object.
    fn open_late(&mut self) {
        let name = self.tree.nodes[0].span;
        self.tree.nodes.clear();
        self.fault(name, FaultKind::Unopened);
        let node = self.push(NodeKind::Object, name);
        self.open.push(Frame {
            node,
            bracket: Bracket::Object,
            expect: Expect::Value(name),
        });
        self.objects += 1;
    }

    fn comma(&mut self, span: Span) {
        let Some(expect) = self.open.last().map(|frame| frame.expect) else {
            return self.unexpected(span);
        };
        match expect {
            Expect::First | Expect::Next(_) => self.fault(span, FaultKind::ExtraComma),
            Expect::Colon(name) | Expect::Value(name) => self.lacks_value(name, span),
            Expect::Comma => {}
        }
        if let Some(frame) = self.open.last_mut() {
            frame.expect = Expect::Next(span);
        }
    }

    /// Stands an empty value in for the one that `name` lacks, before `at`.
    fn lacks_value(&mut self, name: Span, at: Span) {
        self.fault(name, FaultKind::MissingValue);
        if let Some(frame) = self.open.last_mut() {
            frame.expect = Expect::Value(name);
        }
        let before = Span {
            end: at.start,
            ..at
        };
        self.push(NodeKind::Broken, before);
    }

    fn close(&mut self, bracket: Bracket, span: Span) {
        let fitting = match bracket {
            Bracket::Object => self.objects,
            Bracket::Array => self.open.len() - self.objects,
        };
        if fitting == 0 {
            return self.unexpected(span);
        }
        // What is open inside lacks its own closing bracket.
        while let Some(frame) = self.open.last()
            && frame.bracket != bracket
        {
            let opener = self.tree.nodes[frame.node as usize].span;
            let (mark, at) = match frame.bracket {
                Bracket::Object => ('{', opener.start),
                Bracket::Array => ('[', opener.start),
            };
            let opener = Span {
                start: at,
                end: at + 1,
            };
            self.fault(opener, FaultKind::Unclosed(mark));
            self.pop(span.start);
        }
        match self.open.last().map(|frame| frame.expect) {
            Some(Expect::Next(comma)) => self.fault(comma, FaultKind::ExtraComma),
            Some(Expect::Colon(name) | Expect::Value(name)) => self.lacks_value(name, span),
            _ => {}
        }
        self.pop(span.end);
    }

    /// Ends the innermost container at this byte.
    fn pop(&mut self, end: u32) {
        let Some(frame) = self.open.pop() else {
            return;
        };
        let count = Span::new(0, self.tree.nodes.len()).end;
        let node = &mut self.tree.nodes[frame.node as usize];
        node.span.end = end;
        node.end = count;
        if frame.bracket == Bracket::Object {
            self.objects -= 1;
            self.report_duplicates(frame.node);
        }
    }

    fn report_duplicates(&mut self, object: u32) {
        // Comparing pairs is fastest for the few names that objects have; the set keeps the time
        // linear for the others.
        const FEW: usize = 12;
        let (tree, text) = (&self.tree, self.text);
        let cursor = Cursor {
            tree,
            text,
            index: object,
        };
        let names = || {
            cursor
                .children()
                .filter_map(|child| Some((child.node().key?, child.key()?)))
        };
        let mut found = Vec::new();
        let mut few: [Cow<'_, str>; FEW] = Default::default();
        if names().nth(FEW).is_none() {
            for (index, (span, name)) in names().enumerate() {
                if few[..index].contains(&name) {
                    found.push((span, name.as_ref().into()));
                }
                few[index] = name;
            }
        } else {
            let mut seen = HashSet::with_hasher(foldhash::fast::RandomState::default());
            for (span, name) in names() {
                if !seen.insert(name.clone()) {
                    found.push((span, name.as_ref().into()));
                }
            }
        }
        for (span, name) in found {
            self.fault(span, FaultKind::DuplicateKey(name));
        }
    }
}
