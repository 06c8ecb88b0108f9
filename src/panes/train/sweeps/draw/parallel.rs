//! All trials as lines through an axis for each setting and one for the outcome.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::{SweepPage, SweepView, TrialView, levels};
use crate::ui::format::fit;
use crate::ui::panel::{empty, lines};
use crate::ui::theme::{Background, ColorMap, Theme};
use crate::ui::widgets::{Parallel, ParallelAxis, ParallelLine, Stroke};

/// Values of which there are more are placed by their size.
const MOST_LEVELS: usize = 8;
/// Positive numbers that differ by such a factor are placed by their logarithm.
const LOGARITHMIC_FROM: f64 = 50.0;
/// Values of the colour map that read on a dark background, and on a light one.
const DARK: [f64; 2] = [90.0, 255.0];
const LIGHT: [f64; 2] = [0.0, 190.0];

pub(super) fn draw(
    page: &SweepPage,
    sweep: &SweepView,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    if sweep.varied.paths().is_empty() {
        let advice = "Trials and curves show what it does.";
        return empty("Only the seed differs", advice, area, buffer, theme);
    }
    let ranked = sweep.ranked();
    let (Some(best), Some(chosen)) = (ranked.first().copied(), page.chosen(sweep)) else {
        let advice = "They are drawn from the first epoch of a trial on.";
        return empty("No figures yet", advice, area, buffer, theme);
    };
    let [plot, text] = Layout::vertical([Fill(1), Length(2)]).areas(area);
    let mut axes: Vec<Placed> = (0..sweep.varied.paths().len())
        .map(|index| Placed::setting(sweep, index))
        .collect();
    axes.push(Placed::outcome(sweep, &ranked));
    let style = |trial: &TrialView| {
        let height = axes.last().map_or(0.0, |axis| axis.height(sweep, trial));
        by_outcome(height, theme)
    };
    // The better ones above the worse, then the best, then the chosen one.
    let others = ranked.iter().rev().map(|trial| (*trial, style(trial)));
    let solid = |style| (style, Stroke::Solid);
    let highlighted = [
        (best, solid(theme.title)),
        (chosen, solid(theme.validation)),
    ];
    let through: Vec<ParallelLine> = others
        .chain(highlighted)
        .map(|(trial, (style, stroke))| ParallelLine {
            heights: axes.iter().map(|axis| axis.height(sweep, trial)).collect(),
            style,
            stroke,
        })
        .collect();
    let drawn: Vec<ParallelAxis> = axes.iter().map(|axis| axis.axis.clone()).collect();
    Parallel {
        axes: &drawn,
        lines: &through,
        chosen: page.axis(sweep),
        theme,
    }
    .render(plot, buffer);
    let told = |word: &str, trial: &TrialView, style: Style| {
        let figure = sweep.outcome(trial);
        let figure = figure.map_or_else(String::new, |figure| format!("{figure:.4}  "));
        let words = format!(
            "{figure}trial {}: {}",
            trial.trial.number,
            trial.trial.in_words()
        );
        let room = usize::from(text.width).saturating_sub(12);
        Line::from(vec![
            Span::styled(format!("── {word:<9}"), style),
            Span::styled(fit(&words, room), theme.text),
        ])
    };
    let rows = [
        told("selected", chosen, theme.validation),
        told("best", best, theme.title),
    ];
    lines(rows, text, buffer);
}

/// The style of a line by the height of its outcome; without colours the better half is solid.
fn by_outcome(height: f64, theme: &Theme) -> (Style, Stroke) {
    let [low, high] = match theme.background {
        Background::Light => LIGHT,
        Background::Dark | Background::Unknown => DARK,
    };
    let value = (low + (high - low) * height.clamp(0.0, 1.0)).round() as u8;
    match theme.paint(ColorMap::Viridis).value(value) {
        Some(color) => (Style::new().fg(color), Stroke::Solid),
        None if height >= 0.5 => (theme.text, Stroke::Solid),
        None => (theme.dim, Stroke::Dotted),
    }
}

