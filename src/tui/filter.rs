//! The filter language of the lists.
//!
//! A filter is a row of terms, all of which must hold. A bare word is looked for in the name,
//! fuzzily; the others are `tag:KEY`, `tag:KEY=VALUE`, `path:PREFIX`, `policy:NAME`, `unused:90d`,
//! `kind:WORD` and `text:WORDS` (double quotes hold spaces). `!` before a term inverts it. In values `*` stands for
//! anything and case does not matter.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::time::days;
use crate::iam::{Account, Arn, Field, InlinePolicy, Kind, Tag};
use crate::policy::PolicyText;

/// A filter that was understood.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    terms: Vec<Term>,
}

/// A filter that was not: which part, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FilterError(pub String);

#[derive(Debug, Clone)]
struct Term {
    inverted: bool,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Name(Pattern),
    Tag { key: Glob, value: Option<Glob> },
    Path(Glob),
    Policy(Glob),
    Unused(i64),
    Kind(KindWord),
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KindWord {
    Aws,
    Customer,
    ServiceLinked,
    Service,
}

/// What a filter left of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filtered {
    /// Positions in the account's list, in its order, with the score of the fuzzy match (higher
    /// is better; 0 without one).
    pub rows: Vec<(u32, u32)>,
    /// How many could not be judged because what the filter asks for is not known of them. They
    /// are not among the rows, inverted or not.
    pub unknown: usize,
}

/// A text with `*` for anything, compared regardless of case. Linear in the text.
#[derive(Debug, Clone)]
struct Glob {
    parts: Vec<String>,
}

impl Glob {
    fn new(text: &str) -> Self {
        Self {
            parts: text.to_lowercase().split('*').map(str::to_owned).collect(),
        }
    }

    fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let (Some(first), Some(last)) = (self.parts.first(), self.parts.last()) else {
            return text.is_empty();
        };
        if self.parts.len() == 1 {
            return text == *first;
        }
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for part in &self.parts[1..self.parts.len() - 1] {
            match rest.find(part.as_str()) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

/// Splits at spaces that stand outside double quotes, which it takes away.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

impl Filter {
    /// Reads a filter, and says what is wrong with it: an unknown term, a term without a value, a
    /// bad number of days. Wrong terms are left out, so that the list does not go away while one
    /// is typed.
    pub fn parse(text: &str, kind: Kind) -> (Self, Option<FilterError>) {
        let mut terms = Vec::new();
        let mut wrong = None;
        for word in words(text) {
            let (inverted, body) = match word.strip_prefix('!') {
                Some(body) => (true, body),
                None => (false, word.as_str()),
            };
            if body.is_empty() {
                continue;
            }
            match Self::parse_term(body, kind) {
                Ok(test) => terms.push(Term { inverted, test }),
                Err(error) => wrong = wrong.or(Some(error)),
            }
        }
        (Self { terms }, wrong)
    }

    fn parse_term(body: &str, kind: Kind) -> Result<Test, FilterError> {
        let Some((name, value)) = body.split_once(':') else {
            return Ok(Test::Name(Pattern::new(
                body,
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Fuzzy,
            )));
        };
        if value.is_empty() {
            return Err(FilterError(format!(
                "{name}: needs a value, such as {}",
                example(name)
            )));
        }
        Ok(match name {
            "tag" => {
                if kind == Kind::Group {
                    return Err(FilterError("groups have no tags".into()));
                }
                let (key, value) = match value.split_once('=') {
                    Some((key, value)) => (key, Some(Glob::new(value))),
                    None => (value, None),
                };
                Test::Tag {
                    key: Glob::new(key),
                    value,
                }
            }
            "path" => Test::Path(Glob::new(&format!("{value}*"))),
            "policy" => Test::Policy(Glob::new(value)),
            "unused" => Test::Unused(parse_days(value)?),
            "kind" => Test::Kind(parse_kind(value, kind)?),
            "text" => Test::Text(value.to_lowercase()),
            _ => {
                return Err(FilterError(format!(
                    "no term {name}: there are tag: path: policy: unused: kind: text:"
                )));
            }
        })
    }

    /// Whether a part of a name is looked for, so that the best matches come first.
    pub fn ranks(&self) -> bool {
        self.terms
            .iter()
            .any(|t| !t.inverted && matches!(t.test, Test::Name(_)))
    }

    /// Applies it to all things of a kind.
    pub fn apply(&self, account: &Account, kind: Kind, now: Timestamp) -> Filtered {
        let mut run = Run {
            account,
            kind,
            now,
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
            texts: Judged::default(),
        };
        let mut filtered = Filtered::default();
        for at in 0..account.count(kind) {
            match run.judge(&self.terms, at) {
                Some(Some(score)) => filtered.rows.push((at as u32, score)),
                Some(None) => {}
                None => filtered.unknown += 1,
            }
        }
        filtered
    }
}

fn example(name: &str) -> &'static str {
    match name {
        "tag" => "tag:env=prod",
        "path" => "path:/svc/",
        "policy" => "policy:Admin*",
        "unused" => "unused:90d",
        "kind" => "kind:aws",
        _ => "text:PassRole",
    }
}

fn parse_days(value: &str) -> Result<i64, FilterError> {
    let (number, factor) = match value.as_bytes().last() {
        Some(b'd') => (&value[..value.len() - 1], 1),
        Some(b'w') => (&value[..value.len() - 1], 7),
        Some(b'y') => (&value[..value.len() - 1], 365),
        _ => (value, 1),
    };
    number
        .parse::<u16>()
        .map(|n| i64::from(n) * factor)
        .map_err(|_| FilterError(format!("unused:{value} is no time; write 90d, 12w or 1y")))
}

fn parse_kind(value: &str, kind: Kind) -> Result<KindWord, FilterError> {
    let words: &[(&str, KindWord)] = match kind {
        Kind::Policy => &[("aws", KindWord::Aws), ("customer", KindWord::Customer)],
        Kind::Role => &[
            ("aws", KindWord::ServiceLinked),
            ("service-linked", KindWord::ServiceLinked),
            ("service", KindWord::Service),
            ("customer", KindWord::Customer),
        ],
        Kind::User | Kind::Group => {
            return Err(FilterError("kind: is for roles and policies".into()));
        }
    };
    let known = || words.iter().map(|(w, _)| *w).collect::<Vec<_>>().join(", ");
    words
        .iter()
        .find(|(word, _)| *word == value.to_lowercase())
        .map(|(_, kind)| *kind)
        .ok_or_else(|| FilterError(format!("kind:{value} is unknown; there are {}", known())))
}

/// By the address of a text: whether it holds what is looked for.
type Judged = HashMap<*const PolicyText, bool, foldhash::fast::RandomState>;

/// One application of a filter, with what it computes only once.
struct Run<'a> {
    account: &'a Account,
    kind: Kind,
    now: Timestamp,
    matcher: Matcher,
    buffer: Vec<char>,
    texts: Judged,
}

