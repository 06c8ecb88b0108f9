//! The table of layers, as in Keras's `summary()`.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::field::Value;
use crate::lab::LayerWeights;
use crate::network::{LayerSpec, NetworkSummary, Part, RowSummary};
use crate::ui::format::{count, fit, short};
use crate::ui::panel::{lines, window};
use crate::ui::theme::Theme;

/// The mark of a frozen layer, beside its name.
const FROZEN: &str = "❄";
/// Columns of settings from which fields are written out.
const ROOM_FOR_WORDS: usize = 26;

pub(super) struct Table<'a> {
    pub layers: &'a [LayerSpec],
    pub summary: &'a NetworkSummary,
    /// Of each layer, if a run has trained any.
    pub weights: Option<Vec<LayerWeights>>,
    /// How many of the first layers are frozen.
    pub frozen: usize,
    /// The line of the list under the cursor.
    pub cursor: Option<usize>,
    /// The marked lines.
    pub marked: Range<usize>,
}

/// Draws the table of layers with a heading; returns the range of the rows shown.
pub(super) fn draw_table(
    table: &Table<'_>,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) -> Range<usize> {
    let Table {
        layers,
        summary,
        weights,
        frozen,
        cursor,
        marked,
    } = table;
    let columns = TableColumns::of(summary, weights.is_some(), area.width);
    let last = if columns.says_weights_in_words() {
        "weights"
    } else {
        "epoch"
    };
    let figures = ["output", "parameters", "mult-adds", "sees", "share", last];
    let heading = columns.row("layer", "settings", &figures.map(str::to_owned));
    lines([Line::styled(heading, theme.dim)], area, buffer);
    let rows = usize::from(area.height.saturating_sub(1));
    let at = cursor.and_then(|line| {
        let mut rows = summary.rows.iter();
        rows.position(|row| row.line == line && row.part != Part::Shortcut)
    });
    let shown = window(at.unwrap_or(0), summary.rows.len(), rows);
    for (position, y) in shown.clone().zip(area.y + 1..) {
        let row = &summary.rows[position];
        let is_short = columns.settings < ROOM_FOR_WORDS;
        let layer = row.layer.map(|layer| &summary.layers[layer]);
        let settings = match (row.part, layer) {
            (Part::Shortcut, Some(layer)) => layer.settings.clone(),
            (Part::Layer | Part::Block, _) => settings(&layers[row.line], is_short),
            (Part::Path | Part::Join | Part::Shortcut, _) => String::new(),
        };
        let figures = match (row.layer, layer) {
            (Some(number), Some(layer)) => {
                let weights = weights.as_ref().and_then(|weights| weights.get(number));
                let (parameters, field) = (layer.parameters, layer.receptive_field);
                let work = layer.multiply_accumulates;
                let output = layer.output.map(|shape| volume(shape.to_string()));
                [
                    output.unwrap_or("–".to_owned()),
                    blank_zero(parameters as u64, count(parameters)),
                    blank_zero(work, short(work)),
                    blank_zero(field as u64, format!("{field}×{field}")),
                    share(summary, number),
                    columns.weights(weights),
                ]
            }
            _ => Default::default(),
        };
        let name = indented(row);
        let text = columns.row(&name, &settings, &figures);
        let fits = layer.is_none_or(|layer| layer.output.is_some());
        let style = row_style(row, fits, theme);
        buffer.set_line(area.x, y, &Line::styled(text, style), area.width);
        if row.layer.is_some_and(|layer| layer < *frozen) {
            let place = Rect::new(area.x + columns.name as u16, y, 1, 1).intersection(area);
            buffer.set_string(place.x, y, FROZEN, theme.accent);
        }
        if let Some(problem) = &row.problem {
            // In place of the figures that it does not have.
            let start = columns
                .end_of_settings(settings.chars().count())
                .min(area.width);
            let room = area.width - start;
            let text = fit(problem, usize::from(room));
            buffer.set_string(area.x + start, y, text, style);
        }
        let weights = weights.as_ref().zip(row.layer);
        let weights = weights.and_then(|(weights, layer)| weights.get(layer));
        if weights == Some(&LayerWeights::New) {
            let (start, width) = columns.place_of_weights();
            let place = Rect::new(area.x + start, y, width, 1).intersection(area);
            buffer.set_style(place, theme.accent);
        }
        if marked.contains(&row.line) && row.part != Part::Shortcut {
            buffer.set_style(Rect::new(area.x, y, columns.name as u16, 1), theme.accent);
        }
        if at == Some(position) {
            buffer.set_style(Rect::new(area.x, y, area.width, 1), theme.selected);
        }
    }
    shown
}

/// The name of a row, with a running line at its left for each block around it.
fn indented(row: &RowSummary) -> String {
    let (lines, mark) = match row.part {
        Part::Layer => (row.depth, ""),
        Part::Shortcut if row.layer.is_some() => (row.depth, ""),
        Part::Block => (row.depth, "┌ "),
        Part::Path | Part::Shortcut => (row.depth, "├ "),
        Part::Join => (row.depth, "└ "),
    };
    "│ ".repeat(lines) + mark + &row.name
}

