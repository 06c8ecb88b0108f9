//! How the pane looks.

mod exciting;
mod image;
mod map;
mod maps;
mod products;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::layout::areas;
use super::{ActivationsPane, Depth, health};
use crate::data::SplitName;
use crate::lab::{Lab, Part};
use crate::layers::CLASSIFIER;
use crate::ui::format::count;
use crate::ui::panel::{empty, footnote, panel};
use crate::ui::theme::Theme;
use crate::worker::Subject;

/// The pane and what is needed to draw it.
struct Shown<'a> {
    pane: &'a ActivationsPane,
    lab: &'a Lab,
    theme: &'a Theme,
}

pub(super) fn draw(
    pane: &ActivationsPane,
    lab: &Lab,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    if pane.health.is_open {
        return health::draw(&pane.health, lab, area, buffer, theme);
    }
    let shown = Shown { pane, lab, theme };
    if pane.depth == Depth::Products && lab.look_blocked().is_none() {
        return shown.draw_products(area, buffer);
    }
    if lab.zoomed && lab.has_focus(Part::Image) {
        return shown.draw_image(area, buffer);
    }
    if lab.zoomed {
        return shown.draw_inside(area, buffer);
    }
    let [image, inside] = areas(area, lab.preset.input);
    lab.spots.focus(image, Part::Image);
    lab.spots.focus(inside, Part::Maps);
    shown.draw_image(image, buffer);
    shown.draw_inside(inside, buffer);
}

/// Whether it is the layer that gives the probabilities.
fn is_classifier(lab: &Lab, layer: usize) -> bool {
    let layer = lab.summary.layers.get(layer);
    layer.is_some_and(|layer| layer.kind == CLASSIFIER)
}

/// The name of a layer of the network on the screen.
pub(super) fn layer_name(lab: &Lab, layer: usize) -> &str {
    let layer = lab.summary.layers.get(layer);
    layer.map_or("", |layer| layer.name.as_str())
}

impl Shown<'_> {
    /// The title of the image.
    fn subject_title(&self) -> String {
        let looked = &self.lab.looked;
        let of_set = |split: SplitName, index| format!("{} image {}", split.word(), count(index));
        match looked.pin.as_ref().map(|pin| &pin.subject) {
            Some(Subject::OfSet { split, index, .. }) => {
                format!("pinned · {}", of_set(*split, *index))
            }
            Some(Subject::Drawing { .. }) => "pinned · drawing".to_owned(),
            None => of_set(looked.split, looked.image),
        }
    }

    fn draw_inside(&self, area: Rect, buffer: &mut Buffer) {
        let (pane, lab, theme) = (self.pane, self.lab, self.theme);
        let name = layer_name(lab, pane.layer);
        let layer = lab.summary.layers.get(pane.layer);
        let map = pane.map;
        let title = match (pane.depth, layer.and_then(|layer| layer.output)) {
            (Depth::Maps, Some(output)) => format!("{name} · {output}"),
            (Depth::Exciting, Some(_)) => format!("{name} · what excites filter {map}"),
            (_, Some(output)) if output.is_flat() => format!("{name} · unit {map}"),
            (_, Some(output)) => format!("{name} · map {map} · {}×{}", output.height, output.width),
            (_, None) => name.to_owned(),
        };
        let inner = panel(&title, lab.has_focus(Part::Maps), area, buffer, theme);
        let has_set = lab.chosen_set().is_some();
        if let Some(misfit) = lab.look_blocked().filter(|_| has_set) {
            return empty("The network does not fit", &misfit, inner, buffer, theme);
        }
        let Some((_, maps)) = pane.shown() else {
            let (headline, advice) = match (has_set, lab.opening()) {
                (false, None) => ("No data", "Open a set on the Data pane: press 1, then o."),
                (false, Some(_)) => (
                    "Loading the data …",
                    "Feature maps appear when it is loaded.",
                ),
                _ => (
                    "Computing …",
                    "Feature maps appear when the network has processed the image.",
                ),
            };
            return empty(headline, advice, inner, buffer, theme);
        };
        let note = match pane.depth {
            Depth::Maps => self.draw_maps(maps, inner, buffer),
            Depth::Map | Depth::Products => self.draw_map(maps, inner, buffer),
            Depth::Exciting => self.draw_exciting(inner, buffer),
        };
        footnote(&note, area, buffer, theme.dim);
    }
}
