//! Puts into the key `Iamscope` what the CLI's shape has no place for.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::extra::{
    CallerItem, Extra, KeyItem, KeyUseItem, LoginItem, MfaItem, Missing, PolicyExtra, RoleExtra,
    ServiceItem, SshItem, TextItem, UserExtra,
};
use super::resources::ResourcePolicies;
use super::shape::{Date, Text};
use super::write::{date, some, tags};
use super::{FORMAT, canonical};
use crate::iam::{
    AccessKey, Account, Field, Group, InlinePolicy, ManagedPolicy, Role, TakenBasis, User,
};
use crate::policy::PolicyText;
use crate::source::document::WrittenPolicy;
use crate::source::organization::WrittenOrganization;

impl<'a> Missing<'a> {
    /// Notes why a member is not there. Where its absence would mean that there is none, that it
    /// is unknown has to be said too.
    fn note<T>(
        &mut self,
        name: impl Into<Cow<'a, str>>,
        field: &'a Field<T>,
        absent_is_none: bool,
    ) {
        match field {
            Field::Known(_) => {}
            Field::Unknown if absent_is_none => self.unknown.push(Text(name.into())),
            Field::Unknown => {}
            Field::Denied(action) => {
                self.denied.insert(Text(name.into()), (&**action).into());
            }
            Field::Failed(why) => {
                self.failed.insert(Text(name.into()), (&**why).into());
            }
        }
    }

    fn note_inline(&mut self, list: &'a str, field: &'a Field<Vec<InlinePolicy>>, implied: bool) {
        self.note(list, field, implied);
        for policy in field.known().into_iter().flatten() {
            self.note(format!("{list}.{}", policy.name), &policy.document, false);
        }
    }
}

pub(super) fn extra(account: &Account) -> Extra<'_> {
    let mut missing = Missing::default();
    missing.note("AccountAliases", &account.aliases, false);
    missing.note("Caller", &account.caller, false);
    missing.note("Summary", &account.summary, false);
    let from = account.taken.and_then(|taken| match taken.basis {
        TakenBasis::Live | TakenBasis::Stated => None,
        TakenBasis::FileModified => some("FileModified"),
        TakenBasis::Read => some("Read"),
    });
    let aliases = account.aliases.known();
    let summary = account.summary.known();
    let organization = account.organization.as_ref();
    let resources = account.resource_policies.iter();
    Extra {
        format: FORMAT,
        taken_at: account.taken.map(|taken| Date(Some(taken.at))),
        taken_from: from,
        account_id: account.id.as_deref().map(Text::from),
        partition: some(account.partition.as_str()),
        account_aliases: aliases.map(|list| list.iter().map(|a| (&**a).into()).collect()),
        caller: account.caller.known().map(|caller| CallerItem {
            arn: (&*caller.arn).into(),
            user_id: (&*caller.user_id).into(),
            account: (&*caller.account).into(),
        }),
        summary: summary.map(|map| map.iter().map(|(name, n)| ((&**name).into(), *n)).collect()),
        gaps: account.gaps.iter().map(|gap| (&**gap).into()).collect(),
        denied: missing.denied,
        failed: missing.failed,
        users: keyed(
            account.users(),
            |u| (&*u.name, user_extra(u)),
            |e| *e == UserExtra::default(),
        ),
        groups: keyed(
            account.groups(),
            |g| (&*g.name, group_extra(g)),
            Missing::is_empty,
        ),
        roles: keyed(
            account.roles(),
            |r| (&*r.name, role_extra(r)),
            |e| *e == RoleExtra::default(),
        ),
        policies: keyed(
            account.policies(),
            |p| (&*p.arn, policy_extra(p)),
            |e| *e == PolicyExtra::default(),
        ),
        organization: organization.map(|it| WrittenOrganization::new(it, policy)),
        resource_policies: ResourcePolicies(
            resources
                .map(|(arn, text)| ((&**arn).into(), policy(text.as_str())))
                .collect(),
        ),
        texts: texts(account),
    }
}

/// The form of a policy that other tools do not read: the object where that gives the very text
/// back, or else the text itself. So it needs no place in `Texts`.
fn policy(text: &str) -> WrittenPolicy<'_> {
    match serde_json::from_str(text) {
        Ok(object) if canonical::of_object(text).as_deref() == Some(text) => {
            WrittenPolicy::Object(object)
        }
        _ => WrittenPolicy::Text(Cow::Borrowed(text)),
    }
}

/// What is to be said of each, without those of which there is nothing to say.
fn keyed<'a, T, E>(
    list: &'a [T],
    entry: impl Fn(&'a T) -> (&'a str, E),
    empty: impl Fn(&E) -> bool,
) -> BTreeMap<Text<'a>, E> {
    let entries = list.iter().map(entry).filter(|(_, extra)| !empty(extra));
    entries.map(|(name, extra)| (name.into(), extra)).collect()
}

