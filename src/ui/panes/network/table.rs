//! The table of layers, as Keras's `summary()` gives it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::field::Value;
use crate::state::facts::{LayerSpec, LayerSummary, NetworkSummary};
use crate::ui::format::{count, fit, short};
use crate::ui::panel::{highlight, window};
use crate::ui::theme::Theme;

/// Columns of settings from which fields are written out.
const ROOM_FOR_WORDS: usize = 26;

/// The table of layers with a heading; says which layers found room.
pub(super) fn draw_table(
    layers: &[LayerSpec],
    summary: &NetworkSummary,
    cursor: Option<usize>,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) -> std::ops::Range<usize> {
    let columns = TableColumns::of(summary, area.width);
    let heading = columns.row(
        &[
            "layer",
            "settings",
            "output",
            "parameters",
            "mult-adds",
            "sees",
            "share",
        ]
        .map(str::to_owned),
    );
    buffer.set_line(
        area.x,
        area.y,
        &Line::styled(heading, theme.dim),
        area.width,
    );
    let rows = usize::from(area.height.saturating_sub(1));
    let shown = window(cursor.unwrap_or(0), summary.layers.len(), rows);
    for (position, y) in shown.clone().zip(area.y + 1..) {
        let layer = &summary.layers[position];
        let settings = layers
            .get(position)
            .map(|layer| settings(layer, columns.settings < ROOM_FOR_WORDS))
            .unwrap_or_default();
        let text = columns.row(&[
            layer.name.clone(),
            settings,
            layer
                .output
                .map_or("–".to_owned(), |shape| volume(shape.to_string())),
            blank_zero(layer.parameters as u64, count(layer.parameters)),
            blank_zero(
                layer.multiply_accumulates,
                short(layer.multiply_accumulates),
            ),
            blank_zero(
                layer.receptive_field as u64,
                format!("{0}×{0}", layer.receptive_field),
            ),
            share(summary, position),
        ]);
        let style = row_style(layer, theme);
        buffer.set_line(area.x, y, &Line::styled(text, style), area.width);
        if cursor == Some(position) {
            highlight(Rect::new(area.x, y, area.width, 1), buffer, theme.selected);
        }
    }
    shown
}

/// The layer that does not fit stands out; what follows it is dimmed.
fn row_style(layer: &LayerSummary, theme: &Theme) -> Style {
    match (&layer.problem, layer.output) {
        (Some(_), _) => theme.error,
        (None, None) => theme.dim,
        (None, Some(_)) => theme.text,
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
        percent => format!("{percent:.1}%"),
    }
}

fn blank_zero(number: u64, text: String) -> String {
    if number == 0 { String::new() } else { text }
}

/// A layer's fields, those left out that a file need not say and that have their usual value.
/// In short, numbers have their field's first letter and choices speak for themselves: `f128 k3 s2`.
fn settings(layer: &LayerSpec, short: bool) -> String {
    let said = layer
        .fields()
        .filter(|(field, value)| field.required || *value != field.default);
    if short {
        said.map(|(field, value)| match value {
            Value::Choice(choice) => choice.to_owned(),
            number => format!("{}{number}", &field.name[..1]),
        })
        .collect::<Vec<_>>()
        .join(" ")
    } else {
        said.map(|(field, value)| format!("{} {value}", field.name))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// How the width of the table is shared out.
struct TableColumns {
    name: usize,
    settings: usize,
    /// Of the figures, from the output on; one without room has none.
    figures: [usize; 5],
}

/// Widths of output, parameters, multiply-accumulates, receptive field, share of the parameters.
const FIGURES: [usize; 5] = [11, 11, 10, 9, 7];
/// Columns without which settings say too little, and with which they say enough.
const LEAST_SETTINGS: usize = 8;
const MOST_SETTINGS: usize = 46;

impl TableColumns {
    /// Figures that would leave too few columns to the settings are left out, from the right.
    fn of(summary: &NetworkSummary, width: u16) -> Self {
        let width = usize::from(width);
        let names = summary
            .layers
            .iter()
            .map(|layer| layer.name.chars().count());
        let name = names.max().unwrap_or(0).clamp(8, 18);
        let enough = if name > 12 { 10 } else { 12 };
        let mut figures = FIGURES;
        for last in (2..figures.len()).rev() {
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

    fn row(&self, [name, settings, figures @ ..]: &[String; 7]) -> String {
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
