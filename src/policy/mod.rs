//! The policy language, its lowest storey: text, tree with byte spans, typed document.
//!
//! This module never fails on a document: a broken text yields what can be read of it and the
//! faults with their places. It knows nothing of accounts, files or AWS.

mod document;
mod fault;
mod layout;
mod lex;
mod pretty;
mod span;
mod text;
mod tree;

pub use document::{
    Condition, Document, Effect, Principal, PrincipalKind, Principals, Statement, Value, Values,
};
pub use fault::{Fault, FaultKind};
pub use layout::{Fold, Layout, Token, TokenKind};
pub use pretty::pretty;
pub use span::{Lines, Place, Span};
mod shim;
pub use shim::*;
pub use text::{PolicyText, Texts};
pub use tree::{Cursor, Node, NodeKind, Tree};
