//! The network of a run: its drawing and its table.

use super::RunPart;
use crate::network::{CheckedLayer, CheckedNetwork, NetworkSummary};
use crate::picture::{Column, Entry, Ground, Stage, Stages, Table};
use crate::report::document::{Block, Drawing, Section};
use crate::shape::Shape;
use crate::wording::{counted, thousands};

/// The colours of boxes with weights, of those without, and of the image.
const LEARNED: usize = 0;
const FIXED: usize = 1;
const IMAGE: usize = 6;
/// As many channels make the highest box.
const MOST_CHANNELS: f32 = 512.0;
/// As many values make the widest vector.
const MOST_VALUES: f32 = 4096.0;

pub(super) fn section(run: &RunPart) -> Section {
    let spec = run.record.preset.network();
    let summary = NetworkSummary::new(&spec);
    let name = &run.record.preset.name;
    let mut blocks = vec![Block::text(format!(
        "{name} takes images of {} and predicts one of {}. It has {}, of which training sets {}, and needs {} for an image.",
        summary.input,
        counted(summary.classes, "class"),
        counted(summary.parameters, "parameter"),
        thousands(summary.trainable),
        counted(summary.multiply_accumulates, "multiply-add"),
    ))];
    if let Ok(network) = CheckedNetwork::new(&spec) {
        let stages = stages(&network, &summary);
        let draw = |ground: Ground| {
            let stages = stages.clone();
            Stages { stages, ground }.picture()
        };
        let alt = format!(
            "The layers of {name} from the image to the classes; the table below lists them"
        );
        let caption = format!(
            "{name}: every box is as wide as its maps and as high as they are many. Blue boxes have weights, orange ones have none."
        );
        blocks.push(Block::Drawings(vec![Drawing::new(alt, caption, draw)]));
    }
    blocks.push(Block::Table(table(&summary)));
    Section::new("Network", blocks)
}

/// The image, then a box for each layer that does more than change values at their place.
fn stages(network: &CheckedNetwork, summary: &NetworkSummary) -> Vec<Stage> {
    let input = network.spec().input;
    let image = Stage {
        name: "image".to_owned(),
        size: input.to_string(),
        color: IMAGE,
        ..sized(input, input)
    };
    let layers: Vec<_> = network.layers().iter().zip(&summary.layers).collect();
    let boxes = layers.chunk_by(|_, (next, _)| is_small(next));
    let boxes = boxes.map(|layers| {
        let (first, row) = layers[0];
        let others: Vec<&str> = layers[1..]
            .iter()
            .map(|(_, row)| row.kind.as_str())
            .collect();
        let with = match others.is_empty() {
            true => String::new(),
            false => format!("with {}", others.join(", ")),
        };
        let parameters = match layers.iter().map(|(_, row)| row.parameters).sum::<usize>() {
            0 => String::new(),
            count => counted(count, "parameter"),
        };
        let parts = [with, parameters];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Stage {
            name: row.kind.clone(),
            settings: row.settings.clone(),
            remark: parts.join(" · "),
            size: row.output_in_words(),
            color: if first.layer.has_products() {
                LEARNED
            } else {
                FIXED
            },
            ..sized(first.output, input)
        }
    });
    std::iter::once(image).chain(boxes).collect()
}

/// Whether a layer is told with the one before it.
fn is_small(layer: &CheckedLayer) -> bool {
    layer.layer.keeps_places() || layer.layer.changes_in_place()
}

/// A box for values of this shape, beside those of an image.
fn sized(shape: Shape, input: Shape) -> Stage {
    let [height, width, channels] = shape.into();
    let longest = input.height.max(input.width) as f32;
    let is_vector = shape == Shape::flat(channels);
    Stage {
        width: match is_vector {
            true => (channels as f32).ln_1p() / MOST_VALUES.ln_1p(),
            false => height.max(width) as f32 / longest,
        },
        height: match is_vector {
            true => 0.3,
            false => 0.3 + 0.7 * (channels as f32).ln() / MOST_CHANNELS.ln(),
        },
        ..Stage::default()
    }
}

fn table(summary: &NetworkSummary) -> Table {
    let mut table = Table::new(
        format!(
            "The layers of {}, as `convscope summary` prints them",
            summary.name
        ),
        vec![
            Column::text("layer"),
            Column::text("type"),
            Column::text("settings"),
            Column::number("output shape"),
            Column::number("parameters"),
        ],
    );
    table.rows.extend(summary.layers.iter().map(|layer| {
        vec![
            Entry::from(layer.name.as_str()),
            layer.kind.as_str().into(),
            layer.settings.as_str().into(),
            layer.output_in_words().into(),
            thousands(layer.parameters).into(),
        ]
    }));
    let empty = || Entry::from("");
    table.rows.push(vec![
        Entry::from("all").bold(true),
        empty(),
        empty(),
        empty(),
        Entry::from(thousands(summary.parameters)).bold(true),
    ]);
    table
}
