//! What one principal can do: every action of the catalogue, on whatever it works on.
//!
//! Actions about which the same statements speak are decided together: an administrator's
//! thousands are one question.

use std::sync::Arc;

use super::actions::{self, Actions, OfService};
use super::{Map, is_able};
use crate::access::caller::{Caller, CallerKind};
use crate::access::explain::{Layer, Warning};
use crate::access::layers::{Layers, ResourcePolicy, Stated};
use crate::access::pose::{Assumption, Posed, Terms, pose};
use crate::access::prepared::{Prepared, check};
use crate::access::question::{OwnResourcePolicy, Policy, Question};
use crate::access::request::is_assume_role;
use crate::access::verdict::{Verdict, decide};
use crate::catalog::{self, AccessLevel, Action, Service};
use crate::iam::Account;
use crate::policy::Document;

/// What is wanted of all that a principal can do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Only the actions of this service.
    pub service: Option<Service>,
    /// Only those of this access level.
    pub level: Option<AccessLevel>,
}

/// Something that a principal can do.
#[derive(Debug, Clone)]
pub struct Ability {
    /// The action.
    pub action: Action,
    /// Allowed or conditional. The same verdict stands with every action about which the same
    /// statements speak.
    pub verdict: Arc<Verdict>,
}

/// All that a principal can do.
#[derive(Debug)]
pub struct WhatCan {
    /// By service and action, in the catalogue's order. Actions that assume roles are not among
    /// them: which roles those are is another question.
    pub abilities: Vec<Ability>,
    /// What is taken for granted.
    pub assumptions: Vec<Assumption>,
    /// Statements that cannot be evaluated.
    pub warnings: Vec<Warning>,
}

/// What a principal can do, on any resource.
pub fn what_can(account: &Account, terms: &Terms<'_>, caller: &Caller, wanted: Wanted) -> WhatCan {
    // Any action serves to find the policies.
    let posed = pose(account, terms, caller.clone(), "", "*");
    let laid = Laid::out(&posed);
    let mut deciding = Deciding {
        account,
        terms,
        caller,
        laid: &laid,
        known: Map::default(),
        last: None,
        action: String::new(),
        prefix: 0,
        found: Vec::new(),
    };
    let mut abilities = Vec::new();
    let services = catalog::services().filter(|it| wanted.service.is_none_or(|one| one == *it));
    for service in services {
        if !laid.may_be_about(service.prefix()) {
            continue;
        }
        let mut about = laid.actions.of_service(service.prefix());
        deciding.begin(service);
        for action in service.actions() {
            if wanted
                .level
                .is_some_and(|level| level != action.access_level())
            {
                continue;
            }
            let verdict = deciding.verdict(action, &mut about);
            abilities.extend(verdict.map(|verdict| Ability { action, verdict }));
        }
    }
    WhatCan {
        abilities,
        warnings: laid.warnings,
        assumptions: posed.assumptions,
    }
}

/// The policies of a question, one after the other, and an index of their statements.
struct Laid<'l, 'p> {
    question: &'l Question<'p>,
    /// The policies in the order of [`policies`].
    prepared: Vec<Option<Prepared>>,
    /// What of them cannot be evaluated.
    warnings: Vec<Warning>,
    /// Which policy and which of its ready statements a number means.
    statements: Vec<(u32, u32)>,
    actions: Actions,
    services: Map<String, ()>,
    /// Whether the principal may be able without any statement.
    is_free: bool,
}

