//! The program: the command line of the library.

use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;

use color_eyre::config::HookBuilder;

fn main() -> ExitCode {
    report_panics();
    // The hook has told what happened; the exit code of a failure is 1, not Rust's 101.
    panic::catch_unwind(convscope::cli::run).unwrap_or(ExitCode::FAILURE)
}

/// Lets a panic be reported in colours. Not by color-eyre's own hook, which panics itself where stderr is a terminal that is gone, and a
/// panic in a hook aborts.
fn report_panics() {
    let builder = HookBuilder::default().display_env_section(false);
    // A report that cannot be installed costs a panic its colours, no more.
    let Ok((report, errors)) = builder.try_into_hooks() else {
        return;
    };
    let _ = errors.install();
    panic::set_hook(Box::new(move |information| {
        let _ = writeln!(io::stderr(), "{}", report.panic_report(information));
    }));
}