/// What does not fit stands out, what follows it is dimmed, and so is what is no layer of the list.
fn row_style(row: &RowSummary, fits: bool, theme: &Theme) -> Style {
    match (&row.problem, row.part) {
        (Some(_), _) => theme.error,
        (None, Part::Path | Part::Shortcut) => theme.dim,
        (None, _) if !fits => theme.dim,
        (None, _) => theme.text,
    }
}

/// A vector's shape without its two ones.
pub(super) fn volume(shape: String) -> String {
    shape
        .strip_prefix("1×1×")
        .map_or(shape.clone(), str::to_owned)
}

/// A layer's part of all parameters.
fn share(summary: &NetworkSummary, position: usize) -> String {
    match summary.shares(position).parameters {
        0.0 => String::new(),
        percent if percent < 0.1 => "<0.1%".to_owned(),
        percent if percent >= 99.95 => "100%".to_owned(),
        percent => format!("{percent:.1}%"),
    }
}

fn blank_zero(number: u64, text: String) -> String {
    if number == 0 { String::new() } else { text }
}

/// A layer's fields, without optional ones at their default value.
/// The short form abbreviates each field to its first letter and shows choices alone: `f128 k3 s2`.
fn settings(layer: &LayerSpec, short: bool) -> String {
    let said = layer.notable_fields().map(|(field, value)| match value {
        _ if !short => format!("{} {value}", field.name),
        Value::Choice(choice) => (*choice).to_owned(),
        number => format!("{}{number}", &field.name[..1]),
    });
    said.collect::<Vec<_>>()
        .join(if short { " " } else { ", " })
}

/// How the width of the table is shared out.
struct TableColumns {
    name: usize,
    settings: usize,
    /// Of the figures, from the output on; one without room has none.
    figures: [usize; 6],
}

/// Widths of output, parameters, multiply-accumulates, receptive field, share of the parameters, epochs of the weights.
const FIGURES: [usize; 6] = [11, 11, 10, 8, 6, 6];
/// Columns of a table from which the weights are described in words, and the columns that these take.
const ROOM_FOR_WEIGHTS: usize = 96;
const WEIGHTS_IN_WORDS: usize = 11;
/// The fewest columns in which settings are useful, and the most that they need.
const LEAST_SETTINGS: usize = 8;
const MOST_SETTINGS: usize = 46;

impl TableColumns {
    /// Figures that would leave too few columns to the settings are left out, from the right.
    fn of(summary: &NetworkSummary, has_weights: bool, width: u16) -> Self {
        let width = usize::from(width);
        let names = summary.rows.iter().map(|row| indented(row).chars().count());
        let name = names.max().unwrap_or(0).clamp(8, 18);
        let enough = if name > 12 || has_weights { 10 } else { 12 };
        let mut figures = FIGURES;
        let weights = figures.len() - 1;
        if !has_weights {
            figures[weights] = 0;
        } else if width >= ROOM_FOR_WEIGHTS {
            figures[weights] = WEIGHTS_IN_WORDS;
        }
        for last in (2..weights).rev() {
            let taken = name + 2 + enough + figures.iter().sum::<usize>();
            if taken > width {
                figures[last] = 0;
            }
        }
        let rest = width.saturating_sub(name + 2 + figures.iter().sum::<usize>());
        Self {
            name,
            settings: rest.min(MOST_SETTINGS),
            figures,
        }
    }

    fn says_weights_in_words(&self) -> bool {
        self.figures[FIGURES.len() - 1] == WEIGHTS_IN_WORDS
    }

    /// How long a layer's weights were trained, if it has any.
    fn weights(&self, weights: Option<&LayerWeights>) -> String {
        match weights {
            None | Some(LayerWeights::None) => String::new(),
            Some(LayerWeights::New) => "new".to_owned(),
            Some(LayerWeights::Trained(0)) => "<1".to_owned(),
            Some(LayerWeights::Trained(epochs)) if self.says_weights_in_words() => {
                format!("epoch {}", count(*epochs))
            }
            Some(LayerWeights::Trained(epochs)) => count(*epochs),
        }
    }

    /// The first free column after settings of `letters` characters.
    fn end_of_settings(&self, letters: usize) -> u16 {
        let gap = if letters == 0 { 0 } else { 2 };
        ((self.name + 2 + letters + gap) as u16).min(self.start_of_figures())
    }

    /// The column after the settings.
    fn start_of_figures(&self) -> u16 {
        let has_settings = self.settings >= LEAST_SETTINGS;
        (self.name + 2 + if has_settings { self.settings } else { 0 }) as u16
    }

    /// First column and width of the last figure.
    fn place_of_weights(&self) -> (u16, u16) {
        let [others @ .., width] = self.figures;
        let start = usize::from(self.start_of_figures()) + others.iter().sum::<usize>();
        (start as u16, width as u16)
    }

    fn row(&self, name: &str, settings: &str, figures: &[String; 6]) -> String {
        let width = self.settings;
        let mut row = format!("{:<1$}  ", fit(name, self.name), self.name);
        if width >= LEAST_SETTINGS {
            row += &format!("{:<width$}", fit(settings, width));
        }
        for (figure, width) in figures.iter().zip(self.figures) {
            row += &format!("{:>width$}", fit(figure, width));
        }
        row
    }
}
