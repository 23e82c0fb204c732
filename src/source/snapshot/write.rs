//! From an account to a snapshot.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::PrettyFormatter;
use serde_json::value::RawValue;

use super::shape::{
    AttachedItem, BoundaryItem, CallerItem, Date, Document, Extra, GroupItem, InlineItem, KeyItem,
    KeyUseItem, LoginItem, MfaItem, Missing, PolicyExtra, PolicyItem, ProfileItem, RoleExtra,
    RoleItem, RoleUseItem, ServiceItem, SshItem, TagItem, Text, TextItem, UserExtra, UserItem,
    VersionItem,
};
use super::{FORMAT, canonical};
use crate::iam::{
    AccessKey, Account, Arn, EntityRef, Field, Group, InlinePolicy, Kind, ManagedPolicy, Role, Tag,
    TakenBasis, User,
};
use crate::policy::PolicyText;

/// What percent-encoding leaves alone, as IAM does.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Writes an account as a snapshot: indented, a document a line.
///
/// # Errors
/// What `out` says.
pub fn write(account: &Account, out: impl Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let format = PrettyFormatter::with_indent(b" ");
    let mut json = serde_json::Serializer::with_formatter(&mut out, format);
    Snapshot(account).serialize(&mut json)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// One entity as it stands in the lists of the AWS CLI's output, indented; `None` where the
/// account does not hold it.
pub fn entity_json(account: &Account, entity: &EntityRef) -> Option<String> {
    match entity.kind {
        Kind::User => serde_json::to_string_pretty(&user(account.user(&entity.arn)?)),
        Kind::Group => serde_json::to_string_pretty(&group(account.group(&entity.arn)?)),
        Kind::Role => serde_json::to_string_pretty(&role(account.role(&entity.arn)?)),
        Kind::Policy => serde_json::to_string_pretty(&policy(account.policy(&entity.arn)?)),
    }
    .ok()
}

struct Snapshot<'a>(&'a Account);

impl Serialize for Snapshot<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let account = self.0;
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("UserDetailList", &Each(account.users(), user))?;
        map.serialize_entry("GroupDetailList", &Each(account.groups(), group))?;
        map.serialize_entry("RoleDetailList", &Each(account.roles(), role))?;
        map.serialize_entry("Policies", &Each(account.policies(), policy))?;
        map.serialize_entry("Iamscope", &extra(account))?;
        map.end()
    }
}

/// A list whose items are made one at a time.
struct Each<'a, T, I>(&'a [Arc<T>], fn(&'a T) -> I);

impl<T, I: Serialize> Serialize for Each<'_, T, I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|item| (self.1)(item)))
    }
}

fn date(at: Option<Timestamp>) -> Option<Date> {
    at.map(|at| Date(Some(at)))
}

fn some(text: &str) -> Option<Text<'_>> {
    Some(text.into())
}

/// The form of a document in the file: the object, or the percent-encoded text if it is none.
fn document(field: &Field<Arc<PolicyText>>) -> Option<Document<'_>> {
    let text = field.known()?.as_str();
    let raw = canonical::of_object(text).map(RawValue::from_string);
    let raw = raw.and_then(Result::ok).or_else(|| {
        let encoded = utf8_percent_encode(text, ENCODED);
        serde_json::value::to_raw_value(&encoded.to_string()).ok()
    });
    raw.map(Cow::Owned)
}

fn inline(field: &Field<Vec<InlinePolicy>>) -> Option<Vec<InlineItem<'_>>> {
    let items = field.known()?.iter().map(|policy| InlineItem {
        policy_name: some(&policy.name),
        policy_document: document(&policy.document),
    });
    Some(items.collect())
}

fn attached(field: &Field<Vec<Arc<str>>>) -> Option<Vec<AttachedItem<'_>>> {
    let items = field.known()?.iter().map(|arn| AttachedItem {
        policy_name: Arn::parse(arn).ok().map(|arn| arn.name().into()),
        policy_arn: some(arn),
    });
    Some(items.collect())
}

fn boundary(field: &Field<Option<Arc<str>>>) -> Option<BoundaryItem<'_>> {
    let arn = field.known()?.as_ref()?;
    Some(BoundaryItem {
        permissions_boundary_type: some("Policy"),
        permissions_boundary_arn: some(arn),
    })
}

fn tags(field: &Field<Vec<Tag>>) -> Option<Vec<TagItem<'_>>> {
    let items = field.known()?.iter().map(|tag| TagItem {
        key: (&*tag.key).into(),
        value: (&*tag.value).into(),
    });
    Some(items.collect())
}

fn user(user: &User) -> UserItem<'_> {
    UserItem {
        path: some(&user.path),
        user_name: some(&user.name),
        user_id: some(&user.id),
        arn: some(&user.arn),
        create_date: date(user.created),
        user_policy_list: inline(&user.inline),
        group_list: names(&user.groups),
        attached_managed_policies: attached(&user.attached),
        permissions_boundary: boundary(&user.boundary),
        tags: tags(&user.tags),
    }
}

fn names(field: &Field<Vec<Arc<str>>>) -> Option<Vec<Text<'_>>> {
    Some(field.known()?.iter().map(|name| (&**name).into()).collect())
}

fn group(group: &Group) -> GroupItem<'_> {
    GroupItem {
        path: some(&group.path),
        group_name: some(&group.name),
        group_id: some(&group.id),
        arn: some(&group.arn),
        create_date: date(group.created),
        group_policy_list: inline(&group.inline),
        attached_managed_policies: attached(&group.attached),
    }
}

fn role(role: &Role) -> RoleItem<'_> {
    let profiles = role.instance_profiles.known().map(|list| {
        let items = list.iter().map(|profile| ProfileItem {
            instance_profile_name: some(&profile.name),
            instance_profile_id: some(&profile.id),
            arn: some(&profile.arn),
            create_date: date(profile.created),
        });
        items.collect()
    });
    let used = role.last_used.known().map(|used| match used {
        None => RoleUseItem::default(),
        Some(used) => RoleUseItem {
            last_used_date: date(Some(used.at)),
            region: used.region.as_deref().map(Text::from),
        },
    });
    RoleItem {
        path: some(&role.path),
        role_name: some(&role.name),
        role_id: some(&role.id),
        arn: some(&role.arn),
        create_date: date(role.created),
        assume_role_policy_document: document(&role.trust),
        instance_profile_list: profiles,
        role_policy_list: inline(&role.inline),
        attached_managed_policies: attached(&role.attached),
        permissions_boundary: boundary(&role.boundary),
        tags: tags(&role.tags),
        role_last_used: used,
    }
}

fn policy(policy: &ManagedPolicy) -> PolicyItem<'_> {
    let versions = policy.versions.known().map(|versions| {
        let items = versions.iter().map(|version| VersionItem {
            document: document(&version.document),
            version_id: some(&version.id),
            is_default_version: Some(version.id == policy.default_version),
            create_date: date(version.created),
        });
        items.collect()
    });
    PolicyItem {
        policy_name: some(&policy.name),
        policy_id: some(&policy.id),
        arn: some(&policy.arn),
        path: some(&policy.path),
        default_version_id: some(&policy.default_version),
        attachment_count: policy.attachment_count,
        permissions_boundary_usage_count: policy.boundary_count,
        is_attachable: policy.attachable,
        description: policy.description.known().map(|d| (&**d).into()),
        create_date: date(policy.created),
        update_date: date(policy.updated),
        policy_version_list: versions,
    }
}

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

fn extra(account: &Account) -> Extra<'_> {
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
        texts: texts(account),
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
