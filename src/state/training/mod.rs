//! What the Train pane does beside starting and stopping: settings, steering, looking at curves.

mod curve_view;
mod run_list;
mod settings_form;

use std::path::PathBuf;

pub use curve_view::{CurveView, overfitting_since};
pub use run_list::{RunList, RunUse, WeightsFrom};
pub use settings_form::{RecipeDraft, SettingsForm};

/// What a person does on the Train pane.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainMessage {
    /// Opens the form of the settings with the cursor on the figure of this name; while a training runs, the form of what can be
    /// changed in it.
    OpenSettings(&'static str),
    /// Trains one batch and pauses.
    StepOnce,
    /// Stops at the end of the epoch under way, or no longer does.
    StopAfterEpoch,
    /// Puts the best epoch's weights in place of the latest.
    RestoreBest,
    /// Asks before all weights are forgotten.
    AskReset,
    /// Trains on another loaded set from the next batch on.
    SwitchData(String),

    /// Opens the run in this folder to look into it and go on with it.
    OpenRun(PathBuf),
    /// Copies the run on the screen, which another process trains, to a run of its own, and opens that.
    CopyRun,
    /// Lays the curves of the run in this folder under the present ones; none where there is no folder.
    Compare(Option<PathBuf>),
    /// Decides where the next training's weights come from.
    TakeWeights(WeightsFrom),

    /// The next amount of smoothing, and after the last none.
    Smooth,
    /// Even or logarithmic losses.
    ToggleLog,
    /// Fewer or more epochs across a chart.
    ZoomIn,
    ZoomOut,
}
