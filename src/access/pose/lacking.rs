//! What of an account was not read and bears on a question.

use super::is_pattern;
use super::principal::{of_role, of_user};
use crate::access::caller::{Caller, CallerKind};
use crate::access::request::is_assume_role;
use crate::catalog;
use crate::iam::{Account, EntityRef, Field, InlinePolicy, Kind, Role};
use crate::policy::{Matched, Scope};

/// The entities of which something is unknown that the answer needs, and that a source may know.
pub fn lacking(account: &Account, caller: &Caller, action: &str, resource: &str) -> Vec<EntityRef> {
    let mut found = Vec::new();
    let mut needed: Vec<&str> = Vec::new();
    let mut add = |kind, arn: &str, lacks: bool| {
        if lacks {
            found.push(EntityRef::new(kind, arn));
        }
    };
    match &caller.kind {
        CallerKind::User { .. } => {
            if let Some(user) = account.user(&caller.arn) {
                let lacks = user.groups.is_unknown()
                    || user.attached.is_unknown()
                    || inline(&user.inline)
                    || user.boundary.is_unknown()
                    || user.tags.is_unknown();
                add(Kind::User, &user.arn, lacks);
                needed.extend(user.attached.known().into_iter().flatten().map(|it| &**it));
                needed.extend(user.boundary.known().into_iter().flatten().map(|it| &**it));
                let groups = user.groups.known().into_iter().flatten();
                for group in groups.filter_map(|name| account.group_named(name)) {
                    let lacks = group.attached.is_unknown() || inline(&group.inline);
                    add(Kind::Group, &group.arn, lacks);
                    needed.extend(group.attached.known().into_iter().flatten().map(|it| &**it));
                }
            }
        }
        CallerKind::Role { name } | CallerKind::Session { role: name, .. } => {
            let id = caller.account.as_deref().unwrap_or_default();
            let arn = format!("arn:{}:iam::{id}:role/{name}", account.partition);
            if let Some(role) = account.role(&arn) {
                let lacks = role.attached.is_unknown()
                    || inline(&role.inline)
                    || role.boundary.is_unknown()
                    || role.tags.is_unknown()
                    || role.trust.is_unknown();
                add(Kind::Role, &role.arn, lacks);
                needed.extend(role.attached.known().into_iter().flatten().map(|it| &**it));
                needed.extend(role.boundary.known().into_iter().flatten().map(|it| &**it));
            }
        }
        _ => {}
    }
    let mut role = |role: &Role| {
        let lacks = role.trust.is_unknown() || role.tags.is_unknown();
        add(Kind::Role, &role.arn, lacks);
    };
    if is_assume_role(&action.to_ascii_lowercase()) && is_pattern(resource) {
        let scope = Scope::new(resource);
        let roles = account.roles().iter();
        let roles = roles.filter(|role| scope.contains(&role.arn) == Matched::Yes);
        roles.for_each(|it| role(it));
    } else if let Some(it) = account.role(resource) {
        role(it);
    }
    if let Some(user) = account.user(resource) {
        add(Kind::User, resource, user.tags.is_unknown());
    }
    for arn in needed {
        let unread = account
            .policy(arn)
            .is_some_and(|policy| match &policy.versions {
                Field::Unknown => true,
                Field::Known(_) => policy.default().is_none_or(|it| it.document.is_unknown()),
                Field::Denied(_) | Field::Failed(_) => false,
            });
        add(
            Kind::Policy,
            arn,
            unread && catalog::managed_policy(arn).is_none(),
        );
    }
    found.sort_by(|one, other| one.arn.cmp(&other.arn));
    found.dedup();
    found
}

fn inline(field: &Field<Vec<InlinePolicy>>) -> bool {
    match field {
        Field::Unknown => true,
        Field::Known(policies) => policies.iter().any(|policy| policy.document.is_unknown()),
        Field::Denied(_) | Field::Failed(_) => false,
    }
}

/// The same for a question about everybody.
pub fn lacking_of_all(account: &Account) -> Vec<EntityRef> {
    let users = account.users().iter().map(|it| of_user(it));
    let roles = account.roles().iter().map(|it| of_role(it));
    let mut found: Vec<EntityRef> = users
        .chain(roles)
        .flat_map(|caller| lacking(account, &caller, "", "*"))
        .collect();
    found.sort_by(|one, other| one.arn.cmp(&other.arn));
    found.dedup();
    found
}
