//! A network as written, before it is checked.

use serde::{Deserialize, Serialize};

use crate::field::Configured;
use crate::layers::LayerKind;
use crate::shape::Shape;

/// A layer type with a legal value for each of its fields.
pub type LayerSpec = Configured<LayerKind>;

/// Why the network `name`, whose input is `input`, cannot be shown images of the set `set`, which have another shape; `None` if they fit.
pub fn image_misfit(name: &str, input: Shape, set: &str, shape: Shape) -> Option<String> {
    (shape != input).then(|| format!("{name} expects {input} images, but {set} has {shape} images"))
}

/// As [`image_misfit`], for a network and a set with numbers of classes.
pub fn set_misfit(
    name: &str,
    (input, classes): (Shape, usize),
    set: &str,
    (shape, has): (Shape, usize),
) -> Option<String> {
    let other_classes = || format!("{name} has {classes} classes, but {set} has {has}");
    image_misfit(name, input, set, shape).or_else(|| (has != classes).then(other_classes))
}

/// A network as written; [`CheckedNetwork::new`](super::CheckedNetwork::new) checks whether it is valid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSpec {
    /// Its name on the screen and in the names of run folders.
    pub name: String,
    /// Height, width and channels of the images.
    pub input: Shape,
    /// Number of classes.
    pub classes: usize,
    /// From the image to the classifier: a line for each layer, and for the beginning of each block, of its further paths, and its end.
    #[serde(with = "super::nested")]
    pub layers: Vec<LayerSpec>,
}

impl NetworkSpec {
    /// Number of layers, with those that join paths, or that shortcuts have as far as the network is valid.
    pub fn layer_count(&self) -> usize {
        let rows = super::inference::infer(self).rows;
        rows.iter().filter(|row| row.layer.is_some()).count()
    }

    /// The path in a network file of this line's layer or block: `layers.3`, `layers.2.residual.layers.1`; numbers count from 1.
    pub fn path_of(&self, line: usize) -> String {
        super::lines::path_of(&self.layers, line)
    }

    /// The number of layers and blocks that are written before this line's own; a path and an end are their block's.
    pub fn item_of(&self, line: usize) -> usize {
        super::lines::item_of(&self.layers, line)
    }
}
