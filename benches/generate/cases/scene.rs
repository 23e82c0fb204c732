//! What a case is about: who asks for what, and what is known of the request.

use super::super::json::Json;
use super::super::words::{APPS, FIRST, LAST, REGIONS, STAGES, TEAMS};
use super::super::{Random, strings};

/// Accounts that appear in cases.
pub const ACCOUNTS: [&str; 5] = [
    "111122223333",
    "222233334444",
    "444455556666",
    "777788889999",
    "123456789012",
];

/// The organisation that they belong to.
pub const ORGANIZATION: &str = "o-a1b2c3d4e5";

/// A service with one of its types of resources and actions that take it.
///
/// In the ARN, `{r}` stands for region and account, `{a}` for the account alone, `{n}` for a name.
#[derive(Debug)]
pub struct Service {
    pub prefix: &'static str,
    pub arn: &'static str,
    pub actions: &'static [&'static str],
    /// Whether such resources have policies.
    pub has_policy: bool,
}

const fn service(
    prefix: &'static str,
    arn: &'static str,
    has_policy: bool,
    actions: &'static [&'static str],
) -> Service {
    Service {
        prefix,
        arn,
        actions,
        has_policy,
    }
}

pub const SERVICES: [Service; 14] = [
    service(
        "s3",
        "arn:aws:s3:::{n}/{p}",
        true,
        &[
            "GetObject",
            "PutObject",
            "DeleteObject",
            "GetObjectTagging",
            "PutObjectTagging",
            "GetObjectVersion",
            "AbortMultipartUpload",
        ],
    ),
    service(
        "dynamodb",
        "arn:aws:dynamodb:{r}:table/{n}",
        true,
        &[
            "GetItem",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "Query",
            "Scan",
            "BatchGetItem",
            "BatchWriteItem",
            "DescribeTable",
        ],
    ),
    service(
        "sqs",
        "arn:aws:sqs:{r}:{n}",
        true,
        &[
            "SendMessage",
            "ReceiveMessage",
            "DeleteMessage",
            "GetQueueAttributes",
            "ChangeMessageVisibility",
        ],
    ),
    service(
        "sns",
        "arn:aws:sns:{r}:{n}",
        true,
        &["Publish", "Subscribe", "GetTopicAttributes"],
    ),
    service(
        "kms",
        "arn:aws:kms:{r}:key/{n}",
        true,
        &["Decrypt", "Encrypt", "GenerateDataKey", "DescribeKey"],
    ),
    service(
        "secretsmanager",
        "arn:aws:secretsmanager:{r}:secret:{n}",
        true,
        &[
            "GetSecretValue",
            "DescribeSecret",
            "ListSecretVersionIds",
            "PutSecretValue",
        ],
    ),
    service(
        "ssm",
        "arn:aws:ssm:{r}:parameter/{n}/{p}",
        false,
        &[
            "GetParameter",
            "GetParameters",
            "GetParametersByPath",
            "PutParameter",
        ],
    ),
    service(
        "lambda",
        "arn:aws:lambda:{r}:function:{n}",
        true,
        &[
            "InvokeFunction",
            "GetFunction",
            "UpdateFunctionCode",
            "PublishVersion",
            "GetFunctionConfiguration",
        ],
    ),
    service(
        "ecr",
        "arn:aws:ecr:{r}:repository/{n}",
        true,
        &[
            "BatchCheckLayerAvailability",
            "GetDownloadUrlForLayer",
            "BatchGetImage",
            "PutImage",
            "DescribeImages",
        ],
    ),
    service(
        "ecs",
        "arn:aws:ecs:{r}:service/{n}/{n}",
        false,
        &["DescribeServices", "UpdateService", "DeleteService"],
    ),
    service(
        "ec2",
        "arn:aws:ec2:{r}:instance/{n}",
        false,
        &[
            "StartInstances",
            "StopInstances",
            "RebootInstances",
            "TerminateInstances",
        ],
    ),
    service(
        "states",
        "arn:aws:states:{r}:stateMachine:{n}",
        false,
        &[
            "StartExecution",
            "DescribeStateMachine",
            "UpdateStateMachine",
        ],
    ),
    service(
        "kinesis",
        "arn:aws:kinesis:{r}:stream/{n}",
        true,
        &[
            "PutRecord",
            "PutRecords",
            "GetRecords",
            "GetShardIterator",
            "DescribeStreamSummary",
        ],
    ),
    service(
        "iam",
        "arn:aws:iam::{a}:role/{n}",
        false,
        &["GetRole", "PassRole", "TagRole", "AttachRolePolicy"],
    ),
];

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    User,
    Role,
    Session,
}

/// A request with its surroundings.
pub struct Scene {
    pub random: Random,
    pub who: Who,
    /// The account of the caller.
    pub account: &'static str,
    /// The account of the resource.
    pub owner: &'static str,
    pub region: &'static str,
    pub team: &'static str,
    pub stage: &'static str,
    /// The name of the user or role.
    pub name: String,
    pub session: String,
    pub service: &'static Service,
    pub action: &'static str,
    pub resource: String,
    pub has_mfa: bool,
}

