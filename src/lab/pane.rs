//! What panes are, and what lies over them and has the keys: lists to choose from, forms, texts, questions.

use std::any::Any;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::{Action, Label, Wish, act};
use super::{Edit, Lab};
use crate::ui::Key;
use crate::ui::theme::Theme;
use crate::worker::Event;

/// Whatever has actions: a pane, an overlay, all panes together.
pub trait HasActions: Sized + 'static {
    /// What can be done now: of equal [worth](super::Worth), in the order of the key line. Inside of something, the key Esc leads out.
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>>;
}

/// The same without its type.
pub trait Acts: Any {
    fn labels(&self, lab: &Lab) -> Vec<Label>;

    /// Does what is meant; says whether it is one of the actions.
    fn act(&mut self, wish: Wish<'_>, lab: &mut Lab) -> bool;
}

impl<T: HasActions> Acts for T {
    fn labels(&self, lab: &Lab) -> Vec<Label> {
        let actions = self.actions(lab).into_iter();
        actions.map(|action| action.label).collect()
    }

    fn act(&mut self, wish: Wish<'_>, lab: &mut Lab) -> bool {
        let actions = self.actions(lab);
        act(&actions, wish, self, lab)
    }
}

/// A word as it stands on the screen, and what it means.
pub type Gloss = (&'static str, &'static str);

/// A pane: its facts, its actions, what it asks the worker, and its pictures.
///
/// After whatever happened comes, of every pane, [`follow`](Self::follow), [`lay_out`](Self::lay_out) and [`ask`](Self::ask), then
/// [`draw`](Self::draw) of the one on the screen.
pub trait Pane: Acts {
    /// The parts that Tab goes through now.
    fn parts(&self, lab: &Lab) -> usize {
        lab.pane.parts().len()
    }

    /// What is written short on the pane, or needs a word, and what it means: the help has it.
    fn glosses(&self) -> &'static [Gloss] {
        &[]
    }

    fn paste(&mut self, _text: &str, _lab: &mut Lab) {}

    /// Hears what the worker tells, once the lab has taken it in; also while another pane is on the screen.
    fn hear(&mut self, _event: &Event, _lab: &mut Lab) {}

    fn follow(&mut self, _lab: &mut Lab) {}

    /// Finds out what has room in `area`.
    fn lay_out(&mut self, _lab: &mut Lab, _area: Rect) {}

    /// Takes in what came, and asks for what it shows and has not asked for: while another pane is on the screen, only for what is to be
    /// there when it is shown.
    fn ask(&mut self, _lab: &mut Lab) {}

    /// Draws it, and tells [`Lab::spots`] what can be touched where.
    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme);
}

/// Something over the panes. Its actions close it ([`Lab::close`]) or open another in its place ([`Lab::open`]).
pub trait Overlay: Acts {
    /// Changes the text that is typed; says whether there is one.
    fn edit(&mut self, _edit: &Edit, _lab: &mut Lab) -> bool {
        false
    }

    /// Whether every letter is typed now, `?` among them.
    fn is_typing(&self) -> bool {
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
