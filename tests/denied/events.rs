//! Events of CloudTrail, and decoded messages.

use iamscope::report::denied::{self, DeniedError, Form};
use serde_json::{Value, json};

use super::messages::read;

const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/ci-deploy/build-77";

/// An event as CloudTrail has it, with more or other members.
pub fn event(more: Value) -> Value {
    let mut event = json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:build-77",
            "arn": SESSION,
            "accountId": "111122223333",
            "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111122223333:role/ci/ci-deploy"},
                "attributes": {"creationDate": "2026-09-30T08:00:00Z", "mfaAuthenticated": "false"}
            }
        },
        "eventTime": "2026-09-30T08:10:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "[aws-cli/2.17]",
        "errorCode": "AccessDenied",
        "errorMessage": "Access Denied",
        "requestParameters": {"bucketName": "b", "key": "k", "Host": "b.s3.amazonaws.com"},
        "vpcEndpointId": "vpce-1a2b3c4d",
        "tlsDetails": {"tlsVersion": "TLSv1.3"}
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn of(more: Value) -> denied::Denied {
    read(&event(more).to_string())
}

fn key<'a>(denied: &'a denied::Denied, key: &str) -> Option<&'a [String]> {
    let mut context = denied.context.iter();
    context
        .find(|(known, _)| known == key)
        .map(|(_, it)| &it[..])
}

#[test]
fn an_event_tells_the_request_and_its_keys() {
    let denied = of(json!({}));
    assert_eq!(denied.form, Form::CloudTrail);
    assert_eq!(denied.principal.as_deref(), Some(SESSION));
    assert_eq!(denied.action.as_deref(), Some("s3:GetObject"));
    assert_eq!(denied.resource.as_deref(), Some("s3://b/k"));
    assert_eq!(denied.time.as_deref(), Some("2026-09-30T08:10:00Z"));
    for (name, value) in [
        ("aws:SourceIp", "203.0.113.7"),
        ("aws:MultiFactorAuthPresent", "false"),
        ("aws:UserAgent", "[aws-cli/2.17]"),
        ("aws:RequestedRegion", "eu-west-1"),
        ("aws:SourceVpce", "vpce-1a2b3c4d"),
        ("aws:SecureTransport", "true"),
        ("aws:TokenIssueTime", "2026-09-30T08:00:00Z"),
    ] {
        assert_eq!(key(&denied, name), Some(&[value.to_owned()][..]), "{name}");
    }
}

/// A service's name is no address, and what an event does not have is not made up.
#[test]
fn keys_that_are_not_told_are_left_out() {
    let denied = of(json!({
        "sourceIPAddress": "cloudformation.amazonaws.com",
        "vpcEndpointId": null,
        "tlsDetails": null,
        "userIdentity": {"type": "AssumedRole", "arn": SESSION},
    }));
    for name in [
        "aws:SourceIp",
        "aws:SourceVpce",
        "aws:SecureTransport",
        "aws:MultiFactorAuthPresent",
    ] {
        assert_eq!(key(&denied, name), None, "{name}");
    }
    // Keys of long standing come without MFA, and the request has not even the key.
    let user = json!({"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/a", "accessKeyId": "AKIAEXAMPLE"});
    let denied = of(json!({"userIdentity": user}));
    assert_eq!(key(&denied, "aws:MultiFactorAuthPresent"), Some(&[][..]));
}

/// The check's own words win over the names of the operation and its parameters.
#[test]
fn the_message_of_an_event_is_read() {
    let denied = of(json!({
        "eventName": "ListObjects",
        "errorMessage": "User: arn:aws:sts::111122223333:assumed-role/ci-deploy/build-77 is not \
            authorized to perform: s3:ListBucket on resource: \"arn:aws:s3:::b\" with an explicit \
            deny in a VPC endpoint policy",
    }));
    assert_eq!(denied.action.as_deref(), Some("s3:ListBucket"));
    assert_eq!(denied.resource.as_deref(), Some("arn:aws:s3:::b"));
    assert!(denied.reason.unwrap().is_explicit);
}

#[test]
fn services_and_operations_go_by_other_names() {
    for (source, name, action) in [
        (
            "monitoring.amazonaws.com",
            "PutMetricAlarm",
            "cloudwatch:PutMetricAlarm",
        ),
        (
            "lambda.amazonaws.com",
            "CreateFunction20150331",
            "lambda:CreateFunction",
        ),
        ("lambda.amazonaws.com", "Invoke", "lambda:InvokeFunction"),
        ("s3.amazonaws.com", "HeadBucket", "s3:ListBucket"),
        ("ec2.amazonaws.com", "RunInstances", "ec2:RunInstances"),
        (
            "states.amazonaws.com",
            "StartExecution",
            "states:StartExecution",
        ),
        ("kms.amazonaws.com", "Decrypt", "kms:Decrypt"),
    ] {
        let denied = of(json!({"eventSource": source, "eventName": name}));
        assert_eq!(denied.action.as_deref(), Some(action), "{source} {name}");
    }
    let denied = of(json!({"eventSource": "quux.amazonaws.com", "eventName": "Do"}));
    assert_eq!(denied.action, None);
    assert!(
        denied.notes.join("").contains("knows no service"),
        "{:?}",
        denied.notes
    );
}

