//! Messages with what tools and terminals do to them: wrapped, quoted, boxed, broken, encoded.

use super::messages::{ROLE, USER, read, says};

#[test]
fn tools_wrap_it() {
    let sentence = format!(
        "User: {ROLE} is not authorized to perform: iam:CreateRole on resource: \
         arn:aws:iam::111122223333:role/x because no identity-based policy allows the \
         iam:CreateRole action"
    );
    let wanted = [
        ROLE,
        "iam:CreateRole",
        "arn:aws:iam::111122223333:role/x",
        "no identity-based policy allows it",
    ];
    for text in [
        format!(
            "\nAn error occurred (AccessDenied) when calling the CreateRole operation: {sentence}\n"
        ),
        format!(
            "aws: [ERROR]: An error occurred (AccessDenied) when calling the CreateRole operation: {sentence}"
        ),
        format!(
            "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the CreateRole operation: {sentence}"
        ),
        format!(
            "software.amazon.awssdk.services.iam.model.IamException: {sentence} (Service: Iam, Status Code: 403, Request ID: 0f0f) (SDK Attempt Count: 1)"
        ),
        format!(
            "com.amazonaws.AmazonServiceException: {sentence} (Service: AmazonIdentityManagement; Status Code: 403; Error Code: AccessDenied; Request ID: 0f0f; Proxy: null)"
        ),
        format!(
            "operation error IAM: CreateRole, https response error StatusCode: 403, RequestID: 0f0f, api error AccessDenied: {sentence}"
        ),
        format!(
            "AccessDenied: {sentence}\n    at throwDefaultError (/x/index.js:838:20) {{\n  '$fault': 'client',\n  Code: 'AccessDenied'\n}}"
        ),
        format!(
            "Resource handler returned message: \"{sentence} (Service: Iam, Status Code: 403, Request ID: 0f0f)\" (RequestToken: 1, HandlerErrorCode: AccessDenied)"
        ),
        format!("{{\"__type\":\"AccessDeniedException\",\"message\":\"{sentence}\"}}"),
        format!("API Error: 403 {{\"Message\":\"{sentence}\"}}"),
        format!(
            "<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{sentence}</Message></Error><RequestId>0f0f</RequestId></ErrorResponse>"
        ),
        format!(
            "{{\"StackEvents\":[{{\"ResourceStatus\":\"CREATE_IN_PROGRESS\"}},{{\"ResourceStatusReason\":\"{sentence} (Service: Iam)\"}}]}}"
        ),
        format!("\x1b[31m{sentence}\x1b[0m"),
        format!("> {sentence}"),
    ] {
        says(&text, wanted);
    }
}

#[test]
fn quotes_are_seen_through() {
    let wanted = [
        USER,
        "s3:ListBucket",
        "arn:aws:s3:::b",
        "no identity-based policy allows it",
    ];
    for quote in ["\"", "\\\"", "&quot;", "&#34;"] {
        let text = format!(
            "User: {USER} is not authorized to perform: s3:ListBucket on resource: \
             {quote}arn:aws:s3:::b{quote} because no identity-based policy allows the \
             s3:ListBucket action"
        );
        says(&text, wanted);
    }
}

/// Boxes and narrow terminals break anywhere.
#[test]
fn line_breaks_may_stand_anywhere() {
    let terraform = "\
╷
│ Error: creating IAM Role (x): operation error IAM: CreateRole, https response error StatusCode: 403, RequestID: 0f0f, api error AccessDenied: User: arn:aws:sts::111122223333:assu
│ med-role/ci-deploy/build-77 is not authorized to perform: iam:Crea
│ teRole on resource: arn:aws:iam::111122223333:ro
│ le/x because no identity-ba
│ sed policy allows the iam:CreateRole action
│
│   with aws_iam_role.x,
│   on main.tf line 4, in resource \"aws_iam_role\" \"x\":
│    4: resource \"aws_iam_role\" \"x\" {
│
╵
";
    let wanted = [
        ROLE,
        "iam:CreateRole",
        "arn:aws:iam::111122223333:role/x",
        "no identity-based policy allows it",
    ];
    says(terraform, wanted);
    // One break at each place there is, within words and between them.
    let sentence = format!(
        "User: {ROLE} is not authorized to perform: iam:CreateRole on resource: \
         arn:aws:iam::111122223333:role/x because no identity-based policy allows the \
         iam:CreateRole action"
    );
    for at in 1..sentence.len() {
        let (before, after) = sentence.split_at(at);
        says(&format!("{before}\n{after}"), wanted);
    }
    for width in 9..80 {
        let lines: Vec<_> = sentence.as_bytes().chunks(width).collect();
        let lines: Vec<_> = lines.into_iter().map(String::from_utf8_lossy).collect();
        says(&format!("│ {}", lines.join("\n│ ")), wanted);
    }
}

#[test]
fn what_is_encoded_is_found_whole() {
    let encoded =
        "GHi3Mmcygm9wNWTtxemhhQKYGdXfcL1Dn5TQURkzFSRZy-6icjPACU2tFO2ZAIJkiKFhxpmkWDKKQST0";
    let lead = "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: \
                You are not authorized to perform this operation.";
    let sentence = format!(
        "User: {USER} is not authorized to perform: ec2:RunInstances on resource: \
         arn:aws:ec2:eu-west-1:111122223333:instance/* because no identity-based policy allows \
         the ec2:RunInstances action."
    );
    let text = format!("{lead} {sentence} Encoded authorization failure message: {encoded}");
    says(
        &text,
        [
            USER,
            "ec2:RunInstances",
            "arn:aws:ec2:eu-west-1:111122223333:instance/*",
            "no identity-based policy allows it",
        ],
    );
    assert_eq!(read(&text).encoded.as_deref(), Some(encoded));
    // Broken into lines, with more after it.
    let (one, other) = encoded.split_at(40);
    let text = format!(
        "│ {lead} Encoded authorization failure message: {one}\n│ {other}\n│ \tstatus code: 403, \
         request id: 0f0f"
    );
    let denied = read(&text);
    assert_eq!(denied.encoded.as_deref(), Some(encoded));
    assert_eq!(denied.principal, None);
    assert_eq!(denied.action.as_deref(), Some("ec2:RunInstances"));
    let alone = read(&encoded.repeat(2));
    assert_eq!(alone.encoded.as_deref(), Some(&*encoded.repeat(2)));
    assert_eq!(alone.action, None);
}
