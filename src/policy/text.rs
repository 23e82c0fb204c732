//! The text of a policy document, held once however often it stands in an account.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;

/// The text of one policy document.
///
/// Verbatim where the source had a text (IAM's own API does), and in canonical form, without
/// insignificant white space, where a file held it as a JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PolicyText(Box<str>);

impl PolicyText {
    /// Takes a text as it came.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The distinct texts seen so far.
///
/// Each stands beside its hash: texts are long, so none is gone through twice.
#[derive(Debug, Default)]
pub struct Texts {
    table: HashTable<(u64, Arc<PolicyText>)>,
    hasher: foldhash::fast::RandomState,
}

impl Texts {
    /// The one shared copy of `text`.
    pub fn intern(&mut self, text: &str) -> Arc<PolicyText> {
        let hash = self.hash_of(text);
        let entry = self.table.entry(
            hash,
            |(other, shared)| *other == hash && shared.as_str() == text,
            |(hash, _)| *hash,
        );
        let found = entry.or_insert_with(|| (hash, Arc::new(PolicyText::new(text))));
        found.get().1.clone()
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The hash of a text, for tables beside this one.
    pub fn hash_of(&self, text: &str) -> u64 {
        self.hasher.hash_one(text)
    }
}
