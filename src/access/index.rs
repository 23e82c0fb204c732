//! An account made ready for questions about everybody in it.
//!
//! Each distinct document is read once and its statements are indexed by action. A question then
//! asks each document that is about it once, and combines what they say principal by principal;
//! where that is plain from *yes* and *no* alone nothing else is looked at. What hangs on
//! conditions is decided by the very code that decides single questions.
//!
//! An index never changes. That of an account with something different shares what it has read.

mod actions;
mod chains;

mod corpus;
mod differs;
mod frame;
mod grouped;
mod impact;
mod outside;
mod people;
mod reach;
mod roles;
mod says;
mod survey;
mod trusts;
mod warnings;
mod what_can;
mod who_can;
mod written;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use compact_str::CompactString;

use crate::iam::{Account, Kind};

use super::caller::{Caller, CallerKind};
use super::pose;
use super::prepared::{PolicyUse, Prepared};
pub use chains::{Chains, Reaches, Way};
use corpus::Corpus;
use differs::Differs;
pub use impact::Difference;
use outside::Outside;
use people::{Finder, People, Person};
pub use reach::{assuming, roles_unread};
pub use survey::{Counts, Row, Survey};
use trusts::Trusts;
pub use what_can::{Ability, Wanted, WhatCan, what_can};
pub use who_can::{Found, WhoCan, is_able};

type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// The number of the document that stands for everything that could not be read.
const NOBODY_KNOWS: u32 = 0;

/// Somebody who may ask: a user, a role, the root user, or one from outside.
///
/// Users come first, then roles, each in the account's order; then the root user; then whom the
/// trust policies name from outside, in the order of the roles, and the policies of resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub u32);

/// Whom the trust policies name from outside, and after them whom the resources' policies do.
#[derive(Debug)]
struct Trusted {
    outside: Outside,
    /// By trust policy: the places in it of all whom it may mean.
    by_trust: Vec<Vec<u32>>,
}

/// An account and the index of its documents.
#[derive(Debug)]
pub struct Index {
    account: Arc<Account>,
    corpora: Vec<Arc<Corpus>>,
    people: People,
    /// Of whom something is different from the account that this one was made of.
    differs: Option<Differs>,
    trusts: OnceLock<Trusts>,
    outside: OnceLock<Trusted>,
    by_id: OnceLock<Map<CompactString, u32>>,
    roles_by_name: OnceLock<Map<CompactString, u32>>,
}

impl Index {
    /// Reads every document that is in force in an account.
    pub fn new(account: Arc<Account>) -> Self {
        let (people, new) = Finder::new(&account, &[], None).run();
        Self::of(account, vec![Arc::new(new)], people, None)
    }

    /// The index of the account as it would be. Documents that this one has read are not read
    /// again, and of whom nothing is different the documents are not looked for again.
    #[must_use]
    pub fn what_if(&self, account: Arc<Account>) -> Self {
        let differs = Differs::new(&self.account, &account);
        let before = differs.as_ref().map(|differs| (&self.people, differs));
        let (people, new) = Finder::new(&account, &self.corpora, before).run();
        let mut corpora = self.corpora.clone();
        if !new.docs().is_empty() {
            corpora.push(Arc::new(new));
        }
        Self::of(account, corpora, people, differs)
    }

    fn of(
        account: Arc<Account>,
        corpora: Vec<Arc<Corpus>>,
        people: People,
        differs: Option<Differs>,
    ) -> Self {
        Self {
            account,
            corpora,
            people,
            differs,
            trusts: OnceLock::new(),
            outside: OnceLock::new(),
            by_id: OnceLock::new(),
            roles_by_name: OnceLock::new(),
        }
    }

    /// The account.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// How many users and roles there are.
    pub fn len(&self) -> usize {
        self.people.list.len()
    }

    /// Whether there is no user and no role.
    pub fn is_empty(&self) -> bool {
        self.people.list.is_empty()
    }

    /// How many users and roles have policies that were not read.
    pub fn unread(&self) -> usize {
        let is_unread = |person: &&Person| {
            let held = self.people.held(person);
            held.contains(&NOBODY_KNOWS) || person.boundary == Some(NOBODY_KNOWS)
        };
        self.people.list.iter().filter(is_unread).count()
    }

