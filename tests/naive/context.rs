//! The values of a request's condition keys, and the variables that a policy takes from them.

use serde_json::Value;

use super::matching::Piece;

/// The text of a JSON scalar; numbers and booleans count as their text.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The texts of a scalar or of a list of scalars; none where there is anything else.
pub fn scalars(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(list) => list.iter().map(scalar).collect(),
        one => scalar(one).map(|text| vec![text]),
    }
}

/// The values that the request has for a key. A key without a value is missing; names of keys
/// ignore case, the tag key inside them too. [reference_policies_elements_condition]
pub fn request_values(context: &Value, key: &str) -> Vec<String> {
    let Some(keys) = context.as_object() else {
        return Vec::new();
    };
    keys.iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(key))
        .and_then(|(_, value)| scalars(value))
        .unwrap_or_default()
}

/// The pieces of a policy's text: under Version 2012-10-17 its variables are replaced first. None
/// where a variable has neither a value nor a default. [reference_policies_variables]
pub fn pieces(text: &str, version: &str, context: &Value) -> Option<Vec<Piece>> {
    let variables = version == "2012-10-17";
    let mut rest = text;
    let mut pieces = Vec::new();
    while let Some(first) = rest.chars().next() {
        let variable = rest
            .strip_prefix("${")
            .and_then(|inner| inner.split_once('}'));
        if let (true, Some((name, after))) = (variables, variable) {
            pieces.extend(variable_value(name, context)?.chars().map(Piece::Char));
            rest = after;
        } else {
            pieces.push(match first {
                '*' => Piece::Star,
                '?' => Piece::Any,
                other => Piece::Char(other),
            });
            rest = &rest[first.len_utf8()..];
        }
    }
    Some(pieces)
}

/// The value of a variable: `${*}`, `${?}` and `${$}` are these characters; a key must have exactly
/// one value; without one, the default in quotes after the comma counts.
/// [reference_policies_variables]
fn variable_value(name: &str, context: &Value) -> Option<String> {
    if ["*", "?", "$"].contains(&name) {
        return Some(name.to_owned());
    }
    let (key, default) = match name.split_once(',') {
        Some((key, default)) => (key, Some(default.trim())),
        None => (name, None),
    };
    let values = request_values(context, key.trim());
    if values.len() == 1 {
        return values.into_iter().next();
    }
    let quoted = default?.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(quoted.to_owned())
}

/// The text of pieces that are compared as they stand, without wildcards.
pub fn plain(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Char(letter) => *letter,
            Piece::Any => '?',
            Piece::Star => '*',
        })
        .collect()
}
