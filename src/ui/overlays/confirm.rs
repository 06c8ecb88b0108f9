//! The question before quitting while a network trains, or while something is not saved: one question for both.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::format::listed;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::question::Question;
use crate::state::{Lab, Message, Run, Unsaved, UnsavedMessage};

pub fn actions(lab: &Lab) -> Vec<Action> {
    let mut actions = Vec::new();
    if lab.unsaved().is_empty() {
        actions.push(
            Action::new(
                Key::char('y'),
                "quit",
                "stop the training, save it and leave",
                Message::Quit,
            )
            .or(Key::code(KeyCode::Enter)),
        );
    } else {
        actions.extend([
            Action::new(
                Key::char('s'),
                "save and quit",
                "save each of them, then leave",
                Message::Unsaved(UnsavedMessage::SaveAndLeave),
            )
            .or(Key::code(KeyCode::Enter)),
            Action::new(
                Key::char('y'),
                "quit without",
                "leave and forget what is not saved; what a training learned is saved",
                Message::Unsaved(UnsavedMessage::Leave),
            ),
        ]);
    }
    let stay = if lab.is_training() {
        "go back to the training"
    } else {
        "go back"
    };
    actions
        .push(Action::new(Key::char('n'), "stay", stay, Message::Back).or(Key::code(KeyCode::Esc)));
    actions
}

/// What is said of a key that is no answer.
pub fn hint(lab: &Lab) -> &'static str {
    match (lab.unsaved().is_empty(), lab.is_training()) {
        (true, _) => "y quits, n or Esc goes back to the training.",
        (false, true) => "s saves and quits, y quits without, n or Esc goes back to the training.",
        (false, false) => "s saves and quits, y quits without, n or Esc stays.",
    }
}

pub fn draw(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let unsaved = lab.unsaved();
    let training = match lab.active_run() {
        Some(run) => Some(about_run(run)),
        None if lab.is_starting() => Some(format!("{} is about to train.", lab.title())),
        None => None,
    };
    let title = match training {
        Some(_) => "Quit while training?",
        None => "Quit without saving?",
    };
    let (size, answers): (_, &[_]) = if unsaved.is_empty() {
        let answers = &[("y", "stop, save and quit"), ("n", "go on training")];
        ((58, 8), answers)
    } else {
        let answers = &[("s", "save and quit"), ("y", "quit without"), ("n", "stay")];
        ((58, 10), answers)
    };
    let sentences = training.into_iter().chain(lost(&unsaved));
    Question {
        title,
        size,
        text: &sentences.collect::<Vec<_>>().join(" "),
        answers,
    }
    .draw(area, buffer, theme);
}

fn about_run(run: &Run) -> String {
    let kept = match run.history.len() {
        0 => "No epoch is finished yet.".to_owned(),
        1 => "The first epoch is finished.".to_owned(),
        done => format!("{done} epochs are finished."),
    };
    let folder = run.facts.folder.as_ref().map_or(String::new(), |folder| {
        format!(
            " What it learned stays in {}.",
            folder.file_name().map_or_else(
                || folder.display().to_string(),
                |name| name.to_string_lossy().into_owned()
            )
        )
    });
    format!(
        "{} trains, epoch {} of {}. {kept}{folder}",
        run.facts.name,
        run.epoch(),
        run.facts.epochs
    )
}

/// What quitting would lose, in a sentence.
fn lost(unsaved: &Unsaved) -> Option<String> {
    let networks = unsaved.network_names();
    let changes = match networks.len() {
        0 => None,
        1 => Some(format!("{} has changes that are not saved", networks[0])),
        _ => Some(format!(
            "{} have changes that are not saved",
            listed(&networks)
        )),
    };
    let drawings = match unsaved.drawing_count() {
        0 => None,
        1 => Some("the drawing is not written".to_owned()),
        count => Some(format!("{count} drawings are not written")),
    };
    match (changes, drawings) {
        (Some(changes), Some(drawings)) => Some(format!("{changes}, and {drawings}.")),
        (Some(changes), None) => Some(format!("{changes}.")),
        (None, Some(drawings)) => Some(format!("{}.", drawings.replacen('t', "T", 1))),
        (None, None) => None,
    }
}
