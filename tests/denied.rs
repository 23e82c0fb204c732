//! `explain-denied`: what messages of AWS and its tools say, and what is made of it.

mod decoding;
pub mod events;
mod explained;
mod hostile;
mod messages;
mod shell;
mod simulating;
mod wrapped;
