//! The account: everything that was read, and how the parts hang together.

mod changes;
mod links;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;
use jiff::Timestamp;

use super::{
    Arn, EntityRef, Field, Group, Kind, ManagedPolicy, Organization, Partition, Role, RoleDetails,
    Tag, User, UserDetails,
};
use crate::policy::PolicyText;

type Map<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// What `GetAccountSummary` tells: counts and quotas by IAM's own names, such as `Roles` or
/// `AttachedPoliciesPerRoleQuota`.
pub type Summary = BTreeMap<CompactString, i64>;

/// When an account was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The time from which ages count.
    pub at: Timestamp,
    /// How that time is known.
    pub basis: TakenBasis,
}

/// How the time of an account is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBasis {
    /// It was just read from AWS.
    Live,
    /// The snapshot says so.
    Stated,
    /// The file does not say: its modification time stands in.
    FileModified,
    /// Nothing says (standard input): the time of reading stands in.
    Read,
}

/// Who is asking, as `sts:GetCallerIdentity` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The ARN of the user or session.
    pub arn: Box<str>,
    /// The unique id, with the session's name for a role.
    pub user_id: Box<str>,
    /// The account.
    pub account: CompactString,
}

impl Caller {
    /// The name of the user or role behind the caller: for a session, its role's name.
    pub fn principal(&self) -> Option<(Kind, &str)> {
        let arn = Arn::parse(&self.arn).ok()?;
        match arn.resource_type() {
            "user" => Some((Kind::User, arn.name())),
            "assumed-role" => Some((Kind::Role, arn.resource.split('/').nth(1)?)),
            _ => None,
        }
    }
}

/// Some entities, as a page or a file brings them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Users.
    pub users: Vec<User>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Managed policies.
    pub policies: Vec<ManagedPolicy>,
}

impl Batch {
    /// How many entities it holds.
    pub fn len(&self) -> usize {
        self.users.len() + self.groups.len() + self.roles.len() + self.policies.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Who has a managed policy, as positions in the account's lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachments {
    /// Users that it is attached to.
    pub users: Vec<u32>,
    /// Groups that it is attached to.
    pub groups: Vec<u32>,
    /// Roles that it is attached to.
    pub roles: Vec<u32>,
    /// Users that it bounds.
    pub bounded_users: Vec<u32>,
    /// Roles that it bounds.
    pub bounded_roles: Vec<u32>,
}

impl Attachments {
    /// How many users, groups and roles have it attached.
    pub fn attached(&self) -> usize {
        self.users.len() + self.groups.len() + self.roles.len()
    }

    /// How many users and roles it bounds.
    pub fn bounded(&self) -> usize {
        self.bounded_users.len() + self.bounded_roles.len()
    }
}

/// A difference between two readings of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is there now.
    Added(EntityRef),
    /// It is gone.
    Removed(EntityRef),
    /// Something about it is different.
    Changed(EntityRef),
}

/// One AWS account, as it was at one time.
///
/// Entities are only ever added at the end of their lists, so that positions stay good while an
/// account fills. Each is shared, so that a copy of an account with one entity different costs
/// little.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// The twelve digits, where anything says.
    pub id: Option<CompactString>,
    /// The partition of its ARNs.
    pub partition: Partition,
    /// The aliases, one at most today.
    pub aliases: Field<Vec<CompactString>>,
    /// When it was read.
    pub taken: Option<Taken>,
    /// Who read it.
    pub caller: Field<Caller>,
    /// Counts and quotas.
    pub summary: Field<Summary>,
    /// What a source left out, in words for people: denied or failed parts of the reading.
    pub gaps: Vec<Box<str>>,
    /// The organisation that binds it, where a source says so.
    pub organization: Option<Organization>,
    /// The policies of its resources that a source brings, by the ARN of the resource. Those of
    /// IAM's own stand elsewhere: the trust policy of a role stands with the role.
    pub resource_policies: BTreeMap<Arc<str>, Arc<PolicyText>>,
    users: Vec<Arc<User>>,
    groups: Vec<Arc<Group>>,
    roles: Vec<Arc<Role>>,
    policies: Vec<Arc<ManagedPolicy>>,
    by_arn: Map<Arc<str>, (Kind, u32)>,
    groups_by_name: Map<Arc<str>, u32>,
    members: Map<Arc<str>, Vec<u32>>,
    attachments: Map<Arc<str>, Attachments>,
}

impl Account {
    /// The users, in the order of arrival.
    pub fn users(&self) -> &[Arc<User>] {
        &self.users
    }

    /// The groups, in the order of arrival.
    pub fn groups(&self) -> &[Arc<Group>] {
        &self.groups
    }

    /// The roles, in the order of arrival.
    pub fn roles(&self) -> &[Arc<Role>] {
        &self.roles
    }

    /// The managed policies, in the order of arrival.
    pub fn policies(&self) -> &[Arc<ManagedPolicy>] {
        &self.policies
    }

