//! The optimizers, one file each, and [`OPTIMIZERS`], the list from which parser, menus and tests derive.

mod adadelta;
mod adam;
mod adamw;
mod learning_rate;
mod momentum;
mod nesterov;
mod rmsprop;
mod sgd;

use std::fmt;

pub(super) use learning_rate::LEARNING_RATES;
use learning_rate::learning_rate;

use crate::field::{Configured, Field, FieldKind, Settings, Value, kinds};

kinds! {
    /// The description of an optimizer.
    pub struct OptimizerKind, "optimizer" {
        /// Makes the optimizer from one legal value per field, in the order of `fields`.
        pub build: fn(&[Value]) -> Box<dyn Optimizer>,
    }

    /// Every optimizer, in the order in which menus show them.
    pub static OPTIMIZERS = [
        adadelta::KIND,
        sgd::KIND,
        momentum::KIND,
        nesterov::KIND,
        rmsprop::KIND,
        adam::KIND,
        adamw::KIND,
    ];
}

/// An optimizer with a legal value for each of its fields.
pub type OptimizerSpec = Configured<OptimizerKind>;

/// A configured optimizer: how a gradient updates one weight tensor. It is stateless; the trainer holds the state tensors, so that
/// they can be saved.
pub trait Optimizer: fmt::Debug + Send {
    /// The names of the state tensors of a weight tensor, which have its size and start at 0.
    fn state_names(&self) -> &'static [&'static str];

    /// Updates `weights` and `state` (one slice per name) in place by one step.
    fn step(&self, step: Step<'_>, state: &mut [Vec<f32>]);
}

/// The setting of every optimizer that divides.
const EPSILON: Field = Field::number(1e-7, 1e-12..1.0, &[1e-8, 1e-7, 1e-6]);

/// Builds an optimizer that consists of its settings.
fn built<O: Settings + Optimizer + 'static>(values: &[Value]) -> Box<dyn Optimizer> {
    Box::new(O::from_values(values))
}

/// One weight tensor's step.
pub struct Step<'a> {
    /// The weights to update.
    pub weights: &'a mut [f32],
    /// Of the mean loss of the batch, as long as the weights.
    pub gradient: &'a [f32],
    /// The schedule's learning rate for this step.
    pub learning_rate: f32,
    /// Steps done so far, this one included.
    pub number: u64,
}

impl OptimizerSpec {
    /// Builds the optimizer.
    pub fn build(&self) -> Box<dyn Optimizer> {
        (self.kind().build)(self.values())
    }

    /// The learning rate that it is configured with.
    pub fn learning_rate(&self) -> f64 {
        self.value("learning_rate").number()
    }

    /// A warning, as a sentence without its full stop, if this learning rate is far outside the usual range of the optimizer.
    pub fn unusual_rate(&self, rate: f64) -> Option<String> {
        /// How far beyond the quick values a rate is still usual.
        const FAR: f64 = 10.0;
        let mut fields = self.kind().fields.iter();
        let field = fields.find(|field| field.name == "learning_rate")?;
        let FieldKind::Number { steps, .. } = field.kind else {
            return None;
        };
        let (least, most) = (steps.first()?, steps.last()?);
        let (far, end) = match rate {
            rate if rate > FAR * most => ("above", "the loss may diverge"),
            // A small rate is only slow.
            rate if rate * FAR * FAR < *least => ("below", "training may be very slow"),
            _ => return None,
        };
        let name = self.kind().name;
        Some(format!(
            "learning rate {rate} is far {far} the usual range of {name}, {least} to {most}: {end}"
        ))
    }

    /// Sets the learning rate; a value that its field does not accept is ignored.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        let _ = self.set("learning_rate", &Value::Number(learning_rate));
    }
}

impl Default for OptimizerSpec {
    /// Adadelta with a learning rate of 1.0.
    fn default() -> Self {
        Self::with_defaults(&adadelta::KIND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_far_from_the_usual_ones_is_told() {
        let spec = OptimizerSpec::default();
        for (rate, is_told) in [
            (121.0, true),
            (1.0, false),
            (10.0, false),
            (0.001, false),
            (0.0, true),
        ] {
            assert_eq!(spec.unusual_rate(rate).is_some(), is_told, "{rate}");
        }
        let told = spec.unusual_rate(121.0).unwrap_or_default();
        assert!(
            told.contains("121 is far above") && told.contains("adadelta, 0.1 to 1"),
            "{told}"
        );
        for kind in OPTIMIZERS {
            let spec = OptimizerSpec::with_defaults(kind);
            assert_eq!(
                spec.unusual_rate(spec.learning_rate()),
                None,
                "{}",
                kind.name
            );
            assert!(spec.unusual_rate(121.0).is_some(), "{}", kind.name);
        }
    }

    #[test]
    fn every_optimizer_has_a_learning_rate_and_goes_down() {
        for kind in OPTIMIZERS {
            let spec = OptimizerSpec::with_defaults(kind);
            let optimizer = spec.build();
            let (mut weights, gradient) = (vec![1.0; 3], vec![1.0, -1.0, 0.0]);
            let mut state = vec![vec![0.0; 3]; optimizer.state_names().len()];
            let step = Step {
                weights: &mut weights,
                gradient: &gradient,
                learning_rate: spec.learning_rate() as f32,
                number: 1,
            };
            optimizer.step(step, &mut state);
            assert!(
                weights[0] < 1.0 && weights[1] > weights[0],
                "{}: {weights:?}",
                kind.name
            );
        }
    }
}
