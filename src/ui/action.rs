//! What a person can do: key line, help, palette and the keys themselves all come from lists of these.

use crossterm::event::KeyCode;

use super::keys::Key;
use crate::state::{Message, Motion};

/// Something that keys do.
#[derive(Clone, Debug)]
pub struct Action {
    /// Each key with what it sends.
    pub bindings: Vec<(Key, Message)>,
    /// How the keys are written in the key line.
    pub keys: String,
    /// In two or three words, for key line and palette.
    pub name: String,
    /// In a sentence, for the help.
    pub help: String,
    /// Why it cannot be done now.
    pub blocked: Option<String>,
    /// Whether the key line shows it.
    pub in_key_line: bool,
}

impl Action {
    pub fn new(key: Key, name: &str, help: &str, message: Message) -> Self {
        Self {
            bindings: vec![(key, message)],
            keys: key.to_string(),
            name: name.to_owned(),
            help: help.to_owned(),
            blocked: None,
            in_key_line: true,
        }
    }

    /// Another key for the same, that only the help names.
    pub fn or(mut self, key: Key) -> Self {
        if let Some((_, message)) = self.bindings.first().cloned() {
            self.bindings.push((key, message));
        }
        self
    }

    /// Cannot be done now, for this reason if there is one.
    pub fn blocked_by(mut self, reason: Option<String>) -> Self {
        self.blocked = reason;
        self
    }

    pub fn blocked_unless(self, possible: bool, reason: &str) -> Self {
        self.blocked_by((!possible).then(|| reason.to_owned()))
    }

    /// Leaves it out of the key line.
    pub fn quiet(mut self) -> Self {
        self.in_key_line = false;
        self
    }

    /// The keys that go through a list beside a text input, whose letters are the text's own; `go` says what a motion sends.
    pub fn list_moves(help: &str, go: impl Fn(Motion) -> Message) -> Self {
        let mut moves = Self::new(Key::code(KeyCode::Up), "choose", help, go(Motion::Up));
        moves.keys = "↑↓".to_owned();
        moves.bindings.extend([
            (Key::code(KeyCode::Down), go(Motion::Down)),
            (Key::ctrl('p'), go(Motion::Up)),
            (Key::ctrl('n'), go(Motion::Down)),
            (Key::code(KeyCode::PageUp), go(Motion::PageUp)),
            (Key::code(KeyCode::PageDown), go(Motion::PageDown)),
        ]);
        moves
    }

    /// [`list_moves`](Self::list_moves) with Tab and Shift-Tab too.
    pub fn list_moves_and_tab(help: &str, go: impl Fn(Motion) -> Message) -> Self {
        let tabs = [
            (Key::code(KeyCode::BackTab), go(Motion::Up)),
            (Key::code(KeyCode::Tab), go(Motion::Down)),
        ];
        let mut moves = Self::list_moves(help, go);
        moves.bindings.extend(tabs);
        moves
    }

    /// The cursor's keys, of which the key line shows `keys`.
    pub fn moves(keys: &str, name: &str, help: &str) -> Self {
        const MOTIONS: [(Key, Motion); 12] = [
            (Key::code(KeyCode::Left), Motion::Left),
            (Key::char('h'), Motion::Left),
            (Key::code(KeyCode::Down), Motion::Down),
            (Key::char('j'), Motion::Down),
            (Key::code(KeyCode::Up), Motion::Up),
            (Key::char('k'), Motion::Up),
            (Key::code(KeyCode::Right), Motion::Right),
            (Key::char('l'), Motion::Right),
            (Key::code(KeyCode::PageUp), Motion::PageUp),
            (Key::code(KeyCode::PageDown), Motion::PageDown),
            (Key::char('g'), Motion::First),
            (Key::char('G'), Motion::Last),
        ];
        Self {
            bindings: MOTIONS
                .into_iter()
                .chain([
                    (Key::code(KeyCode::Home), Motion::First),
                    (Key::code(KeyCode::End), Motion::Last),
                ])
                .map(|(key, motion)| (key, Message::Move(motion)))
                .collect(),
            keys: keys.to_owned(),
            name: name.to_owned(),
            help: format!("{help} (arrows or hjkl, g G, PgUp PgDn)"),
            blocked: None,
            in_key_line: true,
        }
    }

    /// Every key, for the help.
    pub fn all_keys(&self) -> String {
        match self.message() {
            Some(_) => {
                let keys = self.bindings.iter().map(|(key, _)| key.to_string());
                keys.collect::<Vec<_>>().join(" ")
            }
            None => self.keys.clone(),
        }
    }

    /// What choosing it from a list does; `None` where each of its keys does something else.
    pub fn message(&self) -> Option<&Message> {
        let (_, first) = self.bindings.first()?;
        self.bindings
            .iter()
            .all(|(_, message)| message == first)
            .then_some(first)
    }

    /// What `key` does here: the action's message, or the reason why not.
    pub fn press(&self, key: Key) -> Option<Message> {
        let (_, message) = self.bindings.iter().find(|(bound, _)| *bound == key)?;
        Some(match &self.blocked {
            Some(reason) => Message::Explain(format!("{key} ({}): {reason}", self.name)),
            None => message.clone(),
        })
    }
}

/// What a key does in a list of actions.
pub fn press(actions: &[Action], key: Key) -> Option<Message> {
    actions.iter().find_map(|action| action.press(key))
}
