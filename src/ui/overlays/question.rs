//! A question that `y` and `n` answer: what is at stake, and below it what each key does.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::panel::{dialog, lines, paragraph};
use super::super::theme::Theme;

pub struct Question<'a> {
    pub title: &'a str,
    /// Columns and rows at most.
    pub size: (u16, u16),
    pub text: &'a str,
    /// What each key does, in a few words.
    pub yes: &'a str,
    pub no: &'a str,
}

impl Question<'_> {
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let inner = dialog(self.title, self.size, area, buffer, theme);
        let taken = paragraph(self.text, theme.text, inner, buffer);
        let below = Rect {
            y: inner.y + taken + 1,
            height: inner.height.saturating_sub(taken + 1),
            ..inner
        };
        let answers = Line::from(vec![
            Span::styled("y", theme.key),
            Span::styled(format!(" {}     ", self.yes), theme.text),
            Span::styled("n", theme.key),
            Span::styled(format!(" {}", self.no), theme.text),
        ]);
        lines([answers], below, buffer);
    }
}