/// An axis, and where the trials are on it.
struct Placed {
    axis: ParallelAxis,
    place: Place,
}

enum Place {
    /// The varied setting with this number, its levels at equal distances.
    Levels(usize, Vec<String>),
    /// Its numbers by their size, between these ends.
    Numbers(usize, [f64; 2], bool),
    /// The outcome, between the worst and the best.
    Outcome([f64; 2]),
}

impl Placed {
    fn setting(sweep: &SweepView, index: usize) -> Self {
        let levels = levels(sweep, index);
        let title = sweep.varied.names()[index].clone();
        let numbers: Option<Vec<f64>> = levels.iter().map(|text| text.parse().ok()).collect();
        if let (Some(numbers), true) = (numbers, levels.len() > MOST_LEVELS) {
            let ends = [numbers[0], numbers[numbers.len() - 1]];
            let is_log = ends[0] > 0.0 && ends[1] / ends[0] >= LOGARITHMIC_FROM;
            let labels = [levels[0], levels[levels.len() - 1]];
            let ticks = [0.0, 1.0].into_iter().zip(labels.map(str::to_owned));
            return Self {
                axis: ParallelAxis {
                    title: if is_log {
                        format!("{title}, log")
                    } else {
                        title
                    },
                    ticks: ticks.collect(),
                },
                place: Place::Numbers(index, ends, is_log),
            };
        }
        let levels: Vec<String> = levels.into_iter().map(str::to_owned).collect();
        let ticks = levels.iter().enumerate();
        Self {
            axis: ParallelAxis {
                title,
                ticks: ticks
                    .map(|(at, level)| (height_of(at, levels.len()), level.clone()))
                    .collect(),
            },
            place: Place::Levels(index, levels),
        }
    }

    /// The better outcomes are at the top, whether they are higher or lower.
    fn outcome(sweep: &SweepView, ranked: &[&TrialView]) -> Self {
        let figure = |trial: Option<&&TrialView>| trial.and_then(|trial| sweep.outcome(trial));
        let ends = [figure(ranked.last()), figure(ranked.first())];
        let ends = ends.map(|end| end.unwrap_or(0.0));
        let ticks = [0.0, 1.0]
            .into_iter()
            .zip(ends.map(|end| format!("{end:.4}")));
        let word = match sweep.by.is_higher_better() {
            true => "accuracy",
            false => "loss",
        };
        Self {
            axis: ParallelAxis {
                title: word.to_owned(),
                ticks: match ends[0] == ends[1] {
                    true => vec![(0.5, format!("{:.4}", ends[0]))],
                    false => ticks.collect(),
                },
            },
            place: Place::Outcome(ends),
        }
    }

    fn height(&self, sweep: &SweepView, trial: &TrialView) -> f64 {
        let value = |index: usize| trial.trial.setting(&sweep.varied.paths()[index]);
        let height = match &self.place {
            Place::Levels(index, levels) => value(*index).and_then(|value| {
                let at = levels.iter().position(|level| level == value)?;
                Some(height_of(at, levels.len()))
            }),
            Place::Numbers(index, ends, is_log) => value(*index).and_then(|value| {
                let number: f64 = value.parse().ok()?;
                Some(match is_log {
                    true => share(number.ln(), ends.map(f64::ln)),
                    false => share(number, *ends),
                })
            }),
            Place::Outcome(ends) => sweep.outcome(trial).map(|outcome| share(outcome, *ends)),
        };
        height.unwrap_or(f64::NAN)
    }
}

/// The height of a level among so many.
fn height_of(at: usize, levels: usize) -> f64 {
    match levels {
        1 => 0.5,
        levels => at as f64 / (levels - 1) as f64,
    }
}

/// Where a value is between two ends, which may be equal.
fn share(value: f64, [low, high]: [f64; 2]) -> f64 {
    match low == high {
        true => 0.5,
        false => (value - low) / (high - low),
    }
}
