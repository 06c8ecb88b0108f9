//! Volumes to vectors.

use super::Flow;
use crate::shape::Shape;

/// `[batch, height, width, channels] → [batch, 1, 1, height · width · channels]`, in storage order (Keras's own).
pub fn flatten(flow: Flow) -> Flow {
    let shape = Shape::flat(flow.shape().len());
    flow.settled().reshaped(shape)
}
