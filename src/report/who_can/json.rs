//! The answer as JSON.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::Question;
use super::row::{Path, Result, Row};
use crate::access::{Counts, Decision};
use crate::report::hops::{Hop, Told};
use crate::report::principal::kind;
use crate::report::reasons::{
    ExtentJson, LayerJson, PlaceJson, RequirementJson, RequirementsJson, WarningJson,
};

#[derive(Serialize)]
struct Json<'a> {
    account: Option<&'a str>,
    strict: bool,
    assumptions: Vec<String>,
    warnings: Vec<WarningJson<'a>>,
    /// The only action's result, once more.
    #[serde(flatten)]
    only: Option<&'a ResultJson<'a>>,
    results: ResultsJson<'a>,
}

/// Either the only result, or those that are made one after the other.
enum ResultsJson<'a> {
    Only(&'a ResultJson<'a>),
    Each(&'a Question<'a>),
}

impl Serialize for ResultsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let question = match self {
            Self::Only(result) => return [result].serialize(serializer),
            Self::Each(question) => question,
        };
        let mut list = serializer.serialize_seq(Some(question.actions.len()))?;
        let mut failed = None;
        let done = question.each(|result| {
            list.serialize_element(&ResultJson::new(&result))
                .map_err(|error| {
                    failed = Some(error);
                    io::Error::other("not written")
                })
        });
        match (failed, done) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(serde::ser::Error::custom(error)),
            (None, Ok(())) => list.end(),
        }
    }
}

#[derive(Serialize)]
struct ResultJson<'a> {
    action: &'a str,
    resource: &'a str,
    principals: Vec<RowJson<'a>>,
    counts: CountsJson,
}

/// How many there are of each decision.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CountsJson {
    allowed: usize,
    conditional: usize,
    explicit_deny: usize,
    implicit_deny: usize,
}

/// Counts as answers write them.
pub fn counts(counts: &Counts) -> CountsJson {
    CountsJson {
        allowed: counts.allowed,
        conditional: counts.conditional,
        explicit_deny: counts.explicit_deny,
        implicit_deny: counts.implicit_deny,
    }
}

#[derive(Serialize)]
pub(super) struct RowJson<'a> {
    arn: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    decision: &'static str,
    resources: Option<ExtentJson<'a>>,
    requires: RequirementsJson<'a>,
    via: Vec<&'a str>,
    paths: Vec<PathJson<'a>>,
}

#[derive(Serialize)]
struct PathJson<'a> {
    decision: &'static str,
    resources: Option<ExtentJson<'a>>,
    requires: RequirementsJson<'a>,
    groups: Vec<&'a str>,
    hops: Vec<HopJson<'a>>,
    because: Vec<PlaceJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<LayerJson<'a>>>,
}

#[derive(Serialize)]
struct HopJson<'a> {
    from: &'a str,
    to: &'a str,
    action: &'a str,
    decision: &'static str,
    requires: Option<RequirementJson<'a>>,
    because: Vec<PlaceJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<LayerJson<'a>>>,
}

pub(super) fn write(question: &Question<'_>, out: &mut dyn Write) -> io::Result<()> {
    let warnings = question.warnings();
    let top = |only: Option<&ResultJson<'_>>, out: &mut dyn Write| {
        let json = Json {
            account: question.index.account().id.as_deref(),
            strict: question.terms.is_strict,
            assumptions: question.assumptions(),
            warnings: warnings.iter().map(WarningJson::new).collect(),
            only,
            results: only.map_or(ResultsJson::Each(question), ResultsJson::Only),
        };
        serde_json::to_writer_pretty(&mut *out, &json)?;
        out.write_all(b"\n")
    };
    if question.actions.len() == 1 {
        return question.each(|result| top(Some(&ResultJson::new(&result)), out));
    }
    top(None, out)
}

impl<'a> ResultJson<'a> {
    fn new(result: &'a Result<'a>) -> Self {
        Self {
            action: result.action,
            resource: &result.resource,
            principals: result.rows.iter().map(RowJson::new).collect(),
            counts: counts(&result.counts),
        }
    }
}

/// One row as JSON, laid out for reading.
///
/// # Errors
/// Never in practice: nothing in it cannot be written.
pub fn row_json(row: &Row) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&RowJson::new(row))
}

impl<'a> RowJson<'a> {
    pub(super) fn new(row: &'a Row) -> Self {
        // What makes the row's decision is its best path.
        let best = row.paths.first();
        Self {
            arn: &row.caller.arn,
            kind: kind(&row.caller),
            decision: row.decision.as_str(),
            resources: best.and_then(|path| extent(&path.last)),
            requires: RequirementsJson(best.map_or_else(Vec::new, Path::requires)),
            via: best.into_iter().flat_map(Path::via).collect(),
            paths: row.paths.iter().map(PathJson::new).collect(),
        }
    }
}

impl<'a> PathJson<'a> {
    fn new(path: &'a Path) -> Self {
        Self {
            decision: path.decision.as_str(),
            resources: extent(&path.last),
            requires: RequirementsJson(path.requires()),
            groups: path.groups.iter().map(|name| &**name).collect(),
            hops: path.hops.iter().enumerate().map(HopJson::new).collect(),
            because: PlaceJson::all(path.last.explanation.because()),
            reasons: reasons(&path.last),
        }
    }
}

impl<'a> HopJson<'a> {
    fn new((at, hop): (usize, &'a Hop)) -> Self {
        let decision: Decision = hop.told.explanation.verdict.decision;
        let requires = hop.told.requires();
        Self {
            from: &hop.from,
            to: &hop.to,
            action: hop.action,
            decision: decision.as_str(),
            requires: requires.map(|it| RequirementJson::at(it, at)),
            because: PlaceJson::all(hop.told.explanation.because()),
            reasons: reasons(&hop.told),
        }
    }
}

pub(super) fn extent(told: &Told) -> Option<ExtentJson<'_>> {
    let apart = told.apart.as_ref()?;
    apart.extent.as_ref().map(ExtentJson::new)
}

fn reasons(told: &Told) -> Option<Vec<LayerJson<'_>>> {
    told.is_full.then(|| LayerJson::all(&told.explanation))
}
