//! Makes accounts of any size, as `aws iam get-account-authorization-details` would print them.
//!
//! The mix is skewed as in real accounts: most users are plain members of groups, most roles
//! serve a function or a task and trust the same few services, inline policies are templates with
//! names filled in, few policies have many versions. The same size and seed give the same text.
//!
//! Benches, tests and the example `generate_account` share this module by its path.

#![allow(dead_code, reason = "each of those who include this needs a part")]

mod json;
mod words;

use std::io::{self, BufWriter, Write};

use json::{Json, object};
use words::{APPS, AWS_MANAGED, FIRST, LAST, REGIONS, SERVICES, STAGES, TEAMS, TRUSTED};

const ACCOUNT: &str = "111122223333";

/// How many of each there are to be.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Users.
    pub users: usize,
    /// Groups.
    pub groups: usize,
    /// Roles.
    pub roles: usize,
    /// Customer managed policies; those of AWS that are in use come on top.
    pub policies: usize,
}

impl Size {
    /// The account that the speed limits are about.
    pub const LARGE: Self = Self {
        users: 5_000,
        groups: 500,
        roles: 10_000,
        policies: 4_000,
    };

    /// The large account divided by `n`.
    pub const fn large_by(n: usize) -> Self {
        Self {
            users: Self::LARGE.users / n,
            groups: Self::LARGE.groups / n,
            roles: Self::LARGE.roles / n,
            policies: Self::LARGE.policies / n,
        }
    }
}

/// Writes an account.
pub fn write(size: Size, seed: u64, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut maker = Maker {
        size,
        random: Random(seed),
    };
    out.write_all(b"{")?;
    list(&mut out, "UserDetailList", size.users, false, |i| {
        maker.user(i)
    })?;
    list(&mut out, "GroupDetailList", size.groups, true, |i| {
        maker.group(i)
    })?;
    list(&mut out, "RoleDetailList", size.roles, true, |i| {
        maker.role(i)
    })?;
    let policies = size.policies + AWS_MANAGED.len();
    list(&mut out, "Policies", policies, true, |i| maker.policy(i))?;
    out.write_all(b"\n}\n")?;
    out.flush()
}

fn list(
    out: &mut impl Write,
    name: &str,
    count: usize,
    comma: bool,
    mut item: impl FnMut(usize) -> Json,
) -> io::Result<()> {
    json::line(out, comma, 1)?;
    write!(out, "\"{name}\": [")?;
    for i in 0..count {
        json::line(out, i > 0, 2)?;
        item(i).pretty(out, 2)?;
    }
    json::line(out, false, 1)?;
    out.write_all(b"]")
}

/// SplitMix64: small, good enough, and the same for ever.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, all alike.
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// A number below `n`, the small ones by far more often.
    fn skewed(&mut self, n: usize) -> usize {
        let (a, b) = (self.below(n), self.below(n));
        self.below(a.min(b) + 1)
    }

    fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn often<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.skewed(list.len())]
    }
}

struct Maker {
    size: Size,
    random: Random,
}

fn strings<T: Into<Json>>(list: impl IntoIterator<Item = T>) -> Json {
    Json::List(list.into_iter().map(Into::into).collect())
}

fn policy_name(i: usize) -> String {
    let team = TEAMS[i % TEAMS.len()];
    let app = APPS[(i / TEAMS.len()) % APPS.len()];
    format!("{team}-{app}-{:04}", i)
}

fn group_name(i: usize) -> String {
    format!("{}-{:03}", TEAMS[i % TEAMS.len()], i)
}

impl Maker {
    fn id(&mut self, prefix: &str) -> Json {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut id = prefix.to_owned();
        for _ in 0..17 {
            id.push(char::from(self.random.of(DIGITS)));
        }
        id.into()
    }

    fn date(&mut self, years: std::ops::Range<usize>) -> Json {
        let year = years.start + self.random.below(years.len());
        let (month, day) = (1 + self.random.below(12), 1 + self.random.below(28));
        let (hour, minute, second) = (
            self.random.below(24),
            self.random.below(60),
            self.random.below(60),
        );
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00").into()
    }

    /// A name of a thing that policies are about.
    fn thing(&mut self) -> String {
        let (team, app) = (self.random.of(&TEAMS), self.random.of(&APPS));
        let stage = self.random.often(&STAGES);
        format!("{team}-{app}-{stage}-{:03}", self.random.below(400))
    }