impl<'l, 'p> Laid<'l, 'p> {
    fn out(posed: &'l Posed<'p>) -> Self {
        let question = &posed.question;
        let mut actions = actions::Builder::default();
        let mut statements = Vec::new();
        let mut prepared = Vec::new();
        let mut warnings = Vec::new();
        for (at, (layer, policy)) in policies(question).enumerate() {
            let Some(used_as) = policy.used_as() else {
                prepared.push(None);
                continue;
            };
            let document = Document::parse(policy.text());
            let ready = Prepared::new(&document, used_as);
            for (place, statement) in ready.statements.iter().enumerate() {
                let written = document.statements.get(statement.index);
                let Some(Ok(checked)) = written.map(|it| check(it, used_as, &document)) else {
                    continue;
                };
                let patterns = checked.actions.values.texts();
                actions.add(
                    statements.len() as u32,
                    checked.actions.is_negated,
                    patterns,
                );
                statements.push((at as u32, place as u32));
            }
            warnings.extend(ready.refused.iter().map(|refused| Warning {
                layer,
                policy: policy.name().into(),
                refused: refused.clone(),
            }));
            prepared.push(Some(ready));
        }
        let actions = actions.finish();
        let services = actions.services().map(|it| (it.to_owned(), ())).collect();
        let is_unread = prepared.iter().any(Option::is_none);
        let is_free = matches!(question.caller.kind, CallerKind::Root | CallerKind::Account);
        Self {
            question,
            prepared,
            warnings,
            statements,
            services,
            is_free: is_free || is_unread || actions.is_wide(),
            actions,
        }
    }

    /// Of each policy, these statements.
    fn parts(&self, statements: &[u32]) -> Vec<Option<Prepared>> {
        let nothing = |policy: &Option<Prepared>| policy.as_ref().map(|_| Vec::new());
        let mut parts: Vec<Option<Vec<_>>> = self.prepared.iter().map(nothing).collect();
        for number in statements {
            let (policy, place) = self.statements[*number as usize];
            let ready = self.prepared[policy as usize].as_ref();
            let statement = ready.and_then(|it| it.statements.get(place as usize));
            if let (Some(part), Some(statement)) = (&mut parts[policy as usize], statement) {
                part.push(statement.about_any_action());
            }
        }
        let prepared = |statements: Vec<_>| Prepared {
            statements: statements.into(),
            refused: Box::default(),
        };
        parts.into_iter().map(|part| part.map(prepared)).collect()
    }

    /// Whether anything may be allowed of a service at all.
    fn may_be_about(&self, service: &str) -> bool {
        self.is_free || self.services.contains_key(service)
    }
}

/// All policies of a question, layer by layer.
fn policies<'q, 'p>(question: &'q Question<'p>) -> impl Iterator<Item = (Layer, &'q Policy<'p>)> {
    let one = |layer| move |policy| (layer, policy);
    let identity = question.identity.iter().map(one(Layer::Identity));
    let boundary = question.boundary.iter().map(one(Layer::Boundary));
    let session = question.session.iter().map(one(Layer::Session));
    let scps = of_levels(&question.scps, Layer::Scp);
    let rcps = of_levels(&question.rcps, Layer::Rcp);
    let resource = of_resource(question).map(one(Layer::Resource));
    identity
        .chain(boundary)
        .chain(session)
        .chain(scps)
        .chain(rcps)
        .chain(resource)
}

/// The policy that is given for whatever resource it is.
fn of_resource<'q, 'p>(question: &'q Question<'p>) -> Option<&'q Policy<'p>> {
    match &question.resource_policy {
        OwnResourcePolicy::Policy(policy) => Some(policy),
        OwnResourcePolicy::Absent | OwnResourcePolicy::Unknown(_) => None,
    }
}

fn of_levels<'q, 'p>(
    levels: &'q Option<Vec<Vec<Policy<'p>>>>,
    layer: fn(usize) -> Layer,
) -> impl Iterator<Item = (Layer, &'q Policy<'p>)> {
    let levels = levels.iter().flatten().enumerate();
    levels.flat_map(move |(at, level)| level.iter().map(move |policy| (layer(at), policy)))
}

/// What the verdict on an action is made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Made {
    /// The statements about it.
    statements: Vec<u32>,
    /// Whether it works on resources.
    has_resources: bool,
    /// Whether resource control policies bind it.
    knows_rcps: bool,
}

