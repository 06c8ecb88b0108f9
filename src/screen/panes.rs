//! All panes.

use std::any::{Any, TypeId};

use ratatui::layout::Rect;

use crate::lab::{Acts, Deed, Lab, Pane, PaneId, Wish};
use crate::panes;
use crate::worker::Event;

/// All panes, in the order of their numbers.
pub struct Panes {
    all: Vec<Box<dyn Pane>>,
}

impl Panes {
    pub(super) fn new() -> Self {
        Self { all: panes::all() }
    }

    pub fn iter(&self) -> impl Iterator<Item = (PaneId, &dyn Pane)> {
        let panes = self.all.iter().map(Box::as_ref);
        PaneId::ALL.iter().copied().zip(panes)
    }

    /// The pane of this type.
    ///
    /// # Panics
    /// If there is none.
    pub fn get<P: 'static>(&self) -> &P {
        let mut panes = self.all.iter();
        let pane = panes.find_map(|pane| (pane.as_ref() as &dyn Any).downcast_ref());
        pane.expect("the pane is in the list")
    }

    pub fn shown(&self, lab: &Lab) -> &dyn Pane {
        self.all[lab.pane as usize].as_ref()
    }

    pub(super) fn shown_mut(&mut self, lab: &Lab) -> &mut dyn Pane {
        self.all[lab.pane as usize].as_mut()
    }

    /// The shown pane, if it is of this type.
    pub(super) fn shown_as(&mut self, of: TypeId, lab: &Lab) -> Option<&mut dyn Any> {
        let pane: &mut dyn Any = self.all[lab.pane as usize].as_mut();
        ((*pane).type_id() == of).then_some(pane)
    }

    /// Runs an action of the shown pane, or one that works everywhere; `false` if there is none.
    pub(super) fn act(&mut self, wish: Wish<'_>, lab: &mut Lab) -> bool {
        lab.stay();
        self.shown_mut(lab).act(wish, lab) || Acts::act(self, wish, lab)
    }

    pub(super) fn hear(&mut self, event: &Event, lab: &mut Lab) {
        for pane in &mut self.all {
            pane.hear(event, lab);
        }
    }

    pub(super) fn follow(&mut self, lab: &mut Lab) {
        for pane in &mut self.all {
            pane.follow(lab);
        }
    }

    /// Applies a deed to the pane of the target type, or to all panes.
    pub(super) fn suffer(&mut self, (target, deed): (TypeId, Box<Deed>), lab: &mut Lab) {
        if target == TypeId::of::<Self>() {
            return deed(self, lab);
        }
        let mut panes = self.all.iter_mut();
        let pane = panes.find_map(|pane| {
            let pane: &mut dyn Any = pane.as_mut();
            ((*pane).type_id() == target).then_some(pane)
        });
        deed(pane.expect("the pane is in the list"), lab);
    }

    pub(super) fn lay_out_and_ask(&mut self, lab: &mut Lab, body: Rect) {
        for pane in &mut self.all {
            pane.lay_out(lab, body);
            pane.ask(lab);
        }
    }
}
