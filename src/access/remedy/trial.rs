//! A question with steps applied, decided again.

use compact_str::CompactString;

use super::edit::{EMPTY, edited};
use super::{Element, Home, Step};
use crate::access::caller::CallerKind;
use crate::access::explain::Layer;
use crate::access::facts::{Fact, Facts};
use crate::access::layers::{Layers, ResourcePolicy, Stated};
use crate::access::pose::{Terms, may_tag_sessions, of_principal, of_request};
use crate::access::prepared::{PolicyUse, Prepared};
use crate::access::question::Question;
use crate::access::request::Request;
use crate::iam::Account;
use crate::policy::Document;

/// A question on which steps are tried.
pub(super) struct Trial<'t> {
    pub(super) account: &'t Account,
    pub(super) question: &'t Question<'t>,
    terms: &'t Terms<'t>,
    /// As they are, each made ready once.
    layers: Layers<'t>,
}

/// A policy as some steps leave it.
struct Edited {
    layer: Layer,
    name: CompactString,
    /// What it was; none where it is new.
    was: Option<String>,
    text: String,
    prepared: Prepared,
}

impl<'t> Trial<'t> {
    pub(super) fn new(
        account: &'t Account,
        terms: &'t Terms<'t>,
        question: &'t Question<'t>,
    ) -> Self {
        Self {
            account,
            question,
            terms,
            layers: question.layers(),
        }
    }

    /// The policies as they are.
    pub(super) fn layers(&self) -> &Layers<'t> {
        &self.layers
    }

    /// What is asked, and the policies, after these steps. None where one of them cannot be made.
    pub(super) fn after<R>(
        &self,
        steps: &[Step],
        then: impl FnOnce(&Request<'_>, &Layers<'_>) -> R,
    ) -> Option<R> {
        let edits = self.edits(steps)?;
        let facts = self.facts(steps, &edits);
        let mut layers: Layers<'_> = self.layers.clone();
        for edit in &edits {
            edit.put_into(&mut layers);
        }
        let request = Request {
            facts: &facts,
            ..self.question.request()
        };
        Some(then(&request, &layers))
    }

    /// The policies that steps edit, each once.
    fn edits(&self, steps: &[Step]) -> Option<Vec<Edited>> {
        let mut edits: Vec<Edited> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let Some(home) = step.home() else {
                continue;
            };
            let is_about_it = |it: &&Step| it.home().is_some_and(|it| self.is_one(it, home));
            if steps[..at].iter().any(|it| is_about_it(&it)) {
                continue;
            }
            let was = match home.is_new {
                true => None,
                false => Some(text_of(&self.layers, home)?.to_owned()),
            };
            let about = steps.iter().filter(is_about_it);
            let text = edited(was.as_deref().unwrap_or(EMPTY), about)?;
            let prepared = Prepared::of(&text, self.used_as(home.layer));
            edits.push(Edited {
                layer: home.layer,
                name: home.policy.clone(),
                was,
                text,
                prepared,
            });
        }
        Some(edits)
    }

    /// Whether two steps edit one policy, which may stand in several layers.
    fn is_one(&self, one: &Home, other: &Home) -> bool {
        if one.policy != other.policy || one.is_new != other.is_new {
            return false;
        }
        let is_of_principal = |layer| matches!(layer, Layer::Identity | Layer::Boundary);
        let may_be_one = match (one.layer, other.layer) {
            (Layer::Scp(_), Layer::Scp(_)) | (Layer::Rcp(_), Layer::Rcp(_)) => true,
            (one, other) => is_of_principal(one) && is_of_principal(other),
        };
        let text = |home| text_of(&self.layers, home);
        one.layer == other.layer || may_be_one && !one.is_new && text(one) == text(other)
    }

    fn used_as(&self, layer: Layer) -> PolicyUse {
        match layer {
            Layer::Identity | Layer::Boundary | Layer::Session | Layer::Scp(_) => {
                PolicyUse::Identity
            }
            Layer::Resource if self.question.request().is_assume_role() => PolicyUse::Trust,
            Layer::Resource => PolicyUse::Resource,
            Layer::Rcp(_) => PolicyUse::ResourceControl,
        }
    }

    /// What is known of the request after these steps.
    fn facts(&self, steps: &[Step], edits: &[Edited]) -> Facts {
        let question = self.question;
        let mut facts = question.facts.clone();
        let opens = |edit: &Edited| {
            edit.layer == Layer::Resource && may_tag_sessions(&Document::parse(&edit.text))
        };
        // Who lets a role's sessions have tags no longer knows what tags they have.
        if self.is_about_itself() && edits.iter().any(opens) {
            facts = Facts::new(facts.rest());
            of_request(self.account, self.terms, question, &mut facts);
            let caller = &question.caller;
            of_principal(self.account, self.terms, caller, &|_| true, &mut facts);
        }
        for step in steps {
            if let Step::Meet(meet) = step {
                facts.set(&meet.key, Fact::Values(vec![meet.example.clone()]));
            }
        }
        facts
    }

    /// Whether a role asks about its own trust policy: that of the account, which alone says what
    /// tags its sessions have.
    fn is_about_itself(&self) -> bool {
        if self.terms.resource_policy.is_some() {
            return false;
        }
        let name = match &self.question.caller.kind {
            CallerKind::Role { name } | CallerKind::Session { role: name, .. } => name,
            _ => return false,
        };
        let resource = &self.question.resource;
        let is_it = resource.strip_suffix(name.as_str());
        is_it.is_some_and(|rest| rest.ends_with(":role/"))
    }
}