impl Scene {
    pub fn new(mut random: Random) -> Self {
        let who = random.of(&[Who::User, Who::User, Who::Role, Who::Session, Who::Session]);
        let account = random.often(&ACCOUNTS);
        let owner = if random.percent(15) {
            random.of(&ACCOUNTS)
        } else {
            account
        };
        let (team, stage) = (random.of(&TEAMS), random.often(&STAGES));
        let number = random.below(400);
        let name = match who {
            Who::User => format!("{}.{}-{number}", random.of(&FIRST), random.of(&LAST)),
            _ => format!("{team}-{}-{stage}-{number:03}", random.of(&APPS)),
        };
        let session = format!("i-{:012x}", random.next() >> 16);
        let service = &SERVICES[random.below(SERVICES.len())];
        let mut scene = Self {
            who,
            account,
            owner,
            region: random.often(&REGIONS),
            team,
            stage,
            name,
            session,
            service,
            action: random.of(service.actions),
            resource: String::new(),
            has_mfa: random.percent(50),
            random,
        };
        scene.resource = scene.arn_of(service, owner, scene.region);
        scene
    }

    /// A name of a thing.
    pub fn thing(&mut self) -> String {
        let random = &mut self.random;
        let (team, app) = (random.of(&TEAMS), random.of(&APPS));
        format!(
            "{team}-{app}-{}-{:03}",
            random.often(&STAGES),
            random.below(400)
        )
    }

    /// A path inside of a thing.
    fn path(&mut self) -> String {
        let random = &mut self.random;
        let (app, day) = (random.of(&APPS), 1 + random.below(28));
        format!("{app}/2026/{day:02}/part-{:04}.json", random.below(10_000))
    }

    /// The ARN of a resource.
    pub fn arn_of(&mut self, service: &Service, account: &str, region: &str) -> String {
        let (name, path) = (self.thing(), self.path());
        service
            .arn
            .replace("{r}", &format!("{region}:{account}"))
            .replace("{a}", account)
            .replace("{n}", &name)
            .replace("{p}", &path)
    }

    /// The caller's ARN in the request.
    pub fn principal(&self) -> String {
        let Self { account, name, .. } = self;
        match self.who {
            Who::User => format!("arn:aws:iam::{account}:user/{name}"),
            Who::Role => format!("arn:aws:iam::{account}:role/{name}"),
            Who::Session => format!(
                "arn:aws:sts::{account}:assumed-role/{name}/{}",
                self.session
            ),
        }
    }

    /// The ARN of the user or role.
    pub fn entity(&self) -> String {
        let Self { account, name, .. } = self;
        match self.who {
            Who::User => format!("arn:aws:iam::{account}:user/{name}"),
            Who::Role | Who::Session => format!("arn:aws:iam::{account}:role/{name}"),
        }
    }

    /// The keys of the request.
    pub fn context(&mut self) -> Json {
        let id = format!("{:017X}", self.random.next() >> 3);
        let (kind, userid) = match self.who {
            Who::User => ("User", format!("AIDA{id}")),
            _ => ("AssumedRole", format!("AROA{id}:{}", self.session)),
        };
        let mut keys: Vec<(&str, Json)> = vec![
            ("aws:PrincipalArn", self.entity().into()),
            ("aws:PrincipalAccount", self.account.into()),
            ("aws:PrincipalType", kind.into()),
            ("aws:userid", userid.into()),
            ("aws:PrincipalOrgID", ORGANIZATION.into()),
            (
                "aws:PrincipalOrgPaths",
                strings([format!("{ORGANIZATION}/r-ab12/ou-ab12-{}/", self.team)]),
            ),
            ("aws:PrincipalTag/team", self.team.into()),
            ("aws:PrincipalTag/env", self.stage.into()),
            ("aws:ResourceAccount", self.owner.into()),
            ("aws:ResourceTag/team", self.team.into()),
            ("aws:ResourceTag/env", self.stage.into()),
            ("aws:RequestedRegion", self.region.into()),
            ("aws:SecureTransport", "true".into()),
            (
                "aws:SourceIp",
                format!("10.20.{}.{}", self.random.below(64), self.random.below(250)).into(),
            ),
            (
                "aws:CurrentTime",
                format!("2026-{:02}-15T09:30:00Z", 1 + self.random.below(12)).into(),
            ),
            ("aws:TagKeys", strings(["team", "env"])),
            (
                "aws:MultiFactorAuthPresent",
                if self.has_mfa { "true" } else { "false" }.into(),
            ),
        ];
        if self.who == Who::User {
            keys.push(("aws:username", self.name.clone().into()));
        }
        if self.has_mfa {
            let age = 60 * (1 + self.random.below(50));
            keys.push(("aws:MultiFactorAuthAge", age.to_string().into()));
        }
        Json::Object(
            keys.into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
        )
    }
}
