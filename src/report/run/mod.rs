//! The section of a run.

mod activations;
mod calibration;
mod data;
mod errors;
mod headline;
mod inspected;
mod network;
mod progress;
mod recipe;
mod repeat;
mod results;

use super::document::{Block, Section};
use crate::analysis::ConfusionTable;
use crate::data::short_sha256;
use crate::runs::{RunFolder, RunRecord, RunSummary};
pub use inspected::{Inspected, Looking};
pub use results::confusion;

/// A run with all that a report says of it.
pub struct RunPart {
    /// The run.
    pub summary: RunSummary,
    /// Its record.
    pub record: RunRecord,
    /// What its network does with the test images, or why that cannot be said, in a sentence.
    pub inspected: Result<Inspected, String>,
    /// The confusion matrix that its folder holds, of the validation images after the latest epoch.
    recorded: Option<ConfusionTable>,
}

impl RunPart {
    /// Of a run that was read.
    pub fn new(
        summary: RunSummary,
        record: RunRecord,
        inspected: Result<Inspected, String>,
    ) -> Self {
        let folder = RunFolder::open(&summary.folder);
        let recorded = folder.and_then(|folder| folder.confusion()).ok().flatten();
        Self {
            summary,
            record,
            inspected,
            recorded: recorded.and_then(|csv| ConfusionTable::from_csv(&csv)),
        }
    }

    /// Under a heading of its own.
    pub(super) fn section(&self) -> Section {
        Section {
            title: self.summary.title(),
            blocks: self.headline(),
            parts: self.parts(),
            begins_page: true,
        }
    }

    /// What is most important.
    pub(super) fn headline(&self) -> Vec<Block> {
        headline::blocks(self)
    }

    /// All parts, the most general first.
    pub(super) fn parts(&self) -> Vec<Section> {
        let mut parts = vec![
            network::section(self),
            recipe::section(self),
            data::section(self),
            progress::section(self),
        ];
        parts.extend(results::section(self));
        if let Ok(inspected) = &self.inspected {
            parts.push(errors::section(self, inspected));
            parts.push(activations::section(self, inspected));
            parts.push(calibration::section(self, inspected));
        }
        parts.push(repeat::section(self));
        parts
    }

    /// The sets that the run was measured on, with the SHA-256 of the latest: `Fashion-MNIST (SHA-256 0123456789ab…)`.
    pub(in crate::report) fn sets_in_words(&self) -> String {
        let data = self.record.data_after(self.summary.history.len());
        let sha256 = short_sha256(&data.sha256);
        format!("{} (SHA-256 {sha256}…)", self.summary.data_in_words())
    }

    /// What figures are of: `fashion-bn4 after epoch 12, on the 10,000 test images of Fashion-MNIST (SHA-256 0123456789ab…)`.
    fn of_test_images(&self, inspected: &Inspected) -> String {
        format!(
            "{} after {}, on {}",
            self.record.preset.name,
            inspected.moment,
            inspected.images_in_words()
        )
    }
}
