//! A question for a name: where it is typed, and below it what it is for, or why it cannot be taken.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::panel::{dialog, paragraph};
use super::super::theme::Theme;
use super::draw_input;
use crate::state::LineInput;

pub struct NameQuestion<'a> {
    pub title: &'a str,
    pub input: &'a LineInput,
    pub problem: Option<&'a str>,
    pub about: &'a str,
}

impl NameQuestion<'_> {
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let inner = dialog(self.title, (58, 7), area, buffer, theme);
        draw_input(self.input, "a name", inner, buffer, theme);
        let below = Rect {
            y: inner.y + 2,
            height: inner.height.saturating_sub(2),
            ..inner
        };
        let (text, style) = match self.problem {
            Some(problem) => (problem, theme.warning),
            None => (self.about, theme.dim),
        };
        paragraph(text, style, below, buffer);
    }
}