    /// How many things of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        match kind {
            Kind::User => self.users.len(),
            Kind::Group => self.groups.len(),
            Kind::Role => self.roles.len(),
            Kind::Policy => self.policies.len(),
        }
    }

    /// The user with this ARN.
    pub fn user(&self, arn: &str) -> Option<&Arc<User>> {
        self.users.get(self.position(Kind::User, arn)?)
    }

    /// The group with this ARN.
    pub fn group(&self, arn: &str) -> Option<&Arc<Group>> {
        self.groups.get(self.position(Kind::Group, arn)?)
    }

    /// The group with this name.
    pub fn group_named(&self, name: &str) -> Option<&Arc<Group>> {
        self.groups
            .get(usize::try_from(*self.groups_by_name.get(name)?).ok()?)
    }

    /// The role with this ARN.
    pub fn role(&self, arn: &str) -> Option<&Arc<Role>> {
        self.roles.get(self.position(Kind::Role, arn)?)
    }

    /// The managed policy with this ARN.
    pub fn policy(&self, arn: &str) -> Option<&Arc<ManagedPolicy>> {
        self.policies.get(self.position(Kind::Policy, arn)?)
    }

    /// The position of a thing in the list of its kind.
    pub fn position(&self, kind: Kind, arn: &str) -> Option<usize> {
        let &(found, at) = self.by_arn.get(arn)?;
        (found == kind).then_some(at as usize)
    }

    /// The reference of what stands at a position in the list of a kind.
    pub fn reference(&self, kind: Kind, at: usize) -> Option<EntityRef> {
        let arn = match kind {
            Kind::User => &self.users.get(at)?.arn,
            Kind::Group => &self.groups.get(at)?.arn,
            Kind::Role => &self.roles.get(at)?.arn,
            Kind::Policy => &self.policies.get(at)?.arn,
        };
        Some(EntityRef::new(kind, arn.clone()))
    }

    /// The reference for an ARN, if the account holds it.
    pub fn find(&self, arn: &str) -> Option<EntityRef> {
        let (arn, &(kind, _)) = self.by_arn.get_key_value(arn)?;
        Some(EntityRef::new(kind, arn.clone()))
    }

    /// The members of a group, as positions in [`users`](Self::users).
    pub fn members(&self, group: &str) -> &[u32] {
        self.members.get(group).map_or(&[], Vec::as_slice)
    }

    /// Who has a managed policy attached or as boundary.
    pub fn attachments(&self, policy_arn: &str) -> Option<&Attachments> {
        self.attachments.get(policy_arn)
    }

    /// The ARNs of all managed policies that somebody has, read or not, with who has them; in no
    /// particular order.
    pub fn all_attachments(&self) -> impl Iterator<Item = (&Arc<str>, &Attachments)> {
        self.attachments.iter()
    }

    /// The user or role behind the caller, if the account holds it.
    pub fn caller_principal(&self) -> Option<EntityRef> {
        let (kind, name) = self.caller.known()?.principal()?;
        match kind {
            Kind::User => self.users.iter().find(|u| u.name == name).map(|u| &u.arn),
            _ => self.roles.iter().find(|r| r.name == name).map(|r| &r.arn),
        }
        .map(|arn| EntityRef::new(kind, arn.clone()))
    }

    /// Adds a batch at the end. What is there already, by ARN, is replaced in its place, and
    /// keeps the details that the new one lacks.
    pub fn absorb(&mut self, batch: Batch) {
        for user in batch.users {
            self.put_user(user);
        }
        for group in batch.groups {
            self.put_group(group);
        }
        for role in batch.roles {
            self.put_role(role);
        }
        for policy in batch.policies {
            self.put_policy(policy);
        }
    }

    /// Sets what was learnt of a user. Nothing happens where the account does not hold it.
    pub fn set_user_details(&mut self, arn: &str, details: UserDetails) {
        if let Some(at) = self.position(Kind::User, arn) {
            let user = Arc::make_mut(&mut self.users[at]);
            user.details = details.or(&user.details);
        }
    }

    /// Sets what was learnt of a role. Nothing happens where the account does not hold it.
    pub fn set_role_details(&mut self, arn: &str, details: RoleDetails) {
        if let Some(at) = self.position(Kind::Role, arn) {
            let role = Arc::make_mut(&mut self.roles[at]);
            role.details = details.or(&role.details);
        }
    }

    /// Sets the tags of a managed policy. Nothing happens where the account does not hold it.
    pub fn set_policy_tags(&mut self, arn: &str, tags: Field<Vec<Tag>>) {
        if let Some(at) = self.position(Kind::Policy, arn) {
            Arc::make_mut(&mut self.policies[at]).tags = tags;
        }
    }

    /// Takes in what was fetched of entities that are there: details replace what was known of
    /// them, everything else only fills in what was not. Entities that are not there stay out.
    pub fn learn(&mut self, batch: Batch) {
        for user in batch.users {
            if let Some(at) = self.position(Kind::User, &user.arn) {
                let old = &self.users[at];
                let details = user.details.clone().or(&old.details);
                let merged = User {
                    details,
                    ..(**old).clone().or(user)
                };
                self.put_user(merged);
            }
        }
        for group in batch.groups {
            if let Some(at) = self.position(Kind::Group, &group.arn) {
                self.put_group((*self.groups[at]).clone().or(group));
            }
        }
        for role in batch.roles {
            if let Some(at) = self.position(Kind::Role, &role.arn) {
                let old = &self.roles[at];
                let details = role.details.clone().or(&old.details);
                let merged = Role {
                    details,
                    ..(**old).clone().or(role)
                };
                self.put_role(merged);
            }
        }
        for policy in batch.policies {
            if let Some(at) = self.position(Kind::Policy, &policy.arn) {
                let tags = policy.tags.clone().or(self.policies[at].tags.clone());
                let merged = ManagedPolicy {
                    tags,
                    ..(*self.policies[at]).clone().or(policy)
                };
                self.put_policy(merged);
            }
        }
    }
}
