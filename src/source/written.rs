//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use super::{ExitCode, Problem};

/// Checks early, before anything is read, that a file may be written; gives whether there is one
/// of this name. `to_stdout` says how to write to standard output instead.
///
/// # Errors
/// A [`Problem`] where there is no place for a file.
pub fn check(path: &Path, to_stdout: &str) -> Result<bool, Problem> {
    // Not followed: the file is replaced by name, so a link would be too.
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => Err(wrong(path, "it is a directory", "name a file inside it")),
        Ok(meta) if !meta.is_file() => Err(wrong(path, "it is no regular file", to_stdout)),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match folder(path).is_dir() {
            true => Ok(false),
            false => Err(wrong(
                path,
                "its folder does not exist",
                "make the folder first",
            )),
        },
        Err(error) => Err(failed(path, &error)),
    }
}

/// Why a file cannot be written as the command line has it.
pub fn wrong(path: &Path, why: &str, next: &str) -> Problem {
    let what = format!("cannot write {}", path.display());
    Problem::new(what, why).next(next).exit(ExitCode::Usage)
}

/// Writes a new file beside `path`, readable by its owner only, and gives it the name once it is
/// whole and on the disk; `over` replaces one that is there.
///
/// # Errors
/// A [`Problem`] where that fails.
pub fn replace(
    path: &Path,
    over: bool,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), Problem> {
    let failed = |error: &io::Error| failed(path, error);
    let mut file = NamedTempFile::new_in(folder(path)).map_err(|error| failed(&error))?;
    write(file.as_file_mut())
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| failed(&error))?;
    let named = if over {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    named.map_err(|error| failed(&error.error))?;
    Ok(())
}

/// Why a file was not written.
pub fn failed(path: &Path, error: &io::Error) -> Problem {
    Problem::new(
        format!("cannot write {}", path.display()),
        error.to_string(),
    )
    .next("name a file in a folder that you may write to, with room on its disk")
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => path,
    }
}
