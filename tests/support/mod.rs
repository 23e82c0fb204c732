//! What the end-to-end tests have in common.

pub mod driver;
pub mod pty;
