//! The demo account by IAM's own rules: references, names, quotas, documents.

use std::collections::BTreeSet;
use std::sync::Arc;

use iamscope::iam::{Arn, Field, Kind, Tag, TakenBasis};
use iamscope::policy::{Document, PolicyText};
use serde_json::Value;

use super::{ACCOUNT, DEMO, json, known};

#[test]
fn says_what_it_is() {
    assert_eq!(DEMO.id.as_deref(), Some(ACCOUNT));
    assert_eq!(known(&DEMO.aliases), &["northwind"]);
    assert_eq!(DEMO.partition.as_str(), "aws");
    let taken = DEMO.taken.unwrap();
    assert_eq!(taken.at.to_string(), "2026-09-30T08:00:00Z");
    assert_eq!(taken.basis, TakenBasis::Stated);
    assert_eq!(DEMO.gaps, Vec::<Box<str>>::new());
    let caller = DEMO.caller_principal().unwrap();
    assert_eq!((caller.kind, caller.name()), (Kind::Role, "iam-steward"));
}

#[test]
fn has_the_size_of_a_small_company() {
    assert_eq!(DEMO.count(Kind::User), 41);
    assert_eq!(DEMO.count(Kind::Group), 8);
    assert_eq!(DEMO.count(Kind::Role), 60);
    let (aws, own): (Vec<_>, Vec<_>) = DEMO.policies().iter().partition(|p| p.is_aws_managed());
    assert_eq!((aws.len(), own.len()), (30, 45));
}

/// Kind, name, path, id and ARN of everything.
fn identities() -> Vec<(Kind, String, String, String, String)> {
    let own = |kind, name: &str, path: &str, id: &str, arn: &str| {
        (kind, name.into(), path.into(), id.into(), arn.into())
    };
    let mut all = Vec::new();
    for u in DEMO.users() {
        all.push(own(Kind::User, &u.name, &u.path, &u.id, &u.arn));
    }
    for g in DEMO.groups() {
        all.push(own(Kind::Group, &g.name, &g.path, &g.id, &g.arn));
    }
    for r in DEMO.roles() {
        all.push(own(Kind::Role, &r.name, &r.path, &r.id, &r.arn));
    }
    for p in DEMO.policies() {
        all.push(own(Kind::Policy, &p.name, &p.path, &p.id, &p.arn));
    }
    all
}

