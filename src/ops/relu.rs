//! The rectifier.

use super::Flow;

/// `max(value, 0)`, any shape; the gradient is zero where the output is.
///
/// It waits for the next op, which may go first; whoever looks at the flow's values sees them rectified.
pub fn relu(flow: Flow) -> Flow {
    flow.rectified_later()
}
