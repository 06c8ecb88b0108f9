//! How far the run is: epochs, batches, speed, what is left, the losses of its batches.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::recipe::recipe;
use crate::lab::{Lab, Part, Phase, Run};
use crate::panes::train::run_state::phase;
use crate::training::Validation;
use crate::ui::format::{count, seconds, wrap};
use crate::ui::panel::{lines, panel, sentence};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Progress, Sparkline};
use crate::worker::Outcome;

pub(super) fn draw_progress(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Progress);
    let [run_area, recipe_area] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(28)]).areas(area);
    let inner = panel("Run", focused, run_area, buffer, theme);
    match &lab.run {
        Some(run) => draw_run(lab, run, inner, buffer, theme),
        None => draw_ready(lab, inner, buffer, theme),
    }
    let inner = panel("Settings · e", focused, recipe_area, buffer, theme);
    lines(recipe(lab, usize::from(inner.width), theme), inner, buffer);
}

fn draw_ready(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let width = usize::from(area.width);
    let (mark, headline, style) = if lab.is_starting() {
        ("▶", "starting", theme.accent)
    } else if lab.refusal.is_some() {
        ("✗", "refused", theme.error)
    } else if lab.start_blocked().is_some() {
        ("▲", "not ready", theme.warning)
    } else {
        ("●", "ready", theme.good)
    };
    let mut text = vec![Line::from(vec![
        Span::styled(format!("{mark} {headline}  "), style),
        Span::styled(lab.title(), theme.text),
        Span::styled(
            lab.chosen_set()
                .map_or(String::new(), |set| format!(" on {}", set.name)),
            theme.dim,
        ),
    ])];
    text.push(Line::default());
    let reason = lab.refusal.clone().or_else(|| lab.start_blocked());
    match reason {
        Some(reason) if !lab.is_starting() => {
            text.extend(wrap(&reason, width).into_iter().map(Line::raw));
        }
        _ => {
            let plan = lab.chosen_set().map_or(String::new(), |set| {
                let recipe = &lab.preset.training;
                let images = recipe.validation.training_images(&lab.training_counts(set));
                let steps = images.div_ceil(recipe.batch_size);
                let marked = lab.corrections_in_words(&set.name);
                format!(
                    "{} epochs of {} steps{}; {}.",
                    count(recipe.epochs),
                    count(steps),
                    marked.map_or(String::new(), |marked| format!(", {marked}")),
                    validation(recipe.validation, set.test_len())
                )
            });
            text.extend(sentence(&plan, theme.dim, width));
        }
    }
    lines(text, area, buffer);
}

/// What is measured after each epoch, and what that means.
fn validation(validation: Validation, test_images: usize) -> String {
    match validation {
        Validation::Test => format!(
            "measured on the {} test images after each, as the seed GUI does: the best epoch chosen by them flatters",
            count(test_images)
        ),
        Validation::Split(share) => format!(
            "measured on {} % of the training images after each, and once, at the end, on the {} test images",
            100.0 * share,
            count(test_images)
        ),
    }
}

