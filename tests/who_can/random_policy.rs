//! Random documents about the request of a world, so that many of them hit it, and a few that
//! cannot be evaluated.

use serde_json::{Value, json};

use super::world::{OTHER, OWN, STRANGER, session_arn};
use crate::naive::random::Random;

/// What a document is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Of a user, group or role, a boundary, a session or a service control policy.
    Identity,
    /// Of a resource.
    Resource,
    /// Of a role: who may assume it.
    Trust,
    /// Of an organisation, about its resources.
    Control,
}

/// What documents are written about.
#[derive(Debug, Clone)]
pub struct Theme {
    /// The action that will be asked about.
    pub action: String,
    /// The resource that will be asked about.
    pub resource: String,
    /// The ARNs of the users.
    pub users: Vec<String>,
    /// The ARNs of the roles.
    pub roles: Vec<String>,
}

/// The unique id of the user or role with an ARN.
pub fn unique_id(arn: &str) -> String {
    let beginning = if arn.contains(":user/") {
        "AIDA"
    } else {
        "AROA"
    };
    let name = arn.rsplit('/').next().unwrap_or_default();
    format!("{beginning}{name:X<17}").to_uppercase()
}

/// One of several texts of one's own.
pub fn one_of(random: &mut Random, texts: &[String]) -> String {
    texts
        .get(random.below(texts.len()))
        .cloned()
        .unwrap_or_default()
}

/// A random document.
pub fn document(random: &mut Random, theme: &Theme, used_as: Use) -> String {
    if random.percent(1) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{]".to_owned();
    }
    let count = 1 + random.below(3);
    let statements: Vec<Value> = (0..count)
        .map(|_| statement(random, theme, used_as))
        .collect();
    let version = if random.percent(5) {
        "2008-10-17"
    } else {
        "2012-10-17"
    };
    json!({"Version": version, "Statement": statements}).to_string()
}

