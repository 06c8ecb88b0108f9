//! Whether the settings of a recipe are consistent; the range of each is in its declaration.

use std::ops::RangeInclusive;

use super::{PlannedAugment, Recipe, TrainImages, Transfer};
use crate::field::{Setting, problem_of};

impl Recipe {
    /// Checks that a network of `layers` layers can be trained with these settings.
    ///
    /// # Errors
    /// A sentence that names the key, what was expected and the value.
    pub fn check(&self, layers: usize) -> Result<(), String> {
        in_range("", self)?;
        if let Some(transfer) = &self.transfer {
            check_transfer(transfer, layers)?;
        }
        if let Some(problem) = self.train_images.and_then(TrainImages::problem) {
            return Err(format!("training: train_images: {problem}"));
        }
        self.check_plan()
    }

    fn check_plan(&self) -> Result<(), String> {
        for change in &self.plan {
            in_range("plan: ", change)?;
            if let Some(PlannedAugment::With(augment)) = &change.augment {
                in_range("plan: augment: ", augment)?;
            }
            if change.augment.is_none() && change.learning_rate.is_none() && change.data.is_none() {
                return Err(format!(
                    "training: plan: epoch {} changes nothing; add `augment:`, `learning_rate:` or `data:`, or remove it",
                    change.epoch
                ));
            }
            if change.augment == Some(PlannedAugment::On) && self.augment.is_none() {
                return Err(format!(
                    "training: plan: epoch {} switches augmentation on, but there is no `augment:` beside `plan:` with its \
                     settings; add it, or write the settings instead of `on`",
                    change.epoch
                ));
            }
        }
        Ok(())
    }
}

fn check_transfer(transfer: &Transfer, layers: usize) -> Result<(), String> {
    match (&transfer.from, &transfer.pretrain) {
        (Some(_), Some(_)) => {
            return Err("training: transfer: expected either `from` or `pretrain`, got both; remove one of them".into());
        }
        (None, None) => {
            return Err(
                "training: transfer: expected `from` or `pretrain`, got neither; add `from: RUN_FOLDER` or `pretrain: {data: …, epochs: …}`"
                    .into(),
            );
        }
        _ => {}
    }
    let most = layers.saturating_sub(1);
    within("frozen_layers", transfer.frozen_layers, 0..=most)?;
    if let Some(fresh_from) = transfer.fresh_from {
        within("fresh_from", fresh_from, 1..=most)?;
        if transfer.frozen_layers > fresh_from {
            return Err(format!(
                "training: transfer: frozen_layers is {} and fresh_from {fresh_from}: a layer with initial weights cannot be frozen; \
                 freeze at most {fresh_from}",
                transfer.frozen_layers
            ));
        }
    }
    Ok(())
}

/// Checks a number of layers.
fn within(key: &str, got: usize, range: RangeInclusive<usize>) -> Result<(), String> {
    if range.contains(&got) {
        return Ok(());
    }
    let (least, most) = (range.start(), range.end());
    Err(format!(
        "training: transfer: {key}: expected a whole number from {least} to {most}, got {got}"
    ))
}