impl Run<'_> {
    /// `None` where it cannot be judged, `Some(None)` where it fails, else the score.
    fn judge(&mut self, terms: &[Term], at: usize) -> Option<Option<u32>> {
        let mut score = 0;
        for term in terms {
            if let Test::Name(pattern) = &term.test {
                let found = self.fuzzy(pattern, at);
                if found.is_some() == term.inverted {
                    return Some(None);
                }
                score += found.unwrap_or(0);
            } else if self.test(&term.test, at)? == term.inverted {
                return Some(None);
            }
        }
        Some(Some(score))
    }

    fn fuzzy(&mut self, pattern: &Pattern, at: usize) -> Option<u32> {
        let name = name(self.account, self.kind, at);
        pattern.score(Utf32Str::new(name, &mut self.buffer), &mut self.matcher)
    }

    fn test(&mut self, test: &Test, at: usize) -> Option<bool> {
        match test {
            Test::Name(_) => Some(true),
            Test::Tag { key, value } => tags(self.account, self.kind, at).map(|tags| {
                tags.iter().any(|tag| {
                    key.matches(&tag.key) && value.as_ref().is_none_or(|v| v.matches(&tag.value))
                })
            }),
            Test::Path(glob) => Some(glob.matches(path(self.account, self.kind, at))),
            Test::Policy(glob) => self.has_policy(glob, at),
            Test::Unused(limit) => self.unused(*limit, at),
            Test::Kind(word) => self.is_kind(*word, at),
            Test::Text(needle) => Some(self.has_text(needle, at)),
        }
    }

    fn has_policy(&self, glob: &Glob, at: usize) -> Option<bool> {
        let by_arn = |arn: &str| glob.matches(Arn::parse(arn).map_or(arn, |a| a.name()));
        let (attached, inline, boundary) = match self.kind {
            Kind::User => {
                let u = &self.account.users()[at];
                (
                    &u.attached,
                    &u.inline,
                    u.boundary.known().cloned().flatten(),
                )
            }
            Kind::Group => {
                let g = &self.account.groups()[at];
                (&g.attached, &g.inline, None)
            }
            Kind::Role => {
                let r = &self.account.roles()[at];
                (
                    &r.attached,
                    &r.inline,
                    r.boundary.known().cloned().flatten(),
                )
            }
            Kind::Policy => return Some(glob.matches(&self.account.policies()[at].name)),
        };
        Some(
            attached.known()?.iter().any(|arn| by_arn(arn))
                || inline.known()?.iter().any(|p| glob.matches(&p.name))
                || boundary.is_some_and(|arn| by_arn(&arn)),
        )
    }

    /// Users and roles by their last use (or, never used, by their age); groups without members
    /// and policies that nobody has count as unused however long.
    fn unused(&self, limit: i64, at: usize) -> Option<bool> {
        let old = |last: Option<Timestamp>, created: Option<Timestamp>| {
            Some(days(last.or(created)?, self.now) >= limit)
        };
        match self.kind {
            Kind::User => {
                let user = &self.account.users()[at];
                old(user.details.last_used().known().copied()?, user.created)
            }
            Kind::Role => {
                let role = &self.account.roles()[at];
                old(role.last_used.known()?.as_ref().map(|u| u.at), role.created)
            }
            Kind::Group => Some(
                self.account
                    .members(&self.account.groups()[at].name)
                    .is_empty(),
            ),
            Kind::Policy => {
                let policy = &self.account.policies()[at];
                let found = self.account.attachments(&policy.arn);
                Some(found.is_none_or(|a| a.attached() + a.bounded() == 0))
            }
        }
    }

    fn is_kind(&self, word: KindWord, at: usize) -> Option<bool> {
        if self.kind == Kind::Policy {
            let aws = self.account.policies()[at].is_aws_managed();
            return Some(aws == (word == KindWord::Aws));
        }
        let role = self.account.roles().get(at)?;
        Some(match word {
            KindWord::Aws | KindWord::ServiceLinked => role.is_service_linked(),
            KindWord::Customer => !role.is_service_linked(),
            KindWord::Service => role.trust.known()?.as_str().contains("\"Service\""),
        })
    }

    fn has_text(&mut self, needle: &str, at: usize) -> bool {
        let account = self.account;
        let found = |texts: &mut Judged, text: &Field<Arc<PolicyText>>| {
            text.known().is_some_and(|text| {
                *texts
                    .entry(Arc::as_ptr(text))
                    .or_insert_with(|| crate::policy::mentions(text.as_str(), needle))
            })
        };
        let inline = |texts: &mut Judged, inline: &Field<Vec<InlinePolicy>>| {
            let mut all = inline.known().into_iter().flatten();
            all.any(|p| found(texts, &p.document))
        };
        let attached = |texts: &mut Judged, attached: &Field<Vec<Arc<str>>>| {
            let arns = attached.known().into_iter().flatten();
            let mut in_force = arns.filter_map(|arn| account.policy(arn)?.default());
            in_force.any(|version| found(texts, &version.document))
        };
        let texts = &mut self.texts;
        match self.kind {
            Kind::User => {
                let user = &account.users()[at];
                inline(texts, &user.inline) || attached(texts, &user.attached)
            }
            Kind::Group => {
                let group = &account.groups()[at];
                inline(texts, &group.inline) || attached(texts, &group.attached)
            }
            Kind::Role => {
                let role = &account.roles()[at];
                inline(texts, &role.inline)
                    || found(texts, &role.trust)
                    || attached(texts, &role.attached)
            }
            Kind::Policy => {
                let mut versions = account.policies()[at]
                    .versions
                    .known()
                    .into_iter()
                    .flatten();
                versions.any(|v| found(texts, &v.document))
            }
        }
    }
}

