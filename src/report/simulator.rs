//! AWS's own policy simulator: how a question is put to it, and what it does not take into
//! account.
//!
//! Its answer is another opinion about the same policies, and no truth: it leaves out whole layers.
//! Whoever shows its answer beside ours must say which.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html>
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use compact_str::CompactString;

use crate::access::{Asked, CallerKind, OwnResourcePolicy, Question, Requirement, is_assume_role};
use crate::iam::Account;

/// The ARN of the user or role whose policies the simulator is asked about: of a session, that of
/// its role. None for callers that it knows nothing of, and for those of another account.
pub fn policy_source(account: &Account, question: &Question<'_>) -> Option<String> {
    let caller = &question.caller;
    let id = caller.account.as_deref()?;
    if account.id.as_deref() != Some(id) {
        return None;
    }
    match &caller.kind {
        CallerKind::User { .. } | CallerKind::Role { .. } => Some(caller.arn.to_string()),
        CallerKind::Session { role, .. } => {
            Some(format!("arn:{}:iam::{id}:role/{role}", account.partition))
        }
        _ => None,
    }
}

/// What AWS's simulator ignores or gets wrong for this very case, a sentence each.
pub fn ignored(asked: &Asked<'_>) -> Vec<String> {
    let question = &asked.posed.question;
    let mut found = Vec::new();
    let mut note = |is: bool, text: &str| {
        if is {
            found.push(text.to_owned());
        }
    };
    let has_policy = !matches!(question.resource_policy, OwnResourcePolicy::Absent);
    let is_trust = is_assume_role(&question.action);
    note(
        is_trust,
        "it does not ask the trust policy of the role that is assumed: it tells only what the \
         caller's own policies say",
    );
    let is_user = matches!(question.caller.kind, CallerKind::User { .. });
    note(
        has_policy && !is_trust && !is_user,
        "it asks the policy of a resource for users only, and not for roles and their sessions",
    );
    note(
        has_policy && !is_trust && is_user,
        "it does not look up the resource's policy: it knows only one that is handed to it",
    );
    note(
        is_cross_account(question),
        "of the resource's account it knows nothing but a policy of the resource that is handed to \
         it",
    );
    note(
        question.caller.has_identity(),
        "it applies the SCPs that are in force now, and not those of --organization; it names \
         neither their statements nor the context keys that they lack",
    );
    note(
        question.rcps.is_some(),
        "it does not evaluate resource control policies",
    );
    note(
        question.session.is_some(),
        "it does not know the policy that was passed with the session",
    );
    note(
        matches!(
            question.caller.kind,
            CallerKind::Session { .. } | CallerKind::FederatedUser { .. }
        ),
        "it answers for the role and not for the session: what hangs on the session's name, tags \
         or source identity must be given as context",
    );
    note(
        asks_of_endpoint(asked),
        "it does not know VPC endpoints: neither their policies, nor which one a request takes",
    );
    note(
        question.scope.is_some(),
        "it takes a pattern of resources for one resource whose name has these signs",
    );
    let keys = keys_not_given(asked);
    if !keys.is_empty() {
        found.push(format!(
            "it takes context keys that are not given for missing: {}",
            keys.join(", ")
        ));
    }
    found
}

fn is_cross_account(question: &Question<'_>) -> bool {
    let caller = question.caller.account.as_deref();
    let owner = question.resource_account.as_deref();
    caller.is_some() && owner.is_some() && caller != owner
}

fn asks_of_endpoint(asked: &Asked<'_>) -> bool {
    let is_of_network = |key: &CompactString| {
        let key = key.to_ascii_lowercase();
        key.starts_with("aws:sourcevpc") || key.starts_with("aws:vpc")
    };
    open_keys(asked).iter().any(is_of_network)
}

/// The keys that the answer hangs on and nobody has said.
fn keys_not_given(asked: &Asked<'_>) -> Vec<CompactString> {
    let mut keys = open_keys(asked);
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn open_keys(asked: &Asked<'_>) -> Vec<CompactString> {
    let verdict = &asked.explanation.verdict;
    let mut open: Vec<&Requirement> = verdict.requires.iter().collect();
    open.extend(&verdict.perhaps_denied);
    let mut keys = Vec::new();
    while let Some(requirement) = open.pop() {
        match requirement {
            Requirement::All(list) | Requirement::Any(list) => open.extend(list),
            Requirement::Is(unmet) | Requirement::Not(unmet) => {
                // What is no condition has an operator that no policy has, and no key of a request.
                let is_key = unmet.operator != "Policy" && unmet.key.contains(':');
                keys.extend(is_key.then(|| unmet.key.clone()));
            }
        }
    }
    keys
}
