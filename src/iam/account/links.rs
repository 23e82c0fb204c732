//! Putting entities into an account, and the links between them.

use std::sync::Arc;

use super::{Account, Attachments, Map};
use crate::iam::{Arn, Field, Group, Kind, ManagedPolicy, Partition, Role, User};

impl Account {
    pub(super) fn put_user(&mut self, mut user: User) {
        if let Some(at) = self.position(Kind::User, &user.arn) {
            let old = self.users[at].clone();
            self.unlink_user(at, &old);
            user.details = user.details.or(&old.details);
            self.link_user(at, &user);
            self.users[at] = Arc::new(user);
            return;
        }
        let at = self.users.len();
        self.learn_from_arn(&user.arn);
        self.by_arn
            .insert(user.arn.clone(), (Kind::User, at as u32));
        self.link_user(at, &user);
        self.users.push(Arc::new(user));
    }

    pub(super) fn put_group(&mut self, group: Group) {
        if let Some(at) = self.position(Kind::Group, &group.arn) {
            let old = self.groups[at].clone();
            for arn in old.attached.known().into_iter().flatten() {
                remove(&mut self.attachments, arn, |a| &mut a.groups, at);
            }
            self.link_group(at, &group);
            self.groups[at] = Arc::new(group);
            return;
        }
        let at = self.groups.len();
        self.learn_from_arn(&group.arn);
        self.by_arn
            .insert(group.arn.clone(), (Kind::Group, at as u32));
        self.groups_by_name.insert(group.name.clone(), at as u32);
        self.link_group(at, &group);
        self.groups.push(Arc::new(group));
    }

    pub(super) fn put_role(&mut self, mut role: Role) {
        if let Some(at) = self.position(Kind::Role, &role.arn) {
            let old = self.roles[at].clone();
            for arn in old.attached.known().into_iter().flatten() {
                remove(&mut self.attachments, arn, |a| &mut a.roles, at);
            }
            if let Field::Known(Some(arn)) = &old.boundary {
                remove(&mut self.attachments, arn, |a| &mut a.bounded_roles, at);
            }
            role.details = role.details.or(&old.details);
            self.link_role(at, &role);
            self.roles[at] = Arc::new(role);
            return;
        }
        let at = self.roles.len();
        self.learn_from_arn(&role.arn);
        self.by_arn
            .insert(role.arn.clone(), (Kind::Role, at as u32));
        self.link_role(at, &role);
        self.roles.push(Arc::new(role));
    }

    pub(super) fn put_policy(&mut self, mut policy: ManagedPolicy) {
        if let Some(at) = self.position(Kind::Policy, &policy.arn) {
            policy.tags = policy.tags.or(self.policies[at].tags.clone());
            self.policies[at] = Arc::new(policy);
            return;
        }
        let at = self.policies.len();
        self.learn_from_arn(&policy.arn);
        self.by_arn
            .insert(policy.arn.clone(), (Kind::Policy, at as u32));
        self.policies.push(Arc::new(policy));
    }

    fn link_user(&mut self, at: usize, user: &User) {
        for group in user.groups.known().into_iter().flatten() {
            self.members
                .entry(group.clone())
                .or_default()
                .push(at as u32);
        }
        for arn in user.attached.known().into_iter().flatten() {
            self.attachment(arn).users.push(at as u32);
        }
        if let Field::Known(Some(arn)) = &user.boundary {
            self.attachment(arn).bounded_users.push(at as u32);
        }
    }

    fn unlink_user(&mut self, at: usize, user: &User) {
        for group in user.groups.known().into_iter().flatten() {
            if let Some(members) = self.members.get_mut(group) {
                members.retain(|&m| m != at as u32);
            }
        }
        for arn in user.attached.known().into_iter().flatten() {
            remove(&mut self.attachments, arn, |a| &mut a.users, at);
        }
        if let Field::Known(Some(arn)) = &user.boundary {
            remove(&mut self.attachments, arn, |a| &mut a.bounded_users, at);
        }
    }

    fn link_group(&mut self, at: usize, group: &Group) {
        for arn in group.attached.known().into_iter().flatten() {
            self.attachment(arn).groups.push(at as u32);
        }
    }

    fn link_role(&mut self, at: usize, role: &Role) {
        for arn in role.attached.known().into_iter().flatten() {
            self.attachment(arn).roles.push(at as u32);
        }
        if let Field::Known(Some(arn)) = &role.boundary {
            self.attachment(arn).bounded_roles.push(at as u32);
        }
    }

    fn attachment(&mut self, arn: &Arc<str>) -> &mut Attachments {
        self.attachments.entry(arn.clone()).or_default()
    }

    /// Account id and partition, from the first ARN that has them.
    fn learn_from_arn(&mut self, arn: &str) {
        if self.id.is_none()
            && let Ok(arn) = Arn::parse(arn)
            && arn.account.len() == 12
        {
            self.id = Some(arn.account.into());
            self.partition = Partition::new(arn.partition);
        }
    }
}

fn remove(
    attachments: &mut Map<Arc<str>, Attachments>,
    arn: &str,
    list: impl Fn(&mut Attachments) -> &mut Vec<u32>,
    at: usize,
) {
    if let Some(found) = attachments.get_mut(arn) {
        list(found).retain(|&a| a != at as u32);
    }
}
