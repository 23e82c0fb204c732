//! What is read on demand of a user: sign-in and credentials; after the fallback also its groups
//! and policies.

use aws_sdk_iam::types;

use super::calls::Calls;
use super::convert::{optional_time, tags, time};
use super::errors::Failure;
use super::fetch::documents;
use super::filling::{Filling, told};
use crate::iam::{
    AccessKey, AccessKeyUse, Field, LoginProfile, MfaDevice, ServiceSpecificCredential,
    SshPublicKey, Status, User, UserDetails,
};

pub(super) async fn user(calls: &Calls, name: &str, user: &Filling<'_, User>) {
    tokio::join!(
        described(calls, name, user),
        user.fill(|u| &mut u.details.login_profile, login_profile(calls, name)),
        access_keys(calls, name, user),
        user.fill(|u| &mut u.details.mfa_devices, mfa_devices(calls, name)),
        user.fill(|u| &mut u.details.ssh_keys, ssh_keys(calls, name)),
        user.fill(
            |u| &mut u.details.service_credentials,
            service_credentials(calls, name)
        ),
        permissions(calls, name, user),
    );
}

/// What `GetUser` tells of a user.
async fn described(calls: &Calls, name: &str, user: &Filling<'_, User>) {
    let unknown = user.look(|user| {
        user.details.password_last_used.is_unknown()
            || user.tags.is_unknown()
            || user.boundary.is_unknown()
    });
    if !unknown {
        return;
    }
    let call = calls.iam.get_user().user_name(name).send();
    let answer = calls.ask("iam:GetUser", call).await.and_then(|answer| {
        let nothing = || Failure::other("iam:GetUser", "the answer holds no user");
        answer.user.ok_or_else(nothing)
    });
    user.learn(|user| *user = answered(calls, user.clone(), answer));
}

/// The user with the answer of `GetUser`.
fn answered(calls: &Calls, user: User, answer: Result<types::User, Failure>) -> User {
    match answer {
        Ok(told) => {
            let used = optional_time(told.password_last_used.as_ref());
            let boundary = calls.interned(|i| i.boundary(told.permissions_boundary));
            // Servers that stand in for IAM leave boundaries out of the backbone read.
            let boundary = match boundary {
                Some(boundary) => Field::Known(Some(boundary)),
                None => user.boundary.or(Field::Known(None)),
            };
            User {
                boundary,
                tags: user.tags.or(Field::Known(tags(told.tags))),
                details: UserDetails {
                    password_last_used: Field::Known(used),
                    ..user.details
                },
                ..user
            }
        }
        Err(failure) => User {
            boundary: user.boundary.or(failure.field()),
            tags: user.tags.or(failure.field()),
            details: UserDetails {
                password_last_used: user.details.password_last_used.or(failure.field()),
                ..user.details
            },
            ..user
        },
    }
}

