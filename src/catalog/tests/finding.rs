//! What it finds.

use crate::catalog::*;

fn names(actions: &[Action]) -> Vec<String> {
    actions.iter().map(Action::to_string).collect()
}

#[test]
fn expands_patterns() {
    assert_eq!(names(&expand("kms:decrypt")), ["kms:Decrypt"]);
    assert_eq!(
        names(&expand("iam:*LoginProfil?")),
        [
            "iam:CreateLoginProfile",
            "iam:DeleteLoginProfile",
            "iam:GetLoginProfile",
            "iam:UpdateLoginProfile",
        ]
    );
    let all = expand("*");
    assert_eq!(
        all.len(),
        services()
            .map(|service| service.actions().len())
            .sum::<usize>()
    );
    assert_eq!(all, expand("*:*"));
    assert!(all.is_sorted());
    assert_eq!(expand("s3:*").len(), service("s3").unwrap().actions().len());
    assert_eq!(expand("s3:**").len(), expand("S3:*").len());
    let lists = expand("*:List*");
    assert!(lists.len() > 1000 && lists.iter().all(|action| action.name().starts_with("List")));
    assert_eq!(names(&expand("kms:*crypt")), ["kms:Decrypt", "kms:Encrypt"]);
    for nothing in [
        "",
        "s3",
        "s3*",
        "s3:",
        ":",
        "nosuch:*",
        "s3:Get",
        "s3:Get*:x",
    ] {
        assert_eq!(expand(nothing), [], "{nothing}");
    }
    let hostile = format!("*:{}b", "*a".repeat(2000));
    assert_eq!(expand(&hostile), []);
}

#[test]
fn finds_what_a_typo_may_mean() {
    let cases = [
        ("s3:GetObjet", "s3:GetObject"),
        ("s3:getobejct", "s3:GetObject"),
        ("s4:GetObject", "s3:GetObject"),
        ("GetObject", "s3:GetObject"),
        ("ec2:DescribeInstance", "ec2:DescribeInstances"),
        ("iam:PasRole", "iam:PassRole"),
        ("aim:PassRole", "iam:PassRole"),
        ("sts:AsumeRole", "sts:AssumeRole"),
        ("cloudformation:CreateStacks", "cloudformation:CreateStack"),
        ("dynamo:PutItem", "dynamodb:PutItem"),
        ("lamda:InvokeFunction", "lambda:InvokeFunction"),
    ];
    for (typo, meant) in cases {
        let near = names(&nearest_actions(typo, 3));
        assert_eq!(
            near.first().map(String::as_str),
            Some(meant),
            "{typo}: {near:?}"
        );
    }
    assert_eq!(nearest_actions("s3:Xyzzy", 3), []);
    assert_eq!(
        nearest_services("dynamdb", 1),
        [service("dynamodb").unwrap()]
    );
    assert_eq!(nearest_services("", 3), []);
    assert_eq!(nearest_actions("ü:é", 3), []);
    assert_eq!(nearest_actions(&"x".repeat(10_000), 3), []);
}

