//! What holds for every user and role of an account alike: what the resource's policy, the
//! session's and the organisation's say to somebody who is not named in particular.

use super::Index;
use super::says::Plain;
use crate::access::caller::{Caller, CallerKind};
use crate::access::facts::{Facts, Rest};
use crate::access::layers::{Grants, Layers, ResourcePolicy, Stated, grants, say};
use crate::access::prepared::Statement;
use crate::access::principals::Entry;
use crate::access::request::Request;
use crate::iam::Kind;
use crate::policy::Trustee;

/// What holds for everybody who is not named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// What everyone is granted by the resource's policy.
    direct: Plain,
    /// What must be granted beside one's own policies: by the resource's policy, to the account;
    /// within one account, by the session's, too.
    beside: Plain,
    /// What the organisation's policies let through; from another account, the session's, too.
    bound: Plain,
    /// Whether something of all that denies.
    deny: Plain,
    /// Whether one's own policies and a boundary say anything in the grant to everyone, too:
    /// that is so from another account.
    is_foreign: bool,
}

impl Frame {
    /// What comes of one's own policies within a boundary: allow and deny.
    pub(super) fn of(&self, own: u8, boundary: Option<u8>) -> (Plain, Plain) {
        let bounded = boundary.map_or(Plain::Yes, Plain::allow);
        let own_allow = Plain::allow(own);
        let allow = if self.is_foreign {
            self.direct.or(self.beside).and(own_allow).and(bounded)
        } else {
            let by_own = own_allow.and(self.beside).and(bounded);
            self.direct.or(by_own)
        };
        let deny = self.deny.or(Plain::deny(own));
        let deny = boundary.map_or(deny, |bits| deny.or(Plain::deny(bits)));
        (allow.and(self.bound), deny)
    }
}

impl Frame {
    /// Whether nothing is allowed to anybody, whatever their own policies say.
    pub(super) fn grants_nobody(&self) -> bool {
        let grants = self.direct.or(self.beside);
        grants.and(self.bound) == Plain::No
    }

    /// Whether somebody may be allowed something without any policy of their own.
    pub(super) fn may_grant_everyone(&self) -> bool {
        !self.is_foreign && self.direct.and(self.bound) != Plain::No
    }
}

/// What holds, and for whom it does not.
#[derive(Debug)]
pub(super) struct Frames {
    pub(super) usual: Frame,
    /// For service-linked roles.
    pub(super) linked: Frame,
    /// Who is named in particular, as positions in the list of everybody; in order.
    pub(super) named: Vec<u32>,
    /// Whether the open parts of it hang on the principal.
    pub(super) varies: bool,
}

impl Index {
    /// Somebody of the account who is named nowhere.
    pub fn nobody(&self) -> Caller {
        let account = self.account();
        let id = account.id.as_deref().unwrap_or_default();
        Caller {
            kind: CallerKind::User { name: "".into() },
            account: account.id.clone(),
            arn: compact_str::format_compact!("arn:{}:iam::{id}:user/", account.partition),
            // A known one, which is nobody's: else `aws:userid` would tell.
            unique_id: Some("".into()),
        }
    }
}

impl Frames {
    /// `request` must be that of [`Index::nobody`], its facts those that hold for everybody.
    pub(super) fn new(index: &Index, request: &Request<'_>, layers: &Layers<'_>) -> Self {
        let unknown = request.facts.with_rest(Rest::Unknown);
        let mut found = Finder {
            index,
            request,
            whoever: Request {
                facts: &unknown,
                ..*request
            },
            named: Vec::new(),
            varies: false,
        };
        let asked = found.resource(&layers.resource);
        let says = grants(asked, &layers.resource, false);
        let bounded = grants(asked, &layers.resource, true);
        // `NotPrincipal` means another thing to who has a boundary.
        found.varies |= says != bounded;
        let alike = |part: fn(&Grants) -> Plain| match (part(&says), part(&bounded)) {
            (one, other) if one == other => one,
            _ => Plain::Open,
        };
        let direct = alike(|it| Plain::from(&it.named.clone().or(it.anyone.clone())));
        let account = alike(|it| Plain::from(&it.account));
        let is_foreign = !request.is_same_account();
        let mut beside = if is_foreign || request.needs_resource_policy() {
            account
        } else {
            Plain::Yes
        };
        let (mut bound, mut deny) = (Plain::Yes, alike(|it| Plain::from(&it.deny)));
        if let Some(policy) = &layers.session {
            let (allows, denies) = found.level(std::slice::from_ref(policy));
            // Within one account, what everyone is granted needs no more.
            let bounded = if is_foreign { &mut bound } else { &mut beside };
            *bounded = bounded.and(allows);
            deny = deny.or(denies);
        }
        let linked = Frame {
            direct,
            beside,
            bound,
            deny,
            is_foreign,
        };
        for level in layers.scps.iter().flatten() {
            let (allows, denies) = found.level(level);
            bound = bound.and(allows);
            deny = deny.or(denies);
        }
        if request.knows_rcps() {
            for level in layers.rcps.iter().flatten() {
                deny = deny.or(found.level(level).1);
            }
        }
        found.named.sort_unstable();
        found.named.dedup();
        Self {
            usual: Frame {
                bound,
                deny,
                ..linked
            },
            linked,
            named: found.named,
            varies: found.varies,
        }
    }

