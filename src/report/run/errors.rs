//! The test images that a run's network predicts wrongly, or is least sure of.

use super::results::most_confused;
use super::{Inspected, RunPart};
use crate::analysis::Gallery as Selection;
use crate::report::document::{Block, Gallery, Raster, Section, Tile};
use crate::wording::{counted, decimals, thousands};

/// Images of a gallery.
const MOST: usize = 18;
const OF_A_PAIR: usize = 9;
/// Pairs of classes.
const PAIRS: usize = 3;
/// The longer side of an image, in pixels, and its width on the page.
const LONGEST: usize = 56;
const WIDTH: u32 = 84;

pub(super) fn section(run: &RunPart, inspected: &Inspected) -> Section {
    let of = run.of_test_images(inspected);
    let figures = &inspected.figures;
    let wrong = figures.images - figures.right;
    let mut parts = Vec::new();
    let gallery = |selection: Selection, most: usize, caption: String| {
        let images = selection.select(&inspected.predictions);
        let tiles = images
            .iter()
            .take(most)
            .map(|image| tile(inspected, *image));
        Gallery {
            caption: format!("{caption}; {of}"),
            tiles: tiles.collect(),
            width: WIDTH,
        }
    };
    if wrong > 0 {
        let caption = format!(
            "The wrong predictions with the highest confidence, {} in all",
            thousands(wrong)
        );
        let worst = gallery(Selection::ConfidentErrors, MOST, caption);
        parts.push(Section::new("Worst images", vec![Block::Gallery(worst)]));
    }
    let pairs = most_confused(&inspected.predictions.confusion());
    let pairs = pairs
        .into_iter()
        .take(PAIRS)
        .map(|(truth, predicted, count)| {
            let caption = format!(
                "{} predicted as {}: {}, the most confident first",
                inspected.class(truth),
                inspected.class(predicted),
                counted(count, "image")
            );
            Block::Gallery(gallery(
                Selection::Cell { truth, predicted },
                OF_A_PAIR,
                caption,
            ))
        });
    let pairs: Vec<Block> = pairs.collect();
    if !pairs.is_empty() {
        parts.push(Section::new("Most confused classes", pairs));
    }
    let caption = "The smallest lead of the most probable class over the next".to_owned();
    let unsure = gallery(Selection::SmallestMargin, MOST, caption);
    parts.push(Section::new(
        "Most confused images",
        vec![Block::Gallery(unsure)],
    ));
    let text = match wrong {
        0 => "All test images are predicted correctly.".to_owned(),
        wrong => format!(
            "{} of {} are predicted wrongly. Below each image are its label, and the predicted class with its probability.",
            thousands(wrong),
            counted(figures.images, "test image")
        ),
    };
    Section {
        title: "Errors".to_owned(),
        blocks: vec![Block::Text(text)],
        parts,
        ..Section::default()
    }
}

fn tile(inspected: &Inspected, image: usize) -> Tile {
    let test = inspected.dataset.test();
    let predictions = &inspected.predictions;
    let truth = inspected.class(usize::from(predictions.labels()[image]));
    let predicted = inspected.class(predictions.predicted(image));
    let confidence = decimals(predictions.confidence(image), 2);
    Tile {
        image: Raster::of(test.shape(), &test.image_u8(image), LONGEST),
        alt: format!(
            "Test image {image}: {truth}, predicted as {predicted} with probability {confidence}"
        ),
        lines: vec![
            truth.to_owned(),
            format!("{predicted} {confidence}"),
            format!("image {image}"),
        ],
    }
}
