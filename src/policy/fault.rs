//! What can be wrong with a policy text, each with its place.

use std::fmt;

use super::Span;

/// Something wrong in a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place: what is wrong, or where something is missing.
    pub span: Span,
    /// What is wrong.
    pub kind: FaultKind,
}

impl Fault {
    /// Whether the text is no JSON here (rather than JSON that is no policy).
    pub fn is_syntax(&self) -> bool {
        !matches!(
            self.kind,
            FaultKind::DuplicateKey(_)
                | FaultKind::UnknownElement { .. }
                | FaultKind::WrongType { .. }
                | FaultKind::BadEffect(_)
                | FaultKind::BadPrincipal(_)
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The text is longer than a span can say (4 GiB) and was not read.
    TooLong,
    /// There is no value at all.
    Empty,
    /// The text begins with a byte order mark.
    ByteOrderMark,
    /// A comment, which JSON has not.
    Comment,
    /// A string in single quotes.
    SingleQuotes,
    /// A string without its closing quote.
    UnclosedString,
    /// A backslash before something that it cannot escape.
    BadEscape,
    /// A control character inside a string, which must be escaped.
    ControlCharacter,
    /// A number that JSON writes otherwise.
    BadNumber,
    /// Something that does not belong here; a short piece of it, made visible.
    Unexpected(Box<str>),
    /// An object or array that is never closed; the bracket that opens it.
    Unclosed(char),
    /// The first name of an object whose opening brace is missing.
    Unopened,
    /// No comma between two elements.
    MissingComma,
    /// A comma with nothing before or after it.
    ExtraComma,
    /// No colon between a name and its value.
    MissingColon,
    /// A value in an object without a name.
    MissingName,
    /// A name without a value.
    MissingValue,
    /// The text goes on after its value.
    AfterEnd,
    /// A name that stands twice in one object.
    DuplicateKey(Box<str>),
    /// A name that IAM does not know in this place.
    UnknownElement {
        /// The name as written.
        name: Box<str>,
        /// The element that differs from it in case only.
        meant: Option<&'static str>,
    },
    /// An element whose value has the wrong type.
    WrongType {
        /// The element.
        element: Box<str>,
        /// What it should be, as `a string`.
        expected: &'static str,
    },
    /// An effect that is neither `Allow` nor `Deny`.
    BadEffect(Box<str>),
    /// A principal in the form of a string that is not `*`.
    BadPrincipal(Box<str>),
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = match self {
            Self::TooLong => "the text is longer than 4 GiB",
            Self::Empty => "there is no JSON value",
            Self::ByteOrderMark => "the text begins with a byte order mark",
            Self::Comment => "JSON has no comments",
            Self::SingleQuotes => "JSON strings stand in double quotes",
            Self::UnclosedString => "the string is never closed",
            Self::BadEscape => "no such escape in JSON",
            Self::ControlCharacter => "a control character must be escaped in a string",
            Self::BadNumber => "not a JSON number",
            Self::Unopened => "a { is missing before this",
            Self::MissingComma => "a comma is missing before this",
            Self::ExtraComma => "a comma too many",
            Self::MissingColon => "a colon is missing before this",
            Self::MissingName => "a value without a name",
            Self::MissingValue => "a name without a value",
            Self::AfterEnd => "the text goes on after its end",
            Self::Unexpected(what) => return write!(f, "unexpected {what}"),
            Self::Unclosed(bracket) => return write!(f, "this {bracket} is never closed"),
            Self::DuplicateKey(name) => return write!(f, "{name} stands twice in one object"),
            Self::UnknownElement { name, meant: None } => {
                return write!(f, "IAM knows no element {name} here");
            }
            Self::UnknownElement {
                name,
                meant: Some(meant),
            } => return write!(f, "{name} must be written {meant}"),
            Self::WrongType { element, expected } => {
                return write!(f, "{element} must be {expected}");
            }
            Self::BadEffect(found) => return write!(f, "Effect is Allow or Deny, not {found}"),
            Self::BadPrincipal(found) => {
                return write!(f, "Principal is \"*\" or an object, not {found}");
            }
        };
        f.write_str(plain)
    }
}

/// A piece of hostile or long text, short and visible enough for a message.
pub(super) fn excerpt(text: &str) -> Box<str> {
    const LONGEST: usize = 24;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown.into()
}
