//! The smallest change that would allow what is denied, does allow it, and no smaller one does.

mod apply;
mod by_hand;
mod exceptions;
mod random;
