//! Answers for machines and files: the formats in which questions come and answers go.
//!
//! Nothing here is drawn or sent: text and values in, text and values out.

pub mod asking;
mod cells;
pub mod denied;
mod hops;
pub mod principal;
pub mod questions;
pub mod reasons;
pub mod remedy;
pub mod simulate;
pub mod simulator;
mod unread;
pub mod verdict;
pub mod what_can;
pub mod who_can;
pub mod words;

use std::io::{self, Write};

/// An answer that has all four forms.
pub trait Forms {
    /// Writes a text for people; `width` is that of the terminal, if it goes to one.
    ///
    /// # Errors
    /// Those of `out`.
    fn table(
        &self,
        style: words::Style,
        width: Option<usize>,
        out: &mut dyn Write,
    ) -> io::Result<()>;

    /// Writes JSON, laid out for reading.
    ///
    /// # Errors
    /// Those of `out`.
    fn json(&self, out: &mut dyn Write) -> io::Result<()>;

    /// Writes JSON, a line for each entry.
    ///
    /// # Errors
    /// Those of `out`.
    fn jsonl(&self, out: &mut dyn Write) -> io::Result<()>;

    /// Writes comma-separated values, a line for each entry.
    ///
    /// # Errors
    /// Those of `out`.
    fn csv(&self, out: &mut dyn Write) -> io::Result<()>;
}
