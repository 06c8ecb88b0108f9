//! Two runs on the same test images: which images each classifies correctly, and whether that is more than chance.

use std::sync::Arc;

use serde::Serialize;

use super::super::failure::Failure;
use super::super::output::table;
use super::super::trained::{SetArguments, Trained};
use crate::analysis::{self, Classified, Predictions, predict};
use crate::data::{Dataset, short_sha256};
use crate::runs::RunSummary;
use crate::wording::thousands;

/// Rows of images that are printed; JSON has all.
const SHOWN: usize = 10;
/// Above this number of classes the difference of the confusion matrices is in the JSON only.
const MOST_CLASSES: usize = 12;

/// The predictions of two runs for the same test images.
#[derive(Serialize)]
pub struct Disagreement {
    data: String,
    sha256: String,
    /// Epoch of the weights of each run.
    epochs: [usize; 2],
    #[serde(flatten)]
    found: analysis::Disagreement,
}

impl Disagreement {
    /// Classifies the test images of the set with the best weights of both runs.
    ///
    /// # Errors
    /// [`Failure::Input`] if a run has no weights, the set does not fit both networks, or it has no test images.
    pub fn of(runs: [&RunSummary; 2], set: &SetArguments) -> Result<Self, Failure> {
        let [first, second] = runs.map(|run| Judged::of(run, set));
        let (first, second) = (first?, second?);
        if first.dataset.identity() != second.dataset.identity() {
            return Err(Failure::sentence(format!(
                "{} was trained on {} and {} on {}; choose one set for both with --data",
                runs[0].title(),
                first.dataset.name,
                runs[1].title(),
                second.dataset.name
            )));
        }
        let found = analysis::Disagreement::of(first.classified(), second.classified());
        Ok(Self {
            found: found.map_err(Failure::input)?,
            data: first.dataset.name.clone(),
            sha256: first.dataset.identity().to_owned(),
            epochs: [first.epochs, second.epochs],
        })
    }

    /// For people.
    pub fn in_words(&self) -> String {
        let mut lines = vec![format!(
            "on the {} test images of {} (SHA-256 {}…), with the weights of epochs {} and {}:",
            thousands(self.found.mcnemar.images),
            self.data,
            short_sha256(&self.sha256),
            self.epochs[0],
            self.epochs[1],
        )];
        lines.extend(self.found.verdict());
        let mut parts = vec![lines.join("\n")];
        if self.found.classes.len() <= MOST_CLASSES {
            parts.push(format!(
                "predicted by 2 more often than by 1:\n{}",
                self.confusion()
            ));
        }
        parts.push(self.differing());
        parts.join("\n\n")
    }

    fn confusion(&self) -> String {
        let classes = &self.found.classes;
        let mut rows = vec![vec!["true".to_owned()]];
        rows[0].extend((0..classes.len()).map(|class| class.to_string()));
        let differences = classes.iter().zip(&self.found.confusion_difference);
        for (class, (of, row)) in differences.enumerate() {
            let name = format!("{class} {}", of.name);
            let cells = row.iter().map(|count| match count {
                0 => "·".to_owned(),
                count => format!("{count:+}"),
            });
            rows.push(std::iter::once(name).chain(cells).collect());
        }
        table(&rows, |column| column == 0)
    }

    fn differing(&self) -> String {
        let images = &self.found.images;
        if images.is_empty() {
            return "Both predict the same class for every image.".to_owned();
        }
        let mut rows = vec![["image", "label", "1", "2"].map(str::to_owned).to_vec()];
        rows.extend(images.iter().take(SHOWN).map(|image| {
            let [one, other] = image.predicted.clone();
            vec![image.image.to_string(), image.label.clone(), one, other]
        }));
        let rest = match images.len().saturating_sub(SHOWN) {
            0 => String::new(),
            rest => format!("\n… and {} more, listed with --json", thousands(rest)),
        };
        format!(
            "classified differently:\n{}{rest}",
            table(&rows, |column| column > 0)
        )
    }
}

/// A run's predictions for the test images of a set.
struct Judged {
    dataset: Arc<Dataset>,
    epochs: usize,
    predictions: Predictions,
}

impl Judged {
    fn of(run: &RunSummary, set: &SetArguments) -> Result<Self, Failure> {
        let mut trained = Trained::open(&run.folder)?;
        let dataset = trained.dataset(set)?;
        let objective = trained.objective();
        let predictions = trained.compute(|model| predict(objective, model, dataset.test()));
        if predictions.is_empty() {
            return Err(Failure::sentence(format!(
                "{} has no test images",
                dataset.name
            )));
        }
        trained.note_test(&dataset, predictions.loss(), predictions.accuracy());
        Ok(Self {
            dataset,
            epochs: trained.about.epochs,
            predictions,
        })
    }

    fn classified(&self) -> Classified<'_> {
        Classified {
            predictions: &self.predictions,
            class_names: self.dataset.class_names(),
        }
    }
}
