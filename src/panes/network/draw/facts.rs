//! The facts of a network, beside its table.

use std::iter;

use ratatui::text::{Line, Span};

use super::super::{EpochTime, NetworkPane};
use crate::lab::{Lab, LayerWeights};
use crate::layers::CLASSIFIER;
use crate::network::NetworkSummary;
use crate::training::Preset;
use crate::ui::format::{bytes, count, seconds, short, wrap};
use crate::ui::panel::{fact, wrapped};
use crate::ui::theme::Theme;
use crate::wording::counted;

/// Columns of the names of a layer's facts.
const NAMES: usize = 16;

/// Totals, description, published figures, training settings, and what does not fit.
pub(super) fn facts_of(
    pane: &NetworkPane,
    lab: &Lab,
    width: usize,
    theme: &Theme,
    tall: bool,
) -> Vec<Line<'static>> {
    let gap = || tall.then(Line::default);
    let mut text = Vec::new();
    if lab.summary.is_unfinished {
        // A network that is still being built is no error.
        text.extend(wrapped(&still_missing(&lab.summary), width, theme.text));
        text.extend(gap());
    } else if let Some(misfit) = lab.misfit() {
        text.extend(wrapped(&misfit, width, theme.error));
        text.extend(gap());
    }
    let weights = lab.layer_weights(&lab.preset.network(), &lab.summary);
    let weights = weights.unwrap_or_default();
    let known = (&lab.summary, pane.epoch_time(lab, &lab.summary));
    text.extend(totals(&lab.preset, known, width, theme, tall));
    text.extend(wrapped(&about_weights(lab, &weights), width, theme.accent));
    text.extend(gap());
    text.extend(about_preset(&lab.described_preset(), width, theme, tall));
    if tall {
        text.push(Line::default());
        text.extend(about_layer(lab, &weights, width, theme));
    }
    text
}

/// What an unfinished network whose layers fit still needs.
fn still_missing(summary: &NetworkSummary) -> String {
    let layers = match summary.layers.is_empty() {
        true => "layers, and ",
        false => "",
    };
    format!(
        "Still missing: {layers}{CLASSIFIER} as the last layer, to give the probabilities; f adds it."
    )
}

/// The totals of a network with the preset's training settings, and the time of an epoch if it is known.
pub(in super::super) fn totals(
    preset: &Preset,
    (summary, epoch): (&NetworkSummary, Option<EpochTime>),
    width: usize,
    theme: &Theme,
    tall: bool,
) -> Vec<Line<'static>> {
    let figure = |name: &'static str, value: String| {
        vec![
            Span::styled(format!("{name} "), theme.dim),
            Span::styled(value, theme.text),
        ]
    };
    let mut figures = vec![
        figure("parameters", count(summary.parameters)),
        figure("trainable", count(summary.trainable)),
        figure("non-trainable", count(summary.non_trainable)),
        figure("mult-adds per image", short(summary.multiply_accumulates)),
        figure("memory per batch", bytes(step_memory(preset, summary))),
    ];
    let mut how = String::new();
    if let Some(epoch) = epoch {
        let (time, known) = epoch_time(&epoch);
        figures.push(figure("per epoch", time));
        how = known;
    }
    if tall {
        let figures = figures.into_iter().map(Line::from);
        return figures.chain(wrapped(&how, width, theme.dim)).collect();
    }
    if let Some(epoch) = figures.last_mut().filter(|_| !how.is_empty()) {
        epoch.push(Span::styled(format!(" ({how})"), theme.dim));
    }
    // As many a line as have room.
    let mut text: Vec<Line> = Vec::new();
    for figure in figures {
        let own = Line::from(figure);
        match text.last_mut() {
            Some(line) if line.width() + 3 + own.width() <= width => {
                line.push_span(Span::raw("   "));
                line.extend(own);
            }
            _ => text.push(own),
        }
    }
    text
}

/// Estimated bytes of memory for a training step with the preset's batch size and optimizer.
pub fn step_memory(preset: &Preset, summary: &NetworkSummary) -> u64 {
    let recipe = &preset.training;
    let optimizer = recipe.optimizer.build();
    let memory = summary.memory(recipe.batch_size, optimizer.state_names().len());
    memory.total()
}