fn draw_run(lab: &Lab, run: &Run, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let width = usize::from(area.width);
    let (mark, word, style) = phase(run, theme);
    let mut head = vec![
        Span::styled(format!("{mark} {word}  "), style),
        Span::styled(run.facts.name.clone(), theme.title),
        Span::styled(format!(" on {}", run.in_use.set.dataset), theme.dim),
    ];
    if lab.is_starting() {
        head = vec![Span::styled("▶ starting …", theme.accent)];
    }
    let mut rows = area.rows();
    let mut next = || rows.next().unwrap_or_default();
    if run.is_active() && run.in_use.stops_after_epoch {
        head.insert(1, Span::styled("stops after this epoch  ", theme.warning));
    }
    let row = next();
    buffer.set_line(row.x, row.y, &Line::from(head), row.width);

    let trouble = match (&lab.refusal, &run.phase) {
        (Some(reason), _) => Some(format!("The new training was refused: {reason}")),
        (None, Phase::Ended(Outcome::Failed { message })) => Some(message.clone()),
        _ => run.trouble.clone(),
    };
    if let Some(trouble) = trouble {
        for line in wrap(&trouble, width) {
            let row = next();
            if row.is_empty() {
                break;
            }
            buffer.set_line(row.x, row.y, &Line::styled(line, theme.error), row.width);
        }
        return;
    }

    let gauge = |name: &str, share: f64, text: &str, row: Rect, buffer: &mut Buffer| {
        if row.width < 20 {
            return;
        }
        buffer.set_line(row.x, row.y, &Line::styled(name.to_owned(), theme.dim), 7);
        let bar = Rect {
            x: row.x + 7,
            width: row.width - 7,
            ..row
        };
        Progress::new(share, text, theme).render(bar, buffer);
    };
    let epochs = format!("{} of {}", run.epoch(), run.facts.epochs);
    gauge("epoch", run.share(), &epochs, next(), buffer);
    if run.is_active() {
        let batch = run.running().map_or(0, |batch| batch.batch);
        // Other data may have more.
        let batches = run.running().map(|batch| batch.batches);
        let batches = batches.unwrap_or(run.facts.batches_per_epoch);
        let text = format!("{} of {}", count(batch), count(batches));
        gauge("batch", run.epoch_share(), &text, next(), buffer);
    }
    let row = next();
    buffer.set_line(row.x, row.y, &speed(run, width, theme), row.width);
    let row = next();
    buffer.set_line(row.x, row.y, &figures(run, width, theme), row.width);
    let left = Rect {
        y: row.y + 1,
        height: area.bottom().saturating_sub(row.y + 1),
        ..area
    };
    let losses: Vec<f32> = run.batch_losses.iter().map(|loss| *loss as f32).collect();
    if left.height > 0 && left.width > 20 {
        let caption = Line::styled("losses", theme.dim);
        buffer.set_line(left.x, left.y, &caption, 7);
        let spark = Rect {
            x: left.x + 7,
            width: left.width - 7,
            height: left.height.min(4),
            ..left
        };
        Sparkline::new(&losses, theme).render(spark, buffer);
    }
}

/// Pairs of a dim name and a value in a row, as many as have room.
fn pairs(pairs: Vec<(&'static str, String)>, width: usize, theme: &Theme) -> Line<'static> {
    let mut spans: Vec<Span> = Vec::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        let mut more = spans.clone();
        if !more.is_empty() {
            more.push(Span::raw("   "));
        }
        if !name.is_empty() {
            more.push(Span::styled(format!("{name} "), theme.dim));
        }
        more.push(Span::styled(value, theme.text));
        if Line::from(more.clone()).width() > width {
            break;
        }
        spans = more;
    }
    Line::from(spans)
}

fn speed(run: &Run, width: usize, theme: &Theme) -> Line<'static> {
    let mut facts = Vec::new();
    if let Some(speed) = run.images_per_second() {
        facts.push(("speed", format!("{} images/s", count(speed.round() as u64))));
    }
    if let Some(left) = run.seconds_left() {
        facts.push(("left", seconds(left)));
    } else if !run.history.is_empty() {
        facts.push(("took", seconds(run.seconds())));
    }
    let rate = run.running().map(|batch| batch.learning_rate);
    let rate = rate.or(run.history.last().map(|metrics| metrics.learning_rate));
    if let Some(rate) = rate {
        let name = if width >= 72 { "learning rate" } else { "rate" };
        facts.push((name, learning_rate(rate)));
    }
    pairs(facts, width, theme)
}

/// With the digits that tell it from others.
fn learning_rate(rate: f64) -> String {
    let plain = rate.to_string();
    match plain.len() {
        0..=8 => plain,
        _ if rate >= 0.001 => format!("{rate:.5}"),
        _ => format!("{rate:.2e}"),
    }
}

/// Of the epoch under way its means so far, else of the last one what it ended with.
fn figures(run: &Run, width: usize, theme: &Theme) -> Line<'static> {
    let facts = match (run.running(), run.history.last()) {
        (Some(batch), _) => vec![
            ("loss", format!("{:.4}", batch.mean_loss)),
            ("accuracy", format!("{:.4}", batch.mean_accuracy)),
            ("", "so far".to_owned()),
        ],
        (None, Some(metrics)) => vec![
            // Measured once, at the end.
            (
                "test",
                run.test
                    .map_or_else(String::new, |test| format!("{:.4}", test.accuracy)),
            ),
            ("loss", format!("{:.4}", metrics.loss)),
            ("accuracy", format!("{:.4}", metrics.accuracy)),
            ("validation", format!("{:.4}", metrics.val_accuracy)),
        ],
        (None, None) => vec![("", "the first batch is on its way".to_owned())],
    };
    pairs(facts, width, theme)
}
