//! Inspects layers without the screen: feature maps, the arithmetic of a value, what activates a filter, network health.

use color_eyre::eyre::eyre;
use serde_json::json;

use super::super::failure::Failure;
use super::super::output::{line, table};
use super::super::trained::Trained;
use super::sheet::{Sheet, arrow, check_seen};
use super::{ExplainArguments, Needs, one_picture};
use crate::analysis::health::{health, remarks};
use crate::analysis::{
    AscentSettings, ExcitementSearch, Normalisation, Place, ascend, feature_maps, map_levels,
    origin,
};
use crate::shape::Shape;
use crate::ui::theme::ColorMap;
use crate::wording::{counted, decimals};

/// Images shown that activate a filter.
const EXCITING: usize = 9;
/// Test images on which health is measured.
const HEALTH_IMAGES: usize = 256;

/// A way to inspect the network.
pub struct Look {
    pub name: &'static str,
    pub help: &'static str,
    pub needs: Needs,
    pub run: fn(&mut Trained, &ExplainArguments) -> Result<(), Failure>,
}

/// Every way, in the order in which the help shows them.
pub static LOOKS: &[Look] = &[
    Look {
        name: "activations",
        help: "The feature maps of --layer for IMAGE, each normalised by mean and standard deviation; single values to the layer's range.",
        needs: Needs::BOTH,
        run: activations,
    },
    Look {
        name: "arithmetic",
        help: "How one value is computed, chosen by --layer, --filter and --at ROW,COLUMN.",
        needs: Needs::BOTH,
        run: arithmetic,
    },
    Look {
        name: "exciting",
        help: "The test images that activate --filter of --layer most.",
        needs: Needs::LAYER,
        run: exciting,
    },
    Look {
        name: "ascent",
        help: "An image that maximises --filter of --layer, by gradient ascent.",
        needs: Needs::LAYER,
        run: ascent,
    },
    Look {
        name: "health",
        help: "Dead ReLUs, weights, values and gradients of every layer, with warnings.",
        needs: Needs::NOTHING,
        run: network_health,
    },
];

/// Position of the layer given by `--layer`.
fn layer(trained: &Trained, arguments: &ExplainArguments) -> Result<usize, Failure> {
    let text = arguments.layer.as_deref().unwrap_or_default();
    let found = trained.model.network().layer_called(text);
    found.map_err(|reason| Failure::Input(eyre!("--layer {text}: {reason}")))
}

fn layer_name(trained: &Trained, layer: usize) -> &str {
    &trained.model.network().layers()[layer].name
}

fn filter(trained: &Trained, layer: usize, arguments: &ExplainArguments) -> Result<usize, Failure> {
    let checked = &trained.model.network().layers()[layer];
    let filters = checked.output.channels;
    match arguments.filter {
        filter if filter < filters => Ok(filter),
        filter => Err(Failure::Input(eyre!(
            "--filter {filter}: {} has {filters} filters, numbered from 0",
            checked.name
        ))),
    }
}

fn activations(trained: &mut Trained, arguments: &ExplainArguments) -> Result<(), Failure> {
    let layer = layer(trained, arguments)?;
    let out = arguments.out.as_deref();
    check_seen(out)?;
    let picture = one_picture(trained, arguments)?;
    let maps = trained.compute(|model| feature_maps(model, &picture.values(), layer));
    let one = Shape::new(maps.shape.height, maps.shape.width, 1);
    // A single value has no standard deviation: those of a layer are shown by the layer's range.
    let normalisation = match one.len() {
        1 => Normalisation::LayerRange,
        _ => Normalisation::PerMap,
    };
    let images = (0..maps.shape.channels).map(|channel| {
        let levels = map_levels(&maps.values, maps.shape, channel, normalisation);
        (levels, channel.to_string())
    });
    let sheet = Sheet {
        shape: one,
        images: images.collect(),
        map: ColorMap::Viridis,
    };
    sheet.show(out)?;
    line(&format!(
        "activations: {}, {} of {}×{}{}",
        layer_name(trained, layer),
        counted(maps.shape.channels, "map"),
        one.height,
        one.width,
        arrow(out)
    ))
}

fn arithmetic(trained: &mut Trained, arguments: &ExplainArguments) -> Result<(), Failure> {
    let layer = layer(trained, arguments)?;
    let channel = filter(trained, layer, arguments)?;
    let (row, column) = arguments.at;
    let place = Place {
        row,
        column,
        channel,
    };
    let picture = one_picture(trained, arguments)?;
    let origin = trained.compute(|model| origin(model, &picture.values(), layer, place));
    let origin = origin.map_err(Failure::input)?;
    if arguments.json {
        return line(&json!(origin).to_string());
    }
    let layers = trained.model.network().layers();
    let sum = &origin.arithmetic;
    let mut text = format!(
        "{:>5} {:>6} {:>7}  {:>12} × {:>12} = {:>12}\n",
        "row", "column", "channel", "value", "weight", "product"
    );
    for term in &sum.terms {
        let place = match term.place {
            Some(place) => format!("{:>5} {:>6} {:>7}", place.row, place.column, place.channel),
            None => format!("{:>20}", "outside"),
        };
        text += &format!(
            "{place}  {:>12} × {:>12} = {:>12}\n",
            decimals(term.value, 6),
            decimals(term.weight, 6),
            decimals(term.product, 6)
        );
    }
    for (path, number) in origin.paths.iter().zip(1..) {
        let name = path.layer.map_or("image", |layer| &layers[layer].name);
        let value = decimals(path.value, 6);
        text += &format!("path {number}, {name}: {value}");
        if let Some(origin) = &path.origin {
            let from = &layers[origin.arithmetic.layer].name;
            text += &format!(", from {from}: {}", decimals(origin.arithmetic.sum, 6));
        }
        text.push('\n');
    }
    text += &format!(
        "products {} + bias {} = {}",
        decimals(sum.sum - sum.bias, 6),
        decimals(sum.bias, 6),
        decimals(sum.sum, 6)
    );
    for step in &origin.steps {
        text += &format!(
            "\n{} at row {}, column {}, channel {}: {}",
            layers[step.layer].name,
            step.place.row,
            step.place.column,
            step.place.channel,
            decimals(step.value, 6)
        );
    }
    line(&text)
}

