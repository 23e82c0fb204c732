//! Loads the whole account, patiently.

use std::time::Duration;

use tokio::sync::mpsc;

use super::Global;
use super::status::Status;
use crate::iam::{Account, EntityRef, Kind};
use crate::source::{Entity, Event, Mode, Outcome, Problem, Progress, Source};
use crate::visible::visible;

/// How often a load that was cut goes on by itself, if something came since, and the wait before.
const AGAIN: u32 = 3;
const WAIT: Duration = Duration::from_secs(5);

/// The account that the command line names, for a question about it. Of a live account that could
/// only be read in part, what the question lacks is asked for; `lacking` says what.
///
/// # Errors
/// What was wrong with the command line, or what cut the load.
pub(super) fn for_question(
    global: &Global,
    lacking: impl Fn(&Account) -> Vec<EntityRef>,
) -> Result<Account, Problem> {
    on_source(global, async |source, status| {
        let mut account = account(source, status).await?;
        if source.is_live() {
            fill_in(source, &mut account, status, lacking).await;
        }
        Ok(account)
    })
}

/// What the encoded part of a message about a denied request says, as JSON.
///
/// # Errors
/// What was wrong with the command line, or why it cannot be decoded.
pub(super) fn decoded(global: &Global, encoded: &str) -> Result<String, Problem> {
    on_source(global, async |source, status| {
        let (sink, mut news) = mpsc::unbounded_channel::<Event>();
        let listen = async {
            while let Some(event) = news.recv().await {
                tell(&event, status);
            }
        };
        let decode = async {
            let decoded = source.decode_denied(encoded, &sink).await;
            drop(sink);
            decoded
        };
        tokio::join!(decode, listen).0
    })
}

/// Works with the source that the command line names, opened for reading.
fn on_source<T>(
    global: &Global,
    work: impl AsyncFnOnce(&Source, &Status) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let spec = global.spec()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Problem::new("cannot start", error.to_string()))?;
    let status = Status::new();
    let result = runtime.block_on(async {
        let source = Source::open(&spec, Mode::ReadOnly).await?;
        work(&source, &status).await
    });
    runtime.shutdown_background();
    result
}

/// Asks for what is lacking. An answer may show that more is: the groups of a user, then their
/// policies.
async fn fill_in(
    source: &Source,
    account: &mut Account,
    status: &Status,
    lacking: impl Fn(&Account) -> Vec<EntityRef>,
) {
    const ROUNDS: usize = 4;
    for _ in 0..ROUNDS {
        let entities = lacking(account);
        if entities.is_empty() {
            return;
        }
        let count = entities.len();
        for (at, reference) in entities.into_iter().enumerate() {
            let Some(entity) = entity(account, &reference) else {
                continue;
            };
            let name = visible(reference.name());
            status.progress(|| format!("reading {} of {count}: {name}", at + 1));
            let (sink, mut news) = mpsc::unbounded_channel::<Event>();
            let batch = source.fetch(entity, &sink).await;
            drop(sink);
            while let Some(event) = news.recv().await {
                tell(&event, status);
            }
            account.learn(batch);
        }
    }
}

fn entity(account: &Account, reference: &EntityRef) -> Option<Entity> {
    let arn = &*reference.arn;
    Some(match reference.kind {
        Kind::User => Entity::User(account.user(arn)?.clone()),
        Kind::Group => Entity::Group(account.group(arn)?.clone()),
        Kind::Role => Entity::Role(account.role(arn)?.clone()),
        Kind::Policy => Entity::Policy(account.policy(arn)?.clone()),
    })
}

/// The whole account.
///
/// # Errors
/// What cut the load, if going on does not help.
pub(super) async fn account(source: &Source, status: &Status) -> Result<Account, Problem> {
    let mut account = Account::default();
    let mut resume = None;
    let mut again = 0;
    let mut had = 0;
    loop {
        let (sink, mut news) = mpsc::unbounded_channel::<Event>();
        let listen = async {
            let mut end = None;
            while let Some(event) = news.recv().await {
                match event.apply(&mut account) {
                    Some(Event::Finished(outcome)) => end = Some(outcome),
                    Some(event) => tell(&event, status),
                    None => {}
                }
            }
            end
        };
        let ((), end) = tokio::join!(source.load(resume.take(), sink), listen);
        let has: usize = Kind::ALL.iter().map(|&kind| account.count(kind)).sum();
        let came = has > std::mem::replace(&mut had, has);
        match end {
            Some(Outcome::Complete) => return Ok(account),
            Some(Outcome::Cut {
                problem,
                resume: Some(at),
            }) if came && again < AGAIN => {
                again += 1;
                let why = problem.one_line();
                status.line(&format!("{}; going on ({again}/{AGAIN})", visible(&why)));
                resume = Some(*at);
                tokio::time::sleep(WAIT).await;
            }
            Some(Outcome::Cut { problem, .. }) => {
                return Err(problem);
            }
            None => {
                return Err(Problem::new(
                    "cannot read the account",
                    "the load was given up",
                ));
            }
        }
    }
}

/// Shows news of a load or a fetch.
pub(super) fn tell(event: &Event, status: &Status) {
    match event {
        Event::Progress(progress) => status.progress(|| words(progress)),
        Event::Retrying {
            operation,
            attempt,
            of,
            why,
        } => status.progress(|| format!("{operation}: {}; retrying {attempt}/{of}", visible(why))),
        _ => {}
    }
}

fn words(progress: &Progress) -> String {
    let percent = progress.ratio().map_or_else(String::new, |ratio| {
        format!(" {:.0} %,", (ratio * 100.0).floor())
    });
    let counts = Kind::ALL.iter().zip(progress.done);
    let counts: Vec<_> = counts
        .map(|(kind, n)| format!("{n} {}", kind.plural()))
        .collect();
    format!("reading:{percent} {}", counts.join(", "))
}
