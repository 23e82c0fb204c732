//! A live account: AWS, or a server that speaks its protocol.
//!
//! This module owns the AWS clients, and is the only place that knows the SDK's types. Each load
//! and each fetch gets clients of its own that report retries to its sink; they share
//! connections, credentials and the limit of calls under way. It never writes, and the clients
//! of a read-only source could not.

mod boundary;
mod calls;
mod config;
mod convert;
mod decode;
mod errors;
mod fallback;
mod fetch;
mod fetch_policy;
mod fetch_user;
mod filling;
mod http;
mod load;
mod preamble;
mod profiles;
mod readonly;
mod retry;
mod simulate;

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_iam::config::retry::{RetryPartition, TokenBucket};
use tokio::sync::Semaphore;

use super::{Entity, LiveOptions, Mode, Problem, Resume, SimulateAnswer, SimulateRequest, Sink};
use crate::iam::{Batch, Partition};
use calls::{CONCURRENT, Calls};
use convert::Interner;
use errors::Failure;

pub use readonly::READS;

/// A live account.
#[derive(Debug)]
pub struct Aws {
    iam: aws_sdk_iam::Config,
    sts: aws_sdk_sts::Config,
    label: String,
    profile: Option<String>,
    endpoint: String,
    partition: Partition,
    permits: Arc<Semaphore>,
    /// Of the load that came last; what is fetched later shares its texts.
    interner: Mutex<Arc<Mutex<Interner>>>,
}

impl Aws {
    /// Reads the AWS configuration and finds credentials. No call of IAM's is made yet.
    ///
    /// # Errors
    /// A [`Problem`] where the profile is not there or needs a code, where there are no
    /// credentials or expired ones, and where the endpoint or the certificates cannot be used.
    pub async fn open(options: &LiveOptions, mode: Mode) -> Result<Self, Problem> {
        let setup = config::resolve(options).await?;
        // A bucket of retries that is shared over many calls would, under throttling, let later
        // calls fail at their first try.
        let retries = RetryPartition::custom("iamscope")
            .token_bucket(TokenBucket::unlimited())
            .build();
        let mut iam =
            aws_sdk_iam::config::Builder::from(&setup.sdk).retry_partition(retries.clone());
        let mut sts = aws_sdk_sts::config::Builder::from(&setup.sdk).retry_partition(retries);
        if mode == Mode::ReadOnly {
            iam = iam.interceptor(readonly::OnlyReads);
            sts = sts.interceptor(readonly::OnlyReads);
        }
        Ok(Self {
            iam: iam.build(),
            sts: sts.build(),
            label: setup.label,
            profile: setup.profile,
            endpoint: setup.endpoint,
            partition: Partition::of_region(&setup.region),
            permits: Arc::new(Semaphore::new(CONCURRENT)),
            interner: Mutex::default(),
        })
    }

    /// What people call it.
    pub fn label(&self) -> String {
        self.label.clone()
    }

    /// Loads the account.
    pub async fn load(&self, resume: Option<Resume>, sink: Sink) {
        load::load(self, resume, sink).await;
    }

    /// Fetches what is not known yet of one entity, and tells each answer as it comes.
    pub async fn fetch(&self, entity: Entity, sink: &Sink) -> Batch {
        fetch::fetch(&self.calls(sink, false), entity, sink).await
    }

    /// The name of the user whose access key this is; `None` where it is of no user of this
    /// account.
    ///
    /// # Errors
    /// A [`Problem`] where the caller may not ask, or the call fails.
    pub async fn owner_of_key(&self, id: &str, sink: &Sink) -> Result<Option<String>, Problem> {
        let owner = fetch_user::owner_of_key(&self.calls(sink, false), id).await;
        owner.map_err(|failure| self.problem(&failure))
    }

    /// Decodes the encoded part of a message about a denied request.
    ///
    /// # Errors
    /// A [`Problem`] where the caller may not ask, the message is none of this account's, or the
    /// call fails.
    pub async fn decode_denied(&self, encoded: &str, sink: &Sink) -> Result<String, Problem> {
        decode::decode(self, encoded, sink).await
    }

    /// Asks AWS's own policy simulator.
    ///
    /// # Errors
    /// A [`Problem`] where the caller may not ask, or the call fails.
    pub async fn simulate(
        &self,
        request: &SimulateRequest,
        sink: &Sink,
    ) -> Result<SimulateAnswer, Problem> {
        simulate::simulate(self, request, sink).await
    }

    /// Clients that report to `sink`. With `fresh`, texts are shared anew: those of an account
    /// that is about to be replaced would be kept for ever.
    fn calls(&self, sink: &Sink, fresh: bool) -> Calls {
        let mut interner = self.interner.lock().unwrap_or_else(PoisonError::into_inner);
        if fresh {
            *interner = Arc::default();
        }
        let iam = self
            .iam
            .to_builder()
            .interceptor(retry::Reporter::new(sink.clone()));
        let sts = self
            .sts
            .to_builder()
            .interceptor(retry::Reporter::new(sink.clone()));
        Calls {
            iam: aws_sdk_iam::Client::from_conf(iam.build()),
            sts: aws_sdk_sts::Client::from_conf(sts.build()),
            permits: self.permits.clone(),
            interner: interner.clone(),
        }
    }

    fn partition(&self) -> Partition {
        self.partition.clone()
    }

    fn problem(&self, failure: &Failure) -> Problem {
        failure.problem(&self.endpoint, self.profile.as_deref())
    }

    /// The same for one question to AWS, of which nothing is kept that came before.
    fn question_problem(&self, tried: &str, failure: &Failure) -> Problem {
        failure.question_problem(tried, &self.endpoint, self.profile.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::source::Explicit;

    /// Counts the requests that reach it, and answers each as if it had done what it was asked.
    fn endpoint() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<AtomicUsize> = Arc::default();
        let count = requests.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let body = "<DeleteUserResponse/>";
                let _ = stream.read(&mut [0; 8192]);
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        (url, requests)
    }

    async fn delete(mode: Mode) -> (Result<(), Failure>, usize) {
        let (url, requests) = endpoint();
        let options = LiveOptions {
            endpoint_url: Some(url),
            explicit: Some(Explicit {
                access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
                secret_access_key: "any".into(),
                session_token: None,
                backoff: Duration::from_millis(1),
            }),
            ..LiveOptions::default()
        };
        let aws = Aws::open(&options, mode).await.unwrap();
        let (sink, _news) = unbounded_channel();
        let calls = aws.calls(&sink, false);
        let call = calls.iam.delete_user().user_name("alice").send();
        let answer = calls.ask("iam:DeleteUser", call).await;
        (answer.map(|_| ()), requests.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_read_only_source_cannot_write_even_from_within() {
        let (answer, requests) = delete(Mode::ReadOnly).await;
        let failure = answer.unwrap_err();
        assert_eq!(failure.nature, errors::Nature::Refused);
        assert_eq!(
            failure.words,
            "DeleteUser refused: this source was opened read-only"
        );
        assert_eq!(requests, 0, "nothing may be sent");
    }

    #[tokio::test]
    async fn the_same_call_goes_out_where_writing_is_allowed() {
        let (answer, requests) = delete(Mode::ReadWrite).await;
        assert_eq!(answer, Ok(()));
        assert_eq!(requests, 1);
    }
}
