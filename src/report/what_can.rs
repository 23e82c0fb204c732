//! What one principal can do, in every form.

mod json;
mod lines;
mod table;

use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use compact_str::CompactString;

use super::hops::{Hop, Hops};
use super::unread::unread;
use super::words::Style;
use crate::access::{
    Apart, Caller, Chains, Decision, Extent, Index, Requirement, Terms, Verdict, Wanted, Warning,
    assuming, what_can,
};
use crate::catalog::{self, Action};

/// A question about all that one principal can do.
#[derive(Debug)]
pub struct Question<'a> {
    /// The account, made ready.
    pub index: &'a Index,
    /// What it is asked with.
    pub terms: &'a Terms<'a>,
    /// Whose permissions.
    pub caller: Caller,
    /// Of which service and access level.
    pub wanted: Wanted,
    /// No chains of roles.
    pub no_chains: bool,
}

/// The answer.
struct Answer<'a> {
    question: &'a Question<'a>,
    abilities: Vec<Ability>,
    roles: Vec<Reached>,
    assumptions: Vec<String>,
    warnings: Vec<Warning>,
}

/// Something that the principal can do.
struct Ability {
    action: Action,
    may: Rc<May>,
}

/// In what way actions are allowed; the same for all about which the same statements speak.
struct May {
    decision: Decision,
    extent: Extent,
    /// Whether the extent says on what; otherwise it lists what `requires` speaks of.
    is_separate: bool,
    requires: Option<Requirement>,
}

impl May {
    fn new(verdict: &Verdict) -> Self {
        const ANYTHING: &str = "*";
        let everything = || Extent {
            allow: vec![CompactString::from(ANYTHING)],
            except: Vec::new(),
        };
        let apart = verdict.requires.as_ref().map(|it| it.apart(ANYTHING));
        let Some(Apart {
            extent,
            is_separate,
            requires,
        }) = apart
        else {
            return Self {
                decision: verdict.decision,
                extent: everything(),
                is_separate: true,
                requires: None,
            };
        };
        Self {
            decision: verdict.decision,
            extent: extent.unwrap_or_else(everything),
            is_separate,
            requires,
        }
    }
}

/// A role that the principal can become.
struct Reached {
    arn: Arc<str>,
    decision: Decision,
    hops: Vec<Hop>,
}

impl super::Forms for Question<'_> {
    fn table(&self, style: Style, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
        let start = Instant::now();
        table::write(&self.answer(), start, style, width, out)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(&self.answer(), out)
    }

    fn jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        lines::jsonl(&self.answer(), out)
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        lines::csv(&self.answer(), out)
    }
}

impl<'a> Question<'a> {
    fn answer(&self) -> Answer<'_> {
        let account = self.index.account();
        let found = what_can(account, self.terms, &self.caller, self.wanted);
        let mut last: Option<(Rc<Verdict>, Rc<May>)> = None;
        let abilities = found.abilities.into_iter().map(|ability| {
            let known = last.as_ref();
            let known = known.filter(|(verdict, _)| Rc::ptr_eq(verdict, &ability.verdict));
            let may = match known {
                Some((_, may)) => may.clone(),
                None => {
                    let may = Rc::new(May::new(&ability.verdict));
                    last = Some((ability.verdict, may.clone()));
                    may
                }
            };
            Ability {
                action: ability.action,
                may,
            }
        });
        let mut abilities: Vec<Ability> = abilities.collect();
        let mut assumptions: Vec<String> =
            found.assumptions.iter().map(ToString::to_string).collect();
        assumptions.extend(unread(self.index, !self.no_chains));
        let chains = (!self.no_chains).then(|| Chains::new(self.index, self.terms));
        if let Some(assuming) = chains.as_ref().and_then(|it| self.assuming(it)) {
            let at = abilities.partition_point(|it| it.action < assuming.action);
            abilities.insert(at, assuming);
        }
        Answer {
            abilities,
            roles: chains.as_ref().map_or_else(Vec::new, |it| self.roles(it)),
            warnings: found.warnings,
            assumptions,
            question: self,
        }
    }

    /// Assuming roles, where that is wanted: it is another question for each role.
    fn assuming(&self, chains: &Chains<'_>) -> Option<Ability> {
        let action = catalog::action(assuming(&self.caller))?;
        let Wanted { service, level } = self.wanted;
        let is_wanted = service.is_none_or(|it| it == action.service())
            && level.is_none_or(|it| it == action.access_level());
        let verdict = chains.assumes(&self.caller).filter(|_| is_wanted)?;
        Some(Ability {
            action,
            may: Rc::new(May::new(&verdict)),
        })
    }

    fn roles<'c>(&'c self, chains: &'c Chains<'c>) -> Vec<Reached> {
        let hops = Hops::new(self.index, Some(chains), false);
        let roles = self.index.account().roles();
        let ways = chains.reachable(&self.caller).into_iter();
        let reached = ways.filter_map(|way| {
            let last = *way.roles.last()?;
            Some(Reached {
                arn: roles.get(last as usize)?.arn.clone(),
                decision: way.decision,
                hops: hops.along(&self.caller, &way.roles)?,
            })
        });
        reached.collect()
    }
}
