//! The words that random cases are made of: few, so that a policy and a request often meet.

/// The account of the caller.
pub const OWN: &str = "111122223333";
/// Another account.
pub const OTHER: &str = "444455556666";
/// An account that only policies name.
pub const STRANGER: &str = "777788889999";

/// Actions with resources that they may touch. `{}` stands for the account of the resource; S3 ARNs
/// have none. Some resources hold the characters that patterns give a meaning to.
pub const ORDINARY: [(&str, &str); 20] = [
    ("s3:GetObject", "arn:aws:s3:::reports/2024/q1.csv"),
    ("s3:GetObject", "arn:aws:s3:::reports/home/alice/notes.txt"),
    ("s3:PutObject", "arn:aws:s3:::reports/home/alice/notes.txt"),
    ("s3:DeleteObject", "arn:aws:s3:::reports/odd*name?.txt"),
    (
        "s3:GetObjectTagging",
        "arn:aws:s3:::reports/price$list/blue.csv",
    ),
    ("s3:GetObject", "arn:aws:s3:::reports/tmp/${raw"),
    ("s3:ListBucket", "arn:aws:s3:::reports"),
    ("s3:PutBucketPolicy", "arn:aws:s3:::team-blue"),
    (
        "ec2:StartInstances",
        "arn:aws:ec2:eu-west-1:{}:instance/i-1",
    ),
    (
        "ec2:TerminateInstances",
        "arn:aws:ec2:eu-west-1:{}:instance/i-12",
    ),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:{}:jobs-blue"),
    ("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:{}:jobs-red"),
    ("sns:Publish", "arn:aws:sns:eu-west-1:{}:alerts"),
    (
        "lambda:InvokeFunction",
        "arn:aws:lambda:eu-west-1:{}:function:resize:live",
    ),
    (
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-west-1:{}:secret:db/prod-AbCdEf",
    ),
    (
        "secretsmanager:PutSecretValue",
        "arn:aws:secretsmanager:eu-west-1:{}:secret:alice/key-AbCdEf",
    ),
    ("iam:GetUser", "arn:aws:iam::{}:user/dev/bob"),
    ("iam:PassRole", "arn:aws:iam::{}:role/ci/deploy"),
    ("iam:DeleteRole", "arn:aws:iam::{}:role/app"),
    ("kms:CreateAlias", "arn:aws:kms:eu-west-1:{}:alias/blue"),
];

/// Actions that touch no resource of their own.
pub const UNBOUND: [&str; 4] = [
    "ec2:DescribeInstances",
    "iam:ListUsers",
    "s3:ListAllMyBuckets",
    "sqs:ListQueues",
];

/// Actions on KMS keys.
pub const KEY_ACTIONS: [&str; 5] = [
    "kms:Decrypt",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:DescribeKey",
    "kms:RetireGrant",
];
/// KMS keys.
pub const KEYS: [&str; 2] = [
    "arn:aws:kms:eu-west-1:{}:key/1234abcd-12ab",
    "arn:aws:kms:us-east-1:{}:key/mrk-77ff",
];

/// Actions that a trust policy decides about, for callers with credentials.
pub const ASSUME: [&str; 5] = [
    "sts:AssumeRole",
    "sts:AssumeRole",
    "sts:AssumeRole",
    "sts:TagSession",
    "sts:SetSourceIdentity",
];
/// Roles to assume.
pub const ROLES: [&str; 3] = [
    "arn:aws:iam::{}:role/app",
    "arn:aws:iam::{}:role/ci/deploy",
    "arn:aws:iam::{}:role/audit-alice",
];

/// Users, the last part of the ARN.
pub const USERS: [&str; 3] = ["user/alice", "user/dev/bob", "user/dev/alice"];
/// Roles, the last part of the ARN.
pub const ROLE_NAMES: [&str; 3] = ["role/app", "role/ci/deploy", "role/audit-alice"];
/// Sessions, the last part of the ARN.
pub const SESSIONS: [&str; 4] = [
    "assumed-role/app/i-0abc",
    "assumed-role/deploy/run-1",
    "assumed-role/deploy/alice",
    "assumed-role/audit-alice/alice",
];
/// Federated users, the last part of the ARN.
pub const FEDERATED_USERS: [&str; 2] = ["federated-user/alice", "federated-user/bob"];
/// A service-linked role and a session of it, the last parts of their ARNs.
pub const SERVICE_LINKED: [&str; 2] = [
    "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    "assumed-role/AWSServiceRoleForECS/ecs",
];
/// AWS services that call.
pub const SERVICES: [&str; 3] = [
    "ec2.amazonaws.com",
    "lambda.amazonaws.com",
    "sns.amazonaws.com",
];
/// Identity providers that vouch for callers; `{}` stands for the account.
pub const PROVIDERS: [&str; 4] = [
    "arn:aws:iam::{}:saml-provider/Corp",
    "arn:aws:iam::{}:oidc-provider/token.actions.githubusercontent.com",
    "accounts.google.com",
    "www.amazon.com",
];

/// What the values of a condition key are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Family {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// A date or epoch seconds.
    Date,
    /// `true` or `false`.
    Bool,
    /// Base64.
    Binary,
    /// An address.
    Ip,
    /// An ARN.
    Arn,
}

