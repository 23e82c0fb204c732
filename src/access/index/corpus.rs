//! The distinct documents of an account, each read once.
//!
//! What is kept of a document is what its statements are about, in a few bytes each, and where
//! their texts stand; patterns are made of those only where a question comes near. Conditions are
//! kept ready, those that are written alike once.

use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;

use super::actions::{self, Actions};
use super::written::{Sought, Written};
use super::{Map, NOBODY_KNOWS};
use crate::access::condition::Condition;
use crate::access::prepared::{
    self, Listed, PolicyUse, Refused, Statement, check, refused_outside,
};
use crate::policy::{
    Document, Effect, Matched, Pattern, PatternKind, PolicyText, Scope, Span, Value, Values,
    Variable,
};

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
}

pub(super) struct Builder {
    corpus: Corpus,
    actions: actions::Builder,
    /// By text; one for texts with variables and one for those without.
    by_block: [Map<Box<str>, u32>; 2],
}

impl Builder {
    /// Starts with no document; the first will have this number.
    pub(super) fn new(first: u32) -> Self {
        Self {
            corpus: Corpus {
                first,
                docs: Vec::new(),
                by_text: Map::default(),
                entries: Vec::new(),
                written: Vec::new(),
                places: Vec::new(),
                escaped: Vec::new(),
                blocks: Vec::new(),
                actions: Actions::default(),
            },
            actions: actions::Builder::default(),
            by_block: [Map::default(), Map::default()],
        }
    }

    /// The number of a document, which is read if it is new.
    pub(super) fn add(&mut self, text: Text) -> u32 {
        if let Some(doc) = self.corpus.find(text.as_str()) {
            return doc;
        }
        let doc = self.corpus.first + self.corpus.docs.len() as u32;
        self.corpus.by_text.insert(key(text.as_str()), doc);
        let start = self.corpus.entries.len() as u32;
        let document = Document::parse(text.as_str());
        let mut refused = Vec::new();
        for (index, statement) in document.statements.iter().enumerate() {
            let taken = check(statement, PolicyUse::Identity, &document).and_then(|checked| {
                if statement.principal.is_some() || statement.not_principal.is_some() {
                    // The one who says which.
                    prepared::principals(statement, checked.effect, PolicyUse::Identity)?;
                }
                let block = self.block(statement, text.as_str())?;
                Ok((checked, block))
            });
            let (checked, block) = match taken {
                Ok(taken) => taken,
                Err(why) => {
                    refused.push(Refused {
                        statement: Some(index),
                        why,
                    });
                    continue;
                }
            };
            let number = self.corpus.entries.len() as u32;
            let patterns = checked.actions.values.texts();
            self.actions
                .add(number, checked.actions.is_negated, patterns);
            let first = self.corpus.written.len() as u32;
            let mut excepts_resources = false;
            if let Some(resources) = checked.resources {
                excepts_resources = resources.is_negated;
                self.write(resources.values, text.as_str());
            }
            self.corpus.entries.push(Entry {
                doc,
                index: index as u32,
                first,
                count: self.corpus.written.len() as u32 - first,
                block,
                effect: checked.effect,
                excepts_resources,
                has_variables: statement.has_variables,
            });
        }
        refused.extend(refused_outside(&document));
        let end = self.corpus.entries.len() as u32;
        self.corpus.docs.push(Doc {
            text,
            statements: start..end,
            refused: refused.into(),
        });
        doc
    }

    /// The conditions of a statement.
    fn block(
        &mut self,
        statement: &crate::policy::Statement,
        text: &str,
    ) -> Result<u32, prepared::Refusal> {
        let Some(span) = statement.condition_span else {
            return Ok(0);
        };
        if statement.conditions.is_empty() {
            return Ok(0);
        }
        let known = &mut self.by_block[usize::from(statement.has_variables)];
        let written = span.of(text);
        if let Some(block) = known.get(written) {
            return Ok(*block);
        }
        let list = prepared::conditions(statement)?;
        let varies = list.iter().any(|condition| condition.is_of_principal());
        self.corpus.blocks.push(Block { list, varies });
        let block = self.corpus.blocks.len() as u32;
        known.insert(written.into(), block);
        Ok(block)
    }

    fn write(&mut self, resources: &Values, text: &str) {
        let corpus = &mut self.corpus;
        for value in &resources.list {
            corpus.written.push(Written::new(&value.text));
            let place = match place(value, text) {
                Some(span) => (span.start, span.end - span.start),
                None => {
                    corpus.escaped.push(value.text.clone());
                    (ESCAPED, corpus.escaped.len() as u32 - 1)
                }
            };
            corpus.places.push(place);
        }
    }

    pub(super) fn finish(self) -> Corpus {
        let mut corpus = self.corpus;
        corpus.actions = self.actions.finish();
        corpus.docs.shrink_to_fit();
        corpus.entries.shrink_to_fit();
        corpus.written.shrink_to_fit();
        corpus.places.shrink_to_fit();
        corpus
    }
}

/// Where a text stands as it is, without its quotes.
fn place(value: &Value, text: &str) -> Option<Span> {
    let span = Span {
        start: value.span.start + 1,
        end: value.span.end.checked_sub(1)?,
    };
    let is_it = span.start <= span.end && span.of(text) == value.text;
    is_it.then_some(span)
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
            if is_everything && !has_variables {
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
