//! The whole screen: the state that panes share, the panes, and the overlays. Keys, clicks, pasted text and the worker's events go in;
//! commands for the worker come out; [`draw`](Interface::draw) draws it.

mod bars;
mod draw;
mod everywhere;
mod key_line;
mod leaving;
#[cfg(test)]
mod leaving_tests;
mod mouse;
mod panes;
mod picture;
#[cfg(test)]
pub(crate) mod testing;

use std::path::PathBuf;

use crossterm::event::KeyEvent;

pub use draw::LEAST;
pub use panes::Panes;
pub use picture::{SavePicture, picture_for};

use crate::lab::{Edit, Lab, Spot, Wish, events};
use crate::panes::DataPane;
use crate::training::Preset;
use crate::ui::Key;
use crate::ui::keys::edit_for;
use crate::worker::{Asked, Command, Event};

/// The lab with its panes.
pub struct Interface {
    pub lab: Lab,
    panes: Panes,
    /// Columns and number of the entry that the latest click moved the cursor to, if nothing else happened since.
    clicked: Option<(u16, u16, usize)>,
    /// The spot that is drawn on while the mouse button is held.
    held: Option<Spot>,
    /// Saves pictures of the screen.
    saving: Asked<SavePicture>,
}

impl Interface {
    /// The interface before anything is loaded, and the first commands for the worker.
    pub fn new(
        data: Option<String>,
        preset: Preset,
        runs_folder: Option<PathBuf>,
    ) -> (Self, Vec<Command>) {
        let mut lab = Lab::new(preset, runs_folder);
        lab.then(move |pane: &mut DataPane, lab| pane.open(data, lab));
        let mut interface = Self {
            lab,
            panes: Panes::new(),
            clicked: None,
            held: None,
            saving: Asked::default(),
        };
        let commands = interface.settle();
        (interface, commands)
    }

    pub fn pane<P: 'static>(&self) -> &P {
        self.panes.get()
    }

    pub fn press(&mut self, event: KeyEvent) -> Vec<Command> {
        let Some(key) = Key::of(event) else {
            return Vec::new();
        };
        if key == Key::ctrl('c') {
            return self.quit();
        }
        (self.lab.status, self.clicked) = (None, None);
        if self
            .lab
            .overlay
            .as_ref()
            .is_some_and(|over| everywhere::asks_help(over.as_ref(), key))
        {
            everywhere::help_over(&mut self.lab);
            return self.settle();
        }
        let taken = self.lab.over(|overlay, lab| {
            let is_taken = overlay.act(Wish::Key(key), lab)
                || edit_for(key).is_some_and(|edit| overlay.edit(&edit, lab));
            if !is_taken && key != everywhere::SAVE {
                overlay.typed(key, lab);
            }
            is_taken
        });
        if taken == Some(false) && key == everywhere::SAVE && !self.lab.is_covered() {
            self.lab.cover(picture::form());
        } else if taken.is_none() && !self.panes.act(Wish::Key(key), &mut self.lab) {
            self.lab
                .refuse(format!("{key} does nothing here; ? lists the keys."));
        }
        self.settle()
    }

    /// Runs the action of this id, such as `train.pause`: of the open overlay, of the shown pane, or one that works everywhere. `None` if
    /// there is none.
    pub fn act(&mut self, id: &str) -> Option<Vec<Command>> {
        self.lab.status = None;
        if id == everywhere::HELP_ID && self.lab.overlay.is_some() {
            everywhere::help_over(&mut self.lab);
            return Some(self.settle());
        }
        let is_there = self.lab.over(|overlay, lab| overlay.act(Wish::Id(id), lab));
        let is_there = is_there.unwrap_or_else(|| self.panes.act(Wish::Id(id), &mut self.lab));
        is_there.then(|| self.settle())
    }

    /// Inserts pasted text into the text that is being typed.
    pub fn paste(&mut self, text: String) -> Vec<Command> {
        if self.lab.overlay.is_some() {
            self.lab
                .over(|overlay, lab| overlay.edit(&Edit::Paste(text), lab));
        } else {
            self.panes.shown_mut(&self.lab).paste(&text, &mut self.lab);
        }
        self.settle()
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> Vec<Command> {
        (self.lab.columns, self.lab.rows) = (columns, rows);
        self.settle()
    }

    pub fn hear(&mut self, event: Event) -> Vec<Command> {
        events::hear(&mut self.lab, &event);
        self.panes.hear(&event, &mut self.lab);
        self.settle()
    }

    pub fn lose_worker(&mut self) -> Vec<Command> {
        events::lose_worker(&mut self.lab);
        self.lab.then(|pane: &mut DataPane, _| pane.jobs.clear());
        self.settle()
    }

    /// Quits immediately; the draft of unsaved work is kept.
    pub fn quit(&mut self) -> Vec<Command> {
        self.lab.quit();
        self.settle()
    }

    /// Brings panes, layout and questions up to date after an event.
    pub fn settle(&mut self) -> Vec<Command> {
        loop {
            self.follow();
            if !leaving::go_on(&mut self.lab) {
                break;
            }
        }
        if !self.lab.quitting {
            leaving::keep_draft(&mut self.lab);
        }
        if let Some(body) = self.body().filter(|_| !self.lab.quitting) {
            self.panes.lay_out_and_ask(&mut self.lab, body);
            self.lab.over(|overlay, lab| overlay.ask(lab));
        }
        self.save_picture();
        self.lab.commands()
    }

    /// Lets the panes follow the lab, and applies pending deeds to them.
    fn follow(&mut self) {
        loop {
            self.panes.follow(&mut self.lab);
            let Some(deed) = self.lab.next_deed() else {
                return;
            };
            self.panes.suffer(deed, &mut self.lab);
        }
    }
}
