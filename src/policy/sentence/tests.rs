use super::*;
use crate::policy::Document;

fn statement(body: &str) -> Statement {
    let text = format!("{{\"Version\":\"2012-10-17\",\"Statement\":{{{body}}}}}");
    Document::parse(&text).statements.remove(0)
}

fn say(body: &str) -> String {
    describe(&statement(body))
}

/// What a condition on an Allow says.
fn when(condition: &str) -> String {
    let body = format!(r#""Effect":"Allow","Action":"a:b","Resource":"*","Condition":{condition}"#);
    let statement = statement(&body);
    let said = describe(&statement);
    let (_, condition) = said.split_once("resource").unwrap();
    condition.trim_start_matches([',', ' ']).to_owned()
}

#[test]
fn actions() {
    for (actions, expected) in [
        (r#""Action":"*""#, "Allow everything on any resource"),
        (r#""Action":"s3:*""#, "Allow all of s3 on any resource"),
        (
            r#""Action":["s3:*","s3:Get*"]"#,
            "Allow all of s3 on any resource",
        ),
        (
            r#""Action":["s3:Get*","*"]"#,
            "Allow everything on any resource",
        ),
        (
            r#""Action":"s3:GetObject""#,
            "Allow s3:GetObject on any resource",
        ),
        (
            r#""Action":["s3:Get*","s3:List*"]"#,
            "Allow s3 actions Get* and List* on any resource",
        ),
        (
            r#""Action":["s3:A","s3:B","s3:C","s3:D","s3:E","s3:F"]"#,
            "Allow s3 actions A, B, C, D and 2 more on any resource",
        ),
        (
            r#""Action":["s3:A","sqs:*","s3:B"]"#,
            "Allow s3 actions A and B and all of sqs on any resource",
        ),
        (
            r#""Action":["a:1","b:1","c:1","d:1","e:*"]"#,
            "Allow 5 actions or patterns of a, b, c, d and 1 more on any resource",
        ),
        (
            r#""NotAction":["iam:*","sts:*"]"#,
            "Allow everything except all of iam and all of sts on any resource",
        ),
        (
            r#""NotAction":"*""#,
            "Allow nothing (all is excepted) on any resource",
        ),
        (
            r#""Sid":"x""#,
            "Allow nothing (no action is named) on any resource",
        ),
        (
            r#""Action":[]"#,
            "Allow nothing (no action is named) on any resource",
        ),
    ] {
        let body = format!(r#""Effect":"Allow","Resource":"*",{actions}"#);
        assert_eq!(say(&body), expected);
    }
}

#[test]
fn resources() {
    for (resource, expected) in [
        (r#""arn:aws:s3:::reports""#, "bucket reports"),
        (r#""arn:aws:s3:::reports/*""#, "objects of bucket reports"),
        (
            r#"["arn:aws:s3:::reports","arn:aws:s3:::reports/*"]"#,
            "bucket reports and its objects",
        ),
        (r#""arn:aws:s3:::reports/2024/*""#, "objects reports/2024/*"),
        (
            r#""arn:aws:s3:::reports-*""#,
            "buckets and objects reports-*",
        ),
        (r#""arn:aws:s3:::*""#, "any bucket or object"),
        (
            r#""arn:aws:s3:::${aws:PrincipalTag/b}""#,
            "arn:aws:s3:::${aws:PrincipalTag/b}",
        ),
        (
            r#""arn:aws:iam::111122223333:role/ci/deploy""#,
            "role ci/deploy (111122223333)",
        ),
        (
            r#""arn:aws:iam::*:user/${aws:username}""#,
            "the caller's own user",
        ),
        (
            r#""arn:aws:dynamodb:eu-west-1:111122223333:table/orders""#,
            "table orders (eu-west-1 111122223333)",
        ),
        (r#""arn:aws:sqs:*:*:jobs""#, "queue jobs"),
        (r#""arn:aws:new:*:*:thing/x""#, "arn:aws:new:*:*:thing/x"),
        (
            r#""arn:aws:ec2:*:instance/i-1""#,
            "arn:aws:ec2:*:instance/i-1",
        ),
        (
            r#"["arn:aws:sqs:*:*:a","arn:aws:sqs:*:*:b","c"]"#,
            "queue a, queue b or c",
        ),
    ] {
        let body = format!(r#""Effect":"Allow","Action":"a:b","Resource":{resource}"#);
        assert_eq!(say(&body), format!("Allow a:b on {expected}"));
        let body = format!(r#""Effect":"Deny","Action":"a:b","NotResource":{resource}"#);
        assert_eq!(
            say(&body),
            format!("Deny a:b on anything except {expected}")
        );
    }
}

#[test]
fn a_variable_is_plain_text_in_the_old_version() {
    let old = Document::parse(
        r#"{"Statement":{"Effect":"Allow","Action":"a:b",
            "Resource":"arn:aws:iam::*:user/${aws:username}"}}"#,
    );
    assert_eq!(
        describe(&old.statements[0]),
        "Allow a:b on user ${aws:username}"
    );
}

#[test]
fn conditions() {
    for (condition, expected) in [
        (
            r#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.0.2.1"]}}"#,
            "if the request comes from 10.0.0.0/8 or 192.0.2.1",
        ),
        (
            r#"{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
            "unless the request comes from 10.0.0.0/8",
        ),
        (
            r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
            "if MFA is present",
        ),
        (
            r#"{"Bool":{"aws:MultiFactorAuthPresent":false}}"#,
            "if MFA is known to be absent",
        ),
        (
            r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#,
            "unless MFA is present",
        ),
        (
            r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#,
            "if MFA is present (if known)",
        ),
        (
            r#"{"StringEquals":{"aws:RequestedRegion":["eu-west-1","eu-west-2"]}}"#,
            "if the region is eu-west-1 or eu-west-2",
        ),
        (
            r#"{"StringEqualsIfExists":{"aws:RequestedRegion":"eu-west-1"}}"#,
            "if the region is eu-west-1 (if present)",
        ),
        (
            r#"{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-west-2"]}}"#,
            "unless the region is eu-west-1 or eu-west-2",
        ),
        (
            r#"{"StringNotEquals":{"aws:RequestedRegion":["a","b"]},"StringEquals":{"x:y":"z"}}"#,
            "if the region is neither a nor b and x:y is z",
        ),
        (
            r#"{"StringNotEquals":{"x:a":"1"},"StringNotLike":{"x:b":"2*"}}"#,
            "unless x:a is 1, or x:b matches 2*",
        ),
        (
            r#"{"StringLike":{"aws:PrincipalTag/team":"red*"}}"#,
            "if the caller's tag team matches red*",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalTag/team":"red*"}}"#,
            "if the caller's tag team is literally red*",
        ),
        (
            r#"{"StringEquals":{"ec2:ResourceTag/team":"${aws:PrincipalTag/team}"}}"#,
            "if the resource's tag team is the caller's tag team",
        ),
        (
            r#"{"StringEquals":{"x:y":["${aws:username}","${graph.facebook.com:id}"]}}"#,
            "if x:y is the caller's own user name or ${graph.facebook.com:id}",
        ),
        (
            r#"{"StringEqualsIgnoreCase":{"AWS:username":"Nadia"}}"#,
            "if the caller's user name is (in any case) Nadia",
        ),
        (
            r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["env","team"]}}"#,
            "if every tag key of the request (if any) is env or team",
        ),
        (
            r#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["env","team"]}}"#,
            "if some tag key of the request is neither env nor team",
        ),
        (
            r#"{"Null":{"aws:TokenIssueTime":"true"}}"#,
            "unless the time of the session's credentials is present",
        ),
        (
            r#"{"Null":{"aws:TagKeys":"false"}}"#,
            "if the request's list of tag keys is present",
        ),
        (
            r#"{"ForAnyValue:StringEquals":{"x:keys":["a","b"]}}"#,
            "if some value of x:keys is a or b",
        ),
        (r#"{"Null":{"x:y":"false"}}"#, "if x:y is present"),
        (
            r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":3600}}"#,
            "if the age of the MFA in seconds is less than 3600",
        ),
        (
            r#"{"DateGreaterThan":{"aws:CurrentTime":"2024-01-01T00:00:00Z"},"DateLessThanEquals":{"aws:CurrentTime":"2024-06-30T12:00:00Z"}}"#,
            "if the time is after 2024-01-01 and the time is not after 2024-06-30T12:00:00Z",
        ),
        (
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci-*"}}"#,
            "if the caller matches role ci-* (111122223333)",
        ),
        (
            r#"{"StringEquals":{"iam:PassedToService":["lambda.amazonaws.com","ecs-tasks.amazonaws.com"]}}"#,
            "if the service it is passed to is lambda or ecs-tasks",
        ),
        (
            r#"{"StringSame":{"x:y":"z"}}"#,
            "if x:y meets the unknown operator StringSame",
        ),
        (r#"{"StringEquals":{"x:y":[]}}"#, "if x:y is nothing"),
        (r#"{"StringEquals":{"x:y":""}}"#, "if x:y is empty"),
    ] {
        assert_eq!(when(condition), expected, "{condition}");
    }
}

#[test]
fn the_claims_of_a_github_job() {
    let sub = |operator: &str, sub: &str| {
        when(&format!(
            r#"{{"{operator}":{{"token.actions.githubusercontent.com:sub":"{sub}"}}}}"#
        ))
    };
    for (value, expected) in [
        (
            "repo:o/r:ref:refs/heads/main",
            "if repo is o/r and branch is main",
        ),
        ("repo:o/r:ref:refs/tags/v1", "if repo is o/r and tag is v1"),
        (
            "repo:o/r:environment:live",
            "if repo is o/r and environment is live",
        ),
        (
            "repo:o/r:pull_request",
            "if repo is o/r and it runs for a pull request",
        ),
    ] {
        assert_eq!(sub("StringEquals", value), expected);
        assert_eq!(sub("StringLike", value), expected);
    }
    assert_eq!(sub("StringLike", "repo:o/r:*"), "if repo is o/r");
    assert_eq!(
        sub("StringLike", "repo:o/r:ref:refs/heads/x-*"),
        "if repo is o/r and branch matches x-*"
    );
    // A wildcard crosses the colons: this is no statement about the branch alone.
    assert_eq!(
        sub("StringLike", "repo:o/*:ref:refs/heads/main"),
        "if sub matches repo:o/*:ref:refs/heads/main"
    );
    assert_eq!(sub("StringLike", "repo:o/*"), "if sub matches repo:o/*");
    assert_eq!(
        sub("StringEquals", "repo:o/r:*"),
        "if sub is literally repo:o/r:*"
    );
}

#[test]
fn people_and_services() {
    for (body, expected) in [
        (
            r#""Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole""#,
            "Allow service lambda to assume",
        ),
        (
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
               "Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession"],
               "Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com",
                 "token.actions.githubusercontent.com:sub":"repo:northwind/infra:ref:refs/heads/main"}}"#,
            "Allow web identity of GitHub to assume and tag the session, if aud is sts.amazonaws.com and repo is northwind/infra and branch is main",
        ),
        (
            r#""Effect":"Allow","Principal":{"AWS":["arn:aws:iam::333344445555:root","arn:aws:iam::111122223333:role/x"]},"Action":"sts:AssumeRole""#,
            "Allow account 333344445555 or role x of account 111122223333 to assume",
        ),
        (
            r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
            "Deny anyone the right to use all of s3 on bucket b and its objects, if the request does not use TLS",
        ),
        (
            r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*""#,
            "Allow anyone to do everything on any resource",
        ),
        (
            r#""Effect":"Deny","NotPrincipal":{"AWS":["111122223333","AROAEXAMPLEID1234567"]},"Action":"*","Resource":"*""#,
            "Deny everyone but account 111122223333 or deleted role AROAEXAMPLEID1234567 the right to do anything on any resource",
        ),
        (
            r#""Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
            "Allow everyone but account 111122223333 to assume (never works: NotPrincipal is for Deny)",
        ),
        (
            r#""Effect":"Allow","Principal":{},"Action":"sts:TagSession""#,
            "Allow nobody to tag the session",
        ),
    ] {
        assert_eq!(say(body), expected);
    }
}

#[test]
fn a_deny_without_mfa() {
    assert_eq!(
        say(
            r#""Effect":"Deny","NotAction":["iam:CreateVirtualMFADevice","iam:EnableMFADevice","sts:GetSessionToken"],
               "Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#
        ),
        "Deny everything except iam actions CreateVirtualMFADevice and EnableMFADevice and sts:GetSessionToken unless MFA is present"
    );
}

#[test]
fn what_is_wrong_is_said() {
    for (body, expected) in [
        (
            r#""Action":"a:b","Resource":"*""#,
            "No effect, for none is given: a:b on any resource",
        ),
        (
            r#""Effect":"allow","Action":"a:b","Resource":"*""#,
            "No effect, for allow is neither Allow nor Deny: a:b on any resource (parts of it cannot be read)",
        ),
        (
            r#""Effect":"Allow","Action":"a:b","NotAction":"a:c""#,
            "Not valid: it has both Action and NotAction",
        ),
        (
            r#""Effect":"Allow","Action":"a:b","Resource":"*","Condition":7"#,
            "Allow a:b on any resource (parts of it cannot be read)",
        ),
    ] {
        assert_eq!(say(body), expected);
    }
}

#[test]
fn a_long_statement_is_counted_and_not_cut() {
    let actions: Vec<_> = (0..200).map(|n| format!("\"s3:Action{n}\"")).collect();
    let buckets: Vec<_> = (0..50)
        .map(|n| format!("\"arn:aws:s3:::{}-{n}\"", "b".repeat(60)))
        .collect();
    let body = format!(
        r#""Effect":"Allow","Action":[{}],"Resource":[{}],"Condition":{{"StringEquals":{{"x:one":"{}","x:two":"2"}}}}"#,
        actions.join(","),
        buckets.join(","),
        "v".repeat(500),
    );
    let said = say(&body);
    assert!(said.chars().count() <= 160, "{said}");
    assert!(said.contains("and 199 more"), "{said}");
    assert!(said.contains("or 49 more"), "{said}");
    assert!(
        said.contains("2 conditions hold (on x:one and 1 more)"),
        "{said}"
    );
}

#[test]
fn a_sentence_is_one_line_of_visible_characters() {
    let said =
        say(r#""Effect":"Allow","Action":"a:\u001b[31m\n","Resource":"arn:aws:s3:::x\u0000y""#);
    assert!(!said.contains(char::is_control), "{said:?}");
    assert!(said.contains("\\u{1b}[31m\\n"), "{said}");
}

#[test]
fn conditions_alone_are_said_in_full() {
    let statement = statement(
        r#""Condition":{"StringEquals":{"sts:ExternalId":"s3cret"},"Null":{"x:y":"true"}}"#,
    );
    assert_eq!(
        conditions_in_words(&statement),
        ["the external id is s3cret", "x:y is absent"]
    );
}
