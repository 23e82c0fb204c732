//! Messages of all shapes, and what is read from them.

use iamscope::report::denied::{self, Denied, DeniedError, PolicyKind};

/// A session of a role.
pub const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/ci-deploy/build-77";
/// A user.
pub const USER: &str = "arn:aws:iam::111122223333:user/alice";

/// What is read from a message that is one.
#[track_caller]
pub fn read(text: &str) -> Denied {
    denied::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Principal, action, resource, and the reason in words; `-` for what is not said.
#[track_caller]
pub fn says(text: &str, wanted: [&str; 4]) {
    let denied = read(text);
    let or_not = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let reason = denied.reason.as_ref().map(ToString::to_string);
    let found = [
        or_not(&denied.principal),
        or_not(&denied.action),
        or_not(&denied.resource),
        or_not(&reason),
    ];
    assert_eq!(found, wanted, "{text}");
}

/// Every kind of policy, as the documentation of IAM has the words.
#[test]
fn every_reason_is_understood() {
    for (kind, name) in PolicyKind::ALL {
        let implicit = format!(
            "User: {USER} is not authorized to perform: codecommit:ListRepositories because no \
             {name} allows the codecommit:ListRepositories action"
        );
        let reason = read(&implicit).reason.unwrap();
        assert_eq!((reason.is_explicit, reason.kind), (false, Some(kind)));
        for article in ["a", "an", "the"] {
            let explicit = format!(
                "User: {USER} is not authorized to perform: codecommit:ListRepositories with an \
                 explicit deny in {article} {name}"
            );
            let reason = read(&explicit).reason.unwrap();
            assert_eq!((reason.is_explicit, reason.kind), (true, Some(kind)));
            assert_eq!(reason.policy, None);
        }
    }
}

#[test]
fn services_say_it_in_their_ways() {
    let object = "arn:aws:s3:::b/k";
    says(
        &format!(
            "User: {ROLE} is not authorized to perform: s3:GetObject on resource: \"{object}\" \
             because no identity-based policy allows the s3:GetObject action"
        ),
        [
            ROLE,
            "s3:GetObject",
            object,
            "no identity-based policy allows it",
        ],
    );
    // Keys of S3 may have spaces, and words that stand elsewhere in the sentence.
    says(
        &format!(
            "User: {USER} is not authorized to perform: s3:PutObject on resource: \
             \"arn:aws:s3:::b/a file because no one (knows).txt\" with an explicit deny in a \
             resource-based policy"
        ),
        [
            USER,
            "s3:PutObject",
            "arn:aws:s3:::b/a file because no one (knows).txt",
            "an explicit deny in a resource-based policy",
        ],
    );
    // IAM names its own by kind and name.
    says(
        &format!(
            "User: {USER} is not authorized to perform: iam:GetRole on resource: role breakglass \
             because no identity-based policy allows the iam:GetRole action"
        ),
        [
            USER,
            "iam:GetRole",
            "role breakglass",
            "no identity-based policy allows it",
        ],
    );
    says(
        &format!("User: {USER} is not authorized to perform: iam:GetUser on resource: user bob"),
        [USER, "iam:GetUser", "user bob", "-"],
    );
    // KMS, without the key.
    says(
        &format!(
            "User: {ROLE} is not authorized to perform: kms:Decrypt on this resource because the \
             resource does not exist in this Region, no resource-based policies allow access, or a \
             resource-based policy explicitly denies access"
        ),
        [ROLE, "kms:Decrypt", "-", "-"],
    );
    // SNS and SQS have their actions in a case of their own.
    says(
        &format!(
            "User: {USER} is not authorized to perform: SNS:Publish on resource: \
             arn:aws:sns:eu-west-1:111122223333:t because no identity-based policy allows the \
             SNS:Publish action"
        ),
        [
            USER,
            "SNS:Publish",
            "arn:aws:sns:eu-west-1:111122223333:t",
            "no identity-based policy allows it",
        ],
    );
    // OpenSearch and API Gateway have callers without credentials.
    says(
        "{\"Message\":\"User: anonymous is not authorized to perform: es:ESHttpGet because no \
         resource-based policy allows the es:ESHttpGet action\"}",
        [
            "*",
            "es:ESHttpGet",
            "-",
            "no resource-based policy allows it",
        ],
    );
    says(
        "{\"Message\":\"User: anonymous is not authorized to perform: execute-api:Invoke on \
         resource: arn:aws:execute-api:us-east-1:********3333:abc/test/GET/ with an explicit \
         deny\"}",
        [
            "*",
            "execute-api:Invoke",
            "arn:aws:execute-api:us-east-1:********3333:abc/test/GET/",
            "an explicit deny in a policy",
        ],
    );
    // The old words for SCPs.
    says(
        &format!(
            "User: {USER} is not authorized to perform: ec2:RunInstances on resource: * due to an \
             explicit deny in a Service Control Policy"
        ),
        [
            USER,
            "ec2:RunInstances",
            "*",
            "an explicit deny in a service control policy",
        ],
    );
}

#[test]
fn newer_messages_name_the_policy() {
    for (policy, kind, text) in [
        (
            "arn:aws:iam::111122223333:policy/DenyBedrockAccess",
            PolicyKind::Identity,
            "an identity-based policy: arn:aws:iam::111122223333:policy/DenyBedrockAccess.",
        ),
        (
            "arn:aws:organizations::999988887777:policy/o-ex/service_control_policy/p-ab12",
            PolicyKind::Scp,
            "a service control policy: \
             arn:aws:organizations::999988887777:policy/o-ex/service_control_policy/p-ab12. \
             Encoded authorization failure message: aaaaBBBB-_",
        ),
        (
            "RequireCreatorTag-creator=you",
            PolicyKind::Identity,
            "an identity-based policy: RequireCreatorTag-creator=you",
        ),
    ] {
        let text = format!(
            "User: {USER} is not authorized to perform: ec2:DescribeInstances with an explicit \
             deny in {text}"
        );
        let reason = read(&text).reason.unwrap();
        assert_eq!(reason.kind, Some(kind), "{text}");
        assert_eq!(reason.policy.as_deref(), Some(policy), "{text}");
    }
}

#[test]
fn operations_tell_the_action_where_the_message_does_not() {
    for (text, action, resource) in [
        (
            "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
            "s3:PutObject",
            None,
        ),
        (
            "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied",
            "s3:ListBucket",
            None,
        ),
        (
            "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden",
            "s3:GetObject",
            None,
        ),
        (
            "upload failed: ./x to s3://b/a/k An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
            "s3:PutObject",
            Some("s3://b/a/k"),
        ),
        (
            "download failed: s3://b/k to ./x An error occurred (403) when calling the HeadObject operation: Forbidden",
            "s3:GetObject",
            Some("s3://b/k"),
        ),
        (
            "operation error S3: HeadBucket, https response error StatusCode: 403, RequestID: 0f, HostID: x, api error Forbidden: Forbidden",
            "s3:ListBucket",
            None,
        ),
        (
            "operation error CloudWatch Logs: CreateLogGroup, https response error StatusCode: 400, api error AccessDeniedException: no",
            "logs:CreateLogGroup",
            None,
        ),
        (
            "operation error Lambda: Invoke, https response error StatusCode: 403, api error AccessDeniedException: None",
            "lambda:InvokeFunction",
            None,
        ),
    ] {
        let denied = read(text);
        assert_eq!(denied.action.as_deref(), Some(action), "{text}");
        assert_eq!(denied.resource.as_deref(), resource, "{text}");
        assert_eq!(denied.principal, None);
        let notes = denied.notes.join("\n");
        assert!(notes.contains("names the operation"), "{notes}");
    }
}

/// Where several services have an operation of that name, none is chosen.
#[test]
fn what_may_be_of_several_services_stays_open() {
    let text =
        "An error occurred (AccessDeniedException) when calling the TagResource operation: no";
    let denied = read(text);
    assert_eq!(denied.action, None);
    assert!(denied.candidates.len() > 20, "{:?}", denied.candidates);
    assert!(denied.candidates.contains(&"kms:TagResource".to_owned()));
    let text = "An error occurred (AccessDenied) when calling the Frobnicate operation: no";
    let denied = read(text);
    assert_eq!((denied.action, denied.candidates), (None, Vec::new()));
    assert_eq!(denied.operation.as_deref(), Some("Frobnicate"));
}

#[test]
fn less_is_said_than_may_be_wished() {
    says(
        "AccessDeniedException: User is not authorized to perform: ecr:ListTagsForResource",
        ["-", "ecr:ListTagsForResource", "-", "-"],
    );
    says(
        "Is not authorized to perform: sts:AssumeRole on resource arn:aws:iam::222222222222:role/r",
        [
            "-",
            "sts:AssumeRole",
            "arn:aws:iam::222222222222:role/r",
            "-",
        ],
    );
    says(
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        ["-", "sts:AssumeRoleWithWebIdentity", "-", "-"],
    );
    says(
        &format!(
            "An error occurred (AccessDeniedException) when calling the CreateComponentVersion operation: User: {USER} is not authorized to perform: null"
        ),
        [USER, "greengrass:CreateComponentVersion", "-", "-"],
    );
    says("Access Denied", ["-", "-", "-", "-"]);
}

#[test]
fn of_several_denials_the_first_is_taken_and_the_others_told() {
    let one = |action: &str| {
        format!("User: {USER} is not authorized to perform: {action} on resource: *\n")
    };
    let denied = read(&(one("s3:ListAllMyBuckets") + &one("s3:ListAllMyBuckets")));
    assert_eq!(denied.notes, [""; 0]);
    let denied =
        read(&(one("s3:ListAllMyBuckets") + &one("ec2:DescribeVpcs") + &one("ec2:RunInstances")));
    assert_eq!(denied.action.as_deref(), Some("s3:ListAllMyBuckets"));
    assert!(
        denied.notes.join("").contains("2 other denials"),
        "{:?}",
        denied.notes
    );
}

#[test]
fn what_tells_of_no_denial_is_refused() {
    for (text, error) in [
        ("", DeniedError::Empty),
        (" \n\t", DeniedError::Empty),
        ("hello", DeniedError::NoDenial),
        (
            "An error occurred (ThrottlingException) when calling the X operation: slow down",
            DeniedError::NoDenial,
        ),
        ("{}", DeniedError::NoDenial),
        ("[1, null, \"x\"]", DeniedError::NoDenial),
    ] {
        assert_eq!(denied::parse(text), Err(error), "{text}");
    }
    let long = "x".repeat(denied::LIMIT + 1);
    assert_eq!(denied::parse(&long), Err(DeniedError::TooLong));
}
