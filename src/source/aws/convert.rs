//! From the SDK's types to plain data.
//!
//! Texts and names that stand often are held once ([`Interner`]). Nothing here asks AWS.

use std::collections::HashSet;
use std::sync::Arc;

use aws_sdk_iam::primitives::DateTime;
use aws_sdk_iam::types;
use compact_str::CompactString;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use crate::iam::{
    Arn, Field, Group, InlinePolicy, InstanceProfile, ManagedPolicy, PolicyVersion, Role,
    RoleDetails, RoleLastUsed, Tag, User, UserDetails,
};
use crate::policy::{PolicyText, Texts};

/// The policy texts, ARNs and group names of an account, each held once.
#[derive(Debug, Default)]
pub(super) struct Interner {
    texts: Texts,
    names: HashSet<Arc<str>, foldhash::fast::RandomState>,
}

impl Interner {
    /// The one copy of a name.
    pub(super) fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(found) = self.names.get(name) {
            return found.clone();
        }
        let name: Arc<str> = name.into();
        self.names.insert(name.clone());
        name
    }

    /// The one copy of a document, which IAM sends percent-encoded.
    pub(super) fn document(&mut self, encoded: &str) -> Arc<PolicyText> {
        self.texts
            .intern(&percent_decode_str(encoded).decode_utf8_lossy())
    }

    fn optional_document(&mut self, encoded: Option<&str>) -> Field<Arc<PolicyText>> {
        encoded.map(|text| self.document(text)).into()
    }

    fn attached(&mut self, list: Option<Vec<types::AttachedPolicy>>) -> Field<Vec<Arc<str>>> {
        Field::Known(self.policy_arns(list.unwrap_or_default()))
    }

    /// The ARNs of attached policies.
    pub(super) fn policy_arns(&mut self, list: Vec<types::AttachedPolicy>) -> Vec<Arc<str>> {
        let arns = list.iter().filter_map(|p| p.policy_arn());
        arns.map(|arn| self.name(arn)).collect()
    }

    fn inline(&mut self, list: Option<Vec<types::PolicyDetail>>) -> Field<Vec<InlinePolicy>> {
        let list = list.unwrap_or_default().into_iter();
        Field::Known(
            list.map(|p| InlinePolicy {
                name: compact(p.policy_name),
                document: self.optional_document(p.policy_document.as_deref()),
            })
            .collect(),
        )
    }

    /// The ARN of a boundary.
    pub(super) fn boundary(
        &mut self,
        boundary: Option<types::AttachedPermissionsBoundary>,
    ) -> Option<Arc<str>> {
        let boundary = boundary?;
        boundary
            .permissions_boundary_arn()
            .map(|arn| self.name(arn))
    }

    /// A user of the backbone read.
    pub(super) fn user(&mut self, user: types::UserDetail) -> User {
        let groups = user.group_list.unwrap_or_default();
        User {
            arn: self.name(user.arn.as_deref().unwrap_or_default()),
            name: compact(user.user_name),
            path: compact(user.path),
            id: compact(user.user_id),
            created: optional_time(user.create_date.as_ref()),
            groups: Field::Known(groups.iter().map(|g| self.name(g)).collect()),
            attached: self.attached(user.attached_managed_policies),
            inline: self.inline(user.user_policy_list),
            boundary: Field::Known(self.boundary(user.permissions_boundary)),
            tags: Field::Known(tags(user.tags)),
            details: UserDetails::default(),
        }
    }

    /// A user as `ListUsers` and `GetUser` give it. Only the latter knows tags and boundary.
    pub(super) fn listed_user(&mut self, user: types::User) -> User {
        User {
            arn: self.name(&user.arn),
            name: user.user_name.into(),
            path: user.path.into(),
            id: user.user_id.into(),
            created: time(&user.create_date),
            groups: Field::Unknown,
            attached: Field::Unknown,
            inline: Field::Unknown,
            boundary: Field::Unknown,
            tags: Field::Unknown,
            details: UserDetails {
                password_last_used: Field::Known(optional_time(user.password_last_used.as_ref())),
                ..UserDetails::default()
            },
        }
    }

    /// A group of the backbone read.
    pub(super) fn group(&mut self, group: types::GroupDetail) -> Group {
        Group {
            arn: self.name(group.arn.as_deref().unwrap_or_default()),
            name: self.name(group.group_name.as_deref().unwrap_or_default()),
            path: compact(group.path),
            id: compact(group.group_id),
            created: optional_time(group.create_date.as_ref()),
            attached: self.attached(group.attached_managed_policies),
            inline: self.inline(group.group_policy_list),
        }
    }

    /// A group as `ListGroups` gives it.
    pub(super) fn listed_group(&mut self, group: types::Group) -> Group {
        Group {
            arn: self.name(&group.arn),
            name: self.name(&group.group_name),
            path: group.path.into(),
            id: group.group_id.into(),
            created: time(&group.create_date),
            attached: Field::Unknown,
            inline: Field::Unknown,
        }
    }

    /// A role of the backbone read.
    pub(super) fn role(&mut self, role: types::RoleDetail) -> Role {
        let profiles = role.instance_profile_list.unwrap_or_default();
        Role {
            arn: self.name(role.arn.as_deref().unwrap_or_default()),
            name: compact(role.role_name),
            path: compact(role.path),
            id: compact(role.role_id),
            created: optional_time(role.create_date.as_ref()),
            trust: self.optional_document(role.assume_role_policy_document.as_deref()),
            attached: self.attached(role.attached_managed_policies),
            inline: self.inline(role.role_policy_list),
            boundary: Field::Known(self.boundary(role.permissions_boundary)),
            tags: Field::Known(tags(role.tags)),
            last_used: Field::Known(last_used(role.role_last_used)),
            instance_profiles: Field::Known(instance_profiles(profiles)),
            details: RoleDetails::default(),
        }
    }

    /// A role as `ListRoles` and `GetRole` give it. Only the latter knows tags, boundary and
    /// last use.
    pub(super) fn listed_role(&mut self, role: types::Role) -> Role {
        Role {
            arn: self.name(&role.arn),
            name: role.role_name.into(),
            path: role.path.into(),
            id: role.role_id.into(),
            created: time(&role.create_date),
            trust: self.optional_document(role.assume_role_policy_document.as_deref()),
            attached: Field::Unknown,
            inline: Field::Unknown,
            boundary: Field::Unknown,
            tags: Field::Unknown,
            last_used: Field::Unknown,
            instance_profiles: Field::Unknown,
            details: role_details(role.description, role.max_session_duration),
        }
    }

    /// A managed policy of the backbone read.
    pub(super) fn policy(&mut self, policy: types::ManagedPolicyDetail) -> ManagedPolicy {
        let arn = self.name(policy.arn.as_deref().unwrap_or_default());
        let versions = policy.policy_version_list.unwrap_or_default();
        let mut versions: Vec<_> = versions.into_iter().map(|v| self.version(v)).collect();
        newest_first(&mut versions);
        ManagedPolicy {
            name: policy_name(policy.policy_name, &arn),
            path: compact(policy.path),
            id: compact(policy.policy_id),
            created: optional_time(policy.create_date.as_ref()),
            updated: optional_time(policy.update_date.as_ref()),
            description: Field::Known(policy.description.unwrap_or_default().into()),
            versions: Field::Known(versions),
            default_version: compact(policy.default_version_id),
            attachment_count: count(policy.attachment_count),
            boundary_count: count(policy.permissions_boundary_usage_count),
            attachable: Some(policy.is_attachable),
            tags: policy_tags(&arn, None),
            arn,
        }
    }

    /// A managed policy as `ListPolicies` and `GetPolicy` give it. Only the latter knows
    /// description and tags.
    pub(super) fn listed_policy(&mut self, policy: types::Policy) -> ManagedPolicy {
        let arn = self.name(policy.arn.as_deref().unwrap_or_default());
        ManagedPolicy {
            name: policy_name(policy.policy_name, &arn),
            path: compact(policy.path),
            id: compact(policy.policy_id),
            created: optional_time(policy.create_date.as_ref()),
            updated: optional_time(policy.update_date.as_ref()),
            description: policy.description.map(Into::into).into(),
            versions: Field::Unknown,
            default_version: compact(policy.default_version_id),
            attachment_count: count(policy.attachment_count),
            boundary_count: count(policy.permissions_boundary_usage_count),
            attachable: Some(policy.is_attachable),
            tags: policy_tags(&arn, policy.tags),
            arn,
        }
    }

    /// A version of a managed policy.
    pub(super) fn version(&mut self, version: types::PolicyVersion) -> PolicyVersion {
        PolicyVersion {
            id: compact(version.version_id),
            created: optional_time(version.create_date.as_ref()),
            document: self.optional_document(version.document.as_deref()),
        }
    }
}

