//! Takes the items of the CLI's lists over into entities.

use std::borrow::Cow;
use std::sync::Arc;

use compact_str::CompactString;
use serde_json::value::RawValue;

use super::canonical;
use super::read::Reader;
use super::shape::{
    AttachedItem, BoundaryItem, Document, GroupItem, InlineItem, PolicyItem, RoleItem, TagItem,
    Text, UserItem, VersionItem,
};
use crate::iam::{
    Arn, Field, Group, InlinePolicy, InstanceProfile, ManagedPolicy, PolicyVersion, Role,
    RoleDetails, RoleLastUsed, Tag, User, UserDetails,
};
use crate::policy::PolicyText;
use crate::source::document::{WrittenPolicy, decoded};

impl<'a> Reader<'a, '_> {
    fn document(&mut self, document: Option<Document<'a>>) -> Field<Arc<PolicyText>> {
        let Some(document) = document else {
            return Field::Unknown;
        };
        let Cow::Borrowed(raw) = document else {
            return Field::Unknown;
        };
        let raw: &'a RawValue = raw;
        let hash = self.texts.hash_of(raw.get());
        let same = |(other, seen, _): &(u64, &str, _)| *other == hash && *seen == raw.get();
        if let Some((_, _, text)) = self.seen.find(hash, same) {
            return Field::Known(text.clone());
        }
        let text = if raw.get().starts_with('"') {
            match serde_json::from_str::<String>(raw.get()) {
                Ok(text) => self.texts.intern(&decoded(&text)),
                Err(error) => return Field::Failed(error.to_string().into()),
            }
        } else {
            self.buffer.clear();
            canonical::push(&mut self.buffer, raw);
            self.texts.intern(&self.buffer)
        };
        let entry = (hash, raw.get(), text.clone());
        self.seen.insert_unique(hash, entry, |(hash, _, _)| *hash);
        Field::Known(text)
    }

    /// The text of a policy that only the key `Iamscope` has a place for.
    pub fn policy_text(&mut self, policy: &WrittenPolicy<'_>) -> Arc<PolicyText> {
        match policy {
            WrittenPolicy::Object(raw) => {
                self.buffer.clear();
                canonical::push(&mut self.buffer, raw);
                self.texts.intern(&self.buffer)
            }
            WrittenPolicy::Text(text) => self.texts.intern(text),
        }
    }

    fn inline(&mut self, list: Vec<InlineItem<'a>>) -> Vec<InlinePolicy> {
        // Not collected: that would reuse the list's own allocation, which is larger.
        let mut policies = Vec::with_capacity(list.len());
        for item in list {
            policies.push(InlinePolicy {
                name: compact(item.policy_name.as_ref()),
                document: self.document(item.policy_document),
            });
        }
        policies
    }

    fn attached(&mut self, list: Option<Vec<AttachedItem<'a>>>) -> Field<Vec<Arc<str>>> {
        let list = list.map(|list| {
            list.iter()
                .filter_map(|item| item.policy_arn.as_ref())
                .map(|arn| self.intern(arn))
                .collect()
        });
        list.into()
    }

    fn boundary(&mut self, item: Option<BoundaryItem<'a>>) -> Field<Option<Arc<str>>> {
        match item {
            // IAM names a boundary only where there is one.
            None => Field::Known(None),
            Some(item) => match &item.permissions_boundary_arn {
                Some(arn) => Field::Known(Some(self.intern(arn))),
                None => Field::Unknown,
            },
        }
    }

    pub fn user(&mut self, item: UserItem<'a>) {
        let Some((arn, name, path)) = self.identity(
            item.arn.as_ref(),
            item.user_name.as_ref(),
            item.path.as_ref(),
        ) else {
            return;
        };
        let groups = item
            .group_list
            .map(|list| list.iter().map(|name| self.intern(name)).collect());
        let user = User {
            arn,
            name,
            path,
            id: compact(item.user_id.as_ref()),
            created: self.date(item.create_date),
            groups: groups.into(),
            attached: self.attached(item.attached_managed_policies),
            // The list is left out where a user has none, unlike those of groups and roles.
            inline: Field::Known(self.inline(item.user_policy_list.unwrap_or_default())),
            boundary: self.boundary(item.permissions_boundary),
            tags: item.tags.as_deref().map(tags).into(),
            details: UserDetails::default(),
        };
        self.batch.users.push(user);
    }

    pub fn group(&mut self, item: GroupItem<'a>) {
        let Some((arn, name, path)) = self.identity(
            item.arn.as_ref(),
            item.group_name.as_ref(),
            item.path.as_ref(),
        ) else {
            return;
        };
        let group = Group {
            arn,
            name: self.intern(&name),
            path,
            id: compact(item.group_id.as_ref()),
            created: self.date(item.create_date),
            attached: self.attached(item.attached_managed_policies),
            inline: item.group_policy_list.map(|list| self.inline(list)).into(),
        };
        self.batch.groups.push(group);
    }

    pub fn role(&mut self, item: RoleItem<'a>) {
        let Some((arn, name, path)) = self.identity(
            item.arn.as_ref(),
            item.role_name.as_ref(),
            item.path.as_ref(),
        ) else {
            return;
        };
        let last_used = match item.role_last_used {
            None => Field::Unknown,
            Some(used) => match (
                used.last_used_date.is_some(),
                self.date(used.last_used_date),
            ) {
                (false, _) => Field::Known(None),
                (true, None) => Field::Unknown,
                (true, Some(at)) => Field::Known(Some(RoleLastUsed {
                    at,
                    region: used.region.map(|r| CompactString::new(&*r)),
                })),
            },
        };
        let profiles = item.instance_profile_list.map(|list| {
            list.into_iter()
                .map(|p| InstanceProfile {
                    arn: p.arn.as_deref().unwrap_or_default().into(),
                    name: compact(p.instance_profile_name.as_ref()),
                    id: compact(p.instance_profile_id.as_ref()),
                    created: self.date(p.create_date),
                })
                .collect()
        });
        let role = Role {
            arn,
            name,
            path,
            id: compact(item.role_id.as_ref()),
            created: self.date(item.create_date),
            trust: self.document(item.assume_role_policy_document),
            attached: self.attached(item.attached_managed_policies),
            inline: item.role_policy_list.map(|list| self.inline(list)).into(),
            boundary: self.boundary(item.permissions_boundary),
            tags: item.tags.as_deref().map(tags).into(),
            last_used,
            instance_profiles: profiles.into(),
            details: RoleDetails::default(),
        };
        self.batch.roles.push(role);
    }

    pub fn policy(&mut self, item: PolicyItem<'a>) {
        let Some((arn, name, path)) = self.identity(
            item.arn.as_ref(),
            item.policy_name.as_ref(),
            item.path.as_ref(),
        ) else {
            return;
        };
        let list = item.policy_version_list;
        let default = item.default_version_id.or_else(|| {
            let marked = list
                .iter()
                .flatten()
                .find(|v| v.is_default_version == Some(true))?;
            marked.version_id.clone()
        });
        let versions = list.map(|list| list.into_iter().map(|v| self.version(v)).collect());
        let policy = ManagedPolicy {
            arn,
            name,
            path,
            id: compact(item.policy_id.as_ref()),
            created: self.date(item.create_date),
            updated: self.date(item.update_date),
            description: item.description.map(|d| Box::from(&*d)).into(),
            versions: versions.into(),
            default_version: compact(default.as_ref()),
            attachment_count: item.attachment_count,
            boundary_count: item.permissions_boundary_usage_count,
            attachable: item.is_attachable,
            tags: Field::Unknown,
        };
        if policy.is_aws_managed() {
            self.progress.aws_policies += 1;
        }
        self.batch.policies.push(policy);
    }

    fn version(&mut self, item: VersionItem<'a>) -> PolicyVersion {
        PolicyVersion {
            id: compact(item.version_id.as_ref()),
            created: self.date(item.create_date),
            document: self.document(item.document),
        }
    }

    /// ARN, name and path; the latter two as the ARN has them where the item does not say.
    fn identity(
        &mut self,
        arn: Option<&Text<'a>>,
        name: Option<&Text<'a>>,
        path: Option<&Text<'a>>,
    ) -> Option<(Arc<str>, CompactString, CompactString)> {
        let Some(arn) = arn else {
            self.without_arn += 1;
            return None;
        };
        let parsed = Arn::parse(arn).ok();
        let name = name.map_or_else(|| parsed.map_or(&**arn, |a| a.name()), |name| &*name.0);
        let path = path.map_or_else(|| parsed.map_or("/", |a| a.path()), |path| &*path.0);
        Some((self.intern(arn), name.into(), path.into()))
    }
}

fn compact(text: Option<&Text<'_>>) -> CompactString {
    text.map_or_else(CompactString::default, |text| CompactString::new(&**text))
}

pub(super) fn tags(list: &[TagItem<'_>]) -> Vec<Tag> {
    list.iter()
        .map(|tag| Tag {
            key: CompactString::new(&*tag.key),
            value: CompactString::new(&*tag.value),
        })
        .collect()
}
