//! What is said of a network beside its table.

use ratatui::text::{Line, Span};

use super::super::{EpochTime, NetworkPane};
use crate::lab::Lab;
use crate::lab::LayerWeights;
use crate::network::NetworkSummary;
use crate::training::Preset;
use crate::ui::format::{bytes, count, seconds, short, wrap};
use crate::ui::theme::Theme;

/// Totals, what it is for, published figures, the recipe, and what does not fit.
pub(super) fn facts_of(
    pane: &NetworkPane,
    lab: &Lab,
    width: u16,
    theme: &Theme,
    tall: bool,
) -> Vec<Line<'static>> {
    let width = usize::from(width);
    let mut text = Vec::new();
    if let Some(mut misfit) = lab.misfit() {
        if let Some(plan) = lab.mend_plan() {
            misfit += &format!(": press f to {}", plan.name);
        }
        text.extend(
            wrap(&misfit, width)
                .into_iter()
                .map(|line| Line::styled(line, theme.error)),
        );
        if tall {
            text.push(Line::default());
        }
    }
    text.extend(Totals::of(pane, lab, &lab.summary).lines(width, theme, tall));
    text.extend(
        wrap(&about_weights(lab), width)
            .into_iter()
            .map(|line| Line::styled(line, theme.accent)),
    );
    if tall {
        text.push(Line::default());
    }
    text.extend(about_preset(&lab.described_preset(), width, theme, tall));
    if tall {
        text.push(Line::default());
        text.extend(about_layer(lab, width, theme));
    }
    text
}

/// What the totals are of.
pub(super) struct Totals<'a> {
    pub summary: &'a NetworkSummary,
    /// Bytes of a training step.
    pub memory: u64,
    pub epoch: Option<EpochTime>,
}

impl<'a> Totals<'a> {
    /// Of the network on the screen or an edit of it.
    pub fn of(pane: &NetworkPane, lab: &Lab, summary: &'a NetworkSummary) -> Self {
        Self {
            summary,
            memory: step_memory(&lab.preset, summary),
            epoch: pane.epoch_time(lab, summary),
        }
    }

    pub fn lines(&self, width: usize, theme: &Theme, tall: bool) -> Vec<Line<'static>> {
        let figure = |name: &'static str, value: String| {
            vec![
                Span::styled(format!("{name} "), theme.dim),
                Span::styled(value, theme.text),
            ]
        };
        let summary = self.summary;
        let mut figures = vec![
            figure("parameters", count(summary.parameters)),
            figure("trainable", count(summary.trainable)),
            figure("not trainable", count(summary.non_trainable)),
            figure("mult-adds an image", short(summary.multiply_accumulates)),
            figure("memory for a batch", bytes(self.memory)),
        ];
        let mut how = String::new();
        if let Some(epoch) = &self.epoch {
            let (time, known) = epoch_time(epoch);
            figures.push(figure("an epoch", time));
            how = known;
        }
        let dim = |line: String| Line::styled(line, theme.dim);
        if tall {
            let figures = figures.into_iter().map(Line::from);
            return figures
                .chain(wrap(&how, width).into_iter().map(dim))
                .collect();
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
}

/// Bytes that a training step on one batch of the preset's recipe takes, as estimated.
pub fn step_memory(preset: &Preset, summary: &NetworkSummary) -> u64 {
    let recipe = &preset.training;
    let optimizer = recipe.optimizer.build();
    let memory = summary.memory(recipe.batch_size, optimizer.state_names().len());
    memory.total()
}

/// How long an epoch takes, and how that is known.
fn epoch_time(epoch: &EpochTime) -> (String, String) {
    match epoch {
        EpochTime::Taken { seconds: time } => (
            format!("about {}", seconds(*time)),
            "as the latest one took".to_owned(),
        ),
        EpochTime::Measured {
            seconds: time,
            steps,
            threads,
        } => {
            let how = format!(
                "measured: {} on {}",
                counted(*steps, "step"),
                counted(*threads, "thread")
            );
            (format!("about {}", seconds(*time)), how)
        }
        EpochTime::Estimated { seconds: time } => (
            format!("about {}", seconds(*time)),
            "estimated by the mult-adds".to_owned(),
        ),
        EpochTime::Measuring => ("…".to_owned(), "being measured".to_owned()),
        EpochTime::Later => ("–".to_owned(), "measured when no training runs".to_owned()),
        EpochTime::Impossible(reason) => ("–".to_owned(), format!("not measured: {reason}")),
    }
}

