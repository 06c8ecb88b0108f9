//! Two runs on the same test images: which images each classifies correctly, and whether that is more than chance.

use std::sync::Arc;

use serde::Serialize;

use super::super::failure::Failure;
use super::super::output::table;
use super::super::trained::{SetArguments, Trained};
use crate::analysis::{ConfusionTable, Predictions, predict};
use crate::data::{Dataset, short_sha256};
use crate::runs::RunSummary;
use crate::statistics::{McNemar, p_in_words};
use crate::wording::thousands;

/// Rows of images that are printed; JSON has all.
const SHOWN: usize = 10;

/// The predictions of two runs for the same test images.
#[derive(Serialize)]
pub struct Disagreement {
    data: String,
    sha256: String,
    /// Epoch of the weights of each run.
    epochs: [usize; 2],
    mcnemar: McNemar,
    /// The images that the runs classify differently.
    images: Vec<Image>,
    /// Images of each true class (row) predicted as each class (column), by the second run minus by the first.
    confusion_difference: Vec<Vec<i64>>,
    #[serde(skip)]
    class_names: Vec<String>,
}

/// A test image that the runs classify differently.
#[derive(Serialize)]
struct Image {
    /// Position among the test images, from 0.
    image: usize,
    label: String,
    predicted: [String; 2],
}

impl Disagreement {
    /// Classifies the test images of the set with the best weights of both runs.
    ///
    /// # Errors
    /// [`Failure::Input`] if a run has no weights, the set does not fit both networks, or it has no test images.
    pub fn of(runs: [&RunSummary; 2], set: &SetArguments) -> Result<Self, Failure> {
        let [first, second] = runs.map(|run| Classified::of(run, set));
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
        let mcnemar = McNemar::of(&first.right(), &second.right()).map_err(Failure::input)?;
        let (one, other) = (first.names(), second.names());
        let labels = first.predictions.labels().iter();
        let images = labels.enumerate().zip(one.iter().zip(&other));
        let images = images.filter(|(_, (one, other))| one != other).map(
            |((image, label), (one, other))| Image {
                image,
                label: first.dataset.class_names()[usize::from(*label)].clone(),
                predicted: [one, other].map(|name| (*name).to_owned()),
            },
        );
        Ok(Self {
            images: images.collect(),
            confusion_difference: second.table_minus(&first),
            data: first.dataset.name.clone(),
            sha256: first.dataset.identity().to_owned(),
            epochs: [first.epochs, second.epochs],
            mcnemar,
            class_names: first.dataset.class_names().to_vec(),
        })
    }

    /// For people.
    pub fn in_words(&self) -> String {
        let test = &self.mcnemar;
        let count = |number: usize| thousands(number);
        let verdict = match test.p < 0.05 {
            true => "the difference is more than chance",
            false => "the difference may be chance",
        };
        let mut parts = vec![format!(
            "on the {} test images of {} (SHA-256 {}…), with the weights of epochs {} and {}:\n\
             both correct {}, only 1 correct {}, only 2 correct {}, both wrong {}\n\
             accuracy of 1 minus 2: {:+.4}, 95 % interval {:+.4} to {:+.4}\n\
             McNemar's test: {}; {verdict}",
            count(test.images),
            self.data,
            short_sha256(&self.sha256),
            self.epochs[0],
            self.epochs[1],
            count(test.both_right),
            count(test.only_first_right),
            count(test.only_second_right),
            count(test.images - test.both_right - test.only_first_right - test.only_second_right),
            test.difference,
            test.interval.low,
            test.interval.high,
            p_in_words(test.p),
        )];
        if self.class_names.len() <= MOST_CLASSES {
            parts.push(format!(
                "predicted by 2 more often than by 1:\n{}",
                self.confusion()
            ));
        }
        parts.push(self.differing());
        parts.join("\n\n")
    }

    fn confusion(&self) -> String {
        let classes = self.class_names.len();
        let mut rows = vec![vec!["true".to_owned()]];
        rows[0].extend((0..classes).map(|class| class.to_string()));
        for (class, row) in self.confusion_difference.iter().enumerate() {
            let name = format!("{class} {}", self.class_names[class]);
            let cells = row.iter().map(|count| match count {
                0 => "·".to_owned(),
                count => format!("{count:+}"),
            });
            rows.push(std::iter::once(name).chain(cells).collect());
        }
        table(&rows, |column| column == 0)
    }

    fn differing(&self) -> String {
        if self.images.is_empty() {
            return "Both predict the same class for every image.".to_owned();
        }
        let mut rows = vec![["image", "label", "1", "2"].map(str::to_owned).to_vec()];
        rows.extend(self.images.iter().take(SHOWN).map(|image| {
            let [one, other] = image.predicted.clone();
            vec![image.image.to_string(), image.label.clone(), one, other]
        }));
        let rest = self.images.len().saturating_sub(SHOWN);
        let rest = match rest {
            0 => String::new(),
            rest => format!("\n… and {} more, listed with --json", thousands(rest)),
        };
        format!(
            "classified differently:\n{}{rest}",
            table(&rows, |column| column > 0)
        )
    }
}

/// Above this number of classes the difference of the confusion matrices is in the JSON only.
const MOST_CLASSES: usize = 12;

/// A run's predictions for the test images of a set.
struct Classified {
    dataset: Arc<Dataset>,
    epochs: usize,
    predictions: Predictions,
}

impl Classified {
    fn of(run: &RunSummary, set: &SetArguments) -> Result<Self, Failure> {
        let mut trained = Trained::open(&run.folder)?;
        let dataset = trained.dataset(set)?;
        let objective = trained.objective;
        let predictions = trained.compute(|model| predict(objective, model, dataset.test()));
        if predictions.is_empty() {
            return Err(Failure::sentence(format!(
                "{} has no test images",
                dataset.name
            )));
        }
        let right = (0..predictions.len()).filter(|&image| predictions.is_right(image));
        let accuracy = right.count() as f64 / predictions.len() as f64;
        trained.note_test(&dataset, predictions.loss(), accuracy);
        Ok(Self {
            dataset,
            epochs: trained.about.epochs,
            predictions,
        })
    }

    fn right(&self) -> Vec<bool> {
        let images = 0..self.predictions.len();
        images
            .map(|image| self.predictions.is_right(image))
            .collect()
    }

    /// The name of the predicted class of each image; the two networks may number classes differently.
    fn names(&self) -> Vec<&str> {
        let images = 0..self.predictions.len();
        let names = self.dataset.class_names();
        images
            .map(|image| names[self.predictions.predicted(image)].as_str())
            .collect()
    }

    /// Its confusion matrix minus another one, in the other one's order of classes.
    fn table_minus(&self, other: &Self) -> Vec<Vec<i64>> {
        let (mine, theirs) = (self.predictions.confusion(), other.predictions.confusion());
        let own = self.dataset.class_names().iter();
        let names = other.dataset.class_names();
        let places: Vec<_> = names
            .iter()
            .map(|name| own.clone().position(|own| own == name))
            .collect();
        let count = |table: &ConfusionTable, truth, class| i64::from(table.count(truth, class));
        let cell = |truth: usize, class: usize| {
            let place = places[truth].zip(places[class]);
            place.map_or(0, |(truth, class)| count(&mine, truth, class))
                - count(&theirs, truth, class)
        };
        let classes = 0..names.len();
        let row = |truth| classes.clone().map(|class| cell(truth, class)).collect();
        classes.clone().map(row).collect()
    }
}
