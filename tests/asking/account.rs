//! The account of these tests: that of the tests of `can`, and roles that lead to others.
//!
//! | who | what |
//! | --- | --- |
//! | `anna` | may become `gate`, with MFA |
//! | `gate` | may become `vault` |
//! | `vault` | reads the bucket `vault`, and may become `ring` |
//! | `ring` | may become `rung`, which may become `ring`: a cycle, which leads to `vault` |
//! | `fenced` | would become `vault`, were it not for its boundary |
//! | `sso`, `ci` | for people of a SAML provider, for a branch on GitHub; may become `vault` |
//! | `robot` | a service's role that may become `vault` |

use serde_json::{Value, json};

use crate::questions::account::{self, arn, role, user, with};

/// May assume these roles.
fn may_become(names: &[&str]) -> Value {
    let list: Vec<_> = names
        .iter()
        .map(|name| arn(&format!("role/{name}")))
        .collect();
    json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": list})
}

/// Trusts these roles and users.
fn trusts(names: &[&str]) -> Value {
    let list: Vec<_> = names.iter().map(|name| arn(name)).collect();
    json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": list}}])
}

fn federated(action: &str, provider: &str, condition: Value) -> Value {
    json!([{"Effect": "Allow", "Action": action, "Condition": condition,
        "Principal": {"Federated": arn(provider)}}])
}

fn roles() -> Vec<Value> {
    let only = |statement: Value| json!([statement]);
    let saml = json!({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}});
    let github = "token.actions.githubusercontent.com";
    let oidc = json!({"StringEquals": {(format!("{github}:aud")): "sts.amazonaws.com",
        (format!("{github}:sub")): "repo:acme/app:ref:refs/heads/main"}});
    let boundary = json!({"PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": arn("policy/limits")}});
    let vault = json!([
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::vault/*"},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
        may_become(&["ring"])
    ]);
    let into_vault = [
        "role/gate",
        "role/rung",
        "role/fenced",
        "role/sso",
        "role/ci",
        "role/robot",
    ];
    let service = json!([{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"}}]);
    let saml = federated("sts:AssumeRoleWithSAML", "saml-provider/corp", saml);
    let oidc = federated(
        "sts:AssumeRoleWithWebIdentity",
        &format!("oidc-provider/{github}"),
        oidc,
    );
    vec![
        role("gate", "/", trusts(&["root"]), only(may_become(&["vault"]))),
        role("vault", "/", trusts(&into_vault), vault),
        role(
            "ring",
            "/",
            trusts(&["role/vault", "role/rung"]),
            only(may_become(&["rung"])),
        ),
        role(
            "rung",
            "/",
            trusts(&["role/ring"]),
            only(may_become(&["ring", "vault"])),
        ),
        with(
            role(
                "fenced",
                "/",
                trusts(&["user/eng/alice"]),
                only(may_become(&["vault"])),
            ),
            boundary,
        ),
        role("sso", "/", saml, only(may_become(&["vault"]))),
        role("ci", "/", oidc, only(may_become(&["vault"]))),
        role("robot", "/", service, only(may_become(&["vault"]))),
    ]
}

/// The account as `aws iam get-account-authorization-details` prints it.
pub fn json() -> String {
    let mut account: Value = serde_json::from_str(&account::json()).unwrap();
    let list = |account: &mut Value, name: &str, more: Vec<Value>| {
        account[name].as_array_mut().unwrap().extend(more);
    };
    let anna = json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn("role/gate"),
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]);
    list(
        &mut account,
        "UserDetailList",
        vec![user("anna", "/", anna)],
    );
    list(&mut account, "RoleDetailList", roles());
    account.to_string()
}
