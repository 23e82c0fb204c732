//! Reasons and requirements as JSON.

use compact_str::CompactString;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::access::{
    Explanation, Extent, Layer, LayerSays, NamedAs, Near, NearMiss, Place, Requirement, Said,
    Unmet, Warning,
};
use crate::policy::Effect;

/// What one layer says.
#[derive(Debug, Serialize)]
pub struct LayerJson<'a> {
    layer: &'static str,
    /// For policies of an organisation: the level, from its root (0) on.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    says: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    named_as: Option<&'static str>,
    because: Vec<PlaceJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<RequirementJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denies_if: Option<RequirementJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    may_deny: Vec<PlaceJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    near: Vec<NearJson<'a>>,
}

/// An element that matched.
#[derive(Debug, Serialize)]
pub struct PlaceJson<'a> {
    layer: &'static str,
    policy: &'a str,
    statement: usize,
    sid: Option<&'a str>,
    effect: &'static str,
    element: &'static str,
    pointer: &'a str,
    span: [u32; 2],
}

/// What comes closest to allowing.
#[derive(Debug, Serialize)]
pub struct NearJson<'a> {
    #[serde(flatten)]
    place: PlaceJson<'a>,
    #[serde(flatten)]
    why: WhyJson<'a>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "differs", rename_all = "lowercase")]
enum WhyJson<'a> {
    Condition {
        operator: &'a str,
        key: &'a str,
        values: &'a [CompactString],
        found: &'a [CompactString],
    },
    Resource {
        pattern: &'a str,
    },
    Principal,
    Action {
        pattern: &'a str,
    },
}

/// A statement that never matches.
#[derive(Debug, Serialize)]
pub struct WarningJson<'a> {
    layer: &'static str,
    policy: &'a str,
    statement: Option<usize>,
    problem: String,
}

/// A requirement: `{"all": […]}`, `{"any": […]}`, `{"not": …}`, or a condition.
#[derive(Debug, Clone, Copy)]
pub struct RequirementJson<'a> {
    requirement: &'a Requirement,
    /// Which request of several it is about, from zero.
    hop: Option<usize>,
}

impl<'a> RequirementJson<'a> {
    /// That of the only request.
    pub fn new(requirement: &'a Requirement) -> Self {
        Self {
            requirement,
            hop: None,
        }
    }

    /// That of one of several requests.
    pub fn at(requirement: &'a Requirement, hop: usize) -> Self {
        Self {
            requirement,
            hop: Some(hop),
        }
    }
}

/// What several requests require, of which each must succeed.
#[derive(Debug)]
pub struct RequirementsJson<'a>(pub Vec<(&'a Requirement, usize)>);

impl Serialize for RequirementsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = match &self.0[..] {
            [] => return serializer.serialize_none(),
            [(only, hop)] => return RequirementJson::at(only, *hop).serialize(serializer),
            parts => parts,
        };
        let parts = parts
            .iter()
            .flat_map(|(requirement, hop)| match requirement {
                Requirement::All(list) => list.iter().map(|it| (it, *hop)).collect::<Vec<_>>(),
                other => vec![(*other, *hop)],
            });
        let parts: Vec<_> = parts
            .map(|(it, hop)| RequirementJson::at(it, hop))
            .collect();
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("all", &parts)?;
        map.end()
    }
}

#[derive(Serialize)]
struct UnmetJson<'a> {
    operator: &'a str,
    key: &'a str,
    values: &'a [CompactString],
    #[serde(skip_serializing_if = "Option::is_none")]
    hop: Option<usize>,
}

impl<'a> UnmetJson<'a> {
    fn new(unmet: &'a Unmet, hop: Option<usize>) -> Self {
        Self {
            operator: &unmet.operator,
            key: &unmet.key,
            values: &unmet.values,
            hop,
        }
    }
}

