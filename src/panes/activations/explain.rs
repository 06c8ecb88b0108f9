//! Why a network gives an image its score for a class: what speaks for it, and what against.

use super::Look;
use crate::analysis::explain::{Explanation, Method, explain};
use crate::analysis::most_probable;
use crate::worker::{Network, NetworkDesk, Question, Tell};

/// By which method, and which class.
#[derive(Clone, Debug, PartialEq)]
pub struct Explain {
    /// Whichever layer of the network is looked at.
    pub look: Look,
    pub method: Method,
    /// `None` takes the most probable class.
    pub class: Option<usize>,
}

impl Question for Explain {
    type Answer = Explanation;
    type Lane = Network;
    const PURPOSE: &'static str = "explain";

    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let weights = &self.look.weights;
        let seen = self.look.subject.see(&desk.library, &weights.network)?;
        let (mut model, _) = desk.model_at(weights, weights.network.layers.len())?;
        let explanation = desk.pool.install(|| {
            let class = self
                .class
                .unwrap_or_else(|| most_probable(&model.probabilities(&seen.image)).0);
            explain(&mut model, &seen.image, class, &self.method).map_err(|error| error.to_string())
        })?;
        tell.tell(explanation);
        Ok(())
    }
}
