//! What odd cases are made of.

/// Operators, by what they compare.
#[derive(Debug)]
pub struct Family {
    pub operators: &'static [&'static str],
    pub keys: &'static [&'static str],
    /// What policies ask for.
    pub wanted: &'static [&'static str],
    /// What requests have.
    pub found: &'static [&'static str],
}

pub const FAMILIES: [Family; 8] = [
    Family {
        operators: &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ],
        keys: &[
            "aws:PrincipalTag/team",
            "aws:RequestTag/env",
            "aws:UserAgent",
            "aws:username",
        ],
        wanted: &[
            "blue",
            "Blue",
            "blu*",
            "b?ue",
            "*",
            "",
            "alice",
            "${aws:username}",
            "${aws:PrincipalTag/team}",
            "${aws:PrincipalTag/none, 'blue'}",
            "${aws:PrincipalTag/none}",
            "a${*}",
            "team-${aws:PrincipalTag/team}/*",
        ],
        found: &["blue", "BLUE", "alice", "a*", "team-blue/x", "", "green"],
    },
    Family {
        operators: &[
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringNotLike",
        ],
        keys: &["aws:TagKeys", "aws:PrincipalOrgPaths"],
        wanted: &["env", "team", "t*", "owner", "${aws:username}"],
        found: &["env", "team", "owner", "alice"],
    },
    Family {
        operators: &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        keys: &["aws:MultiFactorAuthAge"],
        wanted: &["10", "10.0", "9.5", "-1", "3600"],
        found: &["10", "9", "010", "10.00", "3600", "ten"],
    },
    Family {
        operators: &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        keys: &["aws:CurrentTime", "aws:TokenIssueTime"],
        wanted: &[
            "2026-03-05T12:30:00Z",
            "2026-03-05",
            "1772713800",
            "2026-03-05T14:30:00+02:00",
            "2027-01-01T00:00:00Z",
        ],
        found: &[
            "2026-03-05T12:30:00Z",
            "2026-03-05T12:30:00.500Z",
            "2026-03-05T00:00:00Z",
            "1772713800",
            "2026-12-31",
        ],
    },
    Family {
        operators: &["Bool"],
        keys: &["aws:SecureTransport", "aws:MultiFactorAuthPresent"],
        wanted: &["true", "false", "True"],
        found: &["true", "false", "TRUE"],
    },
    Family {
        operators: &["IpAddress", "NotIpAddress"],
        keys: &["aws:SourceIp", "aws:VpcSourceIp"],
        wanted: &[
            "10.0.0.0/8",
            "10.1.2.3",
            "0.0.0.0/0",
            "2001:db8::/32",
            "::/0",
            "192.0.2.0/24",
        ],
        found: &["10.1.2.3", "192.0.2.77", "2001:db8::1", "2001:DB8:0::2"],
    },
    Family {
        operators: &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
        keys: &["aws:SourceArn", "aws:PrincipalArn"],
        wanted: &[
            "arn:aws:iam::111122223333:user/alice",
            "arn:aws:iam::*:user/*",
            "arn:aws:sns:*:111122223333:orders",
            "arn:aws:sns:eu-west-1:*",
            "arn:*:sns:eu-????-1:111122223333:ord*",
            "arn:aws:iam::111122223333:user/${aws:username}",
            "*",
        ],
        found: &[
            "arn:aws:iam::111122223333:user/alice",
            "arn:aws:sns:eu-west-1:111122223333:orders",
            "arn:aws:sns:us-east-1:444455556666:orders:sub",
        ],
    },
    Family {
        operators: &["BinaryEquals"],
        keys: &["acme:blob"],
        wanted: &["QmluYXJ5", "AAAA"],
        found: &["QmluYXJ5", "AAAB"],
    },
];

/// Whose requests odd cases have; `{a}` is the account.
pub const CALLERS: [&str; 12] = [
    "arn:aws:iam::{a}:user/alice",
    "arn:aws:iam::{a}:user/alice",
    "arn:aws:iam::{a}:user/dev/bob",
    "arn:aws:iam::{a}:role/deploy",
    "arn:aws:iam::{a}:role/ci/deploy",
    "arn:aws:sts::{a}:assumed-role/deploy/run-1",
    "arn:aws:sts::{a}:assumed-role/deploy/run-1",
    "arn:aws:sts::{a}:assumed-role/deploy/run-2",
    "arn:aws:sts::{a}:federated-user/alice",
    "arn:aws:iam::{a}:root",
    "sns.amazonaws.com",
    "*",
];

