//! A start that fails leaves the terminal as it was.

use std::net::TcpListener;

use super::{at, with_keys};
use crate::support::pty::{Session, Start};

fn assert_untouched(session: &mut Session, code: u32, says: &[&str]) {
    assert_eq!(session.exit_code(), code);
    for text in says {
        session.wait_for_text(text);
    }
    session.wait_for_text("--demo");
    session.assert_given_back();
    let output = session.output();
    assert!(!output.contains(&0x1b), "{}", output.escape_ascii());
}

#[test]
fn without_credentials() {
    let mut session = Start::new(120, 36)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .run();
    assert_untouched(&mut session, 4, &["credentials"]);
}

#[test]
fn with_an_unknown_profile() {
    let start = with_keys("http://127.0.0.1:1", "AKIAX", "x");
    let mut session = start.args(["--profile", "stagign"]).run();
    assert_untouched(&mut session, 2, &["stagign"]);
}

#[test]
fn with_an_endpoint_where_nothing_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut session = at(&url).run();
    session.wait_for_text("Connection refused");
    // Whoever has no network yet will have it in a moment: the program stays, and offers that.
    session.wait_for_text("ctrl-r tries again");
    session.wait_for_text("--demo");
    session.send("q");
    assert_eq!(session.exit_code(), 4);
    session.assert_given_back();
    session.wait_for_text("Connection refused");
    session.wait_for_text("--demo");
}
