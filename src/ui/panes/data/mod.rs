//! Data: the loaded sets, what is known of them, how many images each class has, and what is being loaded or made.

mod about;
mod classes;
mod sets;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::super::action::Action;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::Pane;
use crate::state::facts::FETCH;
use crate::state::{DataMessage, Lab, Message, Part, PickerKind};

pub struct DataPane;

impl Pane for DataPane {
    fn title(&self) -> &'static str {
        "Data"
    }

    fn about(&self) -> &'static str {
        "the loaded sets, their classes and counts; opening, fetching and making others"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        let (enter, help) = match lab.part() {
            Part::Classes => ("show images", "show the class's images on the View pane"),
            _ => ("use", "choose the set that the whole program follows"),
        };
        let loaded = lab.chosen_set().is_some();
        let data = Message::Data;
        let mut actions = vec![
            Action::new(
                Key::char('o'),
                "open",
                "open a set: from a folder, by its name, or one opened lately; a path can be pasted",
                data(DataMessage::Browse(String::new())),
            ),
            Action::new(
                Key::char('m'),
                "make",
                "make a set: the chosen one augmented, or synthetic digits",
                Message::Pick(PickerKind::Make),
            ),
            Action::new(
                Key::char('f'),
                "fetch",
                "get the whole of Fashion-MNIST or MNIST from its mirrors",
                data(DataMessage::AskFor(&FETCH)),
            ),
            Action::new(Key::code(KeyCode::Enter), enter, help, Message::Enter)
                .blocked_unless(loaded, "no data is loaded"),
            Action::new(
                Key::char('r'),
                "rename",
                "call the set under the cursor something else",
                data(DataMessage::AskName),
            )
            .blocked_unless(loaded, "no data is loaded"),
            Action::new(
                Key::char('d'),
                "unload",
                "forget the set under the cursor; its files stay",
                data(DataMessage::Unload),
            )
            .blocked_by(lab.unload_blocked()),
            Action::moves("↑↓", "move", "go through the list"),
            Action::new(
                Key::code(KeyCode::Tab),
                "sets/classes",
                "move the focus between sets and classes",
                Message::NextPart,
            ),
        ];
        let stop = Action::new(
            Key::char('x'),
            "stop",
            "give up what is being loaded, fetched or made",
            data(DataMessage::Cancel),
        )
        .blocked_unless(
            !lab.jobs.is_empty(),
            "nothing is being loaded, fetched or made",
        );
        // While something goes on, stopping it is what a person looks for.
        match lab.jobs.is_empty() {
            true => actions.push(stop.quiet()),
            false => actions.insert(0, stop),
        }
        actions
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        if lab.zoomed {
            return match lab.part() {
                Part::Classes => classes::draw(lab, area, buffer, theme),
                _ => sets::draw(lab, area, buffer, theme),
            };
        }
        let most = (area.height * 2 / 5).max(5);
        let [sets, below] = Layout::vertical([
            Constraint::Length(sets::rows(lab).min(most)),
            Constraint::Fill(1),
        ])
        .areas(area);
        let [about, classes] =
            Layout::horizontal([Constraint::Percentage(42), Constraint::Fill(1)]).areas(below);
        sets::draw(lab, sets, buffer, theme);
        about::draw(lab, about, buffer, theme);
        classes::draw(lab, classes, buffer, theme);
    }
}
