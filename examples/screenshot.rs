//! Draws the picture of the README from the real interface:
//!
//! ```sh
//! cargo run --example screenshot
//! ```

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the parts shared with the tests fail as tests do"
)]

#[path = "../tests/support/driver.rs"]
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
mod driver;
#[path = "../tests/support/picture.rs"]
mod picture;
#[path = "../tests/support/svg.rs"]
mod svg;

use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screenshot.svg");
    std::fs::write(&path, picture::screenshot())
}
