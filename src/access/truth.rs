//! Three-valued answers: yes, no, and *if*, with what the if is about.
//!
//! A condition over a key that nobody has said is not false but open. What is open is carried as
//! a [`Requirement`], a tree of the conditions as they stand in the policies. Combining keeps it
//! small: nothing stands twice, nothing that is implied by its neighbours stands at all, and what
//! cannot be met together is [`Truth::No`].

mod simplify;

use std::fmt;
use std::sync::Arc;

use compact_str::CompactString;

use super::condition::Condition;
use super::facts::Facts;
use super::request::Request;
use crate::policy::{Matched, Pattern, PatternKind, Scope, Variable};
use simplify::{all, any};

/// Yes, no, or open.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    /// No, whatever else is the case.
    No,
    /// Yes, whatever else is the case.
    Yes,
    /// Only where this is met.
    Open(Requirement),
}

/// What must be met for something that is open.
#[derive(Debug, Clone, PartialEq)]
pub enum Requirement {
    /// Each of these; two at least.
    All(Vec<Self>),
    /// One of these; two at least.
    Any(Vec<Self>),
    /// This one must not be met.
    Not(Unmet),
    /// This one must be met.
    Is(Unmet),
}

/// One thing that is not known to be met: in most cases a condition of a statement.
#[derive(Clone)]
pub struct Unmet {
    /// The operator as written in the policy; `Resource` where the resource must be one that a
    /// pattern matches, or a variable of such a pattern is not known; `Policy` where a whole policy
    /// is not.
    pub operator: CompactString,
    /// The condition key, or the variable or policy that is not known; empty where it is up to the
    /// resource.
    pub key: CompactString,
    /// The values as written, known variables filled in.
    pub values: Box<[CompactString]>,
    test: Test,
}

/// How to find out whether something is met once more is known.
#[derive(Clone)]
enum Test {
    Condition(Arc<Condition>),
    Resource {
        pattern: Arc<Pattern>,
        text: Arc<str>,
    },
    /// Which of the resources that are asked about it is.
    Scope {
        pattern: Arc<Pattern>,
        asked: Arc<Scope>,
        /// What the pattern describes, as far as that is known.
        scope: Arc<Scope>,
    },
    /// No key decides it.
    Policy,
}

impl Unmet {
    pub(super) fn condition(condition: &Arc<Condition>, facts: &Facts) -> Self {
        Self {
            operator: condition.operator_text().into(),
            key: condition.key().into(),
            values: condition.values_in_words(facts),
            test: Test::Condition(condition.clone()),
        }
    }

    /// A resource that a pattern matches or not: by which one of a scope it is, or by the value of
    /// the pattern's variables.
    pub(super) fn resource(pattern: &Arc<Pattern>, request: &Request<'_>) -> Self {
        let facts = request.facts;
        if let Some(asked) = request.scope {
            let scope = pattern.scope(|key| facts.variable(key));
            return Self::within(asked, pattern.clone(), scope);
        }
        let unknown = |key: &&str| facts.variable(key) == Variable::Unknown;
        let key = pattern.variables().find(unknown).unwrap_or_default();
        Self {
            operator: "Resource".into(),
            key: key.into(),
            values: [pattern.filled_in(|key| facts.variable(key))].into(),
            test: Test::Resource {
                pattern: pattern.clone(),
                text: request.resource.into(),
            },
        }
    }

    /// That of all resources of a scope it is this one.
    pub(super) fn is_this(asked: &Arc<Scope>, arn: &str) -> Self {
        let pattern = Pattern::new(arn, PatternKind::Exact, false);
        let scope = pattern.scope(|_| Variable::Missing);
        Self::within(asked, Arc::new(pattern), scope)
    }

    fn within(asked: &Arc<Scope>, pattern: Arc<Pattern>, scope: Arc<Scope>) -> Self {
        Self {
            operator: "Resource".into(),
            key: CompactString::default(),
            values: [scope.text().into()].into(),
            test: Test::Scope {
                pattern,
                asked: asked.clone(),
                scope,
            },
        }
    }

    /// Whether a policy that is not known has this effect.
    pub(super) fn policy(name: &str, effect: &str) -> Self {
        Self {
            operator: "Policy".into(),
            key: name.into(),
            values: [effect.into()].into(),
            test: Test::Policy,
        }
    }

    /// The condition, where it is one.
    pub(super) fn as_condition(&self) -> Option<&Condition> {
        match &self.test {
            Test::Condition(condition) => Some(condition),
            Test::Resource { .. } | Test::Scope { .. } | Test::Policy => None,
        }
    }

    /// The resources of which it must be one, where it is up to the resource alone.
    pub(super) fn as_scope(&self) -> Option<&Scope> {
        match &self.test {
            Test::Scope { scope, .. } => Some(scope),
            Test::Condition(_) | Test::Resource { .. } | Test::Policy => None,
        }
    }

