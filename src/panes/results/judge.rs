//! What a run's network takes images of its set for: figures over all of them, and pages of galleries.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use crate::analysis::{ConfusionTable, Figures, Gallery, Judgement, PredictionPass};
use crate::data::{Dataset, Split};
use crate::network::Model;
use crate::shape::Shape;
use crate::training::Portion;
use crate::worker::{Network, NetworkDesk, Question, RunId, SetNames, Tell};

/// The screen is told how far it is so often.
const BETWEEN_NEWS: Duration = Duration::from_millis(150);

/// Images of a run's set, selected by what its network takes them for.
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    pub run: RunId,
    /// Finished epochs of the weights that are to judge, if they have judged these images before; else those in memory do.
    pub epochs: usize,
    /// Name of the run's set.
    pub dataset: String,
    pub portion: Portion,
    pub gallery: Gallery,
    /// Position in the selection, from 0, from which on images are wanted.
    pub from: usize,
    /// How many at most; 0 brings what is over all images alone.
    pub count: usize,
}

/// How far it is, or what it brings.
#[derive(Clone, Debug, PartialEq)]
pub enum Judging {
    /// Images that are judged, of how many.
    Under {
        done: usize,
        images: usize,
    },
    Done(Box<JudgedPage>),
}

/// What a run's network, after so many epochs, takes all images of a portion of its set for.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    pub run: RunId,
    /// Finished epochs of the weights that judged.
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
    /// Images of the selection in all.
    pub matching: usize,
    pub from: usize,
    /// Of training images on the page those that the run is not trained on: left out, or kept for validation.
    pub untrained: Vec<usize>,
    pub images: Vec<JudgedImage>,
}

/// An image with what a network takes it for.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedImage {
    pub judgement: Judgement,
    /// `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
}

/// The latest predictions of each portion, finished or not.
#[derive(Default)]
struct Known(Vec<Arc<Predicted>>);

/// What a run's network takes the images of a portion for.
struct Predicted {
    run: RunId,
    epochs: usize,
    portion: Portion,
    dataset: Arc<Dataset>,
    /// Of each training image whether it is trained on; empty for other images.
    is_trained_on: Vec<bool>,
    /// The weights, and what they have said so far.
    pass: Mutex<(Model, PredictionPass)>,
}

impl Question for Judge {
    type Answer = Judging;
    type Lane = Network;
    const PURPOSE: &'static str = "judge the images";

    /// Goes on beside the training; what is given up goes on where it was when it is asked again.
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

    /// Begins with the weights in memory. The test set that a run keeps for its end is measured at once, and that is recorded.
    fn begin(question: &Judge, desk: &mut NetworkDesk) -> Result<Self, String> {
        let portion = question.portion;
        let session = desk.session_of(question.run)?;
        let epochs = session.history().len();
        let is_kept_for_the_end =
            portion == Portion::Test && session.validates_on() == Portion::Validation;
        let pass = if is_kept_for_the_end {
            let pass = session.look_at_test().map_err(|error| error.to_string())?;
            desk.save_ended()?;
            pass
        } else {
            let trainer = session.trainer();
            let (objective, model) = (trainer.recipe().objective(), trainer.evaluated());
            match (portion, trainer.validation_places()) {
                (Portion::Validation, Some(places)) => {
                    PredictionPass::over(objective, model, places.to_vec())
                }
                _ => PredictionPass::new(objective, model, split_of(trainer.dataset(), portion)),
            }
        };
        let session = desk.session_of(question.run)?;
        let trainer = session.trainer();
        let dataset = Arc::clone(trainer.dataset());
        let training = match portion {
            Portion::Training => 0..dataset.train().len() as u32,
            Portion::Validation | Portion::Test => 0..0,
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

    /// Goes on to the end, as long as somebody waits for it, and tells the page.
    fn tell(
        &self,
        question: &Judge,
        set: SetNames,
        pool: &ThreadPool,
        tell: &Tell<Judge>,
    ) -> Result<(), String> {
        let split = split_of(&self.dataset, self.portion);
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

/// The split that the images of a portion lie in: training images are judged by the labels that they came with, those that validate by their
/// right ones.
fn split_of(dataset: &Dataset, portion: Portion) -> &Split {
    match portion {
        Portion::Training => dataset.original_train(),
        Portion::Validation => dataset.train(),
        Portion::Test => dataset.test(),
    }
}

/// Whoever panicked while holding it left it whole.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
