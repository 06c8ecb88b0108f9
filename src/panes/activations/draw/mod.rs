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
use crate::lab::{Lab, Part};
use crate::ui::format::count;
use crate::ui::panel::{empty, panel};
use crate::ui::theme::Theme;
use crate::worker::Subject;

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
    if pane.depth == Depth::Products && lab.look_blocked().is_none() {
        return products::draw(pane, lab, area, buffer, theme);
    }
    if lab.zoomed && lab.has_focus(Part::Image) {
        return image::draw(pane, lab, area, buffer, theme);
    }
    if lab.zoomed {
        return draw_inside(pane, lab, area, buffer, theme);
    }
    let [image, inside] = areas(area);
    image::draw(pane, lab, image, buffer, theme);
    draw_inside(pane, lab, inside, buffer, theme);
}

/// What the pane is about, for the title of the image.
fn subject_title(lab: &Lab) -> String {
    match &lab.looked.pin {
        Some(pin) => match &pin.subject {
            Subject::OfSet { split, index, .. } => {
                format!("pinned · {} image {}", split.word(), count(*index))
            }
            Subject::Drawing { .. } => "pinned · drawing".to_owned(),
        },
        None => format!(
            "{} image {}",
            lab.looked.split.word(),
            count(lab.looked.image)
        ),
    }
}

fn draw_inside(pane: &ActivationsPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Maps);
    let layer = lab.summary.layers.get(pane.layer);
    let name = layer.map_or("", |layer| layer.name.as_str());
    let output = layer.and_then(|layer| layer.output);
    let map = pane.map;
    let title = match (pane.depth, output) {
        (Depth::Maps, Some(output)) => format!("{name} · {output}"),
        (Depth::Exciting, Some(_)) => format!("{name} · what excites filter {map}"),
        (_, Some(output)) => format!("{name} · map {map} · {}×{}", output.height, output.width),
        (_, None) => name.to_owned(),
    };
    let inner = panel(&title, focused, area, buffer, theme);
    if let Some(misfit) = lab.look_blocked().filter(|_| lab.chosen_set().is_some()) {
        return empty("The network does not fit", &misfit, inner, buffer, theme);
    }
    if pane.shown().is_none() {
        let (headline, advice) = match (lab.chosen_set(), lab.opening()) {
            (None, None) => ("No data", "Open a set on the Data pane: press 1, then o."),
            (None, Some(_)) => ("Loading the data …", "The maps come when it is here."),
            _ => (
                "Looking …",
                "The maps come as soon as the network has seen the image.",
            ),
        };
        return empty(headline, advice, inner, buffer, theme);
    }
    let areas = (area, inner);
    match pane.depth {
        Depth::Maps => maps::draw(pane, lab, areas, buffer, theme),
        Depth::Map | Depth::Products => map::draw(pane, lab, areas, buffer, theme),
        Depth::Exciting => exciting::draw(pane, lab, areas, buffer, theme),
    }
}
