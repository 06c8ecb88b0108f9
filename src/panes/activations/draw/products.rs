//! The arithmetic of one value: its window, weights, products, sum and bias, as numbers and, if there is room, as pictures.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::ActivationsPane;
use super::exciting::lit;
use super::{Shown, is_classifier, layer_name};
use crate::analysis::{Arithmetic, Normalisation, Origin, PathOrigin, Term, receptive_field};
use crate::lab::Lab;
use crate::network::CheckedNetwork;
use crate::ui::format::count;
use crate::ui::panel::{below, empty, footnote, lines, panel, window as in_sight, wrapped};
use crate::ui::widgets::{MapGrid, PixelImage};
use crate::wording::decimals;

/// Columns of the list of channels.
const CHANNELS: u16 = 26;
/// One of the numbers of a product.
type Figure = fn(&Term) -> f32;

/// Columns of a number in a square.
const NUMBER: usize = 8;
/// Columns of a line of the list of products, with a gap.
const LIST: u16 = 56;
/// Rows from which pictures are useful.
const LEAST_PICTURES: u16 = 8;

impl Shown<'_> {
    pub(super) fn draw_products(&self, area: Rect, buffer: &mut Buffer) {
        let theme = self.theme;
        let origin = self.pane.origin.answer();
        let Some(Ok(origin)) = origin else {
            let inner = panel("Arithmetic", true, area, buffer, theme);
            let (headline, advice) = match origin.and_then(|origin| origin.as_ref().err()) {
                None => (
                    "Computing …",
                    "The products appear when they are ready.".to_owned(),
                ),
                Some(reason) => (
                    "No single sum gives this value",
                    format!("{reason}. Press Esc to go back."),
                ),
            };
            return empty(headline, &advice, inner, buffer, theme);
        };
        let arithmetic = &origin.arithmetic;
        let (place, window) = (arithmetic.place, arithmetic.window);
        if !origin.paths.is_empty() {
            return self.draw_paths(origin, area, buffer);
        }
        let name = layer_name(self.lab, arithmetic.layer);
        let is_flat = window.height * window.width == 1;
        let title = match is_flat {
            true => format!("{name} · unit {} · largest products first", place.channel),
            false => format!(
                "{name} · filter {} · row {}, column {}",
                place.channel, place.row, place.column
            ),
        };
        let inner = panel(&title, true, area, buffer, theme);
        let summary = self.summary(origin, usize::from(inner.width));
        let rows = Layout::vertical([Fill(1), Length(1), Length(summary.len() as u16)]);
        let [upper, _, lower] = rows.areas(inner);
        lines(summary, lower, buffer);
        match is_flat {
            true => self.draw_list(arithmetic, upper, buffer),
            false => self.draw_squares(arithmetic, upper, buffer),
        }
        let products = count(arithmetic.terms.len());
        let note = format!("{products} products · window {window}");
        footnote(&note, area, buffer, theme.dim);
    }

    /// The values of the paths that a block adds, and where each comes from.
    fn draw_paths(&self, origin: &Origin, area: Rect, buffer: &mut Buffer) {
        let (theme, place) = (self.theme, origin.arithmetic.place);
        let title = format!(
            "{} · channel {} · row {}, column {}",
            layer_name(self.lab, origin.arithmetic.layer),
            place.channel,
            place.row,
            place.column
        );
        let inner = panel(&title, true, area, buffer, theme);
        let width = usize::from(inner.width);
        let mut text = Vec::new();
        for (number, path) in origin.paths.iter().enumerate() {
            let sentence = format!("path {}: {}", number + 1, self.path(path, 5));
            text.extend(wrapped(&sentence, width, theme.text));
            text.push(Line::default());
        }
        let sum = decimals(origin.arithmetic.sum, 5);
        text.push(Line::from(vec![
            Span::styled("Σ of the paths = ", theme.dim),
            Span::styled(sum, theme.accent),
        ]));
        if let Some(way) = self.way(origin, 5) {
            text.extend(wrapped(&way, width, theme.text));
        }
        lines(text, inner, buffer);
    }

    /// The last layer of a path with its value, and the sum that this comes from.
    pub(super) fn path(&self, path: &PathOrigin, places: usize) -> String {
        let name = path.layer.map(|layer| layer_name(self.lab, layer));
        let name = name.unwrap_or("the image");
        let value = decimals(path.value, places);
        let Some(origin) = &path.origin else {
            return format!("{name} {value}");
        };
        let Arithmetic {
            layer,
            terms,
            bias,
            sum,
            ..
        } = &origin.arithmetic;
        let from = layer_name(self.lab, *layer);
        let sum_and_bias = [sum - bias, *bias].map(|part| decimals(part, places));
        let [products, bias] = sum_and_bias;
        match origin.paths.len() {
            0 => format!(
                "{name} {value}, from {from}: Σ of {} products {products} + bias {bias}",
                count(terms.len())
            ),
            paths => format!("{name} {value}, from {from}: the sum of {paths} paths"),
        }
    }

    /// `products + bias = sum`, and the value after each later layer.
    fn summary(&self, origin: &Origin, width: usize) -> Vec<Line<'static>> {
        let theme = self.theme;
        let Arithmetic {
            terms,
            bias,
            sum,
            output,
            ..
        } = &origin.arithmetic;
        let is_changed = (output - sum).abs() > 1e-6 + 1e-5 * sum.abs();
        let output = is_changed.then(|| format!(", after activation {}", decimals(*output, 5)));
        let mut text = vec![Line::from(vec![
            Span::styled(format!("Σ of {} products ", count(terms.len())), theme.dim),
            Span::styled(decimals(sum - bias, 5), theme.text),
            Span::styled(" + bias ", theme.dim),
            Span::styled(decimals(*bias, 5), theme.text),
            Span::styled(" = ", theme.dim),
            Span::styled(decimals(*sum, 5), theme.accent),
            Span::styled(output.unwrap_or_default(), theme.text),
        ])];
        if let Some(way) = self.way(origin, 5) {
            text.extend(wrapped(&way, width, theme.text).take(3));
        }
        text
    }

    /// The value after each layer from the sum on, and after softmax; `None` if the sum is the value.
    pub(super) fn way(&self, origin: &Origin, places: usize) -> Option<String> {
        let steps = origin.steps.iter();
        let steps = steps.map(|step| {
            let value = decimals(step.value, places);
            format!("{} {value}", layer_name(self.lab, step.layer))
        });
        let last = origin.steps.last()?;
        let probability = self.pane.shown().and_then(|(_, shown)| {
            let probability = shown.maps.probabilities.get(last.place.channel);
            probability.filter(|_| is_classifier(self.lab, last.layer))
        });
        let softmax = probability.map(|value| format!("softmax {}", decimals(*value, places)));
        let way: Vec<String> = steps.chain(softmax).collect();
        (way.len() > 1).then(|| format!("Then: {}.", way.join(" → ")))
    }

    /// Input channels with their subtotals, and three squares of the channel under the cursor.
    fn draw_squares(&self, arithmetic: &Arithmetic, area: Rect, buffer: &mut Buffer) {
        let theme = self.theme;
        let window = arithmetic.window;
        let at = self.pane.product.min(window.channels.saturating_sub(1));
        let terms = |channel: usize| {
            let of_channel = arithmetic.terms.iter().skip(channel);
            of_channel.step_by(window.channels)
        };
        let columns = Layout::horizontal([Length(CHANNELS), Length(2), Fill(1)]);
        let [list, _, squares] = columns.areas(area);
        let heading = Line::styled("input channel   subtotal", theme.dim);
        let rows = usize::from(list.height).saturating_sub(1);
        let shown = in_sight(at, window.channels, rows);
        self.touch_products(shown.clone(), list);
        let entries = shown.map(|channel| {
            let is_here = channel == at;
            let style = if is_here { theme.selected } else { theme.text };
            let part: f32 = terms(channel).map(|term| term.product).sum();
            Line::styled(format!(" {channel:<12} {:>10} ", decimals(part, 5)), style)
        });
        lines(std::iter::once(heading).chain(entries), list, buffer);
        let blocks: [(&str, Figure); 3] = [
            ("values", |term| term.value),
            ("× weights", |term| term.weight),
            ("= products", |term| term.product),
        ];
        let block_width = (window.width * NUMBER + 2) as u16;
        let is_row = block_width * 3 <= squares.width;
        let block_rows = window.height as u16 + 2;
        let rows_of_blocks = if is_row { block_rows } else { 3 * block_rows };
        let list_rows = window.channels as u16 + 2;
        // A short list of channels leaves the pictures the whole width.
        let pictures = match list_rows <= area.height / 3 {
            true => below(area, rows_of_blocks.max(list_rows)),
            false => below(squares, rows_of_blocks),
        };
        self.draw_pictures(arithmetic, pictures, buffer);
        let chosen: Vec<&Term> = terms(at).collect();
        for (number, (title, figure)) in (0u16..).zip(blocks) {
            let (x, y) = match is_row {
                true => (number * block_width, 0),
                false => (0, number * block_rows),
            };
            let block = Rect::new(
                squares.x + x,
                squares.y + y,
                squares.width.saturating_sub(x),
                squares.height.saturating_sub(y),
            );
            let rows = chosen.chunks(window.width.max(1)).map(|row| {
                let numbers = row.iter().map(|term| {
                    let is_outside = term.place.is_none();
                    let style = if is_outside { theme.dim } else { theme.text };
                    Span::styled(format!("{:>NUMBER$}", decimals(figure(term), 4)), style)
                });
                Line::from_iter(numbers)
            });
            let heading = Line::styled(format!("  {title}"), theme.title);
            lines(std::iter::once(heading).chain(rows), block, buffer);
        }
    }

    /// The image with the value's receptive field, then window, filter and products, one picture per input channel.
    fn draw_pictures(&self, arithmetic: &Arithmetic, area: Rect, buffer: &mut Buffer) {
        let Some((_, shown)) = self.pane.shown() else {
            return;
        };
        let network = CheckedNetwork::new(&self.lab.preset.network());
        if area.height < LEAST_PICTURES {
            return;
        }
        let columns = Layout::horizontal([Fill(2), Fill(1), Fill(1), Fill(1)]).spacing(2);
        let [image, others @ ..] = columns.areas::<4>(area);
        let heading = |text, area, buffer: &mut Buffer| {
            let heading = Line::styled(text, self.theme.title);
            below(area, lines([heading], area, buffer))
        };
        if let Ok(network) = network
            && self.pane.layer < network.layers().len()
        {
            let (row, column) = self.pane.place;
            let sees = receptive_field(&network, self.pane.layer, row, column);
            let lit = lit(&shown.pixels, &sees, shown.input);
            let place = heading("receptive field", image, buffer);
            let paint = self.theme.paint(self.lab.colors.images);
            PixelImage::new(&lit, shown.input, paint).render(place, buffer);
        }
        let pictures: [(&str, Figure); 3] = [
            ("window", |term| term.value),
            ("filter", |term| term.weight),
            ("products", |term| term.product),
        ];
        for ((title, figure), area) in pictures.into_iter().zip(others) {
            let values: Vec<f32> = arithmetic.terms.iter().map(figure).collect();
            let grid = MapGrid {
                normalisation: Normalisation::LayerRange,
                ..MapGrid::new(&values, arithmetic.window, self.lab.colors.maps, self.theme)
            };
            grid.render(heading(title, area, buffer), buffer);
        }
    }

    /// Makes the lines of a list below its heading clickable.
    fn touch_products(&self, shown: Range<usize>, list: Rect) {
        let places = shown.zip(below(list, 1).rows());
        let put = |pane: &mut ActivationsPane, _: &mut Lab, product| pane.product = product;
        self.lab.spots.cursor(places, put);
    }

    /// The products of a dense layer, one per line, the largest first.
    fn draw_list(&self, arithmetic: &Arithmetic, area: Rect, buffer: &mut Buffer) {
        let (at, theme) = (self.pane.product, self.theme);
        let mut order: Vec<(usize, &Term)> = arithmetic.terms.iter().enumerate().collect();
        order.sort_by(|(_, one), (_, other)| other.product.abs().total_cmp(&one.product.abs()));
        // As many columns as have room, the largest products in the first.
        let columns = (area.width / LIST).max(1);
        let rows = usize::from(area.height).saturating_sub(1).max(1);
        let mut shown = in_sight(at, order.len(), rows * usize::from(columns));
        for column in 0..columns {
            let heading = " input            value       × weight      = product";
            let heading = Line::styled(heading, theme.dim);
            let here = shown.start..(shown.start + rows).min(shown.end);
            shown.start = here.end;
            let entries = here.clone().map(|number| {
                let (input, term) = order[number];
                let style = match (number == at, term.product == 0.0) {
                    (true, _) => theme.selected,
                    (false, true) => theme.dim,
                    (false, false) => theme.text,
                };
                let text = format!(
                    " {input:<10}{:>12}   {:>12}   {:>12} ",
                    decimals(term.value, 5),
                    decimals(term.weight, 5),
                    decimals(term.product, 5)
                );
                Line::styled(text, style)
            });
            let place = Rect {
                x: area.x + column * LIST,
                width: area.width.saturating_sub(column * LIST),
                ..area
            };
            let entries: Vec<Line> = entries.collect();
            if !entries.is_empty() {
                self.touch_products(here, place);
                lines(std::iter::once(heading).chain(entries), place, buffer);
            }
        }
    }
}
