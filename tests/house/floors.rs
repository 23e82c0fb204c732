//! The floors, and what may be known on each.

use std::fmt;
use std::path::{Path, PathBuf};

use super::paths::{Found, Target};

/// The floors from the top. Each may know the floors below its own; of those that stand together
/// none knows the other.
const FLOORS: [&[&str]; 10] = [
    &["tui", "cli"],
    &["report"],
    &["source"],
    &["change"],
    &["authoring"],
    &["access"],
    &["catalog"],
    &["iam"],
    &["policy"],
    &["visible"],
];

/// A path that points where it may not.
#[derive(Debug)]
pub struct Violation {
    /// The file, relative to `src`.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The path, as it is written.
    pub path: String,
    /// The rule that it breaks.
    pub rule: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line) = (self.file.display(), self.line);
        write!(f, "src/{file}:{line}: {}: {}", self.path, self.rule)
    }
}

/// What in a file breaks a rule.
pub fn violations(file: &Path, paths: &[Found]) -> Vec<Violation> {
    let broken = paths.iter().filter_map(|path| {
        let rule = match &path.to {
            Target::Inside(to) => inside(file, to)?,
            Target::Named(name) => outside(file, name)?,
            Target::Hidden => "what lies there cannot be judged",
        };
        Some(Violation {
            file: file.to_owned(),
            line: path.line,
            path: path.written.clone(),
            rule,
        })
    });
    broken.collect()
}

/// The module right below the root that a file belongs to. `lib.rs` and `main.rs` are no floor.
fn floor_of(file: &Path) -> Option<&str> {
    let first = Path::new(file.iter().next()?).file_stem()?.to_str()?;
    (!matches!(first, "lib" | "main")).then_some(first)
}

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().rev().position(|f| f.contains(&floor))
}

/// The rule that a path into this crate breaks.
fn inside(file: &Path, to: &[String]) -> Option<&'static str> {
    let from = floor_of(file)?;
    let Some(to) = to.first() else {
        return Some("the root by another name hides what is taken from it");
    };
    match (height(from), height(to)) {
        _ if from == to => None,
        (Some(from), Some(to)) if from > to => None,
        (Some(from), Some(to)) if from == to => Some("the faces do not know each other"),
        (Some(_), Some(_)) => Some("an import points only to a lower floor"),
        _ => Some("the module is on no floor yet"),
    }
}

/// The rule that a path into another crate breaks.
fn outside(file: &Path, name: &str) -> Option<&'static str> {
    let floor = floor_of(file);
    let within_aws = file.with_extension("").starts_with("source/aws");
    match name {
        name if name.starts_with("aws_") && !within_aws => Some("SDK types stay inside source/aws"),
        "ratatui" | "crossterm" | "tui_textarea" if floor.is_some_and(|f| f != "tui") => {
            Some("only the interface draws")
        }
        "tokio" if floor.and_then(height) <= height("change") && floor.is_some() => {
            Some("the floors up to change know no runtime")
        }
        _ => None,
    }
}
