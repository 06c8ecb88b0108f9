//! `convscope data augment D TARGET`: every image several times, each time changed by chance, in random order.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;

use super::super::Subcommand;
use super::super::failure::Failure;
use super::super::output::note;
use super::settings;
use super::target::{Format, LoadArguments, check_free, npz_options, with_bar};
use crate::data::AugmentSettings;
use crate::data::augmented_set::{
    self, AugmentedSettings, Changes, PIXEL_SETTINGS, PixelChanges, SETTINGS,
};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "augment",
    define,
    run,
};

#[derive(Debug, Args)]
struct AugmentArguments {
    #[command(flatten)]
    source: LoadArguments,
    /// The npz file to write
    target: PathBuf,
    /// Warps instead of shifts, noise and level, as the `augment:` of a preset: '{rotation: 12, shear: 7, zoom: 0.1}'
    #[arg(long, value_name = "YAML")]
    warps: Option<String>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Npz)]
    format: Format,
    /// Deflate the arrays: smaller, and slower to write and read
    #[arg(long)]
    packed: bool,
    /// Write over what is there
    #[arg(long)]
    overwrite: bool,
}

fn define(command: Command) -> Command {
    let command = AugmentArguments::augment_args(command).about(
        "Write a set with every image several times, each time changed by chance, in random order",
    );
    let command = settings::define(settings::define(command, &SETTINGS), &PIXEL_SETTINGS);
    command.mut_arg("warps", |warps| {
        warps.conflicts_with_all(settings::names(&PIXEL_SETTINGS))
    })
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = AugmentArguments::from_arg_matches(matches)?;
    let changes = match &arguments.warps {
        None => {
            let mut changes = PixelChanges::default();
            settings::read(matches, &PIXEL_SETTINGS, &mut changes)?;
            Changes::Pixels(changes)
        }
        Some(yaml) => Changes::Warps(
            serde_yaml::from_str::<AugmentSettings>(yaml)
                .map_err(|error| Failure::Input(eyre!("--warps: {error}")))?,
        ),
    };
    let mut settings = AugmentedSettings {
        changes,
        ..AugmentedSettings::default()
    };
    settings::read(matches, &SETTINGS, &mut settings)?;
    settings.check().map_err(Failure::input)?;
    let Some(options) = npz_options(arguments.format, arguments.packed) else {
        return Err(Failure::Input(eyre!(
            "--format idx: an augmented set is written as npz, image by image; `convscope data convert` makes IDX of it"
        )));
    };
    check_free(&arguments.target, arguments.overwrite)?;
    let dataset = arguments.source.load()?;
    if let Changes::Warps(warps) = &settings.changes
        && let Some(warning) = warps.warning(dataset.class_names())
    {
        note(&format!("warning: {warning}"));
    }
    with_bar("augmenting", |progress| {
        augmented_set::write(&dataset, &settings, &arguments.target, options, progress)
    })?;
    note(&format!("written to {}", arguments.target.display()));
    Ok(())
}
