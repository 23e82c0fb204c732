//! What the documents of an account say to one action, and to one action on one resource.

use std::rc::Rc;
use std::sync::Arc;

use super::corpus::Corpus;
use super::written::Sought;
use super::{Index, Map, NOBODY_KNOWS};
use crate::access::condition::Condition;
use crate::access::facts::Facts;
use crate::access::prepared::{Prepared, Statement};
use crate::access::question::Question;
use crate::policy::{Effect, Matched};

/// What a document says, as bits, so that those of several can be joined.
pub(super) mod bits {
    /// A statement allows.
    pub(in super::super) const ALLOW: u8 = 1;
    /// A statement denies.
    pub(in super::super) const DENY: u8 = 2;
    /// A statement allows if more is met.
    pub(in super::super) const MAY_ALLOW: u8 = 4;
    /// A statement denies if more is met.
    pub(in super::super) const MAY_DENY: u8 = 8;
    /// That hangs on the principal.
    pub(in super::super) const VARIES: u8 = 16;
    /// A statement allows on some of the resources that are asked about, and hangs on nothing else.
    pub(in super::super) const PART: u8 = 32;
    /// How many numbers they can make.
    pub(in super::super) const COUNT: usize = 64;
}

/// The statements about one action.
#[derive(Debug)]
pub(super) struct AboutAction<'i> {
    index: &'i Index,
    /// By corpus.
    lists: Vec<Rc<List>>,
}

/// The statements of a corpus about one action.
#[derive(Debug)]
struct List {
    statements: Vec<u32>,
    /// A bit for each statement of the corpus.
    marked: Vec<u64>,
}

impl List {
    fn new(corpus: &Corpus, action: &str) -> Self {
        let mut marked = vec![0u64; corpus.statement_count().div_ceil(64)];
        let mut statements = Vec::new();
        corpus.about(action, |statement| {
            let (word, bit) = (statement as usize / 64, 1 << (statement % 64));
            if marked[word] & bit == 0 {
                marked[word] |= bit;
                statements.push(statement);
            }
        });
        Self { statements, marked }
    }
}

impl<'i> AboutAction<'i> {
    /// Finds the statements about an action, in lower case.
    pub(super) fn new(index: &'i Index, action: &str) -> Self {
        let corpora = index.corpora.iter();
        Self {
            index,
            lists: corpora.map(|it| Rc::new(List::new(it, action))).collect(),
        }
    }

    /// The same of an index that was made of this one.
    pub(super) fn after<'n>(&self, index: &'n Index, action: &str) -> AboutAction<'n> {
        let known = self.index.corpora.iter().zip(&self.lists);
        let corpora = index.corpora.iter();
        let lists = corpora.map(|corpus| {
            let mut known = known.clone();
            match known.find(|(it, _)| Arc::ptr_eq(it, corpus)) {
                Some((_, list)) => list.clone(),
                None => Rc::new(List::new(corpus, action)),
            }
        });
        AboutAction {
            index,
            lists: lists.collect(),
        }
    }

    /// What every document says to a question that is the same for everybody: `question` has no
    /// caller that counts, and its facts are those of the request alone.
    pub(super) fn on(&self, question: &Question<'_>) -> Says {
        let mut says = Says::default();
        says.add(
            NOBODY_KNOWS,
            bits::MAY_ALLOW | bits::MAY_DENY | bits::VARIES,
        );
        self.go_on(question, says, NOBODY_KNOWS + 1)
    }

    /// The same where all documents before one are asked already.
    pub(super) fn go_on(&self, question: &Question<'_>, mut says: Says, from: u32) -> Says {
        says.of_doc.resize(self.index.end(), 0);
        let sought = Sought::new(&question.resource);
        let corpora = self.index.corpora.iter().zip(&self.lists);
        for (corpus, list) in corpora.filter(|(corpus, _)| corpus.docs().start >= from) {
            let mut met: Map<u32, Matched> = Map::default();
            for statement in &list.statements {
                let entry = corpus.entry(*statement);
                let about = match &question.scope {
                    Some(scope) => corpus.is_about_scope(*statement, scope),
                    None => corpus.is_about(*statement, &sought),
                };
                if about.resources == Matched::No {
                    continue;
                }
                let (sure, maybe) = match entry.effect {
                    Effect::Allow => (bits::ALLOW, bits::MAY_ALLOW),
                    Effect::Deny => (bits::DENY, bits::MAY_DENY),
                };
                let is_met = if about.varies {
                    Matched::Unknown
                } else if about.block == 0 {
                    Matched::Yes
                } else {
                    let met = met.entry(about.block);
                    *met.or_insert_with(|| all_met(corpus, about.block, &question.facts))
                };
                let bits = match (is_met, about.resources) {
                    (Matched::No, _) => continue,
                    (Matched::Yes, Matched::Yes) => sure,
                    _ if about.is_part && is_met == Matched::Yes && sure == bits::ALLOW => {
                        bits::PART
                    }
                    _ if about.varies => maybe | bits::VARIES,
                    _ => maybe,
                };
                says.add(entry.doc, bits);
            }
        }
        says
    }

    /// What a document has about the action, ready to be asked.
    pub(super) fn ready(&self, doc: u32) -> Prepared {
        let corpus = self.index.corpus(doc);
        let at = self
            .index
            .corpora
            .iter()
            .position(|it| std::ptr::eq(&**it, corpus));
        let marks = at.map_or(&[][..], |at| &self.lists[at].marked);
        let is_marked = |it: &u32| {
            let word = marks.get(*it as usize / 64).copied().unwrap_or_default();
            word >> (it % 64) & 1 == 1
        };
        let statements = corpus.statements(doc).filter(is_marked);
        let statements: Vec<Statement> = statements.map(|it| corpus.ready(it)).collect();
        Prepared {
            statements: statements.into(),
            refused: Box::default(),
        }
    }

    /// The conditions of the statements about the action and a resource, each block once.
    pub(super) fn conditions(&self, question: &Question<'_>) -> Vec<&Arc<Condition>> {
        let sought = Sought::new(&question.resource);
        let mut found = Vec::new();
        for (corpus, list) in self.index.corpora.iter().zip(&self.lists) {
            let mut seen: Map<u32, ()> = Map::default();
            for statement in &list.statements {
                let block = corpus.entry(*statement).block();
                if block == 0 || seen.contains_key(&block) {
                    continue;
                }
                let about = match &question.scope {
                    Some(scope) => corpus.is_about_scope(*statement, scope),
                    None => corpus.is_about(*statement, &sought),
                };
                if about.resources != Matched::No {
                    seen.insert(block, ());
                    found.extend(corpus.conditions(block));
                }
            }
        }
        found
    }

    /// Whether a statement about the action denies.
    pub(super) fn has_denies(&self) -> bool {
        let mut lists = self.index.corpora.iter().zip(&self.lists);
        lists.any(|(corpus, list)| {
            let mut effects = list.statements.iter().map(|it| corpus.entry(*it).effect);
            effects.any(|effect| effect == Effect::Deny)
        })
    }

    /// Whether a document has a statement about the action at all.
    pub(super) fn mentions(&self) -> Vec<bool> {
        let mut found = vec![false; self.index.end()];
        found[NOBODY_KNOWS as usize] = true;
        for (corpus, list) in self.index.corpora.iter().zip(&self.lists) {
            for statement in &list.statements {
                found[corpus.entry(*statement).doc as usize] = true;
            }
        }
        found
    }
}

