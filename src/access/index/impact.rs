//! What a change of an account comes to for one question: of whom the answer is another.
//!
//! What was asked before is not asked again: documents that were there have said what they say,
//! and of whom nothing is different the answer stands. Where the change reaches what holds for
//! everybody, such as the resource's policy, everybody is asked.

use std::rc::Rc;
use std::sync::Arc;

use super::Index;
use super::survey::Survey;
use crate::access::pose::Terms;
use crate::access::question::{OwnResourcePolicy, Policy, Question};
use crate::access::verdict::Decision;
use crate::iam::Kind;

/// One of whom the answer is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The place in the list of everybody, as it is now.
    pub who: u32,
    /// What came of it before; none for who is new.
    pub before: Option<Decision>,
    /// What comes of it now.
    pub after: Decision,
}

impl Survey<'_> {
    /// The same question about the account as it would be; `what_if` must be made of the index of
    /// this one, the terms must be the same.
    pub fn again<'n>(
        &self,
        what_if: &'n Index,
        terms: &'n Terms<'n>,
        resource: &'n str,
    ) -> Survey<'n> {
        let action = &self.posed().question.action;
        let about = Rc::new(self.about.after(what_if, action));
        let again = Survey::new(what_if, terms, about, action, resource);
        let known = self.index.corpora.iter().zip(&what_if.corpora);
        let is_shared = self.index.corpora.len() <= what_if.corpora.len()
            && known
                .into_iter()
                .all(|(one, other)| Arc::ptr_eq(one, other));
        let is_same_request = {
            let (one, other) = (&self.posed().question, &again.posed().question);
            one.facts == other.facts && one.resource == other.resource
        };
        if is_shared && is_same_request {
            let heard = self.says().clone();
            let from = self.index.end() as u32;
            let says = again.about.go_on(&again.posed().question, heard, from);
            // Nobody has asked for it yet.
            let _ = again.says.set(says);
        }
        again
    }

    /// Of whom the answer is another than it was `before`, in the order of everybody.
    pub fn differences(&self, before: &Survey<'_>) -> Vec<Difference> {
        let differs = self.index.differs.as_ref();
        let differs = differs.filter(|it| it.is_from(before.index.account()));
        let differs = differs.filter(|_| {
            let (one, other) = (&before.posed().question, &self.posed().question);
            holds_alike(one, other)
        });
        let compare = |who: u32, was: Option<u32>| {
            let before = was.map(|was| before.decision(was));
            let after = self.decision(who);
            (before != Some(after)).then_some(Difference { who, before, after })
        };
        match differs {
            Some(differs) => {
                let people = differs.people().iter();
                people
                    .filter_map(|who| compare(*who, differs.before(*who)))
                    .collect()
            }
            None => (0..self.index.len() as u32)
                .filter_map(|who| compare(who, self.place_in(before.index, who)))
                .collect(),
        }
    }

    /// The place of somebody in the list of another index.
    fn place_in(&self, other: &Index, who: u32) -> Option<u32> {
        let person = self.index.people.list.get(who as usize)?;
        let at = person.at as usize;
        let arn = match person.kind {
            Kind::Role => &self.index.account().roles()[at].arn,
            _ => &self.index.account().users()[at].arn,
        };
        let at = other.account().position(person.kind, arn)?;
        Some(other.person(person.kind, at))
    }
}

/// Whether two questions have in common all that holds for everybody.
fn holds_alike(one: &Question<'_>, other: &Question<'_>) -> bool {
    let policy = match (&one.resource_policy, &other.resource_policy) {
        (OwnResourcePolicy::Absent, OwnResourcePolicy::Absent) => true,
        (OwnResourcePolicy::Unknown(one), OwnResourcePolicy::Unknown(other)) => one == other,
        (OwnResourcePolicy::Policy(one), OwnResourcePolicy::Policy(other)) => same(one, other),
        _ => false,
    };
    let levels = |one: &Option<Vec<Vec<Policy<'_>>>>, other: &Option<Vec<Vec<Policy<'_>>>>| {
        let flat = |levels: &Option<Vec<Vec<Policy<'_>>>>| {
            let levels = levels.as_ref()?;
            Some(levels.iter().map(Vec::len).collect::<Vec<_>>())
        };
        let pairs = one.iter().flatten().flatten();
        let mut pairs = pairs.zip(other.iter().flatten().flatten());
        flat(one) == flat(other) && pairs.all(|(one, other)| same(one, other))
    };
    let session = match (&one.session, &other.session) {
        (Some(one), Some(other)) => same(one, other),
        (one, other) => one.is_none() && other.is_none(),
    };
    policy
        && session
        && one.facts == other.facts
        && one.resource == other.resource
        && one.resource_account == other.resource_account
        && levels(&one.scps, &other.scps)
        && levels(&one.rcps, &other.rcps)
}

fn same(one: &Policy<'_>, other: &Policy<'_>) -> bool {
    one.used_as() == other.used_as() && one.name() == other.name() && one.text() == other.text()
}
