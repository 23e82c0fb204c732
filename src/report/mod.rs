//! Answers for machines and files: the formats in which questions come and answers go.
//!
//! Nothing here is drawn or sent: text and values in, text and values out.

mod cells;
mod hops;
pub mod principal;
pub mod reasons;
pub mod simulate;
pub mod verdict;
pub mod what_can;
pub mod who_can;
pub mod words;
