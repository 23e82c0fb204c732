//! Takes the key `Iamscope` over: what a snapshot knows beyond the AWS CLI's output.

use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;

use super::extra::{
    CallerItem, Extra, KeyItem, LoginItem, MfaItem, Missing, PolicyExtra, RoleExtra, ServiceItem,
    SshItem, TextItem, UserExtra,
};
use super::read::Reader;
use super::shape::Text;
use super::take::tags;
use super::{FORMAT, canonical};
use crate::iam::{
    AccessKey, AccessKeyUse, Account, Batch, Caller, Field, Group, InlinePolicy, LoginProfile,
    ManagedPolicy, MfaDevice, Partition, Role, ServiceSpecificCredential, SshPublicKey, Taken,
    TakenBasis, User,
};
use crate::policy::PolicyText;

/// Fills in the entities that were read, and what the account as a whole is.
pub(super) fn extra<'a>(reader: &mut Reader<'a, '_>, account: &mut Account, mut extra: Extra<'a>) {
    if extra.format > FORMAT {
        let n = extra.format;
        reader.gaps.push(
            format!("the snapshot is of format {n}, newer than this program: parts may be missing")
                .into(),
        );
    }
    whole(reader, account, &extra);
    let organization = extra.organization.take();
    account.organization = organization.map(|it| it.read(|policy| reader.policy_text(policy)));
    for (arn, policy) in &extra.resource_policies.0 {
        let (arn, text) = (reader.intern(arn), reader.policy_text(policy));
        account.resource_policies.insert(arn, text);
    }
    let mut batch = std::mem::take(&mut reader.batch);
    for user in &mut batch.users {
        if let Some(extra) = extra.users.get(&*user.name) {
            self::user(reader, user, extra);
        }
    }
    for group in &mut batch.groups {
        if let Some(missing) = extra.groups.get(&*group.name) {
            self::group(missing, group);
        }
    }
    for role in &mut batch.roles {
        if let Some(extra) = extra.roles.get(&*role.name) {
            self::role(role, extra);
        }
    }
    for policy in &mut batch.policies {
        if let Some(extra) = extra.policies.get(&*policy.arn) {
            self::policy(policy, extra);
        }
    }
    texts(reader, &mut batch, &extra.texts);
    reader.batch = batch;
}

fn whole(reader: &mut Reader<'_, '_>, account: &mut Account, extra: &Extra<'_>) {
    if let Some(at) = reader.date(extra.taken_at) {
        let basis = match extra.taken_from.as_deref() {
            Some("FileModified") => TakenBasis::FileModified,
            Some("Read") => TakenBasis::Read,
            _ => TakenBasis::Stated,
        };
        account.taken = Some(Taken { at, basis });
    }
    account.id = extra.account_id.as_deref().map(CompactString::new);
    if let Some(partition) = &extra.partition {
        account.partition = Partition::new(partition);
    }
    let missing = Lacks {
        denied: &extra.denied,
        failed: &extra.failed,
        unknown: &[],
    };
    let aliases = extra.account_aliases.as_ref();
    let aliases = aliases.map(|list| list.iter().map(|a| CompactString::new(&**a)).collect());
    account.aliases = missing.field("AccountAliases", aliases.into());
    account.caller = missing.field("Caller", extra.caller.as_ref().map(caller).into());
    let summary = extra.summary.as_ref().map(|summary| {
        let pairs = summary.iter();
        pairs
            .map(|(name, n)| (CompactString::new(&**name), *n))
            .collect()
    });
    account.summary = missing.field("Summary", summary.into());
    account
        .gaps
        .extend(extra.gaps.iter().map(|gap| Box::from(&**gap)));
}

fn caller(item: &CallerItem<'_>) -> Caller {
    Caller {
        arn: (&*item.arn).into(),
        user_id: (&*item.user_id).into(),
        account: CompactString::new(&*item.account),
    }
}

/// What is said not to be known.
struct Lacks<'m, 'a> {
    denied: &'m std::collections::BTreeMap<Text<'a>, Text<'a>>,
    failed: &'m std::collections::BTreeMap<Text<'a>, Text<'a>>,
    unknown: &'m [Text<'a>],
}

impl<'m, 'a> From<&'m Missing<'a>> for Lacks<'m, 'a> {
    fn from(missing: &'m Missing<'a>) -> Self {
        Self {
            denied: &missing.denied,
            failed: &missing.failed,
            unknown: &missing.unknown,
        }
    }
}