/// How long an epoch takes, and how that is known.
fn epoch_time(epoch: &EpochTime) -> (String, String) {
    let about = |time: &f64| format!("about {}", seconds(*time));
    match epoch {
        EpochTime::Taken { seconds } => (about(seconds), "as in the latest epoch".to_owned()),
        EpochTime::Measured {
            seconds,
            steps,
            threads,
        } => {
            let (steps, threads) = (counted(*steps, "step"), counted(*threads, "thread"));
            (about(seconds), format!("measured: {steps} on {threads}"))
        }
        EpochTime::Estimated { seconds } => (about(seconds), "estimated from mult-adds".to_owned()),
        EpochTime::Measuring => ("…".to_owned(), "measuring".to_owned()),
        EpochTime::Later => ("–".to_owned(), "measured when no run is active".to_owned()),
        EpochTime::Impossible(reason) => ("–".to_owned(), format!("not measured: {reason}")),
    }
}

pub(super) fn about_preset(
    preset: &Preset,
    width: usize,
    theme: &Theme,
    tall: bool,
) -> Vec<Line<'static>> {
    let mut text: Vec<Line> = wrapped(&preset.description, width, theme.text).collect();
    let recipe = &preset.training;
    let mut facts = format!(
        "{}, {}, batch {}",
        recipe.optimizer.kind().name,
        counted(recipe.epochs, "epoch"),
        recipe.batch_size
    );
    if recipe.augment.is_some() {
        facts += ", augmented";
    }
    if let Some(data) = &preset.data {
        facts += &format!(", for {data}");
    }
    let published = published(preset);
    let both = format!("{facts} · {published}");
    if !tall && !published.is_empty() && both.chars().count() <= width {
        text.push(Line::styled(both, theme.dim));
    } else {
        text.extend(wrapped(&facts, width, theme.dim));
        text.extend(wrapped(&published, width, theme.dim));
    }
    text
}

/// The published figures of the preset, in words.
fn published(preset: &Preset) -> String {
    let figure = |name, value: Option<f64>| value.map(|value| format!("{name} {value:.4}"));
    let expect = preset.expect.unwrap_or_default();
    let accuracy = figure("accuracy", expect.best_val_accuracy);
    let figures = accuracy
        .into_iter()
        .chain(figure("lowest loss", expect.lowest_val_loss));
    match figures.collect::<Vec<_>>() {
        none if none.is_empty() => String::new(),
        figures => format!("published {}", figures.join(", ")),
    }
}

/// Which layers keep their trained weights, where others have new ones.
fn about_weights(lab: &Lab, weights: &[LayerWeights]) -> String {
    let layers = lab.summary.layers.iter().zip(weights);
    let new = layers.filter(|(_, weights)| **weights == LayerWeights::New);
    let new: Vec<&str> = new.map(|(layer, _)| layer.name.as_str()).collect();
    let mut kept = weights.iter();
    let are_kept = kept.any(|weights| matches!(weights, LayerWeights::Trained(_)));
    if !are_kept || new.is_empty() {
        return String::new();
    }
    format!(
        "Trained weights are kept except in {}. Training continues from them; R resets all.",
        new.join(", ")
    )
}

/// The layer under the cursor in words.
fn about_layer(
    lab: &Lab,
    weights: &[LayerWeights],
    width: usize,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let line = lab.cursors.layer;
    let (Some(spec), Some(row)) = (lab.preset.layers.get(line), lab.summary.row_of(line)) else {
        return Vec::new();
    };
    let fact = |name: &'static str, value: String| {
        let names = iter::once(name).chain(iter::repeat(""));
        let values = wrap(&value, width.saturating_sub(NAMES)).into_iter();
        names
            .zip(values)
            .map(|(name, value)| fact(name, NAMES, value, theme))
    };
    let mut text = vec![Line::styled(row.name.clone(), theme.title)];
    text.extend(wrapped(spec.kind().help, width, theme.dim));
    text.extend(
        spec.fields()
            .flat_map(|(field, value)| fact(field.label(), value.to_string())),
    );
    let Some(position) = row.layer else {
        return text;
    };
    let layer = &lab.summary.layers[position];
    let weights = match weights.get(position) {
        None | Some(LayerWeights::None) => None,
        Some(LayerWeights::New) => Some("new, not trained yet".to_owned()),
        Some(LayerWeights::Trained(0)) => Some("trained for less than an epoch".to_owned()),
        Some(LayerWeights::Trained(1)) => Some("trained for an epoch".to_owned()),
        Some(LayerWeights::Trained(epochs)) => {
            Some(format!("trained for {}", counted(*epochs, "epoch")))
        }
    };
    text.extend(
        weights
            .into_iter()
            .flat_map(|weights| fact("weights", weights)),
    );
    if position < lab.frozen_layers() {
        text.extend(fact("❄", "frozen: training does not change it".to_owned()));
    }
    if layer.receptive_field > 0 {
        text.extend(fact(
            "sees",
            format!("{0}×{0} pixels", layer.receptive_field),
        ));
    }
    text
}
