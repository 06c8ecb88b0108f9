//! Everything that the screen shows.

use std::any::{Any, TypeId};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    CorrectionsState, Drafts, History, Looked, Overlay, PaneId, Part, Run, Spots, UnsavedDrawings,
};
use crate::data::browse::KnownPlace;
use crate::data::{DatasetSummary, SplitName};
use crate::network::NetworkSummary;
use crate::shape::Shape;
use crate::training::Preset;
use crate::ui::around;
use crate::ui::theme::{Background, ColorMap};
use crate::worker::{Command, LabelledImage, Outbox, OwnPreset, Reading};

/// The kind of a run in the list of what a session left on the disk.
pub const RUN: &str = "run";

/// A deferred change of one pane or of all, by code that has only the shared state: an overlay, another pane.
pub type Deed = dyn FnOnce(&mut dyn Any, &mut Lab);

pub struct Lab {
    pub columns: u16,
    pub rows: u16,
    pub pane: PaneId,
    /// For each pane the position of the focused part.
    focus: [usize; PaneId::ALL.len()],
    /// Whether the focused part fills the screen.
    pub zoomed: bool,
    /// The overlay on top, which gets the keys.
    pub overlay: Option<Box<dyn Overlay>>,
    /// The overlay below it, which is shown again when the top one is closed.
    covered: Option<Box<dyn Overlay>>,
    /// The overlays below both, whose forms are open over them.
    beneath: Vec<Box<dyn Overlay>>,
    /// Whether the overlay whose action is running stays open below the one that it opened.
    is_kept: bool,
    /// Whether the overlay whose action is running is to be closed.
    is_closed: bool,
    deeds: VecDeque<(TypeId, Box<Deed>)>,
    /// For the worker.
    pub out: Outbox,
    pub status: Option<Status>,
    /// Whether the program is to end as soon as the worker has saved everything.
    pub quitting: bool,
    /// Whether the mouse is the lab's, not the terminal's.
    pub mouse: bool,
    /// The clickable places of the screen.
    pub spots: Spots,
    /// What the terminal is to do next; the terminal's owner takes it.
    pub terminal_wish: Option<TerminalWish>,
    /// The name of a file to save a picture of the screen in; empty for a free one.
    pub picture_wish: Option<String>,
    /// The background of the terminal, or of pictures of the screen.
    pub background: Background,

    pub sets: Vec<DatasetSummary>,
    pub corrections: CorrectionsState,
    /// Position of the chosen set, which all panes show.
    pub chosen: Option<usize>,
    /// What is being loaded, set by the Data pane.
    pub(crate) opening: Option<String>,
    /// The set that is being read for a run, if that takes a while.
    pub reading: Option<Reading>,
    /// The known sets and where they are on this machine; empty before they were searched for.
    pub known_sets: Vec<KnownPlace>,

    pub preset: Preset,
    pub summary: NetworkSummary,
    /// Seconds per epoch of the network on the screen on the chosen set, if known; set by the Network pane.
    pub(crate) epoch_seconds: Option<f64>,
    pub history: History,
    /// The user's own presets, as last listed.
    pub own_presets: Vec<OwnPreset>,
    pub(crate) drafts: Drafts,
    pub drawings: UnsavedDrawings,