/// The name of what stands at a position.
pub fn name(account: &Account, kind: Kind, at: usize) -> &str {
    match kind {
        Kind::User => &account.users()[at].name,
        Kind::Group => &account.groups()[at].name,
        Kind::Role => &account.roles()[at].name,
        Kind::Policy => &account.policies()[at].name,
    }
}

/// The path of what stands at a position.
pub fn path(account: &Account, kind: Kind, at: usize) -> &str {
    match kind {
        Kind::User => &account.users()[at].path,
        Kind::Group => &account.groups()[at].path,
        Kind::Role => &account.roles()[at].path,
        Kind::Policy => &account.policies()[at].path,
    }
}

fn tags(account: &Account, kind: Kind, at: usize) -> Option<&[Tag]> {
    match kind {
        Kind::User => account.users()[at].tags.known(),
        Kind::Group => None,
        Kind::Role => account.roles()[at].tags.known(),
        Kind::Policy => account.policies()[at].tags.known(),
    }
    .map(Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_is_anchored_and_ignores_case() {
        for (glob, text, expected) in [
            ("admin*", "AdministratorAccess", true),
            ("*access", "AdministratorAccess", true),
            ("a*t*s", "AdministratorAccess", true),
            ("admin", "AdministratorAccess", false),
            ("*x*", "AdministratorAccess", false),
            ("ab*ba", "aba", false),
            ("*", "", true),
        ] {
            assert_eq!(Glob::new(glob).matches(text), expected, "{glob} {text}");
        }
    }

    #[test]
    fn quotes_hold_spaces_together() {
        assert_eq!(words("a \"b c\" text:\"d e\""), ["a", "b c", "text:d e"]);
    }

    #[test]
    fn a_wrong_filter_says_what_would_be_right() {
        let wrong = |text: &str, kind| Filter::parse(text, kind).1.unwrap().0;
        assert!(wrong("colour:red", Kind::User).contains("tag: path:"));
        assert!(wrong("tag:", Kind::User).contains("tag:env=prod"));
        assert!(wrong("unused:soon", Kind::Role).contains("90d"));
        assert!(wrong("kind:aws", Kind::User).contains("roles and policies"));
        assert!(wrong("kind:odd", Kind::Policy).contains("aws, customer"));
        assert!(wrong("tag:a=b", Kind::Group).contains("no tags"));
    }
}
