//! The policy language, its lowest storey: text, tree with byte spans, typed document.
//!
//! This module never fails on a document: a broken text yields what can be read of it and the
//! faults with their places. It knows nothing of accounts, files or AWS.

mod arn;
mod document;
mod fault;
mod layout;
mod lex;
mod links;
mod operator;
mod pattern;
mod pretty;
mod sentence;
mod size;
mod span;
mod text;
mod tree;
mod trust;
mod trustee;
pub mod value;

pub use document::{
    Condition, Document, Effect, Principal, PrincipalKind, Principals, Statement, Value, Values,
};
pub use fault::{Fault, FaultKind};
pub use layout::{Fold, Layout, Token, TokenKind};
pub use links::{Link, LinkKind, links, mentions};
pub use operator::{Comparison, Operator, Quantifier, Relation};
pub use pattern::{Glob, Matched, Pattern, PatternKind, Scope, Variable, filled_in};
pub use pretty::pretty;
pub use sentence::{conditions_in_words, describe};
pub use size::SizeKind;
pub use span::{Lines, Place, Span};
pub use text::{PolicyText, Texts};
pub use tree::{Cursor, Node, NodeKind, Tree};
pub use trust::{TrustEntry, trust_entries, trust_summary};
pub use trustee::Trustee;
