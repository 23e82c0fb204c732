//! The distinct documents of an account, each read once.
//!
//! What is kept of a document is what its statements are about, in a few bytes each, and where
//! their texts stand; patterns are made of those only where a question comes near. Conditions are
//! kept ready, those that are written alike once.

mod build;

use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;

use super::actions::Actions;
use super::written::{Sought, Written};
use super::{Map, NOBODY_KNOWS};
use crate::access::condition::Condition;
use crate::access::prepared::{Listed, Refused, Statement};
use crate::policy::{Effect, Matched, Pattern, PatternKind, PolicyText, Scope, Span, Variable};

pub(super) use build::Builder;

/// The text of a document.
#[derive(Debug, Clone)]
pub(super) enum Text {
    /// Of the account.
    Own(Arc<PolicyText>),
    /// Of the catalogue.
    OfCatalogue(&'static str),
}

impl Text {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Own(text) => text.as_str(),
            Self::OfCatalogue(text) => text,
        }
    }
}

/// Tells texts apart without going through them. Equal texts are shared where they are read.
fn key(text: &str) -> (usize, usize) {
    (text.as_ptr() as usize, text.len())
}

/// A document.
#[derive(Debug)]
struct Doc {
    text: Text,
    statements: Range<u32>,
    refused: Box<[Refused]>,
}

/// What a statement is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Its document, among all.
    pub(super) doc: u32,
    /// Its number in the document.
    index: u32,
    /// Its resources: the first, and how many.
    first: u32,
    count: u32,
    /// Its conditions, if it has any; from one on.
    block: u32,
    pub(super) effect: Effect,
    excepts_resources: bool,
    has_variables: bool,
}

impl Entry {
    /// The number of its conditions; none is 0.
    pub(super) fn block(&self) -> u32 {
        self.block
    }
}

/// The conditions of statements that are written alike.
#[derive(Debug)]
struct Block {
    list: Box<[Arc<Condition>]>,
    /// Whether what comes of them may be different from principal to principal.
    varies: bool,
}

/// Documents, and an index of their statements.
#[derive(Debug)]
pub(super) struct Corpus {
    /// The number of the first document.
    first: u32,
    docs: Vec<Doc>,
    by_text: Map<(usize, usize), u32>,
    entries: Vec<Entry>,
    written: Vec<Written>,
    /// Where the texts of `written` stand in their documents, and how long they are.
    places: Vec<(u32, u32)>,
    /// Those that stand there with escapes.
    escaped: Vec<CompactString>,
    blocks: Vec<Block>,
    actions: Actions,
}

/// Marks a place in `escaped`.
const ESCAPED: u32 = u32::MAX;

/// Whether a statement is about a resource, and what else it hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct About {
    /// Whether it is about the resource; not known where that hangs on a variable, or where it is
    /// about some resources of a scope.
    pub(super) resources: Matched,
    /// Its conditions, if it has any.
    pub(super) block: u32,
    /// Whether what comes of it is to be asked for every principal.
    pub(super) varies: bool,
    /// Whether what is open is only which of the resources of a scope it is about.
    pub(super) is_part: bool,
}

