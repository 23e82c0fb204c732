//! Which policies can be edited, and who else has them.

use std::collections::BTreeSet;

use compact_str::CompactString;

use super::trial::Trial;
use super::{Home, NoRemedy, Spot};
use crate::access::caller::CallerKind;
use crate::access::explain::Layer;
use crate::access::layers::Stated;
use crate::access::prepared::Statement;
use crate::iam::{Account, Arn, Kind};
use crate::policy::{Document, FaultKind, SizeKind};

/// A policy that can be edited, with its document.
pub(super) struct Editable {
    pub(super) home: Home,
    pub(super) document: Document,
}

impl Editable {
    /// The place of a statement.
    pub(super) fn spot(&self, statement: &Statement) -> Spot {
        spot(self.home.clone(), &self.document, statement)
    }
}

fn spot(home: Home, document: &Document, statement: &Statement) -> Spot {
    let written = document.statements.get(statement.index);
    Spot {
        home,
        statement: statement.index,
        sid: written.and_then(|it| it.name()).map(CompactString::from),
    }
}

/// The place of a statement that need not be one that can be edited.
pub(super) fn place(layer: Layer, stated: &Stated<'_>, statement: &Statement) -> Spot {
    let home = Home {
        layer,
        policy: stated.name.into(),
        is_new: false,
        others: None,
    };
    spot(home, &Document::parse(stated.text), statement)
}

/// A policy, where it can be edited.
pub(super) fn editable(
    trial: &Trial<'_>,
    layer: Layer,
    stated: &Stated<'_>,
) -> Result<Editable, NoRemedy> {
    if is_of_aws(stated.name, layer) {
        return Err(NoRemedy::OfAws(stated.name.into()));
    }
    if let Some(arn) = service_linked(trial, layer) {
        return Err(NoRemedy::ServiceLinked(arn));
    }
    let document = Document::parse(stated.text);
    let stands_twice = |it: &crate::policy::Fault| matches!(it.kind, FaultKind::DuplicateKey(_));
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(stated.text).is_ok();
    // Of two members of one name, an editor would lose one.
    if stated.policy.is_none() || !is_json || document.faults.iter().any(stands_twice) {
        return Err(NoRemedy::Unreadable(stated.name.into()));
    }
    let home = Home {
        layer,
        policy: stated.name.into(),
        is_new: false,
        others: others(trial, layer, stated.name),
    };
    Ok(Editable { home, document })
}

/// Whether AWS keeps a policy.
fn is_of_aws(name: &str, layer: Layer) -> bool {
    match layer {
        Layer::Identity | Layer::Boundary => Arn::parse(name).is_ok_and(|it| it.account == "aws"),
        Layer::Scp(_) => name == "FullAWSAccess",
        Layer::Rcp(_) => name == "RCPFullAWSAccess",
        Layer::Session | Layer::Resource => false,
    }
}

/// The service-linked role whose policies a layer has.
fn service_linked(trial: &Trial<'_>, layer: Layer) -> Option<CompactString> {
    let question = trial.question;
    match layer {
        Layer::Identity | Layer::Boundary if question.caller.is_service_linked() => {
            Some(question.caller.arn.clone())
        }
        Layer::Resource => {
            let role = trial.account.role(&question.resource)?;
            role.is_service_linked().then(|| (&*role.arn).into())
        }
        _ => None,
    }
}

/// The user or role whose policies the principal has, by its ARN.
pub(super) fn owner(trial: &Trial<'_>) -> Option<(Kind, String)> {
    let (account, caller) = (trial.account, &trial.question.caller);
    let (kind, arn) = match &caller.kind {
        CallerKind::User { .. } => (Kind::User, caller.arn.to_string()),
        CallerKind::Role { name } | CallerKind::Session { role: name, .. } => {
            let id = caller.account.as_deref().unwrap_or_default();
            let partition = &account.partition;
            (Kind::Role, format!("arn:{partition}:iam::{id}:role/{name}"))
        }
        CallerKind::FederatedUser { name } => {
            let user = account.users().iter().find(|user| user.name == *name)?;
            (Kind::User, user.arn.to_string())
        }
        CallerKind::Root
        | CallerKind::Account
        | CallerKind::Service
        | CallerKind::Federated
        | CallerKind::Anonymous => return None,
    };
    account.position(kind, &arn)?;
    Some((kind, arn))
}

