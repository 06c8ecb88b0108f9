//! Checks before a run starts or continues, so that nothing is left half-done.

use std::sync::Arc;

use super::SessionError;
use crate::data::Dataset;
use crate::network::{CheckedNetwork, Model};
use crate::training::{MemoryNeed, Preset, Validation, check_data, check_recipe, free_memory};
use crate::wording::counted;

/// Checks whether `preset` can be trained, and infers its network's shapes.
///
/// # Errors
/// If the network is inconsistent, or the preset asks for something unsupported.
pub fn check_preset(preset: &Preset) -> Result<Arc<CheckedNetwork>, SessionError> {
    let network = check_network(preset)?;
    preset
        .check()
        .map_err(|reason| SessionError::Preset(format!("{}: {reason}", preset.name)))?;
    check_something_trains(preset, &network)?;
    Ok(network)
}

/// Checks whether a run of `preset` can start on this set, without starting it.
///
/// # Errors
/// As for [`check_preset`], or if they do not fit each other.
pub fn check_fit(preset: &Preset, dataset: &Arc<Dataset>) -> Result<(), SessionError> {
    let model = Model::new(check_preset(preset)?, preset.seed);
    check_data(&model, dataset)?;
    check_own_corrections(preset, dataset)?;
    check_images(preset, dataset)
}

pub(super) fn check_network(preset: &Preset) -> Result<Arc<CheckedNetwork>, SessionError> {
    CheckedNetwork::new(&preset.network())
        .map(Arc::new)
        .map_err(|problem| SessionError::Network {
            name: preset.name.clone(),
            problem,
        })
}

fn check_something_trains(preset: &Preset, network: &CheckedNetwork) -> Result<(), SessionError> {
    let frozen = preset.training.transfer.as_ref();
    let frozen = frozen.map_or(0, |transfer| transfer.frozen_layers);
    let mut free = network.layers().iter().skip(frozen);
    if free.any(|layer| !layer.parameters.is_empty()) {
        return Ok(());
    }
    Err(SessionError::Preset(format!(
        "{}: training: transfer: frozen_layers: {frozen} leaves no layer with weights to train; freeze fewer",
        preset.name
    )))
}

/// Checks that the preset's corrections are valid if they are for this set, and that the set has the images and classes that the recipe
/// asks for.
pub(super) fn check_images(preset: &Preset, dataset: &Arc<Dataset>) -> Result<(), SessionError> {
    let corrected = corrected(preset, dataset)?;
    let images = corrected.train().len() - corrected.left_out().len();
    match preset.training.validation {
        Validation::Split(share) if images < 2 * dataset.classes() => {
            Err(SessionError::Preset(format!(
                "{}: training: validation: split: {share} of the {images} training images of {} leaves too few for its {} classes; \
                 choose a larger set or `validation: test`",
                preset.name,
                dataset.name,
                dataset.classes()
            )))
        }
        _ => check_recipe(&preset.training, &corrected, preset.seed)
            .map_err(|problem| SessionError::Preset(format!("{}: {problem}", preset.name))),
    }
}

/// A sentence about the set's validation images, if it brings some and the preset does not ask for them.
pub(super) fn validation_note(preset: &Preset, dataset: &Dataset) -> Option<String> {
    let own = dataset.validation()?;
    (preset.training.validation == Validation::Test).then(|| {
        format!(
            "{} brings {} of its own, which are not used; `validation: data` measures them after every epoch and keeps the test set for the end",
            dataset.name,
            counted(own.len(), "validation image")
        )
    })
}

/// Checks that the preset's corrections are for the set that the run starts on.
pub(super) fn check_own_corrections(
    preset: &Preset,
    dataset: &Arc<Dataset>,
) -> Result<(), SessionError> {
    let corrections = preset.training.corrections.as_ref();
    let marks = corrections.map_or(Ok(()), |corrections| corrections.marks(dataset).map(drop));
    marks.map_err(|reason| corrections_problem(preset, &reason))
}

fn corrected(preset: &Preset, dataset: &Arc<Dataset>) -> Result<Arc<Dataset>, SessionError> {
    let corrected = dataset.corrected(preset.training.corrections.as_ref());
    corrected.map_err(|reason| corrections_problem(preset, &reason))
}

fn corrections_problem(preset: &Preset, reason: &str) -> SessionError {
    let corrections = preset.training.corrections.as_ref();
    let from = corrections.and_then(|corrections| corrections.from.as_ref());
    SessionError::Preset(match from {
        Some(file) => format!("{}: {reason}", file.display()),
        None => format!("{}: training: corrections: {reason}", preset.name),
    })
}

/// The corrections of this set, as a sentence.
pub(super) fn corrections_note(preset: &Preset, dataset: &Dataset) -> Option<String> {
    let corrections = preset.training.corrections.as_ref()?;
    let says_something = !corrections.is_empty() && corrections.are_for(dataset);
    says_something.then(|| corrections.to_string())
}

pub(super) fn check_memory(network: &CheckedNetwork, preset: &Preset) -> Result<(), SessionError> {
    MemoryNeed::of(network, &preset.training)
        .check(free_memory())
        .map_err(|reason| SessionError::Memory(format!("{}: {reason}", preset.name)))
}
