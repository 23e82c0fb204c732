//! An account in a file.

use std::path::Path;

use super::{Problem, Sink};

/// A file that holds an account.
#[derive(Debug)]
pub struct FileSource;

impl FileSource {
    /// Checks that the file can be opened.
    ///
    /// # Errors
    /// A [`Problem`].
    pub fn open(_path: &Path) -> Result<Self, Problem> {
        Err(Problem::new("not built yet", ""))
    }

    /// Standard input.
    pub fn stdin() -> Self {
        Self
    }

    /// What people call it.
    pub fn label(&self) -> String {
        String::new()
    }

    /// Loads the account.
    pub async fn load(&self, _sink: Sink) {}
}
