//! `--log FILE`.

use std::fs::OpenOptions;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::source::{ExitCode, Problem};

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
    // Our own modules in full, of all others only warnings: the finer logs of the AWS SDK show
    // requests with their headers, and what credential helpers answer. Not to be widened from
    // outside.
    let ours = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("iamscope", LevelFilter::DEBUG);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .with_filter(ours);
    tracing_subscriber::registry()
        .with(lines)
        .try_init()
        .map_err(|error| failed(&error))
}
