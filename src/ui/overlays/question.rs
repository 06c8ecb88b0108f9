//! A question that keys answer: what is at stake, and below it what each key does.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::panel::{dialog, lines, paragraph};
use super::super::theme::Theme;

/// Between two answers.
const GAP: &str = "     ";

pub struct Question<'a> {
    pub title: &'a str,
    /// Columns and rows at most.
    pub size: (u16, u16),
    pub text: &'a str,
    /// Keys, and what each does in a few words.
    pub answers: &'a [(&'a str, &'a str)],
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
        let last = self.answers.len().saturating_sub(1);
        let answers = self.answers.iter().enumerate();
        let answers = answers.flat_map(|(number, (key, does))| {
            let gap = if number < last { GAP } else { "" };
            [
                Span::styled(*key, theme.key),
                Span::styled(format!(" {does}{gap}"), theme.text),
            ]
        });
        lines([Line::from_iter(answers)], below, buffer);
    }
}
