//! The form of the training's settings: every figure of the recipe under its heading, what the one under the cursor means, and what
//! becomes of it all.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use super::super::action::Action;
use super::super::field_form::{field_actions, field_line};
use super::super::format::{count, wrap};
use super::super::keys::Key;
use super::super::panel::{dialog, lines, window};
use super::super::theme::Theme;
use crate::state::{Lab, Message, SettingsForm, TrainMessage};

/// Columns of the fields' names.
const NAMES: usize = 18;
const WIDTH: u16 = 74;
/// Rows for what the figure under the cursor means and what follows.
const ABOUT: u16 = 5;

pub fn actions(form: &SettingsForm) -> Vec<Action> {
    let [values, fields] = field_actions(
        |steps| Message::Training(TrainMessage::StepField(steps)),
        |up| Message::Training(TrainMessage::StepValue { up }),
    );
    let help = if form.is_live {
        "give it to the training from its next batch on"
    } else {
        "take the settings for the next training"
    };
    vec![
        fields,
        values,
        Action::new(Key::code(KeyCode::Enter), "accept", help, Message::Accept),
        Action::new(
            Key::code(KeyCode::Esc),
            "cancel",
            "leave the settings as they were",
            Message::Back,
        ),
    ]
}

pub fn draw(form: &SettingsForm, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (rows, at) = rows(form, theme);
    let title = if form.is_live {
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
    lines(
        explanation(form, lab, usize::from(about.width), theme),
        about,
        buffer,
    );
}

/// Headings and fields, and the row of the field under the cursor.
fn rows(form: &SettingsForm, theme: &Theme) -> (Vec<Line<'static>>, usize) {
    let mut rows = Vec::new();
    let (mut section, mut at) = ("", 0);
    for (position, (setting, row)) in form.settings.iter().zip(&form.fields.rows).enumerate() {
        if setting.section != section {
            section = setting.section;
            rows.push(Line::styled(section, theme.title));
        }
        let is_here = position == form.fields.cursor;
        if is_here {
            at = rows.len();
        }
        rows.push(field_line(row, is_here, NAMES, theme));
    }
    (rows, at)
}

fn explanation(form: &SettingsForm, lab: &Lab, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut text = Vec::new();
    let mut add = |sentence: &str, style| {
        let wrapped = wrap(sentence, width).into_iter();
        text.extend(wrapped.map(|line| Line::styled(line, style)));
    };
    if let Some(row) = form.fields.current() {
        add(
            &format!("{}: {}.", row.field.help, row.field.kind),
            theme.dim,
        );
    }
    match form.refusal() {
        Some(problem) => add(problem, theme.error),
        None => add(&consequence(form, lab), theme.text),
    }
    text
}

/// What the settings mean for the chosen set.
fn consequence(form: &SettingsForm, lab: &Lab) -> String {
    let Some(set) = lab.chosen_set().filter(|_| !form.is_live) else {
        return String::new();
    };
    let recipe = &form.draft;
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
