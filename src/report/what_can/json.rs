//! The answer as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::{Ability, Answer, Question, Reached};
use crate::access::Decision;
use crate::report::hops::Hop;
use crate::report::principal::PrincipalJson;
use crate::report::reasons::{ExtentJson, RequirementJson, RequirementsJson, WarningJson};

#[derive(Serialize)]
struct Json<'a> {
    account: Option<&'a str>,
    principal: PrincipalJson<'a>,
    strict: bool,
    assumptions: &'a [String],
    warnings: Vec<WarningJson<'a>>,
    actions: Vec<AbilityJson<'a>>,
    roles: Vec<RoleJson<'a>>,
    counts: CountsJson,
}

/// Something that the principal can do.
#[derive(Serialize)]
pub(super) struct AbilityJson<'a> {
    action: String,
    service: &'static str,
    level: &'static str,
    decision: &'static str,
    resources: ExtentJson<'a>,
    requires: Option<RequirementJson<'a>>,
}

/// A role that the principal can become.
#[derive(Serialize)]
struct RoleJson<'a> {
    arn: &'a str,
    decision: &'static str,
    via: Vec<&'a str>,
    requires: RequirementsJson<'a>,
}

#[derive(Serialize)]
struct CountsJson {
    allowed: usize,
    conditional: usize,
    roles: usize,
}

pub(super) fn write(
    question: &Question<'_>,
    answer: &Answer,
    out: &mut dyn Write,
) -> io::Result<()> {
    let count = |decision| {
        let all = answer.abilities.iter();
        all.filter(|it| it.may.decision == decision).count()
    };
    let json = Json {
        account: question.index.account().id.as_deref(),
        principal: PrincipalJson::new(&question.caller),
        strict: question.terms.is_strict,
        assumptions: &answer.assumptions,
        warnings: answer.warnings.iter().map(WarningJson::new).collect(),
        actions: answer.abilities.iter().map(AbilityJson::new).collect(),
        roles: answer.roles.iter().map(RoleJson::new).collect(),
        counts: CountsJson {
            allowed: count(Decision::Allowed),
            conditional: count(Decision::Conditional),
            roles: answer.roles.len(),
        },
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    out.write_all(b"\n")
}

impl<'a> AbilityJson<'a> {
    pub(super) fn new(ability: &'a Ability) -> Self {
        let may = &ability.may;
        Self {
            action: ability.action.to_string(),
            service: ability.action.service().prefix(),
            level: ability.action.access_level().name(),
            decision: may.decision.as_str(),
            resources: ExtentJson::new(&may.extent),
            requires: may.requires.as_ref().map(RequirementJson::new),
        }
    }
}

impl<'a> RoleJson<'a> {
    fn new(reached: &'a Reached) -> Self {
        let requires = |(at, hop): (usize, &'a Hop)| Some((hop.told.requires()?, at));
        let hops = reached.hops.iter();
        Self {
            arn: &reached.arn,
            decision: reached.decision.as_str(),
            via: hops.clone().map(|hop| &*hop.to).collect(),
            requires: RequirementsJson(hops.enumerate().filter_map(requires).collect()),
        }
    }
}