impl Lacks<'_, '_> {
    /// The state that is said of a member, or else what was found of it.
    fn field<T>(&self, name: &str, found: Field<T>) -> Field<T> {
        if let Some(action) = self.denied.get(name) {
            Field::Denied((&**action).into())
        } else if let Some(why) = self.failed.get(name) {
            Field::Failed((&**why).into())
        } else if self.unknown.iter().any(|n| &**n == name) {
            Field::Unknown
        } else {
            found
        }
    }

    fn set<T>(&self, name: &str, field: &mut Field<T>) {
        *field = self.field(name, std::mem::take(field));
    }

    fn inline(&self, list: &str, field: &mut Field<Vec<InlinePolicy>>) {
        self.set(list, field);
        if let Field::Known(policies) = field {
            for policy in policies {
                self.set(&format!("{list}.{}", policy.name), &mut policy.document);
            }
        }
    }
}

fn user(reader: &mut Reader<'_, '_>, user: &mut User, extra: &UserExtra<'_>) {
    let missing = Lacks::from(&extra.missing);
    missing.set("GroupList", &mut user.groups);
    missing.set("AttachedManagedPolicies", &mut user.attached);
    missing.inline("UserPolicyList", &mut user.inline);
    missing.set("PermissionsBoundary", &mut user.boundary);
    missing.set("Tags", &mut user.tags);
    let details = &mut user.details;
    let used = match extra.password_last_used {
        None => Field::Unknown,
        Some(None) => Field::Known(None),
        Some(date) => reader.date(date).map(Some).into(),
    };
    details.password_last_used = missing.field("PasswordLastUsed", used);
    let login = extra.login_profile.as_ref();
    let login = login.map(|item| item.as_ref().map(|item| self::login(reader, item)));
    details.login_profile = missing.field("LoginProfile", login.into());
    let keys = extra.access_keys.as_ref();
    let keys = keys.map(|list| list.iter().map(|k| key(reader, &missing, k)).collect());
    details.access_keys = missing.field("AccessKeys", keys.into());
    let devices = extra.mfa_devices.as_ref();
    let devices = devices.map(|list| list.iter().map(|m| mfa(reader, m)).collect());
    details.mfa_devices = missing.field("MFADevices", devices.into());
    let keys = extra.ssh_public_keys.as_ref();
    let keys = keys.map(|list| list.iter().map(|k| ssh(reader, k)).collect());
    details.ssh_keys = missing.field("SSHPublicKeys", keys.into());
    let list = extra.service_specific_credentials.as_ref();
    let list = list.map(|list| list.iter().map(|c| service(reader, c)).collect());
    details.service_credentials = missing.field("ServiceSpecificCredentials", list.into());
}

fn login(reader: &mut Reader<'_, '_>, item: &LoginItem) -> LoginProfile {
    LoginProfile {
        created: reader.date(item.create_date),
        reset_required: item.password_reset_required,
    }
}

fn key(reader: &mut Reader<'_, '_>, missing: &Lacks<'_, '_>, item: &KeyItem<'_>) -> AccessKey {
    let used = match &item.last_used {
        None => Field::Unknown,
        Some(None) => Field::Known(None),
        Some(Some(used)) => reader
            .date(Some(used.date))
            .map(|at| {
                Some(AccessKeyUse {
                    at,
                    service: used.service_name.as_deref().unwrap_or_default().into(),
                    region: used.region.as_deref().unwrap_or_default().into(),
                })
            })
            .into(),
    };
    AccessKey {
        id: CompactString::new(&*item.access_key_id),
        status: item.status,
        created: reader.date(item.create_date),
        last_used: missing.field(&format!("AccessKeys.{}", &*item.access_key_id), used),
    }
}

fn mfa(reader: &mut Reader<'_, '_>, item: &MfaItem<'_>) -> MfaDevice {
    MfaDevice {
        serial: (&*item.serial_number).into(),
        enabled: reader.date(item.enable_date),
    }
}

fn ssh(reader: &mut Reader<'_, '_>, item: &SshItem<'_>) -> SshPublicKey {
    SshPublicKey {
        id: CompactString::new(&*item.ssh_public_key_id),
        status: item.status,
        uploaded: reader.date(item.upload_date),
    }
}

fn service(reader: &mut Reader<'_, '_>, item: &ServiceItem<'_>) -> ServiceSpecificCredential {
    ServiceSpecificCredential {
        id: CompactString::new(&*item.service_specific_credential_id),
        service: item.service_name.as_deref().unwrap_or_default().into(),
        service_user_name: item.service_user_name.as_deref().unwrap_or_default().into(),
        status: item.status,
        created: reader.date(item.create_date),
    }
}

