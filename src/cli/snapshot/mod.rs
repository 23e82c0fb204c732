//! `iamscope snapshot`: the account as a file.
//!
//! The account is loaded as for the interface. With `--details`, everything that takes calls of
//! its own is fetched too; on a large account that takes long, so it can be interrupted: what was
//! fetched is kept beside the output, as `FILE.partial`, itself a snapshot. The next
//! `snapshot --details -o FILE` reads the account anew (which is quick), takes the details over
//! from there, and fetches only what is missing.
//!
//! Nothing is ever written that looks whole and is not: a load that is cut ends with an error, and
//! the file appears only when it is complete.

mod details;
mod target;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::status::Status;
use super::{Global, load, output};
use crate::iam::{Account, Kind};
use crate::source::{Mode, Problem, Source, Spec, snapshot};
use crate::visible::visible;

use details::Ended;
use target::Target;

/// What `snapshot` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file has the shape of the output of `aws iam get-account-authorization-details`, with one
more key for what that lacks. It appears whole or not at all, readable by its owner only.

With --details and -o, an interrupted run keeps what it fetched in FILE.partial; the same command
goes on from there.")]
pub struct Options {
    /// Write to this file, with zstd where it ends in .zst; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// Also fetch what takes calls for each user, role and policy: access keys, MFA devices,
    /// console passwords, descriptions, tags of policies
    #[arg(long)]
    details: bool,
}

/// Runs the command; gives the number for the shell.
pub(super) fn run(options: &Options, global: &Global) -> Result<u8, Problem> {
    let spec = global.spec()?;
    let target = Target::new(options.output.as_deref(), options.force)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Problem::new("cannot start", error.to_string()))?;
    let result = runtime.block_on(async {
        let interrupt = Interrupt::listen()?;
        tokio::select! {
            result = take(&spec, &target, options.details, interrupt.clone()) => result,
            number = interrupt.unfinished() => Ok(number),
        }
    });
    runtime.shutdown_background();
    result
}

async fn take(
    spec: &Spec,
    target: &Target,
    with_details: bool,
    interrupt: Interrupt,
) -> Result<u8, Problem> {
    let status = Status::new();
    let source = Arc::new(Source::open(spec, Mode::ReadOnly).await?);
    let account = load::account(&source, &status).await;
    let mut account = account.map_err(|problem| problem.next("nothing was written"))?;
    if with_details && !source.is_live() {
        status.line("--details adds nothing here: only a live account can be asked for more");
    } else if with_details {
        if let Some(partial) = target.partial(&status).await? {
            details::keep(&mut account, &partial)?;
        }
        let ended = details::fetch(&source, &mut account, target, &interrupt, &status).await?;
        if let Ended::Early { why, number } = ended {
            return stopped(target, &account, &status, why, number);
        }
    }
    target.write(&account)?;
    target.forget_partial()?;
    summary(&account, target, &status);
    Ok(0)
}

/// Keeps what was fetched, and says how to go on.
fn stopped(
    target: &Target,
    account: &Account,
    status: &Status,
    why: Option<Problem>,
    number: u8,
) -> Result<u8, Problem> {
    status.clear();
    let kept = target.keep_partial(account)?;
    let next = match &kept {
        Some(path) => format!(
            "what was fetched is in {}; the same command goes on from there",
            path.display()
        ),
        None => "nothing was kept; with -o FILE it would have been".into(),
    };
    match why {
        Some(problem) => Err(problem.next(next)),
        None => {
            status.line(&format!("interrupted: {next}"));
            Ok(number)
        }
    }
}

/// What is in the file, and what is not.
fn summary(account: &Account, target: &Target, status: &Status) {
    let counts = Kind::ALL.map(|kind| format!("{} {}", account.count(kind), kind.plural()));
    status.line(&format!("wrote {}: {}", target.name(), counts.join(", ")));
    for gap in &account.gaps {
        status.line(&format!("not in it: {}", visible(gap)));
    }
    let lacking = details::lacking(account).count();
    if lacking > 0 {
        status.line(&format!(
            "of {lacking} users, groups, roles and policies not all details were fetched; \
             recorded so (--details fetches them from a live account)"
        ));
    }
    let failed = details::failed(account);
    if failed > 0 {
        status.line(&format!(
            "{failed} details could not be read; recorded so, with the reason"
        ));
    }
}

/// Signals that end the program.
#[derive(Clone)]
struct Interrupt {
    number: watch::Receiver<u8>,
    /// Set while somebody else ends the run in good order.
    handled: Arc<std::sync::atomic::AtomicBool>,
}

impl Interrupt {
    fn listen() -> Result<Self, Problem> {
        let (send, number) = watch::channel(0);
        for kind in [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
        ] {
            let mut signals = signal(kind)
                .map_err(|error| Problem::new("cannot listen for signals", error.to_string()))?;
            let send = send.clone();
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    // 128 and the signal's number, as shells have it.
                    let raw = u8::try_from(kind.as_raw_value()).unwrap_or_default();
                    send.send_replace(128 + raw);
                }
            });
        }
        Ok(Self {
            number,
            handled: Arc::default(),
        })
    }

    /// Waits for a signal; gives the number for the shell.
    async fn wait(&self) -> u8 {
        let mut number = self.number.clone();
        match number.wait_for(|number| *number != 0).await {
            Ok(number) => *number,
            Err(_) => std::future::pending().await,
        }
    }

    /// Waits for a signal that nobody handles.
    async fn unfinished(&self) -> u8 {
        let number = self.wait().await;
        if self.handled.load(std::sync::atomic::Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        number
    }

    /// From now on whoever holds this ends the run.
    fn handle(&self) {
        self.handled
            .store(true, std::sync::atomic::Ordering::Relaxed);
    }
}
