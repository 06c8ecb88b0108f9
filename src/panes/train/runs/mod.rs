//! The table of runs: filtered by a query, sorted, marked, looked at side by side, renamed, tagged, archived, deleted and restored.

mod actions;
mod beside;
mod changes;
mod differing;
mod draw;
mod marks;
mod question;
mod rows;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub(super) use marks::stroke;
pub use question::{Change, ChangeRuns, Changed, ListRuns, ReadRuns};

use super::{BaseOfRun, Vary};
use crate::lab::{Edit, Lab, LineInput, Overlay};
use crate::panes::CurveView;
use crate::runs::{RunDigest, RunSummary};
use crate::ui::Key;
use crate::ui::theme::Theme;
use crate::worker::Asked;
use marks::{Marks, Subject};
use rows::{Chosen, Filter, Row};

/// Read runs that are kept while the cursor moves.
const MOST_READ: usize = 512;

/// The table of runs.
pub struct RunTable {
    folder: PathBuf,
    /// Whether the deleted runs are listed.
    shows_deleted: bool,
    input: LineInput,
    is_typing: bool,
    filter: Filter,
    /// What is wrong with the query.
    problem: Option<String>,
    runs: Arc<Vec<RunDigest>>,
    /// Where each run is among them.
    places: HashMap<PathBuf, usize>,
    chosen: Chosen,
    /// Among the rows.
    cursor: usize,
    marks: Marks,
    side: Side,
    /// Counts the lists asked for.
    version: u64,
    list: Asked<ListRuns>,
    read: Asked<ReadRuns>,
    /// Runs with their epochs.
    histories: HashMap<PathBuf, Arc<RunSummary>>,
    change: Asked<ChangeRuns>,
    /// What a run was started with, for further seeds.
    base: Asked<BaseOfRun>,
    /// What forms over the table want to be changed.
    wishes: Rc<RefCell<Vec<ChangeRuns>>>,
    /// The run that the cursor is to be on once it is listed.
    goes_to: Option<PathBuf>,
}

/// How the marked runs are shown side by side.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    /// Whether they fill the screen.
    is_large: bool,
    curves: CurveView,
    by_time: bool,
    of_training: bool,
    /// Rows of the differences that are scrolled out of sight.
    scroll: usize,
}

/// Opens the table.
pub(super) fn open(lab: &mut Lab) {
    if let Some(folder) = lab.runs_folder.clone() {
        lab.open(RunTable::new(folder));
    }
}

