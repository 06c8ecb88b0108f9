//! An explanation as JSON.

use serde_json::{Value, json};

use super::super::pictures::Picture;
use super::super::trained::Trained;
use crate::analysis::explain::Explanation;
use crate::shape::Shape;

/// What `--json` prints of an explanation, for the command's help.
pub const SHAPE: &str = "\
An explanation as JSON, one line:
  run, network, epochs   the run folder, its network, and the finished epochs of the weights
  data, sha256           the set that the weights were trained on last: whose classes are told apart
  image                  name; shape [height, width, channels]; pixels, rows of pixels of channels, 0 to 255, as the network sees them
  method                 with its settings: {\"grad_cam\": {\"layer\": 0}}
  class, class_name      what was asked about
  probability, score     of that class; the score is before softmax
  heat                   what is painted over the image: rows of one number a pixel, above 0 for the class and below against it
  layer                  whose maps the values are: its number from 1 and its name, for Grad-CAM; else null
  shape, values          the method's own numbers, which the heat sums up: [height, width, channels], and rows of places of channels
  note                   a sentence on what was measured, or \"\"";

/// The explanation of `picture`, as [`SHAPE`] says.
pub fn in_json(trained: &Trained, picture: &Picture, explanation: &Explanation) -> Value {
    let network = trained.model.network();
    let (record, input) = (&trained.record, trained.input());
    let heat: Vec<&[f32]> = explanation.heat.chunks_exact(input.width).collect();
    let layer = explanation
        .layer
        .map(|layer| json!({"number": layer + 1, "name": network.layers()[layer].name}));
    json!({
        "run": trained.run,
        "network": record.preset.name,
        "epochs": trained.epochs,
        "data": trained.trained_on.name,
        "sha256": trained.trained_on.sha256,
        "image": {
            "name": picture.name,
            "shape": sides(input),
            "pixels": places(input, &picture.pixels),
        },
        "method": explanation.method,
        "class": explanation.class,
        "class_name": trained.class_names[explanation.class],
        "probability": explanation.probability,
        "score": explanation.score,
        "heat": heat,
        "layer": layer,
        "shape": sides(explanation.shape),
        "values": places(explanation.shape, &explanation.values),
        "note": explanation.note,
    })
}

fn sides(shape: Shape) -> [usize; 3] {
    [shape.height, shape.width, shape.channels]
}

/// `[height, width, channels]` as rows of places of channels.
fn places<T>(shape: Shape, values: &[T]) -> Vec<Vec<&[T]>> {
    let rows = values.chunks_exact(shape.width * shape.channels);
    rows.map(|row| row.chunks_exact(shape.channels).collect())
        .collect()
}