    fn tags(&mut self, most: usize) -> Json {
        let team = self.random.of(&TEAMS);
        let stage = self.random.often(&STAGES);
        let all = [
            ("team", team.to_owned()),
            ("env", stage.to_owned()),
            ("cost-center", format!("{:04}", self.random.below(900))),
            ("managed-by", "terraform".to_owned()),
            ("owner", format!("{team}@example.com")),
            (
                "repository",
                format!("northwind/{team}-{}", self.random.of(&APPS)),
            ),
            (
                "data-class",
                self.random
                    .often(&["internal", "public", "confidential"])
                    .to_owned(),
            ),
            ("note", "geprüft 確認済み".to_owned()),
        ];
        let count = self.random.below(most.min(all.len()) + 1);
        Json::List(
            all.into_iter()
                .take(count)
                .map(|(key, value)| object([("Key", key.into()), ("Value", value.into())]))
                .collect(),
        )
    }

    fn attached(&mut self, most: usize, aws_percent: usize) -> Json {
        let count = self.random.skewed(most + 1);
        let items = (0..count).map(|_| {
            let (name, arn) = if self.random.percent(aws_percent) {
                let (name, path) = self.random.often(&AWS_MANAGED);
                (
                    name.to_owned(),
                    format!("arn:aws:iam::aws:policy{path}{name}"),
                )
            } else {
                let i = self.random.skewed(self.size.policies);
                (policy_name(i), self.policy_arn(i))
            };
            object([("PolicyName", name.into()), ("PolicyArn", arn.into())])
        });
        Json::List(items.collect())
    }

    fn policy_arn(&self, i: usize) -> String {
        let path = if i.is_multiple_of(3) { "/apps/" } else { "/" };
        format!("arn:aws:iam::{ACCOUNT}:policy{path}{}", policy_name(i))
    }

    fn boundary(&mut self) -> Json {
        let arn = self.policy_arn(self.random.0 as usize % 4 % self.size.policies.max(1));
        object([
            ("PermissionsBoundaryType", "Policy".into()),
            ("PermissionsBoundaryArn", arn.into()),
        ])
    }

    fn statement(&mut self, sid: usize) -> Json {
        let (prefix, resource, actions) = self.random.often(&SERVICES);
        let count = 1 + self.random.below(actions.len());
        let start = self.random.below(actions.len());
        let chosen =
            (0..count).map(|i| format!("{prefix}:{}", actions[(start + i) % actions.len()]));
        let chosen = strings(chosen.collect::<Vec<_>>());
        let region = format!("{}:{ACCOUNT}", self.random.often(&REGIONS));
        let resources = (0..1 + self.random.skewed(6)).map(|_| {
            let name = self.thing();
            resource.replace("{r}", &region).replace("{n}", &name)
        });
        let resources: Vec<String> = resources.collect();
        let mut members = vec![
            (
                "Sid".into(),
                format!("{}{sid}", prefix.to_uppercase()).into(),
            ),
            (
                "Effect".into(),
                if self.random.percent(6) {
                    "Deny"
                } else {
                    "Allow"
                }
                .into(),
            ),
            ("Action".into(), chosen),
            ("Resource".into(), strings(resources)),
        ];
        if self.random.percent(25) {
            members.push(("Condition".into(), self.condition()));
        }
        Json::Object(members)
    }

    fn condition(&mut self) -> Json {
        match self.random.below(4) {
            0 => object([(
                "StringEquals",
                object([(
                    "aws:RequestedRegion",
                    strings(REGIONS[..1 + self.random.below(3)].to_vec()),
                )]),
            )]),
            1 => object([("Bool", object([("aws:SecureTransport", "true".into())]))]),
            2 => object([(
                "StringEquals",
                object([("aws:ResourceTag/team", "${aws:PrincipalTag/team}".into())]),
            )]),
            _ => object([(
                "ArnLike",
                object([(
                    "aws:PrincipalArn",
                    format!("arn:aws:iam::{ACCOUNT}:role/{}-*", self.random.of(&TEAMS)).into(),
                )]),
            )]),
        }
    }

    fn document(&mut self, statements: usize) -> Json {
        let statements = (0..statements).map(|i| self.statement(i)).collect();
        object([
            ("Version", "2012-10-17".into()),
            ("Statement", Json::List(statements)),
        ])
    }

    fn inline(&mut self, most: usize) -> Json {
        let count = self.random.skewed(most + 1);
        let items = (0..count).map(|i| {
            let statements = 1 + self.random.skewed(6);
            object([
                (
                    "PolicyName",
                    format!("inline-{}-{i}", self.random.of(&APPS)).into(),
                ),
                ("PolicyDocument", self.document(statements)),
            ])
        });
        Json::List(items.collect())
    }

