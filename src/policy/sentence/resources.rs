//! What it may be done to, in words.

use super::words::{Room, either, visible};
use crate::policy::arn::{ArnParts, is_account};
use crate::policy::{Effect, Statement, Values};

/// `on bucket reports`, `except on table orders`, with a space before; empty where the policy
/// names none, as in a trust policy, and for a Deny of everything on everything.
pub(super) fn in_words(statement: &Statement, room: &Room) -> String {
    let vars = statement.has_variables;
    match (&statement.resource, &statement.not_resource) {
        (Some(values), _) if values.texts().any(|text| text == "*") => {
            match (statement.effect, &statement.not_action) {
                (Some(Effect::Deny), Some(_)) => String::new(),
                _ => " on any resource".to_owned(),
            }
        }
        (Some(values), _) => format!(" on {}", list(values, vars, room)),
        (None, Some(values)) => format!(" on anything except {}", list(values, vars, room)),
        (None, None) => String::new(),
    }
}

fn list(values: &Values, vars: bool, room: &Room) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut rest = values.texts().peekable();
    while let Some(text) = rest.next() {
        // The bucket and all that is in it usually stand as two.
        if let Some(bucket) = text.strip_prefix("arn:aws:s3:::")
            && !bucket.contains(['/', '*', '?', '$'])
            && rest
                .next_if(|next| next.strip_prefix(text) == Some("/*"))
                .is_some()
        {
            names.push(format!(
                "bucket {} and its objects",
                visible(bucket, room.width)
            ));
        } else {
            names.push(resource(text, vars, room.width));
        }
    }
    either(names.into_iter(), "nothing (none is named)", room)
}

/// The resource of an ARN in words: `bucket reports`, `role ci/deploy (111122223333)`.
///
/// Patterns are shown as written, so that the words match exactly what the policy matches; an ARN
/// of a kind that has no word is shown whole.
pub(super) fn resource(text: &str, vars: bool, width: usize) -> String {
    let Some(arn) = ArnParts::of(text) else {
        return visible(text, width);
    };
    let Some((noun, name)) = noun(&arn, vars) else {
        return visible(text, width);
    };
    let mut words = noun.to_owned();
    if !name.is_empty() {
        words.push(' ');
        words.push_str(&visible(name, width.saturating_sub(noun.len() + 1).max(12)));
    }
    // S3 objects and IAM's own have no region; S3 buckets no account either.
    let specific = |part: &&str| !part.is_empty() && *part != "*";
    let place: Vec<_> = [arn.region, arn.account]
        .into_iter()
        .filter(specific)
        .collect();
    if !place.is_empty() {
        words = format!("{words} ({})", visible(&place.join(" "), 32));
    }
    words
}

/// The kinds of resources that have a word: service, how the resource begins, the word.
const NOUNS: [(&str, &str, &str); 29] = [
    ("iam", "user/", "user"),
    ("iam", "role/", "role"),
    ("iam", "group/", "group"),
    ("iam", "policy/", "policy"),
    ("iam", "instance-profile/", "instance profile"),
    ("iam", "mfa/", "MFA device"),
    ("iam", "oidc-provider/", "OIDC provider"),
    ("iam", "saml-provider/", "SAML provider"),
    ("sts", "assumed-role/", "session"),
    ("dynamodb", "table/", "table"),
    ("kms", "key/", "key"),
    ("kms", "alias/", "key alias"),
    ("lambda", "function:", "function"),
    ("secretsmanager", "secret:", "secret"),
    ("ssm", "parameter/", "parameter"),
    ("logs", "log-group:", "log group"),
    ("ecr", "repository/", "image repository"),
    ("states", "stateMachine:", "state machine"),
    ("events", "rule/", "event rule"),
    ("cloudformation", "stack/", "stack"),
    ("ecs", "cluster/", "ECS cluster"),
    ("eks", "cluster/", "EKS cluster"),
    ("ec2", "instance/", "instance"),
    ("ec2", "volume/", "volume"),
    ("ec2", "security-group/", "security group"),
    ("route53", "hostedzone/", "hosted zone"),
    ("glue", "database/", "Glue database"),
    ("rds", "db:", "database"),
    ("codebuild", "project/", "build project"),
];

fn noun<'a>(arn: &ArnParts<'a>, vars: bool) -> Option<(&'static str, &'a str)> {
    match (arn.service, arn.resource) {
        (_, "") => return None,
        ("s3", resource) if arn.region.is_empty() && arn.account.is_empty() => {
            return s3(resource);
        }
        ("s3", _) => return None,
        ("sqs", name) => return Some(("queue", name)),
        ("sns", name) if !name.contains(':') => return Some(("topic", name)),
        ("iam", "root") if is_account(arn.account) => return Some(("the root user", "")),
        ("iam", "user/${aws:username}") if vars => return Some(("the caller's own user", "")),
        ("iam", "mfa/${aws:username}") if vars => return Some(("the caller's own MFA device", "")),
        _ => {}
    }
    NOUNS.iter().find_map(|(service, start, noun)| {
        let name = arn.resource.strip_prefix(start)?;
        (*service == arn.service && !name.is_empty()).then_some((*noun, name))
    })
}

/// A wildcard in a bucket's name crosses the slash, so that it matches objects, too; so may the
/// value of a variable, for which there is no word.
fn s3(resource: &str) -> Option<(&'static str, &str)> {
    let (bucket, key) = resource
        .split_once('/')
        .map_or((resource, None), |(bucket, key)| (bucket, Some(key)));
    let is_pattern = bucket.contains(['*', '?']);
    Some(match key {
        _ if bucket.contains('$') => return None,
        None if bucket == "*" => ("any bucket or object", ""),
        None if is_pattern => ("buckets and objects", bucket),
        None => ("bucket", bucket),
        Some("*") if !is_pattern => ("objects of bucket", bucket),
        Some(_) => ("objects", resource),
    })
}
