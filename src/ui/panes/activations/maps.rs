//! All maps of a layer, with the strip of layers above them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::super::format::{count, width_of};
use super::super::super::panel::footnote;
use super::super::super::theme::Theme;
use super::super::super::widgets::{MapGrid, UnitBars};
use super::areas;
use crate::shape::Shape;
use crate::state::facts::Normalisation;
use crate::state::{Lab, PaneId, Run};

/// Rows above the maps: the strip of layers and a free one.
const STRIP: u16 = 2;

/// Maps of the shown layer that find room on the pane, and how many lie side by side.
pub fn map_places(lab: &Lab, body: Rect) -> (usize, usize) {
    let [_, maps] = areas(body);
    let area = if lab.zoomed && lab.pane == PaneId::Activations {
        body
    } else {
        maps
    };
    let room = Rect {
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2 + STRIP),
        ..area
    };
    lab.activations.shown.as_ref().map_or((1, 1), |shown| {
        let shape = shown.maps.shape;
        match bars(room, shape) {
            Some(columns) => (shape.channels, columns),
            None => (
                MapGrid::capacity(room, shape).max(1),
                MapGrid::columns(room, shape).max(1),
            ),
        }
    })
}

/// Units side by side, where the layer is flat and all its units have room as bars.
fn bars(area: Rect, shape: Shape) -> Option<usize> {
    let is_flat = shape.height == 1 && shape.width == 1;
    is_flat
        .then(|| UnitBars::columns(area, shape.channels))
        .flatten()
}

pub fn draw(lab: &Lab, area: Rect, inner: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(shown) = &lab.activations.shown else {
        return;
    };
    let [strip, _, maps] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(STRIP - 1),
        Constraint::Fill(1),
    ])
    .areas(inner);
    draw_strip(lab, strip, buffer, theme);
    let first = lab.activations.first_map;
    let shape = shown.maps.shape;
    if bars(maps, shape).is_some() {
        UnitBars::new(&shown.maps.values, theme)
            .cursor(Some(lab.activations.map))
            .render(maps, buffer);
    } else {
        MapGrid::new(&shown.maps.values, shape, theme)
            .map(lab.colors.map())
            .normalisation(normalisation(lab))
            .first(first)
            .cursor(Some(lab.activations.map))
            .render(maps, buffer);
    }
    let end = (first + lab.fits.maps).min(shape.channels);
    let what = if shape.height * shape.width == 1 {
        "values"
    } else {
        "maps"
    };
    // 80 columns have room for one of the two.
    let last = if lab.activations.by_layer_range {
        " · one range"
    } else {
        slider_hint(lab)
    };
    let note = format!(
        "{what} {}–{} of {} · {}{last}",
        count(first),
        count(end.saturating_sub(1)),
        count(shape.channels),
        weights(lab)
    );
    footnote(&note, area, buffer, theme.dim);
}

pub(super) fn normalisation(lab: &Lab) -> Normalisation {
    match lab.activations.by_layer_range {
        true => Normalisation::LayerRange,
        false => Normalisation::PerMap,
    }
}

/// Which weights are looked at, in words.
pub(super) fn weights(lab: &Lab) -> String {
    let Some(shown) = &lab.activations.shown else {
        return String::new();
    };
    let (kept, looked) = lab.looked_epochs();
    if let Some(epoch) = looked {
        let latest = kept.last().copied().unwrap_or(epoch);
        return format!("epoch {epoch}/{latest}");
    }
    let is_active = lab.run_of_network().is_some_and(Run::is_active);
    match (shown.trained_epochs, shown.batches) {
        (0, 0) if is_active => "in its first epoch".to_owned(),
        (0, 0) => "untrained weights".to_owned(),
        (epochs, batches) if batches > 0 => {
            format!("epoch {}, batch {}", epochs + 1, count(batches))
        }
        (epochs, _) => format!("epoch {epochs}"),
    }
}

/// Which key leads to weights of other epochs.
fn slider_hint(lab: &Lab) -> &'static str {
    let is_active = lab.run_of_network().is_some_and(Run::is_active);
    match lab.looked_epochs() {
        (_, Some(_)) => ", > later",
        (kept, None) if kept.len() > 1 && !is_active => ", < earlier",
        _ => "",
    }
}

/// The layers in a row, the shown one marked and in sight.
fn draw_strip(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let names: Vec<&str> = lab
        .summary
        .layers
        .iter()
        .map(|layer| layer.name.as_str())
        .collect();
    let at = lab.activations.layer.min(names.len().saturating_sub(1));
    let width = usize::from(area.width).saturating_sub(4);
    let (mut first, mut end) = (at, (at + 1).min(names.len()));
    let taken = |first: usize, end: usize| -> usize {
        names[first..end]
            .iter()
            .map(|name| width_of(name) + 2)
            .sum()
    };
    loop {
        let before = (first, end);
        if end < names.len() && taken(first, end + 1) <= width {
            end += 1;
        }
        if first > 0 && taken(first - 1, end) <= width {
            first -= 1;
        }
        if (first, end) == before {
            break;
        }
    }
    let arrow =
        |there: bool, arrow: &'static str| Span::styled(if there { arrow } else { " " }, theme.key);
    let mut spans = vec![arrow(first > 0, "‹")];
    for (position, name) in names.iter().enumerate().take(end).skip(first) {
        let style = if position == at {
            theme.selected
        } else {
            theme.dim
        };
        spans.push(Span::styled(format!(" {name} "), style));
    }
    spans.push(arrow(end < names.len(), "›"));
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}
