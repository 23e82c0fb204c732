//! What could be done about a layer that does not allow.

use compact_str::CompactString;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::gap::has_resource_policy;
use super::home::{Editable, editable, own, place};
use super::meet::example;
use super::trial::{Trial, policies};
use super::{Element, Home, Meet, NoRemedy, Step};
use crate::access::caller::CallerKind;
use crate::access::explain::Layer;
use crate::access::layers::{Layers, Stated, who};
use crate::access::prepared::Statement;
use crate::access::request::Request;
use crate::catalog;
use crate::iam::{Arn, Kind};
use crate::policy::{self, Effect, Matched, Values};

/// The services whose resources have policies, of those that IAM evaluates together with the
/// principal's own.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html>
const WITH_POLICIES: [&str; 15] = [
    "backup",
    "dynamodb",
    "ecr",
    "elasticfilesystem",
    "es",
    "events",
    "glue",
    "kinesis",
    "kms",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
];

/// The steps that might make a layer allow, best first, and why there are no more of them.
pub(super) fn steps(
    trial: &Trial<'_>,
    request: &Request<'_>,
    layers: &Layers<'_>,
    layer: Layer,
) -> (Vec<Step>, Option<NoRemedy>) {
    let asked = Asked::new(request);
    let has_boundary = layers.bounds(request);
    let all = policies(layers, layer);
    let (mut meets, mut widens) = (Vec::new(), Vec::new());
    for stated in &all {
        let statements = stated.policy.iter().flat_map(|it| &it.statements);
        let policy = editable(trial, layer, stated).ok();
        for statement in statements.filter(|it| it.effect == Effect::Allow) {
            let misses = Misses::new(request, has_boundary, layer, statement);
            meets.extend(misses.meet(request, layer, stated, statement));
            let policy = policy.as_ref();
            widens.extend(policy.and_then(|it| misses.widen(&asked, it, statement)));
        }
    }
    // What others have as well would grant to them, too; a boundary grants nothing.
    widens.retain(|step: &Step| {
        let home = step.home();
        layer == Layer::Boundary || home.is_some_and(|it| it.others.is_none_or(|it| it == 0))
    });
    meets.extend(widens);
    let statement = asked.statement(layer);
    match home(trial, layers, layer, &statement) {
        Ok(home) => {
            meets.push(Step::Add { home, statement });
            (meets, None)
        }
        Err(why) => (meets, Some(why)),
    }
}

/// The policy of a layer that takes one more statement.
fn home(
    trial: &Trial<'_>,
    layers: &Layers<'_>,
    layer: Layer,
    statement: &str,
) -> Result<Home, NoRemedy> {
    let all = policies(layers, layer);
    match layer {
        Layer::Identity => own(trial, policies(trial.layers(), layer).as_slice(), statement),
        Layer::Session if all.is_empty() => Err(NoRemedy::NoSession),
        Layer::Resource if !has_resource_policy(layers) => of_resource(trial),
        Layer::Scp(_) => {
            // One that only denies is for other things.
            let allows = |it: &Editable| {
                let mut effects = it.document.statements.iter().map(|it| it.effect);
                effects.any(|it| it == Some(Effect::Allow))
            };
            let mut open = all.iter().filter_map(|it| editable(trial, layer, it).ok());
            Ok(open.find(allows).map_or_else(
                || Home {
                    layer,
                    policy: CompactString::default(),
                    is_new: true,
                    others: None,
                },
                |it| it.home,
            ))
        }
        Layer::Boundary | Layer::Session | Layer::Resource | Layer::Rcp(_) => {
            let first = all.first().ok_or(NoRemedy::NotFound)?;
            Ok(editable(trial, layer, first)?.home)
        }
    }
}

/// A policy for a resource that has none that is known.
fn of_resource(trial: &Trial<'_>) -> Result<Home, NoRemedy> {
    let question = trial.question;
    let resource = &*question.resource;
    let none = || NoRemedy::NoPolicy(resource.into());
    let arn = Arn::parse(resource).map_err(|_| none())?;
    let is_own = question.resource_account.as_deref() == trial.account.id.as_deref();
    let has_policy = WITH_POLICIES.contains(&arn.service) && Kind::of_arn(resource).is_none();
    // An object has the policy of its bucket.
    let holder = match (arn.service, arn.resource.split_once('/')) {
        ("s3", Some((bucket, _))) if arn.account.is_empty() => {
            let key = arn.resource.len() - bucket.len();
            &resource[..resource.len() - key]
        }
        _ => resource,
    };
    if !is_own || !has_policy || holder.contains(['*', '?']) {
        return Err(none());
    }
    Ok(Home {
        layer: Layer::Resource,
        policy: holder.into(),
        is_new: true,
        others: None,
    })
}

/// What was asked, as policies have it.
struct Asked<'r> {
    request: &'r Request<'r>,
    action: CompactString,
    /// The kind and the name under which a policy names the principal; `*` has no kind.
    principal: (Option<&'static str>, &'r str),
}

