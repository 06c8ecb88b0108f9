//! The actions of the table: while a query is typed, side by side on the whole screen, and in the table itself.

use std::path::PathBuf;

use crossterm::event::KeyCode;

use super::RunTable;
use super::marks::Subject;
use super::rows::Row;
use crate::lab::{Action, HasActions, Lab};
use crate::panes::Disagree;
use crate::ui::keys::{LIST_KEYS, PAGE};
use crate::ui::{Key, Motion};
use crate::worker::Command;

impl HasActions for RunTable {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        if self.is_typing {
            return typing();
        }
        match self.side.is_large {
            true => beside(self),
            false => self.in_table(lab),
        }
    }
}

/// While a query is typed.
fn typing() -> Vec<Action<RunTable>> {
    vec![
        Action::of("runs.keep", KeyCode::Enter, "keep the query")
            .help("keep the query and leave its line")
            .does(|table: &mut RunTable, lab| match &table.problem {
                Some(problem) => lab.refuse(problem.clone()),
                None => table.is_typing = false,
            }),
        Action::along("runs.move", ("↑↓", LIST_KEYS), "select", RunTable::go).help("select a run"),
        Action::of("runs.back", Key::ESCAPE, "clear")
            .help("clear the query and leave its line")
            .does(|table: &mut RunTable, _| table.clear_query()),
    ]
}

/// Side by side on the whole screen.
fn beside(table: &RunTable) -> Vec<Action<RunTable>> {
    let side = &table.side;
    let is_along = |motion: &Motion| {
        matches!(
            motion,
            Motion::Up | Motion::Down | Motion::PageUp | Motion::PageDown
        )
    };
    let (along, across): (Vec<_>, Vec<_>) = crate::ui::keys::CURSOR_KEYS
        .into_iter()
        .partition(|(_, motion)| is_along(motion));
    let axis = match side.by_time {
        true => "by epoch",
        false => "by time",
    };
    let figures = match side.of_training {
        true => "validation",
        false => "training",
    };
    vec![
        Action::along(
            "runs.cursor",
            ("←→", across),
            "read values",
            |table: &mut RunTable, _, motion| {
                let epochs = table.epochs();
                table.side.curves.go(motion, epochs);
            },
        )
        .help("move a cursor over the epochs to read values (← → h l, g G)")
        .first(),
        Action::of("runs.axis", 'e', axis)
            .help("draw the curves over the epochs or over the time of training")
            .does(|table: &mut RunTable, _| table.side.by_time = !table.side.by_time)
            .first(),
        Action::of("runs.figures", 'y', figures)
            .help("draw the figures of the validation images or of the training images")
            .does(|table: &mut RunTable, _| table.side.of_training = !table.side.of_training)
            .first(),
        table.compare_images(),
        Action::of("runs.smooth", 'm', "smooth")
            .help("smooth the curves in three steps, then not at all")
            .does(|table: &mut RunTable, _| table.side.curves.smooth()),
        Action::of("runs.fewer_epochs", '+', "fewer epochs")
            .help("show half as many epochs, around the cursor or the latest")
            .does(|table: &mut RunTable, lab| {
                let planned = table.planned();
                if !table.side.curves.zoom_in(planned) {
                    lab.refuse("Fewer epochs cannot be shown.");
                }
            }),
        Action::of("runs.more_epochs", '-', "more epochs")
            .help("show twice as many epochs")
            .does(|table: &mut RunTable, lab| {
                if !table.side.curves.zoom_out() {
                    lab.refuse("All planned epochs are shown.");
                }
            }),
        Action::along(
            "runs.scroll",
            ("↑↓", along),
            "scroll",
            |table: &mut RunTable, _, motion| {
                let rows = table.difference_rows();
                table.side.scroll = motion.along(table.side.scroll, rows, PAGE);
            },
        )
        .help("scroll the differences (↑ ↓ j k, PgUp PgDn)"),
        Action::of("runs.back", Key::ESCAPE, "table")
            .help("go back to the table")
            .or('v')
            .does(|table: &mut RunTable, _| table.side.is_large = false),
    ]
}

impl RunTable {
    fn compare_images(&self) -> Action<Self> {
        let why = "mark two runs of the same data set with Space first";
        Action::of("runs.images", 'i', "images")
            .help("compare the two marked runs on the test images: which each classifies correctly, and whether that is more than chance")
            .does(|table: &mut Self, lab| {
                if let Some(runs) = table.two_marked() {
                    lab.open_over(Disagree::new(runs));
                }
            })
            .blocked_unless(self.two_marked().is_some() && !self.shows_deleted, why)
    }

