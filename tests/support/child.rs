//! Tests whose environment is theirs alone.
//!
//! Environment variables belong to the process, and tests run side by side in one. Such a test
//! starts its own binary again for itself only, with the environment that it asks for, and reads
//! what it printed.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const MARK: &str = "IAMSCOPE_TEST_CHILD";
const BEGIN: &str = "<<<child says>>>";

/// Runs `body` in a process of its own that has `env` and a home directory at `home`, and gives
/// what it returned. `test` is the test's path as the test runner prints it, which is where this
/// must be called. `input` is what the process finds on standard input.
pub fn in_child(
    test: &str,
    home: &Path,
    env: &[(&str, &str)],
    input: &str,
    body: impl FnOnce() -> String,
) -> String {
    if std::env::var_os(MARK).is_some() {
        println!("{BEGIN}{}{BEGIN}", body());
        std::process::exit(0);
    }
    let binary = std::env::current_exe().expect("a test knows its binary");
    let mut command = Command::new(binary);
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env(MARK, "1")
        .envs(env.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().expect("the test binary runs");
    let mut stdin = process.stdin.take().expect("its input is a pipe");
    stdin.write_all(input.as_bytes()).expect("it takes input");
    let output = process.wait_with_output().expect("the child ends");
    drop(stdin);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut parts = said.split(BEGIN);
    match (parts.next(), parts.next()) {
        (Some(_), Some(said)) => said.to_owned(),
        _ => panic!(
            "{test}: no test of that name, or it failed in its child:\n{said}\n{}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}
