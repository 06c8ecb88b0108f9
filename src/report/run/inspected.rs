//! What a network does with the test images, found out once.

use std::sync::Arc;

use crate::analysis::{FeatureMaps, Figures, Predictions, feature_maps, predict};
use crate::data::{Dataset, short_sha256};
use crate::network::Model;
use crate::runs::RunRecord;
use crate::training::Young;
use crate::wording::counted;

/// Which weights are inspected, and with which image.
pub struct Looking<'a> {
    /// The record of their run.
    pub record: &'a RunRecord,
    /// When they were saved, in words: `epoch 12`.
    pub moment: String,
    /// The test image whose activations are shown, from 0.
    pub image: usize,
}

/// What a network does with the test images of a set.
pub struct Inspected {
    /// The set, with its classes in the network's order.
    pub dataset: Arc<Dataset>,
    /// When the weights were saved, in words.
    pub moment: String,
    /// Why predictions say little of what the weights can do, if they do.
    pub remark: Option<String>,
    /// Of every test image.
    pub predictions: Predictions,
    /// Of all test images together.
    pub figures: Figures,
    /// The test image whose activations these are.
    pub image: usize,
    /// What every layer that computes anything makes of it, with the layer's name.
    pub layers: Vec<(String, FeatureMaps)>,
}

impl Inspected {
    /// Predicts all test images, in rayon's current pool.
    ///
    /// # Errors
    /// A sentence if there is no such image.
    pub fn of(
        model: &mut Model,
        dataset: Arc<Dataset>,
        looking: Looking<'_>,
    ) -> Result<Self, String> {
        let test = dataset.test();
        let image = looking.image;
        if image >= test.len() {
            return Err(format!(
                "--image {image}: {} has {}, numbered from 0",
                dataset.name,
                counted(test.len(), "test image")
            ));
        }
        let objective = looking.record.latest_recipe().objective();
        let predictions = predict(objective, model, test);
        let figures = Figures::of(&predictions).expect("a set has test images");
        let mut pixels = vec![0.0; test.shape().len()];
        test.image(image, &mut pixels);
        let names: Vec<String> = {
            let layers = model.network().layers().iter();
            layers.map(|layer| layer.name.clone()).collect()
        };
        let mut layers: Vec<(String, FeatureMaps)> = Vec::new();
        for (index, name) in names.into_iter().enumerate() {
            let maps = feature_maps(model, &pixels, index);
            // Dropout and flatten hand on what they get.
            if layers
                .last()
                .is_none_or(|(_, last)| last.values != maps.values)
            {
                layers.push((name, maps));
            }
        }
        let young = Young::of(model.start_share().into());
        Ok(Self {
            remark: young.map(|young| young.to_string()),
            layers,
            dataset,
            moment: looking.moment,
            predictions,
            figures,
            image,
        })
    }

    /// `the 10,000 test images of Fashion-MNIST (SHA-256 0123456789ab…)`
    pub(in crate::report) fn images_in_words(&self) -> String {
        format!(
            "the {} of {}",
            counted(self.predictions.len(), "test image"),
            self.set_in_words()
        )
    }

    /// `Fashion-MNIST (SHA-256 0123456789ab…)`
    pub(in crate::report) fn set_in_words(&self) -> String {
        let sha256 = short_sha256(self.dataset.identity());
        format!("{} (SHA-256 {sha256}…)", self.dataset.name)
    }

    /// The name of a class.
    pub(super) fn class(&self, class: usize) -> &str {
        &self.dataset.class_names()[class]
    }
}
