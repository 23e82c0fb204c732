//! The who-can view.

pub mod shown;
