//! One question about everybody: who can do this?

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::frame::{Frames, shared_facts};
use super::people::Person;
use super::says::{AboutAction, Plain, Says, bits};
use super::trusts::Trust;
use super::{Index, Map, NOBODY_KNOWS};
use crate::access::caller::Caller;
use crate::access::condition::Condition;
use crate::access::explain::{Explanation, Texts, explain_briefly};
use crate::access::layers::{Layers, Stated};
use crate::access::pose::{self, Posed, Terms, pose};
use crate::access::prepared::Prepared;
use crate::access::question::Policy;
use crate::access::truth::Truth;
use crate::access::verdict::{Decision, Verdict, decide};
use crate::iam::{Kind, Role};

/// A user or role, by its place in the list of everybody, and what comes of its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The place: users come first, then roles, each in the account's order.
    pub who: u32,
    /// What comes of it.
    pub decision: Decision,
}

/// How many there are of each decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Allowed.
    pub allowed: usize,
    /// Allowed if more is met.
    pub conditional: usize,
    /// Denied by a statement.
    pub explicit_deny: usize,
    /// Allowed by nothing.
    pub implicit_deny: usize,
}

impl Counts {
    /// How many there are in all.
    pub fn all(&self) -> usize {
        self.allowed + self.conditional + self.explicit_deny + self.implicit_deny
    }

    /// Counts one more.
    pub fn add(&mut self, decision: Decision) {
        *match decision {
            Decision::Allowed => &mut self.allowed,
            Decision::Conditional => &mut self.conditional,
            Decision::ExplicitDeny => &mut self.explicit_deny,
            Decision::ImplicitDeny => &mut self.implicit_deny,
        } += 1;
    }
}

/// A question about everybody in an account: an action on a resource, whoever asks.
#[derive(Debug)]
pub struct Survey<'a> {
    pub(super) index: &'a Index,
    terms: &'a Terms<'a>,
    /// The question as somebody would ask who is named nowhere, with the facts that hold for
    /// everybody.
    posed: Posed<'a>,
    pub(super) about: Rc<AboutAction<'a>>,
    /// What the documents say. Where the resource's policy names a few and nobody else is
    /// granted anything it is not needed.
    pub(super) says: OnceCell<Says>,
    frames: Frames,
    /// The resource as it was asked about.
    resource: &'a str,
    /// What was read for its places.
    texts: Texts,
    /// Documents that were made ready for somebody of whom yes and no do not tell.
    ready: RefCell<Map<u32, Rc<Prepared>>>,
    /// The decision on those of whom no document speaks, linked to a service or not, within a
    /// boundary or not.
    silent: [OnceCell<Decision>; 4],
    /// Decisions by what they were made of.
    made: RefCell<Map<Vec<u32>, Decision>>,
}

impl Index {
    /// Asks who can do something. The answers are made when they are asked for.
    pub fn ask<'a>(&'a self, terms: &'a Terms<'a>, action: &str, resource: &'a str) -> Survey<'a> {
        let lower = action.to_ascii_lowercase();
        let about = Rc::new(AboutAction::new(self, &lower));
        Survey::new(self, terms, about, action, resource)
    }
}

impl<'a> Survey<'a> {
    /// `about` must be of the same action. One serves for any number of resources.
    pub(super) fn new(
        index: &'a Index,
        terms: &'a Terms<'a>,
        about: Rc<AboutAction<'a>>,
        action: &str,
        resource: &'a str,
    ) -> Self {
        let mut posed = pose(index.account(), terms, index.nobody(), action, resource);
        posed.question.facts = shared_facts(index, terms, &posed.question);
        let question = &posed.question;
        let frames = Frames::new(index, &question.request(), &question.layers());
        Self {
            index,
            terms,
            posed,
            about,
            says: OnceCell::new(),
            frames,
            resource,
            texts: Texts::default(),
            silent: Default::default(),
            ready: RefCell::default(),
            made: RefCell::default(),
        }
    }