/// Whom resource policies name: kind and name; `{a}` is an account.
pub const NAMED: [(&str, &str); 14] = [
    ("AWS", "*"),
    ("AWS", "arn:aws:iam::{a}:root"),
    ("AWS", "{a}"),
    ("AWS", "arn:aws:iam::{a}:user/alice"),
    ("AWS", "arn:aws:iam::{a}:user/dev/bob"),
    ("AWS", "arn:aws:iam::{a}:role/deploy"),
    ("AWS", "arn:aws:iam::{a}:role/ci/deploy"),
    ("AWS", "arn:aws:sts::{a}:assumed-role/deploy/run-1"),
    ("AWS", "arn:aws:sts::{a}:assumed-role/deploy/run-2"),
    ("AWS", "arn:aws:sts::{a}:federated-user/alice"),
    ("AWS", "arn:aws:iam::{a}:user/carol"),
    ("Service", "sns.amazonaws.com"),
    ("Service", "lambda.amazonaws.com"),
    ("Federated", "accounts.google.com"),
];

/// What odd cases are about.
#[derive(Debug)]
pub struct Thing {
    pub actions: &'static [&'static str],
    /// Patterns of actions that bear on them, or nearly so.
    pub patterns: &'static [&'static str],
    /// The resource; `{a}` is its account.
    pub resource: &'static str,
    /// Patterns of resources, likewise.
    pub covers: &'static [&'static str],
}

pub const THINGS: [Thing; 5] = [
    Thing {
        actions: &["s3:GetObject", "s3:PutObject"],
        patterns: &[
            "s3:GetObject",
            "s3:*",
            "s3:Get*",
            "s3:?etObject",
            "S3:putobject",
            "s3:*Object",
            "s3:ListBucket",
            "*",
        ],
        resource: "arn:aws:s3:::reports/alice/q1.csv",
        covers: &[
            "arn:aws:s3:::reports/alice/q1.csv",
            "arn:aws:s3:::reports/*",
            "arn:aws:s3:::*",
            "arn:aws:s3:::reports/${aws:username}/*",
            "arn:aws:s3:::reports/${aws:PrincipalTag/none, 'alice'}/q?.csv",
            "arn:aws:s3:::reports/${aws:PrincipalTag/none}/*",
            "arn:aws:s3:::reports",
            "arn:aws:s3:::*/q1.csv",
            "arn:*:s3:::reports/*/q1.csv",
            "*",
        ],
    },
    Thing {
        actions: &["sqs:SendMessage", "sqs:ReceiveMessage"],
        patterns: &["sqs:SendMessage", "sqs:*", "sqs:*Message", "sqs:Get*", "*"],
        resource: "arn:aws:sqs:eu-west-1:{a}:jobs",
        covers: &[
            "arn:aws:sqs:eu-west-1:{a}:jobs",
            "arn:aws:sqs:*:{a}:jobs",
            "arn:aws:sqs:*:jobs",
            "arn:aws:sqs:*",
            "arn:aws:sqs:eu-*-1:*:j?bs",
            "arn:aws:sqs:us-east-1:{a}:*",
            "*",
        ],
    },
    Thing {
        actions: &["kms:Decrypt", "kms:DescribeKey"],
        patterns: &["kms:Decrypt", "kms:*", "kms:D*", "kms:Encrypt", "*"],
        resource: "arn:aws:kms:eu-west-1:{a}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        covers: &[
            "arn:aws:kms:eu-west-1:{a}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:*:{a}:key/*",
            "arn:aws:kms:us-east-1:{a}:key/*",
            "*",
        ],
    },
    Thing {
        actions: &["sts:AssumeRole"],
        patterns: &["sts:AssumeRole", "sts:*", "sts:Assume*", "sts:TagSession"],
        resource: "arn:aws:iam::{a}:role/target",
        covers: &[
            "arn:aws:iam::{a}:role/target",
            "arn:aws:iam::{a}:role/*",
            "arn:aws:iam::*:role/t*",
            "arn:aws:iam::{a}:role/other",
            "*",
        ],
    },
    Thing {
        actions: &["dynamodb:GetItem", "dynamodb:PutItem"],
        patterns: &["dynamodb:GetItem", "dynamodb:*Item", "dynamodb:*", "*"],
        resource: "arn:aws:dynamodb:eu-west-1:{a}:table/alice",
        covers: &[
            "arn:aws:dynamodb:eu-west-1:{a}:table/alice",
            "arn:aws:dynamodb:*:*:table/${aws:username}",
            "arn:aws:dynamodb:*:{a}:*",
            "arn:aws:dynamodb:eu-west-1:{a}:table/orders",
            "*",
        ],
    },
];
