//! Everything that the screen shows.

use std::path::PathBuf;

use super::activations::ActivationState;
use super::builder::Builder;
use super::corrections::CorrectionsState;
use super::data::Job;
use super::explaining::ExplainState;
use super::gallery::GalleryState;
use super::health::HealthState;
use super::overlay::Overlay;
use super::pace::PaceState;
use super::pad::PadState;
use super::pane_id::{PaneId, Part};
use super::run::Run;
use super::training::{CurveView, RunList};
use super::unsaved::UnsavedState;
use super::update;
use super::view::{Colors, Fits, ViewState};
use crate::data::DatasetSummary;
use crate::data::tasks::{OPEN, TaskRequest};
use crate::network::NetworkSummary;
use crate::training::Preset;
use crate::worker::Command;

/// The facts.
#[derive(Clone, Debug)]
pub struct Lab {
    pub columns: u16,
    pub rows: u16,
    pub pane: PaneId,
    /// For each pane the position of the part that has the focus.
    focus: [usize; PaneId::ALL.len()],
    /// Whether the focused part fills the screen.
    pub zoomed: bool,
    pub overlay: Option<Overlay>,
    pub status: Option<Status>,
    /// The program ends as soon as the worker has saved what there is.
    pub quitting: bool,
    /// Whether the mouse may draw.
    pub mouse: bool,
    /// What the terminal is to do next; whoever holds it takes this out.
    pub terminal_wish: Option<TerminalWish>,

    pub sets: Vec<DatasetSummary>,
    pub corrections: CorrectionsState,
    /// Position of the chosen set; the whole program follows it.
    pub chosen: Option<usize>,
    /// What the worker loads and makes.
    pub jobs: Vec<Job>,
    /// The folder in which the browser opened a set last.
    pub(super) browse_from: Option<PathBuf>,

    pub preset: Preset,
    pub summary: NetworkSummary,
    pub builder: Builder,
    pub pace: PaceState,
    pub(super) drafts: UnsavedState,

    pub run: Option<Run>,
    /// The lineage of the network of a training that was asked for and has not started yet.
    pub(super) starting: Option<u64>,
    /// Why the last training that was asked for did not start.
    pub refusal: Option<String>,
    pub runs_folder: Option<PathBuf>,

    pub curves: CurveView,
    pub runs: RunList,
    pub view: ViewState,
    pub activations: ActivationState,
    pub explaining: ExplainState,
    pub gallery: GalleryState,
    pub health: HealthState,
    pub pad: PadState,
    pub colors: Colors,
    pub cursors: Cursors,
    /// Whether the confusion table shows shares of the rows instead of counts.
    pub percent: bool,
    /// Whether the classes with the most errors come first.
    pub by_errors: bool,
    /// Whether the bars of calibration take the place of the words.
    pub shows_calibration: bool,
    pub fits: Fits,
    /// Requests so far.
    pub(super) requests: u64,
    /// Random choices so far; the next seed.
    pub(super) choices: u64,
}

/// Where the cursor stands in each list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursors {
    pub set: usize,
    pub class: usize,
    pub layer: usize,
    /// True and predicted class in the confusion table.
    pub confusion: (usize, usize),
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalWish {
    Suspend,
    /// Paint the whole screen afresh.
    Redraw,
}

impl Lab {
    /// The lab before anything is loaded, and what to ask the worker for first.
    pub fn new(
        data: Option<String>,
        preset: Preset,
        runs_folder: Option<PathBuf>,
    ) -> (Self, Vec<Command>) {
        let summary = NetworkSummary::new(&preset.network());
        let mut lab = Self {
            columns: 80,
            rows: 24,
            pane: PaneId::Data,
            focus: [0; PaneId::ALL.len()],
            zoomed: false,
            overlay: None,
            status: None,
            quitting: false,
            terminal_wish: None,
            mouse: true,
            sets: Vec::new(),
            corrections: CorrectionsState::default(),
            chosen: None,
            jobs: Vec::new(),
            browse_from: None,
            builder: Builder::new(&preset),
            pace: PaceState::default(),
            drafts: UnsavedState::default(),
            explaining: ExplainState::default(),
            gallery: GalleryState::default(),
            health: HealthState::default(),
            pad: PadState::new(preset.input),
            preset,
            summary,
            run: None,
            starting: None,
            refusal: None,
            runs_folder,
            curves: CurveView::default(),
            runs: RunList::default(),
            view: ViewState::new(1),
            activations: ActivationState::new(),
            colors: Colors::default(),
            cursors: Cursors::default(),
            percent: false,
            by_errors: false,
            shows_calibration: false,
            fits: Fits::default(),
            requests: 0,
            choices: 1,
        };
        let request = TaskRequest::new(&OPEN, data);
        let command = update::begin_job(&mut lab, request);
        (lab, vec![command])
    }

