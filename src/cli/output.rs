//! Printing that takes it calmly when the reader goes away.

use std::io::{self, BufWriter, IsTerminal, Write};

use super::question::ListFormat;
use crate::report::Forms;
use crate::report::words::Style;
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

/// Prints an answer in one of its forms.
pub(super) fn print(format: ListFormat, answer: &dyn Forms) -> Result<(), Problem> {
    to_stdout(|out| match format {
        ListFormat::Table => answer.table(style(), width(), out),
        ListFormat::Json => answer.json(out),
        ListFormat::Jsonl => answer.jsonl(out),
        ListFormat::Csv => answer.csv(out),
    })
}

/// Writes a line to standard error.
pub(super) fn note(line: &str) -> io::Result<()> {
    writeln!(io::stderr().lock(), "{line}")
}

/// Colours where a terminal shows them and nobody minds.
pub(super) fn style() -> Style {
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    if io::stdout().is_terminal() && !is_unwanted {
        Style::Coloured
    } else {
        Style::Plain
    }
}

/// The width of the terminal, where standard output is one that says.
pub(super) fn width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
}
