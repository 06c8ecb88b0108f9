//! The form of the training's settings: every one of the recipe under its heading, what the one under the cursor means, and what becomes
//! of it all.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::super::action::Action;
use super::super::field_form::{ends, field_actions, form_lines, sentences};
use super::super::format::count;
use super::super::panel::{dialog, lines, window};
use super::super::theme::Theme;
use crate::state::{Lab, SettingsForm};

/// Columns of the settings' names.
const NAMES: usize = 18;
const WIDTH: u16 = 74;
/// Rows for what the setting under the cursor means and what follows.
const ABOUT: u16 = 5;

pub fn actions(form: &SettingsForm) -> Vec<Action> {
    let [values, fields] = field_actions();
    let help = if form.draft.is_live {
        "give it to the training from its next batch on"
    } else {
        "take the settings for the next training"
    };
    let [accept, cancel] = ends(("accept", help), "leave the settings as they were");
    vec![fields, values, accept, cancel]
}

pub fn draw(form: &SettingsForm, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (rows, at) = form_lines(form, (NAMES, WIDTH.into()), theme);
    let title = if form.draft.is_live {
        "Change the training from its next batch on"
    } else {
        "Settings of the training"
    };
    let height = (rows.len() as u16 + ABOUT + 3).min(area.height);
    let inner = dialog(title, (WIDTH, height), area, buffer, theme);
    let [list, _, about] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(ABOUT),
    ])
    .areas(inner);
    let shown = window(at, rows.len(), usize::from(list.height));
    lines(rows[shown].iter().cloned(), list, buffer);
    let row = form.current();
    let what = row.map(|row| (format!("{}.", row.about()), theme.dim));
    let follows = match form.refusal() {
        Some(problem) => (problem, theme.error),
        None => (consequence(form, lab), theme.text),
    };
    let text = what.into_iter().chain([follows]);
    lines(sentences(text, about.width.into()), about, buffer);
}

/// What the settings mean for the chosen set.
fn consequence(form: &SettingsForm, lab: &Lab) -> String {
    let Some(set) = lab.chosen_set().filter(|_| !form.draft.is_live) else {
        return String::new();
    };
    let recipe = &form.draft.recipe;
    let images = recipe.validation.training_images(&lab.training_counts(set));
    let batches = images.div_ceil(recipe.batch_size);
    format!(
        "{} epochs of {} steps on {}: {} steps.",
        count(recipe.epochs),
        count(batches),
        set.name,
        count(batches * recipe.epochs),
    )
}
