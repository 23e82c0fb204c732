//! A cursor in a list that may be longer than its pane.

/// Where the cursor is, and which line stands at the top of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    at: usize,
    top: usize,
}

/// A way to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// By lines, down being positive.
    Lines(isize),
    /// By halves of the pane.
    Halves(isize),
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl Cursor {
    /// The line that the cursor is on.
    pub fn at(self) -> usize {
        self.at
    }

    /// The line at the top of the pane.
    pub fn top(self) -> usize {
        self.top
    }

    /// Puts the cursor on a line. [`follow`](Self::follow) brings it into view.
    pub fn set(&mut self, at: usize) {
        self.at = at;
    }

    /// Moves, staying within `len` lines.
    pub fn go(&mut self, motion: Motion, len: usize, height: usize) {
        let last = len.saturating_sub(1);
        self.at = match motion {
            Motion::Lines(n) => self.at.saturating_add_signed(n),
            Motion::Halves(n) => {
                let half = (height / 2).max(1);
                self.at
                    .saturating_add_signed(n.saturating_mul(half as isize))
            }
            Motion::First => 0,
            Motion::Last => last,
        }
        .min(last);
        self.follow(len, height);
    }

    /// Brings the cursor into view. When it has left, the view moves by half a page, so that
    /// most steps redraw two lines and not all of them.
    pub fn follow(&mut self, len: usize, height: usize) {
        let (height, last) = (height.max(1), len.saturating_sub(1));
        self.at = self.at.min(last);
        let half = height / 2;
        if self.at < self.top {
            self.top = self.at.saturating_sub(if self.at + half < self.top {
                half
            } else {
                half.min(self.at)
            });
        } else if self.at >= self.top + height {
            self.top = (self.at + 1).saturating_sub(height - half.min(height - 1));
        }
        self.top = self.top.min(len.saturating_sub(height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_moves_by_half_a_page_when_the_cursor_leaves_it() {
        let mut cursor = Cursor::default();
        let mut tops = Vec::new();
        for _ in 0..100 {
            cursor.go(Motion::Lines(1), 1_000, 20);
            assert!((cursor.top()..cursor.top() + 20).contains(&cursor.at()));
            tops.push(cursor.top());
        }
        tops.dedup();
        assert!((5..=10).contains(&tops.len()), "{tops:?}");
        for _ in 0..100 {
            cursor.go(Motion::Lines(-1), 1_000, 20);
            assert!((cursor.top()..cursor.top() + 20).contains(&cursor.at()));
        }
        assert_eq!((cursor.at(), cursor.top()), (0, 0));
    }

    #[test]
    fn no_move_leaves_the_list_and_no_pane_is_too_small() {
        for len in 0..12 {
            for height in 0..6 {
                let mut cursor = Cursor::default();
                for motion in [
                    Motion::Lines(3),
                    Motion::Last,
                    Motion::Halves(1),
                    Motion::Lines(-1),
                    Motion::Halves(-9),
                    Motion::Lines(isize::MAX),
                    Motion::First,
                    Motion::Lines(isize::MIN),
                ] {
                    cursor.go(motion, len, height);
                    assert!(cursor.at() < len.max(1) && cursor.top() <= cursor.at());
                    assert!(cursor.at() < cursor.top() + height.max(1));
                }
            }
        }
    }
}
