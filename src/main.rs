//! The program: the command line of the library.

use std::panic;
use std::process::ExitCode;

fn main() -> ExitCode {
    convscope::cli::report_panics();
    // The hook has reported the panic; the exit code of a failure is 1, not Rust's 101.
    panic::catch_unwind(convscope::cli::run).unwrap_or(ExitCode::FAILURE)
}
