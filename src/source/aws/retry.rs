//! Says so when a call is tried again.
//!
//! The SDK decides about retries; an interceptor watches each attempt and asks the SDK's own
//! classifiers what it will do, so that people see "retrying 2/5" while the wait lasts and not
//! after it.

use aws_sdk_iam::config::interceptors::FinalizerInterceptorContextRef;
use aws_sdk_iam::config::retry::RetryConfig;
use aws_sdk_iam::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime::client::retries::classifiers::run_classifiers_on_ctx;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::classifiers::{RetryAction, RetryReason};
use aws_smithy_runtime_api::client::retries::{ErrorKind, RequestAttempts};

use super::readonly::static_name;
use crate::source::{Event, Sink};

/// Reports retries to one load's or one fetch's sink.
#[derive(Debug)]
pub(super) struct Reporter {
    sink: Sink,
}

impl Reporter {
    pub(super) fn new(sink: Sink) -> Self {
        Self { sink }
    }
}

impl Intercept for Reporter {
    fn name(&self) -> &'static str {
        "retry reporter"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = static_name(cfg.load::<Metadata>().map_or("", Metadata::name));
        let attempts = cfg.load::<RequestAttempts>().map_or(1, |a| a.attempts());
        if matches!(context.output_or_error(), Some(Ok(_))) {
            if attempts > 1 {
                let _ = self.sink.send(Event::Recovered { operation });
            }
            return Ok(());
        }
        let of = cfg
            .load::<RetryConfig>()
            .map_or(1, RetryConfig::max_attempts);
        let action = run_classifiers_on_ctx(components.retry_classifiers(), context.inner());
        if attempts < of && action.should_retry() {
            let _ = self.sink.send(Event::Retrying {
                operation,
                attempt: attempts + 1,
                of,
                why: why(&action, context),
            });
        }
        Ok(())
    }
}

fn why(action: &RetryAction, context: &FinalizerInterceptorContextRef<'_>) -> String {
    let throttled = matches!(
        action,
        RetryAction::RetryIndicated(RetryReason::RetryableError {
            kind: ErrorKind::ThrottlingError,
            ..
        })
    );
    let status = context.response().map(|r| r.status().as_u16());
    let error = context.output_or_error().and_then(Result::err);
    let timed_out = error.is_some_and(|e| {
        e.is_timeout_error() || e.as_connector_error().is_some_and(|c| c.is_timeout())
    });
    match status {
        _ if throttled => "throttled".into(),
        _ if timed_out => "no answer in time".into(),
        Some(status) if status >= 500 => format!("server error {status}"),
        Some(_) => "connection cut".into(),
        None => "no connection".into(),
    }
}
