//! The clickable places of the screen: added by whatever draws them, while it draws.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::rc::Rc;

use ratatui::layout::{Position, Rect};

use super::{Lab, Part};

/// A press, drag or release of the mouse button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    Begins(Position),
    GoesOn(Position),
    Ends,
}

/// The effect of a touch on a pane or an overlay.
type Does = Rc<dyn Fn(&mut dyn Any, &mut Lab, Touch)>;

/// What a click on a spot does.
#[derive(Clone)]
pub enum Meaning {
    /// Runs the action of this id.
    Act(&'static str),
    /// Focuses a part of the pane.
    Focus(Part),
    /// Moves the cursor of the pane or overlay of this type to the entry of this number; a second click opens it, as Enter does.
    Cursor(TypeId, usize, Does),
    /// As `Cursor`, without opening.
    Place(TypeId, Does),
    /// As `Place`, with drags and the release of the button as well.
    Drawing(TypeId, Does),
}

#[derive(Clone)]
pub struct Spot {
    pub place: Rect,
    pub meaning: Meaning,
}

/// All spots of the latest frame, in a cell because drawing does not change the lab otherwise.
#[derive(Default)]
pub struct Spots(RefCell<Vec<Spot>>);

impl Spots {
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    fn add(&self, place: Rect, meaning: Meaning) {
        self.0.borrow_mut().push(Spot { place, meaning });
    }

    pub fn act(&self, place: Rect, id: &'static str) {
        self.add(place, Meaning::Act(id));
    }

    pub fn focus(&self, place: Rect, part: Part) {
        self.add(place, Meaning::Focus(part));
    }

    /// Adds numbered places for the cursor of type `T`.
    pub fn cursor<T: 'static>(
        &self,
        places: impl IntoIterator<Item = (usize, Rect)>,
        put: impl Fn(&mut T, &mut Lab, usize) + 'static,
    ) {
        let put = Rc::new(put);
        for (number, place) in places {
            let put = Rc::clone(&put);
            let does = on(move |it: &mut T, lab: &mut Lab, _| put(it, lab, number));
            self.add(place, Meaning::Cursor(TypeId::of::<T>(), number, does));
        }
    }

    /// Adds a place in which type `T` interprets the position of a click.
    pub fn place<T: 'static>(
        &self,
        place: Rect,
        put: impl Fn(&mut T, &mut Lab, Position) + 'static,
    ) {
        let does = on(move |it: &mut T, lab: &mut Lab, touch| {
            if let Touch::Begins(at) = touch {
                put(it, lab, at);
            }
        });
        self.add(place, Meaning::Place(TypeId::of::<T>(), does));
    }

    pub fn drawing<T: 'static>(
        &self,
        place: Rect,
        does: impl Fn(&mut T, &mut Lab, Touch) + 'static,
    ) {
        self.add(place, Meaning::Drawing(TypeId::of::<T>(), on(does)));
    }

    /// The spots at a position, in drawing order.
    pub fn at(&self, position: Position) -> Vec<Spot> {
        let spots = self.0.borrow();
        let here = spots.iter().filter(|spot| spot.place.contains(position));
        here.cloned().collect()
    }
}

fn on<T: 'static>(does: impl Fn(&mut T, &mut Lab, Touch) + 'static) -> Does {
    Rc::new(move |it, lab, touch| {
        let it = it.downcast_mut().expect("its type was compared");
        does(it, lab, touch);
    })
}