/// A policy of the owner alone that takes one more statement, or a new one.
pub(super) fn own(
    trial: &Trial<'_>,
    policies: &[Stated<'_>],
    statement: &str,
) -> Result<Home, NoRemedy> {
    let caller = &trial.question.caller;
    if caller.is_service_linked() {
        return Err(NoRemedy::ServiceLinked(caller.arn.clone()));
    }
    let Some((kind, arn)) = owner(trial) else {
        return Err(NoRemedy::NobodyKnown(caller.arn.clone()));
    };
    let inline_size = if kind == Kind::User {
        SizeKind::InlineOfUser
    } else {
        SizeKind::InlineOfRole
    };
    let is_inline = |name: &str| name.split_once(' ').is_some_and(|(owner, _)| owner == arn);
    let inline = policies.iter().filter(|it| is_inline(it.name));
    let inline: usize = inline.map(|it| inline_size.size(it.text)).sum();
    let has_room = |stated: &Stated<'_>| {
        let (kind, size) = match is_inline(stated.name) {
            true => (inline_size, inline),
            false => (SizeKind::Managed, SizeKind::Managed.size(stated.text)),
        };
        // The comma counts, too.
        size + kind.size(statement) < kind.limit()
    };
    let is_own = |stated: &&Stated<'_>| {
        is_inline(stated.name) || is_attached_to(trial.account, stated.name, kind, &arn)
    };
    let mut fitting = policies.iter().filter(is_own).filter(|it| has_room(it));
    let found = fitting.find_map(|stated| {
        let found = editable(trial, Layer::Identity, stated).ok()?;
        (found.home.others == Some(0)).then_some(found.home)
    });
    Ok(found.unwrap_or_else(|| Home {
        layer: Layer::Identity,
        policy: arn.into(),
        is_new: true,
        others: Some(0),
    }))
}

/// Whether a managed policy is attached to a user or role itself.
fn is_attached_to(account: &Account, policy: &str, kind: Kind, arn: &str) -> bool {
    let attached = match kind {
        Kind::User => account.user(arn).and_then(|it| it.attached.known()),
        _ => account.role(arn).and_then(|it| it.attached.known()),
    };
    attached.is_some_and(|list| list.iter().any(|it| **it == *policy))
}

/// How many users and roles besides the principal have a policy.
fn others(trial: &Trial<'_>, layer: Layer, name: &str) -> Option<usize> {
    if !matches!(layer, Layer::Identity | Layer::Boundary) {
        return None;
    }
    let account = trial.account;
    let mut found: BTreeSet<(Kind, usize)> = BTreeSet::new();
    let mut add = |kind, list: &[u32]| found.extend(list.iter().map(|at| (kind, *at as usize)));
    if let Some((owner, _)) = name.split_once(' ') {
        let group = account.group(owner);
        add(
            Kind::User,
            group.map_or(&[], |it| account.members(&it.name)),
        );
    } else if let Some(having) = account.attachments(name) {
        add(Kind::User, &having.users);
        add(Kind::User, &having.bounded_users);
        add(Kind::Role, &having.roles);
        add(Kind::Role, &having.bounded_roles);
        for at in &having.groups {
            let group = account.groups().get(*at as usize);
            add(
                Kind::User,
                group.map_or(&[], |it| account.members(&it.name)),
            );
        }
    }
    if let Some((kind, arn)) = owner(trial)
        && let Some(at) = account.position(kind, &arn)
    {
        found.remove(&(kind, at));
    }
    Some(found.len())
}