impl RunTable {
    fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            shows_deleted: false,
            input: LineInput::default(),
            is_typing: false,
            filter: Filter::default(),
            problem: None,
            runs: Arc::default(),
            places: HashMap::new(),
            chosen: Chosen::default(),
            cursor: 0,
            marks: Marks::default(),
            side: Side::default(),
            version: 0,
            list: Asked::default(),
            read: Asked::default(),
            histories: HashMap::new(),
            change: Asked::default(),
            base: Asked::default(),
            wishes: Rc::default(),
            goes_to: None,
        }
    }

    fn row(&self) -> Option<&Row> {
        self.chosen.rows.get(self.cursor)
    }

    /// The run under the cursor, or the first of the group there.
    fn run(&self) -> Option<&RunDigest> {
        self.row()?.first(&self.runs)
    }

    fn subject(&self, row: &Row) -> Option<Subject> {
        let run = row.first(&self.runs)?;
        Some(match row {
            Row::Run(_) => Subject::Run(run.folder.clone()),
            Row::Group(_) => Subject::Group(run.experiment.clone()),
        })
    }

    /// The number of a row's mark.
    fn mark(&self, row: &Row) -> Option<usize> {
        self.marks.number(&self.subject(row)?)
    }

    /// The runs of a subject.
    fn runs_of(&self, subject: &Subject) -> Vec<&RunDigest> {
        match subject {
            Subject::Run(folder) => {
                let at = self.places.get(folder);
                at.and_then(|at| self.runs.get(*at)).into_iter().collect()
            }
            Subject::Group(experiment) => {
                let runs = self.runs.iter();
                runs.filter(|run| run.experiment == *experiment).collect()
            }
        }
    }

    /// The marked runs, or the one under the cursor, or those of the group there.
    fn targets(&self) -> Vec<&RunDigest> {
        if self.marks.is_empty() {
            let members = self.row().map_or(&[][..], Row::members);
            return members.iter().filter_map(|at| self.runs.get(*at)).collect();
        }
        let marked = self.marks.iter();
        marked
            .flat_map(|(subject, _)| self.runs_of(subject))
            .collect()
    }

    /// Chooses the rows again; the cursor stays on its run if that is still shown.
    fn choose(&mut self) {
        let at = self.run().map(|run| run.folder.clone());
        match self.filter.choose(&self.runs) {
            Ok(chosen) => {
                self.problem = None;
                self.chosen = chosen;
            }
            Err(problem) => self.problem = Some(problem),
        }
        if let Some(folder) = at {
            self.go_to(&folder);
        }
        self.cursor = self.cursor.min(self.chosen.rows.len().saturating_sub(1));
        let (runs, filter) = (&self.runs, &self.filter);
        let folders: HashSet<_> = runs.iter().map(|run| &run.folder).collect();
        self.marks.retain(|subject| match subject {
            Subject::Run(folder) => folders.contains(folder),
            Subject::Group(experiment) => filter.folds && !filter.unfolded.contains(experiment),
        });
    }

    fn go_to(&mut self, folder: &Path) {
        let is_it = |at: &usize| self.runs.get(*at).is_some_and(|run| run.folder == folder);
        let mut rows = self.chosen.rows.iter();
        if let Some(at) = rows.position(|row| row.members().iter().any(is_it)) {
            self.cursor = at;
        }
    }

    /// Asks for the list again.
    fn list_again(&mut self) {
        self.version += 1;
    }

    /// The folders of the runs whose curves are shown.
    fn shown(&self) -> Vec<PathBuf> {
        let runs = self.targets().into_iter();
        runs.map(|run| run.folder.clone()).collect()
    }

    /// Asks what the run under the cursor was started with, to train it with further seeds.
    fn ask_base(&mut self, lab: &mut Lab) {
        let members = self.row().map_or(&[][..], Row::members);
        let runs: Vec<&RunDigest> = members.iter().filter_map(|at| self.runs.get(*at)).collect();
        if let Some(run) = runs.first() {
            let question = BaseOfRun {
                folder: run.folder.clone(),
                seeds: self.seeds_of(run),
            };
            self.base.ask(question, &mut lab.out);
        }
    }

    /// The seeds that a run's experiment was trained with.
    fn seeds_of(&self, run: &RunDigest) -> Vec<u64> {
        let is_same = |other: &&RunDigest| {
            other.folder == run.folder
                || other.experiment == run.experiment && !run.experiment.is_empty()
        };
        self.runs
            .iter()
            .filter(is_same)
            .map(|run| run.seed)
            .collect()
    }

    /// Opens the form for further seeds once that is known.
    fn vary_seeds(&mut self, lab: &mut Lab) {
        if self.base.receive(&mut lab.out) {
            let seeds = self.base.wanted().map(|asked| asked.seeds.clone());
            if let (Some(base), Some(seeds)) = (self.base.take(), seeds) {
                // No event may come that would let it ask.
                let mut form = Vary::new(base).with_seeds_after(&seeds);
                form.ask(lab);
                lab.open_over(form);
            }
        }
    }

    /// Asks for the curves that are shown and not read yet.
    fn ask_histories(&mut self, lab: &mut Lab) {
        if self.read.receive(&mut lab.out) {
            if self.histories.len() > MOST_READ {
                self.histories.clear();
            }
            let read = self.read.take().unwrap_or_default();
            let read = read.into_iter().map(|run| (run.folder.clone(), run));
            self.histories.extend(read);
        }
        let mut missing = self.shown();
        missing.retain(|folder| !self.histories.contains_key(folder));
        let question = (!missing.is_empty()).then_some(ReadRuns { folders: missing });
        self.read.want(question, &mut lab.out);
    }
}

impl Overlay for RunTable {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        if self.is_typing {
            self.input.apply(edit);
            self.filter.query = self.input.text().trim().to_owned();
            self.choose();
        }
        self.is_typing
    }

    fn is_typing(&self) -> bool {
        self.is_typing
    }

    fn typed(&mut self, key: Key, lab: &mut Lab) {
        lab.refuse(format!("{key} does nothing here; ? lists the keys."));
    }

    fn ask(&mut self, lab: &mut Lab) {
        self.ask_changes(lab);
        self.vary_seeds(lab);
        let question = ListRuns {
            folder: self.folder.clone(),
            deleted: self.shows_deleted,
            version: self.version,
        };
        let is_news = self.list.receive(&mut lab.out);
        if let Some(runs) = self.list.current().filter(|_| is_news) {
            self.runs = Arc::clone(runs);
            let folders = self.runs.iter().map(|run| run.folder.clone());
            self.places = folders.zip(0..).collect();
            self.histories.clear();
            self.choose();
            if let Some(folder) = self.goes_to.take() {
                self.go_to(&folder);
            }
        }
        self.list.want(Some(question), &mut lab.out);
        self.ask_histories(lab);
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
