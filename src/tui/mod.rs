//! The terminal interface.
//!
//! An event travels one way: terminal, job results and signals go into one channel; [`run`]
//! drains it into [`App::update`], which returns [`Effect`]s; these are spawned; then one frame is
//! drawn if something changed. `update` does no I/O, reads no clock and never blocks.

mod app;
pub mod asker;
mod columns;
pub mod command;
mod cursor;
pub mod detail;
pub mod effective;
mod filter;
mod folds;
mod fuzzy;
mod input;
mod jobs;
pub mod key;
pub mod keymap;
mod layouts;
pub mod list;
mod msg;
mod page;
mod picker;
mod resolve;
pub mod run;
mod saved;
pub mod term;
pub mod theme;
mod time;
mod view;
pub mod who;
mod wrap;

pub use app::{App, Focus, Screen, Setup};
pub use msg::{Effect, Msg, Now, Timer};
