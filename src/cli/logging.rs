//! Sets up the log, and records every panic in it.

use std::env;
use std::path::PathBuf;
use std::{panic, thread};

use clap::{Arg, ArgMatches, Command, value_parser};
use color_eyre::config::HookBuilder;
use color_eyre::eyre::eyre;
use tracing::debug;

use super::failure::Failure;
use super::output::warn;
use crate::kernels::tier_name;
use crate::log::{self, LevelFilter};
use crate::wording::reason_of;

const FILE: &str = "log";
const VARIABLE: &str = "CONVSCOPE_LOG";

/// Adds the option that every command takes.
pub fn define(command: Command) -> Command {
    let file = Arg::new(FILE).long(FILE).value_name("FILE").global(true);
    let file = file.value_parser(value_parser!(PathBuf)).help(
        "Write a debug log to FILE, for bug reports; CONVSCOPE_LOG=debug writes it to \
         ~/.local/state/convscope/convscope.log",
    );
    command.arg(file)
}

/// Starts the log as given by the command line and the environment; without either, only panics are logged.
///
/// # Errors
/// [`Failure::Input`] if the level is unknown or the file cannot be written.
pub fn start(matches: &ArgMatches) -> Result<(), Failure> {
    let file = matches.get_one::<PathBuf>(FILE).cloned();
    let level = match (env::var(VARIABLE), &file) {
        (Ok(level), _) => level.parse().map_err(|_| {
            Failure::Input(eyre!(
                "{VARIABLE}: expected error, warn, info, debug, trace or off, got {level:?}"
            ))
        })?,
        (Err(_), Some(_)) => LevelFilter::DEBUG,
        (Err(_), None) => LevelFilter::OFF,
    };
    log::start(level, file).map_err(|error| {
        let path = log::path().unwrap_or_default();
        let path = path.display();
        Failure::Input(eyre!(
            "{path}: the log cannot be written: {}; choose another file with --log FILE",
            reason_of(&error)
        ))
    })?;
    debug!(
        version = env!("CARGO_PKG_VERSION"),
        arguments = ?env::args_os().skip(1).collect::<Vec<_>>(),
        system = env::consts::OS,
        processor = env::consts::ARCH,
        vector_instructions = tier_name(),
        threads = thread::available_parallelism().map_or(0, usize::from),
        process = std::process::id(),
        "start",
    );
    Ok(())
}

/// Installs a panic hook that logs panics and reports them in colour. Not color-eyre's own hook, which panics itself if stderr is a
/// terminal that is gone, and a panic in a hook aborts.
pub fn report_panics() {
    let builder = HookBuilder::default().display_env_section(false);
    // Without the report, panics are only printed without colours.
    let Ok((report, errors)) = builder.try_into_hooks() else {
        return;
    };
    let _ = errors.install();
    panic::set_hook(Box::new(move |information| {
        log::keep_panic(information);
        warn(&report.panic_report(information).to_string());
        if let Some(file) = log::file_of_panic() {
            warn(&format!(
                "\nThis is a bug in convscope. Please report it and attach {}.",
                file.display()
            ));
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::testing::alone;

    #[test]
    fn a_panic_is_reported_with_the_file_that_keeps_it() {
        let Some(left) =
            alone("cli::logging::tests::a_panic_is_reported_with_the_file_that_keeps_it")
        else {
            report_panics();
            let _ = panic::catch_unwind(|| panic!("the sum is odd"));
            return;
        };
        let sentence = format!("Please report it and attach {}.", left.file.display());
        assert!(left.stderr.contains(&sentence), "{}", left.stderr);
        for part in [
            "the sum is odd",
            "src/cli/logging.rs:",
            "a_panic_is_reported",
            "keep_panic is at 0x",
        ] {
            assert!(left.log.contains(part), "no {part} in {}", left.log);
        }
    }
}