    pub run: Option<Run>,
    /// The lineage of the network of a run that was asked for and has not started yet.
    pub(crate) starting: Option<u64>,
    /// Whether a single batch was asked for whose result has not been shown yet.
    pub(crate) is_stepping: bool,
    /// Seconds from which the end of a run is announced; `None` announces none.
    pub announced_after: Option<f64>,
    /// Why the last run that was asked for did not start.
    pub refusal: Option<String>,
    pub runs_folder: Option<PathBuf>,
    /// Where sweep folders are created.
    pub sweeps_folder: PathBuf,
    /// What this session left on the disk: kind and path.
    pub work: Vec<(&'static str, PathBuf)>,

    /// The page of images that the View pane shows.
    pub browsed: Option<Browsed>,
    /// Images to show on the View pane.
    pub images_wish: Option<ImagesWish>,
    /// Image size in steps above or below the one that suits the screen; limited when drawn.
    pub image_size: i8,
    pub choosings: u64,
    pub looked: Looked,
    pub colors: Colors,
    pub cursors: Cursors,
    /// Random choices so far; the next seed.
    pub(super) choices: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursors {
    pub layer: usize,
}

/// The colour maps of pictures of one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colors {
    /// Images.
    pub images: ColorMap,
    /// Feature maps, weights and other values.
    pub maps: ColorMap,
}

impl Default for Colors {
    fn default() -> Self {
        Self {
            images: ColorMap::Grey,
            maps: ColorMap::Viridis,
        }
    }
}

/// The images that the View pane shows.
#[derive(Clone, Debug)]
pub struct Browsed {
    pub shape: Shape,
    pub images: Arc<Vec<LabelledImage>>,
    pub cursor: usize,
}

/// Images of a class, of the given split or else of the one on the View pane.
#[derive(Clone, Copy, Debug)]
pub struct ImagesWish {
    pub split: Option<SplitName>,
    pub class: usize,
}

/// A message for the user, cleared by the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub notice: Notice,
    pub text: String,
}

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Information,
    Refusal,
    Error,
}

/// Something that only the terminal can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminalWish {
    Suspend,
    /// Redraw the whole screen.
    Redraw,
    /// Ring the bell and show this as a notification.
    Announce(String),
}

impl Lab {
    /// The lab before anything is loaded.
    pub fn new(preset: Preset, runs_folder: Option<PathBuf>) -> Self {
        let summary = NetworkSummary::new(&preset.network());
        Self {
            columns: 80,
            rows: 24,
            pane: PaneId::Data,
            focus: [0; PaneId::ALL.len()],
            zoomed: false,
            overlay: None,
            covered: None,
            beneath: Vec::new(),
            is_kept: false,
            is_closed: false,
            deeds: VecDeque::new(),
            out: Outbox::default(),
            status: None,
            quitting: false,
            terminal_wish: None,
            picture_wish: None,
            background: Background::default(),
            mouse: true,
            spots: Spots::default(),
            sets: Vec::new(),
            corrections: CorrectionsState::default(),
            chosen: None,
            opening: None,
            reading: None,
            known_sets: Vec::new(),
            epoch_seconds: None,
            work: Vec::new(),
            history: History::new(&preset),
            own_presets: Vec::new(),
            drafts: Drafts::default(),
            drawings: UnsavedDrawings::default(),
            preset,
            summary,
            run: None,
            starting: None,
            is_stepping: false,
            announced_after: None,
            refusal: None,
            runs_folder,
            sweeps_folder: PathBuf::from("sweeps"),
            browsed: None,
            images_wish: None,
            image_size: 0,
            choosings: 0,
            looked: Looked::default(),
            colors: Colors::default(),
            cursors: Cursors::default(),
            choices: 1,
        }
    }

    pub fn part(&self) -> Part {
        self.pane.parts()[self.focus[self.pane as usize]]
    }

    pub fn has_focus(&self, part: Part) -> bool {
        self.part() == part
    }

    pub fn step_part(&mut self, steps: isize) {
        let focus = &mut self.focus[self.pane as usize];
        *focus = around(*focus, steps, self.pane.parts().len());
    }

    pub fn focus_on(&mut self, part: Part) {
        if let Some(position) = self.pane.parts().iter().position(|other| *other == part) {
            self.focus[self.pane as usize] = position;
        }
    }

    pub fn inform(&mut self, text: impl Into<String>) {
        self.say(Notice::Information, text);
    }

    pub fn refuse(&mut self, text: impl Into<String>) {
        self.say(Notice::Refusal, text);
    }

    pub fn show(&mut self, pane: PaneId) {
        if self.pane != pane {
            self.pane = pane;
            self.zoomed = false;
        }
    }

    /// Opens an overlay, replacing the open one.
    pub fn open(&mut self, overlay: impl Overlay) {
        self.overlay = Some(Box::new(overlay));
    }

    /// Closes the open overlay once its action is done.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// Opens an overlay on top of the open one, which is shown again once the new one is closed.
    pub fn cover(&mut self, overlay: impl Overlay) {
        self.covered = self.overlay.take();
        self.open(overlay);
    }

