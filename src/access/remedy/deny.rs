//! What could be done about a statement that denies.

use super::home::{Editable, editable, place};
use super::meet::example;
use super::trial::Trial;
use super::{Except, Meet, NoRemedy, Spot, Step};
use crate::access::explain::Layer;
use crate::access::facts::Lookup;
use crate::access::layers::Stated;
use crate::access::prepared::Statement;
use crate::access::request::Request;
use crate::policy::{self, Comparison, Effect, Matched, Operator, Values};

/// The steps that might do away with a deny, best first, and why there are no more of them.
pub(super) fn steps(
    trial: &Trial<'_>,
    request: &Request<'_>,
    layer: Layer,
    stated: &Stated<'_>,
    statement: &Statement,
) -> (Vec<Step>, Option<NoRemedy>) {
    let mut found = meets(request, layer, stated, statement);
    let policy = match editable(trial, layer, stated) {
        Ok(policy) => policy,
        Err(why) => return (found, Some(why)),
    };
    let spot = policy.spot(statement);
    let Some(written) = policy.document.statements.get(statement.index) else {
        return (found, None);
    };
    found.extend(edits(request, &policy, &spot, written));
    (found, None)
}

/// Requests on which one of its conditions is not met.
fn meets(
    request: &Request<'_>,
    layer: Layer,
    stated: &Stated<'_>,
    statement: &Statement,
) -> Vec<Step> {
    let met = statement.conditions.iter();
    let met = met.filter(|it| it.matched(request.facts) != Matched::No);
    let found = met.filter_map(|condition| {
        Some(Step::Meet(Meet {
            spot: place(layer, stated, statement),
            effect: Effect::Deny,
            operator: condition.operator_text().into(),
            key: condition.key().into(),
            values: condition.values_in_words(request.facts),
            example: example(condition, request.facts, false)?,
        }))
    });
    found.collect()
}

fn edits(
    request: &Request<'_>,
    policy: &Editable,
    spot: &Spot,
    written: &policy::Statement,
) -> Vec<Step> {
    let narrow = |except| Step::NarrowDeny {
        spot: spot.clone(),
        except,
    };
    let remove = || Step::RemoveDeny { spot: spot.clone() };
    let resource = resource(request, written).map(Except::Resource);
    let is_own = policy.home.others == Some(0);
    if !is_own {
        // To except the principal touches nobody else.
        let principal = principal(request, written);
        return principal.into_iter().chain(resource).map(narrow).collect();
    }
    let is_all = |values: &Option<Values>, asked: &str| {
        let values = values.as_ref();
        values.is_some_and(|it| it.texts().all(|text| text.eq_ignore_ascii_case(asked)))
    };
    if is_all(&written.action, request.action) && is_all(&written.resource, request.resource) {
        return vec![remove()];
    }
    let narrower = resource.into_iter().chain(action(request, written));
    narrower.map(narrow).chain([remove()]).collect()
}

/// An exception for the principal, in a list of them where there is one.
fn principal(request: &Request<'_>, written: &policy::Statement) -> Option<Except> {
    const KEY: &str = "aws:PrincipalArn";
    let Lookup::Values([arn]) = request.facts.lookup("aws:principalarn") else {
        return None;
    };
    let excepts = |operator: &str| {
        Operator::parse(operator).is_some_and(|it| {
            let negated = match it.comparison {
                Comparison::String { negated, .. } | Comparison::Arn { negated } => negated,
                _ => false,
            };
            negated && it.quantifier.is_none()
        })
    };
    let mut lists = written.conditions.iter();
    let list = lists.find(|it| it.key.text.eq_ignore_ascii_case(KEY) && excepts(&it.operator.text));
    let (operator, key) = match list {
        Some(list) => (list.operator.text.clone(), list.key.text.clone()),
        None => ("ArnNotEquals".into(), KEY.into()),
    };
    Some(Except::Principal {
        operator,
        key,
        arn: arn.clone(),
    })
}

/// An exception for the resource, where the statement is about all resources or all but some.
fn resource(
    request: &Request<'_>,
    written: &policy::Statement,
) -> Option<compact_str::CompactString> {
    let is_all = |values: &Values| values.texts().all(|text| text == "*");
    let takes_exceptions = match (&written.resource, &written.not_resource) {
        (None, Some(_)) => true,
        (Some(values), None) => is_all(values),
        _ => false,
    };
    (takes_exceptions && request.resource != "*").then(|| request.resource.into())
}

/// An exception for the action, where it stands in a list with others.
fn action(request: &Request<'_>, written: &policy::Statement) -> Option<Except> {
    let list = written.action.as_ref()?;
    let is_it = |text: &str| text.eq_ignore_ascii_case(request.action);
    let has_others = list.texts().any(|text| !is_it(text));
    let found = list.texts().find(|text| is_it(text))?;
    has_others.then(|| Except::Action(found.into()))
}
