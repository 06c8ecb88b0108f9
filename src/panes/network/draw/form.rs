//! The form of a layer: its fields as the layer describes them, and what becomes of the network.

use ratatui::text::Line;

use super::facts::Totals;
use crate::lab::Lab;
use crate::overlays::{Form, form_lines, sentences};
use crate::panes::network::{LayerDraft, NetworkPane};
use crate::ui::theme::Theme;

/// Columns of the fields' names.
const NAMES: usize = 14;

/// Columns from which figures stand side by side.
const WIDE: usize = 60;

pub fn title(form: &Form<LayerDraft>) -> String {
    let draft = &form.draft;
    let named = draft.preview.layers.get(draft.index);
    let name = named.map_or(draft.layer.kind().name, |layer| layer.name.as_str());
    let verb = if draft.is_new { "Add" } else { "Edit" };
    format!("{verb} {name}")
}

pub fn content(
    form: &Form<LayerDraft>,
    pane: &NetworkPane,
    lab: &Lab,
    width: usize,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let (mut text, _) = form_lines(form, (NAMES, width), theme);
    let is_beside = width < WIDE;
    if is_beside {
        text.push(Line::default());
    }
    let about = form.current().map(|row| (row.about(), theme.dim));
    let preview = &form.draft.preview;
    let verdict = match (form.refusal(), &preview.problem) {
        (Some(problem), _) => (problem, theme.error),
        (None, Some(problem)) => (problem.clone(), theme.warning),
        (None, None) => (String::new(), theme.text),
    };
    text.extend(sentences(about.into_iter().chain([verdict]), width));
    text.extend(Totals::of(pane, lab, preview).lines(width, theme, is_beside));
    text
}
