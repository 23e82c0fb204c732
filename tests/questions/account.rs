//! A small account in which every kind of principal and layer has a part.

use serde_json::{Value, json};

const ID: &str = "111122223333";

pub fn arn(rest: &str) -> String {
    format!("arn:aws:iam::{ID}:{rest}")
}

fn policy(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

pub fn managed(name: &str, statements: Value) -> Value {
    json!({
        "PolicyName": name, "PolicyId": format!("ANPA{name:X<17}").to_uppercase(),
        "Arn": arn(&format!("policy/{name}")), "Path": "/", "DefaultVersionId": "v1",
        "AttachmentCount": 1, "PermissionsBoundaryUsageCount": 0, "IsAttachable": true,
        "CreateDate": "2024-01-01T00:00:00Z", "UpdateDate": "2024-01-01T00:00:00Z",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true,
            "CreateDate": "2024-01-01T00:00:00Z", "Document": policy(statements)}]
    })
}

pub fn user(name: &str, path: &str, inline: Value) -> Value {
    json!({
        "UserName": name, "Path": path, "UserId": format!("AIDA{name:X<17}").to_uppercase(),
        "Arn": arn(&format!("user{path}{name}")), "CreateDate": "2024-01-01T00:00:00Z",
        "GroupList": [], "AttachedManagedPolicies": [], "Tags": [],
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": policy(inline)}]
    })
}

pub fn role(name: &str, path: &str, trust: Value, inline: Value) -> Value {
    json!({
        "RoleName": name, "Path": path, "RoleId": format!("AROA{name:X<17}").to_uppercase(),
        "Arn": arn(&format!("role{path}{name}")), "CreateDate": "2024-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": policy(trust), "AttachedManagedPolicies": [],
        "InstanceProfileList": [], "Tags": [{"Key": "Team", "Value": "red"}],
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": policy(inline)}]
    })
}

pub fn with(mut value: Value, more: Value) -> Value {
    for (key, field) in more.as_object().unwrap() {
        value[key] = field.clone();
    }
    value
}

/// The account as `aws iam get-account-authorization-details` prints it.
pub fn json() -> String {
    let allow = |action: &str, resource: &str| json!([{"Effect": "Allow", "Action": action, "Resource": resource}]);
    let by = |principal: Value| json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}]);
    let alice = json!([
        {"Sid": "Home", "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"],
            "Resource": "arn:aws:s3:::home/${aws:username}/*"},
        {"Effect": "Allow", "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::team-${aws:PrincipalTag/team}/*"},
        {"Effect": "Allow", "Action": "sqs:*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/none": "x"}}},
        {"Effect": "Allow", "Action": "sns:*", "Resource": "*",
            "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"Effect": "Allow", "Action": "iam:DeleteUser", "Resource": "*",
            "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}},
        {"Effect": "Allow", "Action": "ec2:StopInstances", "Resource": "*",
            "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-01-01"}}},
        {"Effect": "Allow", "Action": "ec2:StartInstances", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:ResourceAccount": ID}}},
        {"Effect": "Allow", "Action": ["kms:Decrypt", "lambda:*", "sts:AssumeRole"], "Resource": "*"}
    ]);
    let tagger = json!([
        {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Principal": {"AWS": arn("root")}}
    ]);
    let by_tag = json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*",
            "Condition": {"StringLike": {"aws:userid": "AROAPLAINXXXXXXXXXXXX:*"}}},
        {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*",
            "Condition": {"StringLike": {"aws:userid": "*:mallory"}}},
        {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": arn("role/svc/plain")},
                "StringEquals": {"aws:PrincipalType": "AssumedRole"}, "Null": {"aws:username": "true"}}}
    ]);
    let users = json!([
        with(
            user("alice", "/eng/", alice),
            json!({"GroupList": ["devs"],
            "Tags": [{"Key": "Team", "Value": "red"}]})
        ),
        with(
            user("bob", "/", allow("*", "*")),
            json!({"PermissionsBoundary": {
            "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn("policy/limits")}})
        ),
        user("twin", "/", allow("s3:*", "*"))
    ]);
    let groups = json!([{
        "GroupName": "devs", "Path": "/", "GroupId": "AGPADEVSXXXXXXXXXXXXX",
        "Arn": arn("group/devs"), "CreateDate": "2024-01-01T00:00:00Z",
        "AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess",
            "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
        "GroupPolicyList": [{"PolicyName": "of group",
            "PolicyDocument": policy(allow("dynamodb:Query", "*"))}]
    }]);
    let linked = "/aws-service-role/ec2.amazonaws.com/";
    let ec2 = || by(json!({"Service": "ec2.amazonaws.com"}));
    let roles = json!([
        role("plain", "/svc/", ec2(), by_tag.clone()),
        role("tagged", "/", tagger, by_tag),
        role(
            "twin",
            "/",
            by(json!({"AWS": "444455556666"})),
            allow("s3:*", "*")
        ),
        role("AWSServiceRoleForEC2", linked, ec2(), allow("*", "*"))
    ]);
    let policies = json!([managed(
        "limits",
        json!([{"Effect": "Allow", "Action": ["s3:*", "iam:Get*"], "Resource": "*"}])
    )]);
    json!({"UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": roles,
        "Policies": policies})
    .to_string()
}
