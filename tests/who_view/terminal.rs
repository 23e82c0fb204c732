//! The view in a real pseudo-terminal, on the demo account.

use std::time::Duration;

use crate::support::pty::{Session, Start};

/// The screen counts as settled when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(400);

/// The most bytes that a key may cost on average while an action is typed.
const KEY: usize = 4_000;

fn start() -> Session {
    let session = Start::new(120, 36).args(["--demo"]).run();
    session.wait_for_text("aisha");
    session.settle(QUIET);
    session
}

#[test]
fn typed_read_followed_and_come_back() {
    let mut session = start();
    session.send("5");
    session.wait_for_text("Type an action");
    session.send("s3:getobj");
    session.wait_for_text("asking about s3:GetObject");
    session.wait_for_text("user lena");
    session.send("\t");
    session.send("arn:aws:s3:::northwind-finance/payroll/2026-08.csv\r");
    session.wait_for_text("user carla");
    session.send("/carla\r");
    session.wait_for_text("user finance/carla can, if more is met");
    session.send("\r");
    session.wait_for_text("Who can › carla");
    session.send("/finance-reports, statement 2\r\x1b");
    session.settle(QUIET);
    session.send("\r");
    session.wait_for_text("[Document]");
    session.wait_for_text("\"Sid\": \"Invoices\"");
    session.send("\x1b");
    session.wait_for("the explanation", |screen| {
        let contents = screen.contents();
        contents.contains("Who can › carla") && contents.contains("198.51.100.0/24")
    });
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_given_back();
}

/// Whoever types over a slow line waits for no screenful a key.
#[test]
fn typing_an_action_costs_few_bytes() {
    let mut session = start();
    session.send("5");
    session.wait_for_text("Type an action");
    session.settle(QUIET);
    let before = session.bytes();
    let text = "s3:GetObject";
    for key in text.split("").filter(|key| !key.is_empty()) {
        session.send(key);
        std::thread::sleep(Duration::from_millis(200));
    }
    session.wait_for_text("user lena");
    session.settle(QUIET);
    let cost = (session.bytes() - before) / text.len();
    assert!(cost <= KEY, "{cost} bytes a key");
    assert!(cost > 50, "what is typed and offered is drawn: {cost}");
}