/// Decides one action after the other.
struct Deciding<'d, 'l, 'p> {
    account: &'d Account,
    terms: &'d Terms<'d>,
    caller: &'d Caller,
    laid: &'d Laid<'l, 'p>,
    known: Map<Made, Option<Arc<Verdict>>>,
    /// The last one: neighbours are most often alike.
    last: Option<(Made, Option<Arc<Verdict>>)>,
    /// The action, in lower case.
    action: String,
    /// How much of it is the service's prefix.
    prefix: usize,
    found: Vec<u32>,
}

impl Deciding<'_, '_, '_> {
    /// The actions that follow are of this service.
    fn begin(&mut self, service: Service) {
        self.action.clear();
        self.action.push_str(service.prefix());
        self.action.push(':');
        self.prefix = self.action.len();
    }

    /// The verdict, where it is allowed or conditional.
    fn verdict(&mut self, action: Action, about: &mut OfService<'_>) -> Option<Arc<Verdict>> {
        self.action.truncate(self.prefix);
        self.action.push_str(action.name());
        self.action[self.prefix..].make_ascii_lowercase();
        if is_assume_role(&self.action) {
            return None;
        }
        let found = &mut self.found;
        found.clear();
        about.about(&self.action, |statement| found.push(statement));
        if found.is_empty() && !self.laid.is_free {
            return None;
        }
        found.sort_unstable();
        found.dedup();
        let has_resources = action.resource_types().len() > 0;
        let knows_rcps = action.service().supports_rcp() && self.action != "kms:retiregrant";
        if let Some((made, verdict)) = &self.last
            && made.statements == *found
            && made.has_resources == has_resources
            && made.knows_rcps == knows_rcps
        {
            return verdict.clone();
        }
        let made = Made {
            statements: found.clone(),
            has_resources,
            knows_rcps,
        };
        let verdict = match self.known.get(&made) {
            Some(verdict) => verdict.clone(),
            None => {
                let verdict = self.decide(&made.statements);
                let is_able = is_able(verdict.decision);
                let verdict = is_able.then(|| Arc::new(verdict));
                self.known.insert(made.clone(), verdict.clone());
                verdict
            }
        };
        self.last = Some((made, verdict.clone()));
        verdict
    }

    /// Decides the action by these statements alone: no other is about it.
    fn decide(&self, statements: &[u32]) -> Verdict {
        let posed = pose(
            self.account,
            self.terms,
            self.caller.clone(),
            &self.action,
            "*",
        );
        let parts = self.laid.parts(statements);
        let question = self.laid.question;
        let stated = policies(question)
            .zip(&parts)
            .map(|((_, policy), part)| Stated {
                name: policy.name(),
                text: policy.text(),
                policy: part.as_ref(),
            });
        let mut stated = stated.collect::<Vec<_>>().into_iter();
        // In the order of `policies`.
        let mut take = |count: usize| stated.by_ref().take(count).collect::<Vec<_>>();
        let layers = Layers {
            identity: take(question.identity.len()),
            boundary: take(usize::from(question.boundary.is_some())).pop(),
            session: take(usize::from(question.session.is_some())).pop(),
            scps: by_level(&question.scps, &mut take),
            rcps: by_level(&question.rcps, &mut take),
            resource: match take(1).pop() {
                Some(policy) => ResourcePolicy::Stated(policy),
                None => ResourcePolicy::Absent,
            },
        };
        decide(&posed.question.request(), &layers)
    }
}

/// The policies of an organisation, level by level.
fn by_level<T, S>(
    levels: &Option<Vec<Vec<T>>>,
    take: &mut impl FnMut(usize) -> Vec<S>,
) -> Option<Vec<Vec<S>>> {
    let levels = levels.as_ref()?.iter();
    Some(levels.map(|level| take(level.len())).collect())
}
