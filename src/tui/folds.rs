//! What of a page is folded away.

use std::collections::HashSet;

/// A block that folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockId {
    /// Which document on the page, from 0; on a page without documents, what kind of block.
    pub document: u16,
    /// Which fold of its layout; without documents, which of its kind.
    pub fold: u32,
}

/// When a block is folded that nobody has folded or unfolded by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// In the outline.
    Outer,
    /// Unless everything is unfolded, as for a search.
    Nested,
    /// Never.
    Open,
    /// Always.
    Closed,
}

/// Which blocks are folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folds {
    outline: bool,
    nested: bool,
    toggled: HashSet<BlockId>,
}

impl Folds {
    /// Everything that can be is folded: how a page begins that is too long to be read whole.
    pub fn folded() -> Self {
        Self {
            outline: true,
            nested: true,
            toggled: HashSet::new(),
        }
    }

    /// Whether a block is folded.
    pub fn is_folded(&self, id: BlockId, rank: Rank) -> bool {
        let by_itself = match rank {
            Rank::Outer => self.outline,
            Rank::Nested => self.nested,
            Rank::Open => false,
            Rank::Closed => true,
        };
        by_itself != self.toggled.contains(&id)
    }

    /// Folds or unfolds one block.
    pub fn toggle(&mut self, id: BlockId) {
        if !self.toggled.remove(&id) {
            self.toggled.insert(id);
        }
    }

    /// The blocks that were folded or unfolded by hand.
    pub fn toggled(&self) -> impl Iterator<Item = BlockId> {
        self.toggled.iter().copied()
    }

    /// Switches between the outline and the whole text.
    pub fn toggle_outline(&mut self) {
        self.outline = !self.outline;
        self.nested = true;
        self.toggled.clear();
    }

    /// Unfolds everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_folded_by_itself_is_unfolded_by_hand_and_the_other_way_round() {
        let id = |fold| BlockId { document: 0, fold };
        let all = [Rank::Outer, Rank::Nested, Rank::Open, Rank::Closed];
        let states = |folds: &Folds, fold| all.map(|rank| folds.is_folded(id(fold), rank));
        let mut folds = Folds::folded();
        assert_eq!(states(&folds, 1), [true, true, false, true]);
        folds.toggle(id(1));
        assert_eq!(states(&folds, 1), [false, false, true, false]);
        assert_eq!(states(&folds, 2), [true, true, false, true]);
        folds.toggle_outline();
        assert_eq!(states(&folds, 1), [false, true, false, true]);
        folds.clear();
        assert_eq!(states(&folds, 1), [false, false, false, true]);
    }
}
