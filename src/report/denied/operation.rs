//! From the operation of an API that was called to the action that it needs.
//!
//! A tool names the operation where the message of a service has nothing but "Access Denied".
//! Mostly both are called alike; where they are not, and for which service a name stands, is told
//! here as far as the catalogue bears it out.

use super::Denied;
use super::text::Text;
use crate::catalog::{self, Service};

/// What people and SDKs call services whose actions begin otherwise.
const CALLED: [(&str, &str); 22] = [
    ("identitymanagement", "iam"),
    ("securitytoken", "sts"),
    ("securitytokenservice", "sts"),
    ("simplestorageservice", "s3"),
    ("cloudwatchlogs", "logs"),
    ("monitoring", "cloudwatch"),
    ("email", "ses"),
    ("sesv2", "ses"),
    ("sfn", "states"),
    ("stepfunctions", "states"),
    ("cognitoidentityprovider", "cognito-idp"),
    ("elasticloadbalancingv2", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancing"),
    ("elb", "elasticloadbalancing"),
    ("cloudwatchevents", "events"),
    ("eventbridge", "events"),
    ("apigatewayv2", "apigateway"),
    ("efs", "elasticfilesystem"),
    ("emr", "elasticmapreduce"),
    ("ssoadmin", "sso"),
    ("docdb", "rds"),
    ("neptune", "rds"),
];

/// Where an operation needs an action of another name.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
const OTHERWISE: [(&str, &str); 31] = [
    ("ListObjects", "s3:ListBucket"),
    ("ListObjectsV2", "s3:ListBucket"),
    ("HeadBucket", "s3:ListBucket"),
    ("HeadObject", "s3:GetObject"),
    ("ListObjectVersions", "s3:ListBucketVersions"),
    ("ListBuckets", "s3:ListAllMyBuckets"),
    ("CopyObject", "s3:PutObject"),
    ("CreateMultipartUpload", "s3:PutObject"),
    ("UploadPart", "s3:PutObject"),
    ("UploadPartCopy", "s3:PutObject"),
    ("CompleteMultipartUpload", "s3:PutObject"),
    ("DeleteObjects", "s3:DeleteObject"),
    ("SelectObjectContent", "s3:GetObject"),
    ("ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("ListParts", "s3:ListMultipartUploadParts"),
    ("GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("PutBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
    (
        "GetBucketLifecycleConfiguration",
        "s3:GetLifecycleConfiguration",
    ),
    (
        "PutBucketLifecycleConfiguration",
        "s3:PutLifecycleConfiguration",
    ),
    ("DeleteBucketLifecycle", "s3:PutLifecycleConfiguration"),
    ("GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("PutBucketReplication", "s3:PutReplicationConfiguration"),
    (
        "GetBucketNotificationConfiguration",
        "s3:GetBucketNotification",
    ),
    (
        "PutBucketNotificationConfiguration",
        "s3:PutBucketNotification",
    ),
    ("GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    (
        "GetObjectLockConfiguration",
        "s3:GetBucketObjectLockConfiguration",
    ),
    ("DeleteBucketTagging", "s3:PutBucketTagging"),
    ("Invoke", "lambda:InvokeFunction"),
];

/// The service that a tool's word for it means.
pub(super) fn service(word: &str) -> Option<Service> {
    let plain = |word: &str| -> String {
        let letters = word.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|it| it.to_ascii_lowercase()).collect()
    };
    let word = plain(word.strip_suffix(".amazonaws.com").unwrap_or(word));
    let short = ["amazon", "aws"]
        .iter()
        .find_map(|it| word.strip_prefix(it));
    let short = short.unwrap_or(&word);
    let called = CALLED.iter().find(|(name, _)| *name == short);
    if let Some((_, prefix)) = called {
        return catalog::service(prefix);
    }
    let unversioned = short.trim_end_matches("v2");
    let is_it = |service: &Service| {
        let prefix = plain(service.prefix());
        prefix == short || prefix == unversioned || prefix == word
    };
    catalog::services().find(is_it)
}

/// The actions that an operation may need, of one service or of all.
pub(super) fn actions(service: Option<Service>, operation: &str) -> Vec<String> {
    let is_of = |action: &&str| match service {
        Some(service) => action.split(':').next() == Some(service.prefix()),
        None => true,
    };
    let otherwise = OTHERWISE.iter().filter(|(name, _)| *name == operation);
    let mut found: Vec<String> = otherwise
        .map(|(_, action)| *action)
        .filter(is_of)
        .map(str::to_owned)
        .collect();
    // Lambda's events have the version of its API: CreateFunction20150331v2.
    let unversioned = operation
        .trim_end_matches("v2")
        .trim_end_matches(|c: char| c.is_ascii_digit());
    let named = |service: Service| {
        let action = service.action(operation);
        action.or_else(|| service.action(unversioned))
    };
    match service {
        Some(service) if found.is_empty() => {
            found.extend(named(service).map(|it| it.to_string()));
        }
        Some(_) => {}
        None => {
            let all = catalog::services().filter_map(|service| service.action(operation));
            found.extend(all.map(|it| it.to_string()));
        }
    }
    found
}

/// What a text says of a call: by whose API, and which operation.
struct Call<'t> {
    service: Option<&'t str>,
    operation: Option<&'t str>,
}

fn call<'t>(text: &'t Text) -> Call<'t> {
    let is_name = |c: char| c.is_ascii_alphanumeric();
    let name = |after: usize| {
        let rest = text.slice(after..text.as_str().len());
        let rest = rest.trim_start_matches([' ', '\n', '"']);
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        (length > 0).then(|| &rest[..length])
    };
    // Java: (Service: Amazon S3; Status Code: 403; …), (Service: S3, Status Code: 403, …)
    let of_java = text.find("(Service:", 0).and_then(|it| {
        let rest = text.slice(it.end..text.as_str().len());
        rest.split([';', ',', ')']).next().map(str::trim)
    });
    // Go: operation error S3: PutObject, https response error StatusCode: 403, …
    if let Some(found) = text.find("operation error", 0) {
        let rest = text.slice(found.end..text.as_str().len());
        if let Some((service, after)) = rest.split_once(':')
            && service.len() < 60
        {
            let at = text.as_str().len() - after.len();
            return Call {
                service: Some(service.trim()),
                operation: name(at),
            };
        }
    }
    // The AWS CLI and boto3; PHP.
    let lead = text
        .find("when calling the", 0)
        .or_else(|| text.find("Error executing", 0));
    Call {
        service: of_java,
        operation: lead.and_then(|it| name(it.end)),
    }
}

