//! The sweeps: a list of them, and a page of each: effects, trials, parallel coordinates, curves. Both follow the sweeps' folders, which
//! other processes write.

mod actions;
mod draw;
mod list;
mod question;
mod view;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use question::{ListSweeps, ListedSweep, SteerSweep, SweepWish, WatchSweep};
pub use view::{SweepView, TrialView};

pub(super) use list::open as list;
pub(super) use question::run_by_this_program;

use super::ReadRuns;
use crate::lab::{Lab, Overlay};
use crate::panes::CurveView;
use crate::runs::RunSummary;
use crate::sweep::Measure;
use crate::ui::Key;
use crate::ui::format::count;
use crate::ui::theme::Theme;
use crate::worker::Asked;

/// Combinations whose curves are drawn: as many as there are colours.
const CURVES: usize = Theme::SERIES;
/// The most runs whose epochs are read for them.
const MOST_RUNS: usize = 96;

/// The page of a sweep.
pub struct SweepPage {
    folder: PathBuf,
    shows: Shows,
    by: Measure,
    order: Order,
    /// The number of the trial under the cursor.
    trial: usize,
    /// The chosen axis of the parallel coordinates; the last one is the outcome.
    axis: usize,
    /// Lines of the effects that are scrolled out of sight.
    scroll: usize,
    curves: CurveView,
    by_time: bool,
    watch: Asked<WatchSweep>,
    /// The sweep as it was last read.
    sweep: Option<Arc<SweepView>>,
    read: Asked<ReadRuns>,
    histories: HashMap<PathBuf, Arc<RunSummary>>,
    steer: Asked<SteerSweep>,
}

/// What the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shows {
    #[default]
    Effects,
    Trials,
    Parallel,
    Curves,
}

impl Shows {
    const ALL: [Self; 4] = [Self::Effects, Self::Trials, Self::Parallel, Self::Curves];

    fn title(self) -> &'static str {
        match self {
            Self::Effects => "Effects",
            Self::Trials => "Trials",
            Self::Parallel => "Parallel coordinates",
            Self::Curves => "Curves",
        }
    }
}

/// How the trials are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    #[default]
    Best,
    Number,
    /// By a varied setting, then the best first.
    Setting(usize),
}

