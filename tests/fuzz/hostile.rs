//! Inputs that are made to hurt.

use serde_json::{Value, json};

/// How long long things are.
const LONG: usize = 100_000;

/// How long patterns and what they are held against are.
const LENGTHY: usize = 20_000;

/// Texts that look like numbers, dates, addresses, bytes and the like.
const ODD: &[&str] = &[
    "1e999999999",
    "-1e-999999999",
    "1e99999999999999999999",
    "1e-2147483648",
    ".",
    "-",
    "e",
    "1e",
    "+",
    "00000000000000000000000000000000000000001",
    "0x10",
    "NaN",
    "inf",
    "٣",
    "1_000",
    "--1",
    "1.2.3",
    "",
    "9999-12-31T23:59:59.999999999999999999999Z",
    "0000-00-00",
    "0000-01-01T00:00:00+18:00",
    "9999-12-31T23:59:59-18:00",
    "-9223372036854775808",
    "9223372036854775807",
    "99999999999999999999",
    "2024-02-30",
    "2024-01-01T",
    "2024-01-01TZ",
    "20240101T000000Z",
    "20240101T",
    "2024-01-01T00:00:00é",
    "é024-01-01",
    "2024-0é-01",
    "T",
    "Z",
    "2024-01-01T24:00:00Z",
    "2024-06-30T23:59:60Z",
    "-1.5",
    "1.",
    "::/129",
    "0.0.0.0/4294967296",
    "0.0.0.0/-1",
    "0.0.0.0/",
    "/",
    "::ffff:1.2.3.4",
    "::%eth0",
    "1.2.3.4/032",
    "AAAA=",
    "====",
    "A",
    "AA==AA==",
    "true ",
    "TRUE",
    "ſtring",
    "İ",
    "\u{0}",
    "\u{fffd}",
];

/// Texts to be read as policies.
pub fn documents() -> Vec<String> {
    let deep = |open: &str, close: &str| open.repeat(LONG) + &close.repeat(LONG);
    let statement = |inside: &str| format!("{{\"Version\":\"2012-10-17\",\"Statement\":{inside}}}");
    let many = |one: &str| format!("[{}]", vec![one; LENGTHY / 10].join(","));
    vec![
        "[".repeat(LONG),
        deep("[", "]"),
        deep("{\"a\":", "}"),
        statement(&format!("{{\"Action\":{}}}", deep("[", "]"))),
        statement(&format!("{{\"Condition\":{}}}", deep("{\"a\":", "}"))),
        "]".repeat(LENGTHY),
        statement(&many("{}")),
        statement(&many(
            "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}",
        )),
        statement(&format!("{{\"Action\":{}}}", many("\"s3:*\""))),
        "\"".repeat(LENGTHY),
        format!("\"{}", "\\".repeat(LENGTHY)),
        format!("\"{}\"", "\\ud800".repeat(LENGTHY)),
        format!("{{{}}}", "\"a\":1,".repeat(LENGTHY)),
        ",".repeat(LENGTHY),
        "/*".repeat(LENGTHY),
        "//\n".repeat(LENGTHY),
        "'".repeat(LENGTHY),
        "1".repeat(LENGTHY),
        format!("{{\"Sid\":\"{}\"}}", "é😀".repeat(LONG)),
    ]
}

/// Cases with one hard part.
pub fn cases() -> Vec<String> {
    let mut cases = Vec::new();
    let many = "a".repeat(LENGTHY);
    for pattern in [
        "*a".repeat(LENGTHY / 20) + "b",
        "a*".repeat(LENGTHY / 20) + "b",
        "?*".repeat(500) + "b",
        "*?".repeat(500),
        "*".repeat(LENGTHY),
        "?".repeat(1_000),
        "${".repeat(LENGTHY),
        "${".repeat(LENGTHY) + ",",
        "${".repeat(LENGTHY) + ",}",
        "${k,'".repeat(LENGTHY / 5),
        "${aws:username}".repeat(1_000),
        "arn:aws:s3:::*".to_owned() + &"*a:".repeat(500),
        ":".repeat(LENGTHY),
    ] {
        cases.push(on_resource(&pattern, &many));
        cases.push(on_action(&pattern, &many));
        cases.push(on_value("StringLike", json!(pattern), json!(many)));
        cases.push(on_value(
            "StringEqualsIgnoreCase",
            json!(pattern),
            json!(many),
        ));
        let arn = format!("arn:aws:s3:::{many}");
        cases.push(on_value(
            "ArnLike",
            json!(format!("arn:*:s3:::{pattern}")),
            json!(arn),
        ));
    }
    for operator in [
        "NumericLessThan",
        "NumericNotEquals",
        "DateGreaterThan",
        "DateEquals",
        "IpAddress",
        "NotIpAddress",
        "BinaryEquals",
        "Bool",
        "StringEqualsIgnoreCase",
        "StringLike",
        "ArnLike",
        "Null",
    ] {
        cases.push(on_value(operator, json!(ODD), json!(ODD)));
        let digits = "9".repeat(LENGTHY);
        cases.push(on_value(
            operator,
            json!(digits),
            json!([digits, many, "1".repeat(LENGTHY) + ".5"]),
        ));
        for one in ODD {
            cases.push(on_value(operator, json!(one), json!(ODD)));
        }
    }
    let deep = "[".repeat(LONG) + &"]".repeat(LONG);
    for field in [
        "id",
        "context",
        "resource_policy",
        "scps",
        "identity_policies",
        "other",
    ] {
        cases.push(format!(
            "{{\"principal_arn\":\"arn:aws:iam::111122223333:user/a\",\"action\":\"s3:GetObject\",\"{field}\":{deep}}}"
        ));
        let policy = format!("{{\"Statement\":{deep}}}");
        cases.push(format!(
            "{{\"principal_arn\":\"*\",\"action\":\"s3:GetObject\",\"{field}\":{}}}",
            json!(policy)
        ));
    }
    for principal in [
        "",
        "arn:",
        "arn:aws:iam::1:user/é",
        ":::::",
        "arn:aws:sts::1:assumed-role//",
        "*.amazonaws.com",
    ] {
        cases.push(json!({"principal_arn": principal, "action": ":"}).to_string());
    }
    cases
}

/// A case about one condition.
fn on_value(operator: &str, wanted: Value, found: Value) -> String {
    case(
        json!({"Condition": {operator: {"k": wanted}}}),
        "s3:GetObject",
        "*",
        found,
    )
}

/// A case about one pattern of a resource.
fn on_resource(pattern: &str, resource: &str) -> String {
    let resource = format!("arn:aws:s3:::{resource}");
    case(
        json!({"Resource": format!("arn:aws:s3:::{pattern}")}),
        "s3:GetObject",
        &resource,
        json!("x"),
    )
}

/// A case about one pattern of an action.
fn on_action(pattern: &str, action: &str) -> String {
    case(
        json!({"Action": format!("s3:{pattern}")}),
        &format!("s3:{action}"),
        "*",
        json!("x"),
    )
}

fn case(part: Value, action: &str, resource: &str, found: Value) -> String {
    let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    for (name, value) in part.as_object().into_iter().flatten() {
        statement[name] = value.clone();
    }
    let case = json!({
        "principal_arn": "arn:aws:iam::111122223333:user/alice",
        "action": action,
        "resource": resource,
        "context": {"k": found, "aws:username": "alice"},
        "identity_policies": [{"policy": {"Version": "2012-10-17", "Statement": statement}}],
    });
    case.to_string()
}
