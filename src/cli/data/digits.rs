//! `convscope data digits TARGET`: synthetic digits, drawn from typefaces.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;

use super::super::Subcommand;
use super::super::failure::Failure;
use super::target::{Format, check_free, save, with_bar};
use crate::data::digits::{self, DigitSettings};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "digits",
    define,
    run,
};

#[derive(Debug, Args)]
struct DigitArguments {
    /// The npz file, or for IDX the folder, to write
    target: PathBuf,
    /// Training images
    #[arg(long, value_name = "N", default_value_t = DigitSettings::default().train_images)]
    train: usize,
    /// Test images
    #[arg(long, value_name = "N", default_value_t = DigitSettings::default().test_images)]
    test: usize,
    /// Font files, or folders with such, used beside the bundled typefaces
    #[arg(long, value_name = "PATH")]
    font: Vec<PathBuf>,
    /// Draw training and test digits from the same typefaces, so that overfitting to them cannot be seen
    #[arg(long)]
    same_typefaces: bool,
    /// What the digits look like: '{rotation: 15, slant: 20, elastic: 0.03, …}'; what is not named keeps its default
    #[arg(long, value_name = "YAML")]
    style: Option<String>,
    /// Where all random numbers come from
    #[arg(long, default_value_t = DigitSettings::default().seed)]
    seed: u64,
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
    DigitArguments::augment_args(command)
        .about("Draw synthetic digits from typefaces, so that they look handwritten")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = DigitArguments::from_arg_matches(matches)?;
    let mut settings = DigitSettings {
        train_images: arguments.train,
        test_images: arguments.test,
        same_typefaces: arguments.same_typefaces,
        fonts: arguments.font,
        seed: arguments.seed,
        ..DigitSettings::default()
    };
    if let Some(yaml) = &arguments.style {
        settings.style = serde_yaml::from_str(yaml)
            .map_err(|error| Failure::Input(eyre!("--style: {error}")))?;
    }
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
