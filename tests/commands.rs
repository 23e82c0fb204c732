//! The commands, as a shell runs them.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn iamscope(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iamscope"));
    command.args(args).stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    iamscope(args).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn demo() -> Vec<u8> {
    let output = run(&["--demo", "snapshot"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    output.stdout
}

#[test]
fn a_snapshot_is_private_and_whole_and_read_back_the_same() {
    let folder = folder();
    for name in ["demo.json", "demo.json.zst"] {
        let path = folder.path().join(name);
        let output = run(&["snapshot", "--demo", "-o", path.to_str().unwrap()]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(output.stdout.is_empty());
        assert!(
            stderr(&output).contains("41 users, 8 groups, 60 roles"),
            "{}",
            stderr(&output)
        );
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let bytes = fs::read(&path).unwrap();
        assert_eq!(
            bytes.starts_with(b"\x28\xb5\x2f\xfd"),
            name.ends_with(".zst")
        );
        let back = run(&["snapshot", "--snapshot", path.to_str().unwrap()]);
        assert_eq!(code(&back), 0, "{}", stderr(&back));
        assert!(back.stdout == demo(), "{name} reads back differently");
    }
    assert_eq!(names(folder.path()), ["demo.json", "demo.json.zst"]);
}

#[test]
fn a_file_that_is_there_stays_unless_forced() {
    let folder = folder();
    let path = folder.path().join("a.json");
    fs::write(&path, "precious").unwrap();
    let args = ["snapshot", "--demo", "-o", path.to_str().unwrap()];
    let refused = run(&args);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("--force"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    let forced = run(&[&args[..], &["--force"]].concat());
    assert_eq!(code(&forced), 0, "{}", stderr(&forced));
    assert!(fs::read(&path).unwrap() == demo());
}

#[test]
fn what_cannot_be_a_file_is_refused_before_anything_is_read() {
    let folder = folder();
    let dir = folder.path().to_str().unwrap();
    let nowhere = format!("{dir}/none/a.json");
    for (path, why) in [
        (dir, "directory"),
        (nowhere.as_str(), "folder"),
        ("/dev/null", "no regular file"),
    ] {
        let output = run(&["snapshot", "--demo", "--force", "-o", path]);
        assert_eq!(code(&output), 2, "{path}");
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
}

#[test]
fn a_source_that_fails_leaves_nothing_behind() {
    let folder = folder();
    let broken = folder.path().join("broken.json");
    fs::write(&broken, "{\"UserDetailList\": [").unwrap();
    let out = folder.path().join("out.json");
    let output = run(&[
        "snapshot",
        "--snapshot",
        broken.to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
    ]);
    assert_eq!(code(&output), 4);
    let message = stderr(&output);
    assert!(
        message.contains("broken.json: it ends in the middle, at line 1"),
        "{message}"
    );
    assert!(message.contains("--demo"), "{message}");
    assert_eq!(names(folder.path()), ["broken.json"]);
}

#[test]
fn standard_input_is_a_file_too() {
    for packed in [false, true] {
        let mut input = demo();
        if packed {
            input = zstd::encode_all(input.as_slice(), 1).unwrap();
        }
        let mut child = iamscope(&["--snapshot", "-", "snapshot"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert_eq!(code(&output), 0);
        assert!(output.stdout == demo());
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = iamscope(&["snapshot", "--demo"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn the_interface_needs_a_terminal() {
    let output = run(&["--demo"]);
    assert_eq!(code(&output), 2);
    let message = stderr(&output);
    assert!(message.contains("not a terminal"), "{message}");
    assert!(message.contains("iamscope snapshot"), "{message}");
    assert!(message.contains("iamscope completions"), "{message}");
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    for args in [
        &["--nonsense"][..],
        &["snapshot", "--demo", "--snapshot", "x"],
        &["snapshot", "--demo", "--region", "eu-west-1"],
        &["completions", "cmd.exe"],
        &["snapshots"],
    ] {
        let output = run(args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(
            !output.stderr.is_empty() && output.stdout.is_empty(),
            "{args:?}"
        );
    }
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell]);
        assert_eq!(code(&output), 0);
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(
            script.contains("--endpoint-url") || script.contains("endpoint-url"),
            "{shell}"
        );
    }
}

#[test]
fn the_help_tells_exit_codes() {
    let output = run(&["--help"]);
    assert_eq!(code(&output), 0);
    let help = String::from_utf8(output.stdout).unwrap();
    for word in ["Exit codes", "--read-only", "snapshot", "128+n"] {
        assert!(help.contains(word), "{word}");
    }
}

#[test]
fn hostile_text_reaches_the_terminal_escaped() {
    let folder = folder();
    let path = folder.path().join("x\u{1b}[2Jy.json");
    fs::write(&path, "{\"\u{202e}evil\\u001b]0;t\\u0007\u{9b}2J\": 1}").unwrap();
    let output = run(&["snapshot", "--snapshot", path.to_str().unwrap()]);
    assert_eq!(code(&output), 4);
    let message = stderr(&output);
    assert!(message.contains("\\x1b[2Jy.json"), "{message}");
    assert!(
        message.contains("\\u{202e}evil\\x1b]0;t\\x07\\x9b2J"),
        "{message}"
    );
    let raw = message
        .chars()
        .find(|&c| c != '\n' && iamscope::visible::is_hidden(c));
    assert_eq!(raw, None);
}

#[test]
fn details_of_a_file_are_said_to_be_what_they_are() {
    let output = run(&["snapshot", "--demo", "--details"]);
    assert_eq!(code(&output), 0);
    assert!(
        stderr(&output).contains("only a live account"),
        "{}",
        stderr(&output)
    );
    assert!(output.stdout == demo());
}

#[test]
fn a_log_is_private() {
    let folder = folder();
    let log = folder.path().join("log");
    fs::write(&log, "earlier\n").unwrap();
    fs::set_permissions(&log, PermissionsExt::from_mode(0o644)).unwrap();
    let output = run(&["snapshot", "--demo", "--log", log.to_str().unwrap()]);
    assert_eq!(code(&output), 0);
    let mode = fs::metadata(&log).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.starts_with("earlier\n"), "{text}");
    assert!(text.contains("opened label=\"demo\""), "{text}");
    let output = run(&["snapshot", "--demo", "--log", "/nowhere/log"]);
    assert_eq!(code(&output), 2);
}
