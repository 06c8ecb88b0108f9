//! What a person can do: key line, help, palette and the keys themselves all come from lists of these.

use super::keys::Key;
use crate::state::Message;

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
