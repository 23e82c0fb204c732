//! The layers of policies that bear on a request, and how they combine.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
//!
//! An explicit deny in any layer that binds decides. Without one, every layer that bounds must
//! allow, and either the principal's own policies or the resource's policy must grant; which of
//! them, and what a grant by the resource's policy overrides, depends on whether both are of one
//! account and on how that policy names the principal.

use super::caller::CallerKind;
use super::prepared::{Prepared, Statement};
use super::principals::{self, Naming};
use super::request::Request;
use super::truth::{OneOf, Truth, Unmet};
use crate::policy::Effect;

/// A policy in a layer.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'a> {
    /// What people call it: a name or an ARN.
    pub name: &'a str,
    /// Its text, which explanations point into.
    pub text: &'a str,
    /// The policy; none where it could not be read, so that it may allow or deny anything.
    pub policy: Option<&'a Prepared>,
}

/// A policy of a resource.
#[derive(Debug, Clone, Copy, Default)]
pub enum ResourcePolicy<'a> {
    /// There is none.
    #[default]
    Absent,
    /// This one.
    Stated(Stated<'a>),
    /// It belongs to somebody else and is not known; the resource's ARN.
    Unknown(&'a str),
}

/// Every policy that bears on a request.
#[derive(Debug, Clone, Default)]
pub struct Layers<'a> {
    /// The principal's own: attached, inline, of its groups.
    pub identity: Vec<Stated<'a>>,
    /// Its permissions boundary.
    pub boundary: Option<Stated<'a>>,
    /// The policy that was passed with its session.
    pub session: Option<Stated<'a>>,
    /// The resource's: for `sts:AssumeRole` the trust policy, for KMS the key policy.
    pub resource: ResourcePolicy<'a>,
    /// The service control policies of the principal's account, by level from the root on; none
    /// where no organisation binds it.
    pub scps: Option<Vec<Vec<Stated<'a>>>>,
    /// The resource control policies of the resource's account, likewise.
    pub rcps: Option<Vec<Vec<Stated<'a>>>>,
}

impl Layers<'_> {
    /// Whether there is a permissions boundary that binds the caller.
    pub(super) fn bounds(&self, request: &Request<'_>) -> bool {
        self.boundary.is_some() && request.knows_boundaries()
    }

    /// Every policy that could be read.
    pub(super) fn policies(&self) -> impl Iterator<Item = &Prepared> {
        let resource = match &self.resource {
            ResourcePolicy::Stated(stated) => Some(stated),
            _ => None,
        };
        let levels = self.scps.iter().chain(&self.rcps);
        let own = self.identity.iter().chain(&self.boundary);
        let one = own.chain(&self.session).chain(resource);
        let all = one.chain(levels.flatten().flatten());
        all.filter_map(|stated| stated.policy)
    }
}

/// What the statements of one layer say together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Say {
    pub(super) allow: Truth,
    pub(super) deny: Truth,
}

/// What the resource's policy says, by how it names the caller.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grants {
    pub(super) named: Truth,
    pub(super) anyone: Truth,
    pub(super) role: Truth,
    pub(super) account: Truth,
    pub(super) deny: Truth,
}

/// What all layers say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub(super) allow: Truth,
    pub(super) deny: Truth,
}

/// What the layers say to a request.
pub(super) fn outcome(request: &Request<'_>, layers: &Layers<'_>) -> Outcome {
    let has_boundary = layers.bounds(request);
    let grants = grants(request, &layers.resource, has_boundary);
    let mut deny = grants.deny.clone();
    let mut rcps = layers.rcps.iter().flatten().flatten().peekable();
    if rcps.peek().is_some() && request.knows_rcps() {
        for policy in rcps {
            deny = deny.or(say(request, policy).deny);
        }
    }
    let direct = grants.named.clone().or(grants.anyone.clone());
    if !request.caller.has_identity() {
        return Outcome {
            allow: direct,
            deny,
        };
    }
    let mut add = |say: Say| {
        let denied = std::mem::replace(&mut deny, Truth::No);
        deny = denied.or(say.deny);
        say.allow
    };
    let identity = add(identity(request, layers));
    let bounded = match &layers.boundary {
        Some(policy) if has_boundary => add(say(request, policy)),
        _ => Truth::Yes,
    };
    let session = match &layers.session {
        Some(policy) => add(say(request, policy)),
        // Without a policy of its own, a federated user has no permission of the user's.
        None => Truth::from(!matches!(
            request.caller.kind,
            CallerKind::FederatedUser { .. }
        )),
    };
    let mut organization = Truth::Yes;
    if request.knows_scps() {
        for level in layers.scps.iter().flatten() {
            let mut allow = Truth::No;
            for policy in level {
                allow = allow.or(add(say(request, policy)));
            }
            organization = organization.and(allow);
        }
    }
    let bounds = bounded.and(session);
    let granted = combine(request, layers, &grants, identity, bounds);
    // The root user can do everything but this.
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    let granted = if request.is_root_assuming() {
        Truth::No
    } else {
        granted
    };
    Outcome {
        allow: granted.and(organization),
        deny,
    }
}

