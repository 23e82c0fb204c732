//! A text cut at its variables.

use compact_str::CompactString;

use super::Variable;

/// A part of a text with variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Plain text: `${*}`, `${?}` and `${$}` stand for the sign itself.
    Text(CompactString),
    /// Text as written, in which wildcards are wildcards.
    Wild(CompactString),
    /// A variable.
    Variable {
        /// The condition key.
        key: CompactString,
        /// What stands in where the key is not in the request.
        default: Option<CompactString>,
    },
}

impl Part {
    pub(super) fn is_variable(&self) -> bool {
        matches!(self, Self::Variable { .. })
    }
}

/// Cuts a text, in linear time. What only looks like a variable (no closing brace, no name) is
/// text.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    // Where the text begins that is not looked through yet.
    let mut from = 0;
    while let Some(at) = rest[from..].find("${") {
        let open = from + at;
        match variable(&rest[open..]) {
            Ok((part, len)) => {
                if open > 0 {
                    parts.push(Part::Wild(rest[..open].into()));
                }
                parts.push(part);
                rest = &rest[open + len..];
                from = 0;
            }
            Err(Some(skip)) => from = open + skip,
            Err(None) => break,
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Wild(rest.into()));
    }
    parts
}

/// The variable that `text` begins with, and its length.
///
/// # Errors
/// Where it begins with none: how many bytes can hold none; `None` for all of them.
fn variable(text: &str) -> Result<(Part, usize), Option<usize>> {
    let inside = text.strip_prefix("${").ok_or(None)?;
    let end = inside.find(['}', ',']).ok_or(None)?;
    let name = inside[..end].trim();
    if inside[end..].starts_with('}') {
        let part = match name {
            "*" | "?" | "$" => Part::Text(name.into()),
            "" => return Err(Some(2)),
            _ => Part::Variable {
                key: name.into(),
                default: None,
            },
        };
        return Ok((part, 2 + end + 1));
    }
    // With a default in single quotes, which may hold anything else. Where that is broken, it is
    // so for whatever begins before the comma.
    let default = || {
        let quoted = inside[end + 1..].trim_start().strip_prefix('\'')?;
        let (default, after) = quoted.split_once('\'')?;
        let after = after.trim_start().strip_prefix('}')?;
        Some((default, text.len() - after.len()))
    };
    match default() {
        Some((default, len)) if !name.is_empty() => {
            let part = Part::Variable {
                key: name.into(),
                default: Some(default.into()),
            };
            Ok((part, len))
        }
        _ => Err(Some(2 + end)),
    }
}

/// The text of parts, the variables that have a value filled in.
pub(super) fn filled_in<'v>(parts: &[Part], value: impl Fn(&str) -> Variable<'v>) -> CompactString {
    let mut filled = CompactString::default();
    for part in parts {
        match part {
            Part::Text(text) | Part::Wild(text) => filled.push_str(text),
            Part::Variable { key, default } => match (value(key), default) {
                (Variable::Value(value), _) => filled.push_str(value),
                (Variable::Missing, Some(default)) => filled.push_str(default),
                (_, default) => {
                    filled.push_str("${");
                    filled.push_str(key);
                    if let Some(default) = default {
                        filled.push_str(", '");
                        filled.push_str(default);
                        filled.push('\'');
                    }
                    filled.push('}');
                }
            },
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: &str, default: Option<&str>) -> Part {
        Part::Variable {
            key: key.into(),
            default: default.map(CompactString::from),
        }
    }

    #[test]
    fn a_text_is_cut_at_its_variables() {
        assert_eq!(
            parts("a/${aws:username}/${*}x${aws:PrincipalTag/team, 'com}pany-wide'}"),
            [
                Part::Wild("a/".into()),
                key("aws:username", None),
                Part::Wild("/".into()),
                Part::Text("*".into()),
                Part::Wild("x".into()),
                key("aws:PrincipalTag/team", Some("com}pany-wide")),
            ]
        );
        assert_eq!(parts("${ aws:userid }"), [key("aws:userid", None)]);
        assert_eq!(parts("${k,''}"), [key("k", Some(""))]);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn what_only_looks_like_a_variable_is_text() {
        for text in [
            "${",
            "${aws:username",
            "${}",
            "$",
            "{a}",
            "${k, default}",
            "${k,'x'",
            "${,'x'}",
        ] {
            assert_eq!(parts(text), [Part::Wild(text.into())], "{text}");
        }
        assert_eq!(
            parts("${${aws:username}"),
            [key("${aws:username", None)],
            "the first closing brace closes"
        );
    }
}
