//! Where the backbone read is denied: lists of what there is, whose details are fetched when they
//! are shown; and where even a list is denied, the caller's own user or role.

use std::sync::Arc;

use aws_sdk_iam::types::PolicyScopeType;
use tokio::task::JoinSet;

use super::errors::Failure;
use super::load::Reading;
use crate::iam::{Batch, Caller, Kind};
use crate::source::{Event, Problem};

/// What people read when the lists stand in.
pub(super) fn instead(failure: &Failure) -> Problem {
    Problem::new(
        "the account cannot be read in one go",
        format!("denied ({})", failure.action),
    )
    .next("Lists are read instead, and details when they are shown.")
    .next(format!(
        "Ask for the permission {} to search in policies.",
        failure.action
    ))
}

/// Reads the lists. A cut load begins anew: nothing of this is worth a marker.
pub(super) async fn read(reading: &Arc<Reading>, caller: Option<Caller>) -> Result<(), Failure> {
    let mut lists = JoinSet::new();
    lists.spawn(users(reading.clone()));
    lists.spawn(groups(reading.clone()));
    lists.spawn(roles(reading.clone()));
    lists.spawn(policies(reading.clone(), PolicyScopeType::Local));
    lists.spawn(policies(reading.clone(), PolicyScopeType::Aws));
    let own = caller.as_ref().and_then(Caller::principal);
    let mut denied = Vec::new();
    let mut cut = None;
    while let Some(ended) = lists.join_next().await {
        match ended.unwrap_or_else(|died| Err(Failure::other("iam:List*", died.to_string()))) {
            Ok(()) => {}
            Err(failure) if failure.is_denied() => denied.push(failure.action),
            Err(failure) => {
                cut.get_or_insert(failure);
            }
        }
    }
    denied.sort_unstable();
    denied.dedup();
    for action in &denied {
        reading.say(Event::Gap(gap(action)));
    }
    let unlisted = |kind| denied.contains(&list_of(kind));
    if let Some((kind, name)) = own.filter(|(kind, _)| unlisted(*kind))
        && let Err(failure) = myself(reading, kind, name).await
    {
        if failure.is_denied() {
            reading.say(Event::Gap(gap(failure.action)));
        } else {
            cut.get_or_insert(failure);
        }
    }
    match cut {
        None => Ok(()),
        Some(failure) => {
            reading.state(std::mem::take);
            Err(failure)
        }
    }
}

fn list_of(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "iam:ListUsers",
        Kind::Group => "iam:ListGroups",
        Kind::Role => "iam:ListRoles",
        Kind::Policy => "iam:ListPolicies",
    }
}

fn gap(action: &str) -> Problem {
    let what = match action {
        "iam:ListUsers" => "cannot list the users",
        "iam:ListGroups" => "cannot list the groups",
        "iam:ListRoles" => "cannot list the roles",
        "iam:ListPolicies" => "cannot list the managed policies",
        _ => "cannot read your own user or role",
    };
    Problem::new(what, format!("denied ({action})"))
        .next(format!("Ask for the permission {action}."))
}

async fn users(reading: Arc<Reading>) -> Result<(), Failure> {
    let calls = &reading.calls;
    let mut pages = calls.iam.list_users().into_paginator().send();
    while let Some(page) = calls.ask_next("iam:ListUsers", pages.next()).await? {
        let users = page.users.into_iter();
        let users = calls.interned(|i| users.map(|u| i.listed_user(u)).collect());
        reading.bring(Batch {
            users,
            ..Batch::default()
        });
    }
    Ok(())
}

async fn groups(reading: Arc<Reading>) -> Result<(), Failure> {
    let calls = &reading.calls;
    let mut pages = calls.iam.list_groups().into_paginator().send();
    while let Some(page) = calls.ask_next("iam:ListGroups", pages.next()).await? {
        let groups = page.groups.into_iter();
        let groups = calls.interned(|i| groups.map(|g| i.listed_group(g)).collect());
        reading.bring(Batch {
            groups,
            ..Batch::default()
        });
    }
    Ok(())
}

async fn roles(reading: Arc<Reading>) -> Result<(), Failure> {
    let calls = &reading.calls;
    let mut pages = calls.iam.list_roles().into_paginator().send();
    while let Some(page) = calls.ask_next("iam:ListRoles", pages.next()).await? {
        let roles = page.roles.into_iter();
        let roles = calls.interned(|i| roles.map(|r| i.listed_role(r)).collect());
        reading.bring(Batch {
            roles,
            ..Batch::default()
        });
    }
    Ok(())
}

/// The customer's policies, or those of AWS's that something attaches.
async fn policies(reading: Arc<Reading>, scope: PolicyScopeType) -> Result<(), Failure> {
    let calls = &reading.calls;
    let attached = scope == PolicyScopeType::Aws;
    let list = calls
        .iam
        .list_policies()
        .scope(scope)
        .only_attached(attached);
    let mut pages = list.into_paginator().send();
    while let Some(page) = calls.ask_next("iam:ListPolicies", pages.next()).await? {
        let policies = page.policies.unwrap_or_default().into_iter();
        let policies = calls.interned(|i| policies.map(|p| i.listed_policy(p)).collect());
        reading.bring(Batch {
            policies,
            ..Batch::default()
        });
    }
    Ok(())
}

/// The user or role that asks.
async fn myself(reading: &Reading, kind: Kind, name: &str) -> Result<(), Failure> {
    let calls = &reading.calls;
    let mut batch = Batch::default();
    if kind == Kind::User {
        let call = calls.iam.get_user().user_name(name).send();
        let answer = calls.ask("iam:GetUser", call).await?;
        let users = answer.user.into_iter();
        batch.users = calls.interned(|i| users.map(|u| i.listed_user(u)).collect());
    } else {
        let call = calls.iam.get_role().role_name(name).send();
        let answer = calls.ask("iam:GetRole", call).await?;
        let roles = answer.role.into_iter();
        batch.roles = calls.interned(|i| roles.map(|r| i.listed_role(r)).collect());
    }
    reading.bring(batch);
    Ok(())
}