#[test]
fn names_and_ids_are_unique_and_well_formed() {
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (kind, name, path, id, arn) in identities() {
        assert!(names.insert((kind, name.to_lowercase())), "{arn} twice");
        assert!(ids.insert(id.clone()), "{id} twice");
        let letters = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        let longest = if matches!(kind, Kind::User | Kind::Role) {
            64
        } else {
            128
        };
        assert!(name.chars().all(letters) && name.len() <= longest, "{name}");
        let prefix = match kind {
            Kind::User => "AIDA",
            Kind::Group => "AGPA",
            Kind::Role => "AROA",
            Kind::Policy => "ANPA",
        };
        assert!(id.starts_with(prefix) && id.len() == 21, "{arn}: {id}");
        assert!(id.ends_with("EXAMPLE"), "{id} could be taken for a real id");
        let parts = Arn::parse(&arn).unwrap();
        assert_eq!((parts.name(), parts.path()), (&*name, &*path), "{arn}");
        assert_eq!(parts.resource_type(), kind.as_str(), "{arn}");
        assert!([ACCOUNT, "aws"].contains(&parts.account), "{arn}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for user in DEMO.users() {
        for group in known(&user.groups) {
            assert!(DEMO.group_named(group).is_some(), "{}: {group}", user.name);
        }
    }
    let principals = DEMO.users().iter().map(|u| (&u.arn, &u.attached));
    let principals = principals.chain(DEMO.groups().iter().map(|g| (&g.arn, &g.attached)));
    let principals = principals.chain(DEMO.roles().iter().map(|r| (&r.arn, &r.attached)));
    for (arn, attached) in principals {
        for policy in known(attached) {
            assert!(DEMO.policy(policy).is_some(), "{arn}: {policy}");
        }
    }
    let users = DEMO.users().iter().map(|u| (&u.arn, &u.boundary));
    let bounded = users.chain(DEMO.roles().iter().map(|r| (&r.arn, &r.boundary)));
    for (arn, boundary) in bounded {
        if let Some(policy) = known(boundary) {
            assert!(DEMO.policy(policy).is_some(), "{arn}: {policy}");
        }
    }
}

#[test]
fn policies_count_their_attachments_rightly() {
    for policy in DEMO.policies() {
        let users = DEMO.attachments(&policy.arn);
        let attached = users.map_or(0, |a| a.attached());
        let bounded = users.map_or(0, |a| a.bounded());
        let told = |count: Option<u32>| count.map(|n| n as usize);
        let name = &policy.name;
        assert_eq!(told(policy.attachment_count), Some(attached), "{name}");
        assert_eq!(told(policy.boundary_count), Some(bounded), "{name}");
    }
}

#[test]
fn stays_within_the_quotas() {
    let size = |text: &str| text.chars().count();
    for user in DEMO.users() {
        let name = &user.name;
        assert!(known(&user.groups).len() <= 10, "{name}");
        assert!(known(&user.attached).len() <= 10, "{name}");
        assert!(known(&user.details.access_keys).len() <= 2, "{name}");
        assert!(known(&user.details.mfa_devices).len() <= 8, "{name}");
        assert!(known(&user.details.ssh_keys).len() <= 5, "{name}");
        let inline = known(&user.inline).iter();
        let total: usize = inline.map(|p| size(known(&p.document).as_str())).sum();
        assert!(total <= 2_048, "{name}: {total}");
        tags_are_legal(name, &user.tags);
    }
    for group in DEMO.groups() {
        let inline = known(&group.inline).iter();
        let total: usize = inline.map(|p| size(known(&p.document).as_str())).sum();
        assert!(total <= 5_120, "{}: {total}", group.name);
        assert!(known(&group.attached).len() <= 10, "{}", group.name);
    }
    for role in DEMO.roles() {
        let name = &role.name;
        assert!(known(&role.attached).len() <= 10, "{name}");
        assert!(size(known(&role.trust).as_str()) <= 2_048, "{name}");
        let inline = known(&role.inline).iter();
        let total: usize = inline.map(|p| size(known(&p.document).as_str())).sum();
        assert!(total <= 10_240, "{name}: {total}");
        tags_are_legal(name, &role.tags);
        let longest = *known(&role.details.max_session_duration);
        assert!((3_600..=43_200).contains(&longest), "{name}");
        let description = known(&role.details.description);
        let latin = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '¡'..='ÿ');
        assert!(description.chars().all(latin), "{name}: {description}");
    }
    for policy in DEMO.policies().iter().filter(|p| !p.is_aws_managed()) {
        let name = &policy.name;
        let versions = known(&policy.versions);
        assert!((1..=5).contains(&versions.len()), "{name}");
        for version in versions {
            let text = known(&version.document).as_str();
            assert!(size(text) <= 6_144, "{name} {}", version.id);
        }
        tags_are_legal(name, &policy.tags);
    }
}

/// IAM takes letters, digits and spaces of any script, and few other characters.
fn tags_are_legal(owner: &str, tags: &Field<Vec<Tag>>) {
    let tags = known(tags);
    assert!(tags.len() <= 50, "{owner}");
    let mut keys = BTreeSet::new();
    for tag in tags {
        assert!(keys.insert(tag.key.to_lowercase()), "{owner}: {}", tag.key);
        let legal = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
        assert!(tag.key.chars().all(legal), "{owner}: {}", tag.key);
        assert!(tag.value.chars().all(legal), "{owner}: {}", tag.value);
    }
}

#[test]
fn the_summary_agrees_with_the_content() {
    let summary = known(&DEMO.summary);
    let own = DEMO.policies().iter().filter(|p| !p.is_aws_managed());
    let versions: usize = own.map(|p| known(&p.versions).len()).sum();
    let devices = DEMO.users().iter();
    let devices: usize = devices.map(|u| known(&u.details.mfa_devices).len()).sum();
    let profiles = DEMO.roles().iter();
    let profiles: usize = profiles.map(|r| known(&r.instance_profiles).len()).sum();
    for (key, expected) in [
        ("Users", 41),
        ("Groups", 8),
        ("Roles", 60),
        ("Policies", 45),
        ("PolicyVersionsInUse", versions),
        // The root user has a device of its own.
        ("MFADevicesInUse", devices + 1),
        ("InstanceProfiles", profiles),
        ("VersionsPerPolicyQuota", 5),
        ("AssumeRolePolicySizeQuota", 2_048),
    ] {
        assert_eq!(summary.get(key), Some(&(expected as i64)), "{key}");
    }
}

