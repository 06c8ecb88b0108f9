//! The weights of a few epochs spread over a run: `checkpoints/epoch-0012.safetensors`.

use std::fs;
use std::path::PathBuf;

use super::error::RunError;
use super::folder::RunFolder;
use super::weights::WeightsNote;
use super::writer::RunWriter;
use crate::network::NamedWeights;
use crate::training::Checkpoint;

const FOLDER: &str = "checkpoints";
/// The maximum number of checkpoints of a run.
pub const MOST_CHECKPOINTS: usize = 20;

/// The epochs whose weights are kept after `epochs` whole ones: 0 for the initial weights, the latest, and between them every one, or
/// every second, fourth, eighth …, so that there are at most [`MOST_CHECKPOINTS`]. Epochs kept later were always kept before.
pub fn kept_epochs(epochs: usize) -> Vec<usize> {
    let mut step = 1;
    while 2 + epochs / step > MOST_CHECKPOINTS {
        step *= 2;
    }
    let mut kept: Vec<usize> = (0..=epochs).step_by(step).collect();
    if kept.last() != Some(&epochs) {
        kept.push(epochs);
    }
    kept
}

fn file_name(epoch: usize) -> String {
    format!("{FOLDER}/epoch-{epoch:04}.safetensors")
}

impl RunWriter {
    /// Writes the weights of an epoch, and removes those of epochs that [`kept_epochs`] does not name after it.
    pub fn save_epoch(&self, network: &str, weights: &Checkpoint) -> Result<(), RunError> {
        let epoch = weights.position.epochs;
        let name = file_name(epoch);
        self.make_folder(FOLDER)?;
        self.save_weights(&name, network, weights)?;
        let kept = kept_epochs(epoch);
        for (other, path) in self.checkpoint_files() {
            if !kept.contains(&other) {
                // One too many is harmless, and the next epoch tries again.
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }

    /// Copies the checkpoints of the first `epochs` epochs that `run` keeps.
    pub(super) fn copy_epochs(&self, run: &RunFolder, epochs: usize) -> Result<(), RunError> {
        self.make_folder(FOLDER)?;
        for epoch in run.checkpoint_epochs() {
            let name = file_name(epoch);
            if epoch <= epochs
                && let Some(bytes) = run.read_if_there(&name)?
            {
                self.replace(&name, &bytes)?;
            }
        }
        Ok(())
    }
}

impl RunFolder {
    /// The bytes of an epoch's checkpoint, if it is kept.
    pub(super) fn epoch_file(&self, epoch: usize) -> Result<Option<Vec<u8>>, RunError> {
        self.read_if_there(&file_name(epoch))
    }

    /// The epochs with checkpoints, ascending; 0 is before the first epoch.
    pub fn checkpoint_epochs(&self) -> Vec<usize> {
        let files = self.checkpoint_files();
        files.into_iter().map(|(epoch, _)| epoch).collect()
    }

    /// The weights of an epoch.
    pub fn epoch_weights(
        &self,
        epoch: usize,
    ) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        self.weights(&file_name(epoch))
    }

    fn checkpoint_files(&self) -> Vec<(usize, PathBuf)> {
        let Ok(entries) = fs::read_dir(self.path().join(FOLDER)) else {
            return Vec::new();
        };
        let mut files: Vec<_> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name();
                let epoch = name.to_str()?.strip_prefix("epoch-")?;
                let epoch = epoch.strip_suffix(".safetensors")?.parse().ok()?;
                Some((epoch, entry.path()))
            })
            .collect();
        files.sort_unstable();
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_epochs_are_few_spread_and_never_come_back() {
        assert_eq!(kept_epochs(0), [0]);
        assert_eq!(kept_epochs(3), [0, 1, 2, 3]);
        assert_eq!(kept_epochs(18).len(), 19);
        assert_eq!(kept_epochs(21), [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 21]);
        for epochs in 1..2000 {
            let (before, kept) = (kept_epochs(epochs - 1), kept_epochs(epochs));
            assert!(kept.len() <= MOST_CHECKPOINTS, "{epochs}: {kept:?}");
            assert!(kept.is_sorted() && kept.last() == Some(&epochs));
            let old = &kept[..kept.len() - 1];
            assert!(old.iter().all(|epoch| before.contains(epoch)), "{epochs}");
        }
    }
}
