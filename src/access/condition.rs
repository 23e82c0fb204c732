//! Conditions of statements, made ready and judged.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use compact_str::CompactString;
use jiff::Timestamp;

use super::facts::{self, Facts, Lookup, Rest};
use super::truth::{Truth, Unmet};
use crate::catalog;
use crate::policy::value::{self, Decimal, Network};
use crate::policy::{
    self, Comparison, Matched, Operator, Pattern, PatternKind, Quantifier, Relation, Span,
    filled_in,
};

/// One key of one operator, ready to be judged.
#[derive(Debug, Clone)]
pub struct Condition {
    operator: Operator,
    /// The operator as written.
    operator_text: CompactString,
    /// The key as written.
    key: CompactString,
    /// The key in lower case.
    key_lower: CompactString,
    /// The values as written.
    texts: Box<[CompactString]>,
    values: Values,
    has_variables: bool,
    /// Whether a request may have several values for the key, once somebody wanted to know.
    is_multivalued: OnceLock<bool>,
}

/// The values of a condition, by what they are compared as. What cannot be read matches nothing.
#[derive(Debug, Clone)]
enum Values {
    Patterns(Box<[Pattern]>),
    Bools(Box<[Pattern]>),
    Numbers(Relation, Box<[Decimal]>),
    Instants(Relation, Box<[Timestamp]>),
    Networks(Box<[Network]>),
    Bytes(Box<[Vec<u8>]>),
    /// Whether the key must be absent.
    Absent(Box<[bool]>),
}

impl Condition {
    /// Makes a condition ready; none where its operator is none that IAM knows.
    pub(super) fn new(condition: &policy::Condition, has_variables: bool) -> Option<Self> {
        let operator = Operator::parse(&condition.operator.text)?;
        let texts = || condition.values.texts();
        let patterns = |kind| {
            let patterns = texts().map(|text| Pattern::new(text, kind, has_variables));
            patterns.collect()
        };
        let values = match operator.comparison {
            Comparison::String {
                like, ignore_case, ..
            } => Values::Patterns(patterns(match (like, ignore_case) {
                (true, _) => PatternKind::Like,
                (false, true) => PatternKind::ExactIgnoreCase,
                (false, false) => PatternKind::Exact,
            })),
            Comparison::Arn { .. } => Values::Patterns(patterns(PatternKind::Arn)),
            Comparison::Bool => Values::Bools(patterns(PatternKind::ExactIgnoreCase)),
            Comparison::Numeric(relation) => {
                Values::Numbers(relation, texts().filter_map(Decimal::parse).collect())
            }
            Comparison::Date(relation) => {
                Values::Instants(relation, texts().filter_map(value::instant).collect())
            }
            Comparison::Ip { .. } => Values::Networks(texts().filter_map(Network::parse).collect()),
            Comparison::Binary => Values::Bytes(texts().filter_map(value::binary).collect()),
            Comparison::Null => Values::Absent(texts().filter_map(value::boolean).collect()),
        };
        Some(Self {
            operator,
            operator_text: condition.operator.text.clone(),
            key: condition.key.text.clone(),
            key_lower: facts::lower(&condition.key.text),
            texts: texts().map(CompactString::from).collect(),
            values,
            has_variables,
            is_multivalued: OnceLock::new(),
        })
    }

    /// The condition that `aws:userid` is like a pattern.
    pub(super) fn user_id(pattern: &str) -> Option<Arc<Self>> {
        let value = |text: &str| policy::Value {
            span: Span::default(),
            text: text.into(),
        };
        let condition = policy::Condition {
            span: Span::default(),
            operator: value("StringLike"),
            key: value("aws:userid"),
            values: policy::Values {
                key: Span::default(),
                span: Span::default(),
                list: vec![value(pattern)],
            },
        };
        Self::new(&condition, false).map(Arc::new)
    }

    /// Whether a request may have several values for its key.
    pub(super) fn is_multivalued(&self) -> bool {
        *self.is_multivalued.get_or_init(|| {
            let known = catalog::condition_key(&self.key);
            known.is_some_and(|key| key.is_multivalued())
        })
    }

    /// Whether it is met, as far as is known.
    pub(super) fn truth(self: &Arc<Self>, facts: &Facts) -> Truth {
        match self.matched(facts) {
            Matched::Yes => Truth::Yes,
            Matched::No => Truth::No,
            Matched::Unknown => Truth::if_met(Unmet::condition(self, facts)),
        }
    }

    /// Whether another condition says the same in the same words.
    pub fn is_written_as(&self, other: &Self) -> bool {
        self.operator == other.operator
            && self.key_lower == other.key_lower
            && self.texts == other.texts
            && self.has_variables == other.has_variables
    }

    /// The operator as written.
    pub fn operator_text(&self) -> &str {
        &self.operator_text
    }

    /// The operator, taken apart.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The condition key as written.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The condition key in lower case.
    pub(super) fn key_lower(&self) -> &str {
        &self.key_lower
    }

    /// The values as written.
    pub fn texts(&self) -> &[CompactString] {
        &self.texts
    }

    /// Whether what comes of it hangs on who asks: on a key that the principal determines, or on
    /// one as a variable.
    pub fn is_of_principal(&self) -> bool {
        self.keys().any(|key| facts::is_of_principal(&key))
    }

    /// Whether what comes of it hangs on which resource it is.
    pub(super) fn is_of_resource(&self) -> bool {
        self.keys().any(|key| facts::is_of_resource(&key))
    }