    /// Whether it is met under these facts.
    pub(super) fn matched(&self, facts: &Facts) -> Matched {
        match &self.test {
            Test::Condition(condition) => condition.matched(facts),
            Test::Resource { pattern, text } => pattern.matches(text, |key| facts.variable(key)),
            Test::Scope { pattern, asked, .. } => {
                pattern.matches_scope(asked, |key| facts.variable(key))
            }
            Test::Policy => Matched::Unknown,
        }
    }
}

impl PartialEq for Unmet {
    fn eq(&self, other: &Self) -> bool {
        match (&self.test, &other.test) {
            // What is written alike is met alike, wherever it stands.
            (Test::Condition(one), Test::Condition(two)) => one.is_written_as(two),
            (
                Test::Resource { pattern, text },
                Test::Resource {
                    pattern: other,
                    text: at,
                },
            ) => pattern == other && text == at,
            (Test::Scope { scope, .. }, Test::Scope { scope: other, .. }) => scope == other,
            (Test::Policy, Test::Policy) => self.key == other.key && self.values == other.values,
            _ => false,
        }
    }
}

impl fmt::Debug for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?}", self.operator, self.key, self.values)
    }
}

/// Truths of which one is enough. They are simplified when all are there, so that many take no
/// longer than they must.
#[derive(Debug, Default)]
pub(super) struct OneOf {
    is_yes: bool,
    open: Vec<Requirement>,
}

impl OneOf {
    pub(super) fn add(&mut self, truth: Truth) {
        match truth {
            Truth::Yes => self.is_yes = true,
            Truth::No => {}
            Truth::Open(requirement) => self.open.push(requirement),
        }
    }

    /// Whether one is yes for sure.
    pub(super) fn is_yes(&self) -> bool {
        self.is_yes
    }

    pub(super) fn truth(self) -> Truth {
        match self.is_yes {
            true => Truth::Yes,
            false => any(self.open),
        }
    }
}

impl From<bool> for Truth {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl Truth {
    /// Something that must be met.
    pub(super) fn if_met(unmet: Unmet) -> Self {
        Self::Open(Requirement::Is(unmet))
    }

    /// Whether it is no for sure.
    pub fn is_no(&self) -> bool {
        matches!(self, Self::No)
    }

    /// Whether it is yes for sure.
    pub fn is_yes(&self) -> bool {
        matches!(self, Self::Yes)
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, it) | (it, Self::Yes) => it,
            (Self::Open(one), Self::Open(two)) => all(vec![one, two]),
        }
    }

    /// One of the two or both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, it) | (it, Self::No) => it,
            (Self::Open(one), Self::Open(two)) => any(vec![one, two]),
        }
    }

    /// The contrary.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
            Self::Open(requirement) => Self::Open(requirement.negated()),
        }
    }
}

impl Requirement {
    fn negated(self) -> Self {
        let each = |list: Vec<Self>| list.into_iter().map(Self::negated).collect();
        match self {
            Self::All(list) => Self::Any(each(list)),
            Self::Any(list) => Self::All(each(list)),
            Self::Not(unmet) => Self::Is(unmet),
            Self::Is(unmet) => Self::Not(unmet),
        }
    }

    /// One of these, of which none says anything about another.
    pub(super) fn any_of(mut list: Vec<Self>) -> Self {
        match list.pop() {
            Some(only) if list.is_empty() => only,
            last => {
                list.extend(last);
                Self::Any(list)
            }
        }
    }

    /// All of these, of which none says anything about another.
    pub(super) fn all_of(list: Vec<Self>) -> Self {
        let flat = list.into_iter().flat_map(|it| match it {
            Self::All(inner) => inner,
            other => vec![other],
        });
        Self::All(flat.collect())
    }

    /// What becomes of it under these facts: yes, no, or what is still open.
    pub fn under(&self, facts: &Facts) -> Truth {
        let each = |list: &[Self], start: Truth, join: fn(Truth, Truth) -> Truth| {
            list.iter()
                .fold(start, |truth, it| join(truth, it.under(facts)))
        };
        match self {
            Self::All(list) => each(list, Truth::Yes, Truth::and),
            Self::Any(list) => each(list, Truth::No, Truth::or),
            Self::Is(unmet) => match unmet.matched(facts) {
                Matched::Yes => Truth::Yes,
                Matched::No => Truth::No,
                Matched::Unknown => Truth::Open(self.clone()),
            },
            Self::Not(unmet) => match unmet.matched(facts) {
                Matched::Yes => Truth::No,
                Matched::No => Truth::Yes,
                Matched::Unknown => Truth::Open(self.clone()),
            },
        }
    }

    /// The scope and whether the resource must be in it, where it is up to the resource alone.
    pub(super) fn as_scope(&self) -> Option<(&Scope, bool)> {
        match self {
            Self::Is(unmet) => Some((unmet.as_scope()?, true)),
            Self::Not(unmet) => Some((unmet.as_scope()?, false)),
            Self::All(_) | Self::Any(_) => None,
        }
    }

    fn is_contrary_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Is(one), Self::Not(two)) | (Self::Not(one), Self::Is(two)) => one == two,
            _ => false,
        }
    }
}
