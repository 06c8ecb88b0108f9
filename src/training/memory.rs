//! How much memory a run needs, estimated before it starts.

use super::recipe::Recipe;
use super::trainer::EVALUATION_BATCH;
use crate::network::CheckedNetwork;

/// The peak memory of a run, in bytes, on top of what the program and the data already use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryNeed {
    /// The activations of a batch, kept for the backward pass, and their gradients.
    pub activations: u64,
    /// Weights, gradients, optimizer state, and copies of the weights: start of the epoch, best epoch, running average, checkpoint
    /// being written.
    pub weights: u64,
}

impl MemoryNeed {
    /// The memory to train `network` with `recipe`.
    pub fn of(network: &CheckedNetwork, recipe: &Recipe) -> Self {
        let layers = network.layers();
        let outputs = layers.iter().map(|layer| layer.output.len() as u64);
        let input = network.spec().input.len() as u64;
        let largest = outputs.clone().max().unwrap_or(0).max(input);
        let training = recipe.batch_size as u64 * (input + outputs.sum::<u64>() + 2 * largest);
        let evaluation = EVALUATION_BATCH as u64 * 3 * largest;

        let shapes = layers.iter().flat_map(|layer| &layer.parameters);
        let parameters: u64 = shapes.map(|shape| shape.count() as u64).sum();
        let optimizer = recipe.optimizer.build();
        let state = optimizer.state_names().len() as u64;
        let averages = u64::from(recipe.average.is_some());
        // Weights, gradients, the epoch's start and the best epoch; then a checkpoint as tensors and as a file's bytes.
        let held = 4 + 2 * averages + state;
        let saved = 2 * (1 + averages + state);
        Self {
            activations: BYTES * training.max(evaluation),
            weights: BYTES * parameters * (held + saved),
        }
    }

    /// All of it, in bytes.
    pub fn total(&self) -> u64 {
        self.activations + self.weights
    }

    /// Checks whether `free` bytes are enough; `None` passes.
    ///
    /// # Errors
    /// A sentence with both figures.
    pub fn check(&self, free: Option<u64>) -> Result<(), String> {
        match free {
            Some(free) if self.total() > free => Err(format!(
                "training needs about {} of memory ({} for the activations of a batch, {} for weights and their copies), but \
                 {} are free; use a smaller batch_size or a smaller network, or close other programs",
                megabytes(self.total()),
                megabytes(self.activations),
                megabytes(self.weights),
                megabytes(free),
            )),
            _ => Ok(()),
        }
    }
}

/// Of a value.
const BYTES: u64 = size_of::<f32>() as u64;

/// The available memory in bytes, as Linux reports it; `None` elsewhere.
pub fn free_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// `1.5 GB`, `230 MB`
fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes >= 1000.0 {
        format!("{:.1} GB", megabytes / 1000.0)
    } else {
        format!("{megabytes:.0} MB")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Preset;

    fn need(preset: &str, change: impl FnOnce(&mut Recipe)) -> MemoryNeed {
        let mut preset = Preset::open(preset).unwrap();
        change(&mut preset.training);
        let network = CheckedNetwork::new(&preset.network()).unwrap();
        MemoryNeed::of(&network, &preset.training)
    }

    #[test]
    fn the_need_grows_with_batch_and_state() {
        let plain = need("fashion-bn4", |_| {});
        let large = need("fashion-bn4", |recipe| recipe.batch_size = 1280);
        assert_eq!(large.weights, plain.weights);
        assert_eq!(large.activations, 10 * plain.activations);
        let averaged = need("fashion-bn4", |recipe| recipe.average = Some(0.99));
        assert!(averaged.weights > plain.weights);
        // 578,970 weights of four bytes, of which there are twelve: adadelta has two tensors beside each.
        assert_eq!(plain.weights, 578_970 * 4 * (4 + 2 + 2 * 3));
    }

    #[test]
    fn too_little_is_refused_with_both_figures() {
        let need = MemoryNeed {
            activations: 3_000_000_000,
            weights: 250_000_000,
        };
        assert_eq!(need.check(None), Ok(()));
        assert_eq!(need.check(Some(3_250_000_000)), Ok(()));
        let message = need.check(Some(900_000_000)).unwrap_err();
        assert!(
            message.contains("about 3.2 GB") || message.contains("about 3.3 GB"),
            "{message}"
        );
        assert!(message.contains("900 MB are free"), "{message}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells_what_is_free() {
        assert!(free_memory().unwrap() > 1_000_000);
    }
}