    /// That of a user or role.
    pub(super) fn of(&self, is_linked: bool) -> &Frame {
        if is_linked { &self.linked } else { &self.usual }
    }
}

struct Finder<'f> {
    index: &'f Index,
    request: &'f Request<'f>,
    /// The same for statements that look at who asks: what is not known of that is not missing.
    whoever: Request<'f>,
    named: Vec<u32>,
    varies: bool,
}

impl<'f> Finder<'f> {
    /// What the policies of a level allow and deny.
    fn level(&mut self, policies: &[Stated<'_>]) -> (Plain, Plain) {
        let (mut allow, mut deny) = (Plain::No, Plain::No);
        for stated in policies {
            let mut statements = stated.policy.iter().flat_map(|it| &it.statements);
            let varies = statements.any(|it| self.is_of_principal(it));
            self.varies |= varies;
            let says = say(self.request(varies), stated);
            allow = allow.or(Plain::from(&says.allow));
            deny = deny.or(Plain::from(&says.deny));
        }
        (allow, deny)
    }

    /// Whether what comes of a statement about the action hangs on the principal.
    fn is_of_principal(&self, statement: &Statement) -> bool {
        let mut conditions = statement.conditions.iter();
        let resources = statement.resources.iter().flat_map(|it| &it.list);
        statement.matches_action(self.request.action)
            && (conditions.any(|it| it.is_of_principal())
                || resources.flat_map(|it| it.variables()).next().is_some())
    }

    fn request(&self, varies: bool) -> &Request<'f> {
        if varies { &self.whoever } else { self.request }
    }

    /// Looks through the resource's policy; gives the request that it is to be asked with.
    fn resource(&mut self, policy: &ResourcePolicy<'_>) -> &Request<'f> {
        let ResourcePolicy::Stated(stated) = policy else {
            return self.request;
        };
        let mut varies = false;
        for statement in stated.policy.iter().flat_map(|it| &it.statements) {
            if !statement.matches_action(self.request.action) {
                continue;
            }
            varies |= self.is_of_principal(statement);
            let principals = statement.principals.iter();
            let entries = principals.flat_map(|listed| &listed.list);
            entries.for_each(|it| self.entry(it));
        }
        self.varies |= varies;
        self.request(varies)
    }

    /// Notes who is named by an entry: by name, by id, or by a session.
    fn entry(&mut self, entry: &Entry) {
        let Entry::Aws { trustee, .. } = entry else {
            return;
        };
        let account = self.index.account();
        let position = |kind, owner: &str, name: &str| {
            let (partition, word) = (&account.partition, kind);
            let arn = format!("arn:{partition}:iam::{owner}:{}/{name}", Kind::as_str(word));
            let at = account.position(kind, &arn)?;
            Some(self.index.person(kind, at))
        };
        let found = match trustee {
            Trustee::User { account, name } => position(Kind::User, account, name),
            Trustee::Role { account, name } => position(Kind::Role, account, name),
            Trustee::Session { role, .. } => self.index.role_named(role),
            Trustee::Unique(id) => self.index.with_id(id),
            _ => None,
        };
        self.named.extend(found);
    }
}

/// Facts that hold whoever asks, of a question that [`Index::nobody`] was put into.
pub(super) fn shared_facts(
    index: &Index,
    terms: &crate::access::Terms<'_>,
    question: &crate::access::Question<'_>,
) -> Facts {
    let mut facts = Facts::new(question.facts.rest());
    crate::access::pose::of_request(index.account(), terms, question, &mut facts);
    facts
}
