//! The demo account's organisation and the policies of its resources: they are about what is there,
//! and do what they are for.

use std::collections::BTreeSet;

use iamscope::access::{Decision, Terms, pose, principal};
use iamscope::iam::{Arn, Kind};

use super::{ACCOUNT, DEMO, json};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1f0e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:orders";
const AUDIT: &str = "arn:aws:s3:::reports/audit/2026.csv";

/// What comes of a request over TLS, with this known of it in addition.
fn asked(who: &str, action: &str, resource: &str, context: &[(&str, &str)]) -> Decision {
    let mut context = context.to_vec();
    if context.iter().all(|(key, _)| *key != "aws:SecureTransport") {
        context.push(("aws:SecureTransport", "true"));
    }
    let terms = Terms {
        context: context
            .iter()
            .map(|(key, value)| ((*key).to_owned(), vec![(*value).to_owned()]))
            .collect(),
        now: DEMO.taken.map(|taken| taken.at),
        ..Terms::default()
    };
    let caller = principal(&DEMO, who).unwrap();
    let posed = pose(&DEMO, &terms, caller, action, resource);
    posed.question.decide().decision
}

#[test]
fn the_levels_lead_from_the_root_to_the_account() {
    let organization = DEMO.organization.as_ref().unwrap();
    let names: Vec<&str> = organization.levels.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["Root", "Production", ACCOUNT]);
    assert_ne!(organization.management_account.as_deref(), Some(ACCOUNT));
    let mut texts = BTreeSet::new();
    for policy in organization.policies() {
        let text = policy.text.as_str();
        texts.insert((policy.name.as_str(), text));
        assert!(text.len() <= 5_120, "{}", policy.name);
    }
    let names: BTreeSet<_> = texts.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), texts.len(), "no name stands for two policies");
}

#[test]
fn the_policies_of_resources_are_about_them_and_name_who_is_there() {
    assert_eq!(DEMO.resource_policies.len(), 3);
    let mut named = 0;
    for (arn, text) in &DEMO.resource_policies {
        let parsed = Arn::parse(arn).unwrap();
        assert!([ACCOUNT, ""].contains(&parsed.account), "{arn}");
        let document = json(text);
        for statement in document["Statement"].as_array().unwrap() {
            for resource in super::strings(&statement["Resource"]) {
                let is_key = parsed.service == "kms" && resource == "*";
                assert!(is_key || resource.starts_with(&**arn), "{arn}: {resource}");
            }
            for principal in super::strings(&statement["Principal"]["AWS"]) {
                if Kind::of_arn(principal).is_some() {
                    assert!(DEMO.find(principal).is_some(), "{arn}: {principal}");
                    named += 1;
                }
            }
        }
    }
    assert_eq!(named, 2);
}

#[test]
fn nobody_but_the_breakglass_role_blinds_the_watchers() {
    let stop = |who| asked(who, "cloudtrail:StopLogging", "*", &[]);
    assert_eq!(stop("breakglass"), Decision::Allowed);
    assert_eq!(stop("cloudformation-deploy"), Decision::ExplicitDeny);
    let leave = |who| asked(who, "organizations:LeaveOrganization", "*", &[]);
    assert_eq!(leave("breakglass"), Decision::ExplicitDeny);
}

#[test]
fn the_reports_are_for_finance_and_in_part_for_the_auditors() {
    let read = |who, key| asked(who, "s3:GetObject", key, &[]);
    assert_eq!(read("finance-viewer", AUDIT), Decision::Allowed);
    // As the policies of the auditors' own account say.
    assert_eq!(read("333344445555", AUDIT), Decision::Conditional);
    let other = "arn:aws:s3:::reports/2026.csv";
    assert_eq!(read("333344445555", other), Decision::ImplicitDeny);
    assert_eq!(read("*", AUDIT), Decision::ExplicitDeny);
    let clear = [("aws:SecureTransport", "false")];
    let clear = asked("finance-viewer", "s3:GetObject", AUDIT, &clear);
    assert_eq!(clear, Decision::ExplicitDeny);
}

#[test]
fn the_key_encrypts_telemetry_and_is_kept() {
    let with = |who, action| asked(who, action, KEY, &[]);
    assert_eq!(
        with("firehose-telemetry", "kms:GenerateDataKey"),
        Decision::Allowed
    );
    assert_eq!(
        with("cloudformation-deploy", "kms:ScheduleKeyDeletion"),
        Decision::ExplicitDeny
    );
    assert_eq!(
        with("breakglass", "kms:ScheduleKeyDeletion"),
        Decision::Allowed
    );
}

#[test]
fn the_orders_come_from_their_topic() {
    let topic = |name: &str| format!("arn:aws:sns:eu-west-1:111122223333:{name}");
    let from = |topic: &str| {
        let context = [("aws:SourceArn", topic)];
        asked("sns.amazonaws.com", "sqs:SendMessage", QUEUE, &context)
    };
    assert_eq!(from(&topic("orders")), Decision::Allowed);
    assert_eq!(from(&topic("gossip")), Decision::ImplicitDeny);
}
