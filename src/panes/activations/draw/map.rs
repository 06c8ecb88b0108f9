//! One map, large, beside the weights of its filter.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect, Size};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::{ActivationsPane, ShownMaps};
use super::{Shown, is_classifier, layer_name};
use crate::analysis::{Normalisation, Origin, Place, map_levels};
use crate::shape::Shape;
use crate::ui::format::{count, fit, fitting};
use crate::ui::panel::{below, lines, paragraph, wrapped};
use crate::ui::widgets::{MapGrid, PixelImage};
use crate::wording::{counted, decimals};

/// Rows of the words below the map.
const WORDS: u16 = 5;

impl Shown<'_> {
    /// Draws it; returns the text of the frame.
    pub(super) fn draw_map(&self, shown: &ShownMaps, inner: Rect, buffer: &mut Buffer) -> String {
        let (pane, theme) = (self.pane, self.theme);
        let shape = shown.maps.shape;
        let map = pane.map.min(shape.channels.saturating_sub(1));
        let [upper, words] = Layout::vertical([Fill(1), Length(WORDS)]).areas(inner);
        let is_flat = shape.is_flat();
        // A single value needs no picture, but its weights do.
        let map_width = if is_flat { 0 } else { upper.width * 2 / 3 };
        let gap = if is_flat { 0 } else { 2 };
        let one = Shape::new(shape.height, shape.width, 1);
        let Size { width, height } = PixelImage::size(one, Size::new(map_width, upper.height));
        let columns = Layout::horizontal([Length(width), Length(gap), Fill(1)]);
        let [picture, _, filter] = columns.areas(upper);
        let levels = map_levels(&shown.maps.values, shape, map, self.normalisation());
        let picture = Rect { height, ..picture };
        PixelImage::new(&levels, one, theme.paint(self.lab.colors.maps)).render(picture, buffer);
        let (row, column) = pane.place;
        let place = Place {
            row: row.min(shape.height.saturating_sub(1)),
            column: column.min(shape.width.saturating_sub(1)),
            channel: map,
        };
        if !is_flat {
            self.mark(one, (place.row, place.column), picture, buffer);
            self.lab
                .spots
                .place(picture, move |pane: &mut ActivationsPane, _, at| {
                    pane.place = PixelImage::pixel_at(one, picture, at).unwrap_or(pane.place);
                });
        }
        let origin = match pane.origin.answer() {
            Some(Ok(origin)) => {
                self.draw_filter(origin, filter, buffer);
                Some(origin)
            }
            Some(Err(reason)) => {
                let text = format!("No single filter gives this value: {reason}.");
                paragraph(&text, theme.dim, filter, buffer);
                None
            }
            None => {
                paragraph("Computing …", theme.dim, filter, buffer);
                None
            }
        };
        let width = usize::from(words.width);
        let text = match is_flat {
            true => self.words_of_unit(shown, map, origin, width),
            false => self.words_of(shown, place, origin, width),
        };
        lines(text, words, buffer);
        let (map, maps) = (count(map), count(shape.channels));
        let what = if is_flat { "unit" } else { "map" };
        format!("{what} {map} of {maps} · {}", self.weights())
    }

    /// Marks a pixel of an image as drawn in `area`.
    fn mark(&self, shape: Shape, pixel: (usize, usize), area: Rect, buffer: &mut Buffer) {
        let times = area.width / shape.width as u16;
        let symbol = match (times, pixel.0 % 2) {
            (0, _) => "▒",
            (1, 1) => "▄",
            (1, _) => "▀",
            _ => "▓",
        };
        let cells = Rect {
            height: (times / 2).max(1),
            ..PixelImage::cells_of(pixel, shape, area)
        };
        for position in cells.intersection(area).positions() {
            let cell = &mut buffer[position];
            cell.set_symbol(symbol);
            // Half a cell keeps the other half's pixel in its background.
            if let Some(color) = self.theme.error.fg {
                cell.set_fg(color);
            }
            cell.modifier = Modifier::empty();
        }
    }

    /// The weights of the filter, one small image per input channel, all with one range.
    fn draw_filter(&self, origin: &Origin, area: Rect, buffer: &mut Buffer) {
        let arithmetic = &origin.arithmetic;
        let window = arithmetic.window;
        let name = layer_name(self.lab, arithmetic.layer);
        if !origin.paths.is_empty() {
            let title = Line::from(vec![
                Span::styled("paths into ", self.theme.dim),
                Span::styled(name, self.theme.title),
            ]);
            let paths = origin.paths.iter().map(|path| self.path(path, 4));
            let paths = paths.flat_map(|path| {
                let width = usize::from(area.width);
                wrapped(&path, width, self.theme.text).collect::<Vec<_>>()
            });
            lines(std::iter::once(title).chain(paths), area, buffer);
            return;
        }
        let title = Line::from(vec![
            Span::styled("weights ", self.theme.dim),
            Span::styled(name, self.theme.title),
        ]);
        let size = Line::styled(format!("{window}"), self.theme.dim);
        let taken = lines([title, size], area, buffer);
        let weights: Vec<f32> = arithmetic.terms.iter().map(|term| term.weight).collect();
        let grid = MapGrid {
            normalisation: Normalisation::LayerRange,
            ..MapGrid::new(&weights, window, self.lab.colors.maps, self.theme)
        };
        grid.render(below(area, taken), buffer);
    }

    /// The value of a unit, and the sum that it comes from.
    fn words_of_unit(
        &self,
        shown: &ShownMaps,
        unit: usize,
        origin: Option<&Origin>,
        width: usize,
    ) -> Vec<Line<'static>> {
        let theme = self.theme;
        let here = shown.maps.values.get(unit).copied().unwrap_or(0.0);
        let what = match is_classifier(self.lab, self.pane.layer) {
            true => format!("probability of {}: ", self.lab.network_class_name(unit)),
            false => format!("unit {}: ", count(unit)),
        };
        let value = decimals(here, 4);
        let value = Line::from(vec![
            Span::styled(fit(&what, width.saturating_sub(value.len())), theme.dim),
            Span::styled(value, theme.accent),
        ]);
        let sum = origin.map(|origin| fitting(sums(origin), width));
        let way = origin.and_then(|origin| self.way(origin, 4));
        let text = sum.into_iter().chain(way);
        let text = text.flat_map(|text| wrapped(&text, width, theme.text));
        [Line::default(), value].into_iter().chain(text).collect()
    }

    fn words_of(
        &self,
        shown: &ShownMaps,
        place: Place,
        origin: Option<&Origin>,
        width: usize,
    ) -> Vec<Line<'static>> {
        let (shape, theme) = (shown.maps.shape, self.theme);
        let Place { row, column, .. } = place;
        let values = shown.maps.values.iter().copied().skip(place.channel);
        let values = || values.clone().step_by(shape.channels.max(1));
        let here = shown
            .maps
            .values
            .get(place.offset(shape))
            .copied()
            .unwrap_or(0.0);
        let least = values().fold(f32::INFINITY, f32::min);
        let most = values().fold(f32::NEG_INFINITY, f32::max);
        let value = Line::from(vec![
            Span::styled(format!("row {row}, column {column}: "), theme.dim),
            Span::styled(decimals(here, 4), theme.accent),
        ]);
        let [least, most] = [least, most].map(|end| decimals(end, 4));
        let range = Line::styled(format!("map range: {least} to {most}"), theme.dim);
        let sum = origin.map(|origin| fitting(sums(origin), width));
        let way = origin.and_then(|origin| self.way(origin, 4));
        let text = sum.into_iter().chain(way);
        let text = text.map(|text| Line::styled(fit(&text, width), theme.text));
        let words = [Line::default(), value, range].into_iter();
        words.chain(text).collect()
    }
}

/// The sum of products and bias, or of paths, in words, the longest first.
fn sums(origin: &Origin) -> [String; 3] {
    let arithmetic = &origin.arithmetic;
    if !origin.paths.is_empty() {
        let values = origin.paths.iter().map(|path| decimals(path.value, 4));
        let added = values.collect::<Vec<_>>().join(" + ");
        let added = format!("{added} = {}", decimals(arithmetic.sum, 4));
        return [format!("paths {added}"), added.clone(), added];
    }
    let (bias, sum) = (arithmetic.bias, arithmetic.sum);
    let products = counted(arithmetic.terms.len(), "product");
    let [of_products, bias, sum] = [sum - bias, bias, sum].map(|part| decimals(part, 4));
    let added = format!("{of_products} + bias {bias} = {sum}");
    [
        format!("{products} {added}"),
        format!("products {added}"),
        added,
    ]
}
