//! Writing to stdout and stderr without a panic where nobody reads any more.

use std::io::{self, ErrorKind, Write};

use super::failure::Failure;
use super::interrupt::Request;

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

/// Writes a line to stderr, if anyone listens there.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// `1213450` → `1,213,450`
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 999, 1000, 578_970, 8_305_674].map(thousands);
        assert_eq!(texts, ["0", "999", "1,000", "578,970", "8,305,674"]);
    }
}