    /// Opens a form of the overlay whose action is running, over it; once the form is closed, the overlay is shown again.
    pub fn open_over(&mut self, form: impl Overlay) {
        self.is_kept = true;
        self.open(form);
    }

    pub fn is_covered(&self) -> bool {
        self.covered.is_some()
    }

    /// The open overlays, the top one last.
    pub fn overlays(&self) -> impl Iterator<Item = &(dyn Overlay + 'static)> {
        let below = self.beneath.iter().chain(&self.covered);
        below.chain(&self.overlay).map(Box::as_ref)
    }

    /// Runs `does` on the open overlay, if any; the overlay stays open unless `does` closed it or opened another.
    pub fn over<R>(
        &mut self,
        does: impl FnOnce(&mut (dyn Overlay + 'static), &mut Self) -> R,
    ) -> Option<R> {
        let mut overlay = self.overlay.take()?;
        let done = does(overlay.as_mut(), self);
        if self.overlay.is_none() {
            self.overlay = match self.is_closed {
                true => self.covered.take().or_else(|| self.beneath.pop()),
                false => Some(overlay),
            };
        } else if self.is_kept {
            self.beneath.push(overlay);
        }
        (self.is_closed, self.is_kept) = (false, false);
        Some(done)
    }

    /// Closes all overlays.
    pub fn close_all(&mut self) {
        (self.overlay, self.covered) = (None, None);
        self.beneath.clear();
    }

    /// Runs `does` on the pane of type `T`, or on all [`Panes`](crate::screen::Panes), as soon as this action is done.
    pub fn then<T: 'static>(&mut self, does: impl FnOnce(&mut T, &mut Self) + 'static) {
        let deed: Box<Deed> = Box::new(move |target, lab| {
            let target = target.downcast_mut().expect("its type was compared");
            does(target, lab);
        });
        self.deeds.push_back((TypeId::of::<T>(), deed));
    }

    /// The next deferred change, and the type that it is for.
    pub fn next_deed(&mut self) -> Option<(TypeId, Box<Deed>)> {
        self.deeds.pop_front()
    }

    /// Takes the commands for the worker, and shows the user what failed.
    pub fn commands(&mut self) -> Vec<Command> {
        for failure in std::mem::take(&mut self.out.failures) {
            self.say(Notice::Error, failure);
        }
        std::mem::take(&mut self.out.commands)
    }

    pub fn overlay_of<T: 'static>(&self) -> Option<&T> {
        let mut overlays = self.overlays();
        overlays.find_map(|overlay| (overlay as &dyn Any).downcast_ref())
    }

    pub fn tell(&mut self, command: Command) {
        self.out.commands.push(command);
    }

    pub fn show_images(&mut self, split: Option<SplitName>, class: usize) {
        self.images_wish = Some(ImagesWish { split, class });
        self.show(PaneId::View);
    }

    /// Notes something new on the disk that the user will want to find again.
    pub(crate) fn leaves(&mut self, what: &'static str, path: PathBuf) {
        let left = (what, path);
        if !self.work.contains(&left) {
            self.work.push(left);
        }
    }

    /// Notes that something is gone from the disk again.
    pub(crate) fn leaves_no_longer(&mut self, path: &Path) {
        self.work.retain(|(_, left)| left != path);
    }

    /// Selects the next colour map of images.
    pub fn next_image_colors(&mut self) {
        self.colors.images = self.colors.images.next();
        self.inform(format!("Colours of images: {}", self.colors.images));
    }

    /// Selects the next colour map of maps and weights.
    pub fn next_map_colors(&mut self) {
        self.colors.maps = self.colors.maps.next();
        self.inform(format!("Colours of maps and weights: {}", self.colors.maps));
    }

    pub fn resize_images(&mut self, larger: bool) {
        let step = if larger { 1 } else { -1 };
        self.image_size = self.image_size.saturating_add(step);
    }

    pub fn say(&mut self, notice: Notice, text: impl Into<String>) {
        self.status = Some(Status {
            notice,
            text: text.into(),
        });
    }

    /// The next seed of a random choice.
    pub fn next_seed(&mut self) -> u64 {
        self.choices += 1;
        self.choices
    }
}
