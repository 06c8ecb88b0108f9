//! A sweep's folder with runs of which nobody trained any: what they came to follows from their settings and seeds.

use std::fs;
use std::path::{Path, PathBuf};

use convscope::data::{self, Dataset};
use convscope::runs::{RunFolder, RunNotes, RunRecord};
use convscope::sweep::{SweepFile, SweepFolder, Trial, Trials};
use convscope::training::EpochMetrics;

/// Three settings of two values each, with two seeds.
const SWEEP: &str = concat!(
    "preset: fashion-conv1\n",
    "set: {data: mnist-starter, training.epochs: 4}\n",
    "sweep:\n",
    "  vary:\n",
    "    training.optimizer.learning_rate: [0.1, 1]\n",
    "    training.batch_size: [64, 256]\n",
    "    layers.1.conv2d.filters: [8, 16]\n",
    "  seeds: 1..2\n",
);

/// A new sweep in `sweeps`, of which the trials up to this number are trained to their end, and one more for an epoch.
pub fn create(sweeps: &Path, finished: usize) -> PathBuf {
    let file = SweepFile::parse(SWEEP, "sweep").unwrap();
    let trials = Trials::of(&file, "sweep").unwrap();
    let created = SweepFolder::create(sweeps, &file, &trials).unwrap();
    let path = sweeps.join("20261201-120000-fashion-conv1");
    fs::rename(created.path(), &path).unwrap();
    let folder = SweepFolder::open(&path).unwrap();
    let dataset = data::load(Some("mnist-starter")).unwrap();
    for trial in trials.trials.iter().take(finished) {
        train(&folder, trial, trial.epochs, &dataset);
        let outcome = folder.trial(trial.number).join("outcome.json");
        fs::create_dir_all(outcome.parent().unwrap()).unwrap();
        fs::write(outcome, format!("{{\"ended_early\":{}}}", trial.epochs)).unwrap();
    }
    if let Some(trial) = trials.trials.get(finished) {
        train(&folder, trial, 1, &dataset);
        fs::create_dir_all(folder.trial(trial.number)).unwrap();
    }
    path
}

fn train(folder: &SweepFolder, trial: &Trial, epochs: usize, dataset: &Dataset) {
    let preset = trial.preset(&folder.base().unwrap()).unwrap();
    let mut record = RunRecord::now(preset, dataset, 1);
    record.name = format!("trial-{:05}", trial.number);
    record.started = "2026-12-01T12:00:00Z".parse().unwrap();
    let run = RunFolder::create(&folder.runs(), &record, &RunNotes::default()).unwrap();
    for epoch in 1..=epochs {
        run.append(&metrics(trial, epoch)).unwrap();
    }
}

/// The learning rate does much, the filters little, and the batch size nothing but with a low learning rate.
fn metrics(trial: &Trial, epoch: usize) -> EpochMetrics {
    let value = |path: &str| trial.setting(path).unwrap().parse::<f64>().unwrap();
    let rate = value("training.optimizer.learning_rate");
    let mut accuracy = 0.8 + 0.01 * epoch as f64;
    accuracy += if rate == 1.0 { 0.04 } else { 0.0 };
    accuracy += 0.005 * (value("layers.1.conv2d.filters") / 8.0 - 1.0);
    if rate < 1.0 && value("training.batch_size") > 64.0 {
        accuracy -= 0.03;
    }
    // What a seed does, of about a tenth of a point.
    accuracy += 0.001 * ((trial.number * 7 % 5) as f64 - 2.0);
    EpochMetrics {
        epoch,
        seconds: 2.0,
        images_per_second: 5000.0,
        learning_rate: rate,
        loss: 1.2 - accuracy,
        accuracy: accuracy + 0.01,
        val_loss: 1.3 - accuracy,
        val_accuracy: accuracy,
        ..EpochMetrics::default()
    }
}
