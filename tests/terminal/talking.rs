//! What the terminal says to the program, and what else the program says to it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{QUIET, USER, count, demo, demo_in_shell};
use crate::support::pty::Start;

#[test]
fn keys_come_from_the_terminal_where_standard_input_is_none() {
    for script in [
        r#""$0" --demo </dev/null; exit $?"#,
        r#"cat assets/demo.json | "$0" --snapshot -; exit $?"#,
    ] {
        let mut session = demo_in_shell(script);
        session.send("q");
        assert_eq!(session.exit_code(), 0);
        session.assert_given_back();
    }
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
fn pastes_and_a_lone_escape_arrive() {
    let mut session = demo(80, 24);
    session.send("/\x1b[200~carl\x1b[201~");
    session.wait_for("the filtered list", |screen| {
        let contents = screen.contents();
        contents.contains("carla") && !contents.contains(USER)
    });
    session.send("\x1b");
    session.wait_for_text(USER);
}

#[test]
fn copying_speaks_to_the_terminal_through_whatever_is_between() {
    let arn = "arn:aws:iam::111122223333:user/aisha";
    let encoded = STANDARD.encode(arn);
    let plain = format!("\x1b]52;c;{encoded}\x07");
    let wrapped = format!("\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\");
    for (variable, sequence) in [("COLORTERM", plain), ("TMUX", wrapped)] {
        let mut session = Start::new(80, 24).args(["--demo"]).env(variable, "x").run();
        session.wait_for_text(USER);
        session.settle(QUIET);
        let from = session.bytes();
        session.send("y");
        session.wait_for_output(from, sequence.as_bytes());
    }
}

#[test]
fn copying_hands_the_text_to_the_desktop_as_well() {
    let place = tempfile::tempdir().unwrap();
    let (command, copied) = (place.path().join("wl-copy"), place.path().join("copied"));
    let script = format!(
        "#!/bin/sh\ncat >'{0}.part' && mv '{0}.part' '{0}'\n",
        copied.display()
    );
    std::fs::write(&command, script).unwrap();
    std::fs::set_permissions(&command, Permissions::from_mode(0o755)).unwrap();
    let path = format!(
        "{}:{}",
        place.path().display(),
        std::env::var("PATH").unwrap()
    );
    let mut session = Start::new(80, 24)
        .args(["--demo"])
        .env("PATH", path)
        .env("WAYLAND_DISPLAY", "wayland-0")
        .run();
    session.wait_for_text(USER);
    session.settle(QUIET);
    session.send("y");
    let until = Instant::now() + Duration::from_secs(10);
    while !copied.exists() {
        assert!(Instant::now() < until, "nothing was handed over");
        std::thread::sleep(Duration::from_millis(5));
    }
    let text = std::fs::read_to_string(copied).unwrap();
    assert_eq!(text, "arn:aws:iam::111122223333:user/aisha");
}

#[test]
fn a_slow_start_is_explained_and_can_be_given_up() {
    let place = tempfile::tempdir().unwrap();
    let config = place.path().join("config");
    std::fs::write(
        &config,
        "[default]\nregion = eu-west-1\ncredential_process = sleep 60\n",
    )
    .unwrap();
    let mut session = Start::new(80, 24)
        .env("AWS_CONFIG_FILE", config)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .run();
    session.wait_for_text("looking for credentials");
    session.screen(|screen| assert!(!screen.alternate_screen()));
    session.send("\x03");
    assert_eq!(session.ended_by().as_deref(), Some("Interrupt"));
    session.assert_given_back();
}
