//! Something that is to be done to one pane, or to all, by whoever has only what they share: an overlay, another pane.

use std::any::{Any, TypeId};
use std::fmt;

use super::Lab;

type Does = Box<dyn FnOnce(&mut dyn Any, &mut Lab)>;

/// What is to be done, and to which type.
pub struct Deed {
    target: TypeId,
    does: Does,
}

impl Deed {
    /// To the pane of this type, or to the [`Panes`](crate::screen::Panes) as a whole.
    pub fn new<T: 'static>(does: impl FnOnce(&mut T, &mut Lab) + 'static) -> Self {
        Self {
            target: TypeId::of::<T>(),
            does: Box::new(move |target, lab| {
                let target = target.downcast_mut().expect("its type was compared");
                does(target, lab);
            }),
        }
    }

    /// To what all panes share.
    pub fn of_lab(does: impl FnOnce(&mut Lab) + 'static) -> Self {
        Self::new(move |(): &mut (), lab| does(lab))
    }

    /// The type that it is done to.
    pub fn target(&self) -> TypeId {
        self.target
    }

    /// Does it.
    ///
    /// # Panics
    /// Where the target is of another type than [`target`](Self::target).
    pub fn done_to(self, target: &mut dyn Any, lab: &mut Lab) {
        (self.does)(target, lab);
    }
}

impl fmt::Debug for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deed")
    }
}