impl Serialize for RequirementJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hop = self.hop;
        let (name, list) = match self.requirement {
            Requirement::Is(unmet) => return UnmetJson::new(unmet, hop).serialize(serializer),
            Requirement::Not(unmet) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("not", &UnmetJson::new(unmet, hop))?;
                return map.end();
            }
            Requirement::All(list) => ("all", list),
            Requirement::Any(list) => ("any", list),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        let list: Vec<_> = list
            .iter()
            .map(|requirement| Self { requirement, hop })
            .collect();
        map.serialize_entry(name, &list)?;
        map.end()
    }
}

/// The resources that a conditional answer is about: what one of `allow` matches, and none of
/// `except`.
#[derive(Debug, Serialize)]
pub struct ExtentJson<'a> {
    allow: &'a [CompactString],
    except: &'a [CompactString],
}

impl<'a> ExtentJson<'a> {
    /// The resources.
    pub fn new(extent: &'a Extent) -> Self {
        Self {
            allow: &extent.allow,
            except: &extent.except,
        }
    }
}

impl ExtentJson<'_> {
    /// Both lists, with spaces between the patterns.
    pub fn in_words(&self) -> (String, String) {
        (self.allow.join(" "), self.except.join(" "))
    }
}

impl<'a> LayerJson<'a> {
    /// Every layer of an explanation.
    pub fn all(explanation: &'a Explanation) -> Vec<Self> {
        explanation.layers.iter().map(Self::new).collect()
    }

    fn new(says: &'a LayerSays) -> Self {
        Self {
            layer: says.layer.as_str(),
            level: match says.layer {
                Layer::Scp(level) | Layer::Rcp(level) => Some(level),
                _ => None,
            },
            says: said(says.said),
            named_as: says.named_as.map(named_as),
            because: PlaceJson::all(&says.because),
            requires: says.requires.as_ref().map(RequirementJson::new),
            denies_if: says.denies_if.as_ref().map(RequirementJson::new),
            may_deny: PlaceJson::all(&says.may_deny),
            near: says.near.iter().map(NearJson::new).collect(),
        }
    }
}

fn said(said: Said) -> &'static str {
    match said {
        Said::Denies => "denies",
        Said::Allows => "allows",
        Said::MayAllow => "mayAllow",
        Said::Silent => "noAllow",
        Said::DoesNotBind => "doesNotBind",
        Said::NotNeeded => "notNeeded",
    }
}

fn named_as(named_as: NamedAs) -> &'static str {
    match named_as {
        NamedAs::Itself => "principal",
        NamedAs::Anyone => "anyone",
        NamedAs::Role => "role",
        NamedAs::Account => "account",
    }
}

impl<'a> PlaceJson<'a> {
    /// Every one of these places.
    pub fn all(places: impl IntoIterator<Item = &'a Place>) -> Vec<Self> {
        places.into_iter().map(Self::new).collect()
    }

    fn new(place: &'a Place) -> Self {
        Self {
            layer: place.layer.as_str(),
            policy: &place.policy,
            statement: place.statement,
            sid: place.sid.as_deref(),
            effect: match place.effect {
                Effect::Allow => "Allow",
                Effect::Deny => "Deny",
            },
            element: place.element,
            pointer: &place.pointer,
            span: [place.span.start, place.span.end],
        }
    }
}

impl<'a> NearJson<'a> {
    fn new(miss: &'a NearMiss) -> Self {
        Self {
            place: PlaceJson::new(&miss.place),
            why: match &miss.near {
                Near::Condition {
                    operator,
                    key,
                    values,
                    found,
                } => WhyJson::Condition {
                    operator,
                    key,
                    values,
                    found,
                },
                Near::Resource { pattern } => WhyJson::Resource { pattern },
                Near::Principal => WhyJson::Principal,
                Near::Action { pattern } => WhyJson::Action { pattern },
            },
        }
    }
}

impl<'a> WarningJson<'a> {
    /// Every warning of an explanation.
    pub fn all(explanation: &'a Explanation) -> Vec<Self> {
        explanation.warnings.iter().map(Self::new).collect()
    }

    /// One warning.
    pub fn new(warning: &'a Warning) -> Self {
        Self {
            layer: warning.layer.as_str(),
            policy: &warning.policy,
            statement: warning.refused.statement,
            problem: warning.refused.why.to_string(),
        }
    }
}
