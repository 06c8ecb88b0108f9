//! The question before all weights are forgotten.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::question::Question;
use crate::state::{BuilderMessage, Lab, Message};

pub fn actions() -> Vec<Action> {
    let reset = Message::Perform {
        pane: None,
        message: Box::new(Message::Builder(BuilderMessage::ResetWeights)),
    };
    vec![
        Action::new(
            Key::char('y'),
            "reset",
            "forget the weights; the next training starts afresh",
            reset,
        )
        .or(Key::code(KeyCode::Enter)),
        Action::new(
            Key::char('n'),
            "keep",
            "keep the weights as they are",
            Message::Back,
        )
        .or(Key::code(KeyCode::Esc)),
    ]
}

pub fn draw(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let lost = lab.run.as_ref().map_or(String::new(), |run| {
        let folder = run.facts.folder.as_ref().map_or_else(
            || "It has no run folder, so they are lost for good.".to_owned(),
            |folder| {
                format!(
                    "Its run folder stays, with the best and the latest weights: {}",
                    folder.display()
                )
            },
        );
        format!(
            "The weights that {} learned in {} epochs are forgotten here, and the next training starts afresh from seed {}. {folder}",
            run.facts.name,
            run.history.len(),
            lab.preset.seed,
        )
    });
    Question {
        title: "Reset the network?",
        size: (60, 10),
        text: &lost,
        answers: &[("y", "start afresh"), ("n", "keep them")],
    }
    .draw(area, buffer, theme);
}
