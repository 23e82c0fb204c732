//! Answers the questions of the who-can view and of the tab Effective, away from the interface's own thread.
//!
//! An [`Asker`] keeps what questions have in common: the index of the account, and who can assume
//! which role. What it gives away is owned by nobody else, so that the view can show it for as
//! long as it likes. It never draws, and never looks at anything but what it was asked.

mod answer;
mod effective;
mod export;
mod question;
mod roster;
mod single;
mod telling;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use compact_str::CompactString;

use crate::access::{Chains, Index, Node, Reaches};
use crate::iam::Account;

use super::who::shown::{Line, Shown};
pub use answer::{Answer, Asked, Standing, Who};
pub use effective::{AskReason, Effective, Reason, WhatCan};
pub use export::{Export, Form, To};
pub use question::Question;
pub use roster::{Place, Roster};
use single::Singles;
pub use telling::{Cells, Why};

/// Something to be answered.
#[derive(Debug, Clone)]
pub enum Request {
    /// Who can: takes the place of what was asked before.
    Ask(Box<Ask>),
    /// More of the answer that was given last.
    Tell(Tell),
    /// The answer that was given last, for a place outside.
    Export(Export),
    /// What a user or role can do: takes the place of the same about another.
    WhatCan(WhatCan),
    /// Why it can do one of these things.
    Reason(AskReason),
}

/// The questions that were asked last: each makes those before it needless.
#[derive(Debug, Default)]
pub struct Latest {
    who_can: AtomicU64,
    what_can: AtomicU64,
}

impl Latest {
    /// Takes note of a request.
    pub fn note(&self, request: &Request) {
        match request {
            Request::Ask(ask) => self.who_can.store(ask.generation, Ordering::Relaxed),
            Request::WhatCan(ask) => self.what_can.store(ask.generation, Ordering::Relaxed),
            Request::Tell(_) | Request::Export(_) | Request::Reason(_) => {}
        }
    }

    /// Says, now and later, whether a request is needless.
    pub fn supersedes<'l>(&'l self, request: &Request) -> impl Fn() -> bool + use<'l> {
        let (latest, generation) = match request {
            Request::Ask(ask) => (Some(&self.who_can), ask.generation),
            Request::Tell(tell) => (Some(&self.who_can), tell.generation),
            Request::Export(export) => (Some(&self.who_can), export.generation),
            Request::WhatCan(ask) => (Some(&self.what_can), ask.generation),
            // Whoever unfolds several actions wants to know about each.
            Request::Reason(_) => (None, 0),
        };
        move || latest.is_some_and(|it| it.load(Ordering::Relaxed) != generation)
    }
}

/// A question, and what of its answer is looked at.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Comes back with the answer.
    pub generation: u64,
    /// The account.
    pub account: Arc<Account>,
    /// The question.
    pub question: Arc<Question>,
    /// How the rows are shown, so that those in view can be told at once.
    pub shown: Shown,
    /// The ARN of the principal that the cursor is on.
    pub keep: Option<CompactString>,
    /// How many rows are in view.
    pub height: usize,
    /// The answer that is held beside it.
    pub pinned: Option<Arc<Answer>>,
}

/// What is to be told of an answer.
#[derive(Debug, Clone)]
pub struct Tell {
    /// That of the answer.
    pub generation: u64,
    /// Of whom a row is shown.
    pub nodes: Vec<Node>,
    /// Of whom everything is shown, and for which of the actions, where it matters.
    pub why: Option<(Node, Option<usize>)>,
}

/// News of an answer.
#[derive(Debug)]
pub enum Reply {
    /// The answer, whole or as far as it is known, and what is told of it already.
    Answer(Box<Answer>, Option<Box<Told>>),
    /// What was asked to be told.
    Told(Box<Told>),
    /// The answer for a place outside, or why there is none.
    Exported(Export, Result<String, String>),
    /// What somebody can do.
    Effective(Box<Effective>),
    /// Why.
    Reason(Box<Reason>),
}

/// What is told of some rows.
#[derive(Debug, Default)]
pub struct Told {
    /// That of the answer.
    pub generation: u64,
    /// Rows.
    pub cells: Vec<(Node, Cells)>,
    /// Everything of one.
    pub why: Option<Arc<Why>>,
}

/// How long an answer may take before what is known of it is given away.
const FIRST: Duration = Duration::from_millis(30);

/// How far such parts are apart from then on.
const APART: Duration = Duration::from_millis(100);

/// How often an index is made from the one before until it is made anew.
const SINCE: u32 = 50;

/// Answers questions, one after the other.
#[derive(Debug, Default)]
pub struct Asker {
    index: Option<(Arc<Index>, Arc<Roster>)>,
    /// How often it was made from the one before, which keeps all that was ever read.
    since: u32,
    /// Who can assume which role, with the question whose terms that is about.
    reaches: Option<(Arc<Question>, Reaches)>,
    last: Option<Asked>,
}

