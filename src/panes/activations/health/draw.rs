//! The health view: problems in sentences, the figures of each layer, and one layer over the epochs.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::super::ActivationsPane;
use super::super::draw::layer_name;
use super::{EpochHealth, Health, Quantity};
use crate::analysis::health::{LayerHealth, Spread};
use crate::lab::Lab;
use crate::ui::format::{count, fit};
use crate::ui::panel::{below, empty, footnote, lines, panel, sentences, window as in_sight};
use crate::ui::theme::Theme;
use crate::ui::widgets::up;
use crate::wording::decimals;

/// Columns of a histogram in the table, at least and at most.
const SMALL: (usize, usize) = (5, 10);
/// Columns of a histogram over the epochs, at most.
const LARGE: usize = 32;

pub fn draw(state: &Health, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(latest) = state.epochs.last() else {
        let inner = panel("Health", true, area, buffer, theme);
        let advice = "Test images run through the network, forward and backward.";
        return empty("Computing …", advice, inner, buffer, theme);
    };
    let width = usize::from(area.width.saturating_sub(4));
    let words = words(latest, width, theme);
    let words_rows = (words.len() as u16).min(area.height / 4).max(1);
    let layers = latest.health.layers.len() as u16;
    let rest = area.height.saturating_sub(words_rows + 2);
    let table_rows = (layers + 3).min((rest / 2).max(5)).min(rest);
    let parts = Layout::vertical([Length(words_rows + 2), Length(table_rows), Fill(1)]);
    let [upper, middle, lower] = parts.areas(area);
    let title = format!(
        "Health after epoch {} · {} test images",
        latest.epoch,
        count(latest.health.images)
    );
    let inner = panel(&title, false, upper, buffer, theme);
    lines(words, inner, buffer);
    draw_table((state.layer, latest), lab, middle, buffer, theme);
    draw_epochs(state, lab, lower, buffer, theme);
}

fn words(latest: &EpochHealth, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    if latest.remarks.is_empty() {
        let text = "No problems found: ReLUs fire, values and gradients are well scaled.";
        return vec![Line::styled(text, theme.good)];
    }
    let remarks = latest.remarks.iter();
    let remarks = remarks.map(|remark| (format!("{}.", remark.sentence), theme.warning));
    sentences(remarks, width)
}

fn draw_table(
    (cursor, latest): (usize, &EpochHealth),
    lab: &Lab,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let inner = panel("Layers", true, area, buffer, theme);
    let layers = &latest.health.layers;
    let names = layers.iter().map(|layer| layer.name.chars().count()).max();
    let name_width = names.unwrap_or(5).clamp(5, 12);
    let each = (usize::from(inner.width).saturating_sub(name_width + 6) / 3).saturating_sub(1);
    let heading = format!(
        "{:<name_width$} {:>5} {:<each$} {:<each$} {}",
        "layer", "dead", "weights", "values", "gradients"
    );
    let at = cursor.min(layers.len().saturating_sub(1));
    let rows = usize::from(inner.height).saturating_sub(1);
    let shown = in_sight(at, layers.len(), rows);
    let places = shown.clone().zip(below(inner, 1).rows());
    lab.spots
        .cursor(places, |pane: &mut ActivationsPane, _, layer| {
            pane.health.layer = layer;
        });
    let entries = shown.map(|number| {
        let layer = &layers[number];
        let is_here = number == at;
        let plain = if is_here { theme.selected } else { theme.text };
        let dead = layer
            .dead
            .map(|dead| 100.0 * dead.dead_filters as f64 / dead.filters.max(1) as f64);
        let dead_style = match dead {
            Some(share) if share >= 10.0 && !is_here => theme.warning,
            _ => plain,
        };
        let name = fit(&layer.name, name_width);
        let mut spans = vec![
            Span::styled(format!("{name:<name_width$} "), plain),
            Span::styled(
                dead.map_or("     ".to_owned(), |share| format!("{share:>3.0} %")),
                dead_style,
            ),
        ];
        for quantity in Quantity::ALL {
            let text = of(layer, quantity).map_or(String::new(), |spread| figures(spread, each));
            spans.push(Span::styled(format!(" {text:<each$}"), plain));
        }
        Line::from(spans)
    });
    let heading = std::iter::once(Line::styled(heading, theme.dim));
    lines(heading.chain(entries), inner, buffer);
    let note = "mean ± std; dead: filters that never fire";
    footnote(note, area, buffer, theme.dim);
}