    /// Its key, and those that are variables in its values, in lower case.
    fn keys(&self) -> impl Iterator<Item = CompactString> {
        let patterns = match &self.values {
            Values::Patterns(patterns) | Values::Bools(patterns) => &patterns[..],
            _ => &[],
        };
        let variables = patterns.iter().flat_map(Pattern::variables);
        std::iter::once(self.key_lower.clone()).chain(variables.map(facts::lower))
    }

    /// Whether its values are what they seem: no variable is in them, and no sign that stands for
    /// itself as `${*}`.
    pub(super) fn is_plain(&self) -> bool {
        !(self.has_variables && self.texts.iter().any(|text| text.contains("${")))
    }

    /// The values, known variables filled in.
    pub(super) fn values_in_words(&self, facts: &Facts) -> Box<[CompactString]> {
        let is_text = matches!(self.values, Values::Patterns(_) | Values::Bools(_));
        if !(is_text && self.has_variables) {
            return self.texts.clone();
        }
        let texts = self.texts.iter();
        texts
            .map(|text| filled_in(text, |key| facts.variable(key)))
            .collect()
    }

    /// Whether it is met.
    pub(super) fn matched(&self, facts: &Facts) -> Matched {
        let found = facts.lookup(&self.key_lower);
        if let Values::Absent(absent) = &self.values {
            return match found {
                Lookup::Unknown => Matched::Unknown,
                Lookup::Missing => absent.contains(&true).into(),
                Lookup::Values(_) | Lookup::Beginning(_) => absent.contains(&false).into(),
            };
        }
        match found {
            Lookup::Unknown => Matched::Unknown,
            Lookup::Missing => self.on_missing().into(),
            Lookup::Values(values) => self.on_values(values, facts),
            Lookup::Beginning(text) => {
                let is_strict = facts.rest() == Rest::Missing;
                let one = match self.any_beginning(text) {
                    Matched::Unknown if is_strict => Matched::No,
                    other => other,
                };
                self.signed(one)
            }
        }
    }

    /// The answer for a key that is not in the request.
    fn on_missing(&self) -> bool {
        match self.operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => false,
            None => self.operator.if_exists || self.operator.comparison.is_negated(),
        }
    }

    fn on_values(&self, values: &[CompactString], facts: &Facts) -> Matched {
        let each = values
            .iter()
            .map(|value| self.signed(self.any(value, facts)));
        // Without a quantifier, several values are a rare thing: one must match, or for a negated
        // operator none may.
        let needs_all = match self.operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => false,
            None => self.operator.comparison.is_negated(),
        };
        if needs_all { every(each) } else { some(each) }
    }

    /// A match of a value, turned round for a negated operator.
    fn signed(&self, matched: Matched) -> Matched {
        match matched {
            Matched::Yes if self.operator.comparison.is_negated() => Matched::No,
            Matched::No if self.operator.comparison.is_negated() => Matched::Yes,
            other => other,
        }
    }

    /// Whether one of the policy's values matches a value of the request.
    fn any(&self, found: &str, facts: &Facts) -> Matched {
        let variable = |key: &str| facts.variable(key);
        match &self.values {
            Values::Patterns(patterns) => {
                some(patterns.iter().map(|it| it.matches(found, variable)))
            }
            Values::Bools(_) if value::boolean(found).is_none() => Matched::No,
            Values::Bools(patterns) => some(patterns.iter().map(|it| it.matches(found, variable))),
            Values::Numbers(relation, numbers) => Decimal::parse(found)
                .is_some_and(|found| numbers.iter().any(|it| holds(*relation, found.cmp(it))))
                .into(),
            Values::Instants(relation, instants) => value::instant(found)
                .is_some_and(|found| instants.iter().any(|it| holds(*relation, found.cmp(it))))
                .into(),
            Values::Networks(networks) => Network::parse(found)
                .is_some_and(|found| networks.iter().any(|it| it.contains(&found)))
                .into(),
            Values::Bytes(list) => value::binary(found)
                .is_some_and(|found| list.contains(&found))
                .into(),
            Values::Absent(_) => Matched::No,
        }
    }

    /// The same for a value of which the beginning is known.
    fn any_beginning(&self, beginning: &str) -> Matched {
        match &self.values {
            Values::Patterns(patterns) => {
                some(patterns.iter().map(|it| it.matches_prefix(beginning)))
            }
            _ => Matched::Unknown,
        }
    }
}

/// Whether an order fits a relation. `NotEqual` is turned round later.
fn holds(relation: Relation, order: Ordering) -> bool {
    match relation {
        Relation::Equal | Relation::NotEqual => order.is_eq(),
        Relation::Less => order.is_lt(),
        Relation::LessOrEqual => order.is_le(),
        Relation::Greater => order.is_gt(),
        Relation::GreaterOrEqual => order.is_ge(),
    }
}

fn some(each: impl Iterator<Item = Matched>) -> Matched {
    let mut answer = Matched::No;
    for one in each {
        match one {
            Matched::Yes => return Matched::Yes,
            Matched::Unknown => answer = Matched::Unknown,
            Matched::No => {}
        }
    }
    answer
}

fn every(each: impl Iterator<Item = Matched>) -> Matched {
    let mut answer = Matched::Yes;
    for one in each {
        match one {
            Matched::No => return Matched::No,
            Matched::Unknown => answer = Matched::Unknown,
            Matched::Yes => {}
        }
    }
    answer
}
