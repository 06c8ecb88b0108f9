//! What can be done in the browser now.

use crossterm::event::KeyCode;

use super::{Browser, Row};
use crate::lab::{Action, HasActions, Lab};
use crate::ui::Key;
use crate::ui::keys::LIST_KEYS;

/// Rows that Page up and Page down skip.
const PAGE: usize = 10;

impl HasActions for Browser {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        let enter = match self.row() {
            Some(Row::Parent) => "go up",
            Some(Row::Entry(entry) | Row::Recent(entry)) if !entry.kind.is_data() => "go in",
            _ => "open it",
        };
        // Without a text there is nothing to delete or to go through.
        let is_empty = self.input.text().is_empty();
        let mut go_in = Action::new(
            "browser.go_in",
            Key::code(KeyCode::Tab),
            "go in",
            "go into the folder under the cursor, even where it can be opened",
            Self::go_in,
        );
        if is_empty {
            go_in = go_in.or(Key::code(KeyCode::Right));
        }
        let mut actions = vec![
            Action::new(
                "browser.open",
                Key::code(KeyCode::Enter),
                enter,
                "open the set under the cursor, or go into the folder",
                |browser: &mut Self, lab| browser.take_row(false, lab),
            ),
            Action::moves(
                "browser.move",
                ("↑↓", LIST_KEYS),
                "choose",
                "go through the list",
                |browser: &mut Self, _, motion| {
                    browser.cursor = motion.along(browser.cursor, browser.rows().len(), PAGE);
                },
            ),
            go_in,
        ];
        if is_empty {
            let mut up = Action::new(
                "browser.go_up",
                Key::code(KeyCode::Backspace),
                "go up",
                "go to the folder that holds this one",
                |browser: &mut Self, _| browser.go_out(),
            )
            .or(Key::code(KeyCode::Left))
            .or(Key::ctrl('h'));
            up.label.keys = "←".to_owned();
            actions.push(up);
        }
        actions.extend([
            Action::new(
                "browser.options",
                Key::ctrl('o'),
                "options",
                "open it with a form: size of images, share of test images, limit of memory",
                |browser: &mut Self, lab| browser.take_row(true, lab),
            ),
            Action::new(
                "browser.hidden",
                Key::ctrl('t'),
                "hidden",
                "show hidden files, or leave them out; typing . shows them too",
                |browser: &mut Self, _| browser.toggle_hidden(),
            ),
            Action::new(
                "browser.close",
                Key::code(KeyCode::Esc),
                "close",
                "open nothing",
                |_, lab| lab.close(),
            ),
        ]);
        actions
    }
}