/// The SDK's time as ours.
pub(super) fn time(time: &DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}

/// The same for a time that may be missing.
pub(super) fn optional_time(value: Option<&DateTime>) -> Option<Timestamp> {
    value.and_then(time)
}

fn compact(text: Option<String>) -> CompactString {
    text.unwrap_or_default().into()
}

fn count(value: Option<i32>) -> Option<u32> {
    value.and_then(|n| u32::try_from(n).ok())
}

/// Tags as ours.
pub(super) fn tags(tags: Option<Vec<types::Tag>>) -> Vec<Tag> {
    let tags = tags.unwrap_or_default().into_iter();
    tags.map(|t| Tag {
        key: t.key.into(),
        value: t.value.into(),
    })
    .collect()
}

/// The last use of a role. IAM answers with an empty element where there was none.
pub(super) fn last_used(used: Option<types::RoleLastUsed>) -> Option<RoleLastUsed> {
    let used = used?;
    Some(RoleLastUsed {
        at: optional_time(used.last_used_date.as_ref())?,
        region: used.region.map(Into::into),
    })
}

/// What `ListRoles` and `GetRole` tell of a role beyond the backbone read.
pub(super) fn role_details(description: Option<String>, session: Option<i32>) -> RoleDetails {
    RoleDetails {
        description: Field::Known(description.unwrap_or_default().into()),
        max_session_duration: count(session).into(),
    }
}

