//! The traits of panes and of the overlays that get the keys: lists, forms, texts, questions.

use std::any::Any;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::{Action, Label, Wish, act};
use super::{Edit, Lab};
use crate::ui::Key;
use crate::ui::theme::Theme;
use crate::worker::Event;

/// Anything with actions: a pane, an overlay, all panes together.
pub trait HasActions: Sized + 'static {
    /// The current actions; those of equal [worth](super::Worth) are in the order of the key line. Esc leaves an inner view.
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>>;
}

/// [`HasActions`] without its type, for trait objects.
pub trait Acts: Any {
    fn labels(&self, lab: &Lab) -> Vec<Label>;

    /// Runs the selected action; returns whether there is one.
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

/// A term as shown on the screen, and its meaning.
pub type Gloss = (&'static str, &'static str);

/// A pane: its state, its actions, its questions to the worker, and how it is drawn.
///
/// After every event, [`follow`](Self::follow), [`lay_out`](Self::lay_out) and [`ask`](Self::ask) are called for every pane, then
/// [`draw`](Self::draw) for the one on the screen.
pub trait Pane: Acts {
    /// How many parts Tab cycles through now.
    fn parts(&self, lab: &Lab) -> usize {
        lab.pane.parts().len()
    }

    /// Abbreviations and terms on the pane with their meanings, for the help.
    fn glosses(&self) -> &'static [Gloss] {
        &[]
    }

    fn paste(&mut self, _text: &str, _lab: &mut Lab) {}

    /// Handles an event of the worker after the lab has; also while another pane is on the screen.
    fn hear(&mut self, _event: &Event, _lab: &mut Lab) {}

    fn follow(&mut self, _lab: &mut Lab) {}

    /// Determines what has room in `area`.
    fn lay_out(&mut self, _lab: &mut Lab, _area: Rect) {}

    /// Receives answers, and asks for what it shows and has not asked for yet; while another pane is on the screen, only for what must be
    /// ready when it is shown.
    fn ask(&mut self, _lab: &mut Lab) {}

    /// Draws the pane, and adds its clickable places to [`Lab::spots`].
    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme);
}

/// Something over the panes. Its actions close it ([`Lab::close`]) or replace it with another ([`Lab::open`]).
pub trait Overlay: Acts {
    /// Changes the typed text; returns whether there is any text input.
    fn edit(&mut self, _edit: &Edit, _lab: &mut Lab) -> bool {
        false
    }

    /// Whether every letter is text input now, `?` included.
    fn is_typing(&self) -> bool {
        false
    }

    /// Handles a key that is neither an action nor text input.
    fn typed(&mut self, _key: Key, _lab: &mut Lab) {}

    /// The unsaved text, line by line.
    fn unsaved_text(&self) -> Option<&[String]> {
        None
    }

    /// Receives answers, and asks for what it shows and has not asked for yet.
    fn ask(&mut self, _lab: &mut Lab) {}

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme);
}
