//! Reading what is expected, and finding what of it cannot hold together.

use std::ops::Range;

use super::Expect;
use super::fields::Fields;
use crate::access::Caller;
use crate::policy::Glob;

const FIELDS: [&str; 5] = ["only", "includes", "excludes", "none", "max"];

/// A principal or a pattern of principals, with its place.
type Placed<'t> = (&'t str, Range<usize>);

/// The expectations of a question.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Option<Expect> {
    const EXPECTED: &str = "a table such as { only = \"arn:aws:iam::*:role/ci/*\" }";
    let table = fields.table("expect", EXPECTED)?;
    let place = fields.get("expect")?.span();
    let mut fields = Fields::new(table, "what is expected", &FIELDS, fields.faults);
    if table.is_empty() {
        let message = format!(
            "`expect` is empty; it has {}, or is left out",
            FIELDS.join(", ")
        );
        fields.faults.add(place, message);
    }
    let [only, includes, excludes] =
        ["only", "includes", "excludes"].map(|name| principals(&mut fields, name));
    let none = fields.flag("none");
    if let (Some(false), Some(value)) = (none, fields.get("none")) {
        let message = "`none = false` expects nothing; leave it out, or expect somebody: includes";
        fields.faults.add(value.span(), message);
    }
    let expect = Read {
        only,
        includes,
        excludes,
        none: none == Some(true),
        max: fields.count("max"),
    };
    expect.check(&mut fields);
    Some(expect.plain())
}

/// The principals of a field. One that no principal can be called is wrong: it would never match,
/// and what is never matched is easily never excluded.
fn principals<'t>(fields: &mut Fields<'t, '_>, name: &str) -> Vec<Placed<'t>> {
    const EXPECTED: &str = "the ARN of a principal, a pattern of ARNs, or a list of these";
    let found = fields.texts(name, EXPECTED);
    for (text, place) in &found {
        if !is_principal(text) {
            let message = format!(
                "{text:?} is no principal: expected an ARN such as arn:aws:iam::111122223333:role/x, \
                 a pattern such as *:role/ci/*, or a service such as ec2.amazonaws.com"
            );
            fields.faults.add(place.clone(), message);
        }
    }
    found
}

fn is_principal(text: &str) -> bool {
    match text.find(['*', '?']) {
        None => Caller::parse(text).is_ok(),
        // A service's name has dots, and no colon.
        Some(at) => {
            at == 0 || text.starts_with("arn:") || "arn:".starts_with(&text[..at]) || {
                !text.contains([':', '/']) && text.contains('.')
            }
        }
    }
}

/// Expectations with their places.
struct Read<'t> {
    only: Vec<Placed<'t>>,
    includes: Vec<Placed<'t>>,
    excludes: Vec<Placed<'t>>,
    none: bool,
    max: Option<usize>,
}

impl Read<'_> {
    fn plain(self) -> Expect {
        let texts = |list: Vec<Placed<'_>>| list.iter().map(|(it, _)| (*it).to_owned()).collect();
        Expect {
            only: texts(self.only),
            includes: texts(self.includes),
            excludes: texts(self.excludes),
            none: self.none,
            max: self.max,
        }
    }

    /// Finds what contradicts itself: no answer could be as is expected.
    fn check(&self, fields: &mut Fields<'_, '_>) {
        for (text, place) in &self.includes {
            if let Some(why) = self.against(text) {
                fields
                    .faults
                    .add(place.clone(), format!("`includes` {text:?} {why}"));
            }
        }
        let mut single: Vec<&str> = self.includes.iter().map(|(text, _)| *text).collect();
        single.retain(|text| !text.contains(['*', '?']));
        single.sort_unstable();
        single.dedup();
        if let (Some(max), Some(value)) = (self.max, fields.get("max"))
            && max > 0
            && single.len() > max
        {
            let count = single.len();
            let message = format!("`max = {max}` contradicts `includes`, which has {count}");
            fields.faults.add(value.span(), message);
        }
        if let Some(value) = fields.get("none").filter(|_| self.none) {
            let others = [("only", self.only.is_empty()), ("max", self.max.is_none())];
            for (name, _) in others.into_iter().filter(|(_, is_absent)| !is_absent) {
                let message = format!("`none = true` leaves nothing for `{name}`; leave one out");
                fields.faults.add(value.span(), message);
            }
        }
    }

    /// What an expected principal contradicts.
    fn against(&self, text: &str) -> Option<String> {
        if self.none {
            return Some("contradicts `none = true`".to_owned());
        }
        if self.max == Some(0) {
            return Some("contradicts `max = 0`".to_owned());
        }
        let mut excluded = self.excludes.iter();
        if let Some((pattern, _)) = excluded.find(|(it, _)| covers(it, text)) {
            return Some(format!("contradicts `excludes` {pattern:?}"));
        }
        // Whether two patterns have a principal in common is not asked.
        let is_pattern = text.contains(['*', '?']);
        let mut only = self.only.iter();
        let is_contrary =
            !is_pattern && !self.only.is_empty() && !only.any(|(it, _)| covers(it, text));
        is_contrary.then(|| "contradicts `only`, which has no such principal".to_owned())
    }
}

/// Whether a pattern matches all that another does, as far as that is easily told.
fn covers(pattern: &str, other: &str) -> bool {
    // Unicode promises that this is no character: only a wildcard matches it.
    const ANYTHING: &str = "\u{ffff}";
    let is_pattern = other.contains(['*', '?']);
    match is_pattern && pattern.contains('?') {
        // One sign is not what a star may stand for.
        true => pattern == other,
        false => Glob::new(pattern).matches(&other.replace(['*', '?'], ANYTHING)),
    }
}
