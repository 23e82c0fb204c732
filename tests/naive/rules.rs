//! The evaluator on single rules of patterns and variables.

use serde_json::{Value, json};

use super::decide;

/// Whether an identity policy with one statement, changed by `fields`, allows `action` on
/// `resource` with this context.
pub fn allows(version: &str, fields: Value, action: &str, resource: &str, context: Value) -> bool {
    let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    for (name, value) in fields.as_object().into_iter().flatten() {
        statement[name] = value.clone();
        if let Some(positive) = name.strip_prefix("Not") {
            statement
                .as_object_mut()
                .and_then(|elements| elements.remove(positive));
        }
    }
    let case = json!({
        "principal_arn": "arn:aws:iam::111122223333:user/alice",
        "action": action,
        "resource": resource,
        "context": context,
        "identity_policies": [{"policy": {"Version": version, "Statement": statement}}],
    });
    decide(&case) == "allowed"
}

/// Whether an action pattern matches an action.
fn action(pattern: &str, action: &str) -> bool {
    allows(
        "2012-10-17",
        json!({"Action": pattern}),
        action,
        "*",
        json!({}),
    )
}

/// Whether a resource pattern matches a resource in a context.
fn resource(pattern: &str, resource: &str, context: Value) -> bool {
    allows(
        "2012-10-17",
        json!({"Resource": pattern}),
        "s3:GetObject",
        resource,
        context,
    )
}

/// Whether one operator with one key holds.
pub fn holds(operator: &str, key: &str, values: Value, context: Value) -> bool {
    let condition = json!({operator: {key: values}});
    allows(
        "2012-10-17",
        json!({"Condition": condition}),
        "s3:GetObject",
        "*",
        context,
    )
}

/// Whether an operator holds for one value of the policy and one of the request.
pub fn value(operator: &str, wanted: &str, given: &str) -> bool {
    holds(
        operator,
        "app:Key",
        json!(wanted),
        json!({"app:key": given}),
    )
}

#[test]
fn actions_ignore_case_and_take_wildcards() {
    assert!(action("S3:get*", "s3:GetObject"));
    assert!(action("s?:*Object", "s3:GetObject"));
    assert!(action("*", "s3:GetObject"));
    assert!(!action("s3:Get", "s3:GetObject"));
    assert!(!action("s3:GetObject?", "s3:GetObject"));
}

#[test]
fn negated_elements_match_what_is_not_listed() {
    let with = |fields| {
        allows(
            "2012-10-17",
            fields,
            "s3:GetObject",
            "arn:aws:s3:::b/k",
            json!({}),
        )
    };
    assert!(with(json!({"NotAction": ["iam:*", "s3:Put*"]})));
    assert!(!with(json!({"NotAction": "S3:*"})));
    assert!(with(json!({"NotResource": "arn:aws:s3:::c/*"})));
    assert!(!with(
        json!({"NotResource": ["arn:aws:s3:::c/*", "arn:aws:s3:::b/*"]})
    ));
    assert!(with(json!({"NotResource": "arn:aws:s3:::${app:None}*"})));
    assert!(!with(json!({"Action": []})));
}

#[test]
fn a_star_crosses_colons_at_the_end_of_a_segment_and_in_the_sixth() {
    let instance = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1";
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:resize:live";
    assert!(resource("arn:aws:ec2:*:instance/i-1", instance, json!({})));
    assert!(resource("arn:aws:ec2*", instance, json!({})));
    assert!(resource(
        "arn:aws:ec2:eu*1:*:instance/*",
        instance,
        json!({})
    ));
    assert!(!resource(
        "arn:aws:ec2:eu*3:instance/i-1",
        instance,
        json!({})
    ));
    assert!(!resource(
        "arn:aws:ec2:eu-west-1?111122223333:instance/i-1",
        instance,
        json!({})
    ));
    assert!(resource(
        "arn:aws:lambda:*:*:f*n?resize*e",
        function,
        json!({})
    ));
    assert!(resource(
        "arn:aws:s3:::b*k",
        "arn:aws:s3:::b/c/k",
        json!({})
    ));
    assert!(!resource("arn:aws:s3:::B/k", "arn:aws:s3:::b/k", json!({})));
    assert!(resource("*", "*", json!({})));
    assert!(!resource("arn:aws:s3:::*", "*", json!({})));
}

#[test]
fn many_stars_end_soon() {
    let stars = "*a".repeat(60);
    let text = "a".repeat(400);
    let given = format!("arn:aws:s3:::{text}");
    assert!(!resource(
        &format!("arn:aws:s3:::{stars}b"),
        &given,
        json!({})
    ));
    assert!(!value("StringLike", &format!("{stars}b"), &text));
}

#[test]
fn variables_in_resources() {
    let home = "arn:aws:s3:::b/alice/k";
    let alice = json!({"aws:username": "alice"});
    assert!(resource(
        "arn:aws:s3:::b/${AWS:UserName}/*",
        home,
        alice.clone()
    ));
    assert!(!resource(
        "arn:aws:s3:::b/${aws:username}/*",
        home,
        json!({})
    ));
    assert!(!resource(
        "arn:aws:s3:::b/${aws:username}/*",
        home,
        json!({"aws:username": ["alice", "bob"]})
    ));
    assert!(resource(
        "arn:aws:s3:::b/${aws:username, 'alice'}/*",
        home,
        json!({})
    ));
    assert!(!resource(
        "arn:aws:s3:::b/${aws:username}/*",
        home,
        json!({"aws:username": "*"})
    ));
    assert!(resource(
        "arn:aws:s3:::b/${*}${?}${$}",
        "arn:aws:s3:::b/*?$",
        json!({})
    ));
    assert!(!resource("arn:aws:s3:::b/${*}", home, json!({})));
    assert!(resource(
        "arn:aws:s3:::b/${aws*",
        "arn:aws:s3:::b/${aws:x",
        json!({})
    ));
    let old = json!({"Resource": "arn:aws:s3:::b/${aws:username}/*"});
    assert!(!allows(
        "2008-10-17",
        old.clone(),
        "s3:GetObject",
        home,
        alice.clone()
    ));
    assert!(allows(
        "2008-10-17",
        old,
        "s3:GetObject",
        "arn:aws:s3:::b/${aws:username}/k",
        alice
    ));
}

#[test]
fn variables_in_conditions() {
    let context =
        json!({"app:key": "alice", "aws:username": "alice", "app:Star": "a*", "app:Flag": "true"});
    let test =
        |operator: &str, wanted: &str| holds(operator, "app:Key", json!(wanted), context.clone());
    assert!(test("StringEquals", "${aws:username}"));
    assert!(!test("StringLike", "${app:Star}"));
    assert!(!test("StringEquals", "${app:None}"));
    assert!(test("StringNotEquals", "${app:None}"));
    assert!(holds(
        "StringEquals",
        "app:Key",
        json!(["${app:None}", "alice"]),
        context.clone()
    ));
    assert!(holds(
        "StringEquals",
        "app:Star",
        json!("a${*}"),
        context.clone()
    ));
    assert!(holds(
        "Bool",
        "app:Flag",
        json!("${app:Flag}"),
        context.clone()
    ));
    let number = json!({"app:A": "1"});
    assert!(!holds(
        "NumericEquals",
        "app:A",
        json!("${app:A}"),
        number.clone()
    ));
    assert!(holds(
        "NumericNotEquals",
        "app:A",
        json!("${app:A}"),
        number
    ));
}
