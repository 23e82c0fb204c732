//! Conditions of usual cases, met by the request or not.

use super::super::json::{Json, object};
use super::super::strings;
use super::super::words::{REGIONS, TEAMS};
use super::scene::{ORGANIZATION, Scene};

/// An operator, a key, and a value.
type Part = (&'static str, &'static str, Json);

impl Scene {
    /// A Condition element. One that is not met has one part at least that is not.
    pub fn condition(&mut self, is_met: bool) -> Json {
        let first = self.part(is_met);
        let mut parts = vec![first];
        if self.random.percent(35) {
            let more = self.part(true);
            if more.0 != parts[0].0 {
                parts.push(more);
            }
        }
        let operators = parts.into_iter().map(|(operator, key, value)| {
            let operator_name = operator.into();
            (operator_name, object([(key, value)]))
        });
        Json::Object(operators.collect())
    }

    fn part(&mut self, is_met: bool) -> Part {
        match self.random.below(14) {
            0 => ("StringEquals", "aws:RequestedRegion", self.regions(is_met)),
            1 => ("Bool", "aws:SecureTransport", boolean(is_met)),
            2 => {
                let tag = if is_met { "team" } else { "env" };
                let value = format!("${{aws:PrincipalTag/{tag}}}");
                ("StringEquals", "aws:ResourceTag/team", value.into())
            }
            3 => {
                let kind = if is_met { "*" } else { "group" };
                let arn = format!("arn:aws:iam::{}:{kind}/*", self.account);
                ("ArnLike", "aws:PrincipalArn", arn.into())
            }
            4 => {
                let range = if is_met {
                    "10.20.0.0/16"
                } else {
                    "192.0.2.0/24"
                };
                let office = format!("198.51.100.{}/32", self.random.below(250));
                ("IpAddress", "aws:SourceIp", strings([range.into(), office]))
            }
            5 => {
                let year = if is_met { 2025 } else { 2027 };
                let date = format!("{year}-0{}-01T00:00:00Z", 1 + self.random.below(9));
                ("DateGreaterThan", "aws:CurrentTime", date.into())
            }
            6 => {
                let minutes = if is_met && self.has_mfa { 60 } else { 0 };
                let age = (minutes * 60).to_string();
                ("NumericLessThan", "aws:MultiFactorAuthAge", age.into())
            }
            7 => {
                let pattern = if is_met { &self.team[..2] } else { "none" };
                let values = strings([format!("{pattern}*"), format!("core-{}", self.stage)]);
                ("StringLike", "aws:PrincipalTag/team", values)
            }
            8 => {
                let mut keys = vec!["team"];
                keys.extend(if is_met {
                    ["env", "owner"]
                } else {
                    ["cost", "app"]
                });
                ("ForAllValues:StringEquals", "aws:TagKeys", strings(keys))
            }
            9 => {
                let root = if is_met { "r-ab12" } else { "r-zz99" };
                let path = format!("{ORGANIZATION}/{root}/*");
                let values = strings([path]);
                ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", values)
            }
            10 => ("Null", "aws:PrincipalTag/env", boolean(!is_met)),
            11 => {
                let id = if is_met { "o-zzzzzzzzzz" } else { ORGANIZATION };
                ("StringNotEquals", "aws:PrincipalOrgID", id.into())
            }
            12 => {
                let team = if is_met { self.team } else { "nobody" };
                let teams = strings([team, self.random.of(&TEAMS)]);
                ("StringEqualsIfExists", "aws:ResourceTag/team", teams)
            }
            _ => {
                let stage = if is_met { self.stage } else { "retired" };
                let value = stage.to_uppercase();
                (
                    "StringEqualsIgnoreCase",
                    "aws:PrincipalTag/env",
                    value.into(),
                )
            }
        }
    }

    fn regions(&mut self, is_met: bool) -> Json {
        let mut regions: Vec<&str> = REGIONS.into();
        regions.retain(|it| *it != self.region);
        regions.truncate(1 + self.random.below(3));
        if is_met {
            regions.push(self.region);
        }
        strings(regions)
    }
}

fn boolean(value: bool) -> Json {
    if value { "true" } else { "false" }.into()
}
