//! Everybody asked, for all the actions of a question: who is able, and how those are who should
//! not be.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use super::Question;
use super::judge::Breach;
use super::told::{Able, TOLD};
use crate::access::{Chains, Decision, Found, Requirement, ResourcePolicy, WhoCan, is_able};
use crate::report::principal::kind;
use crate::report::who_can::{self, Lasts, Row, Teller};
use crate::report::words::name;

/// A question, put to everybody.
pub(super) struct Everybody<'a> {
    asked: &'a who_can::Question<'a>,
    chains: Option<&'a Chains<'a>>,
    teller: Teller<'a>,
    question: &'a Question,
}

/// What everybody answers.
pub(super) struct Answer {
    /// Who counts as able, the surest first.
    pub(super) able: Vec<Able>,
    /// Who can only if more is met, does not count as able, and may be able without that: it is up
    /// to policies that are not known.
    pub(super) maybe: Vec<Able>,
    /// How many can only if more is met and do not count as able.
    pub(super) uncounted: usize,
    /// The ARNs of those who were asked, where something is expected of them.
    pub(super) asked: Vec<CompactString>,
}

impl<'a> Everybody<'a> {
    pub(super) fn new(
        asked: &'a who_can::Question<'a>,
        chains: Option<&'a Chains<'a>>,
        question: &'a Question,
    ) -> Self {
        Self {
            asked,
            chains,
            teller: Teller::new(asked.index, chains, false),
            question,
        }
    }

    fn who_can(&self, action: &str) -> WhoCan<'a> {
        let asked = self.asked;
        WhoCan::new(
            asked.index,
            asked.terms,
            self.chains,
            action,
            asked.resource,
        )
    }

    /// Asks; of several actions the one counts that somebody is surest to be able to do.
    pub(super) fn ask(&self) -> Answer {
        let mut best: BTreeMap<CompactString, Able> = BTreeMap::new();
        let mut asked = BTreeSet::new();
        for action in self.asked.actions {
            let who = self.who_can(action);
            let (found, _) = who.all();
            if self.question.expect.is_some() {
                let callers = found.iter().filter_map(|it| who.caller_of(it.node));
                asked.extend(callers.map(|it| it.arn));
            }
            self.able(&who, &found, action, &mut best);
        }
        let mut all: Vec<Able> = best.into_values().collect();
        all.sort_by_key(|it| it.decision);
        let is_counted = self.question.conditional.is_able();
        let is_counted = |it: &Able| is_counted || it.decision == Decision::Allowed;
        let (able, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_counted);
        Answer {
            able,
            uncounted: others.len(),
            maybe: others.into_iter().filter(|it| it.is_open).collect(),
            asked: asked.into_iter().collect(),
        }
    }

    /// Adds those who can do one action.
    fn able(
        &self,
        who: &WhoCan<'a>,
        found: &[Found],
        action: &str,
        best: &mut BTreeMap<CompactString, Able>,
    ) {
        let index = self.asked.index;
        let own = index.account().id.as_deref();
        let resource = who.posed().question.layers().resource;
        let is_all_known = index.unread() == 0 && !matches!(resource, ResourcePolicy::Unknown(_));
        let mut lasts = Lasts::new();
        for it in found.iter().filter(|it| is_able(it.decision)) {
            if !self.question.root && it.node == index.root() {
                continue;
            }
            let Some(caller) = who.caller_of(it.node) else {
                continue;
            };
            let is_sure = it.decision == Decision::Allowed || is_all_known;
            let is_open = !is_sure && {
                let row = self.teller.row(who, it, &mut lasts);
                row.is_some_and(|row| hangs_on_unknown(&row))
            };
            let rank = (it.decision, is_open);
            let known = best.get(&caller.arn);
            if known.is_some_and(|known| (known.decision, known.is_open) <= rank) {
                continue;
            }
            let able = Able {
                arn: caller.arn.to_string(),
                kind: kind(&caller),
                name: name(&caller, own),
                decision: it.decision,
                is_open,
                action: action.to_owned(),
                how: None,
            };
            best.insert(caller.arn, able);
        }
    }

    /// Says of the first who break an expectation how they can.
    pub(super) fn tell_how(&self, breaches: &mut [Breach]) {
        let told = breaches.iter_mut();
        let mut told: Vec<&mut Able> = told.flat_map(|it| it.by.iter_mut().take(TOLD)).collect();
        let actions: BTreeSet<String> = told.iter().map(|it| it.action.clone()).collect();
        for action in &actions {
            let who = self.who_can(action);
            let mut lasts = Lasts::new();
            for found in who.all().0 {
                let Some(caller) = who.caller_of(found.node) else {
                    continue;
                };
                let is_it = |it: &&mut &mut Able| it.action == *action && caller.arn == it.arn;
                let mut those = told.iter_mut().filter(is_it).peekable();
                if those.peek().is_none() {
                    continue;
                }
                if let Some(row) = self.teller.row(&who, &found, &mut lasts) {
                    those.for_each(|it| it.how = Some(row.at_best()));
                }
            }
        }
    }
}

/// Whether in each of its ways it is up to policies that are not known.
fn hangs_on_unknown(row: &Row) -> bool {
    let mut paths = row.paths.iter();
    paths.all(|path| path.requires().iter().any(|(it, _)| is_up_to_unknown(it)))
}

fn is_up_to_unknown(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::All(list) => list.iter().any(is_up_to_unknown),
        Requirement::Any(list) => list.iter().all(is_up_to_unknown),
        Requirement::Is(unmet) | Requirement::Not(unmet) => unmet.operator == "Policy",
    }
}
