//! Events of CloudTrail.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>

use std::net::IpAddr;

use serde_json::Value;

use super::{Denied, Form, of_message, operation};
use crate::catalog;

/// Whether an object is an event.
pub(super) fn is_one(value: &Value) -> bool {
    value["eventName"].is_string() && value["eventSource"].is_string()
}

/// Reads an event.
///
/// # Errors
/// Why it tells of no denial.
pub(super) fn read(event: &Value) -> Result<Denied, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let code = text(&event["errorCode"]);
    if code.is_empty() {
        return Err("the event has no errorCode".to_owned());
    }
    const CODES: [&str; 5] = [
        "AccessDenied",
        "Unauthorized",
        "NotAuthorized",
        "Forbidden",
        "AuthorizationError",
    ];
    if !CODES.iter().any(|known| code.contains(known)) {
        return Err(format!("the event's errorCode is {code}"));
    }
    // What the message says comes from the check itself; the rest of the event fills in.
    let said = of_message(&text(&event["errorMessage"])).unwrap_or_default();
    let name = text(&event["eventName"]);
    let mut denied = Denied {
        form: Form::CloudTrail,
        operation: Some(name.clone()),
        context: context(event),
        time: event["eventTime"].as_str().map(str::to_owned),
        ..said
    };
    denied.principal = principal(&event["userIdentity"], &mut denied.notes).or(denied.principal);
    if denied.action.is_none() {
        action(&text(&event["eventSource"]), &name, &mut denied);
    }
    if denied.resource.is_none()
        && let Some(action) = denied.action.clone()
    {
        denied.resource = resource(event, &action);
    }
    Ok(denied)
}

/// Who asked. Who has no ARN is named by what there is.
fn principal(identity: &Value, notes: &mut Vec<String>) -> Option<String> {
    if let Some(arn) = identity["arn"].as_str() {
        return Some(arn.to_owned());
    }
    let text = |name: &str| identity[name].as_str().filter(|it| !it.is_empty());
    match text("type")? {
        "AWSService" => text("invokedBy").map(str::to_owned),
        "WebIdentityUser" | "SAMLUser" => text("identityProvider").map(str::to_owned),
        "AWSAccount" if text("accountId") == Some("anonymous") => Some("*".to_owned()),
        "AWSAccount" => {
            notes.push("the event tells only the account of who asked".to_owned());
            text("accountId").map(str::to_owned)
        }
        "Anonymous" => Some("*".to_owned()),
        "Root" => Some("root".to_owned()),
        _ => None,
    }
}

fn action(source: &str, name: &str, denied: &mut Denied) {
    let Some(service) = operation::service(source) else {
        denied.notes.push(format!(
            "the catalogue of {} knows no service of {source}",
            catalog::version()
        ));
        return;
    };
    match &operation::actions(Some(service), name)[..] {
        [action] => denied.action = Some(action.clone()),
        others => denied.candidates = others.to_vec(),
    }
}

/// The keys of the request that the event tells.
fn context(event: &Value) -> Vec<(String, Vec<String>)> {
    let identity = &event["userIdentity"];
    let session = &identity["sessionContext"];
    let address = &event["sourceIPAddress"];
    let is_address = |text: &str| text.parse::<IpAddr>().is_ok();
    let address = address.as_str().filter(|it| is_address(it));
    let is_tls = event["tlsDetails"]["tlsVersion"].as_str();
    let found = [
        ("aws:SourceIp", address),
        (
            "aws:MultiFactorAuthPresent",
            session["attributes"]["mfaAuthenticated"].as_str(),
        ),
        ("aws:UserAgent", event["userAgent"].as_str()),
        ("aws:RequestedRegion", event["awsRegion"].as_str()),
        ("aws:SourceVpce", event["vpcEndpointId"].as_str()),
        ("aws:SourceIdentity", session["sourceIdentity"].as_str()),
        (
            "aws:TokenIssueTime",
            session["attributes"]["creationDate"].as_str(),
        ),
        ("aws:SecureTransport", is_tls.map(|_| "true")),
    ];
    let found = found.into_iter();
    let found = found.filter_map(|(key, value)| Some((key, value?)));
    let mut keys: Vec<(String, Vec<String>)> = found
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.to_owned(), vec![value.to_owned()]))
        .collect();
    // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>:
    // requests with keys of long standing do not have it.
    let key = identity["accessKeyId"].as_str().unwrap_or_default();
    if key.starts_with("AKIA") && session.is_null() {
        keys.push(("aws:MultiFactorAuthPresent".to_owned(), Vec::new()));
    }
    keys
}

/// The resource, where the event leaves no doubt: of those that it names, the one that the action
/// works on.
fn resource(event: &Value, action: &str) -> Option<String> {
    let parameters = &event["requestParameters"];
    if action.starts_with("s3:")
        && let Some(bucket) = parameters["bucketName"].as_str()
    {
        let key = parameters["key"].as_str().unwrap_or_default();
        return operation::of_bucket(action, bucket, key);
    }
    let types = catalog::action(action)?.resource_types();
    let types: Vec<_> = types.map(|it| it.resource_type()).collect();
    let fits = |arn: &str| {
        let of_arn = catalog::resources_of_arn(arn);
        of_arn.iter().any(|it| types.contains(it))
    };
    let listed = event["resources"].as_array().into_iter().flatten();
    let listed = listed.filter_map(|it| it["ARN"].as_str().or(it["arn"].as_str()));
    let given = parameters.as_object().into_iter().flatten();
    let given = given.filter_map(|(_, value)| value.as_str());
    let mut found: Vec<&str> = listed.chain(given).filter(|it| fits(it)).collect();
    found.sort_unstable();
    found.dedup();
    match &found[..] {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}
