//! What a source says while it loads.

use std::collections::BTreeSet;
use std::sync::Arc;

use compact_str::CompactString;
use tokio::sync::mpsc::UnboundedSender;

use super::Problem;
use crate::iam::{Account, Batch, Caller, Field, Kind, Partition, Summary, Taken};

/// Where events go. Whoever no longer cares drops the receiver; sources ignore that.
pub type Sink = UnboundedSender<Event>;

/// One piece of news from a source.
#[derive(Debug, Clone)]
pub enum Event {
    /// Who asks, and of which account. Comes at the start of a load, and again when more of it
    /// is known.
    Identity {
        /// The account's id, where known.
        account: Option<CompactString>,
        /// The partition.
        partition: Partition,
        /// The caller.
        caller: Field<Caller>,
        /// The time from which ages count.
        taken: Taken,
    },
    /// The account's aliases.
    Aliases(Field<Vec<CompactString>>),
    /// Counts and quotas.
    Summary(Field<Summary>),
    /// Entities that arrived.
    Batch(Batch),
    /// A whole account, from a source that reads it in one go.
    Whole(Box<Account>),
    /// How far the reading is.
    Progress(Progress),
    /// A call is tried again.
    Retrying {
        /// Such as `GetAccountAuthorizationDetails`.
        operation: &'static str,
        /// The try that comes now; 2 is the first retry.
        attempt: u32,
        /// The most tries there will be.
        of: u32,
        /// Why, in a few words, such as `throttled`.
        why: String,
    },
    /// A call that was tried again came through.
    Recovered {
        /// Such as `GetAccountAuthorizationDetails`.
        operation: &'static str,
    },
    /// A part that could not be read; the rest goes on.
    Gap(Problem),
    /// The end of a load.
    Finished(Outcome),
}

impl Event {
    /// Takes into `account` what the event tells of it. Gives the event back where it is news of
    /// the load instead: progress, retries, the end.
    pub fn apply(self, account: &mut Account) -> Option<Self> {
        match self {
            Self::Identity {
                account: id,
                partition,
                caller,
                taken,
            } => {
                account.id = id.or(account.id.take());
                account.partition = partition;
                account.caller = caller;
                account.taken = Some(taken);
            }
            Self::Aliases(aliases) => account.aliases = aliases,
            Self::Summary(summary) => account.summary = summary,
            Self::Batch(batch) => account.absorb(batch),
            Self::Whole(whole) => *account = *whole,
            Self::Gap(problem) => account.gaps.push(problem.one_line().into()),
            news @ (Self::Progress(_)
            | Self::Retrying { .. }
            | Self::Recovered { .. }
            | Self::Finished(_)) => return Some(news),
        }
        None
    }
}

/// How a load ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Everything was read that the caller may read.
    Complete,
    /// It broke off; what came is good, and `resume` goes on from there.
    Cut {
        /// What happened.
        problem: Problem,
        /// Where to go on, if that is possible.
        resume: Option<Box<Resume>>,
    },
}

/// How far a load is, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// How many of each kind came so far, in the order of [`Kind::ALL`]. Policies are the
    /// customer's own.
    pub done: [u32; 4],
    /// How many there will be, where `GetAccountSummary` said.
    pub total: [Option<u32>; 4],
    /// AWS managed policies so far; nothing tells how many there will be.
    pub aws_policies: u32,
    /// Bytes read so far and in all, for a file.
    pub bytes: Option<(u64, u64)>,
}

impl Progress {
    /// The part that is done, from 0 to 1, where there is a total.
    pub fn ratio(&self) -> Option<f64> {
        if let Some((done, total)) = self.bytes {
            return (total > 0).then(|| (done as f64 / total as f64).min(1.0));
        }
        let total: Option<u32> = self.total.iter().copied().sum();
        let total = total.filter(|&t| t > 0)?;
        let done: u32 = Kind::ALL
            .iter()
            .enumerate()
            .map(|(i, _)| self.done[i].min(self.total[i].unwrap_or(0)))
            .sum();
        Some(f64::from(done) / f64::from(total))
    }
}

/// Where a load that was cut goes on: for each stream of the backbone read, its next page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resume {
    /// By stream, in the source's own order.
    pub streams: Vec<StreamState>,
    /// How far the load was.
    pub progress: Progress,
    /// The ARNs of the managed policies that came.
    pub came: BTreeSet<Arc<str>>,
    /// The ARNs of managed policies that something attaches or is bounded by.
    pub named: BTreeSet<Arc<str>>,
}

/// How far one stream of pages is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamState {
    /// Nothing was read.
    NotStarted,
    /// Goes on at this marker.
    At(String),
    /// Read to the end.
    Done,
}
