//! Recipes and presets, the trainer, optimizers, and the figures of an epoch.

mod metrics;
mod optimizers;
mod preset;
mod preset_folder;
mod recipe;
mod trainer;

pub use metrics::{Best, EpochMetrics};
pub use optimizers::{OPTIMIZERS, Optimizer, OptimizerKind, OptimizerSpec, Step};
pub use preset::{BUILT_IN, Expectation, Preset, PresetError};
pub use preset_folder::{PresetFolder, SaveProblem};
pub use recipe::{Recipe, Validation};
pub use trainer::{
    Checkpoint, EpochFigures, Evaluation, Position, Progress, StepReport, TrainError, Trainer,
    check_data,
};
