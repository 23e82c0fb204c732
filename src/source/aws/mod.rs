//! A live account.

use super::{Entity, LiveOptions, Mode, Problem, Resume, Sink};
use crate::iam::Batch;

/// A live account.
#[derive(Debug)]
pub struct Aws;

impl Aws {
    /// Reads the AWS configuration.
    ///
    /// # Errors
    /// A [`Problem`].
    pub async fn open(_options: &LiveOptions, _mode: Mode) -> Result<Self, Problem> {
        Err(Problem::new("not built yet", ""))
    }

    /// What people call it.
    pub fn label(&self) -> String {
        String::new()
    }

    /// Loads the account.
    pub async fn load(&self, _resume: Option<Resume>, _sink: Sink) {}

    /// Fetches what is not known yet of one entity.
    pub async fn fetch(&self, _entity: Entity, _sink: &Sink) -> Batch {
        Batch::default()
    }
}
impl Aws {
    /// x
    /// # Errors
    /// x
    pub async fn owner_of_key(&self, _id: &str, _sink: &Sink) -> Result<Option<String>, Problem> {
        Ok(None)
    }
}
