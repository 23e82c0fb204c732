//! The answers to saved questions, as they are told.

use std::time::Duration;

use super::judge::Breach;
use crate::access::{Decision, Index};
use crate::source::Problem;

/// Of how many who break an expectation it is told how they can.
pub(super) const TOLD: usize = 10;

/// Somebody who is able.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Able {
    /// The ARN; of a service its name, of anyone `*`.
    pub arn: String,
    /// The word for the kind of principal.
    pub kind: &'static str,
    /// What people call it; safe to print.
    pub name: String,
    /// Whether it can for sure, or if more is met.
    pub decision: Decision,
    /// Whether that is up to policies that are not known.
    pub is_open: bool,
    /// The action that it is able to do; of several the first of which that is surest.
    pub action: String,
    /// How, in a line that is safe to print; told of the first who break an expectation.
    pub how: Option<String>,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Came {
    /// An answer; nothing was expected.
    Answered,
    /// What was expected.
    Met,
    /// Something else.
    Failed(Vec<Breach>),
    /// What was expected, but perhaps only because something is not known; what.
    Unsure(Vec<String>),
    /// The question could not be asked.
    Unanswered(Box<Problem>),
}

/// A question, answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The question's name.
    pub name: String,
    /// The actions that were asked about, spelt as AWS does.
    pub actions: Vec<String>,
    /// The resource that was asked about.
    pub resource: String,
    /// What came of it.
    pub came: Came,
    /// Who is able, the surest first.
    pub able: Vec<Able>,
    /// How many can only if more is met and do not count as able.
    pub uncounted: usize,
    /// What is odd about the question.
    pub notes: Vec<String>,
    /// What the answer takes for granted, and what was not read.
    pub assumptions: Vec<String>,
    /// How long it took.
    pub time: Duration,
}

/// The answers to a file of questions.
#[derive(Debug)]
pub struct Answers<'a> {
    /// The account.
    pub index: &'a Index,
    /// What the file is called.
    pub file: &'a str,
    /// A question after the other.
    pub outcomes: Vec<Outcome>,
}

/// How many questions came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Tally {
    /// As expected.
    pub met: usize,
    /// Not as expected.
    pub failed: usize,
    /// Nothing was expected.
    pub answered: usize,
    /// Not sure, or not asked.
    pub unanswered: usize,
}

impl Came {
    /// The word for it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Met => "met",
            Self::Failed(_) => "failed",
            Self::Unsure(_) => "unsure",
            Self::Unanswered(_) => "unanswered",
        }
    }
}

impl Outcome {
    /// Of a question that is not asked yet and of which nothing is expected.
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            actions: Vec::new(),
            resource: String::new(),
            came: Came::Answered,
            able: Vec::new(),
            uncounted: 0,
            notes: Vec::new(),
            assumptions: Vec::new(),
            time: Duration::ZERO,
        }
    }

    /// How many are able, in words.
    pub fn counts(&self) -> String {
        let is_sure = |it: &&Able| it.decision == Decision::Allowed;
        let allowed = self.able.iter().filter(is_sure).count();
        let conditional = self.able.len() - allowed;
        match self.uncounted {
            0 => format!("{allowed} allowed, {conditional} conditional"),
            count => format!("{allowed} allowed, {count} conditional (not counted)"),
        }
    }

    /// Why there is no answer to rely on, a line each.
    pub fn why(&self) -> Vec<String> {
        match &self.came {
            Came::Unsure(doubts) => doubts.clone(),
            Came::Unanswered(problem) => problem.to_string().lines().map(str::to_owned).collect(),
            Came::Answered | Came::Met | Came::Failed(_) => Vec::new(),
        }
    }
}

impl Answers<'_> {
    /// How many questions came to what.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for outcome in &self.outcomes {
            *match outcome.came {
                Came::Answered => &mut tally.answered,
                Came::Met => &mut tally.met,
                Came::Failed(_) => &mut tally.failed,
                Came::Unsure(_) | Came::Unanswered(_) => &mut tally.unanswered,
            } += 1;
        }
        tally
    }

    /// The time that all took.
    pub(super) fn time(&self) -> Duration {
        self.outcomes.iter().map(|it| it.time).sum()
    }
}
