//! Reading a whole account: `GetAccountAuthorizationDetails` in parallel streams by filter.
//!
//! Each page goes out as it comes. What ends one stream early is kept until the others have come
//! to their end, so that a broken load has read all it could; the streams' markers say where to
//! go on. A load of which nothing came has nowhere to go on: it begins anew.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput as Page;
use aws_sdk_iam::types::EntityType;
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::Aws;
use super::calls::Calls;
use super::errors::Failure;
use super::{boundary, fallback, preamble};
use crate::iam::{Batch, Kind, Partition, Taken, TakenBasis};
use crate::source::{Event, Outcome, Progress, Resume, Sink, StreamState};

/// The permission for the backbone read.
const BACKBONE: &str = "iam:GetAccountAuthorizationDetails";

/// The most entities that a page may hold.
const PAGE: i32 = 1000;

/// The streams, one a filter. A [`Resume`] has their states in this order.
const STREAMS: [EntityType; 5] = [
    EntityType::User,
    EntityType::Group,
    EntityType::Role,
    EntityType::LocalManagedPolicy,
    EntityType::AwsManagedPolicy,
];

/// A load under way, shared by its tasks.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) calls: Calls,
    /// The partition of the region in use, until an ARN says better.
    pub(super) partition: Partition,
    /// When the load began.
    pub(super) taken: Taken,
    sink: Sink,
    state: Mutex<Resume>,
}

impl Reading {
    /// Sends an event. Nobody may be listening any more; then the load is about to be dropped.
    pub(super) fn say(&self, event: Event) {
        let _ = self.sink.send(event);
    }