impl Corpus {
    /// The number of a document that is there.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.by_text.get(&key(text)).copied()
    }

    /// The numbers of the documents.
    pub(super) fn docs(&self) -> Range<u32> {
        self.first..self.first + self.docs.len() as u32
    }

    pub(super) fn statement_count(&self) -> usize {
        self.entries.len()
    }

    fn doc(&self, doc: u32) -> &Doc {
        &self.docs[(doc - self.first) as usize]
    }

    pub(super) fn text(&self, doc: u32) -> &str {
        self.doc(doc).text.as_str()
    }

    /// What of a document cannot be evaluated.
    pub(super) fn refused(&self, doc: u32) -> &[Refused] {
        &self.doc(doc).refused
    }

    /// The statements of a document.
    pub(super) fn statements(&self, doc: u32) -> Range<u32> {
        self.doc(doc).statements.clone()
    }

    pub(super) fn entry(&self, statement: u32) -> &Entry {
        &self.entries[statement as usize]
    }

    /// Calls `found` with every statement about an action in lower case, with some repeatedly.
    pub(super) fn about(&self, action: &str, found: impl FnMut(u32)) {
        self.actions.about(action, found);
    }

    /// The conditions with this number.
    pub(super) fn conditions(&self, block: u32) -> &[Arc<Condition>] {
        match self.blocks.get((block as usize).wrapping_sub(1)) {
            Some(block) => &block.list,
            None => &[],
        }
    }

    fn text_of(&self, entry: &Entry, at: u32) -> &str {
        let (start, len) = self.places[at as usize];
        if start == ESCAPED {
            return &self.escaped[len as usize];
        }
        let span = Span {
            start,
            end: start + len,
        };
        span.of(self.text(entry.doc))
    }

    /// The texts of all `Resource` and `NotResource` elements, with some repeatedly.
    pub(super) fn resources(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().flat_map(|entry| {
            let range = entry.first..entry.first + entry.count;
            range.map(|at| self.text_of(entry, at))
        })
    }

    /// Whether a statement is about one resource.
    pub(super) fn is_about(&self, statement: u32, sought: &Sought<'_>) -> About {
        let entry = self.entry(statement);
        let found = self.any_written(entry, |at, written| {
            if !written.may_match(sought) {
                return Matched::No;
            }
            let text = self.text_of(entry, at);
            written.matches(text, entry.has_variables, sought)
        });
        // What is not known of one resource is a variable.
        self.found(entry, found, found == Matched::Unknown)
    }

    /// Whether a statement is about every resource of a scope, or about some.
    pub(super) fn is_about_scope(&self, statement: u32, scope: &Scope) -> About {
        let entry = self.entry(statement);
        let is_everything = scope.text() == "*";
        let mut varies = false;
        let found = self.any_written(entry, |at, _| {
            let text = self.text_of(entry, at);
            let has_variables = entry.has_variables && text.contains("${");
            // Whatever has a sign of its own leaves something out.
            let is_wild = |text: &str| text.bytes().all(|sign| matches!(sign, b'*' | b'?'));
            if is_everything && !has_variables && !is_wild(text) {
                return Matched::Unknown;
            }
            let pattern = Pattern::new(text, PatternKind::Resource, has_variables);
            let found = pattern.matches_scope(scope, |_| Variable::Unknown);
            varies |= has_variables && found != Matched::No;
            found
        });
        self.found(entry, found, varies)
    }

    /// Whether one of the texts of a statement matches.
    fn any_written(
        &self,
        entry: &Entry,
        mut matches: impl FnMut(u32, Written) -> Matched,
    ) -> Matched {
        let range = entry.first..entry.first + entry.count;
        let mut found = Matched::No;
        for at in range {
            let written = self.written[at as usize];
            if written.is_everything() {
                return Matched::Yes;
            }
            match matches(at, written) {
                Matched::Yes => return Matched::Yes,
                Matched::Unknown => found = Matched::Unknown,
                Matched::No => {}
            }
        }
        found
    }

    /// A statement with what is known of its resources.
    fn found(&self, entry: &Entry, found: Matched, varies: bool) -> About {
        let resources = match (found, entry.excepts_resources) {
            (Matched::Unknown, _) => Matched::Unknown,
            (Matched::Yes, excepts) => (!excepts).into(),
            (Matched::No, excepts) => excepts.into(),
        };
        let block = self.blocks.get((entry.block as usize).wrapping_sub(1));
        About {
            resources,
            block: entry.block,
            is_part: resources == Matched::Unknown && !varies && !entry.excepts_resources,
            varies: varies || block.is_some_and(|block| block.varies),
        }
    }

    /// A statement, ready to be asked about anything but its action.
    pub(super) fn ready(&self, statement: u32) -> Statement {
        let entry = self.entry(statement);
        let range = entry.first..entry.first + entry.count;
        let pattern = |at| {
            let text = self.text_of(entry, at);
            Arc::new(Pattern::new(
                text,
                PatternKind::Resource,
                entry.has_variables,
            ))
        };
        Statement {
            index: entry.index as usize,
            effect: entry.effect,
            actions: Listed::any(),
            resources: Some(Listed {
                is_negated: entry.excepts_resources,
                list: range.map(pattern).collect(),
            }),
            principals: None,
            conditions: self.conditions(entry.block).into(),
        }
    }
}

const _: () = assert!(NOBODY_KNOWS == 0, "documents are numbered from one on");
