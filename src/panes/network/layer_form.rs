//! The form of a layer that is edited or added, with a preview of the network; the pane draws it beside its table.

use ratatui::text::Line;

use super::NetworkPane;
use super::draw::totals;
use crate::field::{SettingRow, Value, put, rows};
use crate::lab::{Action, Lab};
use crate::network::{Edit, LayerSpec, NetworkSpec, NetworkSummary};
use crate::overlays::{Draft, Form, form_lines};
use crate::panes::train::{path_in_layer, vary_setting};
use crate::ui::Key;
use crate::ui::panel::sentences;
use crate::ui::theme::Theme;

/// A layer while it is edited.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerDraft {
    pub index: usize,
    pub is_new: bool,
    pub layer: LayerSpec,
    pub network: NetworkSpec,
    pub preview: NetworkSummary,
    base: NetworkSpec,
}

/// Opens the form of a layer at this position of the network.
pub(super) fn open(index: usize, layer: LayerSpec, is_new: bool, lab: &mut Lab) {
    let base = lab.preset.network();
    lab.open(Form::new(LayerDraft {
        index,
        is_new,
        layer,
        preview: NetworkSummary::new(&base),
        network: base.clone(),
        base,
    }));
}

impl Draft for LayerDraft {
    fn settings(&self) -> Vec<SettingRow> {
        rows(&self.layer)
    }

    fn put(&mut self, path: &str, value: Value) {
        put(&mut self.layer, path, value);
    }

    /// Updates the preview; a layer that does not fit is not refused.
    fn settle(&mut self) -> Option<String> {
        let change = if self.is_new { Edit::insert } else { Edit::set };
        let edit = change(&self.base, self.index, self.layer.clone());
        self.network = edit.map_or_else(|_| self.base.clone(), |edit| edit.network);
        self.preview = NetworkSummary::new(&self.network);
        None
    }

    fn actions(&self) -> Vec<Action<Form<Self>>> {
        let (accept, leave) = if self.is_new {
            ("add", "close without adding the layer")
        } else {
            ("apply", "close without changing the layer")
        };
        vec![
            Form::step_values(),
            Form::step_fields(),
            Form::take(accept, "apply the settings"),
            Action::of("layer.vary", Key::ctrl('t'), "vary")
                .help("apply the settings, and vary the one under the cursor in a sweep")
                .does(|form: &mut Form<Self>, lab| {
                    let (network, line) = (&form.draft.network, form.draft.index);
                    let setting = form.current().map(|row| row.setting.path.clone());
                    let path = setting.map(|setting| path_in_layer(network, line, &setting));
                    if form.accept(lab) {
                        vary_setting(lab, path.as_deref());
                    }
                }),
            Form::cancel(leave),
        ]
    }

    fn accept(&self, lab: &mut Lab) -> Result<(), String> {
        let layer = self.layer.clone();
        if self.is_new {
            lab.insert_layer(self.index, layer);
        } else {
            lab.edit_network(Edit::set(&lab.preset.network(), self.index, layer));
        }
        Ok(())
    }
}

const NAMES: usize = 16;

/// Columns from which figures stand side by side.
const WIDE: usize = 60;

pub(super) fn title(form: &Form<LayerDraft>) -> String {
    let draft = &form.draft;
    let named = draft.preview.row_of(draft.index);
    let name = named.map_or(draft.layer.kind().name, |layer| layer.name.as_str());
    let verb = if draft.is_new { "Add" } else { "Edit" };
    format!("{verb} {name}")
}

pub(super) fn content(
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
        (None, Some(_)) if preview.is_unfinished => (String::new(), theme.text),
        (None, Some(problem)) => (problem.clone(), theme.warning),
        (None, None) => (String::new(), theme.text),
    };
    text.extend(sentences(about.into_iter().chain([verdict]), width));
    let known = (preview, pane.epoch_time(lab, preview));
    text.extend(totals(&lab.preset, known, width, theme, is_beside));
    text
}
