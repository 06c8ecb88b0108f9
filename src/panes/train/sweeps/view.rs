//! A sweep as its folder says it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::runs::RunFolder;
use crate::sweep::{Coordinator, Findings, Measure, Stand, SweepFolder, Trial, TrialState, Varied};
use crate::training::Preset;
use crate::ui::format::file_name;

/// A sweep as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepView {
    pub folder: PathBuf,
    /// What all trials have in common.
    pub base: Preset,
    /// In the order of their numbers.
    pub trials: Vec<TrialView>,
    pub varied: Varied,
    /// How far it is, in words.
    pub stands: String,
    /// What trains it without a process that runs it, such as jobs of a cluster, in words.
    pub trained_by: Option<String>,
    /// Whether a process trains it, or a job waits to.
    pub is_running: bool,
    /// Trials that are left to train.
    pub left: usize,
    /// The figure that trials are compared by.
    pub by: Measure,
    /// The images that it is measured on: `the test images of MNIST starter`.
    pub images: String,
    /// What was found out, or why nothing can be said yet.
    pub findings: Result<Findings, String>,
    /// Why the process that ran it last has ended, if it failed.
    pub trouble: Option<String>,
}

/// A trial, and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialView {
    pub trial: Trial,
    pub state: TrialState,
    /// Where it stands, in a word or two.
    pub stands: &'static str,
}

impl TrialView {
    /// Whether it has figures to compare.
    pub fn counts(&self) -> bool {
        self.state.best.is_some() && !matches!(self.state.stand, Stand::Failed { .. })
    }
}

impl SweepView {
    /// Reads a sweep.
    ///
    /// # Errors
    /// If it cannot be read, in a sentence.
    pub fn read(folder: &Path, by: Measure) -> Result<Self, String> {
        let folder = SweepFolder::open(folder).map_err(|error| error.to_string())?;
        let sweep = Coordinator::look(folder).map_err(|error| error.to_string())?;
        let folder = sweep.folder();
        let trials: Vec<TrialView> = sweep
            .trials()
            .map(|(trial, state)| TrialView {
                trial: trial.clone(),
                state: state.clone(),
                stands: sweep.word(trial, state),
            })
            .collect();
        let base = folder.base().map_err(|error| error.to_string())?;
        let who = folder.who_trains();
        let (is_running, left) = (who.is_some(), sweep.left());
        Ok(Self {
            images: images(&base, &trials),
            varied: Varied::of(trials.iter().map(|one| &one.trial)),
            stands: sweep.in_words(),
            // The process that runs it is named there already.
            trained_by: who.filter(|_| folder.run_by().is_none()),
            findings: Findings::of(&sweep, by),
            trouble: (!is_running && left > 0).then(|| trouble(folder)).flatten(),
            folder: folder.path().to_owned(),
            base,
            trials,
            is_running,
            left,
            by,
        })
    }

    /// Its folder's own name.
    pub fn title(&self) -> String {
        file_name(&self.folder)
    }

    /// The figure that a trial is compared by, of its best epoch so far.
    pub fn outcome(&self, trial: &TrialView) -> Option<f64> {
        let best = trial.state.best?;
        Some(self.by.of_score(self.by.score(&best)))
    }

    /// What the figures of single trials are, and of which images.
    pub fn caption(&self) -> String {
        format!(
            "{} over the epochs of each trial, on {}",
            self.by.words(),
            self.images
        )
    }

    /// The trial with this number.
    pub fn trial(&self, number: usize) -> Option<&TrialView> {
        self.trials.get(number.checked_sub(1)?)
    }

    /// The trials that have a figure and did not fail, the best first.
    pub fn ranked(&self) -> Vec<&TrialView> {
        let mut ranked: Vec<(f64, &TrialView)> = self
            .trials
            .iter()
            .filter(|trial| trial.counts())
            .filter_map(|trial| Some((self.by.score(&trial.state.best?), trial)))
            .collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
        ranked.into_iter().map(|(_, trial)| trial).collect()
    }

    /// The trials of each combination that has figures, by their mean score, the best first: they differ in the seed only.
    pub fn combinations(&self) -> Vec<Vec<&TrialView>> {
        let mut groups: HashMap<usize, Vec<&TrialView>> = HashMap::new();
        for trial in &self.trials {
            if trial.counts() {
                groups
                    .entry(trial.trial.combination)
                    .or_default()
                    .push(trial);
            }
        }
        let score = |group: &[&TrialView]| {
            let scores = group.iter().filter_map(|trial| trial.state.best.as_ref());
            scores.map(|best| self.by.score(best)).sum::<f64>() / group.len() as f64
        };
        let mut groups: Vec<(f64, Vec<&TrialView>)> = groups
            .into_values()
            .map(|group| (score(&group), group))
            .collect();
        let number = |group: &[&TrialView]| group[0].trial.number;
        groups.sort_by(|(one, a), (other, b)| other.total_cmp(one).then(number(a).cmp(&number(b))));
        groups.into_iter().map(|(_, group)| group).collect()
    }
}

/// The images that trials are measured on: of the first run, or as the preset says.
fn images(base: &Preset, trials: &[TrialView]) -> String {
    let mut runs = trials.iter().filter_map(|trial| trial.state.run.as_ref());
    let record = runs.find_map(|run| RunFolder::open(run).ok()?.record().ok());
    let (preset, data) = match &record {
        Some(record) => (&record.preset, Some(&record.data.name)),
        None => (base, base.data.as_ref()),
    };
    let data = data.map_or("the default set", String::as_str);
    format!(
        "the {} images of {data}",
        preset.training.validation.portion().word()
    )
}

/// The last line of a sweep's log, if it says why it ended.
fn trouble(folder: &SweepFolder) -> Option<String> {
    let text = fs::read_to_string(folder.log()).ok()?;
    let last = text.lines().rfind(|line| !line.trim().is_empty())?;
    Some(last.strip_prefix("error: ")?.to_owned())
}
