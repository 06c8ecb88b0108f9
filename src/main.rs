//! The program: the command line of the library.

use std::panic;
use std::process::ExitCode;

use color_eyre::config::HookBuilder;

fn main() -> ExitCode {
    // A report that cannot be installed costs a panic its colours, no more.
    let _ = HookBuilder::default().display_env_section(false).install();
    // The hook has told what happened; the exit code of a failure is 1, not Rust's 101.
    panic::catch_unwind(convscope::cli::run).unwrap_or(ExitCode::FAILURE)
}
