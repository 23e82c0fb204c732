//! The answers to single actions of a question, as they are needed.

use std::cell::RefCell;
use std::rc::Rc;

use crate::access::{Chains, Index, Terms, WhoCan};

use super::Question;

/// Makes the answers to single actions, and keeps those of which more is told.
#[derive(Debug)]
pub(super) struct Singles<'a> {
    pub(super) index: &'a Index,
    question: &'a Question,
    pub(super) terms: &'a Terms<'a>,
    pub(super) chains: Option<&'a Chains<'a>>,
    kept: RefCell<Vec<(usize, Rc<WhoCan<'a>>)>>,
}

impl<'a> Singles<'a> {
    pub(super) fn new(
        index: &'a Index,
        question: &'a Question,
        terms: &'a Terms<'a>,
        chains: Option<&'a Chains<'a>>,
    ) -> Self {
        Self {
            index,
            question,
            terms,
            chains,
            kept: RefCell::default(),
        }
    }

    /// The answer to the action at a place, made for this once unless it was kept.
    pub(super) fn once(&self, action: usize) -> Option<Rc<WhoCan<'a>>> {
        let kept = self.kept.borrow();
        if let Some((_, who)) = kept.iter().find(|(at, _)| *at == action) {
            return Some(who.clone());
        }
        let name = self.question.actions.get(action)?;
        let resource = &self.question.resource;
        let who = WhoCan::new(self.index, self.terms, self.chains, name, resource);
        Some(Rc::new(who))
    }

    /// The same, kept from then on.
    pub(super) fn kept(&self, action: usize) -> Option<Rc<WhoCan<'a>>> {
        let who = self.once(action)?;
        let mut kept = self.kept.borrow_mut();
        if kept.iter().all(|(at, _)| *at != action) {
            kept.push((action, who.clone()));
        }
        Some(who)
    }
}
