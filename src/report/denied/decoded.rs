//! What `sts:DecodeAuthorizationMessage` gives: the request as AWS saw it.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>

use serde_json::Value;

use super::{Denied, Form, Reason};

/// Whether an object is a decoded message.
pub(super) fn is_one(value: &Value) -> bool {
    value["allowed"].is_boolean() && value["context"].is_object()
}

/// Reads a decoded message.
///
/// # Errors
/// Why it tells of no denial.
pub(super) fn read(value: &Value) -> Result<Denied, String> {
    if value["allowed"] == true {
        return Err("the decoded message says that it was allowed".to_owned());
    }
    let context = &value["context"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut denied = Denied {
        form: Form::Decoded,
        principal: text(&context["principal"]["arn"]),
        action: text(&context["action"]),
        resource: text(&context["resource"]),
        reason: value["explicitDeny"].as_bool().map(|is_explicit| Reason {
            is_explicit,
            kind: None,
            policy: None,
        }),
        ..Denied::default()
    };
    for condition in items(&context["conditions"]) {
        let Some(key) = condition["key"].as_str().filter(|key| is_key(key)) else {
            continue;
        };
        let values = items(&condition["values"]).filter_map(|it| it["value"].as_str());
        let values = values.map(str::to_owned).collect();
        denied.context.push((key.to_owned(), values));
    }
    for statement in items(&value["matchedStatements"]) {
        let sid = statement["statementId"].as_str().unwrap_or_default();
        let effect = statement["effect"].as_str().unwrap_or_default();
        let name = match sid {
            "" => "a statement without a Sid".to_owned(),
            sid => format!("the statement {sid}"),
        };
        let note = format!("AWS says that {name} matched ({})", effect.to_lowercase());
        denied.notes.push(note);
    }
    Ok(denied)
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list["items"].as_array().into_iter().flatten()
}

/// Whether a policy can ask for this key. Tags stand in a second time, by the account's id.
fn is_key(key: &str) -> bool {
    key.split_once(':').is_some_and(|(prefix, name)| {
        !name.is_empty() && prefix.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}