/// What the caller's own policies and the resource's grant together, within its bounds.
fn combine(
    request: &Request<'_>,
    layers: &Layers<'_>,
    grants: &Grants,
    identity: Truth,
    bounds: Truth,
) -> Truth {
    let Grants {
        named,
        anyone,
        role,
        account,
        ..
    } = grants.clone();
    if !request.is_same_account() {
        let resource = named.or(anyone).or(role).or(account);
        return resource.and(identity).and(bounds);
    }
    let is_federated = matches!(request.caller.kind, CallerKind::FederatedUser { .. });
    let direct = if is_federated && layers.session.is_none() {
        named
    } else {
        named.or(anyone)
    };
    let by_identity = if request.needs_resource_policy() {
        account.and(identity)
    } else {
        identity
    };
    direct.or(role.or(by_identity).and(bounds))
}

/// What the caller's own policies say.
pub(super) fn identity(request: &Request<'_>, layers: &Layers<'_>) -> Say {
    let mut both = Say {
        allow: Truth::No,
        deny: Truth::No,
    };
    for policy in &layers.identity {
        let say = say(request, policy);
        both.allow = both.allow.or(say.allow);
        both.deny = both.deny.or(say.deny);
    }
    match request.caller.kind {
        CallerKind::Root => both.allow = Truth::Yes,
        CallerKind::Account => {
            let name = format!("own policies of {}", request.caller.arn);
            both.allow = both.allow.or(Truth::if_met(Unmet::policy(&name, "Allow")));
        }
        _ => {}
    }
    both
}

/// What one policy without principals says.
pub(super) fn say(request: &Request<'_>, stated: &Stated<'_>) -> Say {
    let Some(policy) = stated.policy else {
        let perhaps = |effect| Truth::if_met(Unmet::policy(stated.name, effect));
        return Say {
            allow: perhaps("Allow"),
            deny: perhaps("Deny"),
        };
    };
    let (mut allow, mut deny) = (OneOf::default(), OneOf::default());
    for statement in &policy.statements {
        let side = match statement.effect {
            Effect::Allow => &mut allow,
            Effect::Deny => &mut deny,
        };
        if side.is_yes() || !statement.matches_action(request.action) {
            continue;
        }
        side.add(matches(statement, request));
    }
    Say {
        allow: allow.truth(),
        deny: deny.truth(),
    }
}

/// Whether a statement matches in all but action and principal.
pub(super) fn matches(statement: &Statement, request: &Request<'_>) -> Truth {
    let truth = statement.matches_resource(request);
    if truth.is_no() {
        return truth;
    }
    truth.and(statement.matches_conditions(request.facts))
}

/// What the resource's policy says.
pub(super) fn grants(
    request: &Request<'_>,
    policy: &ResourcePolicy<'_>,
    has_boundary: bool,
) -> Grants {
    let mut grants = Grants {
        named: Truth::No,
        anyone: Truth::No,
        role: Truth::No,
        account: Truth::No,
        deny: Truth::No,
    };
    let policy = match policy {
        ResourcePolicy::Absent => return grants,
        ResourcePolicy::Unknown(arn) => {
            let name = format!("resource policy of {arn}");
            grants.named = Truth::if_met(Unmet::policy(&name, "Allow"));
            return grants;
        }
        ResourcePolicy::Stated(stated) => match stated.policy {
            Some(policy) => policy,
            None => {
                grants.named = Truth::if_met(Unmet::policy(stated.name, "Allow"));
                grants.deny = Truth::if_met(Unmet::policy(stated.name, "Deny"));
                return grants;
            }
        },
    };
    for statement in &policy.statements {
        if !statement.matches_action(request.action) {
            continue;
        }
        for (naming, who) in who(statement, request, has_boundary) {
            if who.is_no() {
                continue;
            }
            let side = match (statement.effect, naming) {
                (Effect::Deny, _) => &mut grants.deny,
                (_, Naming::Named) => &mut grants.named,
                (_, Naming::Anyone) => &mut grants.anyone,
                (_, Naming::Role) => &mut grants.role,
                (_, Naming::Account) => &mut grants.account,
            };
            if side.is_yes() {
                continue;
            }
            let truth = who.and(matches(statement, request));
            let before = std::mem::replace(side, Truth::No);
            *side = before.or(truth);
        }
    }
    grants
}

/// How a statement names the caller, with whether it does where that hangs on a session's name.
pub(super) fn who(
    statement: &Statement,
    request: &Request<'_>,
    has_boundary: bool,
) -> Vec<(Naming, Truth)> {
    let Some(listed) = &statement.principals else {
        return vec![(Naming::Anyone, Truth::Yes)];
    };
    let (caller, facts) = (request.caller, request.facts);
    if listed.is_negated {
        // With a boundary, `NotPrincipal` denies whoever is listed.
        let hit = match has_boundary {
            true => Truth::Yes,
            false => principals::excepts(&listed.list, caller, facts).negated(),
        };
        return vec![(Naming::Anyone, hit)];
    }
    let named = principals::named(&listed.list, caller, facts).into_iter();
    let mut found: Vec<_> = named.map(|it| (it.naming, it.truth)).collect();
    // The strongest sure way makes the weaker ones needless.
    let sure = found.iter().filter(|(_, truth)| truth.is_yes());
    if let Some(strongest) = sure.map(|(naming, _)| *naming).max() {
        found.retain(|(naming, truth)| *naming == strongest || !truth.is_yes());
        found.dedup();
    }
    found
}
