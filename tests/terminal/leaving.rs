//! However the program ends or rests, the terminal is given back.

use std::time::Duration;

use iamscope::tui::term::tty;
use rustix::process::Signal;

use super::{QUIET, USER, demo, demo_in_shell, draw_here, role, start_as};

#[test]
fn quitting_gives_the_terminal_back() {
    let mut session = demo(80, 24);
    assert!(!session.has_first_modes(), "keys come one by one");
    session.screen(|screen| assert!(screen.bracketed_paste() && screen.hide_cursor()));
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_given_back();
    session.screen(|screen| assert_eq!(screen.contents(), "", "nothing is left behind"));
}

#[test]
fn signals_that_end_give_the_terminal_back() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ] {
        let mut session = demo(80, 24);
        session.signal(signal);
        assert_eq!(session.exit_code(), code, "{signal:?}");
        session.assert_given_back();
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_then_prints() {
    fn panic_on_screen() {
        tty::give_back_on_panic();
        let _screen = draw_here(|frame| frame.render_widget("on the screen", frame.area()));
        panic!("the roof is on fire");
    }
    match role().as_deref() {
        Some("here") => panic_on_screen(),
        Some(_) => {
            let panicking = std::thread::spawn(panic_on_screen);
            // Nobody looks at what became of the thread; it is the hook that must act.
            std::thread::sleep(Duration::from_secs(60));
            drop(panicking);
        }
        None => {}
    }
    for place in ["here", "elsewhere"] {
        let mut session = start_as(
            "terminal::leaving::a_panic_gives_the_terminal_back_and_then_prints",
            place,
        );
        assert_eq!(session.exit_code(), 101);
        session.wait_for_text("the roof is on fire");
        session.assert_given_back();
        let output = String::from_utf8_lossy(&session.output()).into_owned();
        let left = output.find("\x1b[?1049l").unwrap();
        let printed = output.find("the roof is on fire").unwrap();
        assert!(output.contains("on the screen"));
        assert!(left < printed, "{output:?}");
    }
}

#[test]
fn a_terminal_that_goes_with_a_signal_is_the_end() {
    let mut session = demo(80, 24);
    session.hang_up();
    assert_eq!(session.exit_code(), 129);
}

/// The signal goes to the shell alone, which ignores it, as `nohup` and some remote shells do.
/// Nothing but the vanished terminal itself can end the program then.
#[test]
fn a_terminal_that_goes_without_a_signal_is_the_end_too() {
    let mut session = demo_in_shell(r#"trap '' HUP; "$0" --demo; exit $?"#);
    session.hang_up();
    assert_eq!(session.exit_code(), 129);
}

#[test]
fn a_stalled_terminal_does_not_keep_the_program_alive() {
    let mut session = demo(120, 36);
    // While we look at the screen, nobody reads what comes.
    session.screen(|_| {
        for _ in 0..60 {
            session.signal(Signal::CONT);
            std::thread::sleep(Duration::from_millis(20));
        }
        session.signal(Signal::TERM);
        std::thread::sleep(Duration::from_secs(3));
        assert!(!session.is_alive(), "it waits for the terminal");
    });
    assert_eq!(session.exit_code(), 143);
    assert!(session.has_first_modes());
}

#[test]
fn suspending_hands_the_terminal_to_the_shell_and_coming_back_redraws() {
    // Job control as in a shell that people type at.
    let script =
        r#"set -m; "$0" --demo; echo in the shell; read line; fg >/dev/null; echo "code $?""#;
    let mut session = demo_in_shell(script);
    let before = session.screen(vt100::Screen::contents);
    session.send("\x1a");
    session.wait_for_text("in the shell");
    session.assert_given_back();
    session.send("\n");
    session.wait_for("the interface", |screen| {
        screen.alternate_screen() && screen.contents() == before && screen.hide_cursor()
    });
    session.send("q");
    session.wait_for_text("code 0");
    assert_eq!(session.exit_code(), 0);
    session.assert_given_back();
}

/// Nobody could wake the leader of a session, so the system does not let it sleep.
#[test]
fn suspending_without_a_shell_does_no_harm() {
    let mut session = demo(80, 24);
    let before = session.screen(vt100::Screen::contents);
    session.send("\x1a");
    session.wait_for("the first screen", |screen| !screen.alternate_screen());
    session.wait_for("the interface", |screen| {
        screen.alternate_screen() && screen.contents() == before
    });
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_given_back();
}

#[test]
fn going_on_after_a_stop_from_outside_redraws() {
    let mut session = demo(80, 24);
    let before = session.screen(vt100::Screen::contents);
    session.signal(Signal::STOP);
    let stat = format!("/proc/{}/stat", session.pid().as_raw_nonzero());
    while !std::fs::read_to_string(&stat).unwrap().contains(") T ") {
        std::thread::sleep(Duration::from_millis(1));
    }
    let from = session.bytes();
    session.signal(Signal::CONT);
    session.wait_for_output(from, b"\x1b[?1049h");
    session.settle(QUIET);
    session.screen(|screen| assert_eq!(screen.contents(), before));
    let anew = &session.output()[from..];
    assert!(String::from_utf8_lossy(anew).contains(USER));
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_given_back();
}
