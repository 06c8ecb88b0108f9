//! Data: the loaded sets, the images and counts of each class, running jobs, and the next steps.

mod actions;
mod browser;
mod class_images;
mod draw;
mod jobs;
mod known_sets;
mod last_run;
mod renaming;
mod task_form;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use browser::{Browser, ListFolder, Row, Shelf};
pub use class_images::ClassImages;
pub use jobs::{DoTask, Job, TaskEnd, TaskNews};
pub use known_sets::FindKnownSets;
pub use last_run::LastRun;
pub use renaming::{RenameSet, UnloadSet};
pub use task_form::TaskDraft;

use crate::lab::{Lab, Pane};
use crate::ui::theme::Theme;
use crate::worker::Asked;

/// The running jobs on sets, and the cursors.
#[derive(Debug, Default)]
pub struct DataPane {
    /// The set under the cursor.
    pub set: usize,
    /// The class under the cursor, of the chosen set.
    pub class: usize,
    /// Jobs that load, fetch and make sets.
    pub jobs: Vec<Job>,
    /// The folder in which the browser opened a set last.
    browse_from: Option<PathBuf>,
    renaming: Asked<RenameSet>,
    unloading: Asked<UnloadSet>,
    images: Asked<ClassImages>,
    known: Asked<FindKnownSets>,
    last_run: Asked<LastRun>,
    room: Room,
    /// The lab's count of chosen sets when the pane last followed it.
    followed: u64,
}

/// What fits on the screen.
#[derive(Debug, Default)]
struct Room {
    /// Classes side by side.
    columns: usize,
    /// Images of each class.
    images: usize,
}

impl DataPane {
    /// Opens the browser, with this text typed in it.
    fn browse(&self, text: &str, lab: &mut Lab) {
        lab.open(Browser::new(self.browse_from.clone(), text.to_owned()));
    }
}

impl Pane for DataPane {
    fn paste(&mut self, text: &str, lab: &mut Lab) {
        // Where sets are opened, a pasted path means one of them.
        self.browse(text.lines().next().unwrap_or_default().trim(), lab);
    }

    fn follow(&mut self, lab: &mut Lab) {
        if self.followed != lab.choosings {
            self.followed = lab.choosings;
            (self.set, self.class) = (lab.chosen.unwrap_or(0), 0);
            // A set that was opened again has other images perhaps.
            self.images.cancel();
        }
        self.set = self.set.min(lab.sets.len().saturating_sub(1));
        self.hear_jobs(lab);
        self.renaming.receive(&mut lab.out);
        self.unloading.receive(&mut lab.out);
        lab.opening = self.opening();
    }

    fn lay_out(&mut self, lab: &mut Lab, area: Rect) {
        self.room = draw::room(self, lab, area);
    }

    fn ask(&mut self, lab: &mut Lab) {
        self.ask_class_images(lab);
        self.ask_known_sets(lab);
        self.ask_last_run(lab);
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
