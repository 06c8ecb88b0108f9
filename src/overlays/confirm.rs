//! A question that keys answer: what is at stake, and below it what each key does.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::lab::{Action, HasActions, Lab, Overlay};
use crate::ui::Key;
use crate::ui::panel::{below, dialog, lines, paragraph};
use crate::ui::theme::Theme;

/// Between two answers.
const GAP: &str = "     ";

/// What an answer does.
type Does = Rc<dyn Fn(&mut Lab)>;

/// An answer.
#[derive(Clone)]
pub struct Answer {
    pub id: &'static str,
    /// The first is the one that is written below the question.
    pub keys: Vec<Key>,
    /// In the question.
    pub words: &'static str,
    /// In key line and help.
    pub name: &'static str,
    pub help: String,
    does: Does,
}

impl Answer {
    pub fn new(
        id: &'static str,
        keys: &[Key],
        (words, name, help): (&'static str, &'static str, &str),
        does: impl Fn(&mut Lab) + 'static,
    ) -> Self {
        Self {
            id,
            keys: keys.to_vec(),
            words,
            name,
            help: help.to_owned(),
            does: Rc::new(does),
        }
    }
}

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

impl HasActions for Confirm {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        let actions = self.answers.iter().map(|answer| {
            let does = Rc::clone(&answer.does);
            let first = Action::new(
                answer.id,
                answer.keys[0],
                answer.name,
                &answer.help,
                move |_: &mut Self, lab: &mut Lab| {
                    lab.close();
                    does(lab);
                },
            );
            answer.keys[1..]
                .iter()
                .fold(first, |action, key| action.or(*key))
        });
        actions.collect()
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
            .map(|answer| (answer.keys[0], answer.words))
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
    let below = below(inner, taken + 1);
    let last = answers.len().saturating_sub(1);
    let answers = answers.iter().enumerate();
    let answers = answers.flat_map(|(number, (key, words))| {
        let gap = if number < last { GAP } else { "" };
        [
            Span::styled(key.to_string(), theme.key),
            Span::styled(format!(" {words}{gap}"), theme.text),
        ]
    });
    lines([Line::from_iter(answers)], below, buffer);
}
