//! A network as written, before it is checked.

use serde::{Deserialize, Serialize};

use crate::field::Configured;
use crate::layers::LayerKind;
use crate::shape::Shape;

/// A layer type with a legal value for each of its fields.
pub type LayerSpec = Configured<LayerKind>;

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
