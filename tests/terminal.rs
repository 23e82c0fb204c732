//! The program and its terminal: it draws little, and however it ends, the terminal is as it was
//! before.

mod drawing;
mod leaving;
mod talking;

use iamscope::tui::term::capabilities::Capabilities;
use iamscope::tui::term::screen::Screen;
use iamscope::tui::term::tty::Tty;
use ratatui::Frame;
use std::time::Duration;

use crate::support::pty::{Session, Start};

/// A user of the demo account, in the first list.
const USER: &str = "aisha";

/// The screen counts as settled when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(250);

fn demo(columns: u16, rows: u16) -> Session {
    let session = Start::new(columns, rows).args(["--demo"]).run();
    session.wait_for_text(USER);
    session.settle(QUIET);
    session
}

/// A shell that runs the demo as `"$0" --demo` somewhere in a script.
fn demo_in_shell(script: &str) -> Session {
    let session = Start::program("sh", 80, 24)
        .args(["-c", script, env!("CARGO_BIN_EXE_iamscope")])
        .run();
    session.wait_for_text(USER);
    session.settle(QUIET);
    session
}

fn count(output: &[u8], sequence: &[u8]) -> usize {
    output
        .windows(sequence.len())
        .filter(|window| *window == sequence)
        .count()
}

/// Names the part that a test plays when it has started itself in a terminal.
const ROLE: &str = "IAMSCOPE_TEST_ROLE";

fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// Starts a test, named with its modules, once more, alone, in a terminal.
fn start_as(test: &str, role: &str) -> Session {
    Start::program(std::env::current_exe().unwrap(), 80, 24)
        .args([test, "--exact", "--nocapture"])
        .env(ROLE, role)
        .run()
}

/// Takes the terminal that this process runs in, and draws a frame.
fn draw_here(view: impl FnOnce(&mut Frame<'_>)) -> Screen {
    let capabilities = Capabilities::of_environment();
    let mut screen = Screen::take(Tty::open().unwrap(), &capabilities).unwrap();
    screen.draw(view).unwrap();
    screen
}
