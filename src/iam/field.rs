//! A value that a source may or may not have been able to read.

use std::sync::Arc;

/// What is known of one property.
///
/// IAM denies calls one by one, and files leave things out, so every property that is not part
/// of the backbone read says for itself whether it is known. `Known` of an empty list means that
/// there are none; the other two never do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Not asked for yet, or the source does not say.
    #[default]
    Unknown,
    /// The caller may not read it; the permission that is missing, such as `iam:ListAccessKeys`.
    Denied(Arc<str>),
    /// Reading it failed for another reason, in words.
    Failed(Arc<str>),
    /// Read.
    Known(T),
}

impl<T> Field<T> {
    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Whether nothing was read yet, so that asking makes sense.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The same state with the value seen by reference.
    pub fn as_ref(&self) -> Field<&T> {
        match self {
            Self::Unknown => Field::Unknown,
            Self::Denied(action) => Field::Denied(action.clone()),
            Self::Failed(why) => Field::Failed(why.clone()),
            Self::Known(value) => Field::Known(value),
        }
    }

    /// The same state with a known value transformed.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Unknown => Field::Unknown,
            Self::Denied(action) => Field::Denied(action),
            Self::Failed(why) => Field::Failed(why),
            Self::Known(value) => Field::Known(f(value)),
        }
    }

    /// Keeps `self` unless it is unknown, in which case `other` is taken.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.is_unknown() { other } else { self }
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Known)
    }
}
