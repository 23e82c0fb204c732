//! Reading a file of questions.

use std::collections::HashMap;

use toml::de::{DeTable, DeValue};

use super::fields::{Faults, Fields, Value};
use super::{Conditional, Fault, File, Question, expect};
use crate::catalog;

const FIELDS: [&str; 9] = [
    "name",
    "action",
    "resource",
    "context",
    "strict",
    "chains",
    "conditional",
    "root",
    "expect",
];

/// Reads a file of questions. A text without any is one, too.
///
/// # Errors
/// All that is not as it must be, in the order of the text.
pub fn read(text: &str) -> Result<File, Vec<Fault>> {
    let document = document(text)?;
    let mut faults = Faults::default();
    let mut names = HashMap::new();
    let mut file = File::default();
    for value in questions(&document, &mut faults) {
        let Some(table) = value.get_ref().as_table() else {
            let message = "a question is a table; write it as [[question]]";
            faults.add(value.span(), message);
            continue;
        };
        let question = question(table, value, &mut faults);
        let place = table.get("name").map_or(value.span(), Value::span);
        if question.name.is_empty() {
            continue;
        }
        if let Some(first) = names.get(&question.name) {
            let first = Fault::at(text, *first, "").line;
            let name = &question.name;
            let message = format!("there is a question {name:?} already, in line {first}");
            faults.add(place, message);
            continue;
        }
        names.insert(question.name.clone(), place.start);
        file.questions.push(question);
    }
    match faults.is_empty() {
        true => Ok(file),
        false => Err(faults.told(text)),
    }
}

/// The text as TOML.
///
/// # Errors
/// Where it is none: the first fault of each line, since one often brings others.
pub(super) fn document(text: &str) -> Result<DeTable<'_>, Vec<Fault>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(document.into_inner());
    }
    let mut faults = Faults::default();
    for error in errors {
        faults.add(error.span().unwrap_or(0..0), error.message());
    }
    let mut told = faults.told(text);
    told.dedup_by_key(|fault| fault.line);
    Err(told)
}

/// The questions of a file, not looked at yet.
fn questions<'t, 'i>(document: &'t DeTable<'i>, faults: &mut Faults) -> &'t [Value<'i>] {
    for key in document.keys().filter(|key| &**key.get_ref() != "question") {
        let name = key.get_ref();
        let near = !catalog::nearest(name, ["question"].into_iter(), 1).is_empty();
        let next = match near || FIELDS.contains(&&**name) {
            true => "it belongs into a table that begins with [[question]]",
            false => "it holds nothing but [[question]] tables",
        };
        let message = format!("a file of questions has no `{name}`; {next}");
        faults.add(key.span(), message);
    }
    let Some(value) = document.get("question") else {
        return &[];
    };
    match value.get_ref() {
        DeValue::Array(list) => list,
        _ => {
            let message = "a question begins with [[question]], in two brackets";
            faults.add(value.span(), message);
            &[]
        }
    }
}

/// A question; its name is empty where that is wrong.
fn question(table: &DeTable<'_>, whole: &Value<'_>, faults: &mut Faults) -> Question {
    const ACTION: &str =
        "an action such as \"s3:GetObject\", a pattern, a level such as \"s3:@write\", or a list";
    for (name, expected) in [("name", "what the question is called"), ("action", ACTION)] {
        if !table.contains_key(name) {
            let message = format!("the question has no `{name}`; expected {expected}");
            faults.add(whole.span(), message);
        }
    }
    let mut fields = Fields::new(table, "a question", &FIELDS, faults);
    let name = fields.text("name", "what the question is called");
    let actions = fields.texts("action", ACTION);
    let resource = fields.text("resource", "an ARN or a pattern, in quotes");
    let defaults = Question::new(name.unwrap_or_default(), "");
    Question {
        action: actions
            .iter()
            .map(|(action, _)| (*action).to_owned())
            .collect(),
        resource: resource.map(str::to_owned),
        context: context(&mut fields),
        strict: fields.flag("strict").unwrap_or(defaults.strict),
        chains: fields.flag("chains").unwrap_or(defaults.chains),
        conditional: conditional(&mut fields),
        root: fields.flag("root").unwrap_or(defaults.root),
        expect: expect::read(&mut fields),
        ..defaults
    }
}

fn conditional(fields: &mut Fields<'_, '_>) -> Conditional {
    const EXPECTED: &str = "\"allow\" (who can only if more is met counts as able) or \"deny\"";
    let Some(word) = fields.text("conditional", EXPECTED) else {
        return Conditional::default();
    };
    let all = [Conditional::Allow, Conditional::Deny];
    let found = all.into_iter().find(|it| it.to_string() == word);
    if found.is_none()
        && let Some(value) = fields.get("conditional")
    {
        let message = format!("`conditional` is {word:?}; expected {EXPECTED}");
        fields.faults.add(value.span(), message);
    }
    found.unwrap_or_default()
}

/// The keys of the request. Their names are the same in upper and lower case.
fn context(fields: &mut Fields<'_, '_>) -> Vec<(String, Vec<String>)> {
    const EXPECTED: &str = "a table such as { \"aws:SourceIp\" = \"203.0.113.7\" }";
    let Some(table) = fields.table("context", EXPECTED) else {
        return Vec::new();
    };
    let mut keys: Vec<(String, Vec<String>)> = Vec::new();
    let mut inner = Fields {
        table,
        faults: fields.faults,
    };
    for key in table.keys() {
        let name: &str = key.get_ref();
        if name.trim().is_empty() {
            let message = "a condition key without a name; expected one such as \"aws:SourceIp\"";
            inner.faults.add(key.span(), message);
        }
        if keys.iter().any(|(it, _)| it.eq_ignore_ascii_case(name)) {
            let message = format!("the condition key {name} is there twice; case does not matter");
            inner.faults.add(key.span(), message);
            continue;
        }
        let values = inner.values(name);
        keys.push((name.to_owned(), values));
    }
    keys
}
