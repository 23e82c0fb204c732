//! Comma-separated values: what a line of cells does with its text, and where it goes wrong.

use std::io;

use crate::visible::visible;

/// Writes a line. A terminal may show it.
pub(super) fn line(
    lines: &mut csv::Writer<&mut dyn io::Write>,
    cells: impl IntoIterator<Item = impl AsRef<str>>,
) -> io::Result<()> {
    let cells = cells.into_iter();
    let cells = cells.map(|text| visible(text.as_ref()).into_owned());
    lines.write_record(cells).map_err(as_written)
}

/// The error of the writer below, of which the kind must stay: a reader who went away is none.
fn as_written(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("a line of cells cannot be written: {other:?}")),
    }
}