async fn login_profile(calls: &Calls, name: &str) -> Result<Option<LoginProfile>, Failure> {
    let call = calls.iam.get_login_profile().user_name(name).send();
    match calls.ask("iam:GetLoginProfile", call).await {
        Ok(answer) => Ok(answer.login_profile.map(|profile| LoginProfile {
            created: time(&profile.create_date),
            reset_required: profile.password_reset_required,
        })),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The access keys first, and then, key by key, their last use.
async fn access_keys(calls: &Calls, name: &str, user: &Filling<'_, User>) {
    if user.look(|user| !user.details.access_keys.is_unknown()) {
        return;
    }
    let pages = calls.iam.list_access_keys().user_name(name);
    let pages = pages.into_paginator().items().send();
    let list: Result<Vec<_>, _> = calls.ask("iam:ListAccessKeys", pages.try_collect()).await;
    let mut keys: Vec<_> = match list {
        Ok(list) => list.into_iter().map(access_key).collect(),
        Err(failure) => return user.learn(|u| u.details.access_keys = failure.field()),
    };
    user.learn(|u| u.details.access_keys = Field::Known(keys.clone()));
    for at in 0..keys.len() {
        keys[at].last_used = told(key_use(calls, &keys[at].id).await);
        user.learn(|u| u.details.access_keys = Field::Known(keys.clone()));
    }
}

fn access_key(key: types::AccessKeyMetadata) -> AccessKey {
    AccessKey {
        status: status(key.status.as_ref()),
        created: optional_time(key.create_date.as_ref()),
        last_used: Field::Unknown,
        id: key.access_key_id.unwrap_or_default().into(),
    }
}

/// Whose a key is; the one call that tells is the one for its last use.
pub(super) async fn owner_of_key(calls: &Calls, id: &str) -> Result<Option<String>, Failure> {
    let call = calls
        .iam
        .get_access_key_last_used()
        .access_key_id(id)
        .send();
    match calls.ask("iam:GetAccessKeyLastUsed", call).await {
        Ok(answer) => Ok(answer.user_name.filter(|name| !name.is_empty())),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The last use of a key. IAM says `N/A` for service and region, and no date, where there is none.
async fn key_use(calls: &Calls, id: &str) -> Result<Option<AccessKeyUse>, Failure> {
    let call = calls
        .iam
        .get_access_key_last_used()
        .access_key_id(id)
        .send();
    let answer = calls.ask("iam:GetAccessKeyLastUsed", call).await?;
    Ok(answer.access_key_last_used.and_then(|used| {
        Some(AccessKeyUse {
            at: optional_time(used.last_used_date.as_ref())?,
            service: used.service_name.into(),
            region: used.region.into(),
        })
    }))
}

async fn mfa_devices(calls: &Calls, name: &str) -> Result<Vec<MfaDevice>, Failure> {
    let pages = calls.iam.list_mfa_devices().user_name(name);
    let pages = pages.into_paginator().items().send();
    let list: Vec<types::MfaDevice> = calls.ask("iam:ListMFADevices", pages.try_collect()).await?;
    let devices = list.into_iter().map(|device| MfaDevice {
        serial: device.serial_number.into(),
        enabled: time(&device.enable_date),
    });
    Ok(devices.collect())
}

async fn ssh_keys(calls: &Calls, name: &str) -> Result<Vec<SshPublicKey>, Failure> {
    let pages = calls.iam.list_ssh_public_keys().user_name(name);
    let pages = pages.into_paginator().items().send();
    let list: Vec<types::SshPublicKeyMetadata> = calls
        .ask("iam:ListSSHPublicKeys", pages.try_collect())
        .await?;
    let keys = list.into_iter().map(|key| SshPublicKey {
        id: key.ssh_public_key_id.into(),
        status: status(Some(&key.status)),
        uploaded: time(&key.upload_date),
    });
    Ok(keys.collect())
}

async fn service_credentials(
    calls: &Calls,
    name: &str,
) -> Result<Vec<ServiceSpecificCredential>, Failure> {
    let action = "iam:ListServiceSpecificCredentials";
    let mut marker = None;
    let mut found = Vec::new();
    loop {
        let call = calls.iam.list_service_specific_credentials();
        let call = call.user_name(name).set_marker(marker);
        let page = calls.ask(action, call.send()).await?;
        found.extend(page.service_specific_credentials.into_iter().flatten());
        marker = page.marker.filter(|_| page.is_truncated);
        if marker.is_none() {
            break;
        }
    }
    let credentials = found.into_iter().map(|one| ServiceSpecificCredential {
        id: one.service_specific_credential_id.into(),
        service: one.service_name.into(),
        service_user_name: one.service_user_name.into(),
        status: status(Some(&one.status)),
        created: time(&one.create_date),
    });
    Ok(credentials.collect())
}

/// A word that IAM may add one day counts as usable: better to show a credential too many.
fn status(word: Option<&types::StatusType>) -> Status {
    word.and_then(|word| Status::parse(word.as_str()))
        .unwrap_or(Status::Active)
}

/// The fields that only the fallback leaves unknown.
async fn permissions(calls: &Calls, name: &str, user: &Filling<'_, User>) {
    let iam = &calls.iam;
    let groups = async {
        let pages = iam.list_groups_for_user().user_name(name);
        let pages = pages.into_paginator().items().send();
        let list: Vec<types::Group> = calls
            .ask("iam:ListGroupsForUser", pages.try_collect())
            .await?;
        Ok(calls.interned(|i| list.iter().map(|g| i.name(&g.group_name)).collect()))
    };
    let attached = async {
        let pages = iam.list_attached_user_policies().user_name(name);
        let pages = pages.into_paginator().items().send();
        let action = "iam:ListAttachedUserPolicies";
        let list = calls.ask(action, pages.try_collect()).await?;
        Ok(calls.interned(|i| i.policy_arns(list)))
    };
    let inline = async {
        let pages = iam.list_user_policies().user_name(name);
        let pages = pages.into_paginator().items().send();
        let names = calls
            .ask("iam:ListUserPolicies", pages.try_collect())
            .await?;
        let read = async |policy: String| {
            let call = iam.get_user_policy().user_name(name).policy_name(policy);
            let answer = calls.ask("iam:GetUserPolicy", call.send()).await?;
            Ok(calls.interned(|i| i.document(&answer.policy_document)))
        };
        Ok(documents(names, read).await)
    };
    tokio::join!(
        user.fill(|u| &mut u.groups, groups),
        user.fill(|u| &mut u.attached, attached),
        user.fill(|u| &mut u.inline, inline),
    );
}