fn user_extra(user: &User) -> UserExtra<'_> {
    let details = &user.details;
    let mut missing = Missing::default();
    missing.note("GroupList", &user.groups, false);
    missing.note("AttachedManagedPolicies", &user.attached, false);
    missing.note_inline("UserPolicyList", &user.inline, true);
    missing.note("PermissionsBoundary", &user.boundary, true);
    missing.note("Tags", &user.tags, false);
    missing.note("PasswordLastUsed", &details.password_last_used, false);
    missing.note("LoginProfile", &details.login_profile, false);
    missing.note("AccessKeys", &details.access_keys, false);
    missing.note("MFADevices", &details.mfa_devices, false);
    missing.note("SSHPublicKeys", &details.ssh_keys, false);
    missing.note(
        "ServiceSpecificCredentials",
        &details.service_credentials,
        false,
    );
    for key in details.access_keys.known().into_iter().flatten() {
        missing.note(format!("AccessKeys.{}", key.id), &key.last_used, false);
    }
    let login = details.login_profile.known();
    let keys = details.access_keys.known();
    let devices = details.mfa_devices.known().map(|list| {
        let items = list.iter().map(|device| MfaItem {
            serial_number: (&*device.serial).into(),
            enable_date: date(device.enabled),
        });
        items.collect()
    });
    let ssh = details.ssh_keys.known().map(|list| {
        let items = list.iter().map(|key| SshItem {
            ssh_public_key_id: (&*key.id).into(),
            status: key.status,
            upload_date: date(key.uploaded),
        });
        items.collect()
    });
    let credentials = details.service_credentials.known().map(|list| {
        let items = list.iter().map(|credential| ServiceItem {
            service_specific_credential_id: (&*credential.id).into(),
            service_name: some(&credential.service),
            service_user_name: some(&credential.service_user_name),
            status: credential.status,
            create_date: date(credential.created),
        });
        items.collect()
    });
    UserExtra {
        password_last_used: details.password_last_used.known().map(|at| date(*at)),
        login_profile: login.map(|login| {
            login.as_ref().map(|login| LoginItem {
                create_date: date(login.created),
                password_reset_required: login.reset_required,
            })
        }),
        access_keys: keys.map(|list| list.iter().map(key).collect()),
        mfa_devices: devices,
        ssh_public_keys: ssh,
        service_specific_credentials: credentials,
        missing,
    }
}

fn key(key: &AccessKey) -> KeyItem<'_> {
    KeyItem {
        access_key_id: (&*key.id).into(),
        status: key.status,
        create_date: date(key.created),
        last_used: key.last_used.known().map(|used| {
            used.as_ref().map(|used| KeyUseItem {
                date: Date(Some(used.at)),
                service_name: some(&used.service),
                region: some(&used.region),
            })
        }),
    }
}

fn group_extra(group: &Group) -> Missing<'_> {
    let mut missing = Missing::default();
    missing.note("AttachedManagedPolicies", &group.attached, false);
    missing.note_inline("GroupPolicyList", &group.inline, false);
    missing
}

fn role_extra(role: &Role) -> RoleExtra<'_> {
    let details = &role.details;
    let mut missing = Missing::default();
    missing.note("AssumeRolePolicyDocument", &role.trust, false);
    missing.note("AttachedManagedPolicies", &role.attached, false);
    missing.note_inline("RolePolicyList", &role.inline, false);
    missing.note("PermissionsBoundary", &role.boundary, true);
    missing.note("Tags", &role.tags, false);
    missing.note("RoleLastUsed", &role.last_used, false);
    missing.note("InstanceProfileList", &role.instance_profiles, false);
    missing.note("Description", &details.description, false);
    missing.note("MaxSessionDuration", &details.max_session_duration, false);
    RoleExtra {
        description: details.description.known().map(|d| (&**d).into()),
        max_session_duration: details.max_session_duration.known().copied(),
        missing,
    }
}

fn policy_extra(policy: &ManagedPolicy) -> PolicyExtra<'_> {
    let mut missing = Missing::default();
    missing.note("Description", &policy.description, false);
    missing.note("PolicyVersionList", &policy.versions, false);
    for version in policy.versions.known().into_iter().flatten() {
        let name = format!("PolicyVersionList.{}", version.id);
        missing.note(name, &version.document, false);
    }
    missing.note("Tags", &policy.tags, false);
    PolicyExtra {
        tags: tags(&policy.tags),
        missing,
    }
}

/// The texts that their objects do not give back, each with the places where it stands.
fn texts(account: &Account) -> Vec<TextItem<'_>> {
    let mut gather = Gather::default();
    for user in account.users() {
        gather.inline(&user.arn, &user.inline);
    }
    for group in account.groups() {
        gather.inline(&group.arn, &group.inline);
    }
    for role in account.roles() {
        gather.add(&role.trust, || vec![(&*role.arn).into()]);
        gather.inline(&role.arn, &role.inline);
    }
    for policy in account.policies() {
        for version in policy.versions.known().into_iter().flatten() {
            gather.add(&version.document, || {
                vec![(&*policy.arn).into(), (&*version.id).into()]
            });
        }
    }
    gather.items
}

#[derive(Default)]
struct Gather<'a> {
    /// By text: where its item is, or `None` for a text that its object gives back.
    seen: HashMap<&'a str, Option<usize>, foldhash::fast::RandomState>,
    items: Vec<TextItem<'a>>,
}

impl<'a> Gather<'a> {
    fn inline(&mut self, arn: &'a str, field: &'a Field<Vec<InlinePolicy>>) {
        for policy in field.known().into_iter().flatten() {
            self.add(&policy.document, || {
                vec![arn.into(), (&*policy.name).into()]
            });
        }
    }

    fn add(&mut self, document: &'a Field<Arc<PolicyText>>, place: impl FnOnce() -> Vec<Text<'a>>) {
        let Some(text) = document.known().map(|text| text.as_str()) else {
            return;
        };
        let items = &mut self.items;
        let at = *self.seen.entry(text).or_insert_with(|| {
            let object = canonical::of_object(text)?;
            if object == text {
                return None;
            }
            let text = serde_json::value::to_raw_value(text).ok()?;
            items.push(TextItem {
                of: Vec::new(),
                text: Cow::Owned(text),
            });
            Some(items.len() - 1)
        });
        if let Some(item) = at.and_then(|at| self.items.get_mut(at)) {
            item.of.push(place());
        }
    }
}