impl SweepPage {
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            shows: Shows::default(),
            by: Measure::ValAccuracy,
            order: Order::default(),
            trial: 0,
            axis: usize::MAX,
            scroll: 0,
            curves: CurveView::default(),
            by_time: false,
            watch: Asked::default(),
            sweep: None,
            read: Asked::default(),
            histories: HashMap::new(),
            steer: Asked::default(),
        }
    }

    /// The trials in the order of the table.
    fn sorted<'a>(&self, sweep: &'a SweepView) -> Vec<&'a TrialView> {
        let mut trials = sweep.ranked();
        trials.extend(sweep.trials.iter().filter(|trial| !trial.counts()));
        match self.order {
            Order::Best => {}
            Order::Number => trials.sort_by_key(|trial| trial.trial.number),
            Order::Setting(index) => sort_by_setting(sweep, index, &mut trials),
        }
        trials
    }

    /// The trials in the order in which the cursor goes through them.
    fn walked<'a>(&self, sweep: &'a SweepView) -> Vec<&'a TrialView> {
        match self.shows {
            Shows::Trials | Shows::Effects => self.sorted(sweep),
            Shows::Parallel => {
                let mut trials = sweep.ranked();
                let axis = self.axis(sweep);
                if axis < sweep.varied.paths().len() {
                    // The upper end of the axis first, and of equal ones the best.
                    trials.reverse();
                    sort_by_setting(sweep, axis, &mut trials);
                    trials.reverse();
                }
                trials
            }
            Shows::Curves => {
                let combinations = sweep.combinations().into_iter();
                combinations.map(|group| group[0]).collect()
            }
        }
    }

    /// The chosen axis; the one after the last setting is the outcome.
    fn axis(&self, sweep: &SweepView) -> usize {
        self.axis.min(sweep.varied.paths().len())
    }

    /// The trial under the cursor: the best one, before the cursor was moved.
    fn chosen<'a>(&self, sweep: &'a SweepView) -> Option<&'a TrialView> {
        let chosen = sweep.trial(self.trial);
        chosen.or_else(|| self.walked(sweep).into_iter().next())
    }

    /// The combinations whose curves are drawn: the best ones, and that of the trial under the cursor.
    fn drawn<'a>(&self, sweep: &'a SweepView) -> Vec<Vec<&'a TrialView>> {
        let mut groups = sweep.combinations();
        let chosen = self.chosen(sweep).map(|trial| trial.trial.combination);
        let is_chosen = |group: &Vec<&TrialView>| Some(group[0].trial.combination) == chosen;
        if let Some(at) = groups.iter().position(is_chosen)
            && at >= CURVES
        {
            groups.swap(CURVES - 1, at);
        }
        groups.truncate(CURVES);
        groups
    }

    /// The runs whose epochs are drawn and not read yet, or have more now.
    fn missing(&self, sweep: &SweepView) -> Vec<PathBuf> {
        let is_known = |trial: &TrialView, run: &PathBuf| {
            let known = self.histories.get(run);
            known.is_some_and(|known| known.history.len() >= trial.state.epochs)
        };
        let drawn = self.drawn(sweep).into_iter().flatten();
        let runs = drawn.chain(self.chosen(sweep)).filter_map(|trial| {
            let run = trial.state.run.as_ref()?;
            (!is_known(trial, run)).then(|| run.clone())
        });
        runs.take(MOST_RUNS).collect()
    }

    fn ask_histories(&mut self, lab: &mut Lab) {
        if self.read.receive(&mut lab.out) {
            let read = self.read.take().unwrap_or_default();
            let read = read.into_iter().map(|run| (run.folder.clone(), run));
            self.histories.extend(read);
        }
        let missing = match &self.sweep {
            Some(sweep) => self.missing(sweep),
            None => Vec::new(),
        };
        let question = (!missing.is_empty()).then_some(ReadRuns { folders: missing });
        self.read.want(question, &mut lab.out);
    }
}

/// The values of a varied setting.
fn levels(sweep: &SweepView, index: usize) -> Vec<&str> {
    let trials = sweep.trials.iter().map(|one| &one.trial);
    sweep.varied.distinct(index, trials)
}

/// Sorts trials by their values of a setting, those without one first.
fn sort_by_setting(sweep: &SweepView, index: usize, trials: &mut [&TrialView]) {
    let levels = levels(sweep, index);
    let places: HashMap<&str, usize> = levels.into_iter().zip(0..).collect();
    let path = &sweep.varied.paths()[index];
    trials.sort_by_key(|trial| {
        let value = trial.trial.setting(path);
        value.and_then(|value| places.get(value).copied())
    });
}

impl Overlay for SweepPage {
    fn typed(&mut self, key: Key, lab: &mut Lab) {
        lab.refuse(format!("{key} does nothing here; ? lists the keys."));
    }

    fn ask(&mut self, lab: &mut Lab) {
        let question = WatchSweep {
            folder: self.folder.clone(),
            by: self.by,
        };
        self.watch.want(Some(question), &mut lab.out);
        if let Some(sweep) = self.watch.answer() {
            self.sweep = Some(Arc::clone(sweep));
        }
        self.ask_histories(lab);
        let wish = self.steer.wanted().map(|steer| steer.wish);
        if let Some(Ok(())) = self.steer.next(&mut lab.out).map(|done| done.copied()) {
            let left = self.sweep.as_ref().map_or(0, |sweep| sweep.left);
            lab.inform(match wish {
                Some(SweepWish::Cancel) => {
                    "Cancelled: the sweep ends as soon as its runs are saved; r resumes it.".to_owned()
                }
                _ => format!(
                    "Resumed: {} trials left, trained by a process of its own, which outlives this lab.",
                    count(left)
                ),
            });
        }
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
