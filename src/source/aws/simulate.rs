//! Questions to AWS's own policy simulator.

use aws_sdk_iam::types::{
    ContextEntry as SdkEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType,
    Position, Statement,
};

use super::Aws;
use super::errors::Failure;
use crate::access::Decision;
use crate::catalog::KeyType;
use crate::source::simulate::{ContextEntry, MatchedStatement, SimulateAnswer, SimulateRequest};
use crate::source::{Problem, Sink};

/// The permission for it.
const ACTION: &str = "iam:SimulatePrincipalPolicy";

/// The most pages that are read: an answer to one question has one.
const PAGES: usize = 50;

/// Asks the simulator.
pub(super) async fn simulate(
    aws: &Aws,
    request: &SimulateRequest,
    sink: &Sink,
) -> Result<SimulateAnswer, Problem> {
    let results = results(aws, request, sink).await;
    let answer = results.and_then(|results| answer(&request.action, results));
    answer.map_err(|failure| aws.question_problem("ask the policy simulator", &failure))
}

/// The results of all pages.
async fn results(
    aws: &Aws,
    request: &SimulateRequest,
    sink: &Sink,
) -> Result<Vec<EvaluationResult>, Failure> {
    let calls = aws.calls(sink, false);
    let entries: Vec<SdkEntry> = request.context.iter().map(entry).collect();
    let mut found = Vec::new();
    let mut marker = None;
    for _ in 0..PAGES {
        let call = calls.iam.simulate_principal_policy();
        let call = call
            .policy_source_arn(&request.principal_arn)
            .action_names(&request.action)
            .resource_arns(&request.resource)
            .set_resource_policy(request.resource_policy.clone())
            .set_resource_owner(request.resource_owner.clone())
            .set_caller_arn(request.caller_arn.clone())
            .set_context_entries((!entries.is_empty()).then(|| entries.clone()))
            .set_marker(marker);
        let page = calls.ask(ACTION, call.send()).await?;
        found.extend(page.evaluation_results.into_iter().flatten());
        marker = page.marker.filter(|_| page.is_truncated);
        if marker.is_none() {
            return Ok(found);
        }
    }
    let words = format!("the answer has more than {PAGES} pages");
    Err(Failure::other(ACTION, words))
}

fn entry(entry: &ContextEntry) -> SdkEntry {
    use ContextKeyTypeEnum as Type;
    let kind = match (entry.kind, entry.is_list) {
        (KeyType::String | KeyType::Arn, false) => Type::String,
        (KeyType::String | KeyType::Arn, true) => Type::StringList,
        (KeyType::Bool, false) => Type::Boolean,
        (KeyType::Bool, true) => Type::BooleanList,
        (KeyType::Numeric, false) => Type::Numeric,
        (KeyType::Numeric, true) => Type::NumericList,
        (KeyType::Date, false) => Type::Date,
        (KeyType::Date, true) => Type::DateList,
        (KeyType::IpAddress, false) => Type::Ip,
        (KeyType::IpAddress, true) => Type::IpList,
        (KeyType::Binary, false) => Type::Binary,
        (KeyType::Binary, true) => Type::BinaryList,
    };
    SdkEntry::builder()
        .context_key_name(&entry.key)
        .set_context_key_values(Some(entry.values.clone()))
        .context_key_type(kind)
        .build()
}

/// Puts the results together: of decisions the most restrictive, as AWS does over resources.
fn answer(action: &str, results: Vec<EvaluationResult>) -> Result<SimulateAnswer, Failure> {
    let mut found: Option<SimulateAnswer> = None;
    let about = |it: &EvaluationResult| it.eval_action_name.eq_ignore_ascii_case(action);
    for result in results.into_iter().filter(about) {
        let one = of_result(result)?;
        found = Some(match found {
            None => one,
            Some(so_far) => joined(so_far, one),
        });
    }
    let missing = || Failure::other(ACTION, format!("the answer says nothing of {action}"));
    let mut answer = found.ok_or_else(missing)?;
    answer.missing.sort_unstable();
    answer.missing.dedup();
    Ok(answer)
}

fn of_result(result: EvaluationResult) -> Result<SimulateAnswer, Failure> {
    let matched = result.matched_statements.into_iter().flatten();
    let organizations = result.organizations_decision_detail;
    let boundary = result.permissions_boundary_decision_detail;
    let mut answer = SimulateAnswer {
        decision: decision(&result.eval_decision)?,
        matched: matched.map(statement).collect(),
        missing: result.missing_context_values.unwrap_or_default(),
        allowed_by_boundary: boundary.map(|it| it.allowed_by_permissions_boundary),
        allowed_by_organizations: organizations.map(|it| it.allowed_by_organizations),
        details: details(result.eval_decision_details)?,
    };
    // What hangs on the resource stands with it.
    for of_resource in result.resource_specific_results.into_iter().flatten() {
        let matched = of_resource.matched_statements.into_iter().flatten();
        let boundary = of_resource.permissions_boundary_decision_detail;
        let one = SimulateAnswer {
            decision: decision(&of_resource.eval_resource_decision)?,
            matched: matched.map(statement).collect(),
            missing: of_resource.missing_context_values.unwrap_or_default(),
            allowed_by_boundary: boundary.map(|it| it.allowed_by_permissions_boundary),
            allowed_by_organizations: None,
            details: details(of_resource.eval_decision_details)?,
        };
        answer = joined(answer, one);
    }
    Ok(answer)
}

fn joined(mut one: SimulateAnswer, other: SimulateAnswer) -> SimulateAnswer {
    let severity = |decision| match decision {
        Decision::ExplicitDeny => 2,
        Decision::ImplicitDeny | Decision::Conditional => 1,
        Decision::Allowed => 0,
    };
    let both = |one: Option<bool>, other: Option<bool>| match (one, other) {
        (Some(one), Some(other)) => Some(one && other),
        (one, other) => one.or(other),
    };
    if severity(other.decision) > severity(one.decision) {
        one.decision = other.decision;
    }
    for statement in other.matched {
        if !one.matched.contains(&statement) {
            one.matched.push(statement);
        }
    }
    one.missing.extend(other.missing);
    one.allowed_by_boundary = both(one.allowed_by_boundary, other.allowed_by_boundary);
    one.allowed_by_organizations =
        both(one.allowed_by_organizations, other.allowed_by_organizations);
    for (kind, decision) in other.details {
        match one.details.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) if severity(decision) > severity(*known) => *known = decision,
            Some(_) => {}
            None => one.details.push((kind, decision)),
        }
    }
    one
}

fn decision(word: &PolicyEvaluationDecisionType) -> Result<Decision, Failure> {
    let known = Decision::of(word.as_str()).filter(|it| *it != Decision::Conditional);
    let odd = || Failure::other(ACTION, format!("an unknown decision: {:?}", word.as_str()));
    known.ok_or_else(odd)
}

fn details(
    details: Option<std::collections::HashMap<String, PolicyEvaluationDecisionType>>,
) -> Result<Vec<(String, Decision)>, Failure> {
    let details = details.into_iter().flatten();
    let mut details = details
        .map(|(kind, word)| Ok((kind, decision(&word)?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    details.sort_unstable();
    Ok(details)
}

fn statement(statement: Statement) -> MatchedStatement {
    let place = |position: Option<Position>| position.map(|it| (it.line, it.column));
    let kind = statement.source_policy_type;
    MatchedStatement {
        policy_id: statement.source_policy_id.unwrap_or_default(),
        policy_type: kind.map_or_else(String::new, |it| it.as_str().to_owned()),
        start: place(statement.start_position),
        end: place(statement.end_position),
    }
}
