//! The `w` key: explaining a prediction, with a choice of method, settings and class.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{ActivationsPane, Look};
use crate::analysis::explain::{EXPLANATIONS, Explanation, Method, explain};
use crate::analysis::most_probable;
use crate::field::{SettingRow, Value, put, rows};
use crate::lab::{Action, Lab};
use crate::overlays::{Draft, Form, form_lines};
use crate::ui::panel::{dialog, lines, sentences};
use crate::ui::theme::Theme;
use crate::worker::{Asked, Network, NetworkDesk, Question, Tell};

/// Columns of the form and of its settings' names.
const WIDTH: u16 = 60;
const NAMES: usize = 14;

/// Asks for an explanation by a method, of the score of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Explain {
    /// The weights and the image; its layer is ignored.
    pub look: Look,
    pub method: Method,
    /// `None` means the most probable class.
    pub class: Option<usize>,
}

impl Question for Explain {
    type Answer = Explanation;
    type Lane = Network;
    const PURPOSE: &'static str = "explain the prediction";

    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let weights = &self.look.weights;
        let seen = self.look.subject.see(&desk.library, &weights.network)?;
        let (mut model, _) = desk.model_at(weights, weights.network.layers.len())?;
        let explanation = desk.pool.install(|| {
            let class = self.class;
            let class = class.unwrap_or_else(|| most_probable(&model.probabilities(&seen.image)));
            explain(&mut model, &seen.image, class, &self.method).map_err(|error| error.to_string())
        })?;
        tell.tell(explanation);
        Ok(())
    }
}

/// The selected explanation, and the latest answer.
#[derive(Debug, Default)]
pub struct Why {
    /// Position in the list of methods; `None` shows the image alone.
    pub method: Option<usize>,
    /// The methods whose settings were changed.
    changed: Vec<Method>,
    /// The explained class; `None` means the most probable one.
    class: Option<usize>,
    pub explained: Asked<Explain>,
}

impl Why {
    /// The selected method, with its settings.
    pub fn current(&self) -> Option<Method> {
        let kind = *EXPLANATIONS.get(self.method?)?;
        let mut changed = self.changed.iter();
        let changed = changed.find(|method| std::ptr::eq(method.kind(), kind));
        changed
            .cloned()
            .or_else(|| Some(Method::with_defaults(kind)))
    }

    /// Selects the next method, and none after the last.
    pub(super) fn next_method(&mut self, lab: &mut Lab) {
        let next = self.method.map_or(0, |method| method + 1);
        self.method = (next < EXPLANATIONS.len()).then_some(next);
        // A method names itself below the image, which a sentence here could cover.
        if self.method.is_none() {
            lab.inform("Explanation off.");
        }
    }

    /// Selects the class after or before the explained one.
    pub(super) fn step_class(&mut self, lab: &Lab, forward: bool) {
        let explained = self.explained.answer().map(|explained| explained.class);
        let classes = lab.preset.classes.max(1);
        let now = self.class.or(explained).unwrap_or(0);
        let step = if forward { 1 } else { classes - 1 };
        self.class = Some((now + step) % classes);
    }

    /// Opens the form of the method's settings.
    pub(super) fn open_settings(&self, lab: &mut Lab) {
        if let Some(method) = self.current() {
            lab.open(Form::new(method));
        }
    }

    /// Applies a method's changed settings.
    pub(super) fn change(&mut self, method: Method) {
        self.changed
            .retain(|other| !std::ptr::eq(other.kind(), method.kind()));
        self.changed.push(method);
    }

    /// Drops answers and pending questions after a change of the network or the data.
    pub(super) fn forget(&mut self) {
        self.class = None;
        self.explained.forget();
    }

    pub(super) fn ask(&mut self, look: Look, lab: &mut Lab) {
        let Some(method) = self.current() else { return };
        let question = Explain {
            // The explanation is of the whole network, and changes with its finished epochs.
            look: Look {
                layer: 0,
                live: None,
                ..look
            },
            method,
            class: self.class.filter(|class| *class < lab.preset.classes),
        };
        self.explained.want(Some(question), &mut lab.out);
    }

    /// The latest explanation, if it is of this image and by the selected method.
    pub(super) fn of(&self, looked: &Look) -> Option<&Explanation> {
        let (asked, explained) = self.explained.answered()?;
        let is_this = asked.look.subject == looked.subject;
        (is_this && Some(&asked.method) == self.current().as_ref()).then_some(explained)
    }
}

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
            Form::cancel("close without changing the settings"),
        ]
    }

    fn accept(&self, lab: &mut Lab) -> Result<(), String> {
        let method = self.clone();
        lab.then(|pane: &mut ActivationsPane, _| pane.why.change(method));
        Ok(())
    }

    fn draw(form: &Form<Self>, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
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
        form.touch_rows(lab, inner, 0);
        lines(text, inner, buffer);
    }
}
