//! The answer to one question about an account, as JSON and as a text for people.

mod words;

use serde::{Serialize, Serializer};

use super::principal::PrincipalJson;
use super::reasons::{ExtentJson, LayerJson, PlaceJson, RequirementJson, WarningJson};
use super::remedy::RemedyJson;
use crate::access::{Apart, Asked, Decision, NoRemedy, Remedy};

/// An answered question.
#[derive(Debug)]
pub struct Answered<'a> {
    /// The question and the answer.
    pub asked: Asked<'a>,
    /// The account that it is about.
    pub account: Option<String>,
    /// The action, spelt as AWS does.
    pub action: String,
    /// Whether keys that are neither given nor known were taken as missing.
    pub is_strict: bool,
    /// Where it is denied: the smallest change that would allow it, or why there is none.
    pub remedy: Option<Result<Remedy, NoRemedy>>,
}

#[derive(Serialize)]
struct Json<'a> {
    account: Option<&'a str>,
    principal: PrincipalJson<'a>,
    action: &'a str,
    resource: &'a str,
    strict: bool,
    decision: &'static str,
    requires: Option<RequirementJson<'a>>,
    resources: Option<ExtentJson<'a>>,
    /// Where the decision is an implicit deny: what would be denied in addition.
    #[serde(skip_serializing_if = "Option::is_none")]
    perhaps_denied: Option<RequirementJson<'a>>,
    because: Vec<PlaceJson<'a>>,
    reasons: Vec<LayerJson<'a>>,
    /// Null where it is not denied.
    remedy: Option<RemedyJson<'a>>,
    assumptions: Vec<String>,
    warnings: Vec<WarningJson<'a>>,
}

impl Answered<'_> {
    /// What comes of the request.
    pub fn decision(&self) -> Decision {
        self.asked.explanation.verdict.decision
    }

    /// What it requires, the resources apart.
    fn apart(&self) -> Option<Apart> {
        let requires = self.asked.explanation.verdict.requires.as_ref()?;
        Some(requires.apart(&self.asked.posed.question.resource))
    }

    /// As JSON, laid out for reading.
    ///
    /// # Errors
    /// Never in practice: nothing in it cannot be written.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

impl Serialize for Answered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Asked { posed, explanation } = &self.asked;
        let (question, verdict) = (&posed.question, &explanation.verdict);
        let apart = self.apart();
        let apart = apart.as_ref();
        let requires = apart.and_then(|it| it.requires.as_ref());
        let extent = apart.and_then(|it| it.extent.as_ref());
        let remedy = self.remedy.as_ref().map(RemedyJson::new);
        let json = Json {
            account: self.account.as_deref(),
            principal: PrincipalJson::new(&question.caller),
            action: &self.action,
            resource: &question.resource,
            strict: self.is_strict,
            decision: verdict.decision.as_str(),
            requires: requires.map(RequirementJson::new),
            resources: extent.map(ExtentJson::new),
            perhaps_denied: verdict.perhaps_denied.as_ref().map(RequirementJson::new),
            because: PlaceJson::all(explanation.because()),
            reasons: LayerJson::all(explanation),
            remedy: remedy.transpose().map_err(serde::ser::Error::custom)?,
            assumptions: posed.assumptions.iter().map(ToString::to_string).collect(),
            warnings: WarningJson::all(explanation),
        };
        json.serialize(serializer)
    }
}
