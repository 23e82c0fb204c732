//! The rules that hold the house together, read off the sources: where an import may point, and
//! how long a file may be.
//!
//! Every path is read, in whatever form it is written: `use` with its groups and renames, paths
//! in code, `super` chains from wherever they stand, and what macros are given.

mod floors;
mod paths;

use std::fs;
use std::path::{Path, PathBuf};

use floors::Violation;

/// The sources, as paths relative to `src` with their texts.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn imports_point_only_to_lower_floors() {
    let sources = sources();
    assert!(sources.len() > 50, "the sources are found");
    let mut paths = 0;
    let mut violations = Vec::new();
    for (file, text) in &sources {
        let found = paths::of(file, text);
        paths += found.len();
        violations.extend(floors::violations(file, &found));
    }
    assert!(paths > 2000, "the paths are found: {paths}");
    let list: Vec<_> = violations.iter().map(Violation::to_string).collect();
    assert!(list.is_empty(), "{}", list.join("\n"));
}

/// The most lines that a source file may have.
const LENGTH: usize = 500;

#[test]
fn every_file_can_be_read_at_a_sitting() {
    let sources = sources();
    let lengths = sources
        .iter()
        .map(|(file, text)| (file, text.lines().count()));
    let long: Vec<_> = lengths.filter(|(_, lines)| *lines > LENGTH).collect();
    assert!(long.is_empty(), "over {LENGTH} lines: {long:?}");
}

/// The rules that the text of one file breaks.
fn broken(file: &str, text: &str) -> Vec<String> {
    let file = Path::new(file);
    let found = floors::violations(file, &paths::of(file, text));
    found.iter().map(|v| v.path.clone()).collect()
}

#[test]
fn a_planted_violation_is_found_in_every_form() {
    for (file, text, path) in [
        // Paths that go up, or across between the faces.
        (
            "iam/arn.rs",
            "use crate::source::Problem;",
            "crate::source::Problem",
        ),
        ("policy/lex.rs", "use crate::iam::Arn;", "crate::iam::Arn"),
        ("visible.rs", "use crate::policy;", "crate::policy"),
        ("source/file.rs", "use crate::tui::App;", "crate::tui::App"),
        ("tui/app/mod.rs", "use crate::cli::Cli;", "crate::cli::Cli"),
        ("cli/mod.rs", "use crate::tui::App;", "crate::tui::App"),
        // `use` with groups, renames, globs and a leading colon.
        (
            "iam/mod.rs",
            "use crate::{policy::Text, source::{Mode, Spec as S}};",
            "crate::source::Mode",
        ),
        (
            "iam/mod.rs",
            "use crate::{policy::Text, source::{Mode, Spec as S}};",
            "crate::source::Spec",
        ),
        (
            "iam/mod.rs",
            "use crate::source as basement;",
            "crate::source",
        ),
        ("iam/mod.rs", "use crate::source::{self};", "crate::source"),
        (
            "iam/mod.rs",
            "pub use crate::source::*;",
            "crate::source::*",
        ),
        (
            "iam/mod.rs",
            "fn f() { use crate::source::Mode; }",
            "crate::source::Mode",
        ),
        // The root under another name would hide what comes after.
        ("iam/mod.rs", "use crate::*;", "crate::*"),
        ("iam/mod.rs", "use crate as root;", "crate"),
        ("iam/mod.rs", "use crate::{self as root};", "crate"),
        ("iam/mod.rs", "use super as root;", "super"),
        ("iam/mod.rs", "extern crate self as root;", "crate"),
        // Paths in code: types, values, patterns, bounds, macros.
        (
            "iam/arn.rs",
            "fn f(x: crate::source::Mode) {}",
            "crate::source::Mode",
        ),
        (
            "iam/arn.rs",
            "fn f() { crate::source::open(); }",
            "crate::source::open",
        ),
        (
            "iam/arn.rs",
            "fn f(x: X) -> bool { matches!(x, crate::source::Mode::ReadOnly) }",
            "crate::source::Mode::ReadOnly",
        ),
        (
            "iam/arn.rs",
            "fn f(x: X) { if let crate::source::Mode::ReadOnly = x {} }",
            "crate::source::Mode::ReadOnly",
        ),
        (
            "iam/arn.rs",
            "fn f<T: crate::source::Reads>(_: T) {}",
            "crate::source::Reads",
        ),
        (
            "iam/arn.rs",
            "fn f() { let x: Vec<Option<crate::source::Mode>>; }",
            "crate::source::Mode",
        ),
        (
            "iam/arn.rs",
            "impl crate::source::Reads for Arn {}",
            "crate::source::Reads",
        ),
        (
            "iam/arn.rs",
            "fn f() { println!(\"{}\", crate::source::MODE); }",
            "crate::source::MODE",
        ),
        (
            "iam/arn.rs",
            "macro_rules! m { () => { $crate::source::MODE } }",
            "crate::source::MODE",
        ),
        (
            "iam/arn.rs",
            "#[serde(with = \"x\", default = f(crate::source::MODE))] struct S;",
            "crate::source::MODE",
        ),
        (
            "iam/arn.rs",
            "macro_rules! m { () => { use crate::{source::Mode as M}; } }",
            "crate::source::Mode",
        ),
        // `super` from a file, from a `mod.rs` and from modules within.
        (
            "iam/arn.rs",
            "use super::super::source::Mode;",
            "super::super::source::Mode",
        ),
        (
            "iam/mod.rs",
            "use super::source::Mode;",
            "super::source::Mode",
        ),
        (
            "iam/arn.rs",
            "mod tests { use super::super::super::source::Mode; }",
            "super::super::super::source::Mode",
        ),
        (
            "iam/arn.rs",
            "fn f() { self::super::super::source::open(); }",
            "self::super::super::source::open",
        ),
        (
            "iam/a/b.rs",
            "use super::super::{super::source::Mode};",
            "super::super::super::source::Mode",
        ),
        // By the crate's own name.
        (
            "iam/arn.rs",
            "use iamscope::source::Mode;",
            "iamscope::source::Mode",
        ),
        // A module that has no floor yet.
        (
            "tui/mod.rs",
            "use crate::cellar::Wine;",
            "crate::cellar::Wine",
        ),
        // Crates that are not for all.
        (
            "iam/arn.rs",
            "use tokio::sync::Mutex;",
            "tokio::sync::Mutex",
        ),
        (
            "iam/arn.rs",
            "use ::tokio::sync::Mutex;",
            "tokio::sync::Mutex",
        ),
        (
            "iam/arn.rs",
            "async fn f() { tokio::join!(a, b); }",
            "tokio::join",
        ),
        ("iam/arn.rs", "extern crate tokio as t;", "tokio"),
        ("iam/arn.rs", "use {std::fmt, tokio as t};", "tokio"),
        (
            "policy/mod.rs",
            "#[tokio::test] async fn t() {}",
            "tokio::test",
        ),
        (
            "policy/mod.rs",
            "use ratatui::style::Style;",
            "ratatui::style::Style",
        ),
        (
            "source/mod.rs",
            "fn f(x: crossterm::event::KeyEvent) {}",
            "crossterm::event::KeyEvent",
        ),
        (
            "source/mod.rs",
            "use aws_sdk_iam::Client;",
            "aws_sdk_iam::Client",
        ),
        ("source/file.rs", "use aws_config as c;", "aws_config"),
        (
            "tui/jobs.rs",
            "fn f(c: &aws_sdk_iam::Client) {}",
            "aws_sdk_iam::Client",
        ),
        ("main.rs", "use aws_config::load;", "aws_config::load"),
        // A file that lies elsewhere than its module says could not be judged.
        (
            "iam/mod.rs",
            "#[path = \"../source/mod.rs\"] mod s;",
            "#[path]",
        ),
        ("iam/mod.rs", "include!(\"../x.rs\");", "include!"),
    ] {
        let found = broken(file, text);
        assert!(
            found.iter().any(|f| f == path),
            "{file}: {text}\nfound {found:?}"
        );
    }
}

