//! Why a request is decided as it is: what each layer says, and where that stands.
//!
//! An explanation is made for the answers that somebody looks at. It asks the same questions of
//! the same statements as the decision does, and keeps what it finds; the texts are read again
//! for the places.

mod found;
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

use found::Found;
pub use near::{Near, NearMiss};
pub use place::Place;
use place::Source;
pub(super) use place::Texts;

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

/// How a resource's policy names the principal, the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedAs {
    /// By its account, whose own policies must allow, too.
    Account,
    /// By the role behind the session.
    Role,
    /// As everyone.
    Anyone,
    /// By its own name.
    Itself,
}

impl From<Naming> for NamedAs {
    fn from(naming: Naming) -> Self {
        match naming {
            Naming::Account => Self::Account,
            Naming::Role => Self::Role,
            Naming::Anyone => Self::Anyone,
            Naming::Named => Self::Itself,
        }
    }
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
        let is_wanted = move |place: &&Place| place.effect == wanted;
        let all = || self.layers.iter().flat_map(|layer| &layer.because);
        // Where no deny is sure by itself, those decide that take away whatever is allowed.
        let is_sure = wanted == Effect::Allow || all().any(|place| is_wanted(&place));
        let open = self.layers.iter().flat_map(|layer| &layer.may_deny);
        let open = open.filter(move |_| !is_sure);
        all().filter(is_wanted).chain(open)
    }
}

impl Explanation {
    /// The same without the allows of layers that only bound: they grant nothing.
    pub fn deciding(&self) -> impl Iterator<Item = &Place> {
        let is_denied = self.verdict.decision == Decision::ExplicitDeny;
        let bounds = |layer| matches!(layer, Layer::Boundary | Layer::Session | Layer::Scp(_));
        let all = self.because();
        all.filter(move |place| is_denied || !bounds(place.layer))
    }
}

/// The most near misses that a layer tells.
const NEAR: usize = 3;

/// Decides a request and says why.
pub fn explain(request: &Request<'_>, layers: &Layers<'_>) -> Explanation {
    tell(request, layers, &Texts::default(), true)
}

/// The same, without what comes close and what is left out: for layers that hold no more than the
/// statements about the action.
pub(super) fn explain_briefly(
    request: &Request<'_>,
    layers: &Layers<'_>,
    texts: &Texts,
) -> Explanation {
    tell(request, layers, texts, false)
}

fn tell(
    request: &Request<'_>,
    layers: &Layers<'_>,
    texts: &Texts,
    tells_near: bool,
) -> Explanation {
    let mut told = Teller::new(request, layers, texts);
    told.tells_near = tells_near;
    told.identity(layers);
    let bounds = [
        (
            Layer::Boundary,
            &layers.boundary,
            request.knows_boundaries(),
        ),
        (
            Layer::Session,
            &layers.session,
            request.caller.has_identity(),
        ),
    ];
    for (layer, policy, binds) in bounds {
        if let Some(policy) = policy {
            told.ask(layer, std::slice::from_ref(policy), binds);
        }
    }
    told.resource(layers);
    for (at, level) in layers.scps.iter().flatten().enumerate() {
        told.ask(Layer::Scp(at), level, request.knows_scps());
    }
    for (at, level) in layers.rcps.iter().flatten().enumerate() {
        told.ask(Layer::Rcp(at), level, request.knows_rcps());
    }
    Explanation {
        verdict: decide(request, layers),
        layers: told.layers,
        warnings: told.warnings,
    }
}

/// What the resource's policy alone says, and what of it is left out.
pub(super) fn explain_resource(
    request: &Request<'_>,
    layers: &Layers<'_>,
) -> (Vec<LayerSays>, Vec<Warning>) {
    let texts = Texts::default();
    let mut told = Teller::new(request, layers, &texts);
    told.resource(layers);
    (told.layers, told.warnings)
}

struct Teller<'a> {
    request: &'a Request<'a>,
    texts: &'a Texts,
    /// Whether what comes close is told.
    tells_near: bool,
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

impl<'a> Teller<'a> {
    fn new(request: &'a Request<'a>, layers: &Layers<'_>, texts: &'a Texts) -> Self {
        Self {
            request,
            texts,
            tells_near: true,
            has_boundary: layers.bounds(request),
            layers: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn identity(&mut self, layers: &Layers<'_>) {
        if !self.request.caller.has_identity() {
            return;
        }
        self.ask(Layer::Identity, &layers.identity, true);
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
                self.ask(Layer::Resource, std::slice::from_ref(policy), true);
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
    fn ask(&mut self, layer: Layer, policies: &[Stated<'_>], binds: bool) {
        if !binds {
            let mut says = LayerSays::new(layer);
            says.said = Said::DoesNotBind;
            self.layers.push(says);
            return;
        }
        let mut found = Found::new(layer);
        for stated in policies {
            let Some(policy) = stated.policy else {
                let Say { allow, deny } = say(self.request, stated);
                found.add(Effect::Allow, allow);
                found.add(Effect::Deny, deny);
                continue;
            };
            let mut source = None;
            for told in self.told(&policy.statements, layer) {
                // Most policies are about something else, and are not read for that.
                let source = source.get_or_insert_with(|| Source::new(layer, stated, self.texts));
                found.tell(told, source, self.request);
            }
            let refused = policy.refused.iter();
            self.warnings.extend(refused.map(|refused| Warning {
                layer,
                policy: stated.name.into(),
                refused: refused.clone(),
            }));
        }
        let mut says = found.into_says();
        if says.said == Said::Silent && self.tells_near {
            says.near = near::misses(self.request, self.has_boundary, layer, policies, self.texts);
            says.near.truncate(NEAR);
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
