//! Recipes and presets, the trainer, optimizers and schedules, and the figures of an epoch.

mod figures;
mod identity;
mod memory;
mod metrics;
mod misplaced;
mod optimizers;
mod pace;
mod preset;
mod preset_folder;
mod recipe;
mod schedules;
mod set_by_path;
mod split;
mod trainer;
mod transfer;
mod young;

pub use figures::{Better, EpochMetrics, FIGURES, Figure, Sums, Unit};
pub use identity::{Differences, edited_name, is_edited_name, name_with, plain_name};
pub use memory::{MemoryNeed, free_memory};
pub use metrics::{Best, FinalTest, latest_stretch};
pub use optimizers::{OPTIMIZERS, Optimizer, OptimizerKind, OptimizerSpec, Step};
pub use pace::{Pace, PaceTrial};
pub use preset::{BUILT_IN, Expectation, Preset, PresetError};
pub use preset_folder::{PresetFolder, SaveProblem};
pub use recipe::{
    ClassWeights, EarlyStopping, PlannedAugment, PlannedChange, Portion, Pretrain, Recipe,
    TrainImages, Transfer, Validation,
};
pub use schedules::{Place, SCHEDULES, Schedule, ScheduleKind, ScheduleSpec};
pub use trainer::{
    Checkpoint, EpochFigures, Evaluation, Position, Progress, Setup, StepReport, TrainError,
    Trainer, check_data, check_recipe,
};
pub use transfer::{Origin, carry_over};
pub use young::{YOUNG, Young};

pub use crate::ops::vector_instructions;
