//! The terminal interface.
//!
//! An event travels one way: terminal, job results and signals go into one channel; [`run`]
//! drains it into [`App::update`], which returns [`Effect`]s; these are spawned; then one frame is
//! drawn if something changed. `update` does no I/O, reads no clock and never blocks.

mod app;
mod jobs;
mod msg;
pub mod run;
pub mod term;

pub use app::{App, Setup};
pub use msg::{Effect, Msg, Now, Timer};
