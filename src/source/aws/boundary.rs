//! Managed policies that entities name but that the backbone read left out: those that are used
//! only as a boundary.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::calls::Calls;
use super::errors::Failure;
use super::load::Reading;
use crate::iam::{Batch, Field, ManagedPolicy};
use crate::source::{Event, Problem};

/// Reads them one by one, a few at a time. What is denied is a gap; what fails otherwise cuts
/// the load, and going on asks for it again.
pub(super) async fn read(reading: &Arc<Reading>) -> Result<(), Failure> {
    let missing: Vec<Arc<str>> =
        reading.state(|state| state.named.difference(&state.came).cloned().collect());
    let mut tasks = JoinSet::new();
    for arn in missing {
        let reading = reading.clone();
        tasks.spawn(async move { one(&reading, &arn).await });
    }
    let mut denied: Option<(Failure, usize)> = None;
    let mut cut = None;
    while let Some(ended) = tasks.join_next().await {
        match ended.unwrap_or_else(|died| Err(Failure::other("iam:GetPolicy", died.to_string()))) {
            Ok(()) => {}
            Err(failure) if failure.is_denied() => {
                denied.get_or_insert((failure, 0)).1 += 1;
            }
            Err(failure) => {
                cut.get_or_insert(failure);
            }
        }
    }
    if let Some((failure, count)) = denied {
        let what = format!("cannot read {count} policies that are used only as a boundary");
        let problem = Problem::new(what, format!("denied ({})", failure.action));
        reading.say(Event::Gap(
            problem.next(format!("Ask for the permission {}.", failure.action)),
        ));
    }
    cut.map_or(Ok(()), Err)
}

async fn one(reading: &Reading, arn: &str) -> Result<(), Failure> {
    let policy = match policy(&reading.calls, arn).await {
        // Deleted since its name was read.
        Err(failure) if failure.is_not_found() => return Ok(()),
        result => result?,
    };
    reading.bring(Batch {
        policies: vec![policy],
        ..Batch::default()
    });
    Ok(())
}

/// A managed policy with the version in force.
async fn policy(calls: &Calls, arn: &str) -> Result<ManagedPolicy, Failure> {
    let answer = calls
        .ask(
            "iam:GetPolicy",
            calls.iam.get_policy().policy_arn(arn).send(),
        )
        .await?;
    let found = answer
        .policy
        .ok_or_else(|| Failure::other("iam:GetPolicy", "the answer holds no policy"))?;
    let mut policy = calls.interned(|interner| interner.listed_policy(found));
    // GetPolicy leaves an empty description out.
    policy.description = policy.description.or(Field::Known(Box::default()));
    let version = super::fetch_policy::version(calls, arn, &policy.default_version).await;
    policy.versions = match version {
        Ok(version) => Field::Known(vec![version]),
        Err(failure) => failure.field(),
    };
    Ok(policy)
}