/// `1 step`, `20 steps`
fn counted(number: usize, what: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {what}{ending}", count(number))
}

pub(super) fn about_preset(
    preset: &Preset,
    width: usize,
    theme: &Theme,
    tall: bool,
) -> Vec<Line<'static>> {
    let mut text: Vec<Line> = wrap(&preset.description, width)
        .into_iter()
        .map(|line| Line::styled(line, theme.text))
        .collect();
    let recipe = &preset.training;
    let mut facts = format!(
        "{}, {} epochs, batch {}",
        recipe.optimizer.kind().name,
        count(recipe.epochs),
        recipe.batch_size
    );
    if recipe.augment.is_some() {
        facts += ", augmented";
    }
    if let Some(data) = &preset.data {
        facts += &format!(", on {data}");
    }
    let published = published(preset);
    if !tall
        && !published.is_empty()
        && facts.chars().count() + 3 + published.chars().count() <= width
    {
        text.push(Line::styled(format!("{facts} · {published}"), theme.dim));
        return text;
    }
    let dim = |facts: &str| {
        wrap(facts, width)
            .into_iter()
            .map(|line| Line::styled(line, theme.dim))
            .collect::<Vec<_>>()
    };
    text.extend(dim(&facts));
    text.extend(dim(&published));
    text
}

/// What others measured with the preset, in words.
fn published(preset: &Preset) -> String {
    let Some(expect) = preset.expect else {
        return String::new();
    };
    let accuracy = expect
        .best_val_accuracy
        .map(|accuracy| format!("accuracy {accuracy:.4}"));
    let loss = expect
        .lowest_val_loss
        .map(|loss| format!("lowest loss {loss:.4}"));
    let figures: Vec<_> = accuracy.into_iter().chain(loss).collect();
    if figures.is_empty() {
        return String::new();
    }
    format!("published {}", figures.join(", "))
}

/// Which layers keep their trained weights, where some do and some start new.
fn about_weights(lab: &Lab) -> String {
    let weights = lab.layer_weights(&lab.preset.network(), &lab.summary);
    let weights = weights.unwrap_or_default();
    let is = |wanted: fn(&LayerWeights) -> bool| {
        let layers = lab.summary.layers.iter().zip(&weights);
        let layers = layers.filter(move |(_, weights)| wanted(weights));
        layers.map(|(layer, _)| layer.name.as_str())
    };
    let kept = is(|weights| matches!(weights, LayerWeights::Trained(_))).count();
    let new: Vec<_> = is(|weights| *weights == LayerWeights::New).collect();
    if kept == 0 || new.is_empty() {
        return String::new();
    }
    format!(
        "Trained weights are kept but for {}. Training goes on from them; R starts all afresh.",
        new.join(", ")
    )
}

/// The layer under the cursor in words.
fn about_layer(lab: &Lab, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let position = lab.cursors.layer;
    let (Some(spec), Some(layer)) = (
        lab.preset.layers.get(position),
        lab.summary.layers.get(position),
    ) else {
        return Vec::new();
    };
    let mut text = vec![Line::styled(layer.name.clone(), theme.title)];
    let dim = |line: String| Line::styled(line, theme.dim);
    text.extend(wrap(spec.kind().help, width).into_iter().map(dim));
    for (field, value) in spec.fields() {
        text.push(Line::from(vec![
            Span::styled(format!("{:<16}", field.name), theme.dim),
            Span::styled(value.to_string(), theme.text),
        ]));
    }
    let weights = lab.layer_weights(&lab.preset.network(), &lab.summary);
    let weights = match weights.as_ref().and_then(|weights| weights.get(position)) {
        None | Some(LayerWeights::None) => None,
        Some(LayerWeights::New) => Some("new, not trained yet".to_owned()),
        Some(LayerWeights::Trained(0)) => Some("trained for less than an epoch".to_owned()),
        Some(LayerWeights::Trained(1)) => Some("trained for an epoch".to_owned()),
        Some(LayerWeights::Trained(epochs)) => {
            Some(format!("trained for {} epochs", count(*epochs)))
        }
    };
    text.extend(weights.map(|weights| {
        Line::from(vec![
            Span::styled(format!("{:<16}", "weights"), theme.dim),
            Span::styled(weights, theme.text),
        ])
    }));
    if layer.receptive_field > 0 {
        text.push(Line::from(vec![
            Span::styled(format!("{:<16}", "sees"), theme.dim),
            Span::styled(format!("{0}×{0} pixels", layer.receptive_field), theme.text),
        ]));
    }
    text
}
