//! JSON with members in their order, printed as the AWS CLI prints it or in one line.

use std::borrow::Cow;
use std::io::{self, Write};

/// A JSON value.
#[derive(Debug, Clone)]
pub enum Json {
    Text(Cow<'static, str>),
    Number(u64),
    Bool(bool),
    List(Vec<Json>),
    Object(Vec<(Cow<'static, str>, Json)>),
}

impl From<&'static str> for Json {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

/// A document that is written already. Its members come in the order of their names.
impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::String(text) => text.into(),
            serde_json::Value::Array(list) => list.into(),
            serde_json::Value::Object(members) => {
                let members = members.into_iter();
                Self::Object(members.map(|(name, it)| (name.into(), it.into())).collect())
            }
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(number) => Self::Number(number.as_u64().unwrap_or_default()),
            serde_json::Value::Null => Self::Object(Vec::new()),
        }
    }
}

/// An object of these members.
pub fn object<const N: usize>(members: [(&'static str, Json); N]) -> Json {
    Json::Object(members.map(|(name, value)| (name.into(), value)).into())
}

impl Json {
    /// Prints it without any white space.
    pub fn compact(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::List(items) => {
                out.write_all(b"[")?;
                for (i, item) in items.iter().enumerate() {
                    out.write_all(if i > 0 { b"," } else { b"" })?;
                    item.compact(out)?;
                }
                out.write_all(b"]")
            }
            Self::Object(members) => {
                out.write_all(b"{")?;
                for (i, (name, value)) in members.iter().enumerate() {
                    out.write_all(if i > 0 { b"," } else { b"" })?;
                    text(out, name)?;
                    out.write_all(b":")?;
                    value.compact(out)?;
                }
                out.write_all(b"}")
            }
            Self::Text(string) => text(out, string),
            Self::Number(number) => write!(out, "{number}"),
            Self::Bool(value) => write!(out, "{value}"),
        }
    }

    /// Prints it with four spaces a level, as it stands at this depth.
    pub fn pretty(&self, out: &mut impl Write, depth: usize) -> io::Result<()> {
        match self {
            Self::List(items) if !items.is_empty() => {
                out.write_all(b"[")?;
                for (i, item) in items.iter().enumerate() {
                    line(out, i > 0, depth + 1)?;
                    item.pretty(out, depth + 1)?;
                }
                line(out, false, depth)?;
                out.write_all(b"]")
            }
            Self::Object(members) if !members.is_empty() => {
                out.write_all(b"{")?;
                for (i, (name, value)) in members.iter().enumerate() {
                    line(out, i > 0, depth + 1)?;
                    text(out, name)?;
                    out.write_all(b": ")?;
                    value.pretty(out, depth + 1)?;
                }
                line(out, false, depth)?;
                out.write_all(b"}")
            }
            Self::List(_) => out.write_all(b"[]"),
            Self::Object(_) => out.write_all(b"{}"),
            Self::Text(string) => text(out, string),
            Self::Number(number) => write!(out, "{number}"),
            Self::Bool(value) => write!(out, "{value}"),
        }
    }
}

/// Starts a line, after a comma if something stands before it.
pub fn line(out: &mut impl Write, comma: bool, depth: usize) -> io::Result<()> {
    const SPACES: &[u8] = &[b' '; 128];
    out.write_all(if comma { b",\n" } else { b"\n" })?;
    out.write_all(&SPACES[..(4 * depth).min(SPACES.len())])
}

fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    // Serde knows how to escape.
    serde_json::to_writer(out, text).map_err(io::Error::from)
}
