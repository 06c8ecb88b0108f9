//! `convscope data digits TARGET`: synthetic digits, drawn from typefaces.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;

use super::super::Subcommand;
use super::super::failure::Failure;
use super::settings;
use super::target::{Format, check_free, save, with_bar};
use crate::data::digits::{self, DigitSettings, SETTINGS};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "digits",
    define,
    run,
};

#[derive(Debug, Args)]
struct DigitArguments {
    /// The npz file, or for IDX the folder, to write
    target: PathBuf,
    /// Font files, or folders with such, used beside the bundled typefaces
    #[arg(long, value_name = "PATH")]
    font: Vec<PathBuf>,
    /// What the digits look like, all at once: '{rotation: 15, slant: 20, elastic: 0.03, …}'; the options of the same names go before
    #[arg(long, value_name = "YAML")]
    style: Option<String>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Keras)]
    format: Format,
    /// Deflate the arrays of an npz file: smaller, and slower to read
    #[arg(long)]
    packed: bool,
    /// Write over what is there
    #[arg(long)]
    overwrite: bool,
}

fn define(command: Command) -> Command {
    let command = DigitArguments::augment_args(command)
        .about("Draw synthetic digits from typefaces, so that they look handwritten");
    settings::define(command, &SETTINGS)
        .mut_arg("train_images", |argument| argument.visible_alias("train"))
        .mut_arg("test_images", |argument| argument.visible_alias("test"))
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = DigitArguments::from_arg_matches(matches)?;
    let mut settings = DigitSettings {
        fonts: arguments.font,
        ..DigitSettings::default()
    };
    if let Some(yaml) = &arguments.style {
        settings.style = serde_yaml::from_str(yaml)
            .map_err(|error| Failure::Input(eyre!("--style: {error}")))?;
    }
    settings::read(matches, &SETTINGS, &mut settings)?;
    settings.check().map_err(Failure::input)?;
    check_free(&arguments.target, arguments.overwrite)?;
    let dataset = with_bar("drawing", |progress| digits::make(&settings, progress))?;
    save(
        &dataset,
        &arguments.target,
        arguments.format,
        arguments.packed,
    )
}
