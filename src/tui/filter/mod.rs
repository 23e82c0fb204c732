//! The filter language of the lists.
//!
//! A filter is a row of terms, all of which must hold. A bare word is looked for in the name,
//! fuzzily; the others are `tag:KEY`, `tag:KEY=VALUE`, `path:PREFIX`, `policy:NAME`, `unused:90d`,
//! `kind:WORD` and `text:WORDS` (double quotes hold spaces). `!` before a term inverts it. In
//! values `*` stands for anything and case does not matter.
//!
//! Here it is read; [`run`] applies it.

mod run;

use jiff::Timestamp;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::iam::{Account, Kind};
use run::Run;

pub use run::name;

/// A filter that was understood.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    terms: Vec<Term>,
}

/// A filter that was not: which part, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FilterError(pub String);

#[derive(Debug, Clone, PartialEq)]
struct Term {
    inverted: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Name(Atom),
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
#[derive(Debug, Clone, PartialEq)]
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
            return Ok(Test::Name(Atom::new(
                body,
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Fuzzy,
                false,
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

    /// Applies it to some of the things of a kind: all of them, or those that a filter left which
    /// this one [continues](Self::continues).
    pub fn apply(
        &self,
        among: impl IntoIterator<Item = u32>,
        account: &Account,
        kind: Kind,
        now: Timestamp,
    ) -> Filtered {
        let mut run = Run::new(account, kind, now);
        let mut filtered = Filtered::default();
        for at in among {
            match run.judge(&self.terms, at as usize) {
                Some(Some(score)) => filtered.rows.push((at, score)),
                Some(None) => {}
                None => filtered.unknown += 1,
            }
        }
        filtered
    }

    /// Whether it keeps something of which nothing but its name is known.
    pub fn passes_name(&self, name: &str) -> bool {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        self.terms.iter().all(|term| match &term.test {
            Test::Name(letters) => {
                let name = Utf32Str::new(name, &mut buffer);
                letters.score(name, &mut matcher).is_some() != term.inverted
            }
            _ => false,
        })
    }

    /// Whether whatever it keeps `earlier` keeps too, and what `earlier` cannot judge it cannot
    /// judge either: so it is when one goes on typing a text, or begins another term.
    pub fn continues(&self, earlier: &Self) -> bool {
        let same = self
            .terms
            .iter()
            .zip(&earlier.terms)
            .take_while(|(new, old)| new == old)
            .count();
        match (&earlier.terms[same..], &self.terms[same..]) {
            ([], _) => true,
            ([old], [new]) => match (&old.test, &new.test) {
                (Test::Text(old_text), Test::Text(text)) => {
                    !old.inverted && !new.inverted && text.contains(old_text.as_str())
                }
                _ => false,
            },
            _ => false,
        }
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
    fn typing_on_continues_a_filter() {
        let read = |text: &str| Filter::parse(text, Kind::Role).0;
        for (before, after, expected) in [
            ("", "text:P", true),
            ("text:Pass", "text:PassR", true),
            ("text:Pass", "text:Pass unused:90d", true),
            ("kind:aws text:Pass", "kind:aws text:PassR", true),
            ("text:PassR", "text:Pass", false),
            ("!text:Pass", "!text:PassR", false),
            ("text:Pass", "!text:PassR", false),
            // What cannot be judged may fail the text first.
            ("text:Pass unused:90d", "text:PassR unused:90d", false),
            ("unused:9", "unused:90", false),
            ("path:/a", "path:/ab", false),
            ("text:a text:b", "text:b", false),
        ] {
            let continues = read(after).continues(&read(before));
            assert_eq!(continues, expected, "{before:?} then {after:?}");
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
