//! Where a snapshot goes: a file that appears whole, or standard output.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Account, Problem, Source, Spec, Status, output, snapshot};
use crate::cli::load;
use crate::source::{ExitCode, Mode};

/// A level at which a large account still takes less time to pack than to read.
const LEVEL: i32 = 6;

pub(super) struct Target {
    file: Option<PathBuf>,
    force: bool,
}

impl Target {
    /// Checks early, before anything is read, that the file may be written.
    pub fn new(output: Option<&Path>, force: bool) -> Result<Self, Problem> {
        let file = output.filter(|path| path.as_os_str() != "-");
        let target = Self {
            file: file.map(Path::to_owned),
            force,
        };
        let Some(path) = file else {
            return Ok(target);
        };
        let wrong = |why: &str, next: &str| {
            let what = format!("cannot write {}", path.display());
            Err(Problem::new(what, why).next(next).exit(ExitCode::Usage))
        };
        // Not followed: the file is replaced by name, so a link would be too.
        match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_dir() => wrong("it is a directory", "name a file inside it"),
            Ok(meta) if !meta.is_file() => wrong(
                "it is no regular file",
                "leave -o out to write to standard output",
            ),
            Ok(_) if !force => wrong("it exists", "name another file, or add --force"),
            Ok(_) => Ok(target),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if folder(path).is_dir() {
                    Ok(target)
                } else {
                    wrong("its folder does not exist", "make the folder first")
                }
            }
            Err(error) => Err(target.failed(&error)),
        }
    }

    pub fn name(&self) -> String {
        match &self.file {
            Some(path) => path.display().to_string(),
            None => "standard output".into(),
        }
    }

    /// Writes the account.
    pub fn write(&self, account: &Account) -> Result<(), Problem> {
        match &self.file {
            None => output::to_stdout(|out| snapshot::write(account, out)),
            Some(path) => self.replace(path, account, self.force),
        }
    }

    /// Keeps an account whose details are not all fetched. Gives the file, if there is one.
    pub fn keep_partial(&self, account: &Account) -> Result<Option<PathBuf>, Problem> {
        let path = self.partial_path();
        if let Some(path) = &path {
            self.replace(path, account, true)?;
        }
        Ok(path)
    }

    /// What an earlier run kept.
    pub async fn partial(&self, status: &Status) -> Result<Option<Account>, Problem> {
        let Some(path) = self.partial_path().filter(|path| path.exists()) else {
            return Ok(None);
        };
        status.line(&format!("going on from {}", path.display()));
        let delete = format!("delete {} to start anew", path.display());
        let read = async {
            let source = Source::open(&Spec::File(path), Mode::ReadOnly).await?;
            load::account(&source, status).await
        };
        read.await.map(Some).map_err(|problem| problem.next(delete))
    }

    /// Removes what an earlier run kept.
    pub fn forget_partial(&self) -> Result<(), Problem> {
        match self.partial_path().map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(&error)),
            _ => Ok(()),
        }
    }

    fn partial_path(&self) -> Option<PathBuf> {
        let mut name = self.file.clone()?.into_os_string();
        name.push(".partial");
        Some(name.into())
    }

    /// Writes a new file beside `path`, readable by its owner only, and gives it the name once it
    /// is whole and on the disk.
    fn replace(&self, path: &Path, account: &Account, over: bool) -> Result<(), Problem> {
        let failed = |error: &io::Error| self.failed(error);
        let mut file = NamedTempFile::new_in(folder(path)).map_err(|error| failed(&error))?;
        let written = if self.compressed() {
            zstd::Encoder::new(file.as_file_mut(), LEVEL).and_then(|mut encoder| {
                snapshot::write(account, &mut encoder)?;
                encoder.finish()?.flush()
            })
        } else {
            snapshot::write(account, file.as_file_mut())
        };
        written
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

    fn compressed(&self) -> bool {
        let path = self.file.as_deref();
        path.is_some_and(|path| {
            path.extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("zst"))
        })
    }

    fn failed(&self, error: &io::Error) -> Problem {
        Problem::new(format!("cannot write {}", self.name()), error.to_string())
            .next("name a file in a folder that you may write to, with room on its disk")
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => path,
    }
}
