//! The policies of principals and resources in an account.
//!
//! A policy is named as `iamscope document` takes it: the ARN of a managed policy or, for a trust
//! policy, of its role; the ARN of the owner and the name of an inline policy; the ARN of the
//! resource whose policy it is; the plain name of a policy of the organisation.

use std::borrow::Cow;
use std::sync::Arc;

use crate::access::caller::CallerKind;
use crate::access::prepared::PolicyUse;
use crate::access::question::{Policy, Question};
use crate::catalog;
use crate::iam::{Account, Arn, EntityRef, Field, InlinePolicy, Kind, Organization, Role};
use crate::policy::PolicyText;

/// The text of a policy that is stored in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored<'a> {
    /// The text.
    Text(&'a str),
    /// It is there, but its text was not read.
    Unread,
    /// There is no such policy.
    Nothing,
    /// The organisation has several of this name, which differ.
    Several,
}

/// Puts the principal's own policies into a question, and its boundary.
pub(super) fn of_principal<'a>(account: &'a Account, question: &mut Question<'a>) {
    let name = match &question.caller.kind {
        CallerKind::User { .. } => return of_user(account, &question.caller.arn.clone(), question),
        CallerKind::Role { name } | CallerKind::Session { role: name, .. } => name,
        // The user of the same name: the session's permissions are a part of that user's.
        CallerKind::FederatedUser { name } => {
            let user = account.users().iter().find(|user| user.name == *name);
            if let Some(arn) = user.map(|user| user.arn.clone()) {
                of_user(account, &arn, question);
            } else {
                let what = format!("policies of whoever federates as {name}");
                question.identity.push(Policy::unknown(what));
            }
            return;
        }
        CallerKind::Root
        | CallerKind::Account
        | CallerKind::Service
        | CallerKind::Federated
        | CallerKind::Anonymous => return,
    };
    let id = question.caller.account.as_deref().unwrap_or_default();
    let arn = format!("arn:{}:iam::{id}:role/{name}", account.partition);
    let Some(role) = account.role(&arn) else {
        question
            .identity
            .push(Policy::unknown(format!("policies of {arn}")));
        return;
    };
    attached(account, &role.attached, &role.arn, &mut question.identity);
    inline(&role.inline, &role.arn, &mut question.identity);
    question.boundary = boundary(account, &role.boundary, &role.arn);
}

fn of_user<'a>(account: &'a Account, arn: &str, question: &mut Question<'a>) {
    let Some(user) = account.user(arn) else {
        question
            .identity
            .push(Policy::unknown(format!("policies of {arn}")));
        return;
    };
    let policies = &mut question.identity;
    attached(account, &user.attached, &user.arn, policies);
    inline(&user.inline, &user.arn, policies);
    question.boundary = boundary(account, &user.boundary, &user.arn);
    let policies = &mut question.identity;
    let Field::Known(groups) = &user.groups else {
        policies.push(Policy::unknown(format!("groups of {arn}")));
        return;
    };
    for name in groups {
        let Some(group) = account.group_named(name) else {
            policies.push(Policy::unknown(format!("group {name}")));
            continue;
        };
        attached(account, &group.attached, &group.arn, policies);
        inline(&group.inline, &group.arn, policies);
    }
}

fn attached<'a>(
    account: &'a Account,
    list: &'a Field<Vec<Arc<str>>>,
    owner: &str,
    policies: &mut Vec<Policy<'a>>,
) {
    let Field::Known(list) = list else {
        policies.push(Policy::unknown(format!("attached policies of {owner}")));
        return;
    };
    for arn in list {
        // What is attached to several of a user's groups counts once.
        if !policies.iter().any(|policy| policy.name() == &**arn) {
            policies.push(named(account, arn));
        }
    }
}

