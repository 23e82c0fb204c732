//! From a name as policies and people write it to the entity of the account that it names, and from
//! a policy as answers name it to its text.

use crate::iam::{Account, Arn, EntityRef, Field, InlinePolicy, Kind};

/// What an ARN, the ARN of a role's session, a unique id or an access key id names, if the
/// account holds it.
pub fn resolve(account: &Account, text: &str) -> Option<EntityRef> {
    if text.starts_with("arn:") {
        return account.find(text).or_else(|| session_role(account, text));
    }
    by_id(account, text)
}

/// The role behind the ARN of a session.
fn session_role(account: &Account, arn: &str) -> Option<EntityRef> {
    let parsed = Arn::parse(arn).ok()?;
    if parsed.service != "sts" || parsed.resource_type() != "assumed-role" {
        return None;
    }
    let name = parsed.resource.split('/').nth(1)?;
    let role = account.roles().iter().find(|r| r.name == name)?;
    Some(EntityRef::new(Kind::Role, role.arn.clone()))
}

/// What has this unique id, or this access key.
fn by_id(account: &Account, id: &str) -> Option<EntityRef> {
    if id.len() < 16 {
        return None;
    }
    let user = account.users().iter().find(|u| {
        let keys = u.details.access_keys.known();
        u.id == id || keys.is_some_and(|keys| keys.iter().any(|k| k.id == id))
    });
    if let Some(user) = user {
        return Some(EntityRef::new(Kind::User, user.arn.clone()));
    }
    if let Some(role) = account.roles().iter().find(|r| r.id == id) {
        return Some(EntityRef::new(Kind::Role, role.arn.clone()));
    }
    if let Some(group) = account.groups().iter().find(|g| g.id == id) {
        return Some(EntityRef::new(Kind::Group, group.arn.clone()));
    }
    let policy = account.policies().iter().find(|p| p.id == id)?;
    Some(EntityRef::new(Kind::Policy, policy.arn.clone()))
}

/// The inline policies of a user, group or role.
pub fn inline_of<'a>(
    account: &'a Account,
    owner: &EntityRef,
) -> Option<&'a Field<Vec<InlinePolicy>>> {
    match owner.kind {
        Kind::User => account.user(&owner.arn).map(|it| &it.inline),
        Kind::Group => account.group(&owner.arn).map(|it| &it.inline),
        Kind::Role => account.role(&owner.arn).map(|it| &it.inline),
        Kind::Policy => None,
    }
}
