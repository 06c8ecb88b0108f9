//! What the Activations pane shows: one image, what a layer makes of it, and where single values come from.

use crate::analysis::{FeatureMaps, Place};
use crate::data::SplitName;
use crate::shape::Shape;
use crate::worker::{Excited, FoundOrigin, RunId, Subject, Weights};

/// Which image and layer are looked at, and what has come.
#[derive(Clone, Debug)]
pub struct ActivationState {
    pub split: SplitName,
    /// Position in the split of the chosen set, from 0; a pinned image goes before it.
    pub image: usize,
    pub pin: Option<Pin>,
    /// Position in the network, from 0.
    pub layer: usize,
    /// The map under the cursor.
    pub map: usize,
    /// The first map on the page.
    pub first_map: usize,
    pub depth: Depth,
    /// Row and column of the value under the cursor of an enlarged map.
    pub place: (usize, usize),
    /// The first line of the products that is in sight.
    pub product: usize,
    /// Whether maps are shown by the range of their layer, to be compared, instead of each by its own.
    pub by_layer_range: bool,
    /// The epoch of the run whose weights are looked at; `None` is the latest state.
    pub epoch: Option<usize>,
    pub shown: Option<Activations>,
    /// The latest request and what it asked for.
    pub(super) asked: Option<(u64, MapQuery)>,
    /// Answers that came while the network trained.
    pub(super) live_answers: u64,
    pub origin: Option<FoundOrigin>,
    pub(super) asked_origin: Option<(u64, OriginQuery)>,
    pub excited: Option<Excited>,
    pub(super) asked_excited: Option<(u64, ExciteQuery)>,
}

/// How far one has gone into a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// All its maps.
    #[default]
    Maps,
    /// One map, beside its filter's weights.
    Map,
    /// What excites the map's filter.
    Exciting,
    /// The products that make one value of the map.
    Products,
}

/// An image that is held until it is let go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub subject: Subject,
    /// In words: `MNIST test image 153`.
    pub name: String,
    pub shape: Shape,
    /// Names of its set's classes; empty for a drawing.
    pub class_names: Vec<String>,
}

/// A worker's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Activations {
    pub subject: Subject,
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Name of the layer, as in Keras.
    pub layer_name: String,
    pub trained_epochs: usize,
    /// Batches of the epoch under way that the weights have seen.
    pub batches: usize,
    /// The class that the image has in its set.
    pub label: Option<u16>,
    /// `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
    pub input: Shape,
    pub maps: FeatureMaps,
}

/// What decides which maps come.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MapQuery {
    pub weights: Weights,
    pub subject: Subject,
    pub layer: usize,
    pub layer_name: String,
    pub stamp: Stamp,
    /// While the network trains, the answers so far: each asks for the next.
    pub live: Option<u64>,
}

/// Run and finished epochs whose weights are meant; nothing where the network is not the run's.
pub(super) type Stamp = Option<(RunId, usize)>;

/// What decides where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OriginQuery {
    pub maps: MapQuery,
    pub place: Place,
}

/// What decides what excites a filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ExciteQuery {
    pub weights: Weights,
    pub stamp: Stamp,
    pub dataset: String,
    pub split: SplitName,
    pub layer: usize,
    pub filter: usize,
}

impl ActivationState {
    pub(super) fn new() -> Self {
        Self {
            split: SplitName::Test,
            image: 0,
            pin: None,
            layer: 0,
            map: 0,
            first_map: 0,
            depth: Depth::Maps,
            place: (0, 0),
            product: 0,
            by_layer_range: false,
            epoch: None,
            shown: None,
            asked: None,
            live_answers: 0,
            origin: None,
            asked_origin: None,
            excited: None,
            asked_excited: None,
        }
    }

    /// Drops what is shown and under way, because the network or the data is another one now.
    pub(crate) fn forget(&mut self) {
        self.shown = None;
        self.asked = None;
        (self.origin, self.asked_origin) = (None, None);
        (self.excited, self.asked_excited) = (None, None);
        self.depth = Depth::Maps;
    }

    /// Goes to a layer; the cursor stays on its map where there is one of this number.
    pub(super) fn go_to_layer(&mut self, layer: usize) {
        if layer != self.layer {
            self.layer = layer;
            self.first_map = 0;
            self.map = 0;
            self.depth = Depth::Maps;
        }
    }

    /// The shape of the maps that are shown, if they are those of the layer that is looked at.
    pub fn shape(&self) -> Option<Shape> {
        let shown = self.shown.as_ref()?;
        (shown.layer == self.layer).then_some(shown.maps.shape)
    }
}
