//! Keys as lists of actions name them, and as help and key line write them.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with Ctrl held or not. Shift shows in the character itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    control: bool,
}

impl Key {
    pub const fn char(character: char) -> Self {
        Self::code(KeyCode::Char(character))
    }

    pub const fn ctrl(character: char) -> Self {
        Self {
            code: KeyCode::Char(character),
            control: true,
        }
    }

    pub const fn code(code: KeyCode) -> Self {
        Self {
            code,
            control: false,
        }
    }

    /// What was typed; `None` for keys with Alt or Super, which terminals and window managers use themselves.
    pub fn of(event: KeyEvent) -> Option<Self> {
        let held = event.modifiers - KeyModifiers::SHIFT;
        let control = held == KeyModifiers::CONTROL;
        (control || held.is_empty()).then_some(Self {
            code: event.code,
            control,
        })
    }

    /// As the terminal would send it.
    pub fn event(self) -> KeyEvent {
        let held = if self.control {
            KeyModifiers::CONTROL
        } else {
            KeyModifiers::NONE
        };
        KeyEvent::new(self.code, held)
    }

    /// The character that this key types.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(character) if !self.control => Some(character),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(character) if self.control => {
                write!(f, "{}", character.to_ascii_uppercase())
            }
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::F(number) => write!(f, "F{number}"),
            other => write!(f, "{other:?}"),
        }
    }
}
