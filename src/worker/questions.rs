//! Questions about what a network makes of an image, and their answers.

use serde::{Deserialize, Serialize};

use super::subject::Subject;
use super::training_thread::Weights;
use crate::analysis::explain::{Explanation, Method};

/// Why a network gives an image its score for a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainRequest {
    /// Comes back with the answer; only the answer to the latest request is shown.
    pub request: u64,
    pub weights: Weights,
    pub subject: Subject,
    pub method: Method,
    /// `None` takes the most probable class.
    pub class: Option<usize>,
}

/// The answer to an [`ExplainRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    pub request: u64,
    pub trained_epochs: usize,
    pub explanation: Explanation,
}
