//! A set, and the news of a training on it, for tests.

use crate::analysis::ConfusionTable;
use crate::data::DatasetSummary;
use crate::shape::Shape;
use crate::training::{EpochMetrics, Portion, Preset};
use crate::worker::{BatchFigures, BatchProgress, Event, InUse, Outcome, RunFacts, SetNames};

/// A set of ten classes.
pub fn summary(name: &str, shape: Shape) -> DatasetSummary {
    DatasetSummary {
        name: name.to_owned(),
        source: "memory".to_owned(),
        names: Vec::new(),
        shape,
        class_names: (0..10).map(|class| format!("class {class}")).collect(),
        train_counts: vec![10; 10],
        test_counts: vec![5; 10],
        validation_counts: None,
        memory: 1000,
        note: String::new(),
    }
}

pub fn clothes() -> SetNames {
    SetNames {
        dataset: "clothes".to_owned(),
        class_names: Vec::new(),
    }
}

/// Of a run of `fashion-conv1`.
pub fn facts(run: u64) -> RunFacts {
    let preset = Preset::open("fashion-conv1").unwrap();
    RunFacts {
        run,
        network: preset.network(),
        in_use: InUse {
            learning_rate: 1.0,
            augment: None,
            set: clothes(),
            stops_after_epoch: false,
        },
        recipe: preset.training,
        then: None,
        name: "fashion-conv1".to_owned(),
        folder: None,
        epochs: 2,
        batches_per_epoch: 10,
        train_images: 100,
        validation_images: 50,
        trained_before: vec![0; 5],
        frozen_layers: 0,
        parameters: 31_450,
        threads: 1,
        history: Vec::new(),
        notes: Vec::new(),
    }
}

pub fn ended(run: u64, outcome: Outcome) -> Event {
    Event::RunEnded {
        run,
        outcome,
        best: None,
    }
}

pub fn batch(run: u64, epoch: usize, batch: usize) -> Event {
    Event::Batch(BatchProgress {
        run,
        epoch,
        batch,
        batches: 10,
        latest: vec![BatchFigures {
            loss: 0.5,
            accuracy: 0.75,
        }],
        mean_loss: 0.6,
        mean_accuracy: 0.7,
        images_per_second: 50.0,
        learning_rate: 1.0,
        start_share: 0.0,
    })
}

pub fn epoch(run: u64, epoch: usize) -> Event {
    Event::Epoch {
        run,
        metrics: EpochMetrics {
            epoch,
            seconds: 4.0,
            images_per_second: 30.0,
            learning_rate: 1.0,
            loss: 0.5,
            accuracy: 0.8,
            val_loss: 0.6,
            val_accuracy: 0.75,
            ..EpochMetrics::default()
        },
    }
}

/// The table after an epoch, without an image in it.
pub fn confusion(run: u64, epoch: usize) -> Event {
    Event::Confusion {
        run,
        epoch,
        table: ConfusionTable::new(10),
        measured_on: clothes(),
        portion: Portion::Test,
    }
}
