//! The async data layer: where accounts come from.
//!
//! A [`Source`] loads an account, streams it in as pages arrive, and fetches on demand what the
//! backbone read lacks. It owns retries, throttling, paging and the reading of files. It never
//! draws, and never decides what is shown.
//!
//! Whether a source may write is decided when it is opened ([`Mode`]) and cannot be changed
//! afterwards: the AWS client of a read-only source refuses every operation that is not on its
//! list of reads, before anything is sent.

pub mod aws;
pub mod demo;
mod document;
mod event;
pub mod file;
pub mod organization;
mod problem;
pub mod simulate;
pub mod snapshot;
pub mod written;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::iam::{Batch, Group, ManagedPolicy, Role, User};

pub use event::{Event, Outcome, Progress, Resume, Sink, StreamState};
pub use problem::{ExitCode, Problem};
pub use simulate::{SimulateAnswer, SimulateRequest};

/// Where an account is to come from.
#[derive(Debug, Clone)]
pub enum Spec {
    /// Live AWS (or a server that speaks its protocol).
    Live(LiveOptions),
    /// A file: the AWS CLI's output or our own snapshot, plain or zstd.
    File(PathBuf),
    /// The same, on standard input.
    Stdin,
    /// The built-in demo account.
    Demo,
}

/// What the command line says about a live account; the rest comes from the AWS configuration.
#[derive(Debug, Clone, Default)]
pub struct LiveOptions {
    /// A profile of the AWS configuration, instead of `AWS_PROFILE` or `default`.
    pub profile: Option<String>,
    /// A region, which picks the partition.
    pub region: Option<String>,
    /// Another endpoint for IAM and STS.
    pub endpoint_url: Option<String>,
    /// Credentials given outright. The environment and the AWS configuration files are then not
    /// read at all, and no proxy is used.
    pub explicit: Option<Explicit>,
}

/// What stands in for the machine's AWS configuration. The command line never sets it: it keeps
/// tests, and programs that embed the crate, apart from the machine that they run on.
#[derive(Clone)]
pub struct Explicit {
    /// Such as `AKIAIOSFODNN7EXAMPLE`.
    pub access_key_id: String,
    /// The secret that belongs to it.
    pub secret_access_key: String,
    /// For temporary credentials.
    pub session_token: Option<String>,
    /// The longest first wait before a call is tried again; it doubles from try to try.
    pub backoff: Duration,
}

impl std::fmt::Debug for Explicit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Explicit")
            .field("access_key_id", &self.access_key_id)
            .field("backoff", &self.backoff)
            .finish_non_exhaustive()
    }
}

/// What a source may do, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only read.
    ReadOnly,
    /// Read, and write what the user has reviewed.
    ReadWrite,
}

/// An opened source.
#[derive(Debug)]
pub struct Source {
    kind: SourceKind,
    mode: Mode,
}

#[derive(Debug)]
enum SourceKind {
    Aws(Box<aws::Aws>),
    File(file::FileSource),
    Demo,
}

/// One entity, as it is known so far.
#[derive(Debug, Clone)]
pub enum Entity {
    /// A user.
    User(Arc<User>),
    /// A group.
    Group(Arc<Group>),
    /// A role.
    Role(Arc<Role>),
    /// A managed policy.
    Policy(Arc<ManagedPolicy>),
}

impl Source {
    /// Opens a source: reads the AWS configuration and finds credentials, or checks that the
    /// file can be opened.
    ///
    /// # Errors
    /// A [`Problem`] that says what was tried, what was found and what to do next.
    pub async fn open(spec: &Spec, mode: Mode) -> Result<Self, Problem> {
        let kind = match spec {
            Spec::Live(options) => SourceKind::Aws(Box::new(aws::Aws::open(options, mode).await?)),
            Spec::File(path) => SourceKind::File(file::FileSource::open(path)?),
            Spec::Stdin => SourceKind::File(file::FileSource::stdin()),
            Spec::Demo => SourceKind::Demo,
        };
        let source = Self { kind, mode };
        tracing::info!(label = ?source.label(), ?mode, "opened");
        Ok(source)
    }

