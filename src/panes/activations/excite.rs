//! What excites a filter most: images of a set, and one made for it.

use std::sync::{Arc, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::{ActivationsPane, Look};
use crate::analysis::{Ascent, AscentSettings, Excitement, ExcitementSearch, Rectangle, ascend};
use crate::data::{Dataset, Split, SplitName};
use crate::lab::{Lab, WeightsVersion};
use crate::worker::{LabelledImage, Network, NetworkDesk, Question, RunId, Tell, Weights};

/// Images that are searched for.
const IMAGES: usize = 9;
/// Between two reports of a search.
const BETWEEN_REPORTS: Duration = Duration::from_millis(200);

/// Which filter, and where it is searched.
#[derive(Clone, Debug, PartialEq)]
pub struct Excite {
    pub weights: Weights,
    pub version: Option<WeightsVersion>,
    /// Name of a loaded set, and its part, to search.
    pub dataset: String,
    pub split: SplitName,
    /// Position in the network, from 0.
    pub layer: usize,
    pub filter: usize,
    /// How many images.
    pub images: usize,
    pub ascent: AscentSettings,
}

/// What was found so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Excited {
    /// Images that were looked at, and all.
    pub done: usize,
    pub total: usize,
    /// The most exciting first.
    pub images: Vec<ExcitingImage>,
    /// The image made by gradient ascent.
    pub ascent: Ascent,
}

/// An image that excites a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct ExcitingImage {
    pub image: LabelledImage,
    /// The filter's largest value on it.
    pub activation: f32,
    /// The pixels that this value sees.
    pub sees: Rectangle,
}

/// The result of a whole search.
#[derive(Default)]
struct Found(Option<Search>);

struct Search {
    asked: Excite,
    /// Of the weights.
    stamp: (RunId, u64),
    /// Without a hold on it: another may have its name by now.
    dataset: Weak<Dataset>,
    /// The images of each filter.
    filters: Vec<Vec<Excitement>>,
}

impl ActivationsPane {
    pub(super) fn ask_excited(&mut self, look: &Look, lab: &mut Lab) {
        let Some(set) = lab.chosen_set().filter(|set| set.shape == lab.preset.input) else {
            return;
        };
        let question = Excite {
            weights: look.weights.clone(),
            version: look.version,
            dataset: set.name.clone(),
            split: lab.looked.split,
            layer: look.layer,
            filter: self.map,
            images: IMAGES,
            ascent: AscentSettings::default(),
        };
        self.excited.want(Some(question), &mut lab.out);
    }
}

impl Question for Excite {
    type Answer = Excited;
    type Lane = Network;
    const PURPOSE: &'static str = "find what excites the filter";

    /// Searches on a thread beside training; a search of the same layer that is done is not done again.
    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.dataset)?;
        let network = &self.weights.network;
        if dataset.shape() != network.input {
            return Err(format!(
                "{} takes images of {}, and those of {} are {}",
                network.name,
                network.input,
                dataset.name,
                dataset.shape()
            ));
        }
        let stamp = desk.stamp();
        let (mut model, _) = desk.copy_at(&self.weights, self.layer + 1)?;
        let (pool, found) = (Arc::clone(&desk.pool), desk.memory.of::<Found>());
        tell.beside(move |tell| {
            let split = dataset.split(self.split);
            // The made image first: it takes a moment, the search many.
            let ascent = || ascend(&mut model, self.layer, self.filter, &self.ascent);
            let ascent = pool.install(ascent);
            let report = |done: usize, images: &[Excitement]| {
                tell.tell(Excited {
                    done,
                    total: split.len(),
                    images: images.iter().map(|one| exciting(one, split)).collect(),
                    ascent: ascent.clone(),
                });
            };
            let found = || found.lock().unwrap_or_else(PoisonError::into_inner);
            let set = Arc::downgrade(&dataset);
            let known = found().0.as_ref().and_then(|known| {
                let is_of_these = known.stamp == stamp && known.dataset.ptr_eq(&set);
                let is_this = is_of_these && known.asked.is_same_search(&self);
                is_this.then(|| known.filters[self.filter].clone())
            });
            if let Some(images) = known {
                report(split.len(), &images);
                return Ok(());
            }
            report(0, &[]);
            let mut search = ExcitementSearch::new(&model, split, self.layer, self.images);
            let mut told = Instant::now();
            while !search.is_finished() {
                if !tell.is_wanted() {
                    return Ok(());
                }
                pool.install(|| search.advance(&mut model, split));
                if told.elapsed() >= BETWEEN_REPORTS && !search.is_finished() {
                    told = Instant::now();
                    report(search.done(), &search.found()[self.filter]);
                }
            }
            report(search.done(), &search.found()[self.filter]);
            found().0 = Some(Search {
                asked: self,
                stamp,
                dataset: set,
                filters: search.found().to_vec(),
            });
            Ok(())
        });
        Ok(())
    }
}

impl Excite {
    /// Whether one search finds the images for both.
    fn is_same_search(&self, other: &Self) -> bool {
        *self
            == Self {
                filter: self.filter,
                ascent: self.ascent,
                version: self.version,
                ..other.clone()
            }
    }
}

fn exciting(found: &Excitement, split: &Split) -> ExcitingImage {
    ExcitingImage {
        image: LabelledImage::of(split, found.image),
        activation: found.activation,
        sees: found.sees.clone(),
    }
}
