//! The order of everybody's names, types and paths, found once for all answers about an account.

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;

use crate::access::{Index, Node};
use crate::iam::Account;

/// The place of a kind among all: users, roles, those that are linked to a service, the root user,
/// others.
pub(super) mod kind {
    pub const USER: u32 = 0;
    pub const ROLE: u32 = 1;
    pub const LINKED: u32 = 2;
    pub const ROOT: u32 = 3;
    pub const OTHER: u32 = 4;
}

/// Where somebody stands among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// By kind: users, roles, those that are linked to a service, the root user, others.
    pub kind: u32,
    /// By name, among those who have one.
    pub name: u32,
    /// By path; the same where that is the same.
    pub path: u32,
}

/// What is the same for all questions about an account.
#[derive(Debug)]
pub struct Roster {
    /// By node, users and roles.
    places: Vec<Place>,
    /// What the policies name as resources.
    pub(super) resources: Arc<Vec<String>>,
}

impl Roster {
    /// Puts the users and roles of an account in order.
    pub fn new(index: &Index) -> Self {
        let account: &Account = index.account();
        let users = account.users().iter();
        let users = users.map(|it| (&it.name, &*it.path, kind::USER));
        let roles = account.roles().iter().map(|it| {
            let kind = match it.is_service_linked() {
                true => kind::LINKED,
                false => kind::ROLE,
            };
            (&it.name, &*it.path, kind)
        });
        let people: Vec<(&CompactString, &str, u32)> = users.chain(roles).collect();
        // Those who have none come first, whoever else is there.
        let mut paths = BTreeMap::from([("", 0)]);
        paths.extend(people.iter().map(|(_, path, _)| (*path, 0)));
        for (at, place) in paths.values_mut().zip(0..) {
            *at = place;
        }
        let mut places: Vec<Place> = people
            .iter()
            .map(|(_, path, kind)| Place {
                kind: *kind,
                name: 0,
                path: paths.get(path).copied().unwrap_or_default(),
            })
            .collect();
        let mut order: Vec<_> = people
            .iter()
            .zip(0u32..)
            .map(|((name, ..), at)| (name.to_lowercase(), *name, at))
            .collect();
        order.sort_unstable();
        for ((.., at), place) in order.into_iter().zip(0..) {
            places[at as usize].name = place;
        }
        let resources = index.resources().into_iter();
        let resources = resources.filter(|text| *text != "*").map(str::to_owned);
        Self {
            places,
            resources: Arc::new(resources.collect()),
        }
    }

    /// Where a node stands; those who are neither user nor role come last.
    pub(super) fn place(&self, node: Node, root: Node) -> Place {
        let known = self.places.get(node.0 as usize).copied();
        known.unwrap_or_else(|| Place {
            kind: if node == root {
                kind::ROOT
            } else {
                kind::OTHER
            },
            name: self.places.len() as u32 + node.0,
            path: 0,
        })
    }
}
