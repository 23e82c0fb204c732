//! What the statements of a layer come to together.

use super::place::{Place, Source};
use super::{Layer, LayerSays, NamedAs, Said, Told};
use crate::access::request::Request;
use crate::access::truth::{OneOf, Truth};
use crate::policy::Effect;

/// What the statements of a layer came to so far.
pub(super) struct Found {
    says: LayerSays,
    allow: OneOf,
    deny: OneOf,
    /// The places of the statements that allow for sure, and of those that may.
    sure: Vec<Place>,
    open: Vec<Place>,
}

impl Found {
    pub(super) fn new(layer: Layer) -> Self {
        Self {
            says: LayerSays::new(layer),
            allow: OneOf::default(),
            deny: OneOf::default(),
            sure: Vec::new(),
            open: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, effect: Effect, truth: Truth) {
        match effect {
            Effect::Allow => self.allow.add(truth),
            Effect::Deny => self.deny.add(truth),
        }
    }

    pub(super) fn tell(&mut self, told: Told<'_>, source: &Source<'_>, request: &Request<'_>) {
        let effect = told.statement.effect;
        let places = match (effect, &told.truth) {
            (_, Truth::No) => return,
            (Effect::Deny, Truth::Yes) => &mut self.says.because,
            (Effect::Deny, Truth::Open(_)) => &mut self.says.may_deny,
            (Effect::Allow, Truth::Yes) => &mut self.sure,
            (Effect::Allow, Truth::Open(_)) => &mut self.open,
        };
        // One statement that allows is enough, but for a resource's policy: there it matters how
        // each names the principal.
        let is_enough = effect == Effect::Allow && told.truth.is_yes() && told.naming.is_none();
        if !is_enough || places.is_empty() {
            places.extend(source.places(told.statement, request, told.naming));
        }
        if effect == Effect::Allow {
            let named = told.naming.map(NamedAs::from);
            self.says.named_as = self.says.named_as.max(named);
        }
        self.add(effect, told.truth);
    }

    pub(super) fn into_says(self) -> LayerSays {
        let mut says = self.says;
        let (allow, deny) = (self.allow.truth(), self.deny.truth());
        says.said = match (&deny, &allow) {
            (Truth::Yes, _) => Said::Denies,
            (_, Truth::Yes) => Said::Allows,
            (_, Truth::Open(_)) => Said::MayAllow,
            // What resource control policies allow is implied.
            (_, Truth::No) if matches!(says.layer, Layer::Rcp(_)) => Said::Allows,
            (_, Truth::No) => Said::Silent,
        };
        if says.said != Said::Denies {
            let allows = match self.sure.is_empty() {
                true => self.open,
                false => self.sure,
            };
            says.because.extend(allows);
        }
        if let Truth::Open(requirement) = allow {
            says.requires = Some(requirement);
        }
        if let Truth::Open(requirement) = deny {
            says.denies_if = Some(requirement);
        }
        says
    }
}
