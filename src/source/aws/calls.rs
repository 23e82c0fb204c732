//! The way to AWS of one load or one fetch: its clients, its sink, its share of the calls.

use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_iam::config::http::HttpResponse;
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use tokio::sync::Semaphore;

use super::convert::Interner;
use super::errors::Failure;

/// How many calls are under way at most. IAM's limits are per account and cannot be raised, so
/// that more would only be throttled.
pub(super) const CONCURRENT: usize = 5;

/// A call that is awaited.
pub(super) type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// Clients whose retries are reported to one sink. Clones share everything.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    pub(super) iam: aws_sdk_iam::Client,
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) permits: Arc<Semaphore>,
    pub(super) interner: Arc<Mutex<Interner>>,
}

impl Calls {
    /// Awaits a call when its turn comes. Turns go by arrival, so that a detail that is asked for
    /// during a load waits for one page at most.
    ///
    /// The SDK's futures are large. Boxed, a fetch can await many at a time without filling the
    /// stack.
    pub(super) fn ask<'a, T, E>(
        &'a self,
        action: &'static str,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'a,
    ) -> Asked<'a, T>
    where
        T: 'a,
        E: ProvideErrorMetadata + Error + 'static,
    {
        Box::pin(async move {
            let _turn = self
                .permits
                .acquire()
                .await
                .map_err(|closed| Failure::other(action, closed.to_string()))?;
            call.await.map_err(|error| {
                let failure = Failure::of(action, &error);
                let (nature, words) = (failure.nature, &failure.words);
                tracing::debug!(action, ?nature, words, "call failed");
                failure
            })
        })
    }

    /// The same for the next page of a list.
    pub(super) fn ask_next<'a, T, E>(
        &'a self,
        action: &'static str,
        next: impl Future<Output = Option<Result<T, SdkError<E, HttpResponse>>>> + Send + 'a,
    ) -> Asked<'a, Option<T>>
    where
        T: 'a,
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.ask(action, async { next.await.transpose() })
    }

    /// Works with the interner. It holds plain data, so that one thread's panic leaves it usable.
    pub(super) fn interned<T>(&self, work: impl FnOnce(&mut Interner) -> T) -> T {
        work(&mut self.interner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
