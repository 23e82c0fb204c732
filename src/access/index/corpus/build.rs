//! Reading documents into a corpus, one after the other.

use super::{Block, Corpus, Doc, ESCAPED, Entry, Text, key};
use crate::access::index::Map;
use crate::access::index::actions::{self, Actions};
use crate::access::index::written::Written;
use crate::access::prepared::{self, PolicyUse, Refused, check, refused_outside};
use crate::policy::{Document, Span, Value, Values};

/// Reads documents.
pub(in crate::access::index) struct Builder {
    corpus: Corpus,
    actions: actions::Builder,
    /// By text; one for texts with variables and one for those without.
    by_block: [Map<Box<str>, u32>; 2],
}

impl Builder {
    /// Starts with no document; the first will have this number.
    pub(in crate::access::index) fn new(first: u32) -> Self {
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
    pub(in crate::access::index) fn add(&mut self, text: Text) -> u32 {
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

    pub(in crate::access::index) fn finish(self) -> Corpus {
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
