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
        let mut go_in = Action::of("browser.go_in", KeyCode::Tab, "go in")
            .help("go into the folder under the cursor, even where it can be opened")
            .does(Self::go_in);
        if is_empty {
            go_in = go_in.or(KeyCode::Right);
        }
        let mut actions = vec![
            Action::of("browser.open", KeyCode::Enter, enter)
                .help("open the set under the cursor, or go into the folder")
                .does(|browser: &mut Self, lab| browser.take_row(false, lab)),
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
            let mut up = Action::of("browser.go_up", KeyCode::Backspace, "go up")
                .help("go to the folder that holds this one")
                .does(|browser: &mut Self, _| browser.go_out())
                .or(KeyCode::Left)
                .or(Key::ctrl('h'));
            up.label.keys = "←".to_owned();
            actions.push(up);
        }
        actions.extend([
            Action::of("browser.options", Key::ctrl('o'), "options")
                .help("open it with a form: size of images, share of test images, limit of memory")
                .does(|browser: &mut Self, lab| browser.take_row(true, lab)),
            Action::of("browser.hidden", Key::ctrl('t'), "hidden")
                .help("show hidden files, or leave them out; typing . shows them too")
                .does(|browser: &mut Self, _| browser.toggle_hidden()),
            Action::of("browser.close", KeyCode::Esc, "close")
                .help("open nothing")
                .does(|_, lab| lab.close()),
        ]);
        actions
    }
}
