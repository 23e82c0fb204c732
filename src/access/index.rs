//! An account made ready for questions about everybody in it.
//!
//! Each distinct document is read once and its statements are indexed by action. A question then
//! asks each document that is about it once, and combines what they say principal by principal;
//! where that is plain from *yes* and *no* alone nothing else is looked at. What hangs on
//! conditions is decided by the very code that decides single questions.
//!
//! An index never changes. That of an account with something different shares what it has read.

mod actions;
mod asked;
mod corpus;
mod frame;
mod people;
mod says;
mod trusts;
mod written;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use compact_str::CompactString;

use crate::iam::{Account, Kind};

pub use asked::{Asked, Counts, Row};
use corpus::Corpus;
use people::{Finder, People, Person};
use trusts::Trusts;

type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// The number of the document that stands for everything that could not be read.
const NOBODY_KNOWS: u32 = 0;

/// An account and the index of its documents.
#[derive(Debug)]
pub struct Index {
    account: Arc<Account>,
    corpora: Vec<Arc<Corpus>>,
    people: People,
    trusts: OnceLock<Trusts>,
    by_id: OnceLock<Map<CompactString, u32>>,
    roles_by_name: OnceLock<Map<CompactString, u32>>,
}

impl Index {
    /// Reads every document that is in force in an account.
    pub fn new(account: Arc<Account>) -> Self {
        Self::with(account, Vec::new())
    }

    /// The index of the account as it would be: documents that this one has read are not read
    /// again.
    #[must_use]
    pub fn what_if(&self, account: Arc<Account>) -> Self {
        Self::with(account, self.corpora.clone())
    }

    fn with(account: Arc<Account>, mut corpora: Vec<Arc<Corpus>>) -> Self {
        let (people, new) = Finder::new(&account, &corpora).run();
        if corpora.is_empty() || !new.docs().is_empty() {
            corpora.push(Arc::new(new));
        }
        Self {
            account,
            corpora,
            people,
            trusts: OnceLock::new(),
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

    fn corpus(&self, doc: u32) -> &Corpus {
        let at = self.corpora.partition_point(|it| it.docs().end <= doc);
        &self.corpora[at]
    }

    /// The number after the last document's.
    fn end(&self) -> usize {
        self.corpora.last().map_or(1, |it| it.docs().end as usize)
    }
}