    /// The folders and titles of the marked runs, if there are two.
    fn two_marked(&self) -> Option<[(PathBuf, String); 2]> {
        let marks = self.marks.iter();
        let runs = marks.map(|(subject, _)| match subject {
            Subject::Run(_) => self.runs_of(subject).first().copied(),
            Subject::Group(_) => None,
        });
        let runs: Vec<_> = runs.collect::<Option<_>>()?;
        let runs: [_; 2] = runs.try_into().ok()?;
        Some(runs.map(|run| (run.folder.clone(), run.title())))
    }

    fn in_table(&self, lab: &Lab) -> Vec<Action<Self>> {
        let is_empty = self.row().is_none();
        let nothing = || is_empty.then(|| "there is no run".to_owned());
        let deleted = || {
            let reason = "the run is deleted; restore it with d first";
            nothing().or_else(|| self.shows_deleted.then(|| reason.to_owned()))
        };
        let (enter, enter_help) = match self.row() {
            Some(Row::Group(_)) => ("unfold", "unfold the runs of the group"),
            _ => ("open", "open the run to inspect or resume it"),
        };
        let (delete, delete_help) = match self.shows_deleted {
            true => (
                "restore",
                "move the marked runs or the selected one out of the bin",
            ),
            false => (
                "delete",
                "move the marked runs or the selected one to the bin, from which D restores them",
            ),
        };
        let moved = |runs: &[&crate::runs::RunDigest]| match self.shows_deleted {
            true => nothing(),
            false => nothing().or_else(|| self.is_in_use(runs, lab)),
        };
        let run: Vec<_> = self.run().into_iter().collect();
        vec![
            Action::along("runs.move", ("↑↓", moves()), "select", Self::go)
                .help("select a run (↑ ↓ j k, g G, PgUp PgDn)"),
            Action::of("runs.open", KeyCode::Enter, enter)
                .help(enter_help)
                .does(Self::enter)
                .blocked_by(match self.row() {
                    Some(Row::Group(_)) => None,
                    _ => deleted().or_else(|| self.run()?.problem.clone()),
                })
                .first(),
            Action::of("runs.query", '/', "filter")
                .help("filter by words and conditions, such as accuracy>0.9 optimizer:adam tag:final sort:loss")
                .does(|table: &mut Self, _| table.is_typing = true)
                .first(),
            Action::of("runs.order", 's', "sort")
                .help("sort by the next of: newest, accuracy, loss, seconds, parameters, network")
                .does(|table: &mut Self, _| {
                    table.filter.order = table.filter.order.next();
                    table.choose();
                })
                .blocked_unless(!self.chosen.is_sorted, "the query sorts the runs"),
            Action::of("runs.mark", ' ', "mark")
                .help("mark or unmark a run to compare or change several, and select the next one")
                .does(Self::toggle_mark)
                .blocked_by(nothing())
                .first(),
            Action::of("runs.mark_all", '*', "mark all")
                .help("mark all runs that are listed")
                .does(|table: &mut Self, _| table.mark_all())
                .blocked_by(nothing()),
            Action::of("runs.beside", 'v', "side by side")
                .help("show curves and differences of the marked runs on the whole screen")
                .does(|table: &mut Self, _| {
                    table.side.is_large = true;
                    table.side.scroll = 0;
                })
                .blocked_by(nothing())
                .first(),
            self.compare_images(),
            Action::of("runs.tags", 't', "tags")
                .help("edit the tags of the marked runs or of the selected one")
                .does(Self::edit_tags)
                .blocked_by(deleted()),
            Action::of("runs.note", 'n', "note")
                .help("edit the note on the selected run")
                .does(Self::edit_note)
                .blocked_by(deleted()),
            Action::of("runs.rename", 'r', "rename")
                .help("rename the folder of the selected run; its date and time stay")
                .does(Self::rename)
                .blocked_by(deleted().or_else(|| moved(&run))),
            Action::of("runs.archive", 'a', "archive")
                .help("archive the marked runs or the selected one, or undo it: archived runs are kept and not listed")
                .does(|table: &mut Self, _| table.archive())
                .blocked_by(deleted()),
            Action::of("runs.delete", 'd', delete)
                .help(delete_help)
                .does(|table: &mut Self, _| table.delete_or_restore())
                .blocked_by(moved(&self.targets())),
            Action::of("runs.more_seeds", 'V', "more seeds")
                .help("train the selected run's preset with further seeds, as a sweep beside the lab")
                .does(Self::ask_base)
                .blocked_by(deleted().or_else(|| self.run()?.problem.clone())),
            Action::of("runs.fold", 'S', if self.filter.folds { "unfold seeds" } else { "fold seeds" })
                .help("fold runs that differ only in the seed into one row: mean and standard deviation of their accuracy")
                .does(Self::fold),
            Action::of("runs.archived", 'A', if self.filter.archived { "hide archived" } else { "archived" })
                .help("show archived runs too, or hide them")
                .does(|table: &mut Self, _| {
                    table.filter.archived = !table.filter.archived;
                    table.choose();
                })
                .blocked_unless(
                    self.filter.archived || self.runs.iter().any(|run| run.notes.archived),
                    "no run is archived; a archives one",
                ),
            Action::of("runs.deleted", 'D', if self.shows_deleted { "runs" } else { "deleted" })
                .help("list the deleted runs, or the others again")
                .does(|table: &mut Self, _| table.show_deleted(!table.shows_deleted)),
            Action::of("runs.unmark", 'x', "unmark all")
                .help("unmark all runs")
                .does(|table: &mut Self, _| table.marks.clear())
                .blocked_unless(!self.marks.is_empty(), "no run is marked"),
            Action::of("runs.back", Key::ESCAPE, "close")
                .help("close the table")
                .does(|_, lab| lab.close()),
        ]
    }

