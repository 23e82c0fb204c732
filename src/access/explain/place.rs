//! Places in policies: which element of which statement.

use std::sync::Arc;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use compact_str::CompactString;

use super::Layer;
use crate::access::layers::Stated;
use crate::access::prepared::{Listed, Statement};
use crate::access::principals::{self, Naming};
use crate::access::request::Request;
use crate::policy::{Document, Effect, Glob, Matched, Pattern, Principals, Span, Tree, Values};

/// An element of a statement that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The layer.
    pub layer: Layer,
    /// The policy's name or ARN.
    pub policy: CompactString,
    /// The statement, from zero.
    pub statement: usize,
    /// The statement's name, where it has one.
    pub sid: Option<CompactString>,
    /// What the statement does.
    pub effect: Effect,
    /// The element: `Action`, `NotResource`, `Principal`, `Condition` …
    pub element: &'static str,
    /// Where it stands, as a JSON pointer (RFC 6901) into the policy.
    pub pointer: String,
    /// Where it stands, in bytes of the policy's text.
    pub span: Span,
    /// What stands there.
    pub text: CompactString,
}

/// A text, read for its places.
#[derive(Debug)]
struct Written {
    tree: Tree,
    document: Document,
}

/// Texts that were read for their places, so that none is read twice.
///
/// They are told apart by where they stand in memory: each must stay there as long as this lives.
#[derive(Debug, Default)]
pub(in crate::access) struct Texts {
    read: RefCell<HashMap<(*const u8, usize), Rc<Written>>>,
}

impl Texts {
    fn read(&self, text: &str) -> Rc<Written> {
        let mut read = self.read.borrow_mut();
        let written = read.entry((text.as_ptr(), text.len())).or_insert_with(|| {
            let tree = Tree::parse(text);
            let document = Document::read(&tree, text);
            Rc::new(Written { tree, document })
        });
        written.clone()
    }
}

/// A policy whose text is read again for its places.
pub(super) struct Source<'a> {
    layer: Layer,
    stated: &'a Stated<'a>,
    written: Rc<Written>,
}

impl<'a> Source<'a> {
    pub(super) fn new(layer: Layer, stated: &'a Stated<'a>, texts: &Texts) -> Self {
        Self {
            layer,
            stated,
            written: texts.read(stated.text),
        }
    }

    /// The document's own form of a statement.
    pub(super) fn statement(&self, statement: &Statement) -> Option<&crate::policy::Statement> {
        self.written.document.statements.get(statement.index)
    }

    /// Every element of a statement that matches the request.
    pub(super) fn places(
        &self,
        statement: &Statement,
        request: &Request<'_>,
        naming: Option<Naming>,
    ) -> Vec<Place> {
        let Some(written) = self.statement(statement) else {
            return Vec::new();
        };
        let mut places = Vec::new();
        let mut add = |element, span| places.push(self.place(statement, element, span));
        let (element, values) = either(
            ("Action", &written.action),
            ("NotAction", &written.not_action),
        );
        if let Some(values) = values {
            let is_it = |text: &str| Glob::new(&text.to_ascii_lowercase()).matches(request.action);
            let at = written
                .action
                .as_ref()
                .and_then(|it| it.texts().position(is_it));
            add(element, span_of(values, at));
        }
        if let Some(naming) = naming {
            let negated = written.not_principal.as_ref();
            let plain = written.principal.as_ref();
            if let Some(list) = negated {
                add("NotPrincipal", list.span);
            } else if let Some(list) = plain {
                add(
                    "Principal",
                    self.principal(statement, list, request, naming),
                );
            }
        }
        let (element, values) = either(
            ("Resource", &written.resource),
            ("NotResource", &written.not_resource),
        );
        if let (Some(values), Some(listed)) = (values, &statement.resources) {
            match &matching(listed, request)[..] {
                [] => add(element, values.span),
                list => list
                    .iter()
                    .for_each(|at| add(element, span_of(values, Some(*at)))),
            }
        }
        for condition in &written.conditions {
            add("Condition", condition.values.span);
        }
        places
    }

    fn principal(
        &self,
        statement: &Statement,
        list: &Principals,
        request: &Request<'_>,
        naming: Naming,
    ) -> Span {
        let Some(listed) = &statement.principals else {
            return list.span;
        };
        let entries = principals::named(&listed.list, request.caller, request.facts);
        let entry = entries.iter().find(|it| it.naming == naming);
        let at = entry.and_then(|it| list.list.get(it.at));
        at.map_or(list.span, |principal| principal.value.span)
    }

    /// A place in a statement.
    pub(super) fn place(&self, statement: &Statement, element: &'static str, span: Span) -> Place {
        let written = self.statement(statement);
        let sid = written.and_then(|it| it.name()).map(CompactString::from);
        let text = self.stated.text;
        Place {
            layer: self.layer,
            policy: self.stated.name.into(),
            statement: statement.index,
            sid,
            effect: statement.effect,
            element,
            pointer: self.written.tree.pointer(text, span),
            span,
            text: span.of(text).into(),
        }
    }
}

/// Which patterns of a list match: one that does for sure, or all that may. None of what is
/// listed as an exception.
fn matching(listed: &Listed<Arc<Pattern>>, request: &Request<'_>) -> Vec<usize> {
    let mut open = Vec::new();
    if listed.is_negated {
        return open;
    }
    for (at, pattern) in listed.list.iter().enumerate() {
        match request.is_matched_by(pattern) {
            Matched::Yes => return vec![at],
            Matched::Unknown => open.push(at),
            Matched::No => {}
        }
    }
    open
}

/// Which of two elements there is.
pub(super) fn either<'v>(
    (name, plain): (&'static str, &'v Option<Values>),
    (not_name, negated): (&'static str, &'v Option<Values>),
) -> (&'static str, Option<&'v Values>) {
    match plain {
        Some(values) => (name, Some(values)),
        None => (not_name, negated.as_ref()),
    }
}

/// The place of one value, or of all.
pub(super) fn span_of(values: &Values, at: Option<usize>) -> Span {
    let one = at.and_then(|at| values.list.get(at));
    one.map_or(values.span, |value| value.span)
}
