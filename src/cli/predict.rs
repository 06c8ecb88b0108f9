//! `convscope predict RUN IMAGE…`: classifies images with a run's network.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::Action;
use super::arguments::run_folder;
use super::failure::Failure;
use super::output::line;
use super::pictures::{PictureArguments, Reader};
use super::trained::Trained;
use crate::analysis::most_probable;

/// Classify images with a trained network
#[derive(Debug, Args)]
pub struct PredictArguments {
    /// Run folder, or its name in runs/
    #[arg(value_parser = run_folder)]
    run: PathBuf,
    /// Image files of any size (PNG, JPEG, BMP, GIF, TIFF, WebP or PNM), scaled to the network's input; `-` reads an npz file or one image from standard input
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<String>,
    /// Print one line of JSON per image
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pictures: PictureArguments,
}

impl Action for PredictArguments {
    fn run(self) -> Result<(), Failure> {
        let mut trained = Trained::open(&self.run)?;
        let reader = Reader::new(&trained, &self.pictures);
        let mut pictures = Vec::new();
        for name in &self.images {
            pictures.extend(reader.read(name)?);
        }
        reader.note_what_would_help();
        for picture in pictures {
            let probabilities = trained.probabilities(&picture.values());
            let class = most_probable(&probabilities);
            let name = &trained.class_names[class];
            if self.json {
                let answer = json!({
                    "batches": trained.about.steps,
                    "image": picture.name,
                    "inverted": picture.adjustment.invert,
                    "centred": picture.adjustment.centre,
                    "class": class,
                    "name": name,
                    "probability": probabilities[class],
                    "probabilities": probabilities,
                });
                let known = &trained.trained_on;
                line(
                    &trained
                        .in_json(&known.name, &known.sha256, answer)
                        .to_string(),
                )?;
            } else {
                line(&format!(
                    "{}: {name} ({:.1} %){}",
                    picture.name,
                    100.0 * probabilities[class],
                    picture.what_was_done()
                ))?;
            }
        }
        Ok(())
    }
}
