//! Predictions of a run's network for the images of its set: figures over all of them, and pages of galleries.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use crate::analysis::{ConfusionTable, Figures, Gallery, Judgement, PredictionPass};
use crate::data::{Dataset, Split};
use crate::network::Model;
use crate::shape::Shape;
use crate::training::Portion;
use crate::worker::{Network, NetworkDesk, Question, RunId, SetNames, Tell};

/// Time between two progress reports.
const BETWEEN_NEWS: Duration = Duration::from_millis(150);

/// Asks for images of a run's set, selected by their predictions.
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    pub run: RunId,
    /// Finished epochs of the weights to use, if their predictions are still known; else the weights in memory are used.
    pub epochs: usize,
    /// Name of the run's set.
    pub dataset: String,
    pub portion: Portion,
    pub gallery: Gallery,
    /// Position of the first image in the selection, from 0.
    pub from: usize,
    /// Images at most; 0 asks only for the figures over all images.
    pub count: usize,
}

/// Progress, or the result.
#[derive(Clone, Debug, PartialEq)]
pub enum Judging {
    /// Classified images, of how many.
    Under {
        done: usize,
        images: usize,
    },
    Done(Box<JudgedPage>),
}

/// Figures of a run's network over all images of a portion of its set.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    pub run: RunId,
    /// Finished epochs of the weights.
    pub epochs: usize,
    pub set: SetNames,
    pub portion: Portion,
    pub table: ConfusionTable,
    pub figures: Figures,
}

/// A page of a gallery.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedPage {
    pub results: Arc<Results>,
    pub shape: Shape,
    /// Images in the selection.
    pub matching: usize,
    pub from: usize,
    /// Training images on the page that the run does not train on: excluded, held out for validation, or not in its part.
    pub untrained: Vec<usize>,
    pub images: Vec<JudgedImage>,
}

/// An image with its prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedImage {
    pub judgement: Judgement,
    /// `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
}

/// The latest predictions of each portion, finished or not.
#[derive(Default)]
struct Known(Vec<Arc<Predicted>>);

/// The predictions of a run's network for a portion of the images.
struct Predicted {
    run: RunId,
    epochs: usize,
    portion: Portion,
    dataset: Arc<Dataset>,
    /// Whether each training image is trained on; empty for other images.
    is_trained_on: Vec<bool>,
    /// The weights, and their predictions so far.
    pass: Mutex<(Model, PredictionPass)>,
}

impl Question for Judge {
    type Answer = Judging;
    type Lane = Network;
    const PURPOSE: &'static str = "classify the images";

    /// Runs beside training; a cancelled pass continues where it stopped when it is asked for again.
    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let known = desk.memory.of::<Known>();
        let mut known = hold(&known);
        let dataset = Arc::clone(desk.session_of(self.run)?.trainer().dataset());
        let found = known.0.iter().find(|one| one.answers(&self, &dataset));
        let predicted = match found {
            Some(found) => Arc::clone(found),
            None => {
                let begun = Arc::new(Predicted::begin(&self, desk)?);
                let is_another =
                    |other: &Arc<Predicted>| other.run == self.run && other.portion != self.portion;
                known.0.retain(is_another);
                known.0.push(Arc::clone(&begun));
                begun
            }
        };
        let set = desk.library.names_of(&dataset);
        let pool = Arc::clone(&desk.pool);
        tell.beside(move |tell| predicted.tell(&self, set, &pool, tell));
        Ok(())
    }
}

impl Predicted {
    fn answers(&self, question: &Judge, dataset: &Dataset) -> bool {
        let is_meant = (self.run, self.epochs, self.portion)
            == (question.run, question.epochs, question.portion);
        is_meant && self.dataset.identity() == dataset.identity()
    }

    /// Starts a pass with the weights in memory. A test set that the run keeps for its end is measured immediately, which is recorded.
    fn begin(question: &Judge, desk: &mut NetworkDesk) -> Result<Self, String> {
        let portion = question.portion;
        let session = desk.session_of(question.run)?;
        let epochs = session.history().len();
        let is_kept_for_the_end =
            portion == Portion::Test && session.validates_on() != Portion::Test;
        let pass = if is_kept_for_the_end {
            let pass = session.look_at_test().map_err(|error| error.to_string())?;
            desk.save_ended()?;
            pass
        } else {
            let trainer = session.trainer();
            let (objective, model) = (trainer.recipe().objective(), trainer.evaluated());
            match (portion, trainer.validation_places()) {
                (Portion::HeldOut, Some(places)) => {
                    PredictionPass::over(objective, model, places.to_vec())
                }
                _ => PredictionPass::new(objective, model, split_of(trainer.dataset(), portion)?),
            }
        };
        let session = desk.session_of(question.run)?;
        let trainer = session.trainer();
        let dataset = Arc::clone(trainer.dataset());
        let training = match portion {
            Portion::Training => 0..dataset.train().len() as u32,
            Portion::HeldOut | Portion::Validation | Portion::Test => 0..0,
        };
        Ok(Self {
            run: question.run,
            epochs,
            portion,
            is_trained_on: training.map(|image| trainer.trains_on(image)).collect(),
            pass: Mutex::new((trainer.evaluated().clone(), pass)),
            dataset,
        })
    }

    /// Finishes the pass unless nobody waits for it any more, and sends the page.
    fn tell(
        &self,
        question: &Judge,
        set: SetNames,
        pool: &ThreadPool,
        tell: &Tell<Judge>,
    ) -> Result<(), String> {
        let split = split_of(&self.dataset, self.portion)?;
        let mut held = hold(&self.pass);
        let (model, pass) = &mut *held;
        let mut told = Instant::now();
        while !pass.is_finished() {
            if !tell.is_wanted() {
                return Ok(());
            }
            pool.install(|| pass.advance(model, split));
            if told.elapsed() >= BETWEEN_NEWS {
                told = Instant::now();
                tell.tell(Judging::Under {
                    done: pass.predictions().len(),
                    images: pass.total(),
                });
            }
        }
        let predictions = pass.predictions();
        let figures = Figures::of(predictions).ok_or_else(|| {
            format!(
                "{} has no {} images",
                self.dataset.name,
                self.portion.word()
            )
        })?;
        let selected = question.gallery.select(predictions);
        let page = selected.iter().skip(question.from).take(question.count);
        let images = page.map(|index| {
            let judgement = pass.judgement(*index);
            JudgedImage {
                pixels: split.image_u8(judgement.index),
                judgement,
            }
        });
        let images: Vec<JudgedImage> = images.collect();
        let places = images.iter().map(|image| image.judgement.index);
        let is_untrained = |image: &usize| self.is_trained_on.get(*image) == Some(&false);
        tell.tell(Judging::Done(Box::new(JudgedPage {
            results: Arc::new(Results {
                run: self.run,
                epochs: self.epochs,
                set,
                portion: self.portion,
                table: predictions.confusion(),
                figures,
            }),
            shape: split.shape(),
            matching: selected.len(),
            from: question.from,
            untrained: places.filter(is_untrained).collect(),
            images,
        })));
        Ok(())
    }
}

/// The split of a portion's images: training images with the labels of the set, held-out images with corrected ones.
fn split_of(dataset: &Dataset, portion: Portion) -> Result<&Split, String> {
    match portion {
        Portion::Training => Ok(dataset.original_train()),
        other => dataset.split(other.split()),
    }
}

/// Locks it even if a thread panicked while holding it.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