#[test]
fn the_resource_is_taken_where_there_is_one_that_fits() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let kms = |more: Value| {
        let mut all = json!({"eventSource": "kms.amazonaws.com", "eventName": "Decrypt"});
        all["resources"] = more;
        of(all).resource
    };
    let listed = json!([{"ARN": key, "type": "AWS::KMS::Key"}, {"ARN": "arn:aws:s3:::b"}]);
    assert_eq!(kms(listed).as_deref(), Some(key));
    let two = json!([{"ARN": key}, {"ARN": key.replace("1234abcd", "5678abcd")}]);
    assert_eq!(kms(two), None, "which one it was is not said");
    let role = "arn:aws:iam::111122223333:role/ci/prod-deployer";
    let denied = of(json!({
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "requestParameters": {"roleArn": role, "roleSessionName": "x"},
    }));
    assert_eq!(denied.resource.as_deref(), Some(role));
}

#[test]
fn whoever_asks_is_named_as_well_as_can_be() {
    let who = |identity: Value| of(json!({"userIdentity": identity})).principal;
    for (identity, principal) in [
        (
            json!({"type": "Root", "arn": "arn:aws:iam::111122223333:root"}),
            "arn:aws:iam::111122223333:root",
        ),
        (
            json!({"type": "FederatedUser", "arn": "arn:aws:sts::111122223333:federated-user/bob"}),
            "arn:aws:sts::111122223333:federated-user/bob",
        ),
        (
            json!({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}),
            "ec2.amazonaws.com",
        ),
        (
            json!({"type": "AWSAccount", "principalId": "AIDAEXAMPLE", "accountId": "222233334444"}),
            "222233334444",
        ),
        (json!({"type": "AWSAccount", "accountId": "anonymous"}), "*"),
        (
            json!({"type": "WebIdentityUser", "identityProvider": "accounts.google.com", "userName": "1"}),
            "accounts.google.com",
        ),
    ] {
        assert_eq!(
            who(identity.clone()).as_deref(),
            Some(principal),
            "{identity}"
        );
    }
    assert_eq!(who(json!({"type": "Unknown"})), None);
}

#[test]
fn events_are_found_in_what_holds_them() {
    let event = event(json!({}));
    let plain = read(&event.to_string());
    let fine = json!({"eventName": "ListBuckets", "eventSource": "s3.amazonaws.com"});
    for holder in [
        json!({"Records": [fine, event]}),
        json!({"Events": [{"EventName": "GetObject", "CloudTrailEvent": event.to_string()}]}),
        json!({"detail-type": "AWS API Call via CloudTrail", "detail": event}),
        json!([event]),
    ] {
        assert_eq!(read(&holder.to_string()), plain, "{holder}");
    }
    let two = json!({"Records": [event, event]});
    let notes = read(&two.to_string()).notes;
    assert!(
        notes.join("").contains("1 more events of denied requests"),
        "{notes:?}"
    );
}

#[test]
fn an_event_of_another_outcome_is_refused() {
    let mut fine = event(json!({}));
    fine.as_object_mut().unwrap().remove("errorCode");
    for (event, why) in [
        (fine, "the event has no errorCode"),
        (
            event(json!({"errorCode": "NoSuchKey"})),
            "the event's errorCode is NoSuchKey",
        ),
    ] {
        let error = denied::parse(&event.to_string()).unwrap_err();
        assert_eq!(error, DeniedError::NotDenied(why.to_owned()));
    }
}

/// As `sts:DecodeAuthorizationMessage` gives it.
pub fn decoded(allowed: bool) -> Value {
    json!({
        "allowed": allowed,
        "explicitDeny": true,
        "matchedStatements": {"items": [{
            "statementId": "NoBigMachines",
            "effect": "DENY",
            "principals": {"items": [{"value": "AIDAEXAMPLE"}]},
            "actions": {"items": [{"value": "ec2:RunInstances"}]},
        }]},
        "failures": {"items": []},
        "context": {
            "principal": {"id": "AIDAEXAMPLE", "name": "anna", "arn": "arn:aws:iam::111122223333:user/anna"},
            "action": "ec2:RunInstances",
            "resource": "arn:aws:ec2:eu-west-1:111122223333:instance/*",
            "conditions": {"items": [
                {"key": "ec2:InstanceType", "values": {"items": [{"value": "p5.48xlarge"}]}},
                {"key": "111122223333:Name", "values": {"items": [{"value": "x"}]}},
                {"key": "aws:TagKeys", "values": {"items": [{"value": "a"}, {"value": "b"}]}},
            ]},
        },
    })
}

#[test]
fn a_decoded_message_is_the_request_itself() {
    let inner = decoded(false);
    for text in [
        inner.to_string(),
        json!({"DecodedMessage": inner.to_string()}).to_string(),
    ] {
        let denied = read(&text);
        assert_eq!(denied.form, Form::Decoded);
        assert_eq!(
            denied.principal.as_deref(),
            Some("arn:aws:iam::111122223333:user/anna")
        );
        assert_eq!(denied.action.as_deref(), Some("ec2:RunInstances"));
        assert!(denied.reason.as_ref().unwrap().is_explicit);
        assert_eq!(
            denied.context,
            [
                (
                    "ec2:InstanceType".to_owned(),
                    vec!["p5.48xlarge".to_owned()]
                ),
                (
                    "aws:TagKeys".to_owned(),
                    vec!["a".to_owned(), "b".to_owned()]
                ),
            ]
        );
        assert!(
            denied.notes[0].contains("NoBigMachines matched (deny)"),
            "{:?}",
            denied.notes
        );
    }
    let error = denied::parse(&decoded(true).to_string()).unwrap_err();
    assert!(error.to_string().contains("it was allowed"), "{error}");
}
