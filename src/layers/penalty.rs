//! The field `l2` of layers with weights.

use crate::field::{Field, FieldKind, Value};

/// Keras's `kernel_regularizer=L2(l2)`.
pub(super) const L2: Field = Field {
    name: "l2",
    help: "what the sum of the squared kernel weights is multiplied by and added to the loss; holds weights small",
    kind: FieldKind::Number {
        least: 0.0,
        below: 1.0,
        steps: &[0.0, 1e-5, 1e-4, 1e-3, 1e-2],
    },
    default: Value::Number(0.0),
    required: false,
};
