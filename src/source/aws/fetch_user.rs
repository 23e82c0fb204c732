//! What is read on demand of a user: sign-in and credentials; after the fallback also its groups
//! and policies.

use aws_sdk_iam::types;

use super::calls::Calls;
use super::convert::{optional_time, tags, time};
use super::errors::Failure;
use super::fetch::{documents, fill, told};
use crate::iam::{
    AccessKey, AccessKeyUse, Field, LoginProfile, MfaDevice, ServiceSpecificCredential,
    SshPublicKey, Status, User, UserDetails,
};

pub(super) async fn user(calls: &Calls, user: &User) -> User {
    let (base, details, memberships) = tokio::join!(
        described(calls, user),
        credentials(calls, user),
        permissions(calls, user)
    );
    User {
        groups: memberships.groups,
        attached: memberships.attached,
        inline: memberships.inline,
        details: UserDetails {
            password_last_used: base.details.password_last_used,
            ..details
        },
        ..base
    }
}

/// The user with what `GetUser` tells of it.
async fn described(calls: &Calls, user: &User) -> User {
    let mut filled = user.clone();
    let password = &mut filled.details.password_last_used;
    if !(password.is_unknown() || user.tags.is_unknown() || user.boundary.is_unknown()) {
        return filled;
    }
    let call = calls.iam.get_user().user_name(user.name.as_str()).send();
    let answer = calls.ask("iam:GetUser", call).await.and_then(|answer| {
        let nothing = || Failure::other("iam:GetUser", "the answer holds no user");
        answer.user.ok_or_else(nothing)
    });
    match answer {
        Ok(found) => {
            let used = optional_time(found.password_last_used.as_ref());
            *password = Field::Known(used);
            let boundary = calls.interned(|i| i.boundary(found.permissions_boundary));
            // Servers that stand in for IAM leave boundaries out of the backbone read.
            if boundary.is_some() || filled.boundary.is_unknown() {
                filled.boundary = Field::Known(boundary);
            }
            filled.tags = filled.tags.or(Field::Known(tags(found.tags)));
        }
        Err(failure) => {
            *password = std::mem::take(password).or(failure.field());
            filled.boundary = filled.boundary.or(failure.field());
            filled.tags = filled.tags.or(failure.field());
        }
    }
    filled
}

async fn credentials(calls: &Calls, user: &User) -> UserDetails {
    let name = user.name.as_str();
    let known = &user.details;
    let (login_profile, access_keys, mfa_devices, ssh_keys, service_credentials) = tokio::join!(
        fill(&known.login_profile, login_profile(calls, name)),
        fill(&known.access_keys, access_keys(calls, name)),
        fill(&known.mfa_devices, mfa_devices(calls, name)),
        fill(&known.ssh_keys, ssh_keys(calls, name)),
        fill(&known.service_credentials, service_credentials(calls, name)),
    );
    UserDetails {
        password_last_used: Field::Unknown,
        login_profile,
        access_keys,
        mfa_devices,
        ssh_keys,
        service_credentials,
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

async fn access_keys(calls: &Calls, name: &str) -> Result<Vec<AccessKey>, Failure> {
    let pages = calls.iam.list_access_keys().user_name(name);
    let pages = pages.into_paginator().items().send();
    let list: Vec<_> = calls.ask("iam:ListAccessKeys", pages.try_collect()).await?;
    let mut keys = Vec::with_capacity(list.len());
    for key in list {
        let id = key.access_key_id.unwrap_or_default();
        keys.push(AccessKey {
            status: status(key.status.as_ref()),
            created: optional_time(key.create_date.as_ref()),
            last_used: told(key_use(calls, &id).await),
            id: id.into(),
        });
    }
    Ok(keys)
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
struct Permissions {
    groups: Field<Vec<std::sync::Arc<str>>>,
    attached: Field<Vec<std::sync::Arc<str>>>,
    inline: Field<Vec<crate::iam::InlinePolicy>>,
}

async fn permissions(calls: &Calls, user: &User) -> Permissions {
    let name = user.name.as_str();
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
    let (groups, attached, inline) = tokio::join!(
        fill(&user.groups, groups),
        fill(&user.attached, attached),
        fill(&user.inline, inline)
    );
    Permissions {
        groups,
        attached,
        inline,
    }
}
