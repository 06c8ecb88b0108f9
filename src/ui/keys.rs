//! Keys, their names in the help and the key line, and the cursor motions that they stand for.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::Edit;

/// A key with or without Ctrl. Shift shows in the character itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    control: bool,
}

impl Key {
    pub const ESCAPE: Self = Self::code(KeyCode::Esc);

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

    /// The typed key; `None` with Alt or Super, which terminals and window managers use themselves.
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

    /// The keys that a text names, with spaces between them: names as on the screen (`Enter`, `Ctrl-P`, `↓` or `Down`, `Space`); of any
    /// other word, each letter.
    pub fn all_in(text: &str) -> Vec<Self> {
        let of_word = |word| match Self::named(word) {
            Some(key) => vec![key],
            None => word.chars().map(Self::char).collect(),
        };
        text.split_whitespace().flat_map(of_word).collect()
    }

    fn named(name: &str) -> Option<Self> {
        const NAMED: [KeyCode; 14] = [
            KeyCode::Enter,
            KeyCode::Esc,
            KeyCode::Tab,
            KeyCode::BackTab,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::Up,
            KeyCode::Down,
            KeyCode::Left,
            KeyCode::Right,
            KeyCode::Home,
            KeyCode::End,
            KeyCode::PageUp,
            KeyCode::PageDown,
        ];
        let letters = name.strip_prefix("Ctrl-").map(str::to_ascii_lowercase);
        if let Some(letter) = letters.and_then(|letters| letters.parse().ok()) {
            return Some(Self::ctrl(letter));
        }
        let numbered = (1..=12).map(KeyCode::F);
        let space = [KeyCode::Char(' ')];
        let mut codes = NAMED.into_iter().chain(numbered).chain(space);
        let found =
            codes.find(|code| Self::code(*code).to_string() == name || format!("{code:?}") == name);
        found.map(Self::code)
    }

    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(character) if !self.control => Some(character),
            _ => None,
        }
    }
}

impl From<char> for Key {
    fn from(character: char) -> Self {
        Self::char(character)
    }
}

impl From<KeyCode> for Key {
    fn from(code: KeyCode) -> Self {
        Self::code(code)
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

/// Entries of a list that PgUp and PgDn skip.
pub const PAGE: usize = 10;

pub const CURSOR_HELP: &str = "(arrows or hjkl, g G, PgUp PgDn)";

pub const CURSOR_KEYS: [(Key, Motion); 14] = [
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
    (Key::code(KeyCode::Home), Motion::First),
    (Key::code(KeyCode::End), Motion::Last),
];

/// The keys of a list with a text input, where letters are typed.
pub const LIST_KEYS: [(Key, Motion); 6] = [
    (Key::code(KeyCode::Up), Motion::Up),
    (Key::code(KeyCode::Down), Motion::Down),
    (Key::ctrl('p'), Motion::Up),
    (Key::ctrl('n'), Motion::Down),
    (Key::code(KeyCode::PageUp), Motion::PageUp),
    (Key::code(KeyCode::PageDown), Motion::PageDown),
];

pub const FIELD_KEYS: [(Key, Motion); 4] = [
    (Key::code(KeyCode::Up), Motion::Up),
    (Key::code(KeyCode::Down), Motion::Down),
    (Key::code(KeyCode::BackTab), Motion::Up),
    (Key::code(KeyCode::Tab), Motion::Down),
];

/// The editing keys of a line of text, as in a shell, with their help.
pub static LINE_KEYS: [(&[Key], Edit, &str); 8] = [
    (
        &[Key::code(KeyCode::Backspace), Key::ctrl('h')],
        Edit::DeleteBefore,
        "delete the character before the cursor",
    ),
    (
        &[Key::code(KeyCode::Delete)],
        Edit::DeleteAfter,
        "delete the character under the cursor",
    ),
    (
        &[Key::ctrl('w')],
        Edit::DeleteWord,
        "delete the word before the cursor",
    ),
    (
        &[Key::ctrl('u')],
        Edit::DeleteToStart,
        "delete everything before the cursor",
    ),
    (
        &[Key::code(KeyCode::Left), Key::ctrl('b')],
        Edit::Left,
        "move one character left",
    ),
    (
        &[Key::code(KeyCode::Right), Key::ctrl('f')],
        Edit::Right,
        "move one character right",
    ),
    (
        &[Key::code(KeyCode::Home), Key::ctrl('a')],
        Edit::Start,
        "move to the start",
    ),
    (
        &[Key::code(KeyCode::End), Key::ctrl('e')],
        Edit::End,
        "move to the end",
    ),
];

/// The edit of a line of text that a key makes.
pub fn edit_for(key: Key) -> Option<Edit> {
    let mut keys = LINE_KEYS.iter();
    keys.find(|(bound, ..)| bound.contains(&key))
        .map(|(_, edit, _)| edit.clone())
        .or_else(|| key.typed().map(Edit::Insert))
}

/// The position `steps` from `at` among `count` entries, wrapping around.
pub fn around(at: usize, steps: isize, count: usize) -> usize {
    (at as isize + steps).rem_euclid(count.max(1) as isize) as usize
}

/// A motion of the cursor in the focused part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
}

impl Motion {
    /// The new position in a column of `count` entries with `page` entries per page.
    pub fn along(self, at: usize, count: usize, page: usize) -> usize {
        let last = count.saturating_sub(1);
        let page = page.max(1);
        match self {
            Self::Left | Self::Up => at.saturating_sub(1),
            Self::Right | Self::Down => at + 1,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at + page,
            Self::First => 0,
            Self::Last => last,
        }
        .min(last)
    }

    /// The new position among `count` entries in rows of `columns`; up and down do not move beyond the first or last row.
    pub fn in_grid(self, at: usize, columns: usize, count: usize, page: usize) -> usize {
        match self {
            Self::Up => at.checked_sub(columns).unwrap_or(at),
            Self::Down if at + columns < count => at + columns,
            Self::Down => at,
            other => other.along(at, count, page),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Motion::{Down, First, Last, Left, PageDown, PageUp, Right, Up};
    use super::{Key, KeyCode};

    #[test]
    fn keys_are_known_by_their_names_on_the_screen() {
        let keys = Key::all_in("4 jj ↓ Down Shift-Tab Ctrl-P F2 Space Enter");
        let code = Key::code;
        let expected = [
            Key::char('4'),
            Key::char('j'),
            Key::char('j'),
            code(KeyCode::Down),
            code(KeyCode::Down),
            code(KeyCode::BackTab),
            Key::ctrl('p'),
            code(KeyCode::F(2)),
            Key::char(' '),
            code(KeyCode::Enter),
        ];
        assert_eq!(keys, expected);
        for key in expected {
            assert_eq!(Key::all_in(&key.to_string()), [key], "{key}");
        }
    }

    #[test]
    fn up_and_down_keep_the_column_of_a_grid_or_stay() {
        // Four, four and three entries.
        for (motion, at, to) in [
            (Up, 5, 1),
            (Up, 3, 3),
            (Down, 6, 10),
            (Down, 7, 7),
            (Left, 4, 3),
            (Left, 0, 0),
            (Right, 10, 10),
            (PageUp, 9, 1),
            (PageDown, 9, 10),
            (First, 9, 0),
            (Last, 1, 10),
        ] {
            assert_eq!(motion.in_grid(at, 4, 11, 8), to, "{motion:?} from {at}");
        }
        assert_eq!(Last.in_grid(0, 4, 0, 8), 0);
    }
}
