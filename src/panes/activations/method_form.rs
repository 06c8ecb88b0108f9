//! The settings of the method that explains an image.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::ActivationsPane;
use crate::analysis::explain::Method;
use crate::field::{SettingRow, Value, put, rows};
use crate::lab::{Action, Lab};
use crate::overlays::{Draft, Form, form_lines, sentences};
use crate::ui::panel::{dialog, lines};
use crate::ui::theme::Theme;

/// Columns of the form and of its settings' names.
const WIDTH: u16 = 60;
const NAMES: usize = 14;

impl Draft for Method {
    fn settings(&self) -> Vec<SettingRow> {
        rows(self)
    }

    fn put(&mut self, path: &str, value: Value) {
        put(self, path, value);
    }

    fn actions(&self) -> Vec<Action<Form<Self>>> {
        vec![
            Form::step_values(),
            Form::step_fields(),
            Form::take("explain", "explain the image with these settings"),
            Form::cancel("leave the settings as they were"),
        ]
    }

    fn accept(&self, lab: &mut Lab) -> Result<(), String> {
        let method = self.clone();
        lab.then(|pane: &mut ActivationsPane, _| pane.why.change(method));
        Ok(())
    }

    fn draw(form: &Form<Self>, _lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let title = format!("Settings of {}", form.draft.kind().name.replace('_', " "));
        let height = form.rows.len() as u16 + 8;
        let inner = dialog(&title, (WIDTH, height), area, buffer, theme);
        let width = usize::from(inner.width);
        let (mut text, _) = form_lines(form, (NAMES, width), theme);
        text.push(Line::default());
        let about = match (form.refusal(), form.current()) {
            (Some(problem), _) => Some((problem, theme.error)),
            (None, row) => row.map(|row| (row.about(), theme.dim)),
        };
        text.extend(sentences(about, width));
        lines(text, inner, buffer);
    }
}
