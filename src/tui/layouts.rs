//! Documents laid out for the screen, kept while they are likely to be shown again.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use crate::policy::{Layout, PolicyText};

/// How many are kept. Going up and down a list shows the same few again and again.
const KEPT: usize = 64;

/// The documents laid out most recently.
#[derive(Debug, Default)]
pub struct Layouts(RefCell<VecDeque<(Arc<PolicyText>, Rc<Layout>)>>);

impl Layouts {
    /// The layout of a text.
    pub fn of(&self, text: &Arc<PolicyText>) -> Rc<Layout> {
        let mut kept = self.0.borrow_mut();
        if let Some(at) = kept.iter().position(|(t, _)| Arc::ptr_eq(t, text))
            && let Some(entry) = kept.remove(at)
        {
            let layout = entry.1.clone();
            kept.push_back(entry);
            return layout;
        }
        let layout = Rc::new(Layout::of_policy(text.as_str()));
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((text.clone(), layout.clone()));
        layout
    }

    /// The layout of a text that nobody shares, kept likewise.
    pub fn of_str(&self, text: &str) -> Rc<Layout> {
        let known = self
            .0
            .borrow()
            .iter()
            .find_map(|(known, _)| (known.as_str() == text).then(|| known.clone()));
        self.of(&known.unwrap_or_else(|| Arc::new(PolicyText::new(text))))
    }
}
