//! What the tab Effective knows: of whom it is worked out what they can do, and which parts of the
//! page fold. It never works anything out itself; that is done by the one who answers questions.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use compact_str::CompactString;

use super::asker::{Effective, Reason};
use super::folds::BlockId;
use super::page::Row;
use crate::catalog::{self, AccessLevel, Action, Service};
use crate::iam::Account;
use crate::report::what_can::Told;

/// Of how many users and roles it is kept what they can do. Going back and forth between two or
/// three is common; an administrator's takes a few megabytes.
const KEPT: usize = 6;

/// A part of the page that folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    /// Services of which everything is allowed alike, by the first of them.
    Alike(Service),
    /// A service.
    Service(Service),
    /// An access level of a service.
    Level(Service, AccessLevel),
    /// An action.
    Action(Action),
}

impl Branch {
    /// Its block.
    pub fn block(self) -> BlockId {
        let (document, fold) = match self {
            Self::Alike(service) => (0, u32::from(service.place())),
            Self::Service(service) => (1, u32::from(service.place())),
            Self::Level(service, level) => (2, u32::from(service.place()) << 16 | level as u32),
            Self::Action(action) => {
                let service = u32::from(action.service().place());
                (3, service << 16 | u32::from(action.place()))
            }
        };
        BlockId { document, fold }
    }

    /// The part with a block.
    pub fn of(block: BlockId) -> Option<Self> {
        let service = |place: u32| catalog::services().nth(place as usize);
        let (upper, lower) = (block.fold >> 16, (block.fold & 0xffff) as usize);
        Some(match block.document {
            0 => Self::Alike(service(block.fold)?),
            1 => Self::Service(service(block.fold)?),
            2 => Self::Level(service(upper)?, *AccessLevel::ALL.get(lower)?),
            3 => Self::Action(service(upper)?.actions().nth(lower)?),
            _ => return None,
        })
    }

    /// The part that this one is folded away in, together with others.
    fn outer(self) -> Option<Self> {
        match self {
            Self::Alike(_) => None,
            Self::Service(service) => Some(Self::Alike(service)),
            Self::Level(service, _) => Some(Self::Service(service)),
            Self::Action(action) => Some(Self::Level(action.service(), action.access_level())),
        }
    }
}

/// The block that a row is in, and how far below the block's first row.
pub fn anchor(rows: &[Row], at: usize) -> Option<(BlockId, usize)> {
    let block = rows.get(at)?.block?;
    let first = rows.iter().position(|row| row.block == Some(block))?;
    Some((block, at - first))
}

/// The row that was so far below the first one of a block; where the block is folded away, the one
/// that it is folded away in.
pub fn find(rows: &[Row], (block, below): (BlockId, usize)) -> Option<usize> {
    let first = |block| rows.iter().position(|row| row.block == Some(block));
    if let Some(first) = first(block) {
        let is_there = rows.get(first + below);
        let is_there = is_there.is_some_and(|row| row.block == Some(block));
        return Some(first + if is_there { below } else { 0 });
    }
    let mut part = Branch::of(block)?;
    loop {
        part = part.outer()?;
        if let Some(at) = first(part.block()) {
            return Some(at);
        }
    }
}

/// What is known of one user or role.
#[derive(Debug)]
pub struct Known {
    /// What it can do.
    pub effective: Arc<Effective>,
    /// Why, for the actions of which that was asked: none until the answer comes.
    reasons: HashMap<Action, Option<Arc<Told>>>,
}

impl Known {
    /// Why it can do something, if that has come.
    pub fn reason(&self, action: Action) -> Option<&Arc<Told>> {
        self.reasons.get(&action)?.as_ref()
    }

    fn is_of(&self, account: &Arc<Account>, arn: &str) -> bool {
        Arc::ptr_eq(&self.effective.account, account) && self.effective.arn == arn
    }
}

/// What is known, and what is asked.
#[derive(Debug, Default)]
pub struct Store {
    known: VecDeque<Known>,
    /// Whose answer is to come, and its number.
    wanted: Option<(CompactString, u64)>,
    asked: u64,
}

impl Store {
    /// What is known of a user or role, in just this state of the account.
    pub fn find(&self, account: &Arc<Account>, arn: &str) -> Option<&Known> {
        self.known.iter().find(|known| known.is_of(account, arn))
    }

    /// Whether an answer about somebody is to be asked for; if so, its number.
    pub fn want(&mut self, account: &Arc<Account>, arn: &str) -> Option<u64> {
        let known = self.find(account, arn);
        let is_whole = known.is_some_and(|known| !known.effective.roles_follow);
        let is_asked = self
            .wanted
            .as_ref()
            .is_some_and(|(wanted, _)| wanted == arn);
        if is_whole || is_asked {
            return None;
        }
        self.asked += 1;
        self.wanted = Some((arn.into(), self.asked));
        Some(self.asked)
    }

    /// Whether it is to be asked why somebody can do something; it counts as asked then.
    pub fn want_reason(&mut self, account: &Arc<Account>, arn: &str, action: Action) -> bool {
        let known = self.known.iter_mut().find(|it| it.is_of(account, arn));
        known.is_some_and(|known| {
            let is_new = !known.reasons.contains_key(&action);
            known.reasons.entry(action).or_insert(None);
            is_new
        })
    }

    /// Takes an answer in, if it is the one that is waited for.
    pub fn take(&mut self, effective: Effective) -> bool {
        let is_wanted = |(_, number): &(_, u64)| *number == effective.generation;
        if !self.wanted.as_ref().is_some_and(is_wanted) {
            return false;
        }
        if !effective.roles_follow {
            self.wanted = None;
        }
        let same = |it: &Known| it.is_of(&effective.account, &effective.arn);
        let before = self.known.iter().position(same);
        let before = before.and_then(|at| self.known.remove(at));
        self.known.push_back(Known {
            effective: Arc::new(effective),
            reasons: before.map(|it| it.reasons).unwrap_or_default(),
        });
        if self.known.len() > KEPT {
            self.known.pop_front();
        }
        true
    }

    /// Takes in why somebody can do something, if that is still asked.
    pub fn take_reason(&mut self, reason: Reason) -> bool {
        let is_its = |it: &&mut Known| it.is_of(&reason.account, &reason.arn);
        let known = self.known.iter_mut().find(is_its);
        let place = known.and_then(|known| known.reasons.get_mut(&reason.action));
        place.is_some_and(|place| {
            *place = Some(reason.told);
            true
        })
    }

    /// The account has changed: nothing is known, and what is to come is out of date.
    pub fn forget(&mut self) {
        self.known.clear();
        self.wanted = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_leads_back_to_its_part() {
        let action = catalog::action("s3:PutObject").unwrap();
        let service = action.service();
        for part in [
            Branch::Alike(service),
            Branch::Service(service),
            Branch::Level(service, action.access_level()),
            Branch::Action(action),
        ] {
            assert_eq!(Branch::of(part.block()), Some(part));
        }
        let nothing = BlockId {
            document: 3,
            fold: u32::MAX,
        };
        assert_eq!(Branch::of(nothing), None);
    }
}
