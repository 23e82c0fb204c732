//! Whether an answer is as expected: who breaks which expectation, and what is not sure.

use super::told::Able;
use super::{Conditional, Expect};
use crate::policy::Glob;
use crate::report::words::plural;
use crate::visible::visible;

/// The kinds of expectations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Everybody able is one of these.
    Only,
    /// Of each of these, somebody is able.
    Includes,
    /// Nobody able is one of these.
    Excludes,
    /// Nobody is able.
    None,
    /// No more are able than so many.
    Max(usize),
}

/// An expectation that is not met.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// Which.
    pub rule: Rule,
    /// The principals and patterns that it names; of `includes` those that are missing.
    pub expected: Vec<String>,
    /// Who breaks it; nobody where somebody is missing.
    pub by: Vec<Able>,
}

/// What comes of the expectations.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) breaches: Vec<Breach>,
    /// Why what is not broken may be so all the same.
    pub(super) doubts: Vec<String>,
}

impl Rule {
    /// Its name in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Only => "only",
            Self::Includes => "includes",
            Self::Excludes => "excludes",
            Self::None => "none",
            Self::Max(_) => "max",
        }
    }
}

impl Breach {
    /// What was expected, and what is the case, in a line.
    pub fn in_words(&self) -> String {
        let names: Vec<_> = self.expected.iter().map(|it| visible(it)).collect();
        let names = names.join(", ");
        let count = self.by.len();
        match self.rule {
            Rule::Only => format!("expected only {names}; {count} more can"),
            Rule::Includes => format!("expected {names}, who cannot"),
            Rule::Excludes => format!("expected nobody of {names}; {count} can"),
            Rule::None => format!("expected nobody; {count} can"),
            Rule::Max(max) => format!("expected {max} at most; {count} can"),
        }
    }
}

/// Whether somebody is one of these.
fn is_one(arn: &str, patterns: &[Glob]) -> bool {
    patterns.iter().any(|pattern| pattern.matches(arn))
}

pub(super) fn globs(texts: &[String]) -> Vec<Glob> {
    texts.iter().map(|text| Glob::new(text)).collect()
}

/// Holds an answer against what is expected. `maybe` are those who can or cannot, as policies say
/// that are not known, where `able` leaves them out.
pub(super) fn judge(expect: &Expect, able: &[Able], maybe: &[Able]) -> Judged {
    let mut judged = Judged::default();
    judged.includes(expect, able, maybe);
    let (only, excludes) = (globs(&expect.only), globs(&expect.excludes));
    if !expect.only.is_empty() {
        let is_other = |it: &Able| !is_one(&it.arn, &only);
        judged.nobody(Rule::Only, &expect.only, able, maybe, is_other);
    }
    if !expect.excludes.is_empty() {
        let is_excluded = |it: &Able| is_one(&it.arn, &excludes);
        judged.nobody(Rule::Excludes, &expect.excludes, able, maybe, is_excluded);
    }
    if expect.none {
        judged.nobody(Rule::None, &[], able, maybe, |_| true);
    }
    if let Some(max) = expect.max {
        if able.len() > max {
            judged.breaches.push(Breach {
                rule: Rule::Max(max),
                expected: Vec::new(),
                by: able.to_vec(),
            });
        } else if able.len() + maybe.len() > max {
            judged.doubt(maybe);
        }
    }
    judged
}

impl Judged {
    /// Holds that of each pattern somebody is able for sure.
    fn includes(&mut self, expect: &Expect, able: &[Able], maybe: &[Able]) {
        let mut missing = Vec::new();
        for text in &expect.includes {
            let pattern = Glob::new(text);
            let is_it = |it: &&Able| pattern.matches(&it.arn);
            if able.iter().any(|it| is_it(&it) && !it.is_open) {
                continue;
            }
            let open = able.iter().filter(|it| it.is_open).chain(maybe);
            let open: Vec<Able> = open.filter(is_it).cloned().collect();
            match open.is_empty() {
                true => missing.push(text.clone()),
                false => self.doubt(&open),
            }
        }
        if !missing.is_empty() {
            self.breaches.push(Breach {
                rule: Rule::Includes,
                expected: missing,
                by: Vec::new(),
            });
        }
    }

    /// Holds that nobody is able for whom `breaks` holds.
    fn nobody(
        &mut self,
        rule: Rule,
        expected: &[String],
        able: &[Able],
        maybe: &[Able],
        breaks: impl Fn(&Able) -> bool,
    ) {
        let of = |list: &[Able]| list.iter().filter(|it| breaks(it)).cloned().collect();
        let by: Vec<Able> = of(able);
        let open: Vec<Able> = of(maybe);
        if by.is_empty() {
            return self.doubt(&open);
        }
        self.breaches.push(Breach {
            rule,
            expected: expected.to_vec(),
            by,
        });
    }

    /// Notes that it is not known whether these can.
    fn doubt(&mut self, open: &[Able]) {
        const SHOWN: usize = 5;
        if open.is_empty() {
            return;
        }
        let names = open.iter().take(SHOWN).map(|it| it.name.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        let more = match open.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let doubt = format!("whether {names}{more} can depends on policies that are not known");
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }
}

impl Expect {
    /// Whether somebody who can and was left out may break it.
    pub(super) fn bounds(&self) -> bool {
        !self.only.is_empty() || !self.excludes.is_empty() || self.none || self.max.is_some()
    }

    /// What is expected of those whom nobody is called like: a slip of the pen, or somebody who is
    /// gone.
    pub(super) fn of_nobody(&self, everybody: &[impl AsRef<str>]) -> Vec<String> {
        let mut notes = Vec::new();
        for (name, list) in [("only", &self.only), ("excludes", &self.excludes)] {
            let matched = |text: &&String| {
                let pattern = Glob::new(text);
                !everybody.iter().any(|arn| pattern.matches(arn.as_ref()))
            };
            let nobody: Vec<&str> = list.iter().filter(matched).map(String::as_str).collect();
            if !nobody.is_empty() {
                let (nobody, word) = (nobody.join(", "), plural(everybody.len(), "principal"));
                notes.push(format!("`{name}`: none of {word} is {nobody}"));
            }
        }
        notes
    }
}

impl Conditional {
    /// Whether who can only if more is met counts as able.
    pub(super) fn is_able(self) -> bool {
        self == Self::Allow
    }
}
