//! How the pane looks.

mod facts;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::{LayerDraft, NetworkPane, layer_form};
use crate::lab::{Lab, Part};
use crate::network::NetworkSummary;
use crate::overlays::Form;
use crate::training::Preset;
use crate::ui::format::mark;
use crate::ui::panel::{below, empty, footnote, lines, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Volume, Volumes};
use facts::{about_preset, facts_of};
pub(super) use facts::{step_memory, totals};
use table::{Table, draw_table};

/// Columns from which the facts are beside the table.
const WIDE: u16 = 118;
/// Rows from which the picture is below the table, and the picture's own rows.
const TALL: u16 = 32;
const PICTURE_ROWS: u16 = 12;
/// Columns of the facts beside the table.
const FACTS_COLUMNS: u16 = 40;
/// Minimum number of rows of the table.
const LEAST_ROWS: usize = 8;
/// Minimum rows of the table beside a form.
const LEAST_TABLE: u16 = 6;

pub(super) fn draw(pane: &NetworkPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let shown = Shown::of(pane, lab);
    let form = shown.form;
    if lab.zoomed && form.is_none() {
        return match lab.part() {
            Part::Picture => shown.draw_picture(area, buffer, theme),
            _ => shown.draw_table(area, buffer, theme),
        };
    }
    let is_wide = area.width >= WIDE;
    let beside = if is_wide { FACTS_COLUMNS } else { 0 };
    let [left, right] = Layout::horizontal([Fill(1), Length(beside)]).areas(area);
    let width = usize::from(if is_wide { right.width } else { area.width }.saturating_sub(4));
    let text = match form {
        Some(form) => layer_form::content(form, pane, lab, width, theme),
        None => facts_of(pane, lab, width, theme, is_wide),
    };
    let rows = text.len() as u16 + 2;
    let shows_picture = area.height >= TALL;
    let is_picture_wanted = lab.has_focus(Part::Picture) && form.is_none() && !shows_picture;
    let mut below = match form {
        _ if is_wide => 0,
        // It keeps its height when the text is shorter.
        Some(form) => rows
            .max(form.rows.len() as u16 + 7)
            .min(area.height.saturating_sub(LEAST_TABLE)),
        None => rows.min(area.height / 2),
    };
    if is_picture_wanted {
        below = below.max(PICTURE_ROWS.min(area.height / 2));
    }
    // The table takes what it needs, with its heading and its frame, and the picture the rest.
    let table_rows = shown.summary.rows.len().max(LEAST_ROWS) as u16 + 3;
    let picture_rows = match shows_picture {
        true => PICTURE_ROWS.max(left.height.saturating_sub(below + table_rows)),
        false => 0,
    };
    let [table, picture, below] =
        Layout::vertical([Fill(1), Length(picture_rows), Length(below)]).areas(left);
    shown.draw_table(table, buffer, theme);
    if shows_picture {
        shown.draw_picture(picture, buffer, theme);
    } else if is_picture_wanted {
        shown.draw_picture(below, buffer, theme);
        if !is_wide {
            return;
        }
    }
    let title = form.map_or("Facts".to_owned(), layer_form::title);
    let facts = if is_wide { right } else { below };
    let inner = panel(&title, form.is_some(), facts, buffer, theme);
    if let Some(form) = form {
        form.touch_rows(lab, inner, 0);
    }
    lines(text, inner, buffer);
}

/// The network that is drawn: the one on the screen, or the preview of the open form.
struct Shown<'a> {
    pane: &'a NetworkPane,
    lab: &'a Lab,
    form: Option<&'a Form<LayerDraft>>,
    summary: &'a NetworkSummary,
    cursor: usize,
}

impl<'a> Shown<'a> {
    fn of(pane: &'a NetworkPane, lab: &'a Lab) -> Self {
        let form: Option<&Form<LayerDraft>> = lab.overlay_of();
        let (summary, cursor) = match form {
            Some(Form { draft, .. }) => (&draft.preview, draft.index),
            None => (&lab.summary, lab.cursors.layer),
        };
        Self {
            pane,
            lab,
            form,
            summary,
            cursor,
        }
    }

    fn has_focus(&self, part: Part) -> bool {
        self.form.is_none() && self.lab.has_focus(part)
    }