#[test]
fn knows_condition_keys() {
    let team = condition_key("aws:principaltag/team").unwrap();
    assert_eq!(team.name(), "aws:PrincipalTag/${TagKey}");
    assert!(team.is_template() && team.service().is_none());
    let cases = [
        ("aws:SourceIp", KeyType::IpAddress, false),
        ("aws:CurrentTime", KeyType::Date, false),
        ("aws:MultiFactorAuthPresent", KeyType::Bool, false),
        ("aws:MultiFactorAuthAge", KeyType::Numeric, false),
        ("aws:PrincipalArn", KeyType::Arn, false),
        ("aws:TagKeys", KeyType::String, true),
        ("aws:CalledVia", KeyType::String, true),
        ("s3:max-keys", KeyType::Numeric, false),
        ("s3:prefix", KeyType::String, false),
        ("iam:PolicyARN", KeyType::Arn, false),
        ("iam:PassedToService", KeyType::String, false),
        ("s3:ExistingObjectTag/team", KeyType::String, false),
        ("kms:EncryptionContext:app", KeyType::String, false),
        ("saml:aud", KeyType::String, false),
        (
            "token.actions.githubusercontent.com:actor",
            KeyType::String,
            false,
        ),
    ];
    for (name, kind, several) in cases {
        let key = condition_key(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(
            (key.key_type(), key.is_multivalued()),
            (kind, several),
            "{name}"
        );
    }
    let tag = service("ec2").unwrap().condition_keys();
    let tag = tag
        .into_iter()
        .find(|key| key.name() == "aws:TagKeys")
        .unwrap();
    assert_eq!(
        tag.description(),
        condition_key("aws:tagkeys").unwrap().description()
    );
    for name in [
        "",
        ":",
        "aws:",
        "aws:Nonsense",
        "aws:PrincipalTag/",
        "nosuch:key",
        "s3:nosuch",
    ] {
        assert_eq!(condition_key(name), None, "{name}");
    }
}

#[test]
fn tells_the_type_of_an_arn() {
    let cases = [
        ("arn:aws:s3:::bucket", "s3:bucket"),
        ("arn:aws:s3:::bucket/a", "s3:object"),
        ("arn:aws:s3:::bucket/a/b/c.txt", "s3:object"),
        ("arn:aws-cn:s3:::bucket/*", "s3:object"),
        (
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/x",
            "s3:accesspoint",
        ),
        (
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/x/object/k/l",
            "s3:accesspointobject",
        ),
        ("arn:aws:iam::111122223333:role/ci/west/deploy", "iam:role"),
        ("arn:aws:iam::111122223333:user/alice", "iam:user"),
        ("arn:aws:iam::111122223333:group/devs", "iam:group"),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", "iam:policy"),
        (
            "arn:aws:iam::111122223333:instance-profile/web",
            "iam:instance-profile",
        ),
        (
            "arn:aws:iam::111122223333:saml-provider/okta",
            "iam:saml-provider",
        ),
        (
            "arn:aws:iam::111122223333:oidc-provider/a.b/c",
            "iam:oidc-provider",
        ),
        ("arn:aws:iam::111122223333:mfa/alice", "iam:mfa"),
        ("arn:aws:kms:eu-west-1:111122223333:key/1234", "kms:key"),
        (
            "arn:aws:kms:eu-west-1:111122223333:alias/app/x",
            "kms:alias",
        ),
        (
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
            "ec2:instance",
        ),
        ("arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1", "ec2:vpc"),
        ("arn:aws:ec2:eu-west-1::image/ami-1", "ec2:image"),
        (
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
            "lambda:function",
        ),
        (
            "arn:aws:lambda:eu-west-1:111122223333:function:f:live",
            "lambda:function alias",
        ),
        (
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
            "dynamodb:table",
        ),
        (
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i",
            "dynamodb:index",
        ),
        ("arn:aws:sqs:eu-west-1:111122223333:q", "sqs:queue"),
        ("arn:aws:sns:eu-west-1:111122223333:t", "sns:topic"),
        (
            "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f",
            "logs:log-group",
        ),
        (
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b-x",
            "secretsmanager:Secret",
        ),
        (
            "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b",
            "ssm:parameter",
        ),
        ("arn:aws:rds:eu-west-1:111122223333:db:main", "rds:db"),
        (
            "arn:aws:rds:eu-west-1:111122223333:cluster:main",
            "rds:cluster",
        ),
        (
            "arn:aws:ecr:eu-west-1:111122223333:repository/team/app",
            "ecr:repository",
        ),
        (
            "arn:aws:ecs:eu-west-1:111122223333:cluster/c",
            "ecs:cluster",
        ),
        (
            "arn:aws:eks:eu-west-1:111122223333:cluster/c",
            "eks:cluster",
        ),
        (
            "arn:aws:states:eu-west-1:111122223333:stateMachine:m",
            "states:statemachine",
        ),
        (
            "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/t",
            "cloudtrail:trail",
        ),
        (
            "arn:aws:acm:eu-west-1:111122223333:certificate/1",
            "acm:certificate",
        ),
        (
            "arn:aws:organizations::111122223333:account/o-1/444455556666",
            "organizations:account",
        ),
        (
            "arn:aws:execute-api:eu-west-1:111122223333:api/prod/GET/x",
            "execute-api:execute-api-general",
        ),
    ];
    for (arn, kind) in cases {
        let found = resources_of_arn(arn);
        let first = found.first().map(|found| format!("{found:?}"));
        assert_eq!(first.as_deref(), Some(kind), "{arn}: {found:?}");
    }
    for nothing in [
        "",
        "*",
        "arn:aws:s3",
        "arn:aws:nosuch:::x",
        "arn:aws:s3:::",
        "bucket",
    ] {
        assert_eq!(resources_of_arn(nothing), [], "{nothing}");
    }
}

#[test]
fn tells_whether_a_resource_can_be_of_a_type() {
    let s3 = service("s3").unwrap();
    let (bucket, object) = (
        s3.resource_type("Bucket").unwrap(),
        s3.resource_type("object").unwrap(),
    );
    let role = service("iam").unwrap().resource_type("role").unwrap();
    for (kind, resource, may) in [
        (bucket, "*", true),
        (bucket, "arn:aws:s3:::logs-*", true),
        (bucket, "arn:aws:s3:::*", true),
        (object, "arn:aws:s3:::*", true),
        (object, "arn:aws:s3:::logs", false),
        (bucket, "arn:aws:s3:::logs/a", false),
        (bucket, "arn:aws:s3:::logs/*", false),
        (bucket, "arn:aws:s3:*", true),
        (object, "arn:*", true),
        (object, "arn:aws:s3:::logs/${aws:username}/*", true),
        (object, "arn:${Partition}:s3:::a/?", true),
        (object, "arn:aws:s3:::logs/*", true),
        (role, "arn:aws:s3:::logs/*", false),
        (role, "arn:aws:iam::111122223333:role/x", true),
        (role, "arn:aws:iam::*:r*/x", true),
        (role, "arn:aws:iam::111122223333:user/x", false),
        (role, "arn:aws:iam::111122223333:role/", false),
        (role, "", false),
    ] {
        assert_eq!(kind.may_match(resource), may, "{kind:?} {resource}");
    }
}