fn exciting(trained: &mut Trained, arguments: &ExplainArguments) -> Result<(), Failure> {
    let layer = layer(trained, arguments)?;
    let filter = filter(trained, layer, arguments)?;
    let out = arguments.out.as_deref();
    check_seen(out)?;
    let dataset = trained.dataset(&arguments.set)?;
    let split = dataset.test();
    let mut search = ExcitementSearch::new(&trained.model, split, layer, EXCITING);
    while !search.is_finished() {
        trained.compute(|model| search.advance(model, split));
    }
    let found = &search.found()[filter];
    let images = found.iter().map(|one| {
        let label = format!("{}: {:.2}", one.image, one.activation);
        (split.image_u8(one.image), label)
    });
    let sheet = Sheet {
        shape: split.shape(),
        images: images.collect(),
        map: ColorMap::Grey,
    };
    sheet.show(out)?;
    let mut text = format!(
        "exciting: filter {filter} of {}, test images of {}",
        layer_name(trained, layer),
        dataset.name
    );
    for one in found {
        text += &format!(
            "\ntest image {}: {} at row {}, column {}; it sees rows {:?}, columns {:?}",
            one.image,
            decimals(one.activation, 4),
            one.row,
            one.column,
            one.sees.rows,
            one.sees.columns
        );
    }
    text += &out.map_or_else(String::new, |out| format!("\n→ {}", out.display()));
    line(&text)
}

fn ascent(trained: &mut Trained, arguments: &ExplainArguments) -> Result<(), Failure> {
    let layer = layer(trained, arguments)?;
    let filter = filter(trained, layer, arguments)?;
    let out = arguments.out.as_deref();
    check_seen(out)?;
    let settings = AscentSettings::default();
    let made = trained.compute(|model| ascend(model, layer, filter, &settings));
    let pixels = made.image.iter();
    let pixels: Vec<u8> = pixels.map(|value| (value * 255.0).round() as u8).collect();
    let sheet = Sheet {
        shape: made.shape,
        images: vec![(pixels, String::new())],
        map: ColorMap::Grey,
    };
    sheet.show(out)?;
    line(&format!(
        "ascent: filter {filter} of {}, mean value {} → {} in {}{}",
        layer_name(trained, layer),
        decimals(made.activations.first().copied().unwrap_or(0.0), 4),
        decimals(made.activation, 4),
        counted(made.activations.len().saturating_sub(1), "step"),
        arrow(out)
    ))
}

fn network_health(trained: &mut Trained, arguments: &ExplainArguments) -> Result<(), Failure> {
    let dataset = trained.dataset(&arguments.set)?;
    let split = dataset.test();
    let count = HEALTH_IMAGES.min(split.len());
    let chosen: Vec<u32> = (0..count)
        .map(|number| (number * split.len() / count) as u32)
        .collect();
    let mut images = vec![0.0; count * split.shape().len()];
    split.gather(&chosen, &mut images);
    let mut labels = vec![0; count];
    split.gather_labels(&chosen, &mut labels);
    let health = trained.compute(|model| health(model, &images, &labels));
    let remarks = remarks(trained.model.network(), &health);
    if arguments.json {
        let sentences: Vec<&str> = remarks.iter().map(|remark| &*remark.sentence).collect();
        let told = json!({
            "split": "test",
            "images": count,
            "health": health,
            "remarks": sentences,
        });
        let told = trained.in_json(&dataset.name, dataset.identity(), told);
        return line(&told.to_string());
    }
    let least = |width: usize, heading: &str| format!("{heading:>width$}");
    let mut rows = vec![vec![
        "layer".to_owned(),
        least(6, "dead"),
        least(22, "weights"),
        least(22, "values"),
        least(22, "gradients"),
    ]];
    rows.extend(health.layers.iter().map(|layer| {
        let dead = layer.dead.map_or(String::new(), |dead| {
            format!(
                "{:.0} %",
                100.0 * dead.dead_filters as f64 / dead.filters.max(1) as f64
            )
        });
        let spreads = [
            layer.weights.as_ref(),
            Some(&layer.values),
            layer.gradients.as_ref(),
        ];
        let spreads = spreads.map(|spread| {
            spread.map_or(String::new(), |spread| {
                format!("{:.2e} ± {:.2e}", spread.mean, spread.deviation)
            })
        });
        [layer.name.clone(), dead]
            .into_iter()
            .chain(spreads)
            .collect()
    }));
    let mut text = format!(
        "{} after {}, on {count} test images of {}\n{}",
        trained.record.preset.name,
        trained.moment(),
        dataset.name,
        table(&rows, |column| column == 0),
    );
    for remark in &remarks {
        text += &format!("\n{}", remark.sentence);
    }
    if remarks.is_empty() {
        text += "\nno problems found: the ReLUs fire, values and gradients are of a healthy size";
    }
    line(&text)
}
