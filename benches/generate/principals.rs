//! Users, groups and roles.

use super::json::{Json, object};
use super::words::{APPS, FIRST, LAST, REGIONS, STAGES, TEAMS, TRUSTED};
use super::{ACCOUNT, Maker, group_name, strings};

impl Maker {
    pub(super) fn user(&mut self, i: usize) -> Json {
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

    pub(super) fn group(&mut self, i: usize) -> Json {
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

    pub(super) fn role(&mut self, i: usize) -> Json {
        let kind = self.random.below(100);
        let thing = format!("{}-{}", self.random.of(&TEAMS), self.random.of(&APPS));
        let (path, trust) = self.trust(kind, &thing);
        let name = match path.as_str() {
            path if path.starts_with("/aws-service-role/") => format!("AWSServiceRoleForApp{i:05}"),
            _ => format!("{thing}-{}-{i:05}", self.random.often(&STAGES)),
        };
        let arn = format!("arn:aws:iam::{ACCOUNT}:role{path}{name}");
        self.roles.push(arn.clone());
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
            89..93 => {
                // A role that is there, which most often is one of the first.
                let at = self.random.skewed(self.roles.len());
                let arn = match self.roles.get(at) {
                    Some(arn) => arn.clone(),
                    None => format!("arn:aws:iam::{ACCOUNT}:root"),
                };
                ("/", object([("AWS", arn.into())]), "sts:AssumeRole", None)
            }
            93..96 => {
                let arn = format!("arn:aws:iam::{ACCOUNT}:root");
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
