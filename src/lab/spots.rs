//! What lies where on the screen, for the mouse: whatever draws something that can be touched says so while it draws.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::rc::Rc;

use ratatui::layout::{Position, Rect};

use super::{Lab, Part};

/// What the mouse does with its button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    Begins(Position),
    GoesOn(Position),
    Ends,
}

/// What a touch does to a pane or to what lies over the panes.
type Does = Rc<dyn Fn(&mut dyn Any, &mut Lab, Touch)>;

/// What a spot means.
#[derive(Clone)]
pub enum Meaning {
    /// The action of this name.
    Act(&'static str),
    /// The part of the pane that gets the focus.
    Focus(Part),
    /// A place for the cursor of what has this type; touched again, it is gone into as by Enter.
    Cursor(TypeId, Does),
    /// The same without going in.
    Place(TypeId, Does),
    /// The same, that also hears where the button is held and how it is lifted.
    Drawing(TypeId, Does),
}

#[derive(Clone)]
pub struct Spot {
    pub place: Rect,
    pub meaning: Meaning,
}

/// All spots of the latest picture. Behind a cell: pictures are drawn of a lab that they do not change.
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

    /// Numbered places for the cursor of what has type `T`.
    pub fn cursor<T: 'static>(
        &self,
        places: impl IntoIterator<Item = (usize, Rect)>,
        put: impl Fn(&mut T, &mut Lab, usize) + 'static,
    ) {
        let put = Rc::new(put);
        for (number, place) in places {
            let put = Rc::clone(&put);
            let does = on(move |it: &mut T, lab: &mut Lab, _| put(it, lab, number));
            self.add(place, Meaning::Cursor(TypeId::of::<T>(), does));
        }
    }

    /// A place in which what has type `T` finds out by itself where it was touched.
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

    /// What lies at a position, in the order in which it was drawn.
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