impl Asker {
    /// Answers one request. `is_superseded` says whether the answer is no longer wanted.
    pub fn handle(
        &mut self,
        request: Request,
        is_superseded: &dyn Fn() -> bool,
        send: &mut dyn FnMut(Reply),
    ) {
        match request {
            Request::Ask(ask) => self.ask(&ask, is_superseded, send),
            Request::Tell(tell) => {
                if let Some(told) = self.tell(&tell) {
                    send(Reply::Told(Box::new(told)));
                }
            }
            Request::Export(export) => {
                let asked = self.last.as_ref();
                let asked = asked.filter(|it| it.answer.generation == export.generation);
                if let Some(asked) = asked {
                    let text = asked.export(&export, &asked.answer.question.terms());
                    send(Reply::Exported(export, text));
                }
            }
            Request::WhatCan(ask) => self.what_can(&ask, is_superseded, send),
            Request::Reason(ask) => {
                if let Some(reason) = effective::reason(&ask) {
                    send(Reply::Reason(Box::new(reason)));
                }
            }
        }
    }

    /// The index of an account, made if it is another than before.
    fn index_of(&mut self, account: &Arc<Account>) -> (Arc<Index>, Arc<Roster>) {
        if let Some((index, roster)) = &self.index
            && Arc::ptr_eq(index.account(), account)
        {
            return (index.clone(), roster.clone());
        }
        self.reaches = None;
        let index = match self.index.take() {
            Some((index, _)) if self.since < SINCE => {
                self.since += 1;
                index.what_if(account.clone())
            }
            _ => {
                self.since = 0;
                Index::new(account.clone())
            }
        };
        let roster = Roster::new(&index);
        let made = (Arc::new(index), Arc::new(roster));
        self.index = Some(made.clone());
        made
    }

    fn ask(&mut self, ask: &Ask, is_superseded: &dyn Fn() -> bool, send: &mut dyn FnMut(Reply)) {
        let start = Instant::now();
        let (index, roster) = self.index_of(&ask.account);
        let question = &ask.question;
        let terms = question.terms();
        let mut asked = Asked::new(ask.generation, question.clone(), index.clone(), roster);
        let reaches = self.reaches_of(question);
        let follows = question.follows_chains;
        if follows && reaches.is_none() {
            // What everybody can do themselves is known long before who can assume which role.
            let mut direct = asked.clone();
            if let Some(who) = Singles::new(&index, question, &terms, None).once(0) {
                direct.add(&who);
            }
            direct.answer.chains_follow = true;
            send_answer(&direct, None, start, send);
            if is_superseded() {
                return;
            }
        }
        let chains = follows.then(|| match reaches {
            Some(reaches) => Chains::known(&index, &terms, reaches),
            None => Chains::new(&index, &terms),
        });
        let singles = Singles::new(&index, question, &terms, chains.as_ref());
        let mut next = FIRST;
        for action in 0..question.actions.len() {
            if is_superseded() {
                return;
            }
            // Of the first most is told, and it is the only one as a rule.
            let who = match action {
                0 => singles.kept(action),
                _ => singles.once(action),
            };
            who.iter().for_each(|who| asked.add(who));
            if start.elapsed() > next && !asked.answer.is_whole() {
                send_answer(&asked, None, start, send);
                next = start.elapsed() + APART;
            }
        }
        if let Some(chains) = &chains {
            self.reaches = Some((question.clone(), chains.reaches()));
        }
        let told = tell_first(ask, &asked, &singles);
        send_answer(&asked, Some(Box::new(told)), start, send);
        self.last = Some(asked);
    }

    /// Who can assume which role on the terms of a question, if that is known.
    fn reaches_of(&self, question: &Question) -> Option<Reaches> {
        let (known, reaches) = self.reaches.as_ref()?;
        known.has_same_terms(question).then(|| reaches.clone())
    }

    fn tell(&mut self, tell: &Tell) -> Option<Told> {
        let asked = self.last.as_ref()?;
        if asked.answer.generation != tell.generation {
            return None;
        }
        let question = asked.answer.question.clone();
        let index = asked.answer.index.clone();
        let terms = question.terms();
        let chains = question.follows_chains.then(|| {
            let reaches = self.reaches_of(&question);
            match reaches {
                Some(reaches) => Chains::known(&index, &terms, reaches),
                None => Chains::new(&index, &terms),
            }
        });
        let singles = Singles::new(&index, &question, &terms, chains.as_ref());
        Some(asked.tell(&tell.nodes, tell.why, &singles))
    }
}

fn send_answer(
    asked: &Asked,
    told: Option<Box<Told>>,
    start: Instant,
    send: &mut dyn FnMut(Reply),
) {
    let answer = asked.answer.taking(start.elapsed());
    send(Reply::Answer(Box::new(answer), told));
}

/// Tells what will be in view.
fn tell_first(ask: &Ask, asked: &Asked, singles: &Singles<'_>) -> Told {
    let lines = ask.shown.lines(&asked.answer, ask.pinned.as_deref());
    let kept = ask.keep.as_ref().and_then(|arn| asked.answer.find(arn));
    let is_kept = |line: &Line| kept.is_some() && line.node() == kept;
    let at = lines.iter().position(is_kept).unwrap_or(0);
    let first = lines.iter().skip(at).find_map(Line::node);
    let around = at.saturating_sub(ask.height)..(at + ask.height).min(lines.len());
    let nodes: Vec<Node> = lines[around].iter().filter_map(Line::node).collect();
    asked.tell(&nodes, first.map(|node| (node, None)), singles)
}
