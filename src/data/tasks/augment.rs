//! Augmented sets of a loaded one.

use std::sync::LazyLock;

use super::target::{FORMAT, OPEN, PACKED, WRITE_TO, options, with_ending};
use super::{Done, Size, Task, TaskKind, Work, fields_of, put_into};
use crate::data::DatasetSummary;
use crate::data::augmentation::{self, AugmentSettings};
use crate::data::augmented_set::{
    self, AugmentedSettings, Changes, PIXEL_SETTINGS, PixelChanges, SETTINGS,
};
use crate::data::error::DataError;
use crate::field::{Field, Value, Written};

/// Every image several times, shifted by whole pixels, with noise and level changes.
pub static SHIFTED: TaskKind = TaskKind {
    name: "augment_shifted",
    title: "Augment: shifts, noise, level",
    help: "every image several times, each time shifted and changed in level and noise by chance, in random order",
    doing: "augmenting",
    texts: &[WRITE_TO],
    fields: || &SHIFTED_FIELDS,
    changes_a_set: true,
    size,
    warning: |_, _| None,
    run: |work| {
        let mut changes = PixelChanges::default();
        put_into(work.task(), &PIXEL_SETTINGS, &mut changes);
        write(work, Changes::Pixels(changes))
    },
};

/// Every image several times, warped as while training.
pub static WARPED: TaskKind = TaskKind {
    name: "augment_warped",
    title: "Augment: warps",
    help: "every image several times, each time rotated, sheared, zoomed … by chance, in random order",
    doing: "augmenting",
    texts: &[WRITE_TO],
    fields: || &WARPED_FIELDS,
    changes_a_set: true,
    size,
    warning: |task, dataset| warps(task).warning(&dataset.class_names),
    run: |work| write(work, Changes::Warps(warps(work.task()))),
};

static SHIFTED_FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let [train, test, others @ ..] = &SETTINGS;
    let factors = [train.field.clone(), test.field.clone()];
    factors
        .into_iter()
        .chain(fields_of(&PIXEL_SETTINGS))
        .chain(fields_of(others))
        .chain([FORMAT, PACKED, OPEN])
        .collect()
});

static WARPED_FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let [train, test, others @ ..] = &SETTINGS;
    let factors = [train.field.clone(), test.field.clone()];
    let usual = AugmentSettings::usual().values();
    // All zeros would only copy.
    let warps = augmentation::FIELDS.iter().zip(usual);
    let warps = warps.map(|(field, default)| Field {
        default,
        ..field.clone()
    });
    factors
        .into_iter()
        .chain(warps)
        .chain(fields_of(others))
        .chain([FORMAT, PACKED, OPEN])
        .collect()
});

fn warps(task: &Task) -> AugmentSettings {
    let mut settings = AugmentSettings::default();
    for (index, field) in augmentation::FIELDS.iter().enumerate() {
        let taken = settings.set(index, &Written::from(task.value(field.name)));
        taken.expect("the task's field is the setting's own");
    }
    settings
}

fn size(task: &Task, dataset: Option<&DatasetSummary>) -> Option<Size> {
    let dataset = dataset?;
    let factor = |name| task.value(name).whole() as u64;
    let train_images = factor("train_factor") * dataset.train_len() as u64;
    let test_images = factor("test_factor") * dataset.test_len() as u64;
    // Whether a Keras file has bytes is known to the set alone: by the memory that its pixels take.
    let pixels = dataset.shape.len() as u64;
    let held = (dataset.train_len() + dataset.test_len()) as u64 * pixels;
    let is_bytes = dataset.memory < 2 * held;
    let value = match task.value(FORMAT.name) {
        Value::Choice("keras") if is_bytes => 1,
        _ => 4,
    };
    Some(Size {
        train_images,
        test_images,
        file_bytes: (train_images + test_images) * pixels * value,
    })
}

fn write(work: &Work<'_>, changes: Changes) -> Result<Done, DataError> {
    let dataset = work.dataset.ok_or(DataError::NoSet)?;
    let mut settings = AugmentedSettings {
        changes,
        ..AugmentedSettings::default()
    };
    put_into(work.task(), &SETTINGS, &mut settings);
    let path = with_ending(&work.path(0));
    work.free(&path)?;
    augmented_set::write(
        dataset,
        &settings,
        &path,
        options(work.task()),
        work.progress,
    )?;
    Ok(Done::Written {
        path,
        open: work.task().value(OPEN.name).is_on(),
    })
}
