//! Training images by their loss, on a thread beside this one: the training under way, and everything else, goes on meanwhile.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::NetworkDesk;
use crate::analysis::{Figures, PredictionPass};
use crate::data::Split;
use crate::network::Model;
use crate::worker::beside::{Beside, Wanted};
use crate::worker::protocol::Event;
use crate::worker::purpose::Purpose;
use crate::worker::questions::{JudgedImage, JudgedPage, JudgedRequest};
use crate::worker::run_facts::SetNames;
use crate::worker::{RunId, Sink};

/// The screen is told how far it is so often.
const BETWEEN_NEWS: Duration = Duration::from_millis(150);

/// The thread, and the judgement that it is at or has done.
pub(super) struct Suspects {
    beside: Beside,
    kept: Arc<Mutex<Option<Judged>>>,
}

/// What a run's network takes the training images for, after so many epochs.
struct Judged {
    run: RunId,
    epochs: usize,
    set: SetNames,
    /// SHA-256 of the set.
    data: String,
    model: Model,
    /// With the labels that they came with.
    split: Arc<Split>,
    pass: PredictionPass,
    /// Positions by falling loss, once the pass is finished.
    order: Vec<usize>,
    /// Whether each image is trained on.
    is_trained_on: Vec<bool>,
}

impl Suspects {
    pub fn new(events: &Sink) -> Self {
        Self {
            beside: Beside::new(Purpose::JudgeTraining, events.clone()),
            kept: Arc::default(),
        }
    }

    /// Ends what is under way; the next request goes on where it was.
    pub fn stop(&mut self) {
        self.beside.stop();
    }

    /// Forgets what the weights said.
    pub fn forget(&mut self) {
        self.stop();
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl NetworkDesk {
    pub(super) fn judge_training(&mut self, request: JudgedRequest) -> Result<(), String> {
        let run = self.run;
        let Some(session) = self.session.as_ref().filter(|_| run == request.run) else {
            return Err(format!(
                "run {} is not the latest one, and its weights are no longer in memory",
                request.run
            ));
        };
        let trainer = session.trainer();
        let epochs = session.history().len();
        let kept = Arc::clone(&self.suspects.kept);
        let (pool, events) = (Arc::clone(&self.pool), self.events.clone());
        let dataset = trainer.dataset();
        let fresh = || {
            let split = Arc::clone(trainer.dataset().original_train());
            let images = 0..split.len() as u32;
            Judged {
                run,
                epochs,
                set: self.library.names_of(dataset),
                data: dataset.identity().to_owned(),
                model: trainer.evaluated().clone(),
                pass: PredictionPass::new(
                    trainer.recipe().objective(),
                    trainer.evaluated(),
                    &split,
                ),
                order: Vec::new(),
                is_trained_on: images.map(|image| trainer.trains_on(image)).collect(),
                split,
            }
        };
        // What is being judged is out of its place; a thread that is told to stop puts it back before its next batch.
        self.suspects.stop();
        let mut place = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |known: &Judged| {
            (known.run, known.epochs) == (run, request.epochs) && known.data == dataset.identity()
        };
        if !place.as_ref().is_some_and(fits) {
            *place = Some(fresh());
        }
        drop(place);
        self.suspects.beside.look(move |wanted| {
            let look = Look {
                request,
                wanted,
                pool,
                events,
            };
            let mut place = kept.lock().unwrap_or_else(PoisonError::into_inner);
            match place.as_mut() {
                Some(judged) => look.at(judged),
                None => Ok(()),
            }
        });
        Ok(())
    }
}

/// A request that is being answered.
struct Look<'a> {
    request: JudgedRequest,
    wanted: &'a Wanted,
    pool: Arc<ThreadPool>,
    events: Sink,
}

impl Look<'_> {
    fn at(&self, judged: &mut Judged) -> Result<(), String> {
        let mut told = Instant::now();
        while !judged.pass.is_finished() {
            if !self.wanted.still() {
                return Ok(());
            }
            let Judged {
                pass, model, split, ..
            } = judged;
            self.pool.install(|| pass.advance(model, split));
            if told.elapsed() >= BETWEEN_NEWS {
                told = Instant::now();
                self.events.send(Event::Judging {
                    request: self.request.request,
                    done: pass.predictions().len(),
                    images: pass.total(),
                });
            }
        }
        let predictions = judged.pass.predictions();
        if judged.order.is_empty() {
            judged.order = self.request.gallery.select(predictions);
        }
        let Some(figures) = Figures::of(predictions) else {
            return Err("the set has no training images".to_owned());
        };
        let page = judged.order.iter().skip(self.request.from);
        let page: Vec<usize> = page.take(self.request.count).copied().collect();
        self.events.send(Event::Judged(Box::new(JudgedPage {
            request: self.request.request,
            run: judged.run,
            epochs: judged.epochs,
            set: judged.set.clone(),
            split: self.request.gallery.split(),
            figures,
            shape: judged.split.shape(),
            matching: judged.order.len(),
            from: self.request.from,
            untrained: page
                .iter()
                .copied()
                .filter(|image| !judged.is_trained_on[*image])
                .collect(),
            images: page
                .iter()
                .map(|image| JudgedImage {
                    judgement: predictions.judgement(*image),
                    pixels: judged.split.image_u8(*image),
                })
                .collect(),
        })));
        Ok(())
    }
}
