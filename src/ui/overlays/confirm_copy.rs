//! The question whether a run that another process trains is copied to a run of its own.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::question::Question;
use crate::state::{Lab, Message, TrainMessage};

pub fn actions() -> Vec<Action> {
    vec![
        Action::new(
            Key::char('y'),
            "copy",
            "copy the run as it stands to a run of its own, and open that",
            Message::Training(TrainMessage::CopyRun),
        )
        .or(Key::code(KeyCode::Enter)),
        Action::new(
            Key::char('n'),
            "watch on",
            "copy nothing; the run is followed as it goes on",
            Message::Back,
        )
        .or(Key::code(KeyCode::Esc)),
    ]
}

pub fn draw(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let taken = lab.taken().unwrap_or_default();
    let epochs = lab.run.as_ref().map_or(0, |run| run.history.len());
    let text = format!(
        "{taken}, and a run has one writer: it can be watched here, and not trained. A copy of it after {epochs} epochs can."
    );
    Question {
        title: "Copy the run?",
        size: (64, 9),
        text: &text,
        answers: &[("y", "copy it and open the copy"), ("n", "watch it")],
    }
    .draw(area, buffer, theme);
}
