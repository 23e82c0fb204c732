//! What is known of a request: the values of its condition keys.

use compact_str::{CompactString, ToCompactString};

use crate::policy::Variable;

/// What is known of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// It is in the request with these values; none is as good as not being there.
    Values(Vec<CompactString>),
    /// It is in the request with one value that begins so; how it goes on is not known.
    Beginning(CompactString),
    /// It is not in the request.
    Missing,
}

/// What to make of a key of which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rest {
    /// It is not in the request.
    Missing,
    /// It may or may not be.
    #[default]
    Unknown,
}

/// What is known of a request.
///
/// Names of keys are the same in upper and lower case, that of the tag in
/// `aws:PrincipalTag/Name` included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// By key in lower case, in order.
    known: Vec<(CompactString, Fact)>,
    /// Beginnings of keys, such as `aws:principaltag/`: those that are not known are missing.
    complete: Vec<CompactString>,
    rest: Rest,
}

/// What a look-up of a key gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup<'a> {
    Values(&'a [CompactString]),
    Beginning(&'a str),
    Missing,
    Unknown,
}

impl Facts {
    /// Nothing known yet.
    pub fn new(rest: Rest) -> Self {
        Self {
            rest,
            ..Self::default()
        }
    }

    /// Sets what is known of a key, in place of what was.
    pub fn set(&mut self, key: &str, fact: Fact) {
        let key = lower(key);
        match self.position(&key) {
            Ok(at) => self.known[at].1 = fact,
            Err(at) => self.known.insert(at, (key, fact)),
        }
    }

    /// Sets one value of a key.
    pub fn set_value(&mut self, key: &str, value: impl ToCompactString) {
        self.set(key, Fact::Values(vec![value.to_compact_string()]));
    }

    /// Sets what is known of a key unless something is known already.
    pub fn fill_in(&mut self, key: &str, fact: Fact) {
        let key = lower(key);
        if let Err(at) = self.position(&key) {
            self.known.insert(at, (key, fact));
        }
    }

    /// Keys with this beginning that are not known are missing.
    pub fn complete(&mut self, beginning: &str) {
        self.complete.push(lower(beginning));
    }

    /// What is made of the keys that are not known.
    pub fn rest(&self) -> Rest {
        self.rest
    }

    /// The same with other keys that are not known.
    #[must_use]
    pub fn with_rest(&self, rest: Rest) -> Self {
        Self {
            rest,
            ..self.clone()
        }
    }

    /// Every key that something is known of, in lower case, in order.
    pub fn known(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.known.iter().map(|(key, fact)| (key.as_str(), fact))
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.known
            .binary_search_by(|(known, _)| known.as_str().cmp(key))
    }

    /// What is known of a key; its name must be in lower case.
    pub(super) fn lookup(&self, key: &str) -> Lookup<'_> {
        if let Ok(at) = self.position(key) {
            return match &self.known[at].1 {
                Fact::Values(values) if values.is_empty() => Lookup::Missing,
                Fact::Values(values) => Lookup::Values(values),
                Fact::Beginning(text) => Lookup::Beginning(text),
                Fact::Missing => Lookup::Missing,
            };
        }
        let is_complete = || self.complete.iter().any(|it| key.starts_with(it.as_str()));
        if self.rest == Rest::Missing || is_complete() {
            Lookup::Missing
        } else {
            Lookup::Unknown
        }
    }

    /// What is known of a key, as the value of a variable.
    pub(super) fn variable(&self, key: &str) -> Variable<'_> {
        match self.lookup(&lower(key)) {
            Lookup::Values([value]) => Variable::Value(value),
            Lookup::Values(_) => Variable::Several,
            Lookup::Missing => Variable::Missing,
            Lookup::Beginning(_) if self.rest == Rest::Missing => Variable::Missing,
            Lookup::Beginning(_) | Lookup::Unknown => Variable::Unknown,
        }
    }
}

/// Whether the principal of a request determines a key, which must be in lower case.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties>
pub(super) fn is_of_principal(key: &str) -> bool {
    key.starts_with("aws:principal") || matches!(key, "aws:userid" | "aws:username")
}

/// Whether the resource of a request determines a key, which must be in lower case.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resource-properties>
pub(super) fn is_of_resource(key: &str) -> bool {
    key.starts_with("aws:resource") || key.starts_with("iam:resource")
}

/// A key in lower case.
pub(super) fn lower(key: &str) -> CompactString {
    if key.is_ascii() {
        let mut lower = CompactString::from(key);
        lower.make_ascii_lowercase();
        return lower;
    }
    CompactString::from_str_to_lowercase(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_any_case() {
        let mut facts = Facts::default();
        facts.set_value("aws:PrincipalTag/Team", "a");
        assert_eq!(
            facts.variable("AWS:principaltag/team"),
            Variable::Value("a")
        );
        facts.fill_in("aws:principaltag/TEAM", Fact::Missing);
        assert_eq!(
            facts.variable("aws:PrincipalTag/Team"),
            Variable::Value("a")
        );
    }

    #[test]
    fn what_is_not_known_is_unknown_or_missing() {
        let mut facts = Facts::default();
        assert_eq!(facts.lookup("aws:principaltag/x"), Lookup::Unknown);
        facts.complete("aws:PrincipalTag/");
        assert_eq!(facts.lookup("aws:principaltag/x"), Lookup::Missing);
        assert_eq!(facts.lookup("aws:principalarn"), Lookup::Unknown);
        let strict = facts.with_rest(Rest::Missing);
        assert_eq!(strict.lookup("aws:principalarn"), Lookup::Missing);
    }

    #[test]
    fn a_list_is_no_variable() {
        let mut facts = Facts::default();
        facts.set("k", Fact::Values(vec!["a".into(), "b".into()]));
        assert_eq!(facts.variable("k"), Variable::Several);
        facts.set("k", Fact::Values(Vec::new()));
        assert_eq!(facts.variable("k"), Variable::Missing);
        facts.set("k", Fact::Beginning("AROA:".into()));
        assert_eq!(facts.variable("k"), Variable::Unknown);
    }
}
