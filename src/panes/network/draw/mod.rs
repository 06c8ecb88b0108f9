//! How the pane looks.

mod facts;
mod form;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::{LayerDraft, NetworkPane};
use crate::lab::{Lab, Part};
use crate::network::NetworkSummary;
use crate::overlays::Form;
use crate::training::Preset;
use crate::ui::format::mark;
use crate::ui::panel::{below, empty, footnote, lines, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Volume, Volumes};
pub(super) use facts::step_memory;
use facts::{Totals, about_preset, facts_of};
use table::{Table, draw_table};

/// Columns from which the facts stand beside the table.
const WIDE: u16 = 118;
/// Rows from which the picture stands below the table, and its own.
const TALL: u16 = 32;
const PICTURE_ROWS: u16 = 12;
/// Rows that the form leaves to the table.
const LEAST_TABLE: u16 = 6;

pub(super) fn draw(pane: &NetworkPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let form = open_form(lab);
    if lab.zoomed && form.is_none() {
        return match lab.part() {
            Part::Picture => draw_picture(lab, area, buffer, theme),
            _ => draw_table_panel(lab, area, buffer, theme),
        };
    }
    let is_wide = area.width >= WIDE;
    let (left, right) = if is_wide {
        let [left, right] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(40)]).areas(area);
        (left, Some(right))
    } else {
        (area, None)
    };
    let shows_picture = area.height >= TALL;
    let picture_rows = if shows_picture { PICTURE_ROWS } else { 0 };
    let below = match (right, form) {
        (Some(_), _) => 0,
        (None, Some(form)) => form::rows(form, (pane, lab), area.width, theme)
            .min(area.height.saturating_sub(LEAST_TABLE)),
        (None, None) => {
            let text = facts_of(pane, lab, area.width.saturating_sub(4), theme, false);
            (text.len() as u16 + 2).min(area.height / 2)
        }
    };
    let is_picture_wanted = lab.has_focus(Part::Picture) && form.is_none() && !shows_picture;
    let below = if is_picture_wanted {
        below.max(PICTURE_ROWS.min(area.height / 2))
    } else {
        below
    };
    let [table, picture, below] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(picture_rows),
        Constraint::Length(below),
    ])
    .areas(left);
    draw_table_panel(lab, table, buffer, theme);
    if shows_picture {
        draw_picture(lab, picture, buffer, theme);
    } else if is_picture_wanted {
        draw_picture(lab, below, buffer, theme);
        if right.is_none() {
            return;
        }
    }
    let facts = right.unwrap_or(below);
    match form {
        Some(form) => form::draw(form, (pane, lab), facts, buffer, theme),
        None => {
            let inner = panel("Facts", false, facts, buffer, theme);
            let text = facts_of(pane, lab, inner.width, theme, is_wide);
            lines(text, inner, buffer);
        }
    }
}

fn open_form(lab: &Lab) -> Option<&Form<LayerDraft>> {
    lab.overlay_of()
}

fn draw_table_panel(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let form = open_form(lab);
    let (network, summary, cursor) = match form {
        Some(Form { draft, .. }) => (draft.network.clone(), &draft.preview, draft.index),
        None => (lab.preset.network(), &lab.summary, lab.cursors.layer),
    };
    let mark = mark(lab.is_network_unsaved());
    let title = format!(
        "{mark}{} · input {}",
        lab.title_with(&network),
        summary.input
    );
    let focused = lab.has_focus(Part::Layers) && form.is_none();
    let inner = panel(&title, focused, area, buffer, theme);
    if summary.layers.is_empty() {
        let advice = "Press a to add the first layer, t to write the network as text, or p to take one of the program's.";
        return empty("No layers yet", advice, inner, buffer, theme);
    }
    let table = Table {
        layers: &network.layers,
        summary,
        weights: lab.layer_weights(&network, summary),
        cursor: Some(cursor),
    };
    let shown = draw_table(&table, inner, buffer, theme);
    if shown.len() < summary.layers.len() {
        let text = format!(
            "layers {}–{} of {}",
            shown.start + 1,
            shown.end,
            summary.layers.len()
        );
        footnote(&text, area, buffer, theme.dim);
    }
}

/// The volumes that the layers make of an image; layers that keep the shape share one.
fn draw_picture(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let form = open_form(lab);
    let (summary, cursor) = match form {
        Some(Form { draft, .. }) => (&draft.preview, draft.index),
        None => (&lab.summary, lab.cursors.layer),
    };
    let focused = lab.has_focus(Part::Picture) && form.is_none();
    let title = "Picture · as high as the image, wider by each doubling of the channels";
    let inner = panel(title, focused, area, buffer, theme);
    let mut volumes = vec![Volume {
        shape: summary.input,
        is_chosen: false,
    }];
    for (index, layer) in summary.layers.iter().enumerate() {
        let Some(shape) = layer.output else { break };
        let is_chosen = index == cursor;
        match volumes.last_mut() {
            Some(last) if last.shape == shape => last.is_chosen |= is_chosen,
            _ => volumes.push(Volume { shape, is_chosen }),
        }
    }
    Volumes::new(&volumes, theme).render(inner, buffer);
    if let Some(layer) = summary.layers.get(cursor) {
        let shape = layer.output.map_or("does not fit".to_owned(), |shape| {
            format!("gives {}", table::volume(shape.to_string()))
        });
        footnote(
            &format!("{} {shape}", layer.name),
            area,
            buffer,
            theme.accent,
        );
    }
}

/// A preset's facts and table, as the list of presets previews it.
pub(super) fn draw_summary(
    preset: &Preset,
    summary: &NetworkSummary,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let mut text = about_preset(preset, usize::from(area.width), theme, true);
    let totals = Totals {
        summary,
        memory: step_memory(preset, summary),
        epoch: None,
    };
    text.extend(totals.lines(usize::from(area.width), theme, false));
    text.push(Line::default());
    let taken = lines(text, area, buffer);
    let table = below(area, taken);
    if table.height > 1 {
        let rows = Table {
            layers: &preset.layers,
            summary,
            weights: None,
            cursor: None,
        };
        draw_table(&rows, table, buffer, theme);
    }
}
