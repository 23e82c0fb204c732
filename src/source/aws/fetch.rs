//! What is read on demand: every unknown field of one entity is asked for, and comes back known,
//! denied or failed.
//!
//! One call's failure leaves the others alone.

use super::calls::Calls;
use super::errors::Failure;
use super::{convert, fetch_policy, fetch_user};
use crate::iam::{Batch, Field, Group, InlinePolicy, Role};
use crate::source::Entity;

/// Fills in an entity. Nothing comes back where nothing was unknown.
pub(super) async fn fetch(calls: &Calls, entity: Entity) -> Batch {
    let mut batch = Batch::default();
    match entity {
        Entity::User(user) => batch.users.push(fetch_user::user(calls, &user).await),
        Entity::Group(group) => batch.groups.push(self::group(calls, &group).await),
        Entity::Role(role) => batch.roles.push(self::role(calls, &role).await),
        Entity::Policy(policy) => {
            batch
                .policies
                .push(fetch_policy::policy(calls, &policy).await);
        }
    }
    batch
}

/// The field as it is where it was read already, and else what the call says.
pub(super) async fn fill<T: Clone>(
    field: &Field<T>,
    call: impl Future<Output = Result<T, Failure>>,
) -> Field<T> {
    if field.is_unknown() {
        told(call.await)
    } else {
        field.clone()
    }
}

/// What a call's answer makes of a field.
pub(super) fn told<T>(answer: Result<T, Failure>) -> Field<T> {
    match answer {
        Ok(value) => Field::Known(value),
        Err(failure) => failure.field(),
    }
}

/// The documents of inline policies, of which only the names are known. A document that cannot be
/// read says so in its place.
pub(super) async fn documents<F>(
    names: Vec<String>,
    read: impl Fn(String) -> F,
) -> Vec<InlinePolicy>
where
    F: Future<Output = Result<std::sync::Arc<crate::policy::PolicyText>, Failure>>,
{
    let mut policies = Vec::with_capacity(names.len());
    for name in names {
        policies.push(InlinePolicy {
            name: name.as_str().into(),
            document: told(read(name).await),
        });
    }
    policies
}

async fn group(calls: &Calls, group: &Group) -> Group {
    let name = &*group.name;
    let iam = &calls.iam;
    let attached = async {
        let pages = iam.list_attached_group_policies().group_name(name);
        let pages = pages.into_paginator().items().send();
        let action = "iam:ListAttachedGroupPolicies";
        let list = calls.ask(action, pages.try_collect()).await?;
        Ok(calls.interned(|i| i.policy_arns(list)))
    };
    let inline = async {
        let pages = iam.list_group_policies().group_name(name);
        let pages = pages.into_paginator().items().send();
        let names = calls
            .ask("iam:ListGroupPolicies", pages.try_collect())
            .await?;
        let read = async |policy: String| {
            let call = iam.get_group_policy().group_name(name).policy_name(policy);
            let answer = calls.ask("iam:GetGroupPolicy", call.send()).await?;
            Ok(calls.interned(|i| i.document(&answer.policy_document)))
        };
        Ok(documents(names, read).await)
    };
    let (attached, inline) =
        tokio::join!(fill(&group.attached, attached), fill(&group.inline, inline));
    Group {
        attached,
        inline,
        ..group.clone()
    }
}

async fn role(calls: &Calls, role: &Role) -> Role {
    let name = role.name.as_str();
    let iam = &calls.iam;
    let attached = async {
        let pages = iam.list_attached_role_policies().role_name(name);
        let pages = pages.into_paginator().items().send();
        let action = "iam:ListAttachedRolePolicies";
        let list = calls.ask(action, pages.try_collect()).await?;
        Ok(calls.interned(|i| i.policy_arns(list)))
    };
    let inline = async {
        let pages = iam.list_role_policies().role_name(name);
        let pages = pages.into_paginator().items().send();
        let names = calls
            .ask("iam:ListRolePolicies", pages.try_collect())
            .await?;
        let read = async |policy: String| {
            let call = iam.get_role_policy().role_name(name).policy_name(policy);
            let answer = calls.ask("iam:GetRolePolicy", call.send()).await?;
            Ok(calls.interned(|i| i.document(&answer.policy_document)))
        };
        Ok(documents(names, read).await)
    };
    let profiles = async {
        let pages = iam.list_instance_profiles_for_role().role_name(name);
        let pages = pages.into_paginator().items().send();
        let action = "iam:ListInstanceProfilesForRole";
        let list = calls.ask(action, pages.try_collect()).await?;
        Ok(convert::instance_profiles(list))
    };
    let (base, attached, inline, instance_profiles) = tokio::join!(
        described(calls, role),
        fill(&role.attached, attached),
        fill(&role.inline, inline),
        fill(&role.instance_profiles, profiles),
    );
    Role {
        attached,
        inline,
        instance_profiles,
        ..base
    }
}

/// The role with what `GetRole` tells of it.
async fn described(calls: &Calls, role: &Role) -> Role {
    let mut filled = role.clone();
    let unknown = !role.details.complete()
        || role.trust.is_unknown()
        || role.boundary.is_unknown()
        || role.tags.is_unknown()
        || role.last_used.is_unknown();
    if !unknown {
        return filled;
    }
    let call = calls.iam.get_role().role_name(role.name.as_str()).send();
    let answer = calls.ask("iam:GetRole", call).await.and_then(|answer| {
        let nothing = || Failure::other("iam:GetRole", "the answer holds no role");
        answer.role.ok_or_else(nothing)
    });
    match answer {
        Ok(mut told) => {
            let tags = convert::tags(told.tags.take());
            let boundary = told.permissions_boundary.take();
            let used = convert::last_used(told.role_last_used.take());
            let (boundary, told) = calls.interned(|i| (i.boundary(boundary), i.listed_role(told)));
            filled.boundary = filled.boundary.or(Field::Known(boundary));
            filled.trust = filled.trust.or(told.trust);
            filled.details = filled.details.or(&told.details);
            filled.tags = filled.tags.or(Field::Known(tags));
            filled.last_used = filled.last_used.or(Field::Known(used));
        }
        Err(failure) => {
            filled.boundary = filled.boundary.or(failure.field());
            filled.trust = filled.trust.or(failure.field());
            filled.tags = filled.tags.or(failure.field());
            filled.last_used = filled.last_used.or(failure.field());
            filled.details.description = filled.details.description.or(failure.field());
        }
    }
    // A server that does not say, and a call that failed: either way it was asked for.
    let session = &mut filled.details.max_session_duration;
    if session.is_unknown() {
        *session = match &filled.details.description {
            Field::Denied(action) => Field::Denied(action.clone()),
            Field::Failed(why) => Field::Failed(why.clone()),
            _ => Field::Failed("not told".into()),
        };
    }
    filled
}
