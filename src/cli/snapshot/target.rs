//! Where a snapshot goes: a file that appears whole, or standard output.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Account, Problem, Source, Spec, Status, output, snapshot};
use crate::cli::load;
use crate::source::{Mode, written};

/// A level at which a large account still takes less time to pack than to read.
const LEVEL: i32 = 6;

pub(super) struct Target {
    file: Option<PathBuf>,
    force: bool,
}

impl Target {
    /// Checks early, before anything is read, that the file may be written.
    pub fn new(output: Option<&Path>, force: bool) -> Result<Self, Problem> {
        let output = output.filter(|path| path.as_os_str() != "-");
        let target = Self {
            file: output.map(Path::to_owned),
            force,
        };
        let Some(path) = output else {
            return Ok(target);
        };
        let is_there = written::check(path, "leave -o out to write to standard output")?;
        match is_there && !force {
            true => Err(written::wrong(
                path,
                "it exists",
                "name another file, or add --force",
            )),
            false => Ok(target),
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
        let Some(path) = self.partial_path() else {
            return Ok(());
        };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(written::failed(&path, &error))
            }
            _ => Ok(()),
        }
    }

    fn partial_path(&self) -> Option<PathBuf> {
        let mut name = self.file.clone()?.into_os_string();
        name.push(".partial");
        Some(name.into())
    }

    fn replace(&self, path: &Path, account: &Account, over: bool) -> Result<(), Problem> {
        written::replace(path, over, |file| match self.compressed() {
            true => zstd::Encoder::new(file, LEVEL).and_then(|mut encoder| {
                snapshot::write(account, &mut encoder)?;
                encoder.finish()?.flush()
            }),
            false => snapshot::write(account, file),
        })
    }

    fn compressed(&self) -> bool {
        let path = self.file.as_deref();
        path.is_some_and(|path| {
            path.extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("zst"))
        })
    }
}
