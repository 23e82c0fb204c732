//! Keys while answers are awaited.

use std::time::Duration;

use iamscope::iam::{Batch, User, UserDetails};
use iamscope::source::{Event, Outcome, Spec};
use iamscope::tui::{App, Effect, Msg, Now, Setup, key::Key};
use rustix::process::Signal;

use super::{
    CTRL_R, CTRL_X, ENTER, ESC, Gate, QUIET, at, responding, second_page, shows, the_rest,
    wait_without,
};
use crate::support::driver;
use crate::support::pty::Session;
use crate::support::responder::{Answer, Responder, page, roles};

/// The program with one page of users, while the second one is awaited.
fn waiting(gate: &Gate) -> (Responder, Session) {
    let held = gate.clone();
    let users = second_page(move |_| {
        held.wait();
        the_rest()
    });
    let responder = responding(move |call| match call.filter() {
        "Role" => Some(page(&roles(&["deploy"], None), None)),
        _ => users(call),
    });
    let session = at(&responder.url).run();
    session.wait_for_text("anna");
    (responder, session)
}

#[test]
fn panes_fill_and_every_key_works_while_a_page_is_awaited() {
    let gate = Gate::default();
    let (_responder, mut session) = waiting(&gate);
    session.wait_for_text("loading");
    let reactions = [
        ("j", "▸ben"),
        ("3", "▸deploy"),
        ("1", "▸ben"),
        ("/ann", "Users 1/2"),
        (ENTER, "▸anna"),
        (ESC, "Users 2"),
        ("?", "Everywhere"),
        (ESC, "enter open"),
        (":", "Commands"),
        (ESC, "enter open"),
        (ENTER, "Users › anna"),
        ("l", "[Permissions]"),
    ];
    for (keys, answer) in reactions {
        // No answer can have waited for the second page, which is held all the while.
        session.send(keys);
        session.wait_for_text(answer);
    }
    assert!(!shows(&session, "zoe"), "the second page is still held");
    gate.open();
    session.wait_for_text("zoe");
    session.wait_for_text("Users 3");
    wait_without(&session, "loading");
}

#[test]
fn a_load_can_be_stopped_from_anywhere_and_keeps_what_came() {
    for (way, back) in [("", ""), ("?", ESC), ("/a", ESC)] {
        let gate = Gate::default();
        let (_responder, mut session) = waiting(&gate);
        session.send(way);
        session.settle(QUIET / 3);
        session.send(CTRL_X);
        session.wait_for_text("stopped; what came so far stays");
        gate.open();
        session.send(back);
        session.wait_for_text("Users 2");
        session.send("j");
        session.wait_for_text("stopped before all was read (ctrl-r reads it anew)");
        session.settle(QUIET);
        assert!(!shows(&session, "zoe"), "it was stopped");
    }
}

#[test]
fn a_detail_shows_while_others_are_awaited() {
    let gate = Gate::default();
    let held = gate.clone();
    let users = second_page(|_| the_rest());
    let responder = responding(move |call| match call.action.as_str() {
        "ListAccessKeys" => {
            held.wait();
            Some(Answer::Result(
                "<AccessKeyMetadata><member><AccessKeyId>AKIALATE</AccessKeyId></member>\
                 </AccessKeyMetadata><IsTruncated>false</IsTruncated>"
                    .to_owned(),
            ))
        }
        "ListMFADevices" => Some(Answer::Result(
            "<MFADevices><member><SerialNumber>the-device</SerialNumber>\
             <UserName>anna</UserName><EnableDate>2024-05-06T07:08:09Z</EnableDate></member>\
             </MFADevices><IsTruncated>false</IsTruncated>"
                .to_owned(),
        )),
        _ => users(call),
    });
    let mut session = at(&responder.url).run();
    session.wait_for_text("zoe");
    session.send(format!("{ENTER}llll"));
    session.wait_for_text("the-device");
    assert!(shows(&session, "loading…"), "the keys are awaited");
    gate.open();
    session.wait_for_text("AKIALATE");
}

#[test]
fn a_refresh_can_be_stopped_too_and_changes_nothing() {
    let gate = Gate::default();
    let held = gate.clone();
    // The first load makes two calls for users.
    let responder = responding(second_page(move |call| {
        if call.nth > 1 {
            held.wait();
        }
        page("", None)
    }));
    let mut session = at(&responder.url).run();
    session.wait_for_text("Users 2");
    wait_without(&session, "loading");
    session.send(CTRL_R);
    session.wait_for_text("refreshing");
    session.send("j");
    session.wait_for_text("▸ben");
    session.send(CTRL_X);
    session.wait_for_text("stopped; the account is as it was before");
    gate.open();
    session.send("k");
    session.wait_for_text("▸anna");
    session.settle(QUIET);
    assert!(shows(&session, "Users 2"));
    assert!(!shows(&session, "stopped"), "it is whole");
}

#[test]
fn leaving_waits_for_no_answer() {
    let gate = Gate::default();
    let (_responder, mut session) = waiting(&gate);
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_given_back();
    gate.open();
}

#[test]
fn a_signal_during_a_load_gives_the_terminal_back() {
    let gate = Gate::default();
    let (_responder, mut session) = waiting(&gate);
    session.signal(Signal::TERM);
    assert_eq!(session.exit_code(), 128 + 15);
    session.assert_given_back();
    gate.open();
}

#[test]
fn after_a_load_the_program_rests() {
    let responder = responding(second_page(|_| the_rest()));
    let mut session = at(&responder.url).run();
    session.wait_for_text("zoe");
    session.send("j");
    session.settle(Duration::from_secs(2));
    let done = || (session.bytes(), session.wake_ups());
    let before = done();
    std::thread::sleep(Duration::from_secs(8));
    assert_eq!(done(), before);
}

/// Details that came for one entity must not keep those of the next one from being asked for.
#[test]
fn the_next_detail_is_asked_for_though_others_came_just_now() {
    let demo = driver::load(&Spec::Demo);
    let users: Vec<_> = (0..2)
        .map(|at| User {
            details: UserDetails::default(),
            ..(*demo.users()[at]).clone()
        })
        .collect();
    let batch = |users: &[User]| Batch {
        users: users.to_vec(),
        ..Batch::default()
    };
    let now = Now {
        elapsed: Duration::from_secs(1),
        wall: "2026-10-01T12:00:00Z".parse().unwrap(),
    };
    let setup = Setup {
        live: true,
        ..Setup::default()
    };
    let (mut app, _) = App::new(setup, now);
    let event = |event| Msg::Source {
        generation: 1,
        event,
    };
    app.update(event(Event::Batch(batch(&users))), now);
    let asked = app.update(event(Event::Finished(Outcome::Complete)), now);
    assert!(asked.iter().any(|e| matches!(e, Effect::Fetch(_))));
    // No frame comes between the news and the key.
    app.update(Msg::FetchNews(Event::Batch(batch(&users[..1]))), now);
    app.update(Msg::Fetched(batch(&users[..1])), now);
    let later = Now {
        elapsed: Duration::from_secs(3),
        ..now
    };
    let asked = app.update(Msg::Key(Key::parse("j").unwrap().into()), later);
    assert!(
        asked.iter().any(|e| matches!(e, Effect::Fetch(_))),
        "{asked:?}"
    );
}
