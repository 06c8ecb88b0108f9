//! All maps of a layer, below the strip of layers.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::layout::{STRIP, bars};
use super::super::look::kept_epochs;
use super::super::{ActivationsPane, ShownMaps};
use super::{Shown, is_classifier};
use crate::analysis::Normalisation;
use crate::lab::{Lab, Run};
use crate::ui::format::{count, width_of};
use crate::ui::widgets::{MapGrid, UnitBars};

impl Shown<'_> {
    /// Draws them; returns the text of the frame.
    pub(super) fn draw_maps(&self, shown: &ShownMaps, inner: Rect, buffer: &mut Buffer) -> String {
        let pane = self.pane;
        let rows = Layout::vertical([Length(1), Length(STRIP - 1), Fill(1)]);
        let [strip, _, maps] = rows.areas(inner);
        self.draw_strip(strip, buffer);
        let first = pane.first_map;
        let shape = shown.maps.shape;
        let cursor = Some(pane.map);
        if bars(maps, shape).is_some() {
            let mut bars = UnitBars::new(&shown.maps.values, self.theme);
            bars.cursor = cursor;
            let names = match is_classifier(self.lab, pane.layer) {
                true => self.lab.network_class_names(),
                false => Vec::new(),
            };
            // Names that equal the numbers are redundant.
            let mut numbered = names.iter().enumerate();
            let is_named = numbered.any(|(class, name)| *name != class.to_string());
            bars.names = if is_named { &names } else { &[] };
            self.note_maps(bars.places(maps));
            bars.render(maps, buffer);
        } else {
            let grid = MapGrid {
                normalisation: self.normalisation(),
                first,
                cursor,
                ..MapGrid::new(&shown.maps.values, shape, self.lab.colors.maps, self.theme)
            };
            self.note_maps(grid.places(maps));
            grid.render(maps, buffer);
        }
        let end = (first + pane.page().0).min(shape.channels);
        let what = if shape.is_flat() { "values" } else { "maps" };
        // 80 columns have room for one of the two.
        let last = match pane.by_layer_range {
            true => " · one range",
            false => self.slider_hint(),
        };
        format!(
            "{what} {}–{} of {} · {}{last}",
            count(first),
            count(end.saturating_sub(1)),
            count(shape.channels),
            self.weights()
        )
    }

    fn note_maps(&self, places: Vec<(usize, Rect)>) {
        let put = |pane: &mut ActivationsPane, _: &mut Lab, map| pane.map = map;
        self.lab.spots.cursor(places, put);
    }

    pub(super) fn normalisation(&self) -> Normalisation {
        match self.pane.by_layer_range {
            true => Normalisation::LayerRange,
            false => Normalisation::PerMap,
        }
    }

    /// Whether the network on the screen is being trained.
    fn is_active(&self) -> bool {
        self.lab.run_of_network().is_some_and(Run::is_active)
    }

    /// Which weights are shown, in words.
    pub(super) fn weights(&self) -> String {
        let Some((_, shown)) = self.pane.shown() else {
            return String::new();
        };
        if let Some(epoch) = self.pane.epoch {
            let latest = kept_epochs(self.lab).pop().unwrap_or(epoch);
            return format!("epoch {epoch}/{latest}");
        }
        match (shown.trained_epochs, shown.batches) {
            (0, 0) if self.is_active() => "in the first epoch".to_owned(),
            (0, 0) => "untrained weights".to_owned(),
            (epochs, 0) => format!("epoch {epochs}"),
            (epochs, batches) => format!("epoch {}, batch {}", epochs + 1, count(batches)),
        }
    }

    /// The key that switches to weights of other epochs.
    fn slider_hint(&self) -> &'static str {
        match self.pane.epoch {
            Some(_) => ", > later",
            None if kept_epochs(self.lab).len() > 1 && !self.is_active() => ", < earlier",
            None => "",
        }
    }

    /// The layers in a row, with the current one highlighted and visible.
    fn draw_strip(&self, area: Rect, buffer: &mut Buffer) {
        let layers = self.lab.summary.layers.iter();
        let names: Vec<&str> = layers.map(|layer| layer.name.as_str()).collect();
        let at = self.pane.layer.min(names.len().saturating_sub(1));
        let width = usize::from(area.width).saturating_sub(4);
        let (mut first, mut end) = (at, (at + 1).min(names.len()));
        let taken = |first: usize, end: usize| -> usize {
            let names = names[first..end].iter();
            names.map(|name| width_of(name) + 2).sum()
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
        let arrow = |there: bool, arrow: &'static str| {
            Span::styled(if there { arrow } else { " " }, self.theme.key)
        };
        let mut spans = vec![arrow(first > 0, "‹")];
        let mut x = area.x + 1;
        let places = (first..end)
            .zip(&names[first..end])
            .map(|(position, name)| {
                let place = Rect::new(x, area.y, width_of(name) as u16 + 2, 1);
                x = place.right();
                (position, place.intersection(area))
            });
        let put = |pane: &mut ActivationsPane, _: &mut Lab, layer| pane.go_to_layer(layer);
        self.lab.spots.cursor(places, put);
        for (position, name) in (first..end).zip(&names[first..end]) {
            let style = match position == at {
                true => self.theme.selected,
                false => self.theme.dim,
            };
            spans.push(Span::styled(format!(" {name} "), style));
        }
        spans.push(arrow(end < names.len(), "›"));
        buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
    }
}
