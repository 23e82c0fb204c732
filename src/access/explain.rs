//! Why a request is decided as it is: what each layer says, and where that stands.
//!
//! An explanation is made for the answers that somebody looks at. It asks the same questions of
//! the same statements as the decision does, and keeps what it finds; the texts are read again
//! for the places.

mod near;
mod place;

use compact_str::CompactString;

use super::caller::CallerKind;
use super::layers::{Layers, ResourcePolicy, Say, Stated, matches, say, who};
use super::prepared::{Refused, Statement};
use super::principals::Naming;
use super::request::Request;
use super::truth::{Requirement, Truth};
use super::verdict::{Decision, Verdict, decide};
use crate::policy::Effect;

pub use near::{Near, NearMiss};
pub use place::Place;
use place::Source;

/// The layers, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// The principal's own policies.
    Identity,
    /// Its permissions boundary.
    Boundary,
    /// The policy that was passed with the session.
    Session,
    /// The resource's policy.
    Resource,
    /// A level of service control policies, from the root of the organisation (0) on.
    Scp(usize),
    /// A level of resource control policies.
    Rcp(usize),
}

impl Layer {
    /// The word that answers use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::Resource => "resource",
            Self::Scp(_) => "scp",
            Self::Rcp(_) => "rcp",
        }
    }
}

/// What a layer says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A statement denies.
    Denies,
    /// A statement allows.
    Allows,
    /// A statement allows if something is met.
    MayAllow,
    /// No statement allows.
    Silent,
    /// The layer does not bind this request.
    DoesNotBind,
    /// Nothing is needed: the root user's own policies.
    NotNeeded,
}

/// How a resource's policy names the principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedAs {
    /// By its own name.
    Itself,
    /// As everyone.
    Anyone,
    /// By the role behind the session.
    Role,
    /// By its account, whose own policies must allow, too.
    Account,
}

/// What one layer says, and why.
#[derive(Debug, Clone)]
pub struct LayerSays {
    /// Which layer.
    pub layer: Layer,
    /// What it says.
    pub said: Said,
    /// For a resource's policy that allows: how it names the principal.
    pub named_as: Option<NamedAs>,
    /// The elements that matched, of the statements that decided.
    pub because: Vec<Place>,
    /// What must be met where it may allow.
    pub requires: Option<Requirement>,
    /// What would make it deny.
    pub denies_if: Option<Requirement>,
    /// The elements of the statements that may deny.
    pub may_deny: Vec<Place>,
    /// Where nothing allows: what comes closest, best first.
    pub near: Vec<NearMiss>,
}

/// A statement that was left out.
#[derive(Debug, Clone)]
pub struct Warning {
    /// The layer.
    pub layer: Layer,
    /// The policy.
    pub policy: CompactString,
    /// What, and why.
    pub refused: Refused,
}

/// A verdict with its reasons.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The verdict.
    pub verdict: Verdict,
    /// What every layer that there is says.
    pub layers: Vec<LayerSays>,
    /// Statements that cannot be evaluated and never match.
    pub warnings: Vec<Warning>,
}

impl Explanation {
    /// The places that decided: the denies of a denied request, the allows of an allowed one.
    pub fn because(&self) -> impl Iterator<Item = &Place> {
        let wanted = match self.verdict.decision {
            Decision::ExplicitDeny => Effect::Deny,
            _ => Effect::Allow,
        };
        let all = self.layers.iter().flat_map(|layer| &layer.because);
        all.filter(move |place| place.effect == wanted)
    }
}

/// The most near misses that a layer tells.
const NEAR: usize = 3;

/// Decides a request and says why.
pub fn explain(request: &Request<'_>, layers: &Layers<'_>) -> Explanation {
    let mut told = Teller {
        request,
        has_boundary: layers.bounds(request),
        layers: Vec::new(),
        warnings: Vec::new(),
    };
    told.identity(layers);
    let has_identity = request.caller.has_identity();
    let bounds = [
        (
            Layer::Boundary,
            &layers.boundary,
            request.knows_boundaries(),
        ),
        (Layer::Session, &layers.session, has_identity),
    ];
    for (layer, policy, binds) in bounds {
        if let Some(policy) = policy {
            told.plain(layer, std::slice::from_ref(policy), binds);
        }
    }
    told.resource(layers);
    let levels = |levels: &Option<Vec<Vec<Stated<'_>>>>| levels.iter().flatten().count();
    for at in 0..levels(&layers.scps) {
        let level = layers
            .scps
            .iter()
            .flatten()
            .nth(at)
            .map_or(&[][..], |it| it);
        told.plain(Layer::Scp(at), level, request.knows_scps());
    }
    for at in 0..levels(&layers.rcps) {
        let level = layers
            .rcps
            .iter()
            .flatten()
            .nth(at)
            .map_or(&[][..], |it| it);
        told.plain(Layer::Rcp(at), level, request.knows_rcps());
    }
    Explanation {
        verdict: decide(request, layers),
        layers: told.layers,
        warnings: told.warnings,
    }
}

struct Teller<'a> {
    request: &'a Request<'a>,
    has_boundary: bool,
    layers: Vec<LayerSays>,
    warnings: Vec<Warning>,
}

/// A statement that bears on the request.
struct Told<'p> {
    statement: &'p Statement,
    truth: Truth,
    naming: Option<Naming>,
}