#[test]
fn nothing_is_left_unknown() {
    for user in DEMO.users() {
        assert!(user.details.complete(), "{}", user.name);
        for key in known(&user.details.access_keys) {
            assert!(key.id.starts_with("AKIA") && key.id.len() == 20);
            assert!(key.id.ends_with("EXAMPLE"), "{} looks real", key.id);
            known(&key.last_used);
        }
    }
    for role in DEMO.roles() {
        assert!(role.details.complete(), "{}", role.name);
        known(&role.last_used);
        known(&role.instance_profiles);
    }
}

#[test]
fn nothing_happened_after_it_was_taken_or_before_it_was_made() {
    let taken = DEMO.taken.unwrap().at;
    for user in DEMO.users() {
        let born = user.created.unwrap();
        let keys = known(&user.details.access_keys);
        let mut later: Vec<_> = keys.iter().map(|k| k.created.unwrap()).collect();
        let used = keys.iter().filter_map(|k| known(&k.last_used).as_ref());
        later.extend(used.map(|u| u.at));
        later.extend(*known(&user.details.password_last_used));
        let devices = known(&user.details.mfa_devices).iter();
        later.extend(devices.map(|d| d.enabled.unwrap()));
        for at in later {
            assert!(born <= at && at < taken, "{}: {at}", user.name);
        }
    }
    for role in DEMO.roles() {
        if let Some(used) = known(&role.last_used) {
            assert!(
                role.created.unwrap() < used.at && used.at < taken,
                "{}",
                role.name
            );
        }
    }
    for policy in DEMO.policies() {
        for version in known(&policy.versions) {
            let at = version.created.unwrap();
            assert!(policy.created.unwrap() <= at, "{}", policy.name);
            assert!(at <= policy.updated.unwrap(), "{}", policy.name);
        }
    }
}

#[test]
fn every_document_has_the_shape_of_a_policy() {
    for role in DEMO.roles() {
        policy_grammar(&role.name, known(&role.trust), TRUST);
        for inline in known(&role.inline) {
            policy_grammar(&role.name, known(&inline.document), IDENTITY);
        }
    }
    for user in DEMO.users() {
        for inline in known(&user.inline) {
            policy_grammar(&user.name, known(&inline.document), IDENTITY);
        }
    }
    for group in DEMO.groups() {
        for inline in known(&group.inline) {
            policy_grammar(&group.name, known(&inline.document), IDENTITY);
        }
    }
    for policy in DEMO.policies() {
        assert!(policy.document().is_some(), "{}", policy.name);
        for version in known(&policy.versions) {
            policy_grammar(&policy.name, known(&version.document), IDENTITY);
        }
    }
    for level in &DEMO.organization.as_ref().unwrap().levels {
        for policy in level.scps.as_ref().unwrap() {
            policy_grammar(&policy.name, &policy.text, IDENTITY);
        }
        for policy in &level.rcps {
            policy_grammar(&policy.name, &policy.text, OF_RESOURCES);
        }
    }
    for (arn, text) in &DEMO.resource_policies {
        policy_grammar(arn, text, OF_RESOURCES);
    }
}

/// Whether the statements of a policy name principals, and whether resources.
type Naming = (bool, bool);
const IDENTITY: Naming = (false, true);
const TRUST: Naming = (true, false);
const OF_RESOURCES: Naming = (true, true);

/// Judged by a JSON parser that is not our own; and ours must have nothing to say against it.
fn policy_grammar(owner: &str, text: &Arc<PolicyText>, (principals, resources): Naming) {
    let faults = Document::parse(text.as_str()).faults;
    assert!(faults.is_empty(), "{owner}: {faults:?}");
    let document = json(text);
    let version = document["Version"].as_str();
    assert!(
        matches!(version, Some("2012-10-17" | "2008-10-17")),
        "{owner}"
    );
    let statements = match &document["Statement"] {
        Value::Array(many) => many.as_slice(),
        one => std::slice::from_ref(one),
    };
    assert!(!statements.is_empty(), "{owner}");
    for statement in statements {
        let has = |key: &str| statement.get(key).is_some();
        let effect = statement["Effect"].as_str();
        assert!(matches!(effect, Some("Allow" | "Deny")), "{owner}");
        assert!(has("Action") != has("NotAction"), "{owner}: {statement}");
        assert_eq!(has("Principal"), principals, "{owner}: {statement}");
        let resource = has("Resource") != has("NotResource");
        assert_eq!(resource, resources, "{owner}: {statement}");
        for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
            assert!(
                keys.as_object().is_some_and(|k| !k.is_empty()),
                "{owner}: {operator}"
            );
        }
    }
}