/// A statement that allows no more than what was asked.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Written<'a> {
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<Value>,
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
}

impl<'r> Asked<'r> {
    fn new(request: &'r Request<'r>) -> Self {
        let known = catalog::action(request.action);
        let kind = match request.caller.kind {
            CallerKind::Anonymous => None,
            CallerKind::Service => Some("Service"),
            CallerKind::Federated => Some("Federated"),
            _ => Some("AWS"),
        };
        Self {
            request,
            action: known.map_or(request.action.into(), |it| it.to_string().into()),
            principal: (kind, &request.caller.arn),
        }
    }

    fn statement(&self, layer: Layer) -> String {
        let is_of_resource = layer == Layer::Resource;
        let principal = is_of_resource.then(|| match self.principal {
            (Some(kind), name) => {
                let entry = (kind.to_owned(), json!(name));
                Value::Object(Map::from_iter([entry]))
            }
            (None, name) => json!(name),
        });
        // A trust policy is about its own role.
        let is_trust = is_of_resource && self.request.is_assume_role();
        let written = Written {
            effect: "Allow",
            principal,
            action: &self.action,
            resource: (!is_trust).then_some(self.request.resource),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }
}

/// What of a statement that allows does not fit.
struct Misses {
    action: bool,
    resource: bool,
    principal: bool,
    /// The conditions that are not met.
    unmet: Vec<usize>,
    layer: Layer,
}

impl Misses {
    fn new(request: &Request<'_>, has_boundary: bool, layer: Layer, statement: &Statement) -> Self {
        let conditions = statement.conditions.iter().enumerate();
        let unmet = conditions.filter(|(_, it)| it.matched(request.facts) == Matched::No);
        let is_named = || !who(statement, request, has_boundary).is_empty();
        Self {
            action: !statement.matches_action(request.action),
            resource: statement.matches_resource(request).is_no(),
            principal: layer == Layer::Resource && !is_named(),
            unmet: unmet.map(|(at, _)| at).collect(),
            layer,
        }
    }

    /// A request that meets the only condition which is not met.
    fn meet(
        &self,
        request: &Request<'_>,
        layer: Layer,
        stated: &Stated<'_>,
        statement: &Statement,
    ) -> Option<Step> {
        let [at] = self.unmet[..] else {
            return None;
        };
        if self.action || self.resource || self.principal {
            return None;
        }
        let condition = statement.conditions.get(at)?;
        Some(Step::Meet(Meet {
            spot: place(layer, stated, statement),
            effect: Effect::Allow,
            operator: condition.operator_text().into(),
            key: condition.key().into(),
            values: condition.values_in_words(request.facts),
            example: example(condition, request.facts, true)?,
        }))
    }

    /// One more value in the only element that does not fit, where all others are about nothing but
    /// what was asked: else it would allow more.
    fn widen(&self, asked: &Asked<'_>, policy: &Editable, statement: &Statement) -> Option<Step> {
        if !self.unmet.is_empty() {
            return None;
        }
        let written = policy.document.statements.get(statement.index)?;
        let exact = Exact::new(asked, self.layer, written);
        let (element, value) = match (self.action, self.resource, self.principal) {
            (true, false, false) if exact.resource && exact.principal => {
                written.action.as_ref()?;
                (Element::Action, asked.action.clone())
            }
            (false, true, false) if exact.action && exact.principal => {
                written.resource.as_ref()?;
                (Element::Resource, asked.request.resource.into())
            }
            (false, false, true) if exact.action && exact.resource => {
                written.principal.as_ref()?;
                let (kind, name) = asked.principal;
                (Element::Principal(kind?), name.into())
            }
            _ => return None,
        };
        Some(Step::Widen {
            spot: policy.spot(statement),
            element,
            value,
        })
    }
}

/// Which elements of a statement are about nothing but what was asked.
struct Exact {
    action: bool,
    resource: bool,
    principal: bool,
}

impl Exact {
    fn new(asked: &Asked<'_>, layer: Layer, written: &policy::Statement) -> Self {
        let is_only = |values: &Option<Values>, same: &dyn Fn(&str) -> bool| {
            values.as_ref().is_some_and(|it| it.texts().all(same))
        };
        let is_action = |text: &str| text.eq_ignore_ascii_case(asked.request.action);
        let is_resource = |text: &str| text == asked.request.resource;
        let is_of_resource = layer == Layer::Resource;
        let is_its_own = is_of_resource && written.resource.is_none();
        let names = |list: &policy::Principals| {
            let mut all = list.list.iter();
            all.all(|it| it.value.text == asked.principal.1)
        };
        Self {
            action: is_only(&written.action, &is_action),
            resource: is_only(&written.resource, &is_resource)
                || is_its_own && written.not_resource.is_none(),
            principal: !is_of_resource || written.principal.as_ref().is_some_and(names),
        }
    }
}
