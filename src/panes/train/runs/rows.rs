//! The rows of the table: which runs are shown, in which order, and which of them are folded into one row.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::runs::{Query, RunDigest, accuracy_by_seed};
use crate::statistics::Mean;
use crate::ui::format::width_of;

/// How the runs are sorted, unless the query says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Newest,
    Accuracy,
    Loss,
    Seconds,
    Parameters,
    Network,
}

impl Order {
    const ALL: [Self; 6] = [
        Self::Newest,
        Self::Accuracy,
        Self::Loss,
        Self::Seconds,
        Self::Parameters,
        Self::Network,
    ];

    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|order| *order == self);
        Self::ALL[at.map_or(0, |at| (at + 1) % Self::ALL.len())]
    }

    /// The key of a query; `None` is the order of the list.
    fn key(self) -> Option<&'static str> {
        match self {
            Self::Newest => None,
            Self::Accuracy => Some("accuracy"),
            Self::Loss => Some("loss"),
            Self::Seconds => Some("seconds"),
            Self::Parameters => Some("parameters"),
            Self::Network => Some("network"),
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Newest => "newest first",
            Self::Accuracy => "highest accuracy first",
            Self::Loss => "lowest loss first",
            Self::Seconds => "shortest first",
            Self::Parameters => "fewest parameters first",
            Self::Network => "by network",
        }
    }
}

/// A row of the table, by the positions of its runs in the list.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Run(usize),
    /// Runs that differ only in the seed.
    Group(Group),
}

/// Runs of one experiment with different seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub members: Vec<usize>,
    pub seeds: usize,
    /// Of the best accuracies.
    pub accuracy: Option<Mean>,
}

impl Row {
    /// The positions of its runs.
    pub fn members(&self) -> &[usize] {
        match self {
            Self::Run(at) => std::slice::from_ref(at),
            Self::Group(group) => &group.members,
        }
    }

    /// The run that stands for it.
    pub fn first<'a>(&self, runs: &'a [RunDigest]) -> Option<&'a RunDigest> {
        runs.get(*self.members().first()?)
    }
}

/// What is shown of a list of runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub query: String,
    pub order: Order,
    /// Whether archived runs are shown too.
    pub archived: bool,
    /// Whether runs that differ only in the seed are folded into one row.
    pub folds: bool,
    /// The experiments that are not folded nevertheless.
    pub unfolded: BTreeSet<String>,
}

/// The chosen rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    pub rows: Vec<Row>,
    /// The number of runs in them.
    pub runs: usize,
    /// Runs that are hidden only because they are archived.
    pub archived: usize,
    /// Whether the query has an order of its own.
    pub is_sorted: bool,
    pub widths: Widths,
}

/// The widest texts of the chosen runs, in columns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Widths {
    pub run: usize,
    pub data: usize,
    pub tags: usize,
    pub note: usize,
    pub test: usize,
}

impl Filter {
    /// Chooses rows of a list.
    ///
    /// # Errors
    /// What is wrong with the query, in a sentence.
    pub fn choose(&self, runs: &[RunDigest]) -> Result<Chosen, String> {
        let mut query = Query::parse(&self.query)?;
        let is_sorted = query.is_sorted();
        if let Some(key) = self.order.key().filter(|_| !is_sorted) {
            query.sort_by(key);
        }
        let places: HashMap<&Path, usize> = runs
            .iter()
            .enumerate()
            .map(|(at, run)| (run.folder.as_path(), at))
            .collect();
        let mut found = query.choose(runs)?;
        let all = found.len();
        found.retain(|run| self.archived || !run.notes.archived);
        let archived = all - found.len();
        let found: Vec<usize> = found
            .into_iter()
            .filter_map(|run| places.get(run.folder.as_path()).copied())
            .collect();
        Ok(Chosen {
            runs: found.len(),
            archived,
            is_sorted,
            widths: Widths::of(found.iter().filter_map(|at| runs.get(*at))),
            rows: self.rows(&found, runs),
        })
    }

    /// The rows of these runs; a group stands where its first run would.
    fn rows(&self, found: &[usize], runs: &[RunDigest]) -> Vec<Row> {
        if !self.folds {
            return found.iter().copied().map(Row::Run).collect();
        }
        let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
        for &at in found {
            groups.entry(&runs[at].experiment).or_default().push(at);
        }
        let folded = |experiment: &str| {
            let members = groups.get(experiment)?;
            let seeds: BTreeSet<u64> = members.iter().map(|at| runs[*at].seed).collect();
            let is_folded =
                seeds.len() > 1 && !experiment.is_empty() && !self.unfolded.contains(experiment);
            is_folded.then_some((members, seeds.len()))
        };
        let row = |&at: &usize| match folded(&runs[at].experiment) {
            None => Some(Row::Run(at)),
            Some((members, _)) if members.first() != Some(&at) => None,
            Some((members, seeds)) => Some(Row::Group(Group {
                members: members.clone(),
                accuracy: mean_accuracy(members.iter().map(|at| &runs[*at])),
                seeds,
            })),
        };
        found.iter().filter_map(row).collect()
    }
}

impl Widths {
    fn of<'a>(runs: impl Iterator<Item = &'a RunDigest>) -> Self {
        let mut widest = Self::default();
        for run in runs {
            let grow = |width: &mut usize, text: &str| *width = width_of(text).max(*width);
            grow(&mut widest.run, &run.title());
            grow(&mut widest.data, &run.data);
            grow(&mut widest.tags, &tags(run));
            grow(&mut widest.note, &remark(run));
            widest.test = widest.test.max(if run.test.is_some() { 6 } else { 0 });
        }
        widest
    }
}

/// The tags of a run in a line.
pub fn tags(run: &RunDigest) -> String {
    let tags: Vec<&str> = run.notes.tags.iter().map(String::as_str).collect();
    tags.join(" ")
}

/// What the user should know first of a run: who trains it, what is damaged, its network if its folder does not name that, and the note.
pub fn remark(run: &RunDigest) -> String {
    let note = Some(run.notes.note.clone()).filter(|note| !note.is_empty());
    let damaged = run.problem.as_ref().filter(|_| run.trained_by.is_none());
    let parts = [
        run.trained_by.as_ref().map(|by| format!("training, {by}")),
        run.notes.archived.then(|| "archived".to_owned()),
        damaged.map(|problem| format!("damaged: {problem}")),
        run.other_name().map(str::to_owned),
        note,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

/// The mean of the best accuracies of runs that differ in the seed only; `None` if none has an epoch.
pub fn mean_accuracy<'a>(runs: impl IntoIterator<Item = &'a RunDigest>) -> Option<Mean> {
    let accuracies: Vec<f64> = accuracy_by_seed(runs).into_values().collect();
    Mean::of(&accuracies).ok()
}
