//! A question that keys answer: what is at stake, and below it what each key does.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::lab::{Action, Acts, Lab, Label, Overlay, Wish, act};
use crate::ui::Key;
use crate::ui::panel::{below, dialog, lines, paragraph};
use crate::ui::theme::Theme;

/// Between two answers.
const GAP: &str = "     ";

/// A question over the panes; every answer closes it.
pub struct Confirm {
    pub title: &'static str,
    /// Columns and rows at most.
    pub size: (u16, u16),
    /// What is at stake, as it stands.
    pub text: Box<dyn Fn(&Lab) -> String>,
    pub answers: Vec<Answer>,
    /// What is said of a key that is no answer.
    pub hint: &'static str,
    /// Whether it still makes sense.
    pub stands: fn(&Lab) -> bool,
}

/// An action, and how the question words it beside the first of its keys.
pub type Answer = (Action<()>, &'static str);

impl Acts for Confirm {
    fn labels(&self, _lab: &Lab) -> Vec<Label> {
        let answers = self.answers.iter();
        answers.map(|(answer, _)| answer.label.clone()).collect()
    }

    fn act(&mut self, wish: Wish<'_>, lab: &mut Lab) -> bool {
        let is_answer = act(
            self.answers.iter().map(|(answer, _)| answer),
            wish,
            &mut (),
            lab,
        );
        if is_answer {
            lab.close();
        }
        is_answer
    }
}

impl Overlay for Confirm {
    fn typed(&mut self, _key: Key, lab: &mut Lab) {
        lab.refuse(self.hint);
    }

    fn ask(&mut self, lab: &mut Lab) {
        if !(self.stands)(lab) {
            lab.close();
        }
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let answers = self.answers.iter();
        let answers: Vec<_> = answers
            .map(|(answer, words)| (answer.label.all_keys[0], *words))
            .collect();
        let (title, text) = (self.title, (self.text)(lab));
        draw_question((title, self.size), &text, &answers, area, buffer, theme);
    }
}

/// Paints a question with its title, of so many columns and rows at most, and below it the keys of its answers with their words.
pub fn draw_question(
    (title, size): (&str, (u16, u16)),
    text: &str,
    answers: &[(Key, &str)],
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let inner = dialog(title, size, area, buffer, theme);
    let taken = paragraph(text, theme.text, inner, buffer);
    let last = answers.len().saturating_sub(1);
    let answers = answers.iter().enumerate();
    let answers = answers.flat_map(|(number, (key, words))| {
        let gap = if number < last { GAP } else { "" };
        [
            Span::styled(key.to_string(), theme.key),
            Span::styled(format!(" {words}{gap}"), theme.text),
        ]
    });
    lines([Line::from_iter(answers)], below(inner, taken + 1), buffer);
}
