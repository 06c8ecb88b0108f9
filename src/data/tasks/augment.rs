//! Making augmented copies of a loaded set.

use std::sync::LazyLock;

use super::target::Target;
use super::{Done, Size, Task, TaskKind, Work, fields_of, told};
use crate::data::DatasetSummary;
use crate::data::augmentation::AugmentSettings;
use crate::data::augmented_set::{self, AugmentedSettings, Changes};
use crate::data::error::DataError;
use crate::data::npz::SaveOptions;
use crate::field::Field;

/// Several copies of every image, shifted by whole pixels, with noise and level changes.
pub static SHIFTED: TaskKind = TaskKind {
    name: "augment_shifted",
    title: "Augment: shifts, noise, level",
    help: "several copies of every image, each with a random shift, level and noise, in random order",
    verb: "make",
    doing: "augmenting",
    fields: &SHIFTED_FIELDS,
    changes_a_set: true,
    size,
    about: |_| None,
    warning: |_, _| None,
    run: |work| write(work, shifted()),
};

/// Several copies of every image, warped as in training.
pub static WARPED: TaskKind = TaskKind {
    name: "augment_warped",
    title: "Augment: warps",
    help: "several copies of every image, each randomly rotated, sheared, zoomed …, in random order",
    verb: "make",
    doing: "augmenting",
    fields: &WARPED_FIELDS,
    changes_a_set: true,
    size,
    about: |_| None,
    warning: |task, dataset| told(task, AugmentSettings::default()).warning(&dataset.class_names),
    run: |work| write(work, warped()),
};

static SHIFTED_FIELDS: LazyLock<Vec<Field>> =
    LazyLock::new(|| fields_of(&[&shifted(), &Target::default()]));
static WARPED_FIELDS: LazyLock<Vec<Field>> =
    LazyLock::new(|| fields_of(&[&warped(), &Target::default()]));

fn shifted() -> AugmentedSettings {
    AugmentedSettings::default()
}

/// With typical warps: all zeros would only copy.
fn warped() -> AugmentedSettings {
    AugmentedSettings {
        changes: Changes::Warps(AugmentSettings::usual()),
        ..AugmentedSettings::default()
    }
}

fn size(task: &Task, dataset: Option<&DatasetSummary>) -> Option<Size> {
    let dataset = dataset?;
    let factor = |name| task.value(name).whole() as u64;
    let train_images = factor("train_factor") * dataset.train_len() as u64;
    let test_images = factor("test_factor") * dataset.test_len() as u64;
    // Whether a Keras file has bytes is known only from the set: by the memory of its pixels.
    let pixels = dataset.shape.len() as u64;
    let held = (dataset.train_len() + dataset.test_len()) as u64 * pixels;
    let is_bytes = dataset.memory < 2 * held;
    let [bytes, floats] = told(task, Target::default()).format.value_bytes;
    let value = if is_bytes { bytes } else { floats };
    Some(Size {
        train_images,
        test_images,
        file_bytes: (train_images + test_images) * pixels * value,
    })
}

fn write(work: &Work<'_>, settings: AugmentedSettings) -> Result<Done, DataError> {
    let dataset = work.dataset.ok_or(DataError::NoSet)?;
    let settings = told(work.task(), settings);
    let target = told(work.task(), Target::default());
    let path = work.npz_path(&target.write_to);
    work.free(&path)?;
    let form = target.format.arrays;
    let options = SaveOptions {
        form: form.expect("the forms of an augmented set have arrays"),
        packed: target.packed,
    };
    augmented_set::write(dataset, &settings, &path, options, work.progress)?;
    Ok(Done::Written {
        path,
        open: target.open,
    })
}
