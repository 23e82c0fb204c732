//! What comes closest to allowing where nothing allows.

use compact_str::CompactString;

use super::Layer;
use super::place::{Place, Source, Texts, either, span_of};
use crate::access::condition::Condition;
use crate::access::facts::Lookup;
use crate::access::layers::{Stated, who};
use crate::access::prepared::Statement;
use crate::access::request::Request;
use crate::policy::{Effect, Matched, Values};

/// A statement that nearly allows.
#[derive(Debug, Clone)]
pub struct NearMiss {
    /// What does not match.
    pub place: Place,
    /// Why not.
    pub near: Near,
}

/// What is missing to a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    /// All but one condition is met.
    Condition {
        /// The operator.
        operator: CompactString,
        /// The key.
        key: CompactString,
        /// The values that it asks for.
        values: Vec<CompactString>,
        /// The values in the request; none where the key is not there.
        found: Vec<CompactString>,
    },
    /// The action is right, the resource is another.
    Resource {
        /// The pattern that comes closest.
        pattern: CompactString,
    },
    /// Action and resource are right, the principal is another.
    Principal,
    /// The action is another, this pattern comes closest.
    Action {
        /// The pattern.
        pattern: CompactString,
    },
}

/// The statements of a layer that come closest, best first.
pub(super) fn misses(
    request: &Request<'_>,
    has_boundary: bool,
    layer: Layer,
    policies: &[Stated<'_>],
    texts: &Texts,
) -> Vec<NearMiss> {
    let mut found = Vec::new();
    for stated in policies {
        let Some(policy) = stated.policy else {
            continue;
        };
        let source = Source::new(layer, stated, texts);
        let allows = policy.statements.iter();
        let allows = allows.filter(|statement| statement.effect == Effect::Allow);
        found
            .extend(allows.filter_map(|statement| miss(request, has_boundary, &source, statement)));
    }
    found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    found.into_iter().map(|(_, miss)| miss).collect()
}

/// How close a miss is: its kind first, then how much of the pattern fits.
type Rank = (u8, usize);

fn miss(
    request: &Request<'_>,
    has_boundary: bool,
    source: &Source<'_>,
    statement: &Statement,
) -> Option<(Rank, NearMiss)> {
    let written = source.statement(statement)?;
    let near = |rank, element, span, near| {
        let place = source.place(statement, element, span);
        Some((rank, NearMiss { place, near }))
    };
    if !statement.matches_action(request.action) {
        let (element, values) = either(("Action", &written.action), ("NotAction", &None));
        let (at, fits, text) = closest(values?, request.action)?;
        // The service alone says nothing.
        let service = request.action.find(':').unwrap_or_default() + 1;
        if fits < service + 3 {
            return None;
        }
        let pattern = text.into();
        let span = span_of(values?, Some(at));
        return near((0, fits), element, span, Near::Action { pattern });
    }
    let has_principal =
        statement.principals.is_none() || !who(statement, request, has_boundary).is_empty();
    let resource = statement.matches_resource(request);
    let unmet: Vec<usize> = statement
        .conditions
        .iter()
        .enumerate()
        .filter(|(_, condition)| condition.matched(request.facts) == Matched::No)
        .map(|(at, _)| at)
        .collect();
    match (has_principal, resource.is_no(), &unmet[..]) {
        (true, false, [at]) => {
            let condition = statement.conditions.get(*at)?;
            let span = written.conditions.get(*at)?.values.span;
            near((3, 0), "Condition", span, of_condition(condition, request))
        }
        (true, true, []) => {
            let (element, values) = either(
                ("Resource", &written.resource),
                ("NotResource", &written.not_resource),
            );
            let values = values?;
            let (at, fits, text) = closest(values, request.resource).unwrap_or((
                0,
                0,
                values.list.first().map_or("", |it| it.text.as_str()),
            ));
            let pattern = text.into();
            near(
                (2, fits),
                element,
                span_of(values, Some(at)),
                Near::Resource { pattern },
            )
        }
        (false, false, []) => {
            let list = written
                .principal
                .as_ref()
                .or(written.not_principal.as_ref())?;
            near((1, 0), "Principal", list.span, Near::Principal)
        }
        _ => None,
    }
}

fn of_condition(condition: &Condition, request: &Request<'_>) -> Near {
    let found = match request.facts.lookup(condition.key_lower()) {
        Lookup::Values(values) => values.to_vec(),
        Lookup::Beginning(text) => vec![text.into()],
        Lookup::Missing | Lookup::Unknown => Vec::new(),
    };
    Near::Condition {
        operator: condition.operator_text().into(),
        key: condition.key().into(),
        values: condition.values_in_words(request.facts).into_vec(),
        found,
    }
}

/// The value that has the longest beginning in common with a text: its number, how long that is,
/// and the value.
fn closest<'v>(values: &'v Values, text: &str) -> Option<(usize, usize, &'v str)> {
    let common = |value: &str| {
        let pairs = value.bytes().zip(text.bytes());
        pairs
            .take_while(|(one, two)| one.eq_ignore_ascii_case(two))
            .count()
    };
    let each = values.texts().enumerate();
    let each = each.map(|(at, value)| (at, common(value), value));
    each.max_by_key(|(at, fits, _)| (*fits, std::cmp::Reverse(*at)))
}
