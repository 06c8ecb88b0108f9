//! What a person wrote: a network before anyone looked whether it fits.

use serde::{Deserialize, Serialize};

use crate::field::Configured;
use crate::layers::LayerKind;
use crate::shape::Shape;

/// A layer type with a legal value for each of its fields.
pub type LayerSpec = Configured<LayerKind>;

/// A network as written; [`CheckedNetwork::new`](super::CheckedNetwork::new) says whether it fits together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSpec {
    /// What it is called on the screen and in the names of run folders.
    pub name: String,
    /// Height, width and channels of the images.
    pub input: Shape,
    /// What it tells apart.
    pub classes: usize,
    /// From the image to the classifier.
    pub layers: Vec<LayerSpec>,
}
