//! A line of text with a cursor.

use std::ops::Range;

/// Text and a cursor between its characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineInput {
    text: String,
    /// Bytes before the cursor.
    cursor: usize,
    /// Whether the first typed letter replaces the whole text.
    is_proposed: bool,
}

/// Maximum bytes of a line, the length of the longest path: text pasted beyond that is dropped.
const MOST: usize = 4096;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Insert(char),
    /// Several characters at once; line ends become spaces.
    Paste(String),
    DeleteBefore,
    DeleteAfter,
    DeleteWord,
    /// Deletes everything before the cursor.
    DeleteToStart,
    Left,
    Right,
    Start,
    End,
}

impl LineInput {
    /// `text`, with the cursor after it.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let cursor = text.len();
        let is_proposed = false;
        Self {
            text,
            cursor,
            is_proposed,
        }
    }

    /// A text that the first letter replaces; a motion of the cursor keeps it for editing.
    pub fn proposed(text: impl Into<String>) -> Self {
        let mut line = Self::new(text);
        line.propose();
        line
    }

    /// Makes the next letter replace the whole text.
    pub fn propose(&mut self) {
        self.is_proposed = !self.text.is_empty();
        self.cursor = self.text.len();
    }

    pub fn is_proposed(&self) -> bool {
        self.is_proposed
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.cursor)
    }

    pub fn apply(&mut self, edit: &Edit) {
        let moves = matches!(edit, Edit::Left | Edit::Right | Edit::Start | Edit::End);
        if std::mem::take(&mut self.is_proposed) && !moves {
            *self = Self::default();
        }
        match edit {
            Edit::Insert(character) => self.insert(character.encode_utf8(&mut [0; 4])),
            Edit::Paste(text) => {
                let text = text.trim_end_matches(['\r', '\n']).chars();
                let line: String = text.map(|c| if c.is_control() { ' ' } else { c }).collect();
                self.insert(&line);
            }
            Edit::DeleteBefore => self.delete(self.left()..self.cursor),
            Edit::DeleteAfter => self.delete(self.cursor..self.right()),
            Edit::DeleteWord => self.delete(self.word_start()..self.cursor),
            Edit::DeleteToStart => self.delete(0..self.cursor),
            Edit::Left => self.cursor = self.left(),
            Edit::Right => self.cursor = self.right(),
            Edit::Start => self.cursor = 0,
            Edit::End => self.cursor = self.text.len(),
        }
    }

    /// Inserts as much of the text as has room.
    fn insert(&mut self, text: &str) {
        let room = MOST.saturating_sub(self.text.len());
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let end = ends.take_while(|end| *end <= room).last().unwrap_or(0);
        self.text.insert_str(self.cursor, &text[..end]);
        self.cursor += end;
    }

    fn delete(&mut self, bytes: Range<usize>) {
        self.cursor = bytes.start;
        self.text.replace_range(bytes, "");
    }

    /// Where the character before the cursor starts.
    fn left(&self) -> usize {
        let before = self.halves().0.chars().next_back();
        self.cursor - before.map_or(0, char::len_utf8)
    }

    /// Where the character under the cursor ends.
    fn right(&self) -> usize {
        let after = self.halves().1.chars().next();
        self.cursor + after.map_or(0, char::len_utf8)
    }

    /// Where the word before the cursor starts; a path's parts count as words.
    fn word_start(&self) -> usize {
        let is_gap = |character: char| character.is_whitespace() || character == '/';
        let word = self.halves().0.trim_end_matches(is_gap);
        word.trim_end_matches(|character: char| !is_gap(character))
            .len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_respect_characters() {
        let mut line = LineInput::new("käse");
        for edit in [
            Edit::Left,
            Edit::Left,
            Edit::DeleteBefore,
            Edit::Insert('ü'),
        ] {
            line.apply(&edit);
        }
        assert_eq!(line.halves(), ("kü", "se"));
        line.apply(&Edit::DeleteAfter);
        line.apply(&Edit::DeleteToStart);
        assert_eq!(line.halves(), ("", "e"));
        line.apply(&Edit::DeleteBefore);
        line.apply(&Edit::Left);
        assert_eq!(line.text(), "e");
    }

    #[test]
    fn words_end_at_slashes() {
        let mut line = LineInput::new("/data/fashion mnist/");
        line.apply(&Edit::DeleteWord);
        assert_eq!(line.text(), "/data/fashion ");
        line.apply(&Edit::DeleteWord);
        assert_eq!(line.text(), "/data/");
        line.apply(&Edit::DeleteWord);
        line.apply(&Edit::DeleteWord);
        assert_eq!(line.text(), "");
    }

    #[test]
    fn a_paste_stays_on_one_line() {
        let mut line = LineInput::default();
        line.apply(&Edit::Paste("/a\n/b\r\n".to_owned()));
        assert_eq!(line.text(), "/a /b");
    }

    #[test]
    fn the_first_letter_replaces_what_is_proposed_and_a_motion_keeps_it() {
        for (edits, text) in [
            (vec![Edit::Insert('x'), Edit::Insert('y')], "xy"),
            (vec![Edit::Paste("pasted".to_owned())], "pasted"),
            (vec![Edit::End, Edit::Insert('2')], "old2"),
            (vec![Edit::Left, Edit::Insert('2')], "ol2d"),
            (vec![Edit::DeleteBefore], ""),
        ] {
            let mut line = LineInput::proposed("old");
            edits.iter().for_each(|edit| line.apply(edit));
            assert_eq!(line.text(), text, "{edits:?}");
        }
    }

    #[test]
    fn a_line_takes_no_more_than_a_path_has() {
        let mut line = LineInput::new("/a");
        line.apply(&Edit::Paste("ü".repeat(100_000)));
        assert_eq!(line.text().len(), MOST);
        line.apply(&Edit::Insert('x'));
        assert_eq!(line.text().len(), MOST);
        line.apply(&Edit::DeleteBefore);
        line.apply(&Edit::Insert('x'));
        assert!(line.text().ends_with("üx"));
    }
}