/// Checks every setting against its description.
fn in_range(above: &str, part: &dyn Setting) -> Result<(), String> {
    problem_of(part).map_or(Ok(()), |(path, problem)| {
        Err(format!("training: {above}{}", problem.at(&path)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Validation;
    use super::*;

    fn problem(text: &str) -> String {
        let recipe: Recipe = serde_yaml::from_str(text).unwrap();
        recipe.check(6).unwrap_err()
    }

    #[test]
    fn every_key_is_read_checked_and_written_back() {
        let text = "
epochs: 60
optimizer: {adamw: {learning_rate: 0.002}}
schedule: {cosine: {final: 0.01}}
warm_up: 0.5
average: 0.999
label_smoothing: 0.1
class_weights: {Coat: 2, 7: 0.5}
train_images: 500
balanced_batches: true
gradient_clip: 1.0
validation: {split: 0.1}
early_stopping: {patience: 5}
augment: {rotation: 12}
transfer: {pretrain: {data: mnist, epochs: 3, batch_size: 64, augment: {shear: 2}}, frozen_layers: 2, fresh_from: 4}
plan:
  - {epoch: 51, augment: off}
  - {epoch: 56, augment: on, learning_rate: 0.1}
  - {epoch: 58, augment: {zoom: 0.1}, data: mnist}
";
        let recipe: Recipe = serde_yaml::from_str(text).unwrap();
        assert_eq!(recipe.check(6), Ok(()));
        assert_eq!(recipe.validation, Validation::Split(0.1));
        assert!(recipe.balanced_batches && recipe.class_weights.is_some());
        assert_eq!(recipe.plan[0].augment, Some(PlannedAugment::Off));
        let written = serde_yaml::to_string(&recipe).unwrap();
        let read: Recipe = serde_yaml::from_str(&written).unwrap();
        assert_eq!(read, recipe, "{written}");
        assert!(written.contains("train_images: 500\n"), "{written}");
        let from: Recipe = serde_yaml::from_str("transfer: {from: runs/a}").unwrap();
        assert_eq!(from.check(6), Ok(()));
    }

    #[test]
    fn figures_out_of_range_name_key_range_and_figure() {
        for (text, expected) in [
            (
                "epochs: 0",
                "epochs: expected a whole number from 1 to 1000000, got 0",
            ),
            (
                "average: 1.0",
                "average: expected a number of at least 0 and below 1, got 1",
            ),
            (
                "label_smoothing: -0.1",
                "label_smoothing: expected a number of at least 0 and below 1, got -0.1",
            ),
            (
                "train_images: 1",
                "train_images: expected a whole number of images from 2, or a share below 1, got 1; leave it out to train on all images",
            ),
            (
                "train_images: 20.5",
                "train_images: expected a whole number of images from 2, or a share below 1, got 20.5; leave it out to train on all images",
            ),
            (
                "train_images: -3",
                "train_images: expected a number above 0 and below 1000000000, got -3",
            ),
            (
                "class_weights: [1, -2]",
                "class_weights: expected `balanced`, a figure from 0 to 1000000 for each class such as `1, 2.5, 1`, or by class name such \
                 as `Shirt: 2, Coat: 1.5`, got '1, -2'",
            ),
            (
                "gradient_clip: 0.0",
                "gradient_clip: expected a number above 0 and below 1000000, got 0",
            ),
            (
                "warm_up: -1.0",
                "warm_up: expected a number of at least 0 and below 1000000, got -1",
            ),
            (
                "validation: {split: 1.0}",
                "validation: split: expected a number from 0.001 to 0.9, got 1",
            ),
            (
                "early_stopping: {patience: 0}",
                "early_stopping: patience: expected a whole number from 1 to 1000000, got 0",
            ),
            (
                "transfer: {pretrain: {data: a, epochs: 1, batch_size: 0}}",
                "transfer: pretrain: batch_size: expected a whole number from 1 to 65536, got 0",
            ),
            (
                "transfer: {from: a, frozen_layers: 6}",
                "transfer: frozen_layers: expected a whole number from 0 to 5, got 6",
            ),
        ] {
            assert_eq!(problem(text), format!("training: {expected}"));
        }
    }

    #[test]
    fn what_does_not_go_together_is_said() {
        for (text, part) in [
            ("transfer: {}", "got neither"),
            (
                "transfer: {from: a, pretrain: {data: mnist, epochs: 1}}",
                "got both",
            ),
            (
                "transfer: {from: a, frozen_layers: 3, fresh_from: 2}",
                "cannot be frozen",
            ),
            ("plan: [{epoch: 3}]", "changes nothing"),
            ("plan: [{epoch: 3, augment: on}]", "with its settings"),
        ] {
            let problem = problem(text);
            assert!(problem.contains(part), "{problem}");
        }
    }
}