/// Whether all conditions of a block are met, as far as is known.
fn all_met(corpus: &Corpus, block: u32, facts: &Facts) -> Matched {
    let mut all = Matched::Yes;
    for condition in corpus.conditions(block) {
        match condition.matched(facts) {
            Matched::Yes => {}
            Matched::No => return Matched::No,
            Matched::Unknown => all = Matched::Unknown,
        }
    }
    all
}

/// What each document says.
#[derive(Debug, Clone, Default)]
pub(super) struct Says {
    /// Bits, by the document's number.
    of_doc: Vec<u8>,
    /// The documents that say anything.
    speaking: Vec<u32>,
}

impl Says {
    fn add(&mut self, doc: u32, bits: u8) {
        if self.of_doc.len() <= doc as usize {
            self.of_doc.resize(doc as usize + 1, 0);
        }
        let said = &mut self.of_doc[doc as usize];
        if *said == 0 {
            self.speaking.push(doc);
        }
        *said |= bits;
    }

    /// The documents that say anything, each once.
    pub(super) fn speaking(&self) -> &[u32] {
        &self.speaking
    }

    pub(super) fn of(&self, doc: u32) -> u8 {
        self.of_doc[doc as usize]
    }

    /// What several documents say together.
    pub(super) fn together(&self, docs: &[u32]) -> u8 {
        docs.iter().fold(0, |bits, doc| bits | self.of(*doc))
    }
}

/// What is so, in so far as yes and no are enough to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    No,
    Yes,
    /// That hangs on something.
    Open,
    /// It is so on some of the resources that are asked about, whatever else.
    Part,
}

impl Plain {
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, it) | (it, Self::Yes) => it,
            _ => Self::Open,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, it) | (it, Self::No) => it,
            (Self::Part, Self::Part) => Self::Part,
            _ => Self::Open,
        }
    }

    pub(super) fn allow(bits: u8) -> Self {
        match Self::of(bits, bits::ALLOW, bits::MAY_ALLOW) {
            Self::No if bits & bits::PART != 0 => Self::Part,
            plain => plain,
        }
    }

    pub(super) fn deny(bits: u8) -> Self {
        Self::of(bits, bits::DENY, bits::MAY_DENY)
    }

    fn of(bits: u8, sure: u8, maybe: u8) -> Self {
        if bits & sure != 0 {
            Self::Yes
        } else if bits & maybe != 0 {
            Self::Open
        } else {
            Self::No
        }
    }
}

impl From<&crate::access::Truth> for Plain {
    fn from(truth: &crate::access::Truth) -> Self {
        match truth {
            crate::access::Truth::No => Self::No,
            crate::access::Truth::Yes => Self::Yes,
            crate::access::Truth::Open(_) => Self::Open,
        }
    }
}
