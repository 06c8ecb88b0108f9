//! All maps of a layer, with the strip of layers above them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::ActivationsPane;
use super::super::epochs::kept;
use super::super::layout::{STRIP, bars};
use crate::analysis::Normalisation;
use crate::lab::Lab;
use crate::lab::Run;
use crate::ui::format::{count, width_of};
use crate::ui::panel::footnote;
use crate::ui::theme::Theme;
use crate::ui::widgets::{MapGrid, UnitBars};

pub fn draw(
    pane: &ActivationsPane,
    lab: &Lab,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let Some((_, shown)) = pane.shown() else {
        return;
    };
    let [strip, _, maps] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(STRIP - 1),
        Constraint::Fill(1),
    ])
    .areas(inner);
    draw_strip(pane, lab, strip, buffer, theme);
    let first = pane.first_map;
    let shape = shown.maps.shape;
    if bars(maps, shape).is_some() {
        UnitBars::new(&shown.maps.values, theme)
            .cursor(Some(pane.map))
            .render(maps, buffer);
    } else {
        MapGrid::new(&shown.maps.values, shape, theme)
            .map(lab.colors)
            .normalisation(normalisation(pane))
            .first(first)
            .cursor(Some(pane.map))
            .render(maps, buffer);
    }
    let end = (first + pane.page().0).min(shape.channels);
    let what = if shape.height * shape.width == 1 {
        "values"
    } else {
        "maps"
    };
    // 80 columns have room for one of the two.
    let last = if pane.by_layer_range {
        " · one range"
    } else {
        slider_hint(pane, lab)
    };
    let note = format!(
        "{what} {}–{} of {} · {}{last}",
        count(first),
        count(end.saturating_sub(1)),
        count(shape.channels),
        weights(pane, lab)
    );
    footnote(&note, area, buffer, theme.dim);
}

pub(super) fn normalisation(pane: &ActivationsPane) -> Normalisation {
    match pane.by_layer_range {
        true => Normalisation::LayerRange,
        false => Normalisation::PerMap,
    }
}

/// Which weights are looked at, in words.
pub(super) fn weights(pane: &ActivationsPane, lab: &Lab) -> String {
    let Some((_, shown)) = pane.shown() else {
        return String::new();
    };
    if let Some(epoch) = pane.epoch {
        let kept = kept(lab);
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
fn slider_hint(pane: &ActivationsPane, lab: &Lab) -> &'static str {
    let is_active = lab.run_of_network().is_some_and(Run::is_active);
    match pane.epoch {
        Some(_) => ", > later",
        None if kept(lab).len() > 1 && !is_active => ", < earlier",
        _ => "",
    }
}

/// The layers in a row, the shown one marked and in sight.
fn draw_strip(pane: &ActivationsPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let names: Vec<&str> = lab
        .summary
        .layers
        .iter()
        .map(|layer| layer.name.as_str())
        .collect();
    let at = pane.layer.min(names.len().saturating_sub(1));
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
