//! The network's health, epoch by epoch: keys, questions and answers.

mod draw;
mod question;

pub(super) use draw::draw;
pub use question::{EpochHealth, HealthOf};

use super::{ActivationsPane, actions, look};
use crate::lab::{Action, Lab, Motion};
use crate::worker::{Asked, Outbox};

/// The state of the health view.
#[derive(Debug, Default)]
pub struct Health {
    /// Whether it is shown instead of the maps.
    pub is_open: bool,
    /// The layer under the cursor.
    pub layer: usize,
    pub quantity: Quantity,
    /// In epoch order.
    epochs: Vec<EpochHealth>,
    pub asked: Asked<HealthOf>,
}

/// The quantity shown over the epochs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    #[default]
    Weights,
    Values,
    Gradients,
}

impl Quantity {
    const ALL: [Self; 3] = [Self::Weights, Self::Values, Self::Gradients];

    fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Values => "values",
            Self::Gradients => "gradients",
        }
    }
}

impl Health {
    pub(super) fn go(&mut self, lab: &Lab, motion: Motion) {
        match motion {
            Motion::Left | Motion::Right => {
                let at = self.quantity as usize;
                self.quantity = Quantity::ALL[motion.along(at, Quantity::ALL.len(), 1)];
            }
            _ => self.layer = motion.along(self.layer, lab.summary.layers.len(), 5),
        }
    }

    /// Asks for the epochs that are still missing.
    pub(super) fn ask(&mut self, lab: &mut Lab) {
        if lab.look_blocked().is_some() && lab.misfit().is_some() {
            return;
        }
        let run = lab.run_of_network();
        let of_run = run.map(|run| run.in_use.set.dataset.clone());
        let Some(dataset) = of_run.or_else(|| lab.chosen_set().map(|set| set.name.clone())) else {
            return;
        };
        let mut wanted = look::kept_epochs(lab);
        if wanted.is_empty() {
            wanted.push(run.map_or(0, |run| run.history.len()));
        }
        let mut question = HealthOf {
            weights: lab.weights(None),
            run: lab.run_of_weights().map(|run| run.facts.run),
            dataset,
            epochs: Vec::new(),
        };
        let asked = self.asked.wanted();
        let asked = asked.filter(|asked| asked.is_same_network(&question));
        if asked.is_none() {
            self.epochs.clear();
        }
        wanted.retain(|epoch| self.epochs.iter().all(|known| known.epoch != *epoch));
        let is_asked = |epoch: &usize| asked.is_some_and(|asked| asked.epochs.contains(epoch));
        if !wanted.iter().all(is_asked) {
            question.epochs = wanted;
            self.asked.want(Some(question), &mut lab.out);
        }
    }

    /// Receives answers.
    pub(super) fn take_in(&mut self, out: &mut Outbox) {
        while let Some(news) = self.asked.next(out) {
            let Ok(health) = news else { continue };
            let place = self.epochs.partition_point(|one| one.epoch < health.epoch);
            match self.epochs.get_mut(place) {
                Some(known) if known.epoch == health.epoch => *known = health.clone(),
                _ => self.epochs.insert(place, health.clone()),
            }
        }
    }
}

/// The actions while it is open.
pub(super) fn open_actions() -> Vec<Action<ActivationsPane>> {
    vec![
        actions::moves(
            "activations.health_layer",
            "↑↓",
            "layer",
            "up and down move through the layers, left and right through weights, values and gradients",
        ),
        actions::moves(
            "activations.health_quantity",
            "←→",
            "quantity",
            "show weights, values or gradients over the epochs",
        ),
        actions::enter(
            "open maps",
            "show the feature maps of the layer under the cursor",
        ),
        Action::new(
            "activations.health",
            'i',
            "maps",
            "return to the maps",
            ActivationsPane::toggle_health,
        )
        .quiet(),
        actions::back("return to the maps"),
    ]
}
