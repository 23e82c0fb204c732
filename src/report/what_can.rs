//! What one principal can do, in every form.

mod json;
mod lines;
mod services;
mod table;

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

use compact_str::CompactString;

use super::hops::Hops;
pub use super::hops::{Hop, Told};
use super::unread::unread;
use super::words::{Style, extent_in_short, requirement_in_short};
use crate::access::{
    Apart, Caller, Chains, Decision, Extent, Index, Requirement, Terms, Verdict, Wanted, Warning,
    ask, assuming, what_can,
};
use crate::catalog::{self, Action};
use crate::iam::Account;
use crate::visible::visible;
pub use services::{OfLevel, OfService, by_service, is_alike};

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
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it can do, in the catalogue's order.
    pub abilities: Vec<Ability>,
    /// The roles that it can become, the nearest first.
    pub roles: Vec<Reached>,
    /// What is taken for granted, and what was not read.
    pub assumptions: Vec<String>,
    /// How many of these, the last ones, tell what was not read.
    pub unread: usize,
    /// Statements that cannot be evaluated.
    pub warnings: Vec<Warning>,
}

/// Something that the principal can do.
#[derive(Debug, Clone)]
pub struct Ability {
    /// The action.
    pub action: Action,
    /// In what way. Neighbours that are allowed alike mostly share it.
    pub may: Arc<May>,
}

/// In what way actions are allowed; the same for all about which the same statements speak.
#[derive(Debug)]
pub struct May {
    /// Allowed or conditional.
    pub decision: Decision,
    /// On which resources.
    pub extent: Extent,
    /// Whether the extent says on what; otherwise it lists what `requires` speaks of.
    is_separate: bool,
    /// What else must be met.
    pub requires: Option<Requirement>,
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

    /// On which resources alone, and what else must be met, in a line each.
    pub fn in_words(&self) -> Vec<String> {
        let mut lines = match self.is_separate {
            true => extent_in_short(&self.extent, "*"),
            false => Vec::new(),
        };
        if let Some(requirement) = &self.requires {
            lines.push(format!("only if {}", requirement_in_short(requirement)));
        }
        lines
    }
}

/// A role that the principal can become.
#[derive(Debug, Clone)]
pub struct Reached {
    /// Its ARN.
    pub arn: Arc<str>,
    /// What comes of all that is needed.
    pub decision: Decision,
    /// The roles on the way, this one last.
    pub hops: Vec<Hop>,
}

impl Reached {
    /// The names of the roles on the way to it.
    pub fn through(&self) -> impl Iterator<Item = &str> {
        let before = self.hops.len().saturating_sub(1);
        self.hops.iter().take(before).map(|hop| role_name(&hop.to))
    }

    /// What must be met on the way, in a line each.
    pub fn in_words(&self) -> Vec<String> {
        let required = self.hops.iter().filter_map(|hop| {
            let requirement = requirement_in_short(hop.told.requires()?);
            Some(match self.hops.len() {
                1 => format!("only if {requirement}"),
                _ => {
                    let role = visible(role_name(&hop.to));
                    format!("to assume {role}: only if {requirement}")
                }
            })
        });
        required.collect()
    }
}

fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// Why something is as [`Answer`] says: what every layer says to one action on any resource.
pub fn reason(account: &Account, terms: &Terms<'_>, caller: Caller, action: Action) -> Told {
    let asked = ask(account, terms, caller, &action.to_string(), "*");
    Told::new(asked.explanation, "*", true)
}

impl super::Forms for Question<'_> {
    fn table(&self, style: Style, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
        let start = Instant::now();
        let answer = self.answer();
        table::write(self, &answer, start, style, width, out)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(self, &self.answer(), out)
    }

    fn jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        lines::jsonl(&self.answer(), out)
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        lines::csv(&self.answer(), out)
    }
}

impl<'a> Question<'a> {
    fn answer(&self) -> Answer {
        let chains = (!self.no_chains).then(|| Chains::new(self.index, self.terms));
        let mut answer = self.direct();
        if let Some(chains) = &chains {
            self.follow(chains, &mut answer);
        }
        answer
    }

    /// What the principal can do without the roles that it can assume.
    pub fn direct(&self) -> Answer {
        let account = self.index.account();
        let found = what_can(account, self.terms, &self.caller, self.wanted);
        let mut last: Option<(Arc<Verdict>, Arc<May>)> = None;
        let abilities = found.abilities.into_iter().map(|ability| {
            let known = last.as_ref();
            let known = known.filter(|(verdict, _)| Arc::ptr_eq(verdict, &ability.verdict));
            let may = match known {
                Some((_, may)) => may.clone(),
                None => {
                    let may = Arc::new(May::new(&ability.verdict));
                    last = Some((ability.verdict, may.clone()));
                    may
                }
            };
            Ability {
                action: ability.action,
                may,
            }
        });
        let abilities = abilities.collect();
        let assumptions = found.assumptions.iter().map(ToString::to_string);
        let mut assumptions: Vec<String> = assumptions.collect();
        let granted = assumptions.len();
        assumptions.extend(unread(self.index, !self.no_chains));
        Answer {
            abilities,
            roles: Vec::new(),
            warnings: found.warnings,
            unread: assumptions.len() - granted,
            assumptions,
        }
    }

    /// Adds which roles it can assume: another question for each.
    pub fn follow(&self, chains: &Chains<'_>, answer: &mut Answer) {
        if let Some(assuming) = self.assuming(chains) {
            let abilities = &mut answer.abilities;
            let at = abilities.partition_point(|it| it.action < assuming.action);
            abilities.insert(at, assuming);
        }
        answer.roles = self.roles(chains);
    }

    /// Assuming roles, where that is wanted.
    fn assuming(&self, chains: &Chains<'_>) -> Option<Ability> {
        let action = catalog::action(assuming(&self.caller))?;
        let Wanted { service, level } = self.wanted;
        let is_wanted = service.is_none_or(|it| it == action.service())
            && level.is_none_or(|it| it == action.access_level());
        let verdict = chains.assumes(&self.caller).filter(|_| is_wanted)?;
        Some(Ability {
            action,
            may: Arc::new(May::new(&verdict)),
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
