//! The question before quitting while a network trains.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::question::Question;
use crate::state::{Lab, Message};

pub fn actions() -> Vec<Action> {
    vec![
        Action::new(
            Key::char('y'),
            "quit",
            "stop the training, save it and leave",
            Message::Quit,
        )
        .or(Key::code(KeyCode::Enter)),
        Action::new(
            Key::char('n'),
            "stay",
            "go back to the training",
            Message::Back,
        )
        .or(Key::code(KeyCode::Esc)),
    ]
}

pub fn draw(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let text = match lab.active_run() {
        Some(run) => {
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
        None => format!("{} is about to train.", lab.title()),
    };
    Question {
        title: "Quit while training?",
        size: (58, 8),
        text: &text,
        yes: "stop, save and quit",
        no: "go on training",
    }
    .draw(area, buffer, theme);
}
