//! JSON text read into a tree that keeps every place and forgives every error.
//!
//! The tree owns no text: names and strings are spans of the source, decoded on demand. Depth
//! costs heap and no stack, so that a hostile text of a million brackets is only a large tree.

mod parse;

use std::borrow::Cow;

use super::Span;
use super::fault::{Fault, FaultKind};
use super::lex::{decode, unquote};

/// A text as a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// In the order of the text: a container, then all that is inside.
    nodes: Vec<Node>,
    faults: Vec<Fault>,
    /// Whether there is a backslash anywhere: without one, strings mean what stands in them.
    has_escapes: bool,
}

/// One value of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The whole value, brackets and quotes included.
    pub span: Span,
    /// Its name where it is in an object, quotes included. A value without a name is a fault.
    pub key: Option<Span>,
    /// The index after all that is inside.
    end: u32,
}

/// The kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// A string.
    String,
    /// A number, as written.
    Number,
    /// `true` or `false`.
    Bool(bool),
    /// `null`
    Null,
    /// No JSON: a bare word, or nothing at all after a name. Reported as a fault.
    Broken,
}

/// A value of a tree, together with its source.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    tree: &'a Tree,
    text: &'a str,
    index: u32,
}

impl Tree {
    /// Reads a text, in time linear to its length. Never fails; see [`Tree::faults`].
    pub fn parse(text: &str) -> Self {
        if u32::try_from(text.len()).is_err() {
            let (span, kind) = (Span::default(), FaultKind::TooLong);
            return Self {
                faults: vec![Fault { span, kind }],
                ..Self::default()
            };
        }
        parse::Parser::new(text).run()
    }

    /// What is wrong with the text as JSON, in the order of the text; at most a hundred.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The outermost value. `text` must be the text that was parsed.
    pub fn root<'a>(&'a self, text: &'a str) -> Option<Cursor<'a>> {
        (!self.nodes.is_empty()).then_some(Cursor {
            tree: self,
            text,
            index: 0,
        })
    }

    /// The JSON pointer (RFC 6901) to the value at `span`, or to the innermost one around it.
    /// `text` must be the text that was parsed.
    pub fn pointer(&self, text: &str, span: Span) -> String {
        let mut pointer = String::new();
        let around = |it: &Cursor<'_>| it.span().start <= span.start && span.end <= it.span().end;
        let mut at = self.root(text);
        while let Some(value) = at {
            if value.span() == span {
                break;
            }
            let inner = value.children().enumerate().find(|(_, it)| around(it));
            if let Some((index, child)) = &inner {
                pointer.push('/');
                match child.key() {
                    Some(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
                    None => pointer.push_str(&index.to_string()),
                }
            }
            at = inner.map(|(_, child)| child);
        }
        pointer
    }

    /// Every value in the order of the text: a container before what is inside.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

impl<'a> Cursor<'a> {
    /// The value's kind and places.
    pub fn node(self) -> &'a Node {
        &self.tree.nodes[self.index as usize]
    }

    /// The value's kind.
    pub fn kind(self) -> NodeKind {
        self.node().kind
    }

    /// The value's place.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// The value as written.
    pub fn source(self) -> &'a str {
        self.span().of(self.text)
    }

    /// The value's text: a string without quotes and escapes, anything else as written.
    pub fn text(self) -> Cow<'a, str> {
        self.meaning(self.span())
    }

    /// The value's name, where it is in an object.
    pub fn key(self) -> Option<Cow<'a, str>> {
        Some(self.meaning(self.node().key?))
    }

    fn meaning(self, span: Span) -> Cow<'a, str> {
        let source = span.of(self.text);
        if self.tree.has_escapes {
            decode(source)
        } else {
            Cow::Borrowed(unquote(source))
        }
    }

    /// What is directly inside: members or elements, in their order.
    pub fn children(self) -> impl Iterator<Item = Cursor<'a>> {
        let mut next = self.index + 1;
        let end = self.node().end;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(Cursor {
                index: next,
                ..self
            })?;
            next = child.node().end;
            Some(child)
        })
    }
}

#[cfg(test)]
mod tests;