    fn user(&mut self, i: usize) -> Json {
        let robot = self.random.percent(15);
        let (name, path) = if robot {
            (
                format!("svc-{}-{i:05}", self.random.of(&APPS)),
                "/svc/".to_owned(),
            )
        } else {
            let (first, last) = (self.random.of(&FIRST), self.random.of(&LAST));
            let path = if self.random.percent(60) {
                "/"
            } else {
                "/people/"
            };
            (format!("{first}.{last}.{i:05}"), path.to_owned())
        };
        let groups = if robot { 0 } else { self.random.below(5) };
        let groups = (0..groups).map(|_| group_name(self.random.skewed(self.size.groups)));
        let groups = strings(groups.collect::<std::collections::BTreeSet<_>>());
        let mut members = vec![
            ("Path".into(), path.clone().into()),
            ("UserName".into(), name.clone().into()),
            ("UserId".into(), self.id("AIDA")),
            (
                "Arn".into(),
                format!("arn:aws:iam::{ACCOUNT}:user{path}{name}").into(),
            ),
            ("CreateDate".into(), self.date(2014..2026)),
        ];
        // IAM leaves the list out where it is empty.
        if robot || self.random.percent(12) {
            members.push(("UserPolicyList".into(), self.inline(4)));
        }
        members.push(("GroupList".into(), groups));
        members.push(("AttachedManagedPolicies".into(), self.attached(3, 50)));
        if self.random.percent(10) {
            members.push(("PermissionsBoundary".into(), self.boundary()));
        }
        members.push(("Tags".into(), self.tags(6)));
        Json::Object(members)
    }

    fn group(&mut self, i: usize) -> Json {
        let name = group_name(i);
        object([
            ("Path", "/".into()),
            ("GroupName", name.clone().into()),
            ("GroupId", self.id("AGPA")),
            ("Arn", format!("arn:aws:iam::{ACCOUNT}:group/{name}").into()),
            ("CreateDate", self.date(2014..2024)),
            ("GroupPolicyList", self.inline(4)),
            ("AttachedManagedPolicies", self.attached(8, 40)),
        ])
    }

    fn role(&mut self, i: usize) -> Json {
        let kind = self.random.below(100);
        let thing = format!("{}-{}", self.random.of(&TEAMS), self.random.of(&APPS));
        let (path, trust) = self.trust(kind, &thing);
        let name = match path.as_str() {
            path if path.starts_with("/aws-service-role/") => format!("AWSServiceRoleForApp{i:05}"),
            _ => format!("{thing}-{}-{i:05}", self.random.often(&STAGES)),
        };
        let arn = format!("arn:aws:iam::{ACCOUNT}:role{path}{name}");
        let role = |members: Vec<(&'static str, Json)>| {
            let members = members
                .into_iter()
                .map(|(name, value)| (name.into(), value));
            Json::Object(members.collect())
        };
        let created = self.date(2015..2026);
        let id = self.id("AROA");
        let base = vec![
            ("Path", path.clone().into()),
            ("RoleName", name.clone().into()),
            ("RoleId", id.clone()),
            ("Arn", arn.into()),
            ("CreateDate", created.clone()),
            ("AssumeRolePolicyDocument", trust),
        ];
        let mut members = base.clone();
        let profiles = if trusts_ec2(kind) {
            vec![object([
                ("Path", path.clone().into()),
                ("InstanceProfileName", name.clone().into()),
                ("InstanceProfileId", self.id("AIPA")),
                (
                    "Arn",
                    format!("arn:aws:iam::{ACCOUNT}:instance-profile{path}{name}").into(),
                ),
                ("CreateDate", created),
                // IAM repeats the role inside its profiles.
                ("Roles", Json::List(vec![role(base)])),
            ])]
        } else {
            Vec::new()
        };
        members.push(("InstanceProfileList", Json::List(profiles)));
        members.push(("RolePolicyList", self.inline(7)));
        members.push(("AttachedManagedPolicies", self.attached(7, 55)));
        if self.random.percent(15) {
            members.push(("PermissionsBoundary", self.boundary()));
        }
        members.push(("Tags", self.tags(8)));
        let used = if self.random.percent(70) {
            object([
                ("LastUsedDate", self.date(2025..2027)),
                ("Region", self.random.often(&REGIONS).into()),
            ])
        } else {
            Json::Object(Vec::new())
        };
        members.push(("RoleLastUsed", used));
        role(members)
    }