fn group(missing: &Missing<'_>, group: &mut Group) {
    let missing = Lacks::from(missing);
    missing.set("AttachedManagedPolicies", &mut group.attached);
    missing.inline("GroupPolicyList", &mut group.inline);
}

fn role(role: &mut Role, extra: &RoleExtra<'_>) {
    let missing = Lacks::from(&extra.missing);
    missing.set("AssumeRolePolicyDocument", &mut role.trust);
    missing.set("AttachedManagedPolicies", &mut role.attached);
    missing.inline("RolePolicyList", &mut role.inline);
    missing.set("PermissionsBoundary", &mut role.boundary);
    missing.set("Tags", &mut role.tags);
    missing.set("RoleLastUsed", &mut role.last_used);
    missing.set("InstanceProfileList", &mut role.instance_profiles);
    let description = extra.description.as_deref().map(Box::from);
    role.details.description = missing.field("Description", description.into());
    let duration = extra.max_session_duration.into();
    role.details.max_session_duration = missing.field("MaxSessionDuration", duration);
}

fn policy(policy: &mut ManagedPolicy, extra: &PolicyExtra<'_>) {
    let missing = Lacks::from(&extra.missing);
    missing.set("Description", &mut policy.description);
    missing.set("PolicyVersionList", &mut policy.versions);
    if let Field::Known(versions) = &mut policy.versions {
        for version in versions {
            let name = format!("PolicyVersionList.{}", version.id);
            missing.set(&name, &mut version.document);
        }
    }
    policy.tags = missing.field("Tags", extra.tags.as_deref().map(tags).into());
}

/// Puts the texts in the place of the objects that stand for them.
///
/// A file may have been edited since: a text is taken only where its object still says the same.
fn texts(reader: &mut Reader<'_, '_>, batch: &mut Batch, items: &[TextItem<'_>]) {
    if items.is_empty() {
        return;
    }
    let mut places: HashMap<Arc<str>, Place<'_>> = HashMap::new();
    places.extend(
        batch
            .users
            .iter_mut()
            .map(|u| (u.arn.clone(), Place::User(u))),
    );
    places.extend(
        batch
            .groups
            .iter_mut()
            .map(|g| (g.arn.clone(), Place::Group(g))),
    );
    places.extend(
        batch
            .roles
            .iter_mut()
            .map(|r| (r.arn.clone(), Place::Role(r))),
    );
    places.extend(
        batch
            .policies
            .iter_mut()
            .map(|p| (p.arn.clone(), Place::Policy(p))),
    );
    for item in items {
        let Ok(text) = serde_json::from_str::<String>(item.text.get()) else {
            reader
                .gaps
                .push("left out: a text that is no string".into());
            continue;
        };
        let Some(object) = canonical::of_object(&text) else {
            continue;
        };
        let text = reader.texts.intern(&text);
        for of in &item.of {
            let (Some(arn), name) = (of.first(), of.get(1)) else {
                continue;
            };
            let Some(place) = places.get_mut(&**arn) else {
                continue;
            };
            for document in place.documents(name.map(|n| &**n)) {
                if document.as_str() == object {
                    *document = text.clone();
                }
            }
        }
    }
}

/// An entity that holds documents.
enum Place<'b> {
    User(&'b mut User),
    Group(&'b mut Group),
    Role(&'b mut Role),
    Policy(&'b mut ManagedPolicy),
}

impl Place<'_> {
    /// The inline policy or version of this name; without one, the trust policy.
    fn documents(&mut self, name: Option<&str>) -> Vec<&mut Arc<PolicyText>> {
        let list = match (self, name) {
            (Self::Role(role), None) => return known(&mut role.trust).into_iter().collect(),
            (Self::Policy(policy), Some(name)) => {
                let versions = known(&mut policy.versions).into_iter().flatten();
                let named = versions.filter(|v| v.id == name);
                return named.filter_map(|v| known(&mut v.document)).collect();
            }
            (Self::User(user), Some(_)) => &mut user.inline,
            (Self::Group(group), Some(_)) => &mut group.inline,
            (Self::Role(role), Some(_)) => &mut role.inline,
            (_, None) => return Vec::new(),
        };
        let named = known(list)
            .into_iter()
            .flatten()
            .filter(|p| Some(&*p.name) == name);
        named.filter_map(|p| known(&mut p.document)).collect()
    }
}

fn known<T>(field: &mut Field<T>) -> Option<&mut T> {
    match field {
        Field::Known(value) => Some(value),
        _ => None,
    }
}