#[test]
fn what_is_allowed_is_left_alone() {
    for (file, text) in [
        (
            "tui/app/mod.rs",
            "use crate::{iam::Account, source::{Mode, Problem}, visible::visible};",
        ),
        (
            "tui/app/mod.rs",
            "use super::{Msg, super::source::Mode}; use super::super::policy as p;",
        ),
        (
            "cli/mod.rs",
            "use crate::source::Problem; use tokio::sync::watch; use clap::Parser;",
        ),
        (
            "cli/snapshot/mod.rs",
            "use super::{Global, output}; fn f() { crate::cli::run(); }",
        ),
        (
            "source/aws/mod.rs",
            "use aws_sdk_iam::Client; use super::Mode; use crate::iam::Batch;",
        ),
        ("source/aws.rs", "use aws_sdk_iam::Client;"),
        (
            "iam/arn.rs",
            "use super::Account; use crate::policy::{self, PolicyText};",
        ),
        (
            "iam/arn.rs",
            "mod tests { use super::*; use super::super::Account; }",
        ),
        ("iam/a/b.rs", "use super::super::Account; use super::*;"),
        (
            "iam/mod.rs",
            "pub(in crate::iam) struct A; pub(crate) struct B; use std::sync::Arc;",
        ),
        (
            "iam/mod.rs",
            "/// See [`crate::source`].\nmod source; fn f(source: u8) { source::g(); }",
        ),
        (
            "iam/mod.rs",
            "fn f() { let s = \"crate::source::Mode\"; } // crate::source",
        ),
        ("lib.rs", "pub mod tui; pub use tui::App; use crate::cli;"),
        (
            "main.rs",
            "use iamscope::{cli, tui::run}; fn f() { iamscope::source::x(); }",
        ),
        ("visible.rs", "use unicode_width::UnicodeWidthStr;"),
    ] {
        assert_eq!(broken(file, text), [""; 0], "{file}: {text}");
    }
}