/// Instance profiles as ours.
pub(super) fn instance_profiles(list: Vec<types::InstanceProfile>) -> Vec<InstanceProfile> {
    list.into_iter()
        .map(|p| InstanceProfile {
            arn: p.arn.into(),
            name: p.instance_profile_name.into(),
            id: p.instance_profile_id.into(),
            created: time(&p.create_date),
        })
        .collect()
}

/// Puts `v12` before `v9`.
pub(super) fn newest_first(versions: &mut [PolicyVersion]) {
    let number = |v: &PolicyVersion| v.id.trim_start_matches('v').parse::<u32>().unwrap_or(0);
    versions.sort_by_key(|v| std::cmp::Reverse(number(v)));
}

/// Some servers leave the name out; the ARN has it.
fn policy_name(name: Option<String>, arn: &str) -> CompactString {
    match name {
        Some(name) if !name.is_empty() => name.into(),
        _ => Arn::parse(arn).map_or_else(|_| arn.into(), |arn| arn.name().into()),
    }
}

/// AWS managed policies have no tags, and nobody else's come with the lists.
fn policy_tags(arn: &str, given: Option<Vec<types::Tag>>) -> Field<Vec<Tag>> {
    let aws_managed = Arn::parse(arn).is_ok_and(|arn| arn.account == "aws");
    match given {
        Some(given) => Field::Known(tags(Some(given))),
        None if aws_managed => Field::Known(Vec::new()),
        None => Field::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_decoded_verbatim_and_held_once() {
        let mut interner = Interner::default();
        let first = interner.document("%7B%0A%20%20%22a%22%3A%20%22x+y%22%7D");
        assert_eq!(first.as_str(), "{\n  \"a\": \"x+y\"}");
        let second = interner.document("%7B%0A%20%20%22a%22%3A%20%22x+y%22%7D");
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn what_a_server_leaves_out_of_a_policy_comes_from_its_arn() {
        let detail = types::ManagedPolicyDetail::builder()
            .arn("arn:aws:iam::111122223333:policy/team/deploy")
            .policy_version_list(types::PolicyVersion::builder().version_id("v9").build())
            .policy_version_list(types::PolicyVersion::builder().version_id("v12").build())
            .build();
        let policy = Interner::default().policy(detail);
        assert_eq!(policy.name, "deploy");
        assert_eq!(policy.tags, Field::Unknown);
        let ids: Vec<_> = policy
            .versions
            .known()
            .unwrap()
            .iter()
            .map(|v| &v.id)
            .collect();
        assert_eq!(ids, ["v12", "v9"]);
    }

    #[test]
    fn aws_managed_policies_have_no_tags() {
        let policy = types::Policy::builder()
            .arn("arn:aws-cn:iam::aws:policy/ReadOnlyAccess")
            .build();
        let policy = Interner::default().listed_policy(policy);
        assert_eq!(policy.tags, Field::Known(Vec::new()));
        assert_eq!(policy.description, Field::Unknown);
    }

    #[test]
    fn a_role_without_last_use_was_not_used() {
        let empty = types::RoleLastUsed::builder().build();
        assert_eq!(last_used(Some(empty)), None);
        assert_eq!(last_used(None), None);
    }
}
