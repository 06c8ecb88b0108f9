//! The data of a run, with examples of each class.

use super::{Inspected, RunPart};
use crate::data::Split;
use crate::report::document::{Block, Gallery, Raster, Section, Tile};
use crate::wording::{counted, thousands};

/// Examples of a class, and classes that have any.
const EXAMPLES: usize = 8;
const MOST_CLASSES: usize = 20;
/// The longer side of an image, in pixels.
const LONGEST: usize = 40;
/// The width of a class's examples on the page.
const WIDTH: u32 = 280;

pub(super) fn section(run: &RunPart) -> Section {
    let record = &run.record;
    let data = record.data_after(run.summary.history.len());
    let mut facts = vec![
        ("name", data.name.clone()),
        ("source", data.source.clone()),
        ("SHA-256", data.sha256.clone()),
        (
            "images",
            format!(
                "{} to train on, {}{} to test with",
                thousands(data.train_images),
                data.validation_images.map_or(String::new(), |images| {
                    format!("{} to validate with, ", thousands(images))
                }),
                thousands(data.test_images)
            ),
        ),
        ("shape", record.preset.input.to_string()),
        ("classes", data.class_names.join(", ")),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let facts = facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    let mut blocks = vec![Block::Facts(facts.collect())];
    let stretches = run.summary.stretches.len();
    if stretches > 1 {
        blocks.push(Block::text(format!(
            "The run was measured on {}: {}.",
            counted(stretches, "stretch"),
            run.summary.data_in_words()
        )));
    }
    if let Ok(inspected) = &run.inspected {
        blocks.push(Block::Gallery(examples(inspected)));
        let classes = inspected.dataset.classes();
        if classes > MOST_CLASSES {
            blocks.push(Block::text(format!(
                "Only the first {MOST_CLASSES} of {} are shown.",
                counted(classes, "class")
            )));
        }
    }
    Section::new("Data", blocks)
}

/// The first training images of each class.
fn examples(inspected: &Inspected) -> Gallery {
    let dataset = &inspected.dataset;
    let (train, classes) = (dataset.train(), dataset.classes());
    let counts = [train, dataset.test()].map(|split| split.class_counts(classes));
    let empty = Raster::of(train.shape(), &vec![0; train.shape().len()], LONGEST);
    let tiles = (0..classes.min(MOST_CLASSES)).map(|class| {
        let name = inspected.class(class);
        let images = first_of(train, class);
        let strip: Vec<Raster> = images
            .iter()
            .map(|image| Raster::of(train.shape(), &train.image_u8(*image), LONGEST))
            .collect();
        Tile {
            image: Raster::strip(&strip, EXAMPLES, empty.clone()),
            alt: format!(
                "{} of class {name}",
                counted(images.len(), "training image")
            ),
            lines: vec![
                name.to_owned(),
                format!(
                    "{} to train on, {} to test with",
                    thousands(counts[0][class]),
                    thousands(counts[1][class])
                ),
            ],
        }
    });
    Gallery {
        caption: format!(
            "The first training images of each class of {}, with the number of its images",
            inspected.set_in_words()
        ),
        tiles: tiles.collect(),
        width: WIDTH,
    }
}

fn first_of(split: &Split, class: usize) -> Vec<usize> {
    let labels = split.labels().iter().enumerate();
    let of_class = labels.filter(|(_, label)| usize::from(**label) == class);
    of_class.map(|(index, _)| index).take(EXAMPLES).collect()
}
