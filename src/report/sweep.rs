//! A sweep: its trials, and what its settings do.

use super::document::{Block, Drawing, Section};
use super::run::RunPart;
use crate::picture::{Column, Entry, IntervalRow, Intervals, Table};
use crate::statistics::EffectUnit;
use crate::sweep::{Coordinator, Findings, Stand, TrialState, Varied};
use crate::wording::{counted, decimals};

/// Rows of the table of trials.
const MOST_TRIALS: usize = 100;
/// Rows of the drawing of effects.
const MOST_EFFECTS: usize = 40;

/// A sweep with all that a report says of it.
pub struct SweepPart {
    title: String,
    summary: String,
    trials: Table,
    failures: Vec<String>,
    /// What came of it, or why nothing can be said.
    findings: Result<Findings, String>,
    /// The run of its best trial.
    pub(super) best: Option<RunPart>,
    file: String,
}

impl SweepPart {
    /// Of a sweep, what was found out of it, the run of its best trial, and the text of its file.
    pub fn new(
        sweep: &Coordinator,
        findings: Result<Findings, String>,
        best: Option<RunPart>,
        file: String,
    ) -> Self {
        let folder = sweep.folder().path();
        let all = sweep.trials().count();
        let ended = sweep
            .trials()
            .filter(|(_, state)| state.stand.is_ended())
            .count();
        let halted = sweep
            .trials()
            .filter(|(trial, _)| sweep.is_halted(trial))
            .count();
        let more = match halted {
            0 => String::new(),
            halted => format!(", {halted} stopped early"),
        };
        let failures = sweep
            .trials()
            .filter_map(|(trial, state)| match &state.stand {
                Stand::Failed { reason } => Some(format!("trial {}: {reason}", trial.number)),
                _ => None,
            });
        Self {
            title: folder.file_name().map_or_else(
                || folder.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            summary: format!("{}: {ended} ended{more}.", counted(all, "trial")),
            trials: best_trials(sweep, MOST_TRIALS),
            failures: failures.collect(),
            findings,
            best,
            file,
        }
    }

    pub(super) fn section(&self) -> Section {
        let mut blocks = vec![Block::text(self.summary.as_str())];
        let table = match &self.best {
            Some(best) => Table {
                caption: format!(
                    "The trials with the best validation accuracy first; the best one, {}, has a section of its own",
                    best.summary.title()
                ),
                ..self.trials.clone()
            },
            None => self.trials.clone(),
        };
        blocks.push(Block::Table(table));
        if !self.failures.is_empty() {
            blocks.push(Block::Folded(
                format!("{} failed", counted(self.failures.len(), "trial")),
                vec![Block::List(self.failures.clone())],
            ));
        }
        blocks.push(Block::Folded(
            "The file of the sweep".to_owned(),
            vec![Block::Code(self.file.clone())],
        ));
        Section {
            title: format!("Sweep {}", self.title),
            blocks,
            parts: vec![self.effects()],
            ..Section::default()
        }
    }

    fn effects(&self) -> Section {
        let findings = match &self.findings {
            Ok(findings) => findings,
            Err(reason) => {
                let remark = Block::Remark(format!("Nothing can be said yet: {reason}."));
                return Section::new("What the settings do", vec![remark]);
            }
        };
        let caption = || Block::Text(format!("{}.", findings.caption()));
        let blocks = vec![drawing(findings).unwrap_or_else(caption)];
        let parts = findings.sections().into_iter();
        let parts = parts.map(|part| Section::new(part.title, vec![Block::List(part.lines)]));
        Section {
            title: "What the settings do".to_owned(),
            blocks,
            parts: parts.collect(),
            ..Section::default()
        }
    }
}

/// The effect of every value with its interval, if any is known.
fn drawing(findings: &Findings) -> Option<Block> {
    let (times, x_label) = match findings.unit() {
        EffectUnit::Points => (100.0, "difference in points".to_owned()),
        EffectUnit::Named("") => (1.0, "difference".to_owned()),
        EffectUnit::Named(name) => (1.0, format!("difference in {name}")),
    };
    let rows = findings.effects.factors.iter().flat_map(|factor| {
        factor.levels.iter().filter_map(move |level| {
            let effect = level.effect?;
            let interval = effect.uncertainty.map(|uncertainty| uncertainty.interval);
            Some(IntervalRow {
                label: format!(
                    "{} {} instead of {}",
                    factor.name, level.level, factor.reference
                ),
                value: times * effect.difference,
                interval: interval.map(|ends| [times * ends.low, times * ends.high]),
                is_bold: factor.matters,
            })
        })
    });
    let rows: Vec<IntervalRow> = rows.take(MOST_EFFECTS).collect();
    let drawing = Drawing::new(
        format!(
            "The effects of {}, listed below",
            counted(rows.len(), "value")
        ),
        format!(
            "What each value does instead of the first, with 95 % intervals; in colour, settings that matter; {}",
            findings.caption()
        ),
        |ground| {
            Intervals {
                rows: rows.clone(),
                x_label: x_label.clone(),
                ground,
            }
            .picture()
        },
    );
    (!rows.is_empty()).then(|| Block::Drawings(vec![drawing]))
}

/// The trials of a sweep with what they differ in, the best first, and no more than `most`.
pub fn best_trials(sweep: &Coordinator, most: usize) -> Table {
    let mut trials: Vec<_> = sweep.trials().collect();
    let varied = Varied::of(trials.iter().map(|(trial, _)| *trial));
    let accuracy = |state: &TrialState| {
        let best = state.best.map(|best| best.val_accuracy);
        best.unwrap_or(f64::NEG_INFINITY)
    };
    trials.sort_by(|one, other| accuracy(other.1).total_cmp(&accuracy(one.1)));
    trials.truncate(most);
    let seed = varied.has_seeds.then(|| "seed".to_owned());
    let differing = varied.names().iter().cloned().chain(seed);
    let fixed = ["trial", "accuracy", "at", "loss", "epochs"].map(str::to_owned);
    let mut columns: Vec<Column> = fixed
        .into_iter()
        .chain(differing)
        .map(Column::number)
        .collect();
    columns.push(Column::text("state"));
    let mut table = Table::new("", columns);
    table.rows.extend(trials.into_iter().map(|(trial, state)| {
        let figure =
            |of: fn(crate::training::Best) -> String| state.best.map_or_else(String::new, of);
        let fixed = [
            trial.number.to_string(),
            figure(|best| decimals(best.val_accuracy, 4)),
            figure(|best| best.val_accuracy_epoch.to_string()),
            figure(|best| decimals(best.val_loss, 4)),
            format!("{}/{}", state.epochs, trial.epochs),
        ];
        let values = varied
            .values(trial)
            .map(|value| value.unwrap_or_default().to_owned());
        let seed = varied.has_seeds.then(|| trial.seed.to_string());
        let stand = sweep.word(trial, state).to_owned();
        let cells = fixed.into_iter().chain(values).chain(seed).chain([stand]);
        cells.map(Entry::from).collect()
    }));
    table
}
