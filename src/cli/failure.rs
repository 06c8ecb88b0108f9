//! How a command can fail, with the exit code of each way.

use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::interrupt::Request;
use super::output;
use crate::wording::with_causes;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// A usage error, with clap's own text; `--help` and `--version` are no failure.
    Usage(clap::Error),
    /// Invalid input; nothing was done.
    Input(Report),
    /// Something failed while the command ran.
    Failed(Report),
    /// Interrupted before it was done; the text continues "interrupted …".
    Interrupted(Request, String),
    /// The reader of the output has closed it.
    OutputClosed,
}

impl Failure {
    /// Invalid input, described by `error`.
    pub fn input(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Input(Report::new(error))
    }

    /// Invalid input, in a sentence.
    pub fn sentence(text: String) -> Self {
        Self::Input(Report::msg(text))
    }

    /// A failure while the command ran, described by `error`.
    pub fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Report::new(error))
    }

    /// The reason in a sentence without its full stop; empty if there is nobody to tell it.
    pub fn in_words(&self) -> String {
        match self {
            Self::Usage(error) => error.to_string(),
            Self::Input(report) | Self::Failed(report) => with_causes(report.as_ref()),
            Self::Interrupted(_, what_is_left) => format!("interrupted {what_is_left}"),
            Self::OutputClosed => String::new(),
        }
    }

    /// Reports the failure and returns the exit code.
    pub fn report(self) -> ExitCode {
        match self {
            Self::Usage(error) => {
                // If even this cannot be printed, the exit code remains.
                let _ = error.print();
                ExitCode::from(if error.use_stderr() { 2 } else { 0 })
            }
            Self::Input(ref report) | Self::Failed(ref report) => {
                output::warn(&format!("error: {}", with_causes(report.as_ref())));
                ExitCode::from(if matches!(self, Self::Input(_)) { 2 } else { 1 })
            }
            Self::Interrupted(request, what_is_left) => {
                let how = match request {
                    Request::Interrupt => "interrupted",
                    Request::HangUp => "hung up",
                };
                output::warn(&format!("{how} {what_is_left}"));
                ExitCode::from(request.exit_code())
            }
            Self::OutputClosed => ExitCode::SUCCESS,
        }
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::Usage(error)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use color_eyre::eyre::WrapErr;

    use super::*;
    use crate::runs::{RunError, RunFolder};

    #[test]
    fn a_cause_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plain"), "").unwrap();
        let error = RunFolder::list(&folder.path().join("plain")).unwrap_err();
        let text = with_causes(&error);
        let reason = "part of the path is not a folder";
        assert_eq!(text.matches(reason).count(), 1, "{text}");
        let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
        let path = || folder.path().to_owned();
        for error in [
            RunError::NotMade {
                path: path(),
                cause: denied(),
            },
            RunError::NotWritten {
                path: path(),
                cause: denied(),
            },
            RunError::NotRead {
                path: path(),
                cause: denied(),
            },
        ] {
            // An error whose sentence has its cause has no source.
            assert_eq!(with_causes(&error).matches("denied").count(), 1);
        }
        assert!(
            text.ends_with("check the path and its permissions"),
            "{text}"
        );
        // One that is not told yet is, in our words.
        let report = Err::<(), _>(denied()).wrap_err("a.csv: cannot be written");
        let text = with_causes(report.unwrap_err().as_ref());
        assert_eq!(text, "a.csv: cannot be written: permission denied");
    }
}
