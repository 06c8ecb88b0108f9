//! `convscope data augment D TARGET`: every image several times, each time changed by chance, in random order.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;

use super::super::Subcommand;
use super::super::failure::Failure;
use super::super::output::note;
use super::target::{Format, LoadArguments, check_free, npz_options, with_bar};
use crate::data::AugmentSettings;
use crate::data::augmented_set::{self, AugmentedSettings, Changes, PixelChanges};

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
    /// Copies of each training image, 1 to 20
    #[arg(long, default_value_t = AugmentedSettings::default().train_factor)]
    train_factor: usize,
    /// Copies of each test image, 1 to 5
    #[arg(long, default_value_t = AugmentedSettings::default().test_factor)]
    test_factor: usize,
    /// Largest shift to each side, 0 to 4 pixels
    #[arg(long, default_value_t = PixelChanges::default().shift)]
    shift: usize,
    /// Standard deviation of noise, where white is 1
    #[arg(long, default_value_t = PixelChanges::default().noise)]
    noise: f32,
    /// Largest change of all pixels alike, either way, where white is 1
    #[arg(long, default_value_t = PixelChanges::default().level)]
    level: f32,
    /// Warps instead of shifts, noise and level, as the `augment:` of a preset: '{rotation: 12, shear: 7, zoom: 0.1}'
    #[arg(long, value_name = "YAML", conflicts_with_all = ["shift", "noise", "level"])]
    warps: Option<String>,
    /// Leave the first copy of each image as it is
    #[arg(long)]
    keep_originals: bool,
    /// Where all random numbers come from
    #[arg(long, default_value_t = AugmentedSettings::default().seed)]
    seed: u64,
    /// Deflate the arrays: smaller, and slower to write and read
    #[arg(long)]
    packed: bool,
    /// Write over what is there
    #[arg(long)]
    overwrite: bool,
}

fn define(command: Command) -> Command {
    AugmentArguments::augment_args(command).about(
        "Write a set with every image several times, each time changed by chance, in random order",
    )
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = AugmentArguments::from_arg_matches(matches)?;
    let changes = match &arguments.warps {
        None => Changes::Pixels(PixelChanges {
            shift: arguments.shift,
            noise: arguments.noise,
            level: arguments.level,
        }),
        Some(yaml) => Changes::Warps(
            serde_yaml::from_str::<AugmentSettings>(yaml)
                .map_err(|error| Failure::Input(eyre!("--warps: {error}")))?,
        ),
    };
    let settings = AugmentedSettings {
        train_factor: arguments.train_factor,
        test_factor: arguments.test_factor,
        changes,
        keep_originals: arguments.keep_originals,
        seed: arguments.seed,
    };
    settings.check().map_err(Failure::input)?;
    check_free(&arguments.target, arguments.overwrite)?;
    let dataset = arguments.source.load()?;
    if let Changes::Warps(warps) = &settings.changes
        && let Some(warning) = warps.warning(dataset.class_names())
    {
        note(&format!("warning: {warning}"));
    }
    let options = npz_options(Format::Npz, arguments.packed).expect("npz has options");
    with_bar("augmenting", |progress| {
        augmented_set::write(&dataset, &settings, &arguments.target, options, progress)
    })?;
    note(&format!("written to {}", arguments.target.display()));
    Ok(())
}