fn of(layer: &LayerHealth, quantity: Quantity) -> Option<&Spread> {
    match quantity {
        Quantity::Weights => layer.weights.as_ref(),
        Quantity::Values => Some(&layer.values),
        Quantity::Gradients => layer.gradients.as_ref(),
    }
}

/// Such as `0.012±0.34 ▁▃█▂`, as much as has room.
fn figures(spread: &Spread, width: usize) -> String {
    let numbers = mean_and_deviation(spread);
    let room = width.saturating_sub(numbers.chars().count() + 1);
    if room < SMALL.0 {
        return fit(&numbers, width);
    }
    let range = (spread.least, spread.most);
    let columns = room.min(SMALL.1);
    let left = width - columns - 1;
    format!("{numbers:<left$} {}", bars(spread, range, columns))
}

fn mean_and_deviation(spread: &Spread) -> String {
    format!("{}±{}", number(spread.mean), number(spread.deviation))
}

/// A value in few characters.
fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if !(0.001..1000.0).contains(&size) => format!("{value:.0e}"),
        size if size < 0.01 => decimals(value, 3),
        size if size < 10.0 => decimals(value, 2),
        _ => decimals(value, 0),
    }
}

/// A histogram of `columns` columns over a range, the fullest one a full line high.
fn bars(spread: &Spread, (least, most): (f32, f32), columns: usize) -> String {
    let mut counts = vec![0.0; columns];
    let step = (spread.most - spread.least) / spread.histogram.len().max(1) as f32;
    for (bar, held) in spread.histogram.iter().enumerate() {
        let middle = spread.least + step * (bar as f32 + 0.5);
        let share = (middle - least) / (most - least);
        // A float to integer conversion saturates, and turns NaN to zero.
        let column = ((share * columns as f32) as usize).min(columns.saturating_sub(1));
        counts[column] += *held as f64;
    }
    let fullest = counts.iter().copied().fold(0.0, f64::max);
    counts
        .iter()
        // The square root, so that thin tails show beside a high middle; without any values it is NaN, which shows nothing.
        .map(|held| up(((held / fullest).sqrt() * 8.0).ceil() as usize, 0).unwrap_or(" "))
        .collect()
}

/// The histograms of one layer, one epoch per line, over a shared range.
fn draw_epochs(state: &Health, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let layer = state.layer;
    let name = layer_name(lab, layer);
    let quantity = state.quantity;
    let title = format!("{name} · {} over the epochs", quantity.name());
    let inner = panel(&title, false, area, buffer, theme);
    let spreads: Vec<(usize, &Spread)> = state
        .epochs
        .iter()
        .filter_map(|one| Some((one.epoch, of(one.health.layers.get(layer)?, quantity)?)))
        .collect();
    if spreads.is_empty() {
        let advice = "Up and down select the layer, left and right the quantity.";
        let headline = format!("{name} has no {}", quantity.name());
        return empty(&headline, advice, inner, buffer, theme);
    }
    let all = || spreads.iter().map(|(_, one)| one);
    let least = all().map(|one| one.least).fold(f32::INFINITY, f32::min);
    let most = all().map(|one| one.most).fold(f32::NEG_INFINITY, f32::max);
    // More epochs than lines: as many of them as have room, evenly, the latest always.
    let rows = usize::from(inner.height).saturating_sub(1).max(1);
    let rows = rows.min(spreads.len());
    let columns = usize::from(inner.width).saturating_sub(28).clamp(8, LARGE);
    let entries = (1..=rows).map(|row| {
        let (epoch, spread) = &spreads[row * spreads.len() / rows - 1];
        Line::from(vec![
            Span::styled(format!("epoch {epoch:<4} "), theme.dim),
            Span::styled(bars(spread, (least, most), columns), theme.train),
            Span::styled(format!("  {}", mean_and_deviation(spread)), theme.text),
        ])
    });
    let axis = format!(
        "{:11}{:<left$}{:>right$}",
        "",
        number(f64::from(least)),
        number(f64::from(most)),
        left = columns / 2,
        right = columns - columns / 2,
    );
    let axis = std::iter::once(Line::styled(axis, theme.dim));
    lines(entries.chain(axis), inner, buffer);
}
