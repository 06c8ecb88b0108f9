//! A question that is answered by keys: what is at stake, and below it what each key does.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::lab::{Action, Acts, Lab, Label, Overlay, Wish, act};
use crate::ui::Key;
use crate::ui::panel::{below, dialog, lines, paragraph};
use crate::ui::theme::Theme;

/// Between two answers.
const GAP: u16 = 5;

/// A question over the panes, closed by every answer.
pub struct Confirm {
    pub title: &'static str,
    /// Columns and rows at most.
    pub size: (u16, u16),
    /// What is at stake, from the current state.
    pub text: Box<dyn Fn(&Lab) -> String>,
    pub answers: Vec<Answer>,
    /// The message for a key that is no answer.
    pub hint: &'static str,
    /// Whether the question still applies.
    pub stands: fn(&Lab) -> bool,
}

/// An action, and its words in the question, beside the first of its keys.
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
            .map(|(Action { label, .. }, words)| (label.id, label.all_keys[0], *words))
            .collect();
        let (title, text) = (self.title, (self.text)(lab));
        let words = (title, text.as_str(), answers.as_slice());
        draw_question(words, self.size, lab, area, buffer, theme);
    }
}

/// Draws a question with its title, and below it the keys of its answers with their words; a click on an answer runs its action.
pub fn draw_question(
    (title, text, answers): (&str, &str, &[(&'static str, Key, &str)]),
    size: (u16, u16),
    lab: &Lab,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let inner = dialog(title, size, area, buffer, theme);
    let taken = paragraph(text, theme.text, inner, buffer);
    let mut room = below(inner, taken + 1);
    for (id, key, words) in answers {
        let answer = Line::from(vec![
            Span::styled(key.to_string(), theme.key),
            Span::styled(format!(" {words}"), theme.text),
        ]);
        let place = Rect {
            width: (answer.width() as u16).min(room.width),
            height: room.height.min(1),
            ..room
        };
        lab.spots.act(place, id);
        lines([answer], place, buffer);
        let taken = (place.width + GAP).min(room.width);
        (room.x, room.width) = (room.x + taken, room.width - taken);
    }
}
