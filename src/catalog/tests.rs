//! What the catalogue is known to hold.

mod finding;

use std::collections::HashSet;
use std::fmt::Write;

use super::*;

fn known(name: &str) -> Action {
    action(name).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn all_of_it_can_be_read() {
    let mut seen = HashSet::new();
    for service in services() {
        assert!(!service.prefix().is_empty() && !service.title().is_empty());
        assert_eq!(super::service(service.prefix()), Some(service));
        assert_eq!(
            store::details(service.id()).actions.len(),
            service.actions().len()
        );
        for action in service.actions() {
            assert_eq!(service.action(action.name()), Some(action));
            assert!(!action.description().is_empty(), "{action}");
            assert!(seen.insert(action.to_string()), "{action}");
            for resource in action.resource_types() {
                assert!(!resource.resource_type().name().is_empty(), "{action}");
                assert!(resource.condition_keys().all(|key| !key.name().is_empty()));
            }
            for key in action.all_condition_keys() {
                assert!(!key.name().is_empty(), "{action}");
            }
        }
        for kind in service.resource_types() {
            assert!(kind.arn_pattern().starts_with("arn:"), "{kind:?}");
            assert!(kind.condition_keys().all(|key| !key.name().is_empty()));
            assert_eq!(service.resource_type(kind.name()), Some(kind));
        }
        for key in service.condition_keys() {
            assert!(!key.name().is_empty() && !key.description().is_empty());
            assert!(condition_key(key.name()).is_some() || owned_elsewhere(key));
        }
    }
    for action in services().flat_map(Service::actions) {
        for dependent in action.dependent_actions() {
            assert!(seen.contains(*dependent), "{action}: {dependent}");
        }
    }
    for key in global_condition_keys() {
        assert!(!key.description().is_empty(), "{key}");
        assert_eq!(condition_key(key.name()), Some(key));
    }
}

/// A few services know keys of others, which these do not list.
fn owned_elsewhere(key: ConditionKey) -> bool {
    let prefix = key.name().split(':').next();
    prefix != key.service().map(Service::prefix)
}

#[test]
fn every_policy_has_a_document_and_is_found_by_its_arn() {
    for policy in managed_policies() {
        let document: serde_json::Value = serde_json::from_str(policy.document()).unwrap();
        assert!(document["Statement"].is_array() || document["Statement"].is_object());
        let plain = policy.document();
        assert!(!plain.contains("\": ") || !plain.contains(": {"), "{plain}");
        for partition in ["aws", "aws-us-gov"] {
            assert_eq!(managed_policy(&policy.arn(partition)), Some(policy));
        }
        assert!(policy.arn("aws").ends_with(policy.name()));
        assert!(policy.version().starts_with('v') && policy.date().len() == 10);
    }
    let lambda = "arn:aws:iam::aws:policy/service-role/AWSLambdaRole";
    let lambda = managed_policy(lambda).unwrap();
    assert_eq!(
        (lambda.name(), lambda.path()),
        ("AWSLambdaRole", "/service-role/".into())
    );
    assert!(lambda.document().contains("lambda:InvokeFunction"));
    assert_eq!(
        managed_policy("arn:aws:iam::aws:policy/AWSLambdaRole"),
        None
    );
    assert_eq!(
        managed_policy("arn:aws:iam::111122223333:policy/ReadOnlyAccess"),
        None
    );
}

/// The table in the README is the one that the building program wrote of these data.
#[test]
fn the_readme_tells_what_is_in_it() {
    let count = |of: fn(Service) -> usize| services().map(of).sum::<usize>();
    let actions = || services().flat_map(Service::actions);
    let mut table = String::new();
    for (source, holds) in sources().iter().zip([
        format!(
            "{} services ({} of them heed resource control policies), {} actions, {} resource \
             types, {} condition keys, {} global condition keys",
            services().len(),
            count(|service| usize::from(service.supports_rcp())),
            count(|service| service.actions().len()),
            count(|service| service.resource_types().len()),
            count(|service| service.condition_keys().len()),
            global_condition_keys().len(),
        ),
        format!(
            "dependent actions of {} actions",
            actions()
                .filter(|action| !action.dependent_actions().is_empty())
                .count()
        ),
        format!("{} AWS managed policies", managed_policies().len()),
    ]) {
        let Source {
            package,
            version,
            licence,
            date,
        } = source;
        writeln!(
            table,
            "| `{package}` | {version} | {date} | {licence} | {holds} |"
        )
        .unwrap();
    }
    let readme = include_str!("../../assets/README.md");
    assert!(readme.contains(&table), "{table}");
    assert_eq!(version(), sources()[0].date);
    assert!(size() < 1_300_000);
}

#[test]
fn knows_what_people_know() {
    let get = known("s3:getobject");
    assert_eq!(get.to_string(), "s3:GetObject");
    assert_eq!(get.access_level(), AccessLevel::Read);
    assert_eq!(get.description(), "Retrieve objects from Amazon S3");
    let types: Vec<_> = get
        .resource_types()
        .map(|of| of.resource_type().name())
        .collect();
    assert!(types.contains(&"object"), "{types:?}");
    assert!(
        get.condition_keys()
            .any(|key| key.name() == "s3:TlsVersion")
    );

    let pass = known("iam:PassRole");
    assert_eq!(pass.access_level(), AccessLevel::Write);
    let role = pass.resource_types().next().unwrap();
    assert!(role.is_required());
    assert_eq!(
        role.resource_type().arn_pattern(),
        "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"
    );
    assert!(
        pass.condition_keys()
            .any(|key| key.name() == "iam:PassedToService")
    );

    assert_eq!(known("kms:Decrypt").resource_types().len(), 1);
    assert!(
        known("sts:AssumeRole")
            .condition_keys()
            .any(|key| key.name() == "sts:ExternalId")
    );
    let run = known("ec2:RunInstances");
    assert!(run.dependent_actions().contains(&"iam:PassRole"));
    let image = run
        .resource_types()
        .find(|of| of.resource_type().name() == "image")
        .unwrap();
    assert!(image.condition_keys().any(|key| key.name() == "ec2:Owner"));
    assert_eq!(
        known("iam:CreatePolicyVersion").access_level().name(),
        "Permissions management"
    );
    assert_eq!(
        known("s3:ListAllMyBuckets").access_level(),
        AccessLevel::List
    );
    assert_eq!(known("ec2:CreateTags").access_level(), AccessLevel::Tagging);

    let rcp = [
        "s3",
        "sts",
        "kms",
        "sqs",
        "secretsmanager",
        "ecr",
        "aoss",
        "dynamodb",
        "logs",
    ];
    assert!(
        rcp.iter()
            .all(|prefix| service(prefix).unwrap().supports_rcp())
    );
    assert!(
        ["iam", "ec2", "lambda"]
            .iter()
            .all(|prefix| !service(prefix).unwrap().supports_rcp())
    );
    assert_eq!(service("S3").unwrap().title(), "Amazon S3");
    assert_eq!(action("s3:GetObjet"), None);
    assert_eq!(action("GetObject"), None);
}