    /// The question, with what is taken for granted. Its caller is nobody in particular.
    pub fn posed(&self) -> &Posed<'a> {
        &self.posed
    }

    /// The conditions that the answer may hang on: those of every statement about the action and
    /// the resource, whoever's policy it stands in.
    pub fn conditions(&self) -> Vec<Arc<Condition>> {
        let mut found: Vec<Arc<Condition>> = Vec::new();
        let mut add = |condition: &Arc<Condition>| {
            if !found.iter().any(|it| it.is_written_as(condition)) {
                found.push(condition.clone());
            }
        };
        let question = &self.posed.question;
        let own = self.about.conditions(question);
        own.into_iter().for_each(&mut add);
        let (request, layers) = (question.request(), question.layers());
        // Nobody in particular has no policies: these are those that bind everybody.
        for statement in layers.policies().flat_map(|it| &it.statements) {
            if statement.matches_action(request.action)
                && statement.matches_resource(&request) != Truth::No
            {
                statement.conditions.iter().for_each(&mut add);
            }
        }
        found
    }

    pub(super) fn says(&self) -> &Says {
        self.says
            .get_or_init(|| self.about.on(&self.posed.question))
    }

    /// Whether nobody is granted anything but those who are named.
    pub(super) fn grants_only_named(&self) -> bool {
        self.frames.usual.grants_nobody() && self.frames.linked.grants_nobody()
    }

    /// Whether everyone may be granted something whatever their own policies say.
    pub(super) fn may_grant_everyone(&self) -> bool {
        self.frames.usual.may_grant_everyone() || self.frames.linked.may_grant_everyone()
    }

    /// Who is named in particular, in order.
    pub(super) fn named(&self) -> &[u32] {
        &self.frames.named
    }

    /// Everybody with the verdict, in their order.
    pub fn decisions(&self) -> impl Iterator<Item = Row> {
        let mut named = self.frames.named.iter().copied().peekable();
        let heard = self.index.people.hear(self.says());
        let unbounded = [false, true].map(|is_linked| self.unbounded(is_linked));
        let people = self.index.people.list.iter().zip(0u32..).zip(heard);
        people.map(move |((person, who), own)| {
            let is_named = named.next_if_eq(&who).is_some();
            let plain = match person.boundary {
                _ if is_named => None,
                None => unbounded[usize::from(person.is_linked)][usize::from(own)],
                Some(_) => self.plainly(person, own),
            };
            let decision = plain.unwrap_or_else(|| self.with_care(who, person, is_named));
            Row { who, decision }
        })
    }

    /// The plain decisions on those without a boundary, by what their documents say.
    fn unbounded(&self, is_linked: bool) -> [Option<Decision>; bits::COUNT] {
        let frame = self.frames.of(is_linked);
        std::array::from_fn(|own| plain(frame.of(own as u8, None)))
    }

    /// Those who can, or can if more is met; and how many of everybody come to what.
    pub fn able(&self) -> (Vec<Row>, Counts) {
        let mut counts = Counts::default();
        let mut rows = Vec::new();
        for row in self.decisions() {
            counts.add(row.decision);
            if matches!(row.decision, Decision::Allowed | Decision::Conditional) {
                rows.push(row);
            }
        }
        (rows, counts)
    }

    /// The decision on one of them.
    pub fn decision(&self, who: u32) -> Decision {
        let person = &self.index.people.list[who as usize];
        let is_named = self.frames.named.binary_search(&who).is_ok();
        let own = || self.says().together(self.index.people.held(person));
        let plain = if is_named {
            None
        } else {
            self.plainly(person, own())
        };
        plain.unwrap_or_else(|| self.with_care(who, person, is_named))
    }

    /// The decision where yes and no are enough to tell; `own` is what their documents say.
    fn plainly(&self, person: &Person, own: u8) -> Option<Decision> {
        let boundary = person.boundary.map(|doc| self.says().of(doc));
        plain(self.frames.of(person.is_linked).of(own, boundary))
    }

    /// Whether it is plain that nothing allows one of them: that is told sooner than whether
    /// something denies, too.
    pub(super) fn allows_nothing(&self, who: u32) -> bool {
        let person = &self.index.people.list[who as usize];
        let (own, boundary) = self.bits(person);
        let (allow, _) = self.frames.of(person.is_linked).of(own, boundary);
        allow == Plain::No && self.frames.named.binary_search(&who).is_err()
    }

    /// What somebody's own documents say, and the boundary.
    fn bits(&self, person: &Person) -> (u8, Option<u8>) {
        let own = self.says().together(self.index.people.held(person));
        (own, person.boundary.map(|doc| self.says().of(doc)))
    }

    /// The decision where it hangs on more. It is the same for all of whom the same documents
    /// speak, unless those look at who asks.
    fn with_care(&self, who: u32, person: &Person, is_named: bool) -> Decision {
        let held = self.index.people.held(person);
        let (own, boundary) = self.bits(person);
        let all = own | boundary.unwrap_or_default();
        if is_named || self.frames.varies || all & bits::VARIES != 0 {
            return self.verdict(who).decision;
        }
        if all == 0 {
            // Most: none of their documents speaks.
            let class = usize::from(person.is_linked) * 2 + usize::from(boundary.is_some());
            return *self.silent[class].get_or_init(|| self.verdict(who).decision);
        }
        let speaking = held.iter().copied().filter(|doc| self.says().of(*doc) != 0);
        let mut key: Vec<u32> = speaking.collect();
        key.sort_unstable();
        key.push(person.boundary.unwrap_or(NOBODY_KNOWS));
        key.push(u32::from(person.is_linked));
        if let Some(decision) = self.made.borrow().get(&key) {
            return *decision;
        }
        let decision = self.verdict(who).decision;
        self.made.borrow_mut().insert(key, decision);
        decision
    }

    /// The verdict on one of them.
    pub fn verdict(&self, who: u32) -> Verdict {
        let person = &self.index.people.list[who as usize];
        let caller = self.index.caller(person);
        let docs = self.index.people.held(person);
        let is_unread = docs.contains(&NOBODY_KNOWS) || person.boundary == Some(NOBODY_KNOWS);
        if is_unread {
            // What is missing has a name of its own, which stands in the requirement.
            let question = &self.posed.question;
            let posed = pose(
                self.index.account(),
                self.terms,
                caller,
                &question.action,
                &question.resource,
            );
            return posed.question.decide();
        }
        let ready: Vec<Rc<Prepared>> = docs.iter().map(|doc| self.ready(*doc)).collect();
        let boundary = person.boundary.map(|doc| self.ready(doc));
        let nameless = |policy| Stated {
            name: "",
            text: "",
            policy: Some(policy),
        };
        let question = &self.posed.question;
        let shared = question.layers();
        let layers = Layers {
            identity: ready.iter().map(|policy| nameless(&**policy)).collect(),
            boundary: boundary.as_ref().map(|policy| nameless(&**policy)),
            ..shared
        };
        let mut facts = question.facts.clone();
        let tags_sessions = |role: &Role| {
            let at = self.index.account().position(Kind::Role, &role.arn);
            at.and_then(|at| self.index.trusts().of(at))
                .is_none_or(|trust: &Trust| trust.tags_sessions)
        };
        pose::of_principal(
            self.index.account(),
            self.terms,
            &caller,
            &tags_sessions,
            &mut facts,
        );
        let mut request = question.request();
        request.caller = &caller;
        request.facts = &facts;
        decide(&request, &layers)
    }

    /// The answer to one who asks, with the places that decide. What comes close and what is left
    /// out is not told.
    pub fn explain(&self, caller: Caller) -> Explanation {
        let question = &self.posed.question;
        let own = pose(
            self.index.account(),
            self.terms,
            caller,
            &question.action,
            self.resource,
        );
        let own = &own.question;
        let of_identity = own.identity.iter().map(|it| self.ready_policy(it));
        let identity: Vec<_> = of_identity.collect();
        let boundary = own.boundary.as_ref().map(|it| self.ready_policy(it));
        let shared = question.layers();
        let layers = Layers {
            identity: own.identity.iter().zip(&identity).map(stated).collect(),
            boundary: own.boundary.as_ref().zip(boundary.as_ref()).map(stated),
            // Those of the organisation bind the callers of the account alone.
            scps: own.scps.as_ref().and(shared.scps),
            ..shared
        };
        explain_briefly(&own.request(), &layers, &self.texts)
    }

    /// A policy's statements about the action; none where it was not read.
    fn ready_policy(&self, policy: &Policy<'_>) -> Option<Rc<Prepared>> {
        let used_as = policy.used_as()?;
        let doc = self.index.find(policy.text());
        Some(match doc {
            Some(doc) => self.ready(doc),
            None => Rc::new(Prepared::of(policy.text(), used_as)),
        })
    }

    /// A document's statements about the action.
    fn ready(&self, doc: u32) -> Rc<Prepared> {
        let mut ready = self.ready.borrow_mut();
        let ready = ready
            .entry(doc)
            .or_insert_with(|| Rc::new(self.about.ready(doc)));
        ready.clone()
    }
}

/// The decision where what allows and what denies are plain enough.
fn plain((allow, deny): (Plain, Plain)) -> Option<Decision> {
    match (allow, deny) {
        (_, Plain::Yes) => Some(Decision::ExplicitDeny),
        (Plain::No, Plain::No) => Some(Decision::ImplicitDeny),
        (Plain::Yes, Plain::No) => Some(Decision::Allowed),
        // On some of the resources it is allowed, and on others not.
        (Plain::Part, Plain::No) => Some(Decision::Conditional),
        // Two open denies may be sure together, and one that looks at who asks by itself.
        _ => None,
    }
}

/// A policy of which only the statements about the action are ready.
fn stated<'s>((policy, ready): (&'s Policy<'_>, &'s Option<Rc<Prepared>>)) -> Stated<'s> {
    Stated {
        name: policy.name(),
        text: policy.text(),
        policy: ready.as_deref(),
    }
}

impl Index {
    /// A user or role as the one who asks.
    pub(super) fn caller(&self, person: &Person) -> Caller {
        let at = person.at as usize;
        match person.kind {
            Kind::Role => pose::of_role(&self.account.roles()[at]),
            _ => pose::of_user(&self.account.users()[at]),
        }
    }
}
