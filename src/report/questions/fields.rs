//! Reading the fields of a table with their places: what is wrong is noted, and the reading goes
//! on, so that everything is told at once.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Fault;
use crate::catalog;
use crate::policy::value::instant;

/// A value with its place.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// What was found wrong so far, by its place in the text.
#[derive(Debug, Default)]
pub(super) struct Faults {
    list: Vec<(usize, String)>,
}

impl Faults {
    pub(super) fn add(&mut self, place: Range<usize>, message: impl Into<String>) {
        self.list.push((place.start, message.into()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them in the order of the text.
    pub(super) fn told(mut self, text: &str) -> Vec<Fault> {
        self.list.sort_by_key(|(place, _)| *place);
        // Each line is looked for from the fault before: a large file may have many.
        let (mut line, mut start) = (1, 0);
        let list = self.list.into_iter().map(|(place, message)| {
            let place = place.min(text.len());
            let between = text.get(start..place).unwrap_or_default();
            line += between.matches('\n').count();
            start += between.rfind('\n').map_or(0, |at| at + 1);
            let fault = Fault::at(&text[start..], place - start, message);
            Fault { line, ..fault }
        });
        list.collect()
    }
}

/// A table whose fields are read by their names.
pub(super) struct Fields<'t, 'i> {
    pub(super) table: &'t DeTable<'i>,
    pub(super) faults: &'t mut Faults,
}

impl<'t, 'i> Fields<'t, 'i> {
    /// Holds that a table has no other fields than these.
    pub(super) fn new(
        table: &'t DeTable<'i>,
        what: &str,
        names: &[&str],
        faults: &'t mut Faults,
    ) -> Self {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !names.contains(&name) {
                let near = catalog::nearest(name, names.iter().copied(), 1);
                let next = match near.first() {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has {}", names.join(", ")),
                };
                faults.add(key.span(), format!("{what} has no `{name}`; {next}"));
            }
        }
        Self { table, faults }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'t Value<'i>> {
        self.table.get(name)
    }

    fn wrong(&mut self, name: &str, value: &Value<'_>, expected: &str) {
        let found = kind(value.get_ref());
        let message = format!("`{name}` is {found}; expected {expected}");
        self.faults.add(value.span(), message);
    }

    /// A text; empty ones are wrong.
    pub(super) fn text(&mut self, name: &str, expected: &str) -> Option<&'t str> {
        let value = self.get(name)?;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => return Some(text),
            DeValue::String(_) => {
                let message = format!("`{name}` is empty; expected {expected}");
                self.faults.add(value.span(), message);
            }
            _ => self.wrong(name, value, expected),
        }
        None
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.get(name)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(name, value, "true or false");
        }
        flag
    }

    /// A number of things.
    pub(super) fn count(&mut self, name: &str) -> Option<usize> {
        let value = self.get(name)?;
        let number = value.get_ref().as_integer();
        let count = number.and_then(|it| usize::from_str_radix(it.as_str(), it.radix()).ok());
        if count.is_none() {
            self.wrong(name, value, "a whole number from 0");
        }
        count
    }

    /// A table.
    pub(super) fn table(&mut self, name: &str, expected: &str) -> Option<&'t DeTable<'i>> {
        let value = self.get(name)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(name, value, expected);
        }
        table
    }

    /// One text or several, each with its place.
    pub(super) fn texts(&mut self, name: &str, expected: &str) -> Vec<(&'t str, Range<usize>)> {
        let Some(value) = self.get(name) else {
            return Vec::new();
        };
        let list = match value.get_ref() {
            DeValue::Array(list) if list.is_empty() => {
                let message = format!("`{name}` is an empty list; expected {expected}");
                self.faults.add(value.span(), message);
                return Vec::new();
            }
            DeValue::Array(list) => list.iter().collect(),
            _ => vec![value],
        };
        let mut texts = Vec::new();
        for item in list {
            match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.push((&**text, item.span()));
                }
                DeValue::String(_) => {
                    let message = format!("an empty text in `{name}`; expected {expected}");
                    self.faults.add(item.span(), message);
                }
                _ => self.wrong(name, item, expected),
            }
        }
        texts
    }

    /// The values of a condition key: texts, numbers, dates, true or false.
    pub(super) fn values(&mut self, name: &str) -> Vec<String> {
        const EXPECTED: &str = "a string, a number, true, false, a date, or a list of these";
        let Some(value) = self.get(name) else {
            return Vec::new();
        };
        let list = match value.get_ref() {
            DeValue::Array(list) if list.is_empty() => {
                let message = format!("`{name}` has no values; leave it out to say nothing of it");
                self.faults.add(value.span(), message);
                return Vec::new();
            }
            DeValue::Array(list) => list.iter().collect(),
            _ => vec![value],
        };
        let mut values = Vec::new();
        for item in list {
            match in_request(item.get_ref()) {
                Some(text) => values.push(text),
                None => self.wrong(name, item, EXPECTED),
            }
        }
        values
    }
}

/// A value as it stands in a request.
fn in_request(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Integer(it) => {
            let number = i64::from_str_radix(it.as_str(), it.radix()).ok()?;
            Some(number.to_string())
        }
        DeValue::Float(it) => {
            let number: f64 = it.as_str().parse().ok()?;
            number.is_finite().then(|| number.to_string())
        }
        DeValue::Datetime(time) => {
            let text = time.to_string();
            // A time of day alone is none.
            time.date.and_then(|_| instant(&text)).map(|_| text)
        }
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// The word for what a value is.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Boolean(_) => "true or false",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