    /// Whether it may write.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What people call it: `profile staging`, `account.json`, `demo`.
    pub fn label(&self) -> String {
        match &self.kind {
            SourceKind::Aws(aws) => aws.label(),
            SourceKind::File(file) => file.label(),
            SourceKind::Demo => "demo".into(),
        }
    }

    /// Whether it can be read anew and asked for more: a live account.
    pub fn is_live(&self) -> bool {
        matches!(self.kind, SourceKind::Aws(_))
    }

    /// Loads the account into `sink`, and ends with [`Event::Finished`]. With `resume` it goes on
    /// where an earlier load was cut. Dropping the future cancels it at any time.
    pub async fn load(&self, resume: Option<Resume>, sink: Sink) {
        tracing::info!(resumed = resume.is_some(), "load starts");
        match &self.kind {
            SourceKind::Aws(aws) => aws.load(resume, sink).await,
            SourceKind::File(file) => file.load(sink).await,
            SourceKind::Demo => demo::load(sink).await,
        }
        tracing::info!("load ends");
    }

    /// The name of the user whose access key this is; `None` where it is of no user of this
    /// account. Retries are reported to `sink`.
    ///
    /// # Errors
    /// A [`Problem`] where the caller may not ask, or the call fails.
    pub async fn owner_of_key(&self, id: &str, sink: &Sink) -> Result<Option<String>, Problem> {
        match &self.kind {
            SourceKind::Aws(aws) => aws.owner_of_key(id, sink).await,
            SourceKind::File(_) | SourceKind::Demo => Ok(None),
        }
    }

    /// Decodes the encoded part of a message about a denied request: JSON, as AWS says it. Retries
    /// are reported to `sink`.
    ///
    /// # Errors
    /// A [`Problem`] where this is no live account, the caller may not ask, the message is none of
    /// this account's, or the call fails.
    pub async fn decode_denied(&self, encoded: &str, sink: &Sink) -> Result<String, Problem> {
        match &self.kind {
            SourceKind::Aws(aws) => aws.decode_denied(encoded, sink).await,
            SourceKind::File(_) | SourceKind::Demo => {
                Err(self.not_live("decode the message", "sts:DecodeAuthorizationMessage"))
            }
        }
    }

    /// Asks AWS's own policy simulator, which leaves out some layers: `report::simulator` says
    /// which. Retries are reported to `sink`.
    ///
    /// # Errors
    /// A [`Problem`] where this is no live account, the caller may not ask, or the call fails.
    pub async fn simulate(
        &self,
        request: &SimulateRequest,
        sink: &Sink,
    ) -> Result<SimulateAnswer, Problem> {
        match &self.kind {
            SourceKind::Aws(aws) => aws.simulate(request, sink).await,
            SourceKind::File(_) | SourceKind::Demo => {
                Err(self.not_live("ask the policy simulator", "iam:SimulatePrincipalPolicy"))
            }
        }
    }

    /// Why a question to AWS goes unanswered that only a live account can ask.
    fn not_live(&self, tried: &str, action: &str) -> Problem {
        let why = format!(
            "{} is no live account, and only AWS can ({action})",
            self.label()
        );
        Problem::new(format!("cannot {tried}"), why)
    }

    /// Fetches what is not known yet of one entity: every [`Unknown`](crate::iam::Field::Unknown)
    /// field that a call can answer is asked for, and comes back known, denied or failed. The
    /// entity as far as it is known goes to `sink` with every answer, and so do retries. A source
    /// that holds all it can say returns nothing.
    pub async fn fetch(&self, entity: Entity, sink: &Sink) -> Batch {
        match &self.kind {
            SourceKind::Aws(aws) => aws.fetch(entity, sink).await,
            SourceKind::File(_) | SourceKind::Demo => Batch::default(),
        }
    }
}
