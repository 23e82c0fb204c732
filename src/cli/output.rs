//! Printing that takes it calmly when the reader goes away.

use std::io::{self, BufWriter, Write};

use crate::source::Problem;

/// Writes to standard output. A reader that has seen enough and closed the pipe is no error.
pub(super) fn to_stdout(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Problem> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Problem::new(
            "cannot write to standard output",
            error.to_string(),
        )),
        _ => Ok(()),
    }
}

/// Writes a line to standard error.
pub(super) fn note(line: &str) -> io::Result<()> {
    writeln!(io::stderr().lock(), "{line}")
}
