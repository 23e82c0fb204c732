//! What somebody can do, put together by service and access level.

use std::sync::Arc;

use super::{Ability, May};
use crate::access::Decision;
use crate::catalog::{AccessLevel, Service};

/// What of a service can be done.
#[derive(Debug)]
pub struct OfService {
    /// The service.
    pub service: Service,
    /// How many actions it has.
    pub total: usize,
    /// How many are allowed.
    pub allowed: usize,
    /// How many are conditional.
    pub conditional: usize,
    /// The access levels of which something can be done, in order.
    pub levels: Vec<OfLevel>,
    /// How everything that the service has is allowed, where that is alike.
    pub whole: Option<Arc<May>>,
}

/// What of an access level of a service can be done.
#[derive(Debug)]
pub struct OfLevel {
    /// The level.
    pub level: AccessLevel,
    /// How many actions there are.
    pub total: usize,
    /// How many of those that can be done are conditional.
    pub conditional: usize,
    /// What can be done, by the place among all abilities.
    pub abilities: Vec<u32>,
    /// How everything that the level has is allowed, where that is alike.
    pub whole: Option<Arc<May>>,
}

/// Puts abilities together, which stand in the catalogue's order. With `level`, only that level of
/// each service counts.
pub fn by_service(abilities: &[Ability], level: Option<AccessLevel>) -> Vec<OfService> {
    let mut first = 0;
    let services = abilities.chunk_by(|one, next| one.action.service() == next.action.service());
    services
        .filter_map(|of_service| {
            let start = first;
            first += of_service.len();
            OfService::new(of_service, start, level)
        })
        .collect()
}

impl OfService {
    /// Of the abilities of one service, the first of which stands at `start` among all.
    fn new(abilities: &[Ability], start: usize, wanted: Option<AccessLevel>) -> Option<Self> {
        let service = abilities.first()?.action.service();
        let is_sure = |it: &&Ability| it.may.decision == Decision::Allowed;
        let allowed = abilities.iter().filter(is_sure).count();
        let mut totals = [0; AccessLevel::ALL.len()];
        for action in service.actions() {
            totals[action.access_level() as usize] += 1;
        }
        let mut levels = Vec::new();
        for level in AccessLevel::ALL {
            let all = abilities.iter().zip(start as u32..);
            let at_level = all.filter(|(it, _)| it.action.access_level() == level);
            let (found, places): (Vec<_>, Vec<_>) = at_level.unzip();
            let total = totals[level as usize];
            if !places.is_empty() {
                levels.push(OfLevel {
                    level,
                    total,
                    conditional: found.iter().filter(|it| !is_sure(it)).count(),
                    abilities: places,
                    whole: whole(found.into_iter(), total),
                });
            }
        }
        let total = match wanted {
            Some(level) => totals[level as usize],
            None => totals.iter().sum(),
        };
        Some(Self {
            service,
            total,
            allowed,
            conditional: abilities.len() - allowed,
            levels,
            whole: whole(abilities.iter(), total),
        })
    }

    /// How many actions can be done, for sure or not.
    pub fn able(&self) -> usize {
        self.allowed + self.conditional
    }
}

/// How all of so many are allowed, where that is alike.
fn whole<'a>(abilities: impl Iterator<Item = &'a Ability>, total: usize) -> Option<Arc<May>> {
    let mut abilities = abilities.peekable();
    let first = abilities.peek()?.may.clone();
    let mut count = 0;
    let is_whole = abilities.all(|it| {
        count += 1;
        is_alike(&it.may, &first)
    });
    (is_whole && count == total).then_some(first)
}

/// Whether actions are allowed in the same way.
pub fn is_alike(one: &May, other: &May) -> bool {
    std::ptr::eq(one, other)
        || one.decision == other.decision
            && one.extent == other.extent
            && one.requires == other.requires
}
