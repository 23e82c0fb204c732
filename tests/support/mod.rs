//! What the end-to-end tests have in common.

pub mod child;
pub mod driver;
pub mod live;
pub mod moto;
pub mod picture;
pub mod pty;
pub mod responder;
pub mod svg;
