//! What every layer of a run's network makes of one image.

use super::{Inspected, RunPart};
use crate::analysis::{FeatureMaps, Normalisation, map_levels};
use crate::report::document::{Block, Gallery, Raster, Section, Tile};
use crate::shape::Shape;
use crate::wording::{counted, decimals};

/// Maps of a layer, and those beside each other.
const MOST_MAPS: usize = 32;
const COLUMNS: usize = 8;
/// Values of a vector beside each other.
const VALUES: usize = 32;
/// The longer side of a map in pixels.
const LONGEST: usize = 40;
/// The width of a layer on the page, and of the image.
const WIDTH: u32 = 280;
const IMAGE_WIDTH: u32 = 112;
/// Predictions that are listed.
const CLASSES: usize = 3;

pub(super) fn section(run: &RunPart, inspected: &Inspected) -> Section {
    let test = inspected.dataset.test();
    let image = inspected.image;
    let judgement = inspected.predictions.judgement(image);
    let label = inspected.class(usize::from(judgement.label));
    let mut order: Vec<usize> = (0..judgement.probabilities.len()).collect();
    order.sort_by(|a, b| judgement.probabilities[*b].total_cmp(&judgement.probabilities[*a]));
    let most = order.into_iter().take(CLASSES).map(|class| {
        let probability = decimals(judgement.probabilities[class], 4);
        format!("{} {probability}", inspected.class(class))
    });
    let seen = Gallery {
        caption: format!("Test image {image} of {}", inspected.set_in_words()),
        tiles: vec![Tile {
            image: Raster::of(test.shape(), &test.image_u8(image), LONGEST),
            alt: format!("Test image {image}: {label}"),
            lines: std::iter::once(format!("label: {label}"))
                .chain(most)
                .collect(),
        }],
        width: IMAGE_WIDTH,
    };
    let tiles = inspected.layers.iter().map(|(name, maps)| tile(name, maps));
    let layers = Gallery {
        caption: format!(
            "Every layer's output for test image {image}: each map by itself, from its low values (dark) to its high ones (bright); vectors \
             and single values by the range of their layer; {} after {}",
            run.record.preset.name, inspected.moment
        ),
        tiles: tiles.collect(),
        width: WIDTH,
    };
    Section::new(
        "Activations",
        vec![Block::Gallery(seen), Block::Gallery(layers)],
    )
}

fn tile(name: &str, maps: &FeatureMaps) -> Tile {
    let [height, width, channels] = maps.shape.into();
    let one = Shape::new(height, width, 1);
    let (image, what) = match one.len() {
        1 => (vector(maps), counted(channels, "value")),
        _ => {
            let shown = (0..channels.min(MOST_MAPS)).map(|channel| {
                let levels = map_levels(&maps.values, maps.shape, channel, Normalisation::PerMap);
                Raster::of(one, &levels, LONGEST)
            });
            let shown: Vec<Raster> = shown.collect();
            let rest = match channels > MOST_MAPS {
                true => format!(", the first {MOST_MAPS} shown"),
                false => String::new(),
            };
            let what = format!("{} of {height}×{width}{rest}", counted(channels, "map"));
            (Raster::sheet(&shown, COLUMNS), what)
        }
    };
    Tile {
        image,
        alt: format!("{name}: {what}"),
        lines: vec![name.to_owned(), what],
    }
}

/// Values as pixels, row by row.
fn vector(maps: &FeatureMaps) -> Raster {
    let pixel = |channel| map_levels(&maps.values, maps.shape, channel, Normalisation::LayerRange);
    let mut levels: Vec<u8> = (0..maps.shape.channels).flat_map(pixel).collect();
    let columns = levels.len().min(VALUES);
    let rows = levels.len().div_ceil(columns);
    levels.resize(rows * columns, 0);
    Raster {
        shape: Shape::new(rows, columns, 1),
        levels,
    }
}
