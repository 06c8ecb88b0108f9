//! What goes to the log, and that every panic is in it.

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

const FILE: &str = "log";
const VARIABLE: &str = "CONVSCOPE_LOG";

/// Adds the option that every command takes.
pub fn define(command: Command) -> Command {
    let file = Arg::new(FILE).long(FILE).value_name("FILE").global(true);
    let file = file.value_parser(value_parser!(PathBuf)).help(
        "Write what the program does to FILE, for a report; CONVSCOPE_LOG=debug writes it to \
         ~/.local/state/convscope/convscope.log",
    );
    command.arg(file)
}

/// Starts the log as the command line and the environment ask for it; without either it keeps panics only.
///
/// # Errors
/// [`Failure::Input`] where the level is none or the file cannot be written.
pub fn start(matches: &ArgMatches) -> Result<(), Failure> {
    let file = matches.get_one::<PathBuf>(FILE).cloned();
    let level = match (env::var(VARIABLE), &file) {
        (Ok(level), _) => level.parse().map_err(|_| {
            Failure::Input(eyre!(
                "{VARIABLE} is {level:?}; it may be error, warn, info, debug, trace or off"
            ))
        })?,
        (Err(_), Some(_)) => LevelFilter::DEBUG,
        (Err(_), None) => LevelFilter::OFF,
    };
    log::start(level, file).map_err(|error| {
        let path = log::path().unwrap_or_default();
        let path = path.display();
        Failure::Input(eyre!(
            "{path}: the log cannot be written: {error}; --log FILE writes it to another file"
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

/// Lets a panic be kept in the log and reported in colours. Not by color-eyre's own hook, which panics itself where stderr is a terminal that
/// is gone, and a panic in a hook aborts.
pub fn report_panics() {
    let builder = HookBuilder::default().display_env_section(false);
    // A report that cannot be installed costs a panic its colours, no more.
    let Ok((report, errors)) = builder.try_into_hooks() else {
        return;
    };
    let _ = errors.install();
    panic::set_hook(Box::new(move |information| {
        log::keep_panic(information);
        warn(&report.panic_report(information).to_string());
        if let Some(file) = log::file_of_panic() {
            warn(&format!(
                "\nThis is a mistake in the program. Please report it with {}.",
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
        let sentence = format!("Please report it with {}.", left.file.display());
        assert!(left.stderr.contains(&sentence), "{}", left.stderr);
        for part in [
            "the sum is odd",
            "src/cli/logging.rs:",
            "a_panic_is_reported",
            "keep_panic lies at 0x",
        ] {
            assert!(left.log.contains(part), "no {part} in {}", left.log);
        }
    }
}
