//! Policies and their documents.

use super::json::{Json, object};
use super::words::{APPS, AWS_MANAGED, REGIONS, SERVICES, TEAMS};
use super::{ACCOUNT, Maker, policy_name, strings};

impl Maker {
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

    pub(super) fn document(&mut self, statements: usize) -> Json {
        let statements = (0..statements).map(|i| self.statement(i)).collect();
        object([
            ("Version", "2012-10-17".into()),
            ("Statement", Json::List(statements)),
        ])
    }

    pub(super) fn inline(&mut self, most: usize) -> Json {
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

    pub(super) fn policy(&mut self, i: usize) -> Json {
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
            let document = match of_aws(&arn) {
                Some(document) => document,
                None => self.document(statements),
            };
            object([
                ("Document", document),
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

/// What AWS has written: the real thing, of which some name thousands of actions. None for a
/// customer's policy, and for one that AWS has taken back.
fn of_aws(arn: &str) -> Option<Json> {
    let policy = iamscope::catalog::managed_policy(arn)?;
    let document: serde_json::Value = serde_json::from_str(policy.document()).ok()?;
    Some(document.into())
}
