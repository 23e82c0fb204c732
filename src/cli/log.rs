//! `--log FILE`.

use std::fs::OpenOptions;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use crate::source::{ExitCode, Problem};

/// Our own modules in full, of all others only warnings: the finer logs of the AWS SDK show
/// requests with their headers, and what credential helpers answer. Not to be widened from
/// outside.
const FILTER: &str = "warn,iamscope=debug";

/// Starts to log to a file that only its owner may read; goes on at the end of one that exists.
///
/// # Errors
/// A [`Problem`] where the file cannot be opened for writing.
pub fn start(path: &Path) -> Result<(), Problem> {
    let failed = |error: &dyn std::error::Error| {
        Problem::new(
            format!("cannot log to {}", path.display()),
            error.to_string(),
        )
        .next("name another file, or leave --log out")
        .exit(ExitCode::Usage)
    };
    let mut options = OpenOptions::new();
    let file = options.create(true).append(true).mode(0o600).open(path);
    let file = file.map_err(|error| failed(&error))?;
    let meta = file.metadata().map_err(|error| failed(&error))?;
    if meta.is_file() {
        file.set_permissions(PermissionsExt::from_mode(0o600))
            .map_err(|error| failed(&error))?;
    }
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(FILTER))
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .try_init()
        .map_err(|error| failed(&*error))
}