/// A condition key: its name, what its values are, and whether it usually has several.
pub type Key = (&'static str, Family, bool);

/// The condition keys of requests and policies.
pub const CONTEXT_KEYS: [Key; 22] = [
    ("aws:username", Family::Text, false),
    ("aws:PrincipalTag/Team", Family::Text, false),
    ("aws:RequestTag/Env", Family::Text, false),
    ("aws:ResourceTag/Owner", Family::Text, false),
    ("aws:TagKeys", Family::Text, true),
    ("dynamodb:Attributes", Family::Text, true),
    ("aws:PrincipalOrgID", Family::Text, false),
    ("sts:ExternalId", Family::Text, false),
    ("s3:prefix", Family::Text, false),
    ("s3:max-keys", Family::Number, false),
    ("aws:MultiFactorAuthAge", Family::Number, false),
    ("aws:CurrentTime", Family::Date, false),
    ("aws:EpochTime", Family::Date, false),
    ("aws:TokenIssueTime", Family::Date, false),
    ("aws:SecureTransport", Family::Bool, false),
    ("aws:MultiFactorAuthPresent", Family::Bool, false),
    ("custom:Digest", Family::Binary, false),
    ("aws:SourceIp", Family::Ip, false),
    ("aws:VpcSourceIp", Family::Ip, false),
    ("aws:SourceArn", Family::Arn, false),
    ("aws:PrincipalArn", Family::Arn, false),
    ("iam:PolicyARN", Family::Arn, true),
];

/// The values of a family.
pub fn values(family: Family) -> &'static [&'static str] {
    match family {
        Family::Text => &[
            "alice",
            "bob",
            "Alice",
            "blue",
            "red",
            "Blue",
            "prod",
            "home/alice/",
            "o-1a2b",
            "a*e",
            "pr?d",
            "$5",
        ],
        // Two of them differ only beyond what a float holds.
        Family::Number => &[
            "10",
            "10.0",
            "+10",
            "1e1",
            "010",
            "11",
            "-3",
            "-3.0",
            "0",
            "-0",
            "0.1",
            "1E-1",
            "9007199254740992",
            "9007199254740993",
        ],
        Family::Date => &[
            "2024-05-01T12:00:00Z",
            "2024-05-01T14:00:00+02:00",
            "2024-05-01T07:30-04:30",
            "2024-05-01T12:00",
            "2024-05-01T12:00:00.000Z",
            "1714564800",
            "1714564800.0",
            "1714564800.5",
            "2024-05-01",
            "2024-05",
            "2024",
            "2024-02-29T23:59:59Z",
            "1709251199",
            "10000",
        ],
        Family::Bool => &["true", "false", "True", "FALSE"],
        Family::Binary => &["QmxvYg==", "QmxvYjE=", "aGFzaA==", "AAEC"],
        Family::Ip => &[
            "203.0.113.7",
            "203.0.113.200",
            "10.1.2.3",
            "2001:db8::1",
            "2001:DB8:0:0::1",
            "2001:db8:1::9",
        ],
        Family::Arn => &[
            "arn:aws:sns:eu-west-1:111122223333:alerts",
            "arn:aws:sqs:eu-west-1:111122223333:jobs-blue",
            "arn:aws:iam::111122223333:role/ci/deploy",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws:lambda:us-east-1:444455556666:function:resize:live",
            "arn:aws:s3:::reports",
        ],
    }
}

/// Ranges of addresses, as only policies have them.
pub const RANGES: [&str; 9] = [
    "0.0.0.0/0",
    "203.0.113.0/24",
    "203.0.113.9/25",
    "10.0.0.0/8",
    "10.1.2.3/32",
    "::/0",
    "2001:db8::/32",
    "2001:db8::/48",
    "203.0.113.7/31",
];

/// Values that are of no type but text.
pub fn malformed(family: Family) -> &'static [&'static str] {
    match family {
        Family::Number => &["ten", "", "1,5", "1e", "0x10"],
        Family::Date => &[
            "tomorrow",
            "2024-02-30",
            "2024-13-01",
            "2024-05-01T25:00Z",
            "123",
        ],
        Family::Bool => &["yes", "1", ""],
        Family::Binary => &["***", "QmxvYg=!"],
        Family::Ip => &[
            "203.0.113",
            "10.0.0.0/33",
            "2001:db8::/129",
            "localhost",
            "300.1.1.1",
        ],
        Family::Arn => &["arn:aws:s3", "alerts", ""],
        Family::Text => &["", "${aws:username", "${", "}"],
    }
}

/// The operators for keys of a family.
pub fn operators(family: Family) -> &'static [&'static str] {
    match family {
        Family::Text => &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ],
        Family::Number => &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        Family::Date => &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        Family::Bool => &["Bool"],
        Family::Binary => &["BinaryEquals"],
        Family::Ip => &["IpAddress", "NotIpAddress"],
        Family::Arn => &["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"],
    }
}

/// Names that look like operators.
pub const NO_OPERATORS: [&str; 6] = [
    "StringMatches",
    "NullIfExists",
    "BoolNotEquals",
    "ForEachValue:StringEquals",
    "StringEqualsIfExist",
    "NotArnLike",
];

/// Notations of one value, and for numbers also one that differs beyond what a float holds.
pub const TWINS: [&[&str]; 6] = [
    &["10", "10.0", "+10", "1e1", "010"],
    &["0", "-0", "0.0"],
    &["0.1", "1E-1", "0.10"],
    &["-3", "-3.0"],
    &["9007199254740992", "9007199254740993"],
    &[
        "2024-05-01T12:00:00Z",
        "2024-05-01T14:00:00+02:00",
        "2024-05-01T07:30-04:30",
        "2024-05-01T12:00",
        "1714564800",
        "1714564800.5",
    ],
];
