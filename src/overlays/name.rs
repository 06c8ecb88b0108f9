//! A form for a name: below it what the name is for, or why it is not accepted.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::lab::{Action, Edit, HasActions, Lab, LineInput, Overlay};
use crate::ui::panel::{below, dialog, draw_input, paragraph};
use crate::ui::theme::Theme;

/// Accepts a name, or returns why not.
type Accept = dyn Fn(&str, &mut Lab) -> Result<(), String>;

/// A form for a name.
pub struct NameForm {
    pub title: String,
    pub about: &'static str,
    /// What is typed, shown while the text is empty.
    pub hint: &'static str,
    pub input: LineInput,
    /// Why the name is not accepted, or what it would replace.
    pub problem: Option<String>,
    /// The label of Enter, and its help.
    pub enter: (&'static str, &'static str),
    /// The help of Esc.
    pub cancel: &'static str,
    /// Accepts the name, or returns why not; the form then stays open.
    pub accept: Box<Accept>,
}

impl NameForm {
    fn take(&mut self, lab: &mut Lab) {
        match (self.accept)(self.input.text(), lab) {
            Ok(()) => lab.close(),
            Err(problem) => self.problem = Some(problem),
        }
    }
}

impl HasActions for NameForm {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        let (name, help) = self.enter;
        vec![
            Action::of("name.take", KeyCode::Enter, name)
                .help(help)
                .does(Self::take),
            Action::of("name.cancel", KeyCode::Esc, "cancel")
                .help(self.cancel)
                .does(|_, lab| lab.close()),
        ]
    }
}

impl Overlay for NameForm {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        self.input.apply(edit);
        self.problem = None;
        true
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn draw(&self, _lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let inner = dialog(&self.title, (58, 7), area, buffer, theme);
        draw_input(&self.input, self.hint, inner, buffer, theme);
        let (text, style) = match &self.problem {
            Some(problem) => (problem.as_str(), theme.warning),
            None => (self.about, theme.dim),
        };
        paragraph(text, style, below(inner, 2), buffer);
    }
}
