//! Everything that the screen shows.

use std::any::{Any, TypeId};
use std::collections::VecDeque;
use std::path::PathBuf;
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
use crate::ui::theme::ColorMap;
use crate::worker::{Command, LabelledImage, Outbox, OwnPreset};

/// What a run is called among what a session left.
pub const RUN: &str = "run";

/// Something that is to be done to one pane, or to all, by whoever has only what they share: an overlay, another pane.
pub type Deed = dyn FnOnce(&mut dyn Any, &mut Lab);

pub struct Lab {
    pub columns: u16,
    pub rows: u16,
    pub pane: PaneId,
    /// For each pane the position of the part that has the focus.
    focus: [usize; PaneId::ALL.len()],
    /// Whether the focused part fills the screen.
    pub zoomed: bool,
    /// What lies over the panes and has the keys.
    pub overlay: Option<Box<dyn Overlay>>,
    /// What lies below that and comes back when it is closed.
    covered: Option<Box<dyn Overlay>>,
    /// Whether the overlay whose action is done is to go.
    is_closed: bool,
    deeds: VecDeque<(TypeId, Box<Deed>)>,
    /// For the worker.
    pub out: Outbox,
    pub status: Option<Status>,
    /// The program ends as soon as the worker has saved what there is.
    pub quitting: bool,
    /// Whether the mouse is the lab's, not the terminal's.
    pub mouse: bool,
    /// What the mouse touches where.
    pub spots: Spots,
    /// What the terminal is to do next; whoever holds it takes this out.
    pub terminal_wish: Option<TerminalWish>,

    pub sets: Vec<DatasetSummary>,
    pub corrections: CorrectionsState,
    /// Position of the chosen set; the whole program follows it.
    pub chosen: Option<usize>,
    /// What is being loaded, as the Data pane tells.
    pub(crate) opening: Option<String>,
    /// The sets that have names, and where they are on this machine; none before they were looked for.
    pub known_sets: Vec<KnownPlace>,

    pub preset: Preset,
    pub summary: NetworkSummary,
    /// How long an epoch of the network on the screen takes on the chosen set, as the Network pane tells, where that is known.
    pub(crate) epoch_seconds: Option<f64>,
    pub history: History,
    /// The person's own presets, as listed last.
    pub own_presets: Vec<OwnPreset>,
    pub(crate) drafts: Drafts,
    pub drawings: UnsavedDrawings,

    pub run: Option<Run>,
    /// The lineage of the network of a training that was asked for and has not started yet.
    pub(crate) starting: Option<u64>,
    /// Whether one batch was asked for that has not been told yet.
    pub(crate) is_stepping: bool,
    /// Seconds from which a training is one whose end is announced; `None` announces none.
    pub announced_after: Option<f64>,
    /// Why the last training that was asked for did not start.
    pub refusal: Option<String>,
    pub runs_folder: Option<PathBuf>,
    /// What this session left on the disk: what it is, and where.
    pub work: Vec<(&'static str, PathBuf)>,

    /// The page of images that the View pane shows.
    pub browsed: Option<Browsed>,
    /// Images that are to be looked at on the View pane.
    pub images_wish: Option<ImagesWish>,
    /// Steps larger or smaller than the size that suits the screen; who draws says which can be drawn.
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

/// How pictures of one channel are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colors {
    /// As they look.
    pub images: ColorMap,
    /// Feature maps, weights, and other values that no eye has seen.
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

/// Images of a class, of this split if there is one, else of that which is looked at.
#[derive(Clone, Copy, Debug)]
pub struct ImagesWish {
    pub split: Option<SplitName>,
    pub class: usize,
}

/// A sentence for the person; it goes with the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub notice: Notice,
    pub text: String,
}

/// How urgent a sentence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Information,
    Refusal,
    Error,
}

/// Something only the terminal itself can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminalWish {
    Suspend,
    /// Paint the whole screen afresh.
    Redraw,
    /// Ring, and say this where a person sees it who looks at something else.
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
            is_closed: false,
            deeds: VecDeque::new(),
            out: Outbox::default(),
            status: None,
            quitting: false,
            terminal_wish: None,
            mouse: true,
            spots: Spots::default(),
            sets: Vec::new(),
            corrections: CorrectionsState::default(),
            chosen: None,
            opening: None,
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

    /// Opens something over the panes, in place of what is open.
    pub fn open(&mut self, overlay: impl Overlay) {
        self.overlay = Some(Box::new(overlay));
    }

    /// Closes what is open once its action is done.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// Opens something over what is open, which comes back once that is closed.
    pub fn cover(&mut self, overlay: impl Overlay) {
        self.covered = self.overlay.take();
        self.open(overlay);
    }

    pub fn is_covered(&self) -> bool {
        self.covered.is_some()
    }

    /// What is open, what lies on top last.
    pub fn overlays(&self) -> impl Iterator<Item = &(dyn Overlay + 'static)> {
        let overlays = self.covered.iter().chain(&self.overlay);
        overlays.map(Box::as_ref)
    }

    /// Does something to what lies over the panes, where something does: it stays open unless that closed it or opened another.
    pub fn over<R>(
        &mut self,
        does: impl FnOnce(&mut (dyn Overlay + 'static), &mut Self) -> R,
    ) -> Option<R> {
        let mut overlay = self.overlay.take()?;
        let done = does(overlay.as_mut(), self);
        if self.overlay.is_none() {
            self.overlay = match self.is_closed {
                true => self.covered.take(),
                false => Some(overlay),
            };
        }
        self.is_closed = false;
        Some(done)
    }

    /// Closes whatever lies over the panes.
    pub fn close_all(&mut self) {
        (self.overlay, self.covered) = (None, None);
    }

    /// Does something to the pane of type `T`, or to the [`Panes`](crate::screen::Panes) as a whole, as soon as this action is done.
    pub fn then<T: 'static>(&mut self, does: impl FnOnce(&mut T, &mut Self) + 'static) {
        let deed: Box<Deed> = Box::new(move |target, lab| {
            let target = target.downcast_mut().expect("its type was compared");
            does(target, lab);
        });
        self.deeds.push_back((TypeId::of::<T>(), deed));
    }

    /// The next thing that is to be done to a pane, and to which type.
    pub fn next_deed(&mut self) -> Option<(TypeId, Box<Deed>)> {
        self.deeds.pop_front()
    }

    /// Takes out what is to be told to the worker, and tells the person what failed.
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

    /// Something that the person will want to find again is on the disk now.
    pub(crate) fn leaves(&mut self, what: &'static str, path: PathBuf) {
        let left = (what, path);
        if !self.work.contains(&left) {
            self.work.push(left);
        }
    }

    /// The next colours of images.
    pub fn next_image_colors(&mut self) {
        self.colors.images = self.colors.images.next();
        self.inform(format!("Colours of images: {}", self.colors.images));
    }

    /// The next colours of maps and weights.
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

    /// The next number to draw a random choice from.
    pub fn next_seed(&mut self) -> u64 {
        self.choices += 1;
        self.choices
    }
}
