//! Makes cases for `iamscope simulate`: requests with all the policies that bear on them.
//!
//! A case of [`Kind::Usual`] has about 5 kB and is what one meets in accounts: policies of several
//! statements about named things, a boundary here, an organisation's levels there. Its policies
//! are of its own: no other case has the same. A case of [`Kind::Odd`] is short and seeks the
//! corners of the language: every operator, missing keys, lists, variables, all sorts of callers.
//!
//! No case says what is to come of it. The same number, kind and seed give the same case.

mod conditions;
mod odd;
mod odd_words;
mod policies;
mod scene;
mod usual;

use std::io::{self, BufWriter, Write};

use super::Random;
use super::json::Json;

/// The sorts of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As in real accounts, about 5 kB each.
    Usual,
    /// Short, with what is seldom met.
    Odd,
}

/// Writes cases, one a line.
pub fn write(kind: Kind, count: usize, seed: u64, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    for number in 0..count {
        case(kind, number, seed).compact(&mut out)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Cases as lines.
pub fn lines(kind: Kind, count: usize, seed: u64) -> Vec<Vec<u8>> {
    let line = |number| {
        let mut line = Vec::new();
        case(kind, number, seed)
            .compact(&mut line)
            .expect("memory takes what is written");
        line
    };
    (0..count).map(line).collect()
}

fn case(kind: Kind, number: usize, seed: u64) -> Json {
    // Each has numbers of its own, so that one more draw in a case leaves the others as they are.
    let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
    let random = Random(random.next());
    match kind {
        Kind::Usual => usual::case(number, random),
        Kind::Odd => odd::case(number, random),
    }
}