/// Fills in the action from the operation, and the resource from an address of S3.
pub(super) fn fill_in(text: &Text, denied: &mut Denied) {
    let call = call(text);
    let Some(operation) = call.operation else {
        return;
    };
    denied.operation = Some(operation.to_owned());
    let mut found = actions(call.service.and_then(service), operation);
    // Of the services that have such an operation only S3 answers in these two words.
    if found.len() > 1 && text.find("operation: Access Denied", 0).is_some() {
        let of_s3 = found.iter().position(|it| it.starts_with("s3:"));
        if let Some(at) = of_s3 {
            found = vec![found.swap_remove(at)];
        }
    }
    let note = |action: &str| {
        format!("the message names the operation {operation}: asked about {action}, which it needs")
    };
    match &found[..] {
        [action] => {
            denied.notes.push(note(action));
            denied.action = Some(action.clone());
        }
        _ => denied.candidates = found,
    }
    if let Some(action) = &denied.action
        && action.starts_with("s3:")
        && denied.resource.is_none()
    {
        denied.resource = address(text.as_str(), action);
    }
}

/// The only `s3://` address in a text.
fn address(text: &str, action: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let found = words.find_map(|word| word.trim_matches(['"', '\'']).strip_prefix("s3://"))?;
    if words.any(|word| word.contains("s3://")) {
        return None;
    }
    let (bucket, key) = found.split_once('/').unwrap_or((found, ""));
    of_bucket(action, bucket, key)
}

/// The address of a bucket, or of an object in it where the action works on objects. Which
/// partition it is in only the account tells.
pub(super) fn of_bucket(action: &str, bucket: &str, key: &str) -> Option<String> {
    let types = catalog::action(action)?.resource_types();
    let mut types = types.map(|it| it.resource_type().name());
    if bucket.is_empty() {
        return None;
    }
    match types.any(|it| it == "object") {
        true if key.is_empty() => None,
        true => Some(format!("s3://{bucket}/{key}")),
        false => Some(format!("s3://{bucket}")),
    }
}
