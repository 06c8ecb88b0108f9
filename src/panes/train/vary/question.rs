//! What the form of a sweep asks the worker: how many trials it would have, and to start it; and the preset of a run to begin with.

use std::path::PathBuf;

use super::super::sweeps::run_by_this_program;
use crate::network::NetworkSummary;
use crate::runs::RunFolder;
use crate::sweep::{SweepFile, SweepFolder, Trials};
use crate::training::Preset;
use crate::worker::{Beside, Desk, Older, Question, Quick, Tell};

/// The name of a sweep's text in messages.
const NAME: &str = "sweep";

/// What all trials begin with.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// With the name or path that opens its data.
    pub preset: Preset,
    /// The loaded set whose corrections apply, if they are not in the preset already.
    pub corrected: Option<String>,
    /// What it is trained on, for people.
    pub data: String,
}

/// A sweep that is not started.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    pub base: Base,
    /// The lines under `sweep:`.
    pub lines: String,
}

impl Sketch {
    /// Its file.
    fn file(&self, desk: &Desk) -> Result<SweepFile, String> {
        let mut preset = self.base.preset.clone();
        if let Some(set) = &self.base.corrected {
            let dataset = desk.library.set(set)?;
            desk.library.correct(&mut preset.training, &dataset)?;
        }
        let text = format!("{}sweep:\n{}", preset.to_yaml(), self.lines);
        SweepFile::parse(&text, NAME).map_err(|error| plain(&error.to_string()))
    }
}

/// A message about the text of a sweep that nobody has written: without name and line.
fn plain(message: &str) -> String {
    let message = message.strip_prefix("sweep: ").unwrap_or(message);
    let rest = message.strip_prefix("line ").and_then(|rest| {
        let (number, rest) = rest.split_once(": ")?;
        number.parse::<usize>().is_ok().then_some(rest)
    });
    rest.unwrap_or(message).to_owned()
}

/// Counts the trials of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckSweep(pub Sketch);

/// The trials that a sweep would have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planned {
    pub trials: usize,
    /// Combinations that cannot be trained and are left out.
    pub skipped: usize,
    /// The epochs of all trials together.
    pub epochs: usize,
    /// The same in epochs of the network that they begin with, by multiply-adds.
    pub like_base: f64,
}

impl Question for CheckSweep {
    /// Or what is wrong with it.
    type Answer = Result<Planned, String>;
    type Lane = Beside;
    const PURPOSE: &'static str = "check the sweep";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        tell.tell(self.0.file(desk).and_then(|file| planned(&file)));
        Ok(())
    }
}

fn planned(file: &SweepFile) -> Result<Planned, String> {
    let trials = Trials::of(file, NAME).map_err(|error| plain(&error.to_string()))?;
    let cost = |preset: &Preset| NetworkSummary::new(&preset.network()).multiply_accumulates as f64;
    let base = cost(&file.base).max(1.0);
    let mut like_base = 0.0;
    for trial in &trials.trials {
        like_base += trial.epochs as f64 * cost(&trial.preset(&file.base)?) / base;
    }
    Ok(Planned {
        trials: trials.trials.len(),
        skipped: trials.skipped,
        epochs: trials.trials.iter().map(|trial| trial.epochs).sum(),
        like_base,
    })
}

/// Creates a sweep's folder and starts training its trials in a process of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct StartSweep {
    pub sketch: Sketch,
    /// Where the folder is created.
    pub sweeps: PathBuf,
}

impl Question for StartSweep {
    /// The sweep's folder.
    type Answer = PathBuf;
    type Lane = Beside;
    const PURPOSE: &'static str = "start the sweep";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let file = self.sketch.file(desk)?;
        let trials = Trials::of(&file, NAME).map_err(|error| plain(&error.to_string()))?;
        let folder = SweepFolder::create(&self.sweeps, &file, &trials);
        let folder = folder.map_err(|error| error.to_string())?;
        run_by_this_program(&folder)?;
        tell.tell(folder.path().to_owned());
        Ok(())
    }
}

/// Reads what a run was started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseOfRun {
    pub folder: PathBuf,
    /// The seeds that it was trained with already.
    pub seeds: Vec<u64>,
}

impl Question for BaseOfRun {
    type Answer = Base;
    type Lane = Quick;
    const PURPOSE: &'static str = "read the run";

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let record = RunFolder::open(&self.folder).and_then(|folder| folder.record());
        let record = record.map_err(|error| error.to_string())?;
        let data = record.data.opened_by(&record.preset).to_owned();
        tell.tell(Base {
            data: record.data.name.clone(),
            preset: Preset {
                data: Some(data),
                ..record.preset
            },
            corrected: None,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_without_a_file_that_nobody_sees() {
        for (message, told) in [
            (
                "sweep: line 31: training.epochs: expected 1",
                "training.epochs: expected 1",
            ),
            ("sweep: 3 of 9 combinations", "3 of 9 combinations"),
            ("sweep: line up", "line up"),
        ] {
            assert_eq!(plain(message), told);
        }
    }

    #[test]
    fn the_work_of_larger_networks_counts_for_more() {
        let preset = Preset::open("fashion-conv1").unwrap();
        let of = |lines: &str| {
            let text = format!("{}sweep:\n{lines}", preset.to_yaml());
            planned(&SweepFile::parse(&text, NAME).unwrap()).unwrap()
        };
        let seeds = of("  seeds: 1..3\n");
        assert_eq!(
            (seeds.trials, seeds.epochs),
            (3, 3 * preset.training.epochs)
        );
        assert_eq!(seeds.like_base, seeds.epochs as f64);
        let filters = of("  vary: {layers.1.conv2d.filters: [16, 32]}\n");
        let wide = filters.like_base / preset.training.epochs as f64;
        assert!((2.9..3.1).contains(&wide), "{wide}");
    }
}
