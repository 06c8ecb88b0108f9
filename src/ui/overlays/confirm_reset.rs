//! The question before all weights are forgotten.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::action::Action;
use super::super::keys::Key;
use super::super::panel::{dialog, lines, paragraph};
use super::super::theme::Theme;
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
    let inner = dialog("Reset the network?", (60, 10), area, buffer, theme);
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
    let taken = paragraph(&lost, theme.text, inner, buffer);
    let below = Rect {
        y: inner.y + taken + 1,
        height: inner.height.saturating_sub(taken + 1),
        ..inner
    };
    let question = Line::from(vec![
        Span::styled("y", theme.key),
        Span::styled(" start afresh     ", theme.text),
        Span::styled("n", theme.key),
        Span::styled(" keep them", theme.text),
    ]);
    lines([question], below, buffer);
}
