//! From an account to a snapshot.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::PrettyFormatter;
use serde_json::value::RawValue;

use super::shape::{
    AttachedItem, BoundaryItem, Date, Document, GroupItem, InlineItem, PolicyItem, ProfileItem,
    RoleItem, RoleUseItem, TagItem, Text, UserItem, VersionItem,
};
use super::{canonical, note};
use crate::iam::{
    Account, Arn, EntityRef, Field, Group, InlinePolicy, Kind, ManagedPolicy, Role, Tag, User,
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
        map.serialize_entry("Iamscope", &note::extra(account))?;
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

pub(super) fn date(at: Option<Timestamp>) -> Option<Date> {
    at.map(|at| Date(Some(at)))
}

pub(super) fn some(text: &str) -> Option<Text<'_>> {
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

pub(super) fn tags(field: &Field<Vec<Tag>>) -> Option<Vec<TagItem<'_>>> {
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
