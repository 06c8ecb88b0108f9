//! One line of text under a cursor.

/// Text and a cursor between its characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineInput {
    text: String,
    /// Characters before the cursor.
    cursor: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Insert(char),
    /// Several characters at once; line ends become spaces.
    Paste(String),
    DeleteBefore,
    DeleteAfter,
    DeleteWord,
    /// Everything before the cursor.
    DeleteToStart,
    Left,
    Right,
    Start,
    End,
}

impl LineInput {
    /// The cursor stands behind `text`.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let cursor = text.chars().count();
        Self { text, cursor }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.byte(self.cursor))
    }

    pub fn apply(&mut self, edit: &Edit) {
        let end = self.text.chars().count();
        match edit {
            Edit::Insert(character) => self.insert(*character),
            Edit::Paste(text) => {
                for character in text.trim_end_matches(['\r', '\n']).chars() {
                    self.insert(if character.is_control() {
                        ' '
                    } else {
                        character
                    });
                }
            }
            Edit::DeleteBefore => self.delete(self.cursor.saturating_sub(1)..self.cursor),
            Edit::DeleteAfter => self.delete(self.cursor..(self.cursor + 1).min(end)),
            Edit::DeleteWord => self.delete(self.word_start()..self.cursor),
            Edit::DeleteToStart => self.delete(0..self.cursor),
            Edit::Left => self.cursor = self.cursor.saturating_sub(1),
            Edit::Right => self.cursor = (self.cursor + 1).min(end),
            Edit::Start => self.cursor = 0,
            Edit::End => self.cursor = end,
        }
    }

    fn insert(&mut self, character: char) {
        self.text.insert(self.byte(self.cursor), character);
        self.cursor += 1;
    }

    fn delete(&mut self, characters: std::ops::Range<usize>) {
        let bytes = self.byte(characters.start)..self.byte(characters.end);
        self.text.replace_range(bytes, "");
        self.cursor = characters.start;
    }

    /// Where the word before the cursor starts; a path's parts count as words.
    fn word_start(&self) -> usize {
        let before: Vec<char> = self.text.chars().take(self.cursor).collect();
        let gap = |character: &char| character.is_whitespace() || *character == '/';
        let word_end = before
            .iter()
            .rposition(|character| !gap(character))
            .map_or(0, |at| at + 1);
        before[..word_end]
            .iter()
            .rposition(gap)
            .map_or(0, |at| at + 1)
    }

    fn byte(&self, character: usize) -> usize {
        self.text
            .char_indices()
            .nth(character)
            .map_or(self.text.len(), |(byte, _)| byte)
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
}
