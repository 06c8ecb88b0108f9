//! What the training thread shows of the inside of a network, between two batches or on threads beside it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{Activity, NetworkDesk, Weights, looking};
use crate::analysis::explain::explain;
use crate::analysis::health::{health, remarks};
use crate::analysis::{self, Excitement, ExcitementSearch, ascend, origin};
use crate::data::{Split, SplitName};
use crate::network::Model;
use crate::worker::beside::Beside;
use crate::worker::inside::{
    EpochHealth, ExciteRequest, Excited, ExcitingImage, FeatureMapRequest, FoundOrigin,
    HealthRequest, OriginRequest, ShownMaps,
};
use crate::worker::protocol::Event;
use crate::worker::purpose::Purpose;
use crate::worker::questions::{ExplainRequest, Explained};
use crate::worker::{LabelledImage, Sink};

/// Live maps come no more often than this: a page of 16 maps is 7 KB at 80×24, and training may send 2 KB a second.
const BETWEEN_MAPS: Duration = Duration::from_secs(4);
/// Looking may take this part of the time.
const SHARE_OF_TIME: u32 = 50;
/// Between two reports of a search.
const BETWEEN_REPORTS: Duration = Duration::from_millis(200);
/// Test images by which a network's health is told.
const HEALTH_IMAGES: usize = 256;

/// What is kept for the next look.
pub(super) struct Inside {
    /// A request that waits for its turn.
    live: Option<FeatureMapRequest>,
    /// When maps were last shown, and how long that took.
    last_maps: Option<(Instant, Duration)>,
    exciting: Beside,
    found: Arc<Mutex<Option<Found>>>,
    health: Beside,
}

/// The result of a whole search: what was searched, and the images of each filter.
struct Found {
    searched: Searched,
    filters: Vec<Vec<Excitement>>,
}

/// What decides the result of a search.
#[derive(Clone, PartialEq)]
struct Searched {
    weights: Weights,
    /// Run and steps whose weights were meant.
    stamp: (u64, u64),
    dataset: String,
    split: SplitName,
    layer: usize,
    images: usize,
}

impl Inside {
    pub fn new(events: &Sink) -> Self {
        Self {
            live: None,
            last_maps: None,
            exciting: Beside::new(Purpose::Excite, events.clone()),
            found: Arc::default(),
            health: Beside::new(Purpose::Health, events.clone()),
        }
    }

    /// Drops what was found out of weights that are no longer there.
    pub fn forget(&mut self) {
        if let Ok(mut found) = self.found.lock() {
            *found = None;
        }
    }
}

impl NetworkDesk {
    /// Shows maps at once, or lets the request wait where it is live.
    pub(super) fn ask_maps(&mut self, request: FeatureMapRequest) -> Result<(), String> {
        let waits = request.live && self.activity == Activity::Training;
        self.inside.live = None;
        if waits {
            self.inside.live = Some(request);
            return Ok(());
        }
        self.feature_maps(&request)
    }

    /// Answers a live request whose turn has come.
    pub(super) fn show_live_maps(&mut self) {
        let is_due = self
            .inside
            .last_maps
            .is_none_or(|(at, cost)| at.elapsed() >= BETWEEN_MAPS.max(SHARE_OF_TIME * cost));
        if (is_due || self.activity != Activity::Training)
            && let Some(request) = self.inside.live.take()
        {
            let events = self.events.clone();
            events.guard(Purpose::ShowActivations, || self.feature_maps(&request));
        }
    }

    fn feature_maps(&mut self, request: &FeatureMapRequest) -> Result<(), String> {
        let started = Instant::now();
        let network = &request.weights.network;
        let seen = request.subject.see(&self.library, network)?;
        let input = network.input;
        let batches = self.batches_since_epoch(&request.weights);
        let pool = Arc::clone(&self.pool);
        let (mut model, trained_epochs) = self.model_at(&request.weights, request.layer + 1)?;
        let maps = pool.install(|| analysis::feature_maps(&mut model, &seen.image, request.layer));
        self.events.send(Event::FeatureMaps(ShownMaps {
            request: request.request,
            trained_epochs,
            batches,
            label: seen.label,
            pixels: seen.pixels,
            input,
            maps,
        }));
        self.inside.last_maps = Some((Instant::now(), started.elapsed()));
        Ok(())
    }

    pub(super) fn explain(&mut self, request: &ExplainRequest) -> Result<(), String> {
        let seen = request
            .subject
            .see(&self.library, &request.weights.network)?;
        let pool = Arc::clone(&self.pool);
        let layers = request.weights.network.layers.len();
        let (mut model, trained_epochs) = self.model_at(&request.weights, layers)?;
        let image = &seen.image;
        let explanation = pool.install(|| {
            let class = request
                .class
                .unwrap_or_else(|| looking::most_probable(&model.probabilities(image)));
            explain(&mut model, image, class, &request.method).map_err(|error| error.to_string())
        })?;
        self.events.send(Event::Explained(Explained {
            request: request.request,
            trained_epochs,
            explanation,
        }));
        Ok(())
    }

    pub(super) fn origin(&mut self, request: &OriginRequest) -> Result<(), String> {
        let seen = request
            .subject
            .see(&self.library, &request.weights.network)?;
        let pool = Arc::clone(&self.pool);
        let (mut model, _) = self.model_at(&request.weights, request.layer + 1)?;
        let (layer, place) = (request.layer, request.place);
        let origin = pool
            .install(|| origin(&mut model, &seen.image, layer, place))
            .map_err(|error| error.to_string());
        self.events.send(Event::Origin(FoundOrigin {
            request: request.request,
            origin,
        }));
        Ok(())
    }