impl Edited {
    /// Puts it in place of what it was, wherever that stands.
    fn put_into<'l>(&'l self, layers: &mut Layers<'l>) {
        let stated = Stated {
            name: &self.name,
            text: &self.text,
            policy: Some(&self.prepared),
        };
        let Some(was) = &self.was else {
            match self.layer {
                Layer::Resource => layers.resource = ResourcePolicy::Stated(stated),
                Layer::Scp(level) => {
                    let level = layers.scps.as_mut().and_then(|all| all.get_mut(level));
                    level.into_iter().for_each(|level| level.push(stated));
                }
                _ => layers.identity.push(stated),
            }
            return;
        };
        let is_it = |it: &&mut Stated<'l>| it.name == self.name && it.text == was;
        let each = |list: &mut Option<Vec<Vec<Stated<'l>>>>| {
            let all = list.iter_mut().flatten().flatten();
            all.filter(is_it).for_each(|it| *it = stated);
        };
        match self.layer {
            // A policy may well be both.
            Layer::Identity | Layer::Boundary => {
                let all = layers.identity.iter_mut().chain(&mut layers.boundary);
                all.filter(is_it).for_each(|it| *it = stated);
            }
            Layer::Session => layers.session = Some(stated),
            Layer::Resource => layers.resource = ResourcePolicy::Stated(stated),
            Layer::Scp(_) => each(&mut layers.scps),
            Layer::Rcp(_) => each(&mut layers.rcps),
        }
    }
}

/// The text of a policy in its layer.
fn text_of<'l>(layers: &Layers<'l>, home: &Home) -> Option<&'l str> {
    let all = policies(layers, home.layer);
    let named = all.into_iter().find(|it| it.name == home.policy);
    named.map(|it| it.text)
}

/// The policies of a layer.
pub(super) fn policies<'l>(layers: &Layers<'l>, layer: Layer) -> Vec<Stated<'l>> {
    let level = |all: &Option<Vec<Vec<Stated<'l>>>>, at: usize| {
        let level = all.as_ref().and_then(|all| all.get(at));
        level.cloned().unwrap_or_default()
    };
    match layer {
        Layer::Identity => layers.identity.clone(),
        Layer::Boundary => layers.boundary.into_iter().collect(),
        Layer::Session => layers.session.into_iter().collect(),
        Layer::Resource => match layers.resource {
            ResourcePolicy::Stated(stated) => vec![stated],
            ResourcePolicy::Absent | ResourcePolicy::Unknown(_) => Vec::new(),
        },
        Layer::Scp(at) => level(&layers.scps, at),
        Layer::Rcp(at) => level(&layers.rcps, at),
    }
}

impl Step {
    /// The policy that it edits.
    pub fn home(&self) -> Option<&Home> {
        match self {
            Self::Meet(_) => None,
            Self::NarrowDeny { spot, .. }
            | Self::RemoveDeny { spot }
            | Self::Widen { spot, .. } => Some(&spot.home),
            Self::Add { home, .. } => Some(home),
        }
    }
}

impl Element {
    /// The name of the element.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Action => "Action",
            Self::Resource => "Resource",
            Self::Principal(_) => "Principal",
        }
    }
}
