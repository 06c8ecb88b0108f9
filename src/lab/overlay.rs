//! What lies over the panes and has the keys: lists to choose from, forms, texts, questions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Acts, Edit, Lab};
use crate::ui::Key;
use crate::ui::theme::Theme;

/// Something over the panes. Its actions close it ([`Lab::close`]) or open another in its place ([`Lab::open`]).
pub trait Overlay: Acts {
    /// Changes the text that is typed; says whether there is one.
    fn edit(&mut self, _edit: &Edit, _lab: &mut Lab) -> bool {
        false
    }

    /// Takes a key that is neither an action nor typed in a line.
    fn typed(&mut self, _key: Key, _lab: &mut Lab) {}

    /// The text, line by line, that would be lost with it.
    fn unsaved_text(&self) -> Option<&[String]> {
        None
    }

    /// Asks for what it shows and has not asked for, and takes in what came.
    fn ask(&mut self, _lab: &mut Lab) {}

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme);
}
