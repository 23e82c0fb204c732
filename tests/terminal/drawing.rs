//! What is drawn: little, in whole frames, and nothing that steers the terminal.

use std::time::Duration;

use iamscope::visible::is_hidden;
use ratatui::style::Style;

use super::{QUIET, USER, demo, draw_here, role, start_as};
use crate::support::pty::{FRAME_BEGINS, FRAME_ENDS, Start};

#[test]
fn a_program_at_rest_does_nothing() {
    let start = |args: &[&str]| Start::new(120, 36).args(args).run();
    let sessions = [
        start(&["--demo"]),
        start(&["--snapshot", "assets/demo.json"]),
    ];
    for session in &sessions {
        session.wait_for_text(USER);
        session.settle(Duration::from_secs(1));
    }
    let done = || {
        sessions
            .each_ref()
            .map(|session| (session.bytes(), session.wake_ups()))
    };
    let before = done();
    std::thread::sleep(Duration::from_secs(10));
    assert_eq!(done(), before);
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
            .strip_prefix(FRAME_BEGINS)
            .unwrap_or_else(|| panic!("{rest:?}"));
        let (frame, next) = inner.split_once(FRAME_ENDS).unwrap();
        assert!(!frame.is_empty() && !frame.contains(FRAME_BEGINS));
        rest = next;
    }
}

/// A frame with the sequences around it.
fn sent(frame: &[u8]) -> usize {
    frame.len() + FRAME_BEGINS.len() + FRAME_ENDS.len()
}

#[test]
fn a_held_key_costs_little() {
    const KEYS: usize = 40;
    let mut session = demo(120, 36);
    session.send("3");
    session.wait_for_text("auditor");
    session.settle(QUIET);
    let from = session.bytes();
    for _ in 0..KEYS {
        session.send("j");
        std::thread::sleep(Duration::from_millis(1000 / 12));
    }
    session.settle(QUIET);
    let cost = (session.bytes() - from) / KEYS;
    assert!(cost <= 600, "{cost} bytes a key");
    // The detail follows the first key and then waits for the last; in between a frame is the
    // list's part alone, and far from the edge nothing scrolls.
    let frames = session.frames(from);
    assert!(frames.len() > 12, "{} frames", frames.len());
    let costs: Vec<_> = frames[2..12].iter().map(|frame| sent(frame)).collect();
    assert!(costs.iter().all(|&cost| cost <= 400), "{costs:?}");
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
    let mut session = start_as(
        "terminal::drawing::no_cell_reaches_the_terminal_raw",
        "draw",
    );
    assert_eq!(session.exit_code(), 0);
    session.wait_for_output(0, b"\x1b[?1049l");
    let output = String::from_utf8(session.output()).unwrap();
    let (_, frame) = output.split_once(FRAME_BEGINS).unwrap();
    let (frame, _) = frame.split_once(FRAME_ENDS).unwrap();
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
fn colours_and_letters_are_those_that_are_welcome() {
    let mut session = Start::new(120, 36)
        .args(["--demo"])
        .env("NO_COLOR", "1")
        .env("LANG", "C")
        .run();
    session.wait_for_text(USER);
    session.send("4\tlll");
    session.settle(QUIET);
    assert!(session.output().is_ascii());
    session.screen(|screen| {
        for (row, column) in (0..36).flat_map(|row| (0..120).map(move |column| (row, column))) {
            let cell = screen.cell(row, column).unwrap();
            let plain = (vt100::Color::Default, vt100::Color::Default);
            assert_eq!((cell.fgcolor(), cell.bgcolor()), plain, "at {column},{row}");
        }
    });
}
