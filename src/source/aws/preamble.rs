//! What stands beside the entities: who asks, the account's aliases, counts and quotas.
//!
//! None of it is needed for the rest, so that it is read at the same time, and what is denied or
//! fails is told as such.

use std::sync::Arc;

use aws_sdk_iam::types::SummaryKeyType;
use tokio::task::JoinSet;

use super::load::Reading;
use crate::iam::{Arn, Caller, Field, Partition, Summary};
use crate::source::Event;

/// Says what is known before anything was asked, so that ages count from the start.
pub(super) fn announce(reading: &Reading) {
    say_who(reading, Field::Unknown);
}

fn say_who(reading: &Reading, caller: Field<Caller>) {
    let arn = caller.known().and_then(|c| Arn::parse(&c.arn).ok());
    let partition = arn.map(|arn| Partition::new(arn.partition));
    reading.say(Event::Identity {
        account: caller.known().map(|c| c.account.clone()),
        partition: partition.unwrap_or_else(|| reading.partition.clone()),
        caller,
        taken: reading.taken,
    });
}

/// Starts the calls. Each reports for itself; the task that asks for the caller returns it.
pub(super) fn start(reading: &Arc<Reading>) -> JoinSet<Option<Caller>> {
    let mut tasks = JoinSet::new();
    tasks.spawn(identity(reading.clone()));
    tasks.spawn(aliases(reading.clone()));
    tasks.spawn(summary(reading.clone()));
    tasks
}

/// Waits for the calls, and gives the caller if it is known.
pub(super) async fn finish(tasks: &mut JoinSet<Option<Caller>>) -> Option<Caller> {
    let mut caller = None;
    while let Some(ended) = tasks.join_next().await {
        caller = caller.or(ended.ok().flatten());
    }
    caller
}

async fn identity(reading: Arc<Reading>) -> Option<Caller> {
    let calls = &reading.calls;
    let answer = calls
        .ask(
            "sts:GetCallerIdentity",
            calls.sts.get_caller_identity().send(),
        )
        .await;
    let caller = match answer {
        Ok(answer) => Field::Known(Caller {
            arn: answer.arn.unwrap_or_default().into(),
            user_id: answer.user_id.unwrap_or_default().into(),
            account: answer.account.unwrap_or_default().into(),
        }),
        Err(failure) => failure.field(),
    };
    let known = caller.known().cloned();
    say_who(&reading, caller);
    known
}

async fn aliases(reading: Arc<Reading>) -> Option<Caller> {
    let calls = &reading.calls;
    let pages = calls.iam.list_account_aliases().into_paginator().items();
    let aliases = calls
        .ask("iam:ListAccountAliases", pages.send().try_collect())
        .await;
    reading.say(Event::Aliases(match aliases {
        Ok(names) => Field::Known(names.into_iter().map(Into::into).collect()),
        Err(failure) => failure.field(),
    }));
    None
}

async fn summary(reading: Arc<Reading>) -> Option<Caller> {
    let calls = &reading.calls;
    let answer = calls
        .ask(
            "iam:GetAccountSummary",
            calls.iam.get_account_summary().send(),
        )
        .await;
    reading.say(Event::Summary(match answer {
        Ok(answer) => {
            let map = answer.summary_map.unwrap_or_default();
            let total = |key: SummaryKeyType| map.get(&key).and_then(|&n| u32::try_from(n).ok());
            reading.expect([
                total(SummaryKeyType::Users),
                total(SummaryKeyType::Groups),
                total(SummaryKeyType::Roles),
                total(SummaryKeyType::Policies),
            ]);
            let summary: Summary = map
                .iter()
                .map(|(key, &n)| (key.as_str().into(), i64::from(n)))
                .collect();
            Field::Known(summary)
        }
        Err(failure) => failure.field(),
    }));
    None
}
