//! How a command can end other than well, and the exit code of each way.

use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::interrupt::Request;
use super::output;

/// Why a command did not do all that it was asked for.
#[derive(Debug)]
pub enum Failure {
    /// The command line itself; clap's own text, which for `--help` and `--version` is no failure.
    Usage(clap::Error),
    /// What a person gave cannot be used; nothing was done.
    Input(Report),
    /// Something went wrong on the way.
    Failed(Report),
    /// Asked to end before it was done; with what became of the work.
    Interrupted(Request, String),
    /// Whoever read the output has seen enough.
    OutputClosed,
}

impl Failure {
    /// Bad input, by its own words.
    pub fn input(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Input(Report::new(error))
    }

    /// Something that went wrong on the way, by its own words.
    pub fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Report::new(error))
    }

    /// Tells the user, and gives the exit code.
    pub fn report(self) -> ExitCode {
        match self {
            Self::Usage(error) => {
                // Where not even this can be printed, the exit code is left.
                let _ = error.print();
                ExitCode::from(if error.use_stderr() { 2 } else { 0 })
            }
            // The alternate form is the chain of causes without backtrace and source lines.
            Self::Input(report) => {
                output::note(&format!("error: {report:#}"));
                ExitCode::from(2)
            }
            Self::Failed(report) => {
                output::note(&format!("error: {report:#}"));
                ExitCode::from(1)
            }
            Self::Interrupted(request, what_is_left) => {
                let how = match request {
                    Request::Interrupt => "interrupted",
                    Request::HangUp => "hung up",
                };
                output::note(&format!("{how} {what_is_left}"));
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