    pub(super) fn state<T>(&self, work: impl FnOnce(&mut Resume) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends a batch, and how far the load is with it.
    pub(super) fn bring(&self, batch: Batch) {
        let progress = self.state(|state| {
            count(&mut state.progress, &batch);
            note(state, &batch);
            state.progress
        });
        if !batch.is_empty() {
            self.say(Event::Batch(batch));
        }
        self.say(Event::Progress(progress));
    }

    /// Sets the totals that `GetAccountSummary` told.
    pub(super) fn expect(&self, total: [Option<u32>; 4]) {
        let progress = self.state(|state| {
            state.progress.total = total;
            state.progress
        });
        self.say(Event::Progress(progress));
    }
}

/// Loads the account, and ends with [`Event::Finished`]. Dropping the future ends every task.
pub(super) async fn load(aws: &Aws, resume: Option<Resume>, sink: Sink) {
    let calls = aws.calls(&sink, resume.is_none());
    let mut state = resume.unwrap_or_default();
    state.streams.resize(STREAMS.len(), StreamState::NotStarted);
    let reading = Arc::new(Reading {
        calls,
        partition: aws.partition(),
        taken: Taken {
            at: Timestamp::now(),
            basis: TakenBasis::Live,
        },
        sink,
        state: Mutex::new(state),
    });
    let outcome = match read(&reading).await {
        Ok(()) => Outcome::Complete,
        Err(failure) => Outcome::Cut {
            problem: aws.problem(&failure),
            resume: (!nothing_came(&reading))
                .then(|| Box::new(reading.state(|state| state.clone()))),
        },
    };
    reading.say(Event::Finished(outcome));
}

async fn read(reading: &Arc<Reading>) -> Result<(), Failure> {
    preamble::announce(reading);
    let mut preamble = preamble::start(reading);
    match backbone(reading).await {
        Err(failure) if failure.is_denied() && nothing_came(reading) => {
            reading.say(Event::Gap(fallback::instead(&failure)));
            let caller = preamble::finish(&mut preamble).await;
            fallback::read(reading, caller).await
        }
        Err(failure) if failure.is_everywhere() => {
            // An aborted task may still be at work: nothing it says must come after the end.
            preamble.shutdown().await;
            Err(failure)
        }
        result => {
            preamble::finish(&mut preamble).await;
            result?;
            boundary::read(reading).await
        }
    }
}

/// Runs the streams to their ends. The first failure is told; one that all calls share ends the
/// others.
async fn backbone(reading: &Arc<Reading>) -> Result<(), Failure> {
    let mut streams = JoinSet::new();
    for at in 0..STREAMS.len() {
        streams.spawn(stream(reading.clone(), at));
    }
    let mut first = None;
    while let Some(ended) = streams.join_next().await {
        let ended = ended.unwrap_or_else(|died| Err(Failure::other(BACKBONE, died.to_string())));
        if let Err(failure) = ended {
            // The others would only fail too, later. Their markers stay where they are.
            if failure.is_denied() || failure.is_everywhere() {
                streams.shutdown().await;
                return Err(failure);
            }
            first.get_or_insert(failure);
        }
    }
    first.map_or(Ok(()), Err)
}

async fn stream(reading: Arc<Reading>, at: usize) -> Result<(), Failure> {
    loop {
        let marker = match reading.state(|state| state.streams[at].clone()) {
            StreamState::Done => return Ok(()),
            StreamState::NotStarted => None,
            StreamState::At(marker) => Some(marker),
        };
        let call = reading
            .calls
            .iam
            .get_account_authorization_details()
            .filter(STREAMS[at].clone())
            .max_items(PAGE)
            .set_marker(marker.clone());
        let page = reading.calls.ask(BACKBONE, call.send()).await?;
        let next = next(&page, marker.as_deref())?;
        let batch = batch(&reading.calls, page);
        reading.state(|state| state.streams[at] = next);
        reading.bring(batch);
    }
}

/// Where a stream goes on after a page. Pages may be short or even empty: only `IsTruncated`
/// tells the end.
fn next(page: &Page, marker: Option<&str>) -> Result<StreamState, Failure> {
    match page.marker() {
        _ if !page.is_truncated() => Ok(StreamState::Done),
        Some(next) if Some(next) != marker => Ok(StreamState::At(next.to_owned())),
        _ => Err(Failure::other(
            BACKBONE,
            "a page says that more follows, but not where",
        )),
    }
}

fn batch(calls: &Calls, page: Page) -> Batch {
    calls.interned(|interner| Batch {
        users: each(page.user_detail_list, |u| interner.user(u)),
        groups: each(page.group_detail_list, |g| interner.group(g)),
        roles: each(page.role_detail_list, |r| interner.role(r)),
        policies: each(page.policies, |p| interner.policy(p)),
    })
}

fn each<T, U>(list: Option<Vec<T>>, convert: impl FnMut(T) -> U) -> Vec<U> {
    list.unwrap_or_default().into_iter().map(convert).collect()
}

fn nothing_came(reading: &Reading) -> bool {
    let untouched = StreamState::NotStarted;
    reading.state(|state| state.streams.iter().all(|s| *s == untouched))
}

fn count(progress: &mut Progress, batch: &Batch) {
    let aws = batch.policies.iter().filter(|p| p.is_aws_managed()).count();
    progress.aws_policies += aws as u32;
    for (at, kind) in Kind::ALL.into_iter().enumerate() {
        progress.done[at] += match kind {
            Kind::User => batch.users.len(),
            Kind::Group => batch.groups.len(),
            Kind::Role => batch.roles.len(),
            Kind::Policy => batch.policies.len() - aws,
        } as u32;
    }
}

/// Remembers which managed policies came, and which are named by something.
fn note(state: &mut Resume, batch: &Batch) {
    state
        .came
        .extend(batch.policies.iter().map(|p| p.arn.clone()));
    let named: &mut BTreeSet<Arc<str>> = &mut state.named;
    for user in &batch.users {
        named.extend(user.attached.known().into_iter().flatten().cloned());
        named.extend(user.boundary.known().cloned().flatten());
    }
    for group in &batch.groups {
        named.extend(group.attached.known().into_iter().flatten().cloned());
    }
    for role in &batch.roles {
        named.extend(role.attached.known().into_iter().flatten().cloned());
        named.extend(role.boundary.known().cloned().flatten());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(truncated: bool, marker: Option<&str>) -> Page {
        Page::builder()
            .is_truncated(truncated)
            .set_marker(marker.map(Into::into))
            .build()
    }

    #[test]
    fn only_is_truncated_ends_a_stream() {
        let more = next(&page(true, Some("m1")), None);
        assert_eq!(more, Ok(StreamState::At("m1".into())));
        let last = next(&page(false, Some("left over")), Some("m1"));
        assert_eq!(last, Ok(StreamState::Done));
    }

    #[test]
    fn a_marker_that_is_missing_or_stands_still_is_a_failure_and_no_endless_loop() {
        assert!(next(&page(true, None), None).is_err());
        assert!(next(&page(true, Some("m1")), Some("m1")).is_err());
    }
}
