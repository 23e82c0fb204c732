//! A policy as JSON holds it: as an object, or as a string with its text.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A policy as it is written.
#[derive(Debug, Clone)]
pub(super) enum WrittenPolicy<'a> {
    /// The object, as it stands.
    Object(&'a RawValue),
    /// The text that a string holds.
    Text(Cow<'a, str>),
}

const NO_POLICY: &str = "is no object, nor a string with the text of one";

impl<'a> WrittenPolicy<'a> {
    /// Takes a value for a policy.
    ///
    /// # Errors
    /// What it is instead, in words that follow the name of the policy.
    pub(super) fn new(value: &'a RawValue) -> Result<Self, String> {
        match value.get().as_bytes().first() {
            Some(b'{') => Ok(Self::Object(value)),
            Some(b'"') => {
                let text: String = serde_json::from_str(value.get())
                    .map_err(|error| format!("is no text: {error}"))?;
                let text = decoded(&text).into_owned();
                if text.trim_start().starts_with('{') {
                    return Ok(Self::Text(Cow::Owned(text)));
                }
                Err(NO_POLICY.to_owned())
            }
            _ => Err(NO_POLICY.to_owned()),
        }
    }

    /// The text, to the byte as it was written.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Object(value) => value.get(),
            Self::Text(text) => text,
        }
    }
}

impl Serialize for WrittenPolicy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(value) => value.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The text behind a document that is a JSON string: percent-encoded as IAM sends it, or plain.
///
/// Encoded text never starts with a brace, and plain documents always do. What does not decode to
/// UTF-8 is kept as it came.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if text.trim_start().starts_with('{') {
        return text.into();
    }
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .unwrap_or_else(|_| text.into())
}
