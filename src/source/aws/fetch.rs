//! What is read on demand: every unknown field of one entity is asked for, and comes back known,
//! denied or failed.
//!
//! One call's failure leaves the others alone.

use aws_sdk_iam::types;

use super::calls::Calls;
use super::errors::Failure;
use super::filling::{Filling, told};
use super::{convert, fetch_policy, fetch_user};
use crate::iam::{Batch, Field, Group, InlinePolicy, Role, RoleDetails};
use crate::source::{Entity, Sink};

/// Fills in an entity. Every answer is told to `sink` as it comes; what is returned holds them
/// all.
pub(super) async fn fetch(calls: &Calls, entity: Entity, sink: &Sink) -> Batch {
    match entity {
        Entity::User(user) => {
            let filling = Filling::new((*user).clone(), sink, |user| Batch {
                users: vec![user],
                ..Batch::default()
            });
            fetch_user::user(calls, &user.name, &filling).await;
            filling.finish()
        }
        Entity::Group(group) => {
            let filling = Filling::new((*group).clone(), sink, |group| Batch {
                groups: vec![group],
                ..Batch::default()
            });
            self::group(calls, &group.name, &filling).await;
            filling.finish()
        }
        Entity::Role(role) => {
            let filling = Filling::new((*role).clone(), sink, |role| Batch {
                roles: vec![role],
                ..Batch::default()
            });
            self::role(calls, &role.name, &filling).await;
            filling.finish()
        }
        Entity::Policy(policy) => {
            let filling = Filling::new((*policy).clone(), sink, |policy| Batch {
                policies: vec![policy],
                ..Batch::default()
            });
            fetch_policy::policy(calls, &policy, &filling).await;
            filling.finish()
        }
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

async fn group(calls: &Calls, name: &str, group: &Filling<'_, Group>) {
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
    tokio::join!(
        group.fill(|g| &mut g.attached, attached),
        group.fill(|g| &mut g.inline, inline),
    );
}

async fn role(calls: &Calls, name: &str, role: &Filling<'_, Role>) {
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
    tokio::join!(
        described(calls, name, role),
        role.fill(|r| &mut r.attached, attached),
        role.fill(|r| &mut r.inline, inline),
        role.fill(|r| &mut r.instance_profiles, profiles),
    );
}

/// What `GetRole` tells of a role.
async fn described(calls: &Calls, name: &str, role: &Filling<'_, Role>) {
    let unknown = role.look(|role| {
        !role.details.complete()
            || role.trust.is_unknown()
            || role.boundary.is_unknown()
            || role.tags.is_unknown()
            || role.last_used.is_unknown()
    });
    if !unknown {
        return;
    }
    let call = calls.iam.get_role().role_name(name).send();
    let answer = calls.ask("iam:GetRole", call).await.and_then(|answer| {
        let nothing = || Failure::other("iam:GetRole", "the answer holds no role");
        answer.role.ok_or_else(nothing)
    });
    role.learn(|role| *role = answered(calls, role.clone(), answer));
}

/// The role with the answer of `GetRole`. Known fields stay as they are.
fn answered(calls: &Calls, role: Role, answer: Result<types::Role, Failure>) -> Role {
    let mut role = match answer {
        Ok(mut told) => {
            let tags = convert::tags(told.tags.take());
            let boundary = told.permissions_boundary.take();
            let used = convert::last_used(told.role_last_used.take());
            let (boundary, told) = calls.interned(|i| (i.boundary(boundary), i.listed_role(told)));
            Role {
                boundary: role.boundary.or(Field::Known(boundary)),
                trust: role.trust.or(told.trust),
                details: role.details.or(&told.details),
                tags: role.tags.or(Field::Known(tags)),
                last_used: role.last_used.or(Field::Known(used)),
                ..role
            }
        }
        Err(failure) => Role {
            boundary: role.boundary.or(failure.field()),
            trust: role.trust.or(failure.field()),
            details: RoleDetails {
                description: role.details.description.or(failure.field()),
                ..role.details
            },
            tags: role.tags.or(failure.field()),
            last_used: role.last_used.or(failure.field()),
            ..role
        },
    };
    // A server that does not say, and a call that failed: either way it was asked for.
    let details = &mut role.details;
    if details.max_session_duration.is_unknown() {
        details.max_session_duration = match &details.description {
            Field::Denied(action) => Field::Denied(action.clone()),
            Field::Failed(why) => Field::Failed(why.clone()),
            _ => Field::Failed("not told".into()),
        };
    }
    role
}
