//! Three-valued answers: yes, no, and *if*, with what the if is about.
//!
//! A condition over a key that nobody has said is not false but open. What is open is carried as
//! a [`Requirement`], a tree of the conditions as they stand in the policies. Combining keeps it
//! small: nothing stands twice, nothing that is implied by its neighbours stands at all, and what
//! cannot be met together is [`Truth::No`].

use std::fmt;
use std::sync::Arc;

use compact_str::CompactString;

use super::condition::Condition;
use super::conflict;
use super::facts::Facts;
use crate::policy::{Matched, Pattern, Variable};

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
    /// The operator as written in the policy; `Resource` where a variable of a resource is not
    /// known, `Policy` where a whole policy is not.
    pub operator: CompactString,
    /// The condition key, or the policy that is not known.
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

    /// A resource that a pattern matches or not, by the value of its variables.
    pub(super) fn resource(pattern: &Arc<Pattern>, text: &str, facts: &Facts) -> Self {
        let unknown = |key: &&str| facts.variable(key) == Variable::Unknown;
        let key = pattern.variables().find(unknown).unwrap_or_default();
        Self {
            operator: "Resource".into(),
            key: key.into(),
            values: [pattern.filled_in(|key| facts.variable(key))].into(),
            test: Test::Resource {
                pattern: pattern.clone(),
                text: text.into(),
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
            Test::Resource { .. } | Test::Policy => None,
        }
    }

    /// Whether it is met under these facts.
    pub(super) fn matched(&self, facts: &Facts) -> Matched {
        match &self.test {
            Test::Condition(condition) => condition.matched(facts),
            Test::Resource { pattern, text } => pattern.matches(text, |key| facts.variable(key)),
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

    /// Whether both are single things over one key.
    fn is_over_key_of(&self, other: &Self) -> bool {
        let key = |it: &Self| match it {
            Self::Is(unmet) | Self::Not(unmet) => Some(unmet.key.to_lowercase()),
            Self::All(_) | Self::Any(_) => None,
        };
        key(self).is_some_and(|it| Some(it) == key(other))
    }

    fn is_contrary_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Is(one), Self::Not(two)) | (Self::Not(one), Self::Is(two)) => one == two,
            _ => false,
        }
    }
}

/// All of these, simplified.
fn all(list: Vec<Requirement>) -> Truth {
    let mut parts: Vec<Requirement> = Vec::new();
    for it in list {
        match it {
            Requirement::All(inner) => inner.into_iter().for_each(|it| add(&mut parts, it)),
            other => add(&mut parts, other),
        }
    }
    if !narrow(&mut parts) || conflict::is_impossible(&parts) {
        return Truth::No;
    }
    drop_implied(&mut parts, |part, other| match part {
        // One of several is met already where one of them stands beside it.
        Requirement::Any(choices) => choices.contains(other),
        _ => false,
    });
    drop_followers(&mut parts);
    one_or(parts, Requirement::All)
}

/// One of these, simplified.
fn any(list: Vec<Requirement>) -> Truth {
    let mut parts: Vec<Requirement> = Vec::new();
    for it in list {
        match it {
            Requirement::Any(inner) => inner.into_iter().for_each(|it| add(&mut parts, it)),
            other => add(&mut parts, other),
        }
    }
    let contrary = |one: &Requirement| parts.iter().any(|other| one.is_contrary_of(other));
    if parts.iter().any(contrary) {
        return Truth::Yes;
    }
    drop_implied(&mut parts, |part, other| match part {
        Requirement::All(needed) => needed.contains(other),
        _ => false,
    });
    one_or(parts, Requirement::Any)
}

fn add(parts: &mut Vec<Requirement>, part: Requirement) {
    if !parts.contains(&part) {
        parts.push(part);
    }
}

/// Takes out of each choice what cannot be met beside the rest. False where nothing is left.
fn narrow(parts: &mut Vec<Requirement>) -> bool {
    let mut at = 0;
    while at < parts.len() {
        let Requirement::Any(choices) = &parts[at] else {
            at += 1;
            continue;
        };
        let fits = |choice: &Requirement| {
            let mut together = vec![choice.clone()];
            let simple = |part: &&Requirement| !matches!(part, Requirement::Any(_));
            together.extend(parts.iter().filter(simple).cloned());
            !conflict::is_impossible(&together)
        };
        let left: Vec<_> = choices.iter().filter(|it| fits(it)).cloned().collect();
        if left.len() == choices.len() {
            at += 1;
            continue;
        }
        parts.remove(at);
        match any(left) {
            Truth::No => return false,
            Truth::Yes => {}
            Truth::Open(Requirement::All(inner)) => {
                inner.into_iter().for_each(|it| add(parts, it));
            }
            Truth::Open(it) => add(parts, it),
        }
        at = 0;
    }
    true
}

/// Drops what follows from another part over the same key: where its contrary is impossible
/// beside that.
fn drop_followers(parts: &mut Vec<Requirement>) {
    let mut at = 0;
    while at < parts.len() {
        let follows = |other: &Requirement| {
            parts[at].is_over_key_of(other)
                && conflict::is_impossible(&[parts[at].clone().negated(), other.clone()])
        };
        let others = parts.iter().enumerate().filter(|(index, _)| *index != at);
        if others.map(|(_, other)| other).any(follows) {
            parts.remove(at);
        } else {
            at += 1;
        }
    }
}

fn drop_implied(
    parts: &mut Vec<Requirement>,
    is_implied_by: impl Fn(&Requirement, &Requirement) -> bool,
) {
    let keep: Vec<bool> = parts
        .iter()
        .map(|part| !parts.iter().any(|other| is_implied_by(part, other)))
        .collect();
    let mut keep = keep.into_iter();
    parts.retain(|_| keep.next().unwrap_or(true));
}

fn one_or(mut parts: Vec<Requirement>, several: fn(Vec<Requirement>) -> Requirement) -> Truth {
    match parts.len() {
        0 => Truth::No,
        1 => parts.pop().map_or(Truth::No, Truth::Open),
        _ => Truth::Open(several(parts)),
    }
}
