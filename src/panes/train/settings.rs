//! Training settings of the next run, or of the active one from its next batch on.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};

use super::vary;
use crate::field::{SettingRow, Value};
use crate::lab::{Action, Lab};
use crate::overlays::{Draft, Form, form_lines};
use crate::training::Recipe;
use crate::ui::Key;
use crate::ui::panel::{dialog, lines, sentences, window};
use crate::ui::theme::Theme;
use crate::wording::counted;
use crate::worker::{Command, Steering};

/// Columns of the settings' names.
const NAMES: usize = 18;
const WIDTH: u16 = 74;
/// Rows for the meaning of the setting under the cursor and its consequence.
const ABOUT: u16 = 5;

/// A recipe being edited.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipeDraft {
    pub recipe: Recipe,
    /// Whether it holds only settings that can change during a run.
    pub is_live: bool,
    layers: usize,
}

/// Opens the form with the cursor on the setting `name`; during a run, with the settings that can change.
pub(super) fn open(lab: &mut Lab, name: &str) {
    let Some(run) = lab.active_run() else {
        return open_with(lab.preset.training.clone(), lab, name);
    };
    let mut recipe = run.facts.recipe.clone();
    recipe.augment = run.in_use.augment;
    recipe.optimizer.set_learning_rate(run.in_use.learning_rate);
    open_with(recipe, lab, "learning_rate");
}

/// Opens the form with these settings, which take effect when it is accepted.
pub(super) fn open_with(recipe: Recipe, lab: &mut Lab, name: &str) {
    let is_live = lab.active_run().is_some();
    let draft = RecipeDraft {
        recipe,
        is_live,
        layers: lab.summary.layers.len(),
    };
    lab.open(Form::new(draft).at(|row| row.setting.field.label() == name));
}

impl Draft for RecipeDraft {
    fn settings(&self) -> Vec<SettingRow> {
        let mut settings = self.recipe.settings();
        settings.retain(|setting| !self.is_live || setting.is_live);
        settings
    }

    fn put(&mut self, path: &str, value: Value) {
        self.recipe.put(path, value);
    }

    fn settle(&mut self) -> Option<String> {
        self.recipe.check(self.layers).err()
    }

    fn actions(&self) -> Vec<Action<Form<Self>>> {
        let help = if self.is_live {
            "apply to the run from its next batch on"
        } else {
            "apply the settings to the next run"
        };
        vec![
            Form::step_fields(),
            Form::step_values(),
            Form::take("apply", help),
            Action::of("settings.vary", Key::ctrl('t'), "vary")
                .help("apply the settings, and vary the one under the cursor in a sweep")
                .does(|form: &mut Form<Self>, lab| {
                    let path = form
                        .current()
                        .map(|row| format!("training.{}", row.setting.path));
                    if form.accept(lab) {
                        vary::open(lab, path.as_deref());
                    }
                })
                .blocked_unless(
                    !self.is_live,
                    "stop the run first; then any setting can be varied",
                ),
            Form::cancel("close without changing the settings"),
        ]
    }

    fn accept(&self, lab: &mut Lab) -> Result<(), String> {
        if let Some(unusual) = self.unusual() {
            lab.inform(unusual);
        }
        if self.is_live {
            self.steer(lab);
        } else {
            lab.preset.training = self.recipe.clone();
            lab.refusal = None;
        }
        Ok(())
    }

    fn draw(form: &Form<Self>, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let (rows, at) = form_lines(form, (NAMES, WIDTH.into()), theme);
        let title = if form.draft.is_live {
            "Change the run from its next batch on"
        } else {
            "Training settings"
        };
        let height = (rows.len() as u16 + ABOUT + 3).min(area.height);
        let inner = dialog(title, (WIDTH, height), area, buffer, theme);
        let [list, _, about] = Layout::vertical([Fill(1), Length(1), Length(ABOUT)]).areas(inner);
        let shown = window(at, rows.len(), usize::from(list.height));
        form.touch_rows(lab, list, shown.start);
        lines(rows[shown].iter().cloned(), list, buffer);
        let row = form.current();
        let what = row.map(|row| (format!("{}.", row.about()), theme.dim));
        let follows = match form.refusal() {
            Some(problem) => (problem, theme.error),
            None => (form.draft.consequence(lab), theme.text),
        };
        let unusual = form.draft.unusual().map(|told| (told, theme.warning));
        let text = what.into_iter().chain([follows]).chain(unusual);
        lines(sentences(text, about.width.into()), about, buffer);
    }
}

impl RecipeDraft {
    /// Applies the settings to the active run from its next batch on.
    fn steer(&self, lab: &mut Lab) {
        let Some(run) = lab.active_run() else {
            return lab.refuse("The run has ended; nothing was changed.");
        };
        let (rate, augment) = (self.recipe.optimizer.learning_rate(), self.recipe.augment);
        let mut changes = Vec::new();
        if rate != run.in_use.learning_rate {
            changes.push(Steering::LearningRate(rate));
        }
        if augment != run.in_use.augment {
            changes.push(Steering::Augment(augment));
        }
        if !changes.is_empty() {
            lab.steer_recipe(|recipe| {
                recipe.optimizer.set_learning_rate(rate);
                recipe.augment = augment;
            });
        }
        for change in changes {
            lab.tell(Command::Steer(change));
        }
    }

    /// A warning about a value that may be a slip; the value is accepted.
    fn unusual(&self) -> Option<String> {
        let optimizer = &self.recipe.optimizer;
        let told = optimizer.unusual_rate(optimizer.learning_rate())?;
        Some(format!("Warning: {told}."))
    }

    /// What the settings mean for the chosen set.
    fn consequence(&self, lab: &Lab) -> String {
        let Some(set) = lab.chosen_set().filter(|_| !self.is_live) else {
            return String::new();
        };
        let recipe = &self.recipe;
        let batches = lab.steps(recipe, set);
        format!(
            "{} of {} on {}: {}.",
            counted(recipe.epochs, "epoch"),
            counted(batches, "step"),
            set.name,
            counted(batches * recipe.epochs, "step"),
        )
    }
}
