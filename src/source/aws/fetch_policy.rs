//! What is read on demand of a managed policy: its tags; after the fallback also its description
//! and its versions.

use super::calls::Calls;
use super::convert::{newest_first, tags};
use super::errors::Failure;
use super::filling::Filling;
use crate::iam::{Field, ManagedPolicy, PolicyVersion, Tag};

pub(super) async fn policy(
    calls: &Calls,
    known: &ManagedPolicy,
    policy: &Filling<'_, ManagedPolicy>,
) {
    let arn = &*known.arn;
    tokio::join!(
        policy.fill(|p| &mut p.description, description(calls, arn)),
        policy.fill(|p| &mut p.versions, versions(calls, known)),
        policy.fill(|p| &mut p.tags, policy_tags(calls, arn)),
    );
}

async fn description(calls: &Calls, arn: &str) -> Result<Box<str>, Failure> {
    let call = calls.iam.get_policy().policy_arn(arn).send();
    let answer = calls.ask("iam:GetPolicy", call).await?;
    let description = answer.policy.and_then(|p| p.description);
    Ok(description.unwrap_or_default().into())
}

async fn policy_tags(calls: &Calls, arn: &str) -> Result<Vec<Tag>, Failure> {
    let pages = calls.iam.list_policy_tags().policy_arn(arn);
    let pages = pages.into_paginator().items().send();
    let list = calls.ask("iam:ListPolicyTags", pages.try_collect()).await?;
    Ok(tags(Some(list)))
}

/// A customer's policy has five versions at most, and comes with all their documents. AWS's may
/// have a hundred: only the one in force is read.
async fn versions(calls: &Calls, policy: &ManagedPolicy) -> Result<Vec<PolicyVersion>, Failure> {
    let arn = &*policy.arn;
    let in_force = policy.default_version.as_str();
    if policy.is_aws_managed() {
        return Ok(vec![version(calls, arn, in_force).await?]);
    }
    let pages = calls.iam.list_policy_versions().policy_arn(arn);
    let pages = pages.into_paginator().items().send();
    let list: Result<Vec<_>, _> = calls
        .ask("iam:ListPolicyVersions", pages.try_collect())
        .await;
    let mut versions: Vec<_> = match list {
        Ok(list) => calls.interned(|i| list.into_iter().map(|v| i.version(v)).collect()),
        // The document in force is worth more than the list.
        Err(failure) if failure.is_denied() => {
            return Ok(vec![version(calls, arn, in_force).await?]);
        }
        Err(failure) => return Err(failure),
    };
    for known in &mut versions {
        match version(calls, arn, &known.id).await {
            Ok(full) => *known = full,
            Err(failure) => known.document = failure.field(),
        }
    }
    newest_first(&mut versions);
    Ok(versions)
}

/// One version with its document.
pub(super) async fn version(calls: &Calls, arn: &str, id: &str) -> Result<PolicyVersion, Failure> {
    let action = "iam:GetPolicyVersion";
    let call = calls
        .iam
        .get_policy_version()
        .policy_arn(arn)
        .version_id(id);
    let answer = calls.ask(action, call.send()).await?;
    let found = answer
        .policy_version
        .ok_or_else(|| Failure::other(action, "the answer holds no version"))?;
    let mut version = calls.interned(|i| i.version(found));
    if version.document.is_unknown() {
        version.document = Field::Failed("the answer holds no document".into());
    }
    Ok(version)
}