/// A document that allows everything, beside which others only deny.
pub fn full(used_as: Use) -> String {
    let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    if used_as != Use::Identity {
        statement["Principal"] = json!("*");
    }
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

fn statement(random: &mut Random, theme: &Theme, used_as: Use) -> Value {
    let denies =
        used_as == Use::Control || random.percent(if used_as == Use::Trust { 12 } else { 22 });
    let mut statement = json!({"Effect": if denies { "Deny" } else { "Allow" }});
    // Half of what is about roles is about assuming them, whatever is asked.
    let is_trust = used_as == Use::Trust;
    let about_roles = is_trust || (used_as == Use::Identity && random.percent(35));
    let (action, resource) = if about_roles {
        let action = random.pick(&[
            "sts:AssumeRole",
            "sts:AssumeRole",
            "sts:AssumeRole",
            "sts:TagSession",
        ]);
        (action.to_owned(), one_of(random, &theme.roles))
    } else {
        (theme.action.clone(), theme.resource.clone())
    };
    if random.percent(7) && !is_trust {
        statement["NotAction"] = json!([action_pattern(random, "iam:GetUser"), "sns:*"]);
    } else if is_trust && random.percent(30) {
        statement["Action"] = json!([
            "sts:AssumeRole",
            "sts:AssumeRoleWithSAML",
            "sts:AssumeRoleWithWebIdentity"
        ]);
    } else {
        statement["Action"] = patterns(random, |random| action_pattern(random, &action));
    }
    match used_as {
        Use::Trust if random.percent(98) => {}
        Use::Resource if random.percent(30) => {}
        _ if random.percent(8) => {
            statement["NotResource"] = patterns(random, |random| other_resource(random, theme));
        }
        _ => {
            statement["Resource"] =
                patterns(random, |random| resource_pattern(random, theme, &resource))
        }
    }
    match used_as {
        Use::Identity => {}
        Use::Control => statement["Principal"] = json!("*"),
        Use::Resource if denies && random.percent(35) => {
            statement["NotPrincipal"] = not_principal(random, theme);
        }
        _ => statement["Principal"] = principal(random, theme, is_trust),
    }
    let chance = match used_as {
        _ if denies => 65,
        Use::Identity => 30,
        _ => 35,
    };
    if random.percent(chance) {
        statement["Condition"] = conditions(random, used_as, theme);
    }
    if random.percent(3) {
        break_statement(random, &mut statement);
    }
    statement
}

/// One text, or a list of them.
fn patterns(random: &mut Random, mut one: impl FnMut(&mut Random) -> String) -> Value {
    if random.percent(70) {
        return json!(one(random));
    }
    let count = 1 + random.below(3);
    (0..count).map(|_| one(random)).collect()
}

fn action_pattern(random: &mut Random, action: &str) -> String {
    let (service, name) = action.split_once(':').unwrap_or((action, ""));
    let beginning = &name[..name.len().min(4)];
    match random.below(12) {
        0 | 1 => "*".to_owned(),
        2 => format!("{service}:*"),
        3 => format!("{service}:{beginning}*"),
        4 => action.to_uppercase(),
        5 => format!("{}?{}:*{}", &service[..1], &service[2..], &name[1..]),
        6 => random
            .pick(&["sns:*", "iam:Get*", "sqs:SendMessage", "s3:PutObjectAcl"])
            .to_owned(),
        _ => action.to_owned(),
    }
}

fn resource_pattern(random: &mut Random, theme: &Theme, resource: &str) -> String {
    let cut = |at: usize| &resource[..at.min(resource.len())];
    let folder = resource.rfind('/').map_or(resource, |at| &resource[..=at]);
    match random.below(20) {
        0..4 => "*".to_owned(),
        4 => format!("{folder}*"),
        5 => format!("{}*", cut(resource.len().saturating_sub(2))),
        6 if resource.len() > 1 => format!("{}?", cut(resource.len() - 1)),
        7 => resource.replace("u1", "${aws:username}"),
        8 => resource.replace("u1", "${aws:PrincipalTag/team}"),
        9 => resource
            .replace("red", "${aws:PrincipalTag/team}")
            .replace("blue", "${aws:PrincipalTag/team, 'blue'}"),
        10 => other_resource(random, theme),
        11 => resource.replace(OWN, "*"),
        12 => format!("*{}", &resource[resource.len() / 2..]),
        _ => resource.to_owned(),
    }
}

fn other_resource(random: &mut Random, theme: &Theme) -> String {
    match random.below(4) {
        0 => one_of(random, &theme.roles),
        1 => one_of(random, &theme.users),
        2 => "arn:aws:s3:::elsewhere/*".to_owned(),
        _ => "arn:aws:sqs:*:*:other".to_owned(),
    }
}

/// An entry under `AWS`.
fn aws_entry(random: &mut Random, theme: &Theme) -> String {
    let user = one_of(random, &theme.users);
    let role = one_of(random, &theme.roles);
    let role_name = role.rsplit('/').next().unwrap_or_default();
    match random.below(30) {
        0..7 => format!("arn:aws:iam::{OWN}:root"),
        7 => OWN.to_owned(),
        8..12 => user,
        12..17 => role,
        17 => unique_id(&user),
        18 => unique_id(&role),
        19 | 20 => session_arn(OWN, role_name, random.pick(&["run", "ops"])),
        21 => format!("arn:aws:sts::{OWN}:federated-user/u1"),
        22 => format!("arn:aws:iam::{}:root", random.pick(&[OTHER, STRANGER])),
        23 => OTHER.to_owned(),
        24 => format!(
            "arn:aws:iam::{OTHER}:{}",
            random.pick(&["role/ci", "user/zoe"])
        ),
        25 => session_arn(OTHER, "ci", "run"),
        26 => role.replace("arn:aws:", "arn:aws-cn:"),
        27 => random
            .pick(&[
                "AIDAGONEXXXXXXXXXXXXX",
                "no-one",
                "arn:aws:iam::111122223333:user/gone",
            ])
            .to_owned(),
        _ => "*".to_owned(),
    }
}

fn principal(random: &mut Random, theme: &Theme, is_trust: bool) -> Value {
    let elsewhere = if is_trust { 45 } else { 12 };
    if random.percent(8) {
        return json!("*");
    }
    let mut principal = json!({});
    if random.percent(elsewhere) {
        let saml = format!("arn:aws:iam::{OWN}:saml-provider/okta");
        let oidc = format!("arn:aws:iam::{OWN}:oidc-provider/ci.example.com");
        match random.below(4) {
            0 | 1 => {
                principal["Service"] =
                    json!(random.pick(&["ec2.amazonaws.com", "lambda.amazonaws.com"]))
            }
            2 => principal["Federated"] = json!(saml),
            _ => principal["Federated"] = json!(random.pick(&[&oidc, "accounts.google.com"])),
        }
    }
    if principal == json!({}) || random.percent(60) {
        principal["AWS"] = patterns(random, |random| aws_entry(random, theme));
    }
    principal
}

fn not_principal(random: &mut Random, theme: &Theme) -> Value {
    let role = one_of(random, &theme.roles);
    let name = role.rsplit('/').next().unwrap_or_default();
    let session = session_arn(OWN, name, "run");
    let mut listed = vec![format!("arn:aws:iam::{OWN}:root")];
    match random.below(5) {
        0 => listed.push(one_of(random, &theme.users)),
        1 => listed.extend([role, session]),
        2 => listed.extend([role, one_of(random, &theme.users)]),
        3 => listed.push(aws_entry(random, theme)),
        _ => {}
    }
    if random.percent(10) {
        listed.remove(0);
    }
    json!({"AWS": listed})
}

/// A block of one or two conditions.
pub fn conditions(random: &mut Random, used_as: Use, theme: &Theme) -> Value {
    let mut block = condition(random, used_as, theme);
    if random.percent(20) {
        let more = condition(random, used_as, theme);
        for (operator, keys) in more.as_object().into_iter().flatten() {
            block[operator] = keys.clone();
        }
    }
    block
}

fn condition(random: &mut Random, used_as: Use, theme: &Theme) -> Value {
    let role = one_of(random, &theme.roles);
    let user = one_of(random, &theme.users);
    let team = random.pick(&["red", "blue", "r*", "${aws:username}"]);
    if used_as == Use::Trust && random.percent(35) {
        return match random.below(5) {
            0 => json!({"StringEquals": {"sts:ExternalId": random.pick(&["x-1", "x-2"])}}),
            1 => json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
            2 => json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}),
            3 => json!({"StringEquals": {"saml:aud": "https://signin.aws.amazon.com/saml"}}),
            _ => json!({"StringLike": {"sts:RoleSessionName": "${aws:username}"}}),
        };
    }
    match random.below(24) {
        0 => json!({"StringLike": {"aws:PrincipalTag/team": team}}),
        1 => json!({"StringNotLike": {"aws:PrincipalTag/Team": team}}),
        2 => json!({"ArnLike": {"aws:PrincipalArn": [role, format!("arn:aws:iam::{OWN}:user/*")]}}),
        3 => json!({"ArnNotLike": {"aws:PrincipalArn": [role, user]}}),
        4 => json!({"StringLike": {"aws:userid": format!("{}:*", unique_id(&role))}}),
        5 => {
            json!({"StringNotLike": {"aws:userid": [format!("{}:*", unique_id(&role)), unique_id(&user)]}})
        }
        6 => json!({"StringLike": {"aws:username": "u*"}}),
        7 => json!({"Null": {"aws:username": random.pick(&["true", "false"])}}),
        8 => json!({"StringEquals": {"aws:PrincipalType": random.pick(&["User", "AssumedRole"])}}),
        9 => json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        10 => json!({"StringNotEquals": {"aws:PrincipalAccount": random.pick(&[OWN, OTHER])}}),
        11 => json!({"Bool": {"aws:MultiFactorAuthPresent": random.pick(&["true", "false"])}}),
        12 => {
            json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": random.pick(&["true", "false"])}})
        }
        13 => json!({"StringEqualsIfExists": {"sts:ExternalId": random.pick(&["x-1", "x-2"])}}),
        14 => json!({"StringEquals": {"aws:ResourceTag/team": random.pick(&["red", "blue"])}}),
        15 => json!({"StringEquals": {"iam:ResourceTag/team": "${aws:PrincipalTag/team}"}}),
        16 => json!({"IpAddress": {"aws:SourceIp": random.pick(&["10.0.0.0/8", "192.0.2.0/24"])}}),
        17 => {
            json!({"NotIpAddress": {"aws:SourceIp": random.pick(&["10.0.0.0/8", "192.0.2.0/24"])}})
        }
        18 => {
            json!({"DateLessThan": {"aws:CurrentTime": random.pick(&["2020-01-01", "2030-01-01"])}})
        }
        19 => json!({"StringEquals": {"aws:ResourceAccount": random.pick(&[OWN, OTHER])}}),
        20 => json!({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}}),
        21 => json!({"StringEquals": {"s3:prefix": "${aws:userid}"}}),
        22 => json!({"Null": {"aws:PrincipalTag/team": random.pick(&["true", "false"])}}),
        _ => json!({"Bool": {"aws:SecureTransport": "true"}}),
    }
}

/// Makes a statement one that cannot be evaluated.
fn break_statement(random: &mut Random, statement: &mut Value) {
    match random.below(7) {
        0 => statement["Effect"] = json!("Permit"),
        1 => statement["Note"] = json!("*"),
        2 => statement["Condition"] = json!({"StringAlike": {"aws:username": "u1"}}),
        3 => {
            statement["Action"] = json!("*");
            statement["NotAction"] = json!("iam:*");
        }
        4 => {
            statement["Resource"] = json!("*");
            statement["NotResource"] = json!("arn:aws:s3:::other");
        }
        5 => statement["NotPrincipal"] = json!({"AWS": OTHER}),
        _ => statement["Action"] = json!(7),
    }
}
