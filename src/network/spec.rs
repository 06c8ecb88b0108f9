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
    /// From the image to the classifier.
    pub layers: Vec<LayerSpec>,
}