    /// How many distinct documents there are, and how many statements.
    pub fn size(&self) -> (usize, usize) {
        let docs = self.corpora.iter().map(|it| it.docs().len()).sum();
        let statements = self.corpora.iter().map(|it| it.statement_count()).sum();
        (docs, statements)
    }

    /// Where in the list of everybody a user or role stands: users first, then roles.
    fn person(&self, kind: Kind, at: usize) -> u32 {
        match kind {
            Kind::Role => (self.account.users().len() + at) as u32,
            _ => at as u32,
        }
    }

    /// The node of the role at a position.
    pub fn role(&self, at: u32) -> Node {
        Node(self.person(Kind::Role, at as usize))
    }

    fn outside(&self) -> &Trusted {
        self.outside.get_or_init(|| {
            let trusts = self.trusts().list();
            let mut outside = Outside::default();
            trusts
                .iter()
                .for_each(|it| outside.take_in(self, &it.policy));
            for text in self.account.resource_policies.values() {
                outside.take_in(self, &Prepared::of(text.as_str(), PolicyUse::Resource));
            }
            let by_trust = trusts.iter().map(|it| outside.meant_by(&it.policy));
            let by_trust = by_trust.collect();
            Trusted { outside, by_trust }
        })
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.len() + 1 + self.outside().outside.list.len()
    }

    fn outside_node(&self, place: u32) -> Node {
        Node(self.len() as u32 + 1 + place)
    }

    /// The root user.
    pub fn root(&self) -> Node {
        Node(self.len() as u32)
    }

    /// The node of one who asks, if there is one: sessions have none.
    pub fn node_of(&self, caller: &Caller) -> Option<Node> {
        let kind = match caller.kind {
            CallerKind::User { .. } => Kind::User,
            CallerKind::Role { .. } => Kind::Role,
            CallerKind::Root if caller.account == self.account.id => return Some(self.root()),
            _ => return self.outsider(caller),
        };
        let at = self.account.position(kind, &caller.arn);
        at.map(|at| Node(self.person(kind, at)))
            .or_else(|| self.outsider(caller))
    }

    fn outsider(&self, caller: &Caller) -> Option<Node> {
        let place = self.outside().outside.find(&caller.arn)?;
        Some(self.outside_node(place))
    }

    /// A node as the one who asks; none where the account's id is not known for its root user,
    /// or there is no such node.
    pub fn caller_of(&self, node: Node) -> Option<Caller> {
        let at = node.0 as usize;
        if let Some(person) = self.people.list.get(at) {
            return Some(self.caller(person));
        }
        match at - self.len() {
            0 => pose::principal(&self.account, "root").ok(),
            more => self.outside().outside.list.get(more - 1).cloned(),
        }
    }

    fn trusts(&self) -> &Trusts {
        self.trusts.get_or_init(|| Trusts::new(&self.account))
    }

    /// The user or role with a unique id.
    fn with_id(&self, id: &str) -> Option<u32> {
        let by_id = self.by_id.get_or_init(|| {
            let users = self.account.users().iter().map(|it| it.id.clone());
            let roles = self.account.roles().iter().map(|it| it.id.clone());
            users.chain(roles).zip(0..).collect()
        });
        by_id.get(id).copied()
    }

    /// The role with a name, which is unique without its path.
    fn role_named(&self, name: &str) -> Option<u32> {
        let by_name = self.roles_by_name.get_or_init(|| {
            let roles = self.account.roles().iter().enumerate();
            roles
                .map(|(at, role)| (role.name.clone(), self.person(Kind::Role, at)))
                .collect()
        });
        by_name.get(name).copied()
    }

    /// What the `Resource` elements of all documents name, each once, in order.
    pub fn resources(&self) -> Vec<&str> {
        let texts = self.corpora.iter().flat_map(|it| it.resources());
        let mut texts: Vec<&str> = texts.collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    /// The number of the document with a text of the account or the catalogue.
    fn find(&self, text: &str) -> Option<u32> {
        self.corpora.iter().find_map(|it| it.find(text))
    }

    fn corpus(&self, doc: u32) -> &Corpus {
        let at = self.corpora.partition_point(|it| it.docs().end <= doc);
        &self.corpora[at]
    }

    /// The number after the last document's.
    fn end(&self) -> usize {
        self.corpora.last().map_or(1, |it| it.docs().end as usize)
    }
}
