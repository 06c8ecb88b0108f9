//! Activations: one image, what a layer makes of it, where single values come from, what excites a filter, why the network takes the image
//! for what it does, and how the network is.

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

/// Which layer is looked at, and what has come. The image is [`Lab::subject`].
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
    /// The first line of the products that is in sight.
    product: usize,
    /// Whether maps are shown by the range of their layer, to be compared, instead of each by its own.
    by_layer_range: bool,
    /// The epoch of the run whose weights are looked at; `None` is the latest state.
    pub epoch: Option<usize>,
    pub maps: Asked<Maps>,
    /// Answers that came while the network trained.
    live_answers: u64,
    pub origin: Asked<OriginOf>,
    pub excited: Asked<Excite>,
    pub why: Why,
    pub health: Health,
    /// Where the maps lie.
    room: Rect,
    followed: LookedChanges,
}

impl ActivationsPane {
    /// The maps that came last, with what was looked at.
    fn shown(&self) -> Option<(&Look, &ShownMaps)> {
        let (asked, shown) = self.maps.answered()?;
        Some((&asked.look, shown))
    }

    /// The shape of the maps that are shown, if they are those of the layer that is looked at.
    fn shape(&self) -> Option<Shape> {
        let (look, shown) = self.shown()?;
        (look.layer == self.layer).then_some(shown.maps.shape)
    }

    /// Drops what is shown and under way, because the network or the data is another one now.
    fn forget(&mut self) {
        self.maps.forget();
        self.origin.forget();
        self.excited.forget();
        self.why.forget();
        self.depth = Depth::Maps;
    }

    /// Takes in what came.
    fn take_in(&mut self, lab: &mut Lab) {
        let out = &mut lab.out;
        let mut has_maps = false;
        while let Some(news) = self.maps.next(out) {
            has_maps |= news.is_ok();
        }
        if has_maps && let Some((look, shown)) = self.shown() {
            let (is_live, maps) = (look.live.is_some(), shown.maps.shape.channels);
            // The next is asked for.
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
        "what it sees",
        "the receptive field: the patch of the image that a value depends on",
    ),
    (
        "Σ",
        "the sum of a value's products: each value in its window times its weight",
    ),
    (
        "dead",
        "the share of a layer's units that fire on none of the images",
    ),
    (
        "0.1±0.2",
        "in the health of a layer: mean and standard deviation (the spread) of its weights, values or gradients",
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

    /// Activations cost a pass through the network, so they are asked for only while they are looked at.
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