    /// Path and trust policy of a role.
    fn trust(&mut self, kind: usize, thing: &str) -> (String, Json) {
        let number = format!("{:012}", 200_000_000_000_usize + self.random.below(40));
        let (path, principal, action, condition) = match kind {
            0..68 => {
                let service = if trusts_ec2(kind) {
                    TRUSTED[2]
                } else {
                    TRUSTED[SERVICE_OF[kind % 16]]
                };
                (
                    "/",
                    object([("Service", service.into())]),
                    "sts:AssumeRole",
                    None,
                )
            }
            68..80 => {
                let arn = format!(
                    "arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
                );
                let subject = format!("repo:northwind/{thing}:ref:refs/heads/main");
                let condition = object([
                    (
                        "StringEquals",
                        object([(
                            "token.actions.githubusercontent.com:aud",
                            "sts.amazonaws.com".into(),
                        )]),
                    ),
                    (
                        "StringLike",
                        object([("token.actions.githubusercontent.com:sub", subject.into())]),
                    ),
                ]);
                (
                    "/ci/",
                    object([("Federated", arn.into())]),
                    "sts:AssumeRoleWithWebIdentity",
                    Some(condition),
                )
            }
            80..83 => {
                let arn = format!("arn:aws:iam::{ACCOUNT}:saml-provider/corporate");
                let condition = object([(
                    "StringEquals",
                    object([("SAML:aud", "https://signin.aws.amazon.com/saml".into())]),
                )]);
                (
                    "/people/",
                    object([("Federated", arn.into())]),
                    "sts:AssumeRoleWithSAML",
                    Some(condition),
                )
            }
            83..89 => {
                let arn = format!("arn:aws:iam::{number}:root");
                let condition = object([(
                    "StringEquals",
                    object([("sts:ExternalId", format!("{thing}-{number}").into())]),
                )]);
                (
                    "/partners/",
                    object([("AWS", arn.into())]),
                    "sts:AssumeRole",
                    Some(condition),
                )
            }
            89..96 => {
                let arn = format!(
                    "arn:aws:iam::{ACCOUNT}:role/{thing}-prod-{:05}",
                    self.random.below(self.size.roles)
                );
                ("/", object([("AWS", arn.into())]), "sts:AssumeRole", None)
            }
            _ => {
                let service = format!(
                    "{}.amazonaws.com",
                    self.random
                        .often(&["autoscaling", "support", "rds", "elasticloadbalancing"])
                );
                let path = format!("/aws-service-role/{service}/");
                let statement = trust_statement(
                    object([("Service", service.into())]),
                    "sts:AssumeRole",
                    None,
                );
                return (path, statement);
            }
        };
        (
            path.to_owned(),
            trust_statement(principal, action, condition),
        )
    }

    fn policy(&mut self, i: usize) -> Json {
        let (name, arn, path, versions) = match i.checked_sub(self.size.policies) {
            Some(i) => {
                let (name, path) = AWS_MANAGED[i];
                let arn = format!("arn:aws:iam::aws:policy{path}{name}");
                (name.to_owned(), arn, path, 1)
            }
            None => {
                let path = if i.is_multiple_of(3) { "/apps/" } else { "/" };
                let versions = [1, 1, 1, 1, 2, 2, 3, 3, 4, 5];
                (
                    policy_name(i),
                    self.policy_arn(i),
                    path,
                    self.random.of(&versions),
                )
            }
        };
        let first = 1 + self.random.skewed(20);
        let newest = first + versions - 1;
        let created = self.date(2016..2025);
        let versions = (first..=newest).rev().map(|n| {
            let statements = 3 + self.random.skewed(16);
            object([
                ("Document", self.document(statements)),
                ("VersionId", format!("v{n}").into()),
                ("IsDefaultVersion", Json::Bool(n == newest)),
                ("CreateDate", self.date(2020..2026)),
            ])
        });
        let versions = versions.collect();
        object([
            ("PolicyName", name.into()),
            ("PolicyId", self.id("ANPA")),
            ("Arn", arn.into()),
            ("Path", path.into()),
            ("DefaultVersionId", format!("v{newest}").into()),
            (
                "AttachmentCount",
                Json::Number(self.random.skewed(40) as u64),
            ),
            ("PermissionsBoundaryUsageCount", Json::Number(0)),
            ("IsAttachable", Json::Bool(true)),
            ("CreateDate", created),
            ("UpdateDate", self.date(2025..2026)),
            ("PolicyVersionList", Json::List(versions)),
        ])
    }
}

/// Which service a role trusts, for sixteen of them: half of all are functions.
const SERVICE_OF: [usize; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 3, 4, 5, 6, 7];

fn trusts_ec2(kind: usize) -> bool {
    kind < 10
}

fn trust_statement(principal: Json, action: &'static str, condition: Option<Json>) -> Json {
    let mut members = vec![
        ("Effect".into(), "Allow".into()),
        ("Principal".into(), principal),
        ("Action".into(), action.into()),
    ];
    members.extend(condition.map(|condition| ("Condition".into(), condition)));
    object([
        ("Version", "2012-10-17".into()),
        ("Statement", Json::List(vec![Json::Object(members)])),
    ])
}
