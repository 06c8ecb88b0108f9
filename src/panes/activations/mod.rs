//! Activations: one image, the feature maps of a layer, the arithmetic of single values, what excites a filter, explanations of the
//! prediction, and the network's health.

mod actions;
mod draw;
mod excite;
mod health;
mod layout;
mod look;
mod moves;
mod origin;
mod why;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use excite::{Excite, Excited, ExcitingImage};
pub use health::{EpochHealth, Health, HealthOf, Quantity};
pub use look::{Look, Maps, ShownMaps};
pub use origin::OriginOf;
pub use why::{Explain, Why};

use crate::lab::{Gloss, Lab, LookedChanges, Pane, PaneId, Part};
use crate::shape::Shape;
use crate::ui::theme::Theme;
use crate::worker::Asked;

/// The level of detail of a layer's view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// All its maps.
    #[default]
    Maps,
    /// One map, beside its filter's weights.
    Map,
    /// The images that excite the map's filter most.
    Exciting,
    /// The products whose sum is one value of the map.
    Products,
}

/// The current layer and map, and the answers so far. The image is [`Lab::subject`].
#[derive(Debug, Default)]
pub struct ActivationsPane {
    /// Position in the network, from 0.
    pub layer: usize,
    /// The map under the cursor.
    pub map: usize,
    /// The first map on the page.
    pub first_map: usize,
    pub depth: Depth,
    /// Row and column of the value under the cursor of an enlarged map.
    pub place: (usize, usize),
    /// The product or input channel under the cursor.
    product: usize,
    /// Whether maps are scaled by the range of their layer, to be compared, instead of each by its own.
    by_layer_range: bool,
    /// The epoch of the run whose weights are used; `None` means the latest.
    pub epoch: Option<usize>,
    pub maps: Asked<Maps>,
    /// Number of answers received while the network trained.
    live_answers: u64,
    pub origin: Asked<OriginOf>,
    pub excited: Asked<Excite>,
    pub why: Why,
    pub health: Health,
    /// The area of the maps.
    room: Rect,
    followed: LookedChanges,
}

impl ActivationsPane {
    /// The latest maps, with their question.
    fn shown(&self) -> Option<(&Look, &ShownMaps)> {
        let (asked, shown) = self.maps.answered()?;
        Some((&asked.look, shown))
    }

    /// The shape of the latest maps, if they are those of the current layer.
    fn shape(&self) -> Option<Shape> {
        let (look, shown) = self.shown()?;
        (look.layer == self.layer).then_some(shown.maps.shape)
    }

    /// Drops answers and pending questions after a change of the network or the data.
    fn forget(&mut self) {
        self.maps.forget();
        self.origin.forget();
        self.excited.forget();
        self.why.forget();
        self.depth = Depth::Maps;
    }

    /// Receives answers.
    fn take_in(&mut self, lab: &mut Lab) {
        let out = &mut lab.out;
        let mut has_maps = false;
        while let Some(news) = self.maps.next(out) {
            has_maps |= news.is_ok();
        }
        if has_maps && let Some((look, shown)) = self.shown() {
            let (is_live, maps) = (look.live.is_some(), shown.maps.shape.channels);
            // Asks for the next one.
            self.live_answers += u64::from(is_live);
            if self.map >= maps {
                self.put_map(0);
            }
        }
        self.origin.receive(out);
        self.excited.receive(out);
        self.why.explained.receive(out);
        self.health.take_in(out);
    }
}

const GLOSSES: &[Gloss] = &[
    (
        "receptive field",
        "the patch of the image that a value depends on",
    ),
    (
        "Σ",
        "the sum of products: each value of the window times its weight",
    ),
    (
        "dead",
        "the share of a layer's filters that fire on none of the images",
    ),
    (
        "0.1±0.2",
        "in the health view: mean and standard deviation (std) of a layer's weights, values or gradients",
    ),
];

impl Pane for ActivationsPane {
    fn follow(&mut self, lab: &mut Lab) {
        let changes = lab.looked.changes;
        if self.followed.networks != changes.networks {
            if self.layer >= lab.summary.layers.len() {
                self.layer = 0;
            }
            (self.map, self.first_map) = (0, 0);
        }
        if self.followed != changes {
            self.followed = changes;
            self.forget();
        }
        if let Some(layer) = lab.looked.layer_wish.take() {
            self.go_to_layer(layer);
            lab.focus_on(Part::Maps);
        }
    }

    fn lay_out(&mut self, lab: &mut Lab, area: Rect) {
        self.room = layout::room_of_maps(lab, area);
    }

    /// Activations cost a forward pass, so they are asked for only while they are shown.
    fn ask(&mut self, lab: &mut Lab) {
        self.take_in(lab);
        if lab.pane != PaneId::Activations {
            return;
        }
        if self.health.is_open {
            return self.health.ask(lab);
        }
        let kept = look::kept_epochs(lab);
        self.epoch = self.epoch.filter(|epoch| kept.contains(epoch));
        let Some(look) = self.look(lab) else { return };
        self.ask_maps(&look, lab);
        match self.depth {
            Depth::Maps => {}
            Depth::Map | Depth::Products => self.ask_origin(&look, lab),
            Depth::Exciting => self.ask_excited(&look, lab),
        }
        self.why.ask(look, lab);
    }

    fn glosses(&self) -> &'static [Gloss] {
        GLOSSES
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
