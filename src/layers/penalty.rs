//! The field `l2` of layers with weights.

use crate::field::Field;

/// Keras's `kernel_regularizer=L2(l2)`.
pub(super) const L2: Field = Field::number(0.0, 0.0..1.0, &[0.0, 1e-5, 1e-4, 1e-3, 1e-2]).meaning(
    "what the sum of the squared kernel weights is multiplied by and added to the loss; holds weights small",
);