    fn draw_table(&self, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let (lab, summary) = (self.lab, self.summary);
        let network = match self.form {
            Some(form) => form.draft.network.clone(),
            None => lab.preset.network(),
        };
        let mark = mark(lab.is_network_unsaved());
        let title = lab.title_with(&network);
        let title = format!("{mark}{title} · input {}", summary.input);
        let inner = panel(&title, self.has_focus(Part::Layers), area, buffer, theme);
        if summary.rows.is_empty() {
            let advice = "Press a to add the first layer, t to write the network as text, or p to choose an existing one.";
            return empty("No layers yet", advice, inner, buffer, theme);
        }
        let table = Table {
            layers: &network.layers,
            summary,
            weights: lab.layer_weights(&network, summary),
            frozen: lab.frozen_layers(),
            cursor: Some(self.cursor),
            marked: match self.pane.marked {
                Some(_) => self.pane.chosen(lab),
                None => 0..0,
            },
        };
        let shown = draw_table(&table, inner, buffer, theme);
        lab.spots.focus(area, Part::Layers);
        let lines = summary.rows[shown.clone()].iter().map(|row| row.line);
        let places = lines.zip(below(inner, 1).rows());
        lab.spots.cursor(places, |_: &mut NetworkPane, lab, line| {
            lab.cursors.layer = line
        });
        let count = summary.rows.len();
        if shown.len() < count {
            let text = format!("rows {}–{} of {count}", shown.start + 1, shown.end);
            footnote(&text, area, buffer, theme.dim);
        }
    }

    /// The output volumes of the layers; consecutive layers of the same shape share one.
    fn draw_picture(&self, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let summary = self.summary;
        self.lab.spots.focus(area, Part::Picture);
        let title = "Picture · height: rows of the output, width: channels (log scale)";
        let inner = panel(title, self.has_focus(Part::Picture), area, buffer, theme);
        let chosen = summary.layer_at(self.cursor);
        let (volumes, bypasses) = volumes(summary, chosen);
        Volumes {
            volumes: &volumes,
            bypasses: &bypasses,
            theme,
        }
        .render(inner, buffer);
        if let Some(layer) = chosen.map(|chosen| &summary.layers[chosen]) {
            let shape = layer.output.map_or("does not fit".to_owned(), |shape| {
                format!("outputs {}", table::volume(shape.to_string()))
            });
            let text = format!("{} {shape}", layer.name);
            footnote(&text, area, buffer, theme.accent);
        }
    }
}

/// The output volumes, with those that are computed from another than the one before them. Consecutive layers of the same shape share a
/// volume, unless one of them begins or ends a path.
fn volumes(summary: &NetworkSummary, chosen: Option<usize>) -> (Vec<Volume>, Vec<(usize, usize)>) {
    let before = |index: usize| [index.checked_sub(1)];
    let layers = || summary.layers.iter().enumerate();
    let others = layers().filter(|(index, layer)| layer.inputs != before(*index));
    let ends: Vec<Option<usize>> = others.flat_map(|(_, layer)| layer.inputs.clone()).collect();
    let mut volumes = vec![Volume {
        shape: summary.input,
        is_chosen: false,
    }];
    // Of the layers so far.
    let mut places: Vec<usize> = Vec::new();
    let mut bypasses = Vec::new();
    for (index, layer) in layers() {
        let Some(shape) = layer.output else { break };
        let is_chosen = Some(index) == chosen;
        let is_next = layer.inputs == before(index) && !ends.contains(&index.checked_sub(1));
        match volumes.last_mut() {
            Some(last) if last.shape == shape && is_next => last.is_chosen |= is_chosen,
            _ => volumes.push(Volume { shape, is_chosen }),
        }
        let here = volumes.len() - 1;
        let inputs = layer
            .inputs
            .iter()
            .filter(|input| **input != index.checked_sub(1));
        bypasses.extend(inputs.map(|input| (input.map_or(0, |input| places[input]), here)));
        places.push(here);
    }
    (volumes, bypasses)
}

/// A preset's facts and table, as the list of presets previews it.
pub(super) fn draw_summary(
    preset: &Preset,
    summary: &NetworkSummary,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let width = usize::from(area.width);
    let mut text = about_preset(preset, width, theme, true);
    text.extend(totals(preset, (summary, None), width, theme, false));
    text.push(Line::default());
    let table = below(area, lines(text, area, buffer));
    if table.height > 1 {
        let rows = Table {
            layers: &preset.layers,
            summary,
            weights: None,
            frozen: preset
                .training
                .transfer
                .as_ref()
                .map_or(0, |transfer| transfer.frozen_layers),
            cursor: None,
            marked: 0..0,
        };
        draw_table(&rows, table, buffer, theme);
    }
}
