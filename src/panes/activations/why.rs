//! The `w` key: which method says why the network takes the image for what it does, about which class, and its answer.

use super::{Explain, Look};
use crate::analysis::explain::{EXPLANATIONS, Explanation, Method};
use crate::lab::Lab;
use crate::overlays::Form;
use crate::worker::Asked;

/// Which explanation is asked for, and what has come.
#[derive(Debug, Default)]
pub struct Why {
    /// Position in the list of methods; `None` shows the image alone.
    pub method: Option<usize>,
    /// The methods whose settings were changed.
    changed: Vec<Method>,
    /// The class that is asked about; `None` is the most probable one.
    class: Option<usize>,
    pub explained: Asked<Explain>,
}

impl Why {
    /// The method that is asked for, with its settings.
    pub fn current(&self) -> Option<Method> {
        let kind = *EXPLANATIONS.get(self.method?)?;
        let mut changed = self.changed.iter();
        let changed = changed.find(|method| std::ptr::eq(method.kind(), kind));
        Some(
            changed
                .cloned()
                .unwrap_or_else(|| Method::with_defaults(kind)),
        )
    }

    /// The next method, and after the last none.
    pub(super) fn next_method(&mut self, lab: &mut Lab) {
        let next = self.method.map_or(0, |method| method + 1);
        self.method = (next < EXPLANATIONS.len()).then_some(next);
        // A method names itself below the image, which a sentence here could cover.
        if self.method.is_none() {
            lab.inform("The image alone.");
        }
    }

    /// Asks about the class after or before the one that is explained now.
    pub(super) fn step_class(&mut self, lab: &Lab, forward: bool) {
        let explained = self.explained.answer().map(|explained| explained.class);
        let classes = lab.preset.classes.max(1);
        let now = self.class.or(explained).unwrap_or(0);
        let step = if forward { 1 } else { classes - 1 };
        self.class = Some((now + step) % classes);
    }

    /// Opens the form of the method's settings.
    pub(super) fn open_settings(&self, lab: &mut Lab) {
        if let Some(method) = self.current() {
            lab.open(Form::new(method));
        }
    }

    /// Takes a method's settings over.
    pub(super) fn change(&mut self, method: Method) {
        self.changed
            .retain(|other| !std::ptr::eq(other.kind(), method.kind()));
        self.changed.push(method);
    }

    /// Drops what is shown and under way, because the network or the data is another one now.
    pub(super) fn forget(&mut self) {
        self.class = None;
        self.explained.forget();
    }

    pub(super) fn ask(&mut self, look: Look, lab: &mut Lab) {
        let Some(method) = self.current() else { return };
        let question = Explain {
            // The explanation is of the whole network, and changes with its finished epochs.
            look: Look {
                layer: 0,
                live: None,
                ..look
            },
            method,
            class: self.class.filter(|class| *class < lab.preset.classes),
        };
        self.explained.want(Some(question), &mut lab.out);
    }

    /// The latest explanation, if it is about the image that was looked at and by the method that is asked for.
    pub(super) fn of(&self, looked: &Look) -> Option<&Explanation> {
        let (asked, explained) = self.explained.answered()?;
        let is_this = asked.look.subject == looked.subject;
        (is_this && Some(&asked.method) == self.current().as_ref()).then_some(explained)
    }
}
