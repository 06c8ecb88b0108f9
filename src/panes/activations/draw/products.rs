//! The arithmetic of one value: its window, weights, products, sum and bias, as numbers.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::super::ActivationsPane;
use super::{Shown, layer_name};
use crate::analysis::{Arithmetic, Origin, Term};
use crate::lab::Lab;
use crate::ui::format::count;
use crate::ui::panel::{below, empty, footnote, lines, panel, window as in_sight, wrapped};

/// Columns of the list of channels.
const CHANNELS: u16 = 26;
/// One of the numbers of a product.
type Figure = fn(&Term) -> f32;

/// Columns of a number in a square.
const NUMBER: usize = 8;

impl Shown<'_> {
    pub(super) fn draw_products(&self, area: Rect, buffer: &mut Buffer) {
        let theme = self.theme;
        let origin = self.pane.origin.answer();
        let Some(Ok(origin)) = origin else {
            let inner = panel("Arithmetic", true, area, buffer, theme);
            let (headline, advice) = match origin.and_then(|origin| origin.as_ref().err()) {
                None => ("Looking …", "The products come at once.".to_owned()),
                Some(reason) => (
                    "No single sum makes this value",
                    format!("{reason}. Esc leads back."),
                ),
            };
            return empty(headline, &advice, inner, buffer, theme);
        };
        let arithmetic = &origin.arithmetic;
        let (place, window) = (arithmetic.place, arithmetic.window);
        let name = layer_name(self.lab, arithmetic.layer);
        let is_flat = window.height * window.width == 1;
        let title = match is_flat {
            true => format!(
                "{name} · unit {} · the largest products first",
                place.channel
            ),
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

    /// `products + bias = sum`, and what the layers since then made of it.
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
        let output = is_changed.then(|| format!(", and after its activation {output:.5}"));
        let mut text = vec![Line::from(vec![
            Span::styled(format!("Σ of {} products ", count(terms.len())), theme.dim),
            Span::styled(format!("{:.5}", sum - bias), theme.text),
            Span::styled(" + bias ", theme.dim),
            Span::styled(format!("{bias:.5}"), theme.text),
            Span::styled(" = ", theme.dim),
            Span::styled(format!("{sum:.5}"), theme.accent),
            Span::styled(output.unwrap_or_default(), theme.text),
        ])];
        if origin.steps.len() > 1 {
            let steps = origin.steps.iter();
            let steps =
                steps.map(|step| format!("{} {:.5}", layer_name(self.lab, step.layer), step.value));
            let way = steps.collect::<Vec<_>>().join(" → ");
            text.extend(wrapped(&format!("From there: {way}."), width, theme.text).take(3));
        }
        text
    }

    /// Input channels with their parts of the sum, and three squares of the one under the cursor.
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
        let heading = Line::styled("input channel   its part", theme.dim);
        let rows = usize::from(list.height).saturating_sub(1);
        let shown = in_sight(at, window.channels, rows);
        self.touch_products(shown.clone(), list);
        let entries = shown.map(|channel| {
            let is_here = channel == at;
            let style = if is_here { theme.selected } else { theme.text };
            let part: f32 = terms(channel).map(|term| term.product).sum();
            Line::styled(format!(" {channel:<12} {part:>10.5} "), style)
        });
        lines(std::iter::once(heading).chain(entries), list, buffer);
        let blocks: [(&str, Figure); 3] = [
            ("values of the window", |term| term.value),
            ("× weights", |term| term.weight),
            ("= products", |term| term.product),
        ];
        let block_width = (window.width * NUMBER + 2) as u16;
        let is_row = block_width * 3 <= squares.width;
        let chosen: Vec<&Term> = terms(at).collect();
        for (number, (title, figure)) in (0u16..).zip(blocks) {
            let (x, y) = match is_row {
                true => (number * block_width, 0),
                false => (0, number * (window.height as u16 + 2)),
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
                    Span::styled(format!("{:>NUMBER$.4}", figure(term)), style)
                });
                Line::from_iter(numbers)
            });
            let heading = Line::styled(format!("  {title}"), theme.title);
            lines(std::iter::once(heading).chain(rows), block, buffer);
        }
    }

    /// The lines of a list that stand below its heading.
    fn touch_products(&self, shown: Range<usize>, list: Rect) {
        let places = shown.zip(below(list, 1).rows());
        let put = |pane: &mut ActivationsPane, _: &mut Lab, product| pane.product = product;
        self.lab.spots.cursor(places, put);
    }

    /// The products of a dense layer, one a line, the largest first.
    fn draw_list(&self, arithmetic: &Arithmetic, area: Rect, buffer: &mut Buffer) {
        let (at, theme) = (self.pane.product, self.theme);
        let heading = " input            value       × weight      = product";
        let heading = Line::styled(heading, theme.dim);
        let rows = usize::from(area.height).saturating_sub(1);
        let mut order: Vec<(usize, &Term)> = arithmetic.terms.iter().enumerate().collect();
        order.sort_by(|(_, one), (_, other)| other.product.abs().total_cmp(&one.product.abs()));
        let shown = in_sight(at, order.len(), rows);
        self.touch_products(shown.clone(), area);
        let entries = shown.map(|number| {
            let (input, term) = order[number];
            let style = match (number == at, term.product == 0.0) {
                (true, _) => theme.selected,
                (false, true) => theme.dim,
                (false, false) => theme.text,
            };
            let text = format!(
                " {input:<10}{:>12.5}   {:>12.5}   {:>12.5} ",
                term.value, term.weight, term.product
            );
            Line::styled(text, style)
        });
        lines(std::iter::once(heading).chain(entries), area, buffer);
    }
}