impl Teller<'_> {
    fn identity(&mut self, layers: &Layers<'_>) {
        if !self.request.caller.has_identity() {
            return;
        }
        self.plain(Layer::Identity, &layers.identity, true);
        if let Some(layer) = self.layers.last_mut()
            && layer.said != Said::Denies
        {
            match self.request.caller.kind {
                CallerKind::Root if !self.request.is_root_assuming() => {
                    layer.said = Said::NotNeeded;
                    layer.near.clear();
                }
                CallerKind::Account => layer.said = Said::MayAllow,
                _ => {}
            }
        }
    }

    fn resource(&mut self, layers: &Layers<'_>) {
        match &layers.resource {
            ResourcePolicy::Stated(policy) => {
                self.plain(Layer::Resource, std::slice::from_ref(policy), true);
            }
            ResourcePolicy::Unknown(_) => {
                let mut says = LayerSays::new(Layer::Resource);
                says.said = Said::MayAllow;
                self.layers.push(says);
            }
            ResourcePolicy::Absent => {}
        }
    }

    /// Asks the policies of a layer.
    fn plain(&mut self, layer: Layer, policies: &[Stated<'_>], binds: bool) {
        let mut says = LayerSays::new(layer);
        if !binds {
            says.said = Said::DoesNotBind;
            self.layers.push(says);
            return;
        }
        let mut allow = Truth::No;
        let mut deny = Truth::No;
        // What only the last layer of an allow is: the first sure one, else every open one.
        let mut sure = Vec::new();
        let mut open = Vec::new();
        let mut denies = Vec::new();
        for stated in policies {
            let Some(policy) = stated.policy else {
                let Say { allow: a, deny: d } = say(self.request, stated);
                allow = allow.or(a);
                deny = deny.or(d);
                continue;
            };
            let source = Source::new(layer, stated);
            for told in self.told(&policy.statements, layer) {
                let places = || source.places(told.statement, self.request, told.naming);
                match (told.statement.effect, &told.truth) {
                    (_, Truth::No) => {}
                    (Effect::Deny, Truth::Yes) => denies.extend(places()),
                    (Effect::Deny, Truth::Open(_)) => says.may_deny.extend(places()),
                    (Effect::Allow, Truth::Yes) if sure.is_empty() || layer == Layer::Resource => {
                        sure.extend(places());
                    }
                    (Effect::Allow, Truth::Yes) => {}
                    (Effect::Allow, Truth::Open(_)) => open.extend(places()),
                }
                let side = match told.statement.effect {
                    Effect::Allow => {
                        says.named_as = says.named_as.max_named(told.naming, &told.truth);
                        &mut allow
                    }
                    Effect::Deny => &mut deny,
                };
                let before = std::mem::replace(side, Truth::No);
                *side = before.or(told.truth);
            }
            self.warnings
                .extend(policy.refused.iter().map(|refused| Warning {
                    layer,
                    policy: stated.name.into(),
                    refused: refused.clone(),
                }));
        }
        says.said = match (&deny, &allow) {
            (Truth::Yes, _) => Said::Denies,
            (_, Truth::Yes) => Said::Allows,
            (_, Truth::Open(_)) => Said::MayAllow,
            // What resource control policies allow is implied.
            (_, Truth::No) if matches!(layer, Layer::Rcp(_)) => Said::Allows,
            (_, Truth::No) => Said::Silent,
        };
        if says.said == Said::Silent {
            says.near = near::misses(self.request, self.has_boundary, layer, policies);
            says.near.truncate(NEAR);
        }
        says.because = denies;
        if says.said != Said::Denies {
            says.because
                .extend(if sure.is_empty() { open } else { sure });
        }
        if let Truth::Open(requirement) = allow {
            says.requires = Some(requirement);
        }
        if let Truth::Open(requirement) = deny {
            says.denies_if = Some(requirement);
        }
        self.layers.push(says);
    }

    /// The statements about the action and the principal, each with whether it matches.
    fn told<'p>(&self, statements: &'p [Statement], layer: Layer) -> Vec<Told<'p>> {
        let request = self.request;
        let about = statements.iter();
        let about = about.filter(|statement| statement.matches_action(request.action));
        let mut found = Vec::new();
        for statement in about {
            if layer != Layer::Resource {
                found.push(Told {
                    statement,
                    truth: matches(statement, request),
                    naming: None,
                });
                continue;
            }
            for (naming, who) in who(statement, request, self.has_boundary) {
                found.push(Told {
                    statement,
                    truth: who.and(matches(statement, request)),
                    naming: Some(naming),
                });
            }
        }
        found
    }
}

impl LayerSays {
    fn new(layer: Layer) -> Self {
        Self {
            layer,
            said: Said::Silent,
            named_as: None,
            because: Vec::new(),
            requires: None,
            denies_if: None,
            may_deny: Vec::new(),
            near: Vec::new(),
        }
    }
}

/// The strongest way in which a principal is named.
trait Strongest {
    fn max_named(self, naming: Option<Naming>, truth: &Truth) -> Self;
}

impl Strongest for Option<NamedAs> {
    fn max_named(self, naming: Option<Naming>, truth: &Truth) -> Self {
        let rank = |it: &NamedAs| match it {
            NamedAs::Account => 0,
            NamedAs::Role => 1,
            NamedAs::Anyone => 2,
            NamedAs::Itself => 3,
        };
        let named = naming
            .filter(|_| !truth.is_no())
            .map(|naming| match naming {
                Naming::Account => NamedAs::Account,
                Naming::Role => NamedAs::Role,
                Naming::Anyone => NamedAs::Anyone,
                Naming::Named => NamedAs::Itself,
            });
        [self, named].into_iter().flatten().max_by_key(rank)
    }
}