    /// Searches on a thread beside training; a search of the same layer that is done is not done again.
    pub(super) fn excite(&mut self, request: ExciteRequest) -> Result<(), String> {
        let dataset = self.library.set(&request.dataset)?;
        let input = request.weights.network.input;
        if dataset.shape() != input {
            return Err(format!(
                "{} takes images of {input}, and those of {} are {}",
                request.weights.network.name,
                dataset.name,
                dataset.shape()
            ));
        }
        let stamp = self.stamp();
        let (pool, events) = (Arc::clone(&self.pool), self.events.clone());
        let found = Arc::clone(&self.inside.found);
        let (mut model, _) = self.copy_at(&request.weights, request.layer + 1)?;
        let searched = Searched {
            weights: request.weights.clone(),
            stamp,
            dataset: request.dataset.clone(),
            split: request.split,
            layer: request.layer,
            images: request.images,
        };
        self.inside.exciting.look(move |wanted| {
            let split = match request.split {
                SplitName::Train => dataset.train(),
                SplitName::Test => dataset.test(),
            };
            let (layer, filter) = (request.layer, request.filter);
            let tell = |done: usize, images: &[Excitement], ascent| {
                events.send(Event::Excited(Excited {
                    request: request.request,
                    done,
                    total: split.len(),
                    images: images
                        .iter()
                        .map(|found| exciting_image(found, split))
                        .collect(),
                    ascent,
                }));
            };
            // The made image first: it takes a moment, the search many.
            let ascent = pool.install(|| ascend(&mut model, layer, filter, &request.ascent));
            let known = found.lock().ok().and_then(|found| {
                let found = found.as_ref()?;
                (found.searched == searched).then(|| found.filters.clone())
            });
            if let Some(filters) = known {
                tell(split.len(), &filters[filter], Some(ascent));
                return Ok(());
            }
            tell(0, &[], Some(ascent.clone()));
            let mut search = ExcitementSearch::new(&model, split, layer, request.images);
            let mut told = Instant::now();
            while !search.is_finished() {
                if !wanted.still() {
                    return Ok(());
                }
                pool.install(|| search.advance(&mut model, split));
                if told.elapsed() >= BETWEEN_REPORTS && !search.is_finished() {
                    told = Instant::now();
                    tell(search.done(), &search.found()[filter], Some(ascent.clone()));
                }
            }
            tell(search.done(), &search.found()[filter], Some(ascent));
            if let Ok(mut found) = found.lock() {
                *found = Some(Found {
                    searched,
                    filters: search.found().to_vec(),
                });
            }
            Ok(())
        });
        Ok(())
    }

    /// Looks, on a thread beside training, how the network is on test images: the latest epoch first, then the others in their order.
    pub(super) fn health(&mut self, request: HealthRequest) -> Result<(), String> {
        let dataset = self.library.set(&request.dataset)?;
        let split = dataset.test();
        let network = &request.network;
        if (dataset.shape(), dataset.classes()) != (network.input, network.classes) {
            return Err(format!(
                "{} takes images of {} in {} classes, and {} has {} classes of {}",
                network.name,
                network.input,
                network.classes,
                dataset.name,
                dataset.classes(),
                dataset.shape()
            ));
        }
        let chosen = spread(split.len(), HEALTH_IMAGES);
        let mut images = vec![0.0; chosen.len() * dataset.shape().len()];
        split.gather(&chosen, &mut images);
        let mut labels = vec![0; chosen.len()];
        split.gather_labels(&chosen, &mut labels);

        let folder = self.folder_of(network);
        let weights = Weights {
            network: network.clone(),
            seed: request.seed,
            keep_weights: request.keep_weights,
            epoch: None,
        };
        let (mut model, trained_epochs) = self.copy_at(&weights, network.layers.len())?;
        let (pool, events) = (Arc::clone(&self.pool), self.events.clone());
        self.inside.health.look(move |wanted| {
            let look = |epoch: usize, model: &mut Model| {
                let health = pool.install(|| health(model, &images, &labels));
                let remarks = remarks(model.network(), &health);
                events.send(Event::Health(EpochHealth {
                    request: request.request,
                    epoch,
                    health,
                    remarks,
                }));
            };
            if request.epochs.contains(&trained_epochs) || folder.is_none() {
                look(trained_epochs, &mut model);
            }
            let Some(folder) = folder else { return Ok(()) };
            for epoch in request
                .epochs
                .iter()
                .filter(|epoch| **epoch != trained_epochs)
            {
                if !wanted.still() {
                    return Ok(());
                }
                // An epoch whose weights are not there, as in runs of earlier versions, leaves a gap.
                if let Ok((weights, _)) = folder.epoch_weights(*epoch)
                    && model.import(&weights).is_ok()
                {
                    look(*epoch, &mut model);
                }
            }
            Ok(())
        });
        Ok(())
    }
}

/// Positions of at most `count` images, evenly over all.
fn spread(images: usize, count: usize) -> Vec<u32> {
    let count = count.min(images);
    (0..count)
        .map(|number| (number * images / count) as u32)
        .collect()
}

fn exciting_image(found: &Excitement, split: &Split) -> ExcitingImage {
    ExcitingImage {
        image: LabelledImage::of(split, found.image),
        activation: found.activation,
        sees: found.sees.clone(),
    }
}
