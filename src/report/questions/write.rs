//! Changing a file of questions: what stands around the change stays as it is, to the byte.
//!
//! A question reaches from its `[[question]]` to the end of the line of its last value. The lines
//! of comment right above it are its own, and go with it.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::fields::Value;
use super::read::document;
use super::{Conditional, Expect, Fault, Question, read};
use crate::visible::is_hidden;

/// The longest line that a list is not broken for.
const WIDTH: usize = 100;

/// Puts a question into the text of a file: in place of one of the same name, else at the end.
///
/// # Errors
/// What is wrong with the file, or would be with this question in it.
pub fn add(text: &str, question: &Question) -> Result<String, Vec<Fault>> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let written = written(question).replace('\n', line_end);
    let changed = match place(text, &question.name)? {
        Some(place) => format!("{}{written}{}", &text[..place.start], &text[place.end..]),
        None => {
            let mut all = text.to_owned();
            let content = text.trim_start_matches('\u{feff}');
            if !content.is_empty() && !content.ends_with('\n') {
                all.push_str(line_end);
            }
            if !content.trim().is_empty() && !all.ends_with(&line_end.repeat(2)) {
                all.push_str(line_end);
            }
            all + &written
        }
    };
    // A question that was put together elsewhere may be wrong in itself.
    read(&changed).map(|_| changed)
}

/// Takes a question out of the text of a file, with the comment right above it; none where there
/// is no question of this name.
///
/// # Errors
/// What is wrong with the file.
pub fn remove(text: &str, name: &str) -> Result<Option<String>, Vec<Fault>> {
    let Some(place) = place(text, name)? else {
        return Ok(None);
    };
    let mut start = place.start;
    // The lines above, from the last.
    for line in text[..start].split_inclusive('\n').rev() {
        if !line
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('#')
        {
            break;
        }
        start -= line.trim_start_matches('\u{feff}').len();
    }
    let rest = &text[place.end..];
    let blank = rest
        .split_inclusive('\n')
        .take_while(|line| line.trim().is_empty());
    let blank: usize = blank.map(str::len).sum();
    Ok(Some(format!("{}{}", &text[..start], &rest[blank..])))
}

/// Where a question stands, in whole lines.
fn place(text: &str, name: &str) -> Result<Option<Range<usize>>, Vec<Fault>> {
    read(text)?;
    let document = document(text)?;
    let Some(DeValue::Array(list)) = document.get("question").map(Value::get_ref) else {
        return Ok(None);
    };
    if let Some(value) = list.first().filter(|it| !text[it.span()].starts_with('[')) {
        let message =
            "the questions are one list; to have them changed, write each as [[question]]";
        return Err(vec![Fault::at(text, value.span().start, message)]);
    }
    let has_name = |table: &DeTable<'_>| {
        let found = table.get("name");
        found.and_then(|it| it.get_ref().as_str()) == Some(name)
    };
    let mut list = list.iter();
    let found = list.find(|it| it.get_ref().as_table().is_some_and(has_name));
    Ok(found.map(|value| {
        let before = &text[..value.span().start];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let start = start
            + if text[start..].starts_with('\u{feff}') {
                3
            } else {
                0
            };
        let last = end(value);
        let end = text[last..]
            .find('\n')
            .map_or(text.len(), |at| last + at + 1);
        start..end
    }))
}

/// Where a value ends, with all that it holds.
fn end(value: &Value<'_>) -> usize {
    let inner = match value.get_ref() {
        DeValue::Table(table) => table.values().map(end).max(),
        DeValue::Array(list) => list.iter().map(end).max(),
        _ => None,
    };
    value.span().end.max(inner.unwrap_or_default())
}

/// A question as a table of its own.
fn written(question: &Question) -> String {
    let mut out = String::from("[[question]]\n");
    let mut line = |name: &str, value: String| {
        out.push_str(&format!("{name} = {value}\n"));
    };
    line("name", quoted(&question.name));
    line("action", one_or_list(&question.action, "action = ".len()));
    if let Some(resource) = &question.resource {
        line("resource", quoted(resource));
    }
    if !question.context.is_empty() {
        let keys = question.context.iter();
        let keys = keys.map(|(key, values)| value(&quoted(key), values));
        line("context", inline(keys));
    }
    if question.strict {
        line("strict", true.to_string());
    }
    if !question.chains {
        line("chains", false.to_string());
    }
    if question.conditional != Conditional::default() {
        line("conditional", quoted(&question.conditional.to_string()));
    }
    if !question.root {
        line("root", false.to_string());
    }
    if let Some(expect) = &question.expect {
        line("expect", expected(expect));
    }
    out
}

fn expected(expect: &Expect) -> String {
    let lists = [
        ("only", &expect.only),
        ("includes", &expect.includes),
        ("excludes", &expect.excludes),
    ];
    let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
    let lists = lists.map(|(name, list)| value(name, list));
    let none = expect.none.then(|| "none = true".to_owned());
    let max = expect.max.map(|max| format!("max = {max}"));
    inline(lists.chain(none).chain(max))
}

fn value(key: &str, values: &[String]) -> String {
    format!("{key} = {}", one_or_list(values, key.len() + 12))
}

/// A table in one line, as far as its lists are.
fn inline(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = fields.collect();
    match fields.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{ {} }}", fields.join(", ")),
    }
}

/// A text, or a list of several: in one line where that is not too long.
fn one_or_list(texts: &[String], taken: usize) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    if let [only] = &quoted[..] {
        return only.clone();
    }
    let line = format!("[{}]", quoted.join(", "));
    if line.chars().count() + taken <= WIDTH {
        return line;
    }
    let lines: String = quoted.iter().map(|text| format!("  {text},\n")).collect();
    format!("[\n{lines}]")
}

/// A string in quotes. What cannot be seen is written as an escape.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_hidden(c) && u32::from(c) <= 0xffff => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c if is_hidden(c) => out.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests;