    fn go(&mut self, _lab: &mut Lab, motion: Motion) {
        self.cursor = motion.along(self.cursor, self.chosen.rows.len(), PAGE);
    }

    fn clear_query(&mut self) {
        self.is_typing = false;
        self.input = Default::default();
        self.filter.query.clear();
        self.choose();
    }

    fn enter(&mut self, lab: &mut Lab) {
        let Some(run) = self.run() else { return };
        if let Some(Row::Group(_)) = self.row() {
            let experiment = run.experiment.clone();
            self.filter.unfolded.insert(experiment);
            return self.choose();
        }
        let folder = run.folder.clone();
        lab.close();
        lab.inform(format!("Opening {} …", folder.display()));
        lab.tell(Command::OpenRun { folder });
    }

    fn toggle_mark(&mut self, lab: &mut Lab) {
        let subject = self.row().and_then(|row| self.subject(row));
        let Some(subject) = subject else { return };
        self.marks.toggle(subject);
        self.go(lab, Motion::Down);
    }

    fn mark_all(&mut self) {
        let rows = self.chosen.rows.iter();
        let subjects: Vec<Subject> = rows.filter_map(|row| self.subject(row)).collect();
        self.marks.mark_all(subjects);
    }

    fn fold(&mut self, lab: &mut Lab) {
        let has_groups = |rows: &[Row]| rows.iter().any(|row| matches!(row, Row::Group(_)));
        self.filter.folds = !self.filter.folds;
        self.filter.unfolded.clear();
        self.choose();
        if self.filter.folds && !has_groups(&self.chosen.rows) {
            self.filter.folds = false;
            self.choose();
            lab.refuse("No two of these runs differ only in the seed.");
        }
        // Curves of folded runs are one.
        let folds = self.filter.folds;
        let folded: Vec<Subject> = self
            .chosen
            .rows
            .iter()
            .filter(|row| matches!(row, Row::Group(_)))
            .flat_map(|row| row.members().iter().filter_map(|at| self.runs.get(*at)))
            .map(|run| Subject::Run(run.folder.clone()))
            .collect();
        self.marks
            .retain(|subject| !folds || !folded.contains(subject));
    }

    fn show_deleted(&mut self, deleted: bool) {
        self.shows_deleted = deleted;
        self.marks.clear();
        self.runs = Default::default();
        self.chosen = Default::default();
        self.cursor = 0;
        self.list_again();
    }
}

/// The cursor keys along a column.
fn moves() -> impl Iterator<Item = (Key, Motion)> {
    let keys = crate::ui::keys::CURSOR_KEYS.into_iter();
    keys.filter(|(_, motion)| !matches!(motion, Motion::Left | Motion::Right))
}