fn inline<'a>(list: &'a Field<Vec<InlinePolicy>>, owner: &str, policies: &mut Vec<Policy<'a>>) {
    let Field::Known(list) = list else {
        policies.push(Policy::unknown(format!("inline policies of {owner}")));
        return;
    };
    for policy in list {
        let name = format!("{owner} {}", policy.name);
        policies.push(match policy.document.known() {
            Some(text) => prepared(name, text, PolicyUse::Identity),
            None => Policy::unknown(name),
        });
    }
}

fn boundary<'a>(
    account: &'a Account,
    boundary: &'a Field<Option<Arc<str>>>,
    owner: &str,
) -> Option<Policy<'a>> {
    match boundary {
        Field::Known(None) => None,
        Field::Known(Some(arn)) => Some(named(account, arn)),
        _ => Some(Policy::unknown(format!("permissions boundary of {owner}"))),
    }
}

/// The text of a managed policy.
#[derive(Debug, Clone, Copy)]
pub(in crate::access) enum Managed<'a> {
    /// As the account has it.
    Own(&'a Arc<PolicyText>),
    /// One of AWS's that the account lacks.
    OfCatalogue(&'static str),
    /// It is there, but its text was not read.
    Unread,
    /// There is no such policy.
    Nothing,
}

/// A managed policy, from the account or, where that lacks one of AWS's, from the catalogue.
pub(in crate::access) fn managed<'a>(account: &'a Account, arn: &str) -> Managed<'a> {
    let found = account.policy(arn);
    if let Some(text) = found.and_then(|policy| policy.document()) {
        return Managed::Own(text);
    }
    match catalog::managed_policy(arn) {
        Some(policy) => Managed::OfCatalogue(policy.document()),
        None if found.is_some() => Managed::Unread,
        None => Managed::Nothing,
    }
}

/// A managed policy, to be asked.
fn named<'a>(account: &'a Account, arn: &'a str) -> Policy<'a> {
    match of_managed(account, arn) {
        Stored::Text(text) => Policy::new(arn, Cow::Borrowed(text), PolicyUse::Identity),
        Stored::Unread | Stored::Nothing | Stored::Several => Policy::unknown(arn),
    }
}

fn of_managed<'a>(account: &'a Account, arn: &str) -> Stored<'a> {
    match managed(account, arn) {
        Managed::Own(text) => Stored::Text(text.as_str()),
        Managed::OfCatalogue(text) => Stored::Text(text),
        Managed::Unread => Stored::Unread,
        Managed::Nothing => Stored::Nothing,
    }
}

/// The trust policy of a role.
pub(super) fn trust(role: &Role) -> Policy<'_> {
    match role.trust.known() {
        Some(text) => prepared(role.arn.to_string(), text, PolicyUse::Trust),
        None => Policy::unknown(role.arn.to_string()),
    }
}

fn prepared(name: String, text: &PolicyText, used_as: PolicyUse) -> Policy<'_> {
    Policy::new(name, Cow::Borrowed(text.as_str()), used_as)
}

/// The policy that the account brings for a resource.
///
/// An object in S3 has none of its own: its bucket's policy is about it, too.
pub(super) fn of_resource<'a>(account: &'a Account, resource: &str) -> Option<Policy<'a>> {
    let find = |arn: &str| account.resource_policies.get_key_value(arn);
    let (arn, text) = find(resource).or_else(|| find(bucket_of(resource)?))?;
    Some(prepared(arn.to_string(), text, PolicyUse::Resource))
}

/// The resources with policies that a pattern may stand for, by their ARNs. None where it lies
/// within a single one, whose policy [`of_resource`] finds.
pub(super) fn of_several<'a>(account: &'a Account, action: &str, resource: &str) -> Vec<&'a str> {
    let Some((literal, _)) = resource.split_once(['*', '?']) else {
        return Vec::new();
    };
    let action = catalog::action(action);
    // An action without resources asks no policy of one.
    if action.is_some_and(|it| it.resource_types().len() == 0) {
        return Vec::new();
    }
    let is_of_service = |arn: &str| {
        let service = Arn::parse(arn).ok().map(|it| it.service);
        action.is_none_or(|it| service == Some(it.service().prefix()))
    };
    let all = account.resource_policies.keys().map(|arn| &**arn);
    all.filter(|arn| arn.starts_with(literal) && is_of_service(arn))
        .collect()
}

