//! The built-in demo account.
//!
//! It is a snapshot like any other, part of the program, and read by the same code as a file. It
//! is kept readable, under `assets`.

use jiff::Timestamp;

use super::{Sink, file};
use crate::iam::{Taken, TakenBasis};

const TEXT: &str = include_str!("../../assets/demo.json");

/// Loads the demo account.
pub async fn load(sink: Sink) {
    // The snapshot states its own time; this would only stand in if it did not.
    let taken = Taken {
        at: Timestamp::UNIX_EPOCH,
        basis: TakenBasis::Stated,
    };
    file::on_thread(sink, move |job| {
        file::account("the demo account", TEXT, taken, job)
    })
    .await;
}
