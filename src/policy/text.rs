//! The text of a policy document, held once however often it stands in an account.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

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
#[derive(Debug, Default)]
pub struct Texts(HashSet<Shared, foldhash::fast::RandomState>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Shared(Arc<PolicyText>);

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl std::borrow::Borrow<str> for Shared {
    fn borrow(&self) -> &str {
        self.0.as_str()
    }
}

impl Texts {
    /// The one shared copy of `text`.
    pub fn intern(&mut self, text: &str) -> Arc<PolicyText> {
        if let Some(found) = self.0.get(text) {
            return found.0.clone();
        }
        let shared = Arc::new(PolicyText::new(text));
        self.0.insert(Shared(shared.clone()));
        shared
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The hash of a text, for tables beside this one.
    pub fn hash_of(&self, text: &str) -> u64 {
        self.0.hasher().hash_one(text)
    }
}