    /// What is being loaded, as asked for; an empty name stands for the first start's own choice.
    pub fn opening(&self) -> Option<&str> {
        let job = self.jobs.iter().find(|job| job.is_opening())?;
        job.request.texts().first().copied()
    }

    /// The set that the whole program follows.
    pub fn chosen_set(&self) -> Option<&DatasetSummary> {
        self.sets.get(self.chosen?)
    }

    /// The part of the pane that has the focus.
    pub fn part(&self) -> Part {
        self.pane.parts()[self.focus[self.pane.index()]]
    }

    /// Whether `part` of the pane on the screen has the focus.
    pub fn has_focus(&self, part: Part) -> bool {
        self.part() == part
    }

    pub(super) fn step_part(&mut self, steps: isize) {
        let count = self.pane.parts().len() as isize;
        let focus = &mut self.focus[self.pane.index()];
        *focus = (*focus as isize + steps).rem_euclid(count) as usize;
    }

    pub(super) fn focus_on(&mut self, part: Part) {
        if let Some(position) = self.pane.parts().iter().position(|other| *other == part) {
            self.focus[self.pane.index()] = position;
        }
    }

    /// The class's name, or its number where the chosen set has none.
    pub fn class_name(&self, class: usize) -> String {
        self.chosen_set()
            .and_then(|set| set.class_names.get(class).cloned())
            .unwrap_or_else(|| class.to_string())
    }

    /// Whether a training was asked for and has not started yet.
    pub fn is_starting(&self) -> bool {
        self.starting.is_some()
    }

    /// The training under way, paused ones included.
    pub fn active_run(&self) -> Option<&Run> {
        self.run.as_ref().filter(|run| run.is_active())
    }

    /// Whether quitting would end a training.
    pub fn is_training(&self) -> bool {
        self.is_starting() || self.active_run().is_some()
    }

    /// Why the network on the screen cannot take the chosen set's images, with the way out.
    pub fn misfit(&self) -> Option<String> {
        if let Some(problem) = &self.summary.problem {
            return Some(problem.clone());
        }
        let set = self.chosen_set()?;
        let (name, input, classes) = (self.title(), self.preset.input, self.preset.classes);
        if set.shape != input {
            return Some(format!(
                "{name} takes images of {input}, and those of {} are {}: press f on the Network pane to fit the network to them, or choose another set",
                set.name, set.shape
            ));
        }
        (set.class_names.len() != classes).then(|| {
            format!(
                "{name} tells {classes} classes apart, and {} has {}: press f on the Network pane to fit the network to them, or choose another set",
                set.name,
                set.class_names.len()
            )
        })
    }

    /// Why no training can start now.
    pub fn start_blocked(&self) -> Option<String> {
        if self.is_starting() {
            return Some("the training is starting".to_owned());
        }
        if self.chosen_set().is_none() {
            return Some(match self.opening() {
                Some(_) => "the data is still loading".to_owned(),
                None => "no data is loaded: open a set on the Data pane with o".to_owned(),
            });
        }
        self.misfit()
    }

    /// Why the recipe cannot be changed now.
    pub fn recipe_blocked(&self) -> Option<String> {
        self.is_training()
            .then(|| "the training runs with these settings: stop it first with s".to_owned())
    }

    pub(super) fn say(&mut self, notice: Notice, text: impl Into<String>) {
        self.status = Some(Status {
            notice,
            text: text.into(),
        });
    }

    /// The next number to draw a random choice from.
    pub(super) fn next_seed(&mut self) -> u64 {
        self.choices += 1;
        self.choices
    }

    pub(super) fn next_request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }
}
