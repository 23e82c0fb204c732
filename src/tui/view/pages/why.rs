//! Why somebody can do something, or cannot.

use super::Maker;

impl Maker<'_> {
    pub(super) fn why(&mut self) {
        let _ = &self.out;
    }

    pub(super) fn request(&mut self) {
        let _ = &self.out;
    }
}
