//! `convscope predict RUN IMAGE…`: what a run's network takes images for.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use serde_json::json;

use super::Subcommand;
use super::failure::Failure;
use super::output::line;
use super::pictures::{self, PictureArguments};
use super::trained::Trained;
use crate::analysis::most_probable;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "predict",
    define,
    run,
};

#[derive(Debug, Args)]
struct PredictArguments {
    /// A run folder, as training leaves it under runs/
    run: PathBuf,
    /// PNG or JPEG files of any size, scaled to the network's input; - reads an npz (or one image) from standard input
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<String>,
    /// Print one line of JSON an image
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pictures: PictureArguments,
}

fn define(command: Command) -> Command {
    PredictArguments::augment_args(command).about("Say what a run's network takes images for")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = PredictArguments::from_arg_matches(matches)?;
    let mut trained = Trained::open(&arguments.run)?;
    let input = trained.input();
    let mut pictures = Vec::new();
    for name in &arguments.images {
        pictures.extend(pictures::read(name, input, &arguments.pictures)?);
    }
    for picture in pictures {
        let probabilities = trained.probabilities(&picture.values());
        let (class, probability) = most_probable(&probabilities);
        let name = &trained.class_names[class];
        if arguments.json {
            let answer = json!({
                "run": trained.run,
                "network": trained.record.preset.name,
                "epochs": trained.epochs,
                "batches": trained.steps,
                "data": trained.trained_on.name,
                "image": picture.name,
                "class": class,
                "name": name,
                "probability": probability,
                "probabilities": probabilities,
            });
            line(&answer.to_string())?;
        } else {
            line(&format!(
                "{}: {name} ({:.1} %)",
                picture.name,
                100.0 * probability
            ))?;
        }
    }
    Ok(())
}
