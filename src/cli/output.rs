//! Writing to stdout and stderr without panicking when they are closed.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use color_eyre::eyre::eyre;

use super::failure::Failure;
use super::interrupt::Request;
use crate::data::replace_file;
use crate::ui::format::{left, right, width_of};
use crate::wording::reason_of;
pub(super) use crate::wording::thousands;

/// Writes a line, or lines, to stdout and flushes it.
///
/// # Errors
/// [`Failure::OutputClosed`] if stdout is a closed pipe, [`Failure::Interrupted`] if it is a terminal that is gone,
/// [`Failure::Failed`] if it cannot be written for another reason.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")
        .and_then(|()| stdout.flush())
        .map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => Failure::OutputClosed,
            _ if is_terminal_gone(&error) => {
                Failure::Interrupted(Request::HangUp, "while writing to the terminal".to_owned())
            }
            _ => Failure::Failed(eyre!(
                "standard output cannot be written: {}",
                reason_of(&error)
            )),
        })
}

/// Writes a file that the user named, replacing it as a whole.
///
/// # Errors
/// [`Failure::Input`] if it cannot be written.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), Failure> {
    replace_file(path, content).map_err(|error| {
        Failure::Input(eyre!(
            "{}: cannot be written: {}; choose a path in a writable folder",
            path.display(),
            reason_of(&error)
        ))
    })
}

/// A text field of CSV in quotes; an empty text gives an empty field.
pub fn csv_cell(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("\"{}\"", text.replace('"', "\"\"")),
    }
}

/// Whether stdout is a terminal that was closed. It no longer reports that it is a terminal, but still that it is a character device.
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

/// Whether notes are suppressed.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Suppresses notes from now on, but not warnings.
pub fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// Writes a line to stderr, unless notes are suppressed.
pub fn note(text: &str) {
    if !IS_QUIET.load(Ordering::Relaxed) {
        warn(text);
    }
}

/// Writes a warning to stderr, ignoring errors.
pub fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// An aligned table, its columns two spaces apart: columns for which `is_text` holds are left-aligned, the others right-aligned.
pub fn table(rows: &[Vec<String>], is_text: impl Fn(usize) -> bool) -> String {
    let lines = padded(rows, is_text).into_iter();
    let lines = lines.map(|cells| cells.join("  ").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// The cells of each row, padded to the width of their column. All rows have the same columns.
pub fn padded(rows: &[Vec<String>], is_text: impl Fn(usize) -> bool) -> Vec<Vec<String>> {
    let columns = rows.first().map_or(0, Vec::len);
    let widths = (0..columns).map(|column| widest(rows.iter().map(|row| &row[column])));
    let widths: Vec<usize> = widths.collect();
    let pad = |(column, cell): (usize, &String)| match (is_text(column), widths[column]) {
        (true, width) => left(cell, width),
        (false, width) => right(cell, width),
    };
    let rows = rows.iter();
    rows.map(|row| row.iter().enumerate().map(pad).collect())
        .collect()
}

/// The columns that the widest text takes in a terminal.
pub fn widest(texts: impl IntoIterator<Item = impl AsRef<str>>) -> usize {
    let widths = texts.into_iter().map(|text| width_of(text.as_ref()));
    widths.max().unwrap_or(0)
}
