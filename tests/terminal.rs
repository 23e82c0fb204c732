//! The program and its terminal: it starts, it draws little, and however it ends, the terminal
//! is as it was before.

use std::time::Duration;

use iamscope::tui::term::capabilities::Capabilities;
use iamscope::tui::term::screen::Screen;
use iamscope::tui::term::tty::{self, Tty};
use iamscope::visible::is_hidden;
use ratatui::Frame;
use ratatui::style::Style;
use rustix::process::Signal;

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

/// Names the part that a test plays when it has started itself in a terminal.
const ROLE: &str = "IAMSCOPE_TEST_ROLE";

fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// Starts a test once more, alone, in a terminal.
fn start_as(test: &str, role: &str) -> Session {
    Start::program(std::env::current_exe().unwrap(), 80, 24)
        .args([&format!("terminal::{test}"), "--exact", "--nocapture"])
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
        let mut session = start_as("a_panic_gives_the_terminal_back_and_then_prints", place);
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

/// What views forgot to make visible.
#[test]
fn no_cell_reaches_the_terminal_raw() {
    const HOSTILE: [&str; 8] = [
        "\x1b]0;title\x07",
        "\x1b[2J",
        "\u{9b}31m",
        "\u{202e}",
        "\u{200b}",
        "\n",
        "\x07",
        "\u{85}",
    ];
    if role().is_some() {
        drop(draw_here(|frame| {
            frame.render_widget("before", frame.area());
            for (symbol, x) in HOSTILE.iter().zip(10..) {
                frame.buffer_mut()[(x, 0)].set_symbol(symbol);
            }
            frame.buffer_mut().set_string(18, 0, "after", Style::new());
        }));
        return;
    }
    let mut session = start_as("no_cell_reaches_the_terminal_raw", "draw");
    assert_eq!(session.exit_code(), 0);
    session.wait_for_output(0, b"\x1b[?1049l");
    let output = String::from_utf8(session.output()).unwrap();
    let (_, frame) = output.split_once("\x1b[?2026h").unwrap();
    let (frame, _) = frame.split_once("\x1b[?2026l").unwrap();
    assert_eq!(
        frame.matches('\u{fffd}').count(),
        HOSTILE.len(),
        "{frame:?}"
    );
    let ours = |c: char| c == '\x1b';
    assert!(
        !frame.chars().any(|c| is_hidden(c) && !ours(c)),
        "{frame:?}"
    );
    for theirs in ["\x1b]", "\x1b[2J"] {
        assert!(!frame.contains(theirs), "{frame:?}");
    }
    assert!(frame.contains("before") && frame.contains("after"));
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
        std::thread::sleep(Duration::from_secs(4));
        assert!(!session.is_alive(), "it waits for the terminal");
    });
    assert_eq!(session.exit_code(), 143);
    assert!(session.has_first_modes());
}

#[test]
fn nothing_happens_while_nothing_happens() {
    let session = demo(120, 36);
    session.settle(Duration::from_secs(1));
    let before = (session.bytes(), session.wake_ups());
    std::thread::sleep(Duration::from_secs(10));
    assert_eq!((session.bytes(), session.wake_ups()), before);
}

#[test]
fn keys_come_from_the_terminal_where_standard_input_is_a_file() {
    let mut session = demo_in_shell(r#""$0" --demo </dev/null; exit $?"#);
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_given_back();
}

#[test]
fn without_a_terminal_the_interface_does_not_start() {
    let start = |script| {
        let mut session = Start::program("sh", 80, 24)
            .args(["-c", script, env!("CARGO_BIN_EXE_iamscope")])
            .run();
        assert_eq!(session.exit_code(), 2);
        session.settle(QUIET);
        assert_eq!(count(&session.output(), b"\x1b"), 0, "no sequence is sent");
        session.screen(vt100::Screen::contents)
    };
    assert!(start(r#""$0" --demo | cat; exit 2"#).contains("standard output is not a terminal"));
    assert!(start(r#""$0" --demo >/dev/null"#).contains("standard output is not a terminal"));
    assert!(start(r#"TERM=dumb "$0" --demo"#).contains("TERM"));
}

#[test]
fn every_frame_is_one_synchronized_block() {
    let mut session = demo(80, 24);
    session.send("jjjkkk2");
    session.settle(QUIET);
    let output = session.output();
    let text = String::from_utf8(output).unwrap();
    let (taken, frames) = text.split_once("\x1b[?25l").unwrap();
    assert!(taken.len() < 60, "{taken:?}");
    let mut rest = frames;
    while !rest.is_empty() {
        let inner = rest
            .strip_prefix("\x1b[?2026h")
            .unwrap_or_else(|| panic!("{rest:?}"));
        let (frame, next) = inner.split_once("\x1b[?2026l").unwrap();
        assert!(!frame.is_empty() && !frame.contains("\x1b[?2026h"));
        rest = next;
    }
}

#[test]
fn any_size_will_do() {
    let mut session = demo(80, 24);
    for (columns, rows) in [(20, 5), (1, 1), (2, 30), (200, 60), (40, 12), (80, 24)] {
        session.resize(columns, rows);
        session.settle(Duration::from_millis(50));
    }
    session.wait_for_text(USER);
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.assert_given_back();
}
