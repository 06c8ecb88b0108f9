//! Writing to stdout and stderr without a panic where nobody reads any more.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::failure::Failure;
use super::interrupt::Request;
pub(super) use crate::wording::thousands;

/// Writes a line, or lines, to stdout at once.
///
/// # Errors
/// [`Failure::OutputClosed`] where nobody reads stdout any more, [`Failure::Interrupted`] where it is a terminal that is gone,
/// [`Failure::Failed`] where it cannot be written for another reason.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")
        .and_then(|()| stdout.flush())
        .map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => Failure::OutputClosed,
            _ if is_terminal_gone(&error) => {
                Failure::Interrupted(Request::HangUp, "while it wrote to the terminal".to_owned())
            }
            _ => Failure::failed(error),
        })
}

/// Whether stdout is a terminal that was closed. It no longer says of itself that it is a terminal, but still that it is no file.
#[cfg(unix)]
fn is_terminal_gone(error: &io::Error) -> bool {
    use std::fs::File;
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;

    let is_device = || -> io::Result<bool> {
        let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(stdout.metadata()?.file_type().is_char_device())
    };
    error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error())
        && is_device().unwrap_or(false)
}

#[cfg(not(unix))]
fn is_terminal_gone(_: &io::Error) -> bool {
    false
}

/// Whether notes are left out.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Leaves notes out from now on; what went wrong is still told.
pub fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// Writes a line to stderr, if anyone listens there and wants to know more than the result.
pub fn note(text: &str) {
    if !IS_QUIET.load(Ordering::Relaxed) {
        warn(text);
    }
}

/// Writes a line to stderr, if anyone listens there, about something that went wrong.
pub fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Columns of equal width, two spaces apart: those that `is_text` names on the left, numbers on the right.
pub fn table(rows: &[Vec<String>], is_text: impl Fn(usize) -> bool) -> String {
    let lines = padded(rows, is_text).into_iter();
    let lines = lines.map(|cells| cells.join("  ").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// The cells of each row, all as wide as the widest of their column, which all rows have.
pub fn padded(rows: &[Vec<String>], is_text: impl Fn(usize) -> bool) -> Vec<Vec<String>> {
    let columns = rows.first().map_or(0, Vec::len);
    let widths = (0..columns).map(|column| widest(rows.iter().map(|row| &row[column])));
    let widths: Vec<usize> = widths.collect();
    let pad = |(column, cell): (usize, &String)| match (is_text(column), widths[column]) {
        (true, width) => format!("{cell:<width$}"),
        (false, width) => format!("{cell:>width$}"),
    };
    let rows = rows.iter();
    rows.map(|row| row.iter().enumerate().map(pad).collect())
        .collect()
}

/// The letters of the longest of these texts.
pub fn widest(texts: impl IntoIterator<Item = impl AsRef<str>>) -> usize {
    let lengths = texts.into_iter().map(|text| text.as_ref().chars().count());
    lengths.max().unwrap_or(0)
}