/// The ARN of the bucket that an object lies in.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html>
fn bucket_of(object: &str) -> Option<&str> {
    let arn = Arn::parse(object).ok()?;
    // Those of access points have a region and an account.
    if arn.service != "s3" || !arn.region.is_empty() || !arn.account.is_empty() {
        return None;
    }
    let key = arn.resource.split_once('/')?.1;
    Some(&object[..object.len() - key.len() - 1])
}

/// The policy that a KMS key gets where nothing else is said.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
pub(super) fn default_key<'a>(account: &Account, key: &str) -> Policy<'a> {
    let (partition, id) = (
        &account.partition,
        account.id.as_deref().unwrap_or_default(),
    );
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{{"AWS":"arn:{partition}:iam::{id}:root"}},"Action":"kms:*","Resource":"*"}}}}"#
    );
    let name = format!("default policy of {key}");
    Policy::new(name, Cow::Owned(text), PolicyUse::Resource)
}

/// The text of a policy by the name that answers have for it: an ARN; the owner's ARN, a space and
/// the name of an inline policy; or the name of a policy of the organisation.
pub fn stored_as<'a>(account: &'a Account, name: &str) -> Stored<'a> {
    match name.split_once(' ') {
        Some((owner, inline)) if owner.starts_with("arn:") => stored(account, owner, Some(inline)),
        _ => stored(account, name, None),
    }
}

/// The text of a policy by its names: the ARN of a managed policy or a role, or the ARN of a
/// user, group or role and the name of an inline policy. What is none of IAM's own is the ARN of a
/// resource with a policy, or else the name of a policy of the organisation.
pub fn stored<'a>(account: &'a Account, arn: &str, name: Option<&str>) -> Stored<'a> {
    let text = |field: &'a Field<Arc<PolicyText>>| match field.known() {
        Some(text) => Stored::Text(text.as_str()),
        None => Stored::Unread,
    };
    let found = account.find(arn);
    let kind = found.as_ref().map(|EntityRef { kind, .. }| *kind);
    let list = match (kind, name) {
        (Some(Kind::Policy), None) => return of_managed(account, arn),
        (None, None) => {
            return match of_managed(account, arn) {
                Stored::Nothing => not_of_iam(account, arn),
                managed => managed,
            };
        }
        (Some(Kind::Role), None) => {
            return account
                .role(arn)
                .map_or(Stored::Nothing, |role| text(&role.trust));
        }
        (Some(Kind::User), Some(_)) => account.user(arn).map(|it| &it.inline),
        (Some(Kind::Group), Some(_)) => account.group(arn).map(|it| &it.inline),
        (Some(Kind::Role), Some(_)) => account.role(arn).map(|it| &it.inline),
        _ => None,
    };
    let named = |policies: &'a Vec<InlinePolicy>| {
        let found = policies
            .iter()
            .find(|policy| Some(policy.name.as_str()) == name);
        found.map(|policy| text(&policy.document))
    };
    match list {
        Some(Field::Known(policies)) => named(policies).unwrap_or(Stored::Nothing),
        Some(_) => Stored::Unread,
        None => Stored::Nothing,
    }
}

fn not_of_iam<'a>(account: &'a Account, name: &str) -> Stored<'a> {
    if let Some(text) = account.resource_policies.get(name) {
        return Stored::Text(text.as_str());
    }
    let organization = account.organization.iter();
    let mut named = organization
        .flat_map(Organization::policies)
        .filter(|policy| policy.name == name);
    let Some(first) = named.next() else {
        return Stored::Nothing;
    };
    // AWS gives no name twice, but a file may; a text that the name does not tell would mislead.
    if named.any(|other| other.text != first.text) {
        return Stored::Several;
    }
    Stored::Text(first.text.as_str())
}
