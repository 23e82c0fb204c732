//! The policy language, its lowest storey: text, tree with byte spans, typed document.
//!
//! This module never fails on a document: a broken text yields what can be read of it and the
//! errors with their places. It knows nothing of accounts, files or AWS.

mod text;

pub use text::{PolicyText, Texts};
