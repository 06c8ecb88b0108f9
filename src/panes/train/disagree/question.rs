//! What two runs make of the same test images.

use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::{Classified, Disagreement, Predictions, predict};
use crate::data::{Dataset, for_network_of};
use crate::runs::{Occasion, RunFolder};
use crate::session::{Trained, thread_pool};
use crate::shape::Shape;
use crate::worker::{Beside, Desk, Question, Tell};

/// The most images whose pixels are kept.
const MOST_IMAGES: usize = 1000;

/// Classifies the test images of their set with the weights of two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareImages {
    pub folders: [PathBuf; 2],
}

/// What two runs make of the same test images.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedImages {
    pub found: Disagreement,
    /// The name of the set.
    pub data: String,
    /// The epochs of the weights.
    pub epochs: [usize; 2],
    pub shape: Shape,
    /// `[height, width, channels]`, 0–255, of the images that they classify differently, or of the first of them.
    pub pixels: Vec<Vec<u8>>,
    /// What is to be known of the weights, in sentences.
    pub remarks: Vec<String>,
}

/// A run's predictions.
struct Judged {
    dataset: Arc<Dataset>,
    epochs: usize,
    predictions: Predictions,
    remarks: Vec<String>,
}

impl Judged {
    fn of(folder: PathBuf, desk: &Desk) -> Result<Self, String> {
        let folder = RunFolder::open(&folder).map_err(|error| error.to_string())?;
        let mut trained = Trained::open(folder, None)?;
        let dataset = desk.library.set_of(&trained.data, &trained.record.preset)?;
        let (dataset, _) = for_network_of(&trained.trained_on, dataset, false)?;
        let pool = thread_pool(desk.surroundings.threads).map_err(|error| error.to_string())?;
        let objective = trained.record.latest_recipe().objective();
        let model = &mut trained.model;
        let predictions = pool.install(|| predict(objective, model, dataset.test()));
        let mut remarks = std::mem::take(&mut trained.remarks);
        let measured = (predictions.loss(), predictions.accuracy());
        if let Err(error) = trained.note_test(&dataset, Occasion::Asked, measured) {
            remarks.push(format!(
                "It cannot be recorded in the run folder that the test set was measured: {error}"
            ));
        }
        Ok(Self {
            dataset,
            epochs: trained.about.epochs,
            predictions,
            remarks,
        })
    }

    fn classified(&self) -> Classified<'_> {
        Classified {
            predictions: &self.predictions,
            class_names: self.dataset.class_names(),
        }
    }
}

impl Question for CompareImages {
    type Answer = Arc<ComparedImages>;
    type Lane = Beside;
    const PURPOSE: &'static str = "compare the runs on the test images";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let [one, other] = self.folders;
        let one = Judged::of(one, desk)?;
        if !tell.is_wanted() {
            return Ok(());
        }
        let other = Judged::of(other, desk)?;
        if one.dataset.identity() != other.dataset.identity() {
            return Err(format!(
                "one was trained on {}, the other on {}: mark two runs of the same set",
                one.dataset.name, other.dataset.name
            ));
        }
        let found = Disagreement::of(one.classified(), other.classified());
        let found = found.map_err(|error| error.to_string())?;
        let test = one.dataset.test();
        let images = found.images.iter().take(MOST_IMAGES);
        tell.tell(Arc::new(ComparedImages {
            pixels: images.map(|image| test.image_u8(image.image)).collect(),
            found,
            data: one.dataset.name.clone(),
            epochs: [one.epochs, other.epochs],
            shape: test.shape(),
            remarks: one.remarks.into_iter().chain(other.remarks).collect(),
        }));
        Ok(())
    }
}
