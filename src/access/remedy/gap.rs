//! What stands in the way of a request.

use super::trial::policies;
use crate::access::caller::CallerKind;
use crate::access::explain::Layer;
use crate::access::layers::{
    Grants, Layers, ResourcePolicy, Stated, grants, identity, matches, say, who,
};
use crate::access::prepared::Statement;
use crate::access::request::Request;
use crate::access::truth::Truth;
use crate::policy::Effect;

/// Which policies are to grant where either could: the principal's own or the resource's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Own,
    Resource,
}

/// One thing that stands in the way.
#[derive(Clone, Copy)]
pub(super) enum Gap<'l> {
    /// A statement denies, or may.
    Denied {
        layer: Layer,
        stated: Stated<'l>,
        statement: &'l Statement,
    },
    /// A layer that must allow does not.
    Lacks(Layer),
}

/// What stands in the way of a request that is denied: one thing that must be got out of it, or
/// several of which one must, where each by itself is open and they cannot be met together.
pub(super) fn gaps<'l>(request: &Request<'_>, layers: &Layers<'l>, side: Side) -> Vec<Gap<'l>> {
    let denies = denies(request, layers);
    let mut sure = denies.iter().filter(|(_, truth)| truth.is_yes());
    if let Some((gap, _)) = sure.next() {
        return vec![*gap];
    }
    let needed = needed(request, layers, side);
    let mut missing = needed.iter().filter(|(_, truth)| truth.is_no());
    if let Some((layer, _)) = missing.next() {
        return vec![Gap::Lacks(*layer)];
    }
    let open = needed.iter().filter(|(_, truth)| !truth.is_yes());
    let open = open.map(|(layer, _)| Gap::Lacks(*layer));
    open.chain(denies.iter().map(|(gap, _)| *gap)).collect()
}

/// The layers whose policies bind, denies included.
fn binding(request: &Request<'_>, layers: &Layers<'_>) -> Vec<Layer> {
    let has_identity = request.caller.has_identity();
    let levels = |all: &Option<Vec<Vec<Stated<'_>>>>, binds| {
        let count = all.as_ref().map_or(0, Vec::len);
        if binds { 0..count } else { 0..0 }
    };
    let mut found = Vec::new();
    found.extend(has_identity.then_some(Layer::Identity));
    found.extend(layers.bounds(request).then_some(Layer::Boundary));
    found.extend(has_identity.then_some(Layer::Session));
    found.push(Layer::Resource);
    found.extend(levels(&layers.scps, request.knows_scps()).map(Layer::Scp));
    found.extend(levels(&layers.rcps, request.knows_rcps()).map(Layer::Rcp));
    found
}

/// Every statement that denies or may.
fn denies<'l>(request: &Request<'_>, layers: &Layers<'l>) -> Vec<(Gap<'l>, Truth)> {
    let has_boundary = layers.bounds(request);
    let mut found = Vec::new();
    for layer in binding(request, layers) {
        for stated in policies(layers, layer) {
            let statements = stated.policy.iter().flat_map(|it| &it.statements);
            let about = statements
                .filter(|it| it.effect == Effect::Deny && it.matches_action(request.action));
            for statement in about {
                let truth = truth(statement, request, layer, has_boundary);
                let gap = Gap::Denied {
                    layer,
                    stated,
                    statement,
                };
                if !truth.is_no() {
                    found.push((gap, truth));
                }
            }
        }
    }
    found
}

/// Whether a statement about the action matches the request.
fn truth(statement: &Statement, request: &Request<'_>, layer: Layer, bounded: bool) -> Truth {
    let matches = matches(statement, request);
    if layer != Layer::Resource || matches.is_no() {
        return matches;
    }
    let named = who(statement, request, bounded).into_iter();
    let named = named.fold(Truth::No, |any, (_, truth)| any.or(truth));
    named.and(matches)
}

/// The layers that must allow, each with what it says, in the order in which they are looked at.
fn needed(request: &Request<'_>, layers: &Layers<'_>, side: Side) -> Vec<(Layer, Truth)> {
    let has_boundary = layers.bounds(request);
    let Grants {
        named,
        anyone,
        role,
        account,
        ..
    } = grants(request, &layers.resource, has_boundary);
    let is_federated = matches!(request.caller.kind, CallerKind::FederatedUser { .. });
    let direct = match is_federated && layers.session.is_none() {
        true => named,
        false => named.or(anyone),
    };
    if !request.caller.has_identity() {
        return vec![(Layer::Resource, direct)];
    }
    let mut found = Vec::new();
    let is_same = request.is_same_account();
    let is_by_own = side == Side::Own;
    if !is_same || request.needs_resource_policy() || !is_by_own {
        let by_name = direct.clone().or(role.clone());
        let any = match is_same && !is_by_own {
            true => by_name,
            false => by_name.or(account),
        };
        found.push((Layer::Resource, any));
    }
    // Who is granted something directly needs neither a policy nor a boundary that allows it.
    if !is_same || direct.is_no() {
        if !is_same || is_by_own && role.is_no() {
            found.push((Layer::Identity, identity(request, layers).allow));
        }
        if let Some(policy) = layers.boundary.as_ref().filter(|_| has_boundary) {
            found.push((Layer::Boundary, say(request, policy).allow));
        }
        match &layers.session {
            Some(policy) => found.push((Layer::Session, say(request, policy).allow)),
            None => found.push((Layer::Session, Truth::from(!is_federated))),
        }
    }
    if request.knows_scps() {
        let levels = layers.scps.iter().flatten().enumerate();
        found.extend(levels.map(|(at, level)| {
            let each = level.iter().map(|it| say(request, it).allow);
            (Layer::Scp(at), each.fold(Truth::No, Truth::or))
        }));
    }
    found
}

/// Whether the resource has a policy that is known.
pub(super) fn has_resource_policy(layers: &Layers<'_>) -> bool {
    matches!(layers.resource, ResourcePolicy::Stated(_))
}
