//! The users and roles of an account, each with the numbers of its documents.

use std::iter;
use std::sync::Arc;

use super::corpus::{Builder, Corpus, Text};
use super::differs::Differs;
use super::grouped::Grouped;
use super::says::Says;
use super::{Map, NOBODY_KNOWS};
use crate::access::pose::{self, Managed};
use crate::iam::{Account, Field, InlinePolicy, Kind};

/// A user or role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Person {
    /// A user or a role.
    pub(super) kind: Kind,
    /// Its position in the account's list of its kind.
    pub(super) at: u32,
    /// Its documents: the first in [`People::held`], and how many.
    first: u32,
    count: u32,
    /// The document that bounds it.
    pub(super) boundary: Option<u32>,
    /// Whether it is a service-linked role.
    pub(super) is_linked: bool,
}

/// The users and then the roles of an account.
#[derive(Debug, Clone, Default)]
pub(super) struct People {
    pub(super) list: Vec<Person>,
    held: Vec<u32>,
    /// By document: the places of those who hold it.
    holders: Grouped<u32>,
}

impl People {
    /// The documents of one.
    pub(super) fn held(&self, person: &Person) -> &[u32] {
        &self.held[person.first as usize..(person.first + person.count) as usize]
    }

    /// What the documents of everybody say together, in their order. Few documents have anything
    /// to say to a question: the others are not looked at.
    pub(super) fn hear(&self, says: &Says) -> Vec<u8> {
        let mut heard = vec![0; self.list.len()];
        for doc in says.speaking() {
            let bits = says.of(*doc);
            for who in self.holders.of(*doc) {
                heard[*who as usize] |= bits;
            }
        }
        heard
    }
}

/// Finds the documents of everybody, and reads those that are new.
pub(super) struct Finder<'a> {
    account: &'a Account,
    /// What is read already.
    known: &'a [Arc<Corpus>],
    new: Builder,
    managed: Map<&'a str, u32>,
    /// Everybody of the account before, and of whom something is different now.
    before: Option<(&'a People, &'a Differs)>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(
        account: &'a Account,
        known: &'a [Arc<Corpus>],
        before: Option<(&'a People, &'a Differs)>,
    ) -> Self {
        let first = known.last().map_or(NOBODY_KNOWS + 1, |it| it.docs().end);
        Self {
            account,
            known,
            new: Builder::new(first),
            managed: Map::default(),
            before,
        }
    }

    /// Everybody, and the documents that were new.
    pub(super) fn run(mut self) -> (People, Corpus) {
        let account = self.account;
        let mut people = People::default();
        let groups: Vec<Vec<u32>> = account
            .groups()
            .iter()
            .map(|group| {
                let mut docs = Vec::new();
                self.attached(&group.attached, &mut docs);
                self.inline(&group.inline, &mut docs);
                docs
            })
            .collect();
        let position = |name: &str| {
            let group = account.group_named(name)?;
            account.position(Kind::Group, &group.arn)
        };
        let mut docs = Vec::new();
        for (at, user) in account.users().iter().enumerate() {
            if self.is_taken_over(Kind::User, at, &mut people) {
                continue;
            }
            docs.clear();
            self.attached(&user.attached, &mut docs);
            self.inline(&user.inline, &mut docs);
            match user.groups.known() {
                Some(names) => {
                    for name in names {
                        match position(name) {
                            Some(group) => docs.extend(&groups[group]),
                            None => docs.push(NOBODY_KNOWS),
                        }
                    }
                }
                None => docs.push(NOBODY_KNOWS),
            }
            let boundary = self.boundary(&user.boundary);
            people.add(Kind::User, at, &docs, boundary, false);
        }
        for (at, role) in account.roles().iter().enumerate() {
            if self.is_taken_over(Kind::Role, at, &mut people) {
                continue;
            }
            docs.clear();
            self.attached(&role.attached, &mut docs);
            self.inline(&role.inline, &mut docs);
            let boundary = self.boundary(&role.boundary);
            people.add(Kind::Role, at, &docs, boundary, role.is_service_linked());
        }
        let new = self.new.finish();
        people.turn(new.docs().end as usize);
        (people, new)
    }

    /// Whether the next one is as before, and was taken over.
    fn is_taken_over(&self, kind: Kind, at: usize, people: &mut People) -> bool {
        let Some((before, differs)) = self.before else {
            return false;
        };
        let same = differs.same(people.list.len() as u32);
        let Some(person) = same.and_then(|who| before.list.get(who as usize)) else {
            return false;
        };
        people.add(
            kind,
            at,
            before.held(person),
            person.boundary,
            person.is_linked,
        );
        true
    }

    fn attached(&mut self, list: &'a Field<Vec<Arc<str>>>, docs: &mut Vec<u32>) {
        match list.known() {
            Some(list) => docs.extend(list.iter().map(|arn| self.managed(arn))),
            None => docs.push(NOBODY_KNOWS),
        }
    }

    fn inline(&mut self, list: &'a Field<Vec<InlinePolicy>>, docs: &mut Vec<u32>) {
        let Some(list) = list.known() else {
            docs.push(NOBODY_KNOWS);
            return;
        };
        docs.extend(list.iter().map(|policy| match policy.document.known() {
            Some(text) => self.add(Text::Own(text.clone())),
            None => NOBODY_KNOWS,
        }));
    }

    fn boundary(&mut self, boundary: &'a Field<Option<Arc<str>>>) -> Option<u32> {
        match boundary.known() {
            Some(arn) => arn.as_ref().map(|arn| self.managed(arn)),
            None => Some(NOBODY_KNOWS),
        }
    }

    fn managed(&mut self, arn: &'a str) -> u32 {
        if let Some(doc) = self.managed.get(arn) {
            return *doc;
        }
        let doc = match pose::managed(self.account, arn) {
            Managed::Own(text) => self.add(Text::Own(text.clone())),
            Managed::OfCatalogue(text) => self.add(Text::OfCatalogue(text)),
            Managed::Unread | Managed::Nothing => NOBODY_KNOWS,
        };
        self.managed.insert(arn, doc);
        doc
    }

    fn add(&mut self, text: Text) -> u32 {
        let mut known = self.known.iter();
        let known = known.find_map(|corpus| corpus.find(text.as_str()));
        known.unwrap_or_else(|| self.new.add(text))
    }
}

impl People {
    /// Finds the holders of all documents, of which there are so many.
    fn turn(&mut self, docs: usize) {
        let list = self.list.iter().zip(0u32..);
        let holders = list.flat_map(|(person, who)| iter::repeat_n(who, person.count as usize));
        self.holders = Grouped::new(docs, &self.held, holders);
    }

    fn add(&mut self, kind: Kind, at: usize, docs: &[u32], boundary: Option<u32>, is_linked: bool) {
        let first = self.held.len();
        for at in 0..docs.len() {
            // What comes by several ways counts once; the order is that of the ways.
            if !docs[..at].contains(&docs[at]) {
                self.held.push(docs[at]);
            }
        }
        self.list.push(Person {
            kind,
            at: at as u32,
            first: first as u32,
            count: (self.held.len() - first) as u32,
            boundary,
            is_linked,
        });
    }
}
