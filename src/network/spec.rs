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
    pub name: String,
    /// Height, width and channels of the images.
    pub input: Shape,
    pub classes: usize,
    pub layers: Vec<LayerSpec>,
}
