//! Progress of the run: epochs, batches, speed, time left, batch losses; and a summary of the settings of the next run.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::data::DatasetSummary;
use crate::lab::{Lab, Part, Phase, Run};
use crate::panes::train::run_state::phase;
use crate::training::Validation;
use crate::ui::format::{count, file_name, fit, seconds, width_of};
use crate::ui::panel::{below, fact, lines, panel, paragraph, wrapped};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Progress, Sparkline};
use crate::wording::{counted, decimals, part_of};
use crate::worker::Outcome;

pub(super) fn draw_progress(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Progress);
    let [run_area, recipe_area] = Layout::horizontal([Fill(1), Length(28)]).areas(area);
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
    let blocked = lab.refusal.clone().or_else(|| lab.start_blocked());
    let blocked = blocked.filter(|_| !lab.is_starting());
    let (headline, style) = match &blocked {
        _ if lab.is_starting() => ("▶ starting", theme.accent),
        Some(_) if lab.refusal.is_some() => ("✗ refused", theme.error),
        Some(_) => ("▲ not ready", theme.warning),
        None => ("● ready", theme.good),
    };
    let set = lab.chosen_set();
    let on = set.map_or(String::new(), |set| format!(" on {}", set.name));
    let head = Line::from(vec![
        Span::styled(format!("{headline}  "), style),
        Span::styled(lab.title(), theme.text),
        Span::styled(on, theme.dim),
    ]);
    let (text, style) = match blocked {
        Some(reason) => (reason, theme.text),
        None => (set.map_or(String::new(), |set| plan(lab, set)), theme.dim),
    };
    let text = [head, Line::default()]
        .into_iter()
        .chain(wrapped(&text, width, style));
    lines(text, area, buffer);
}

/// A summary of the next run on the set.
fn plan(lab: &Lab, set: &DatasetSummary) -> String {
    let recipe = &lab.preset.training;
    let marked = lab.corrections_in_words(&set.name);
    let part = recipe.train_images.map(|_| {
        let images = recipe.training_images(&lab.training_counts(set));
        format!(" on {}", counted(images, "training image"))
    });
    format!(
        "{} of {}{}{}; {}.",
        counted(recipe.epochs, "epoch"),
        counted(lab.steps(recipe, set), "step"),
        part.unwrap_or_default(),
        marked.map_or(String::new(), |marked| format!(", {marked}")),
        validation(recipe.validation, set)
    )
}

/// What the run validates on, and what that means.
fn validation(validation: Validation, set: &DatasetSummary) -> String {
    let test_images = set.test_len();
    match (validation, set.validation_len()) {
        (Validation::Test, None) => format!(
            "validated on the {} test images, so the best accuracy is optimistic",
            count(test_images)
        ),
        (Validation::Test, Some(own)) => format!(
            "validated on the {} test images, although the set brings {} (e, validation: data)",
            count(test_images),
            counted(own, "validation image")
        ),
        (Validation::Data, own) => format!(
            "validated on the set's {}, tested once at the end on the {} test images",
            counted(own.unwrap_or_default(), "validation image"),
            count(test_images)
        ),
        (Validation::Split(share), _) => format!(
            "validated on {} % of the training images, tested once at the end on the {} test images",
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
    if run.is_active() && run.in_use.stops_after_epoch {
        head.insert(1, Span::styled("stops after this epoch  ", theme.warning));
    }
    lines([Line::from(head)], area, buffer);
    let area = below(area, 1);

    let trouble = match (&lab.refusal, &run.phase) {
        (Some(reason), _) => Some(format!("The new run was refused: {reason}")),
        (None, Phase::Ended(Outcome::Failed { message })) => Some(message.clone()),
        _ => run.trouble.clone(),
    };
    if let Some(trouble) = trouble {
        paragraph(&trouble, theme.error, area, buffer);
        return;
    }

    let epochs = format!("{} of {}", run.epoch(), run.facts.epochs);
    let mut gauges = vec![("epoch", run.share(), epochs)];
    if run.is_active() {
        let running = run.running();
        // Another set may have more.
        let batches = running.map_or(run.facts.batches_per_epoch, |batch| batch.batches);
        let batch = running.map_or(0, |batch| batch.batch);
        let text = format!("{} of {}", count(batch), count(batches));
        gauges.push(("batch", run.epoch_share(), text));
    }
    for ((name, share, text), row) in gauges.iter().zip(area.rows()).filter(|_| width >= 20) {
        let bar = after_name(name, row, buffer, theme);
        Progress::new(*share, text, theme).render(bar, buffer);
    }
    let area = below(area, gauges.len() as u16);
    lines(
        [speed(run, width, theme), figures(run, width, theme)],
        area,
        buffer,
    );
    let left = below(area, 2);
    if left.height > 0 && left.width > 20 {
        let losses: Vec<f32> = run.batches.iter().map(|batch| batch.loss as f32).collect();
        let mut spark = after_name("losses", left, buffer, theme);
        spark.height = spark.height.min(4);
        Sparkline::new(&losses, theme).render(spark, buffer);
    }
}

/// Draws a name at the left of an area and returns the room beside it.
fn after_name(name: &str, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Rect {
    let [names, rest] = Layout::horizontal([Length(7), Fill(1)]).areas(area);
    lines([Line::styled(name, theme.dim)], names, buffer);
    rest
}

/// Pairs of a dim name and a value in a row, as many as fit.
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

/// Shortened to five decimals or to scientific notation if long.
fn learning_rate(rate: f64) -> String {
    let plain = rate.to_string();
    match plain.len() {
        0..=8 => plain,
        _ if rate >= 0.001 => format!("{rate:.5}"),
        _ => format!("{rate:.2e}"),
    }
}

/// The means of the current epoch so far, else the figures of the last one.
fn figures(run: &Run, width: usize, theme: &Theme) -> Line<'static> {
    let facts = match (run.running(), run.history.last()) {
        (Some(batch), _) => vec![
            ("loss", decimals(batch.mean_loss, 4)),
            ("accuracy", decimals(batch.mean_accuracy, 4)),
            ("", "so far".to_owned()),
        ],
        (None, Some(metrics)) => vec![
            // Measured once, at the end.
            (
                "test",
                run.test
                    .map_or_else(String::new, |test| decimals(test.accuracy, 4)),
            ),
            ("loss", decimals(metrics.loss, 4)),
            ("accuracy", decimals(metrics.accuracy, 4)),
            ("validation", decimals(metrics.val_accuracy, 4)),
        ],
        (None, None) => vec![("", "waiting for the first batch".to_owned())],
    };
    pairs(facts, width, theme)
}

/// Columns of the names.
const NAMES: usize = 11;

/// The settings of the next run: those always shown, then unusual ones in order of importance.
fn recipe(lab: &Lab, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let recipe = &lab.preset.training;
    let line = |name, value: String| {
        let value = fit(&value, width.saturating_sub(NAMES));
        fact(name, NAMES, value, theme)
    };
    let (epochs, batch) = (count(recipe.epochs), count(recipe.batch_size));
    let optimizer = &recipe.optimizer;
    let rate = optimizer.learning_rate();
    let mut text = vec![
        name(&lab.title(), width, theme),
        line("epochs", format!("{epochs}, batch {batch}")),
        line("optimizer", format!("{} {rate}", optimizer.kind().name)),
    ];
    if let (Some(_), Some(set)) = (recipe.train_images, lab.chosen_set()) {
        let (images, all) = (
            recipe.training_images(&lab.training_counts(set)),
            set.train_len(),
        );
        text.push(line("images", part_of(images, all)));
    }
    if recipe.balanced_batches {
        text.push(line("batches", "balanced".to_owned()));
    }
    if let Some(weights) = &recipe.class_weights {
        text.push(line("class loss", weights.to_string()));
    }
    if let Some(transfer) = &recipe.transfer {
        let from = match (&transfer.from, &transfer.pretrain) {
            (Some(folder), _) => file_name(folder),
            (None, Some(pretrain)) => format!("{} pretraining", pretrain.data),
            (None, None) => "none".to_owned(),
        };
        text.push(line("weights of", from));
    }
    if !recipe.schedule.values().is_empty() {
        text.push(line("schedule", recipe.schedule.kind().name.to_owned()));
    }
    if recipe.augment.is_some() {
        text.push(line("augment", "on".to_owned()));
    }
    text.push(line(
        "validation",
        match recipe.validation {
            Validation::Test => "test set".to_owned(),
            Validation::Split(share) => format!("{} % held out", 100.0 * share),
            Validation::Data => "the set's own".to_owned(),
        },
    ));
    if let Some(patience) = recipe.early_stopping.patience {
        text.push(line("patience", counted(patience, "epoch")));
    }
    if !recipe.plan.is_empty() {
        text.push(line("planned", counted(recipe.plan.len(), "change")));
    }
    text.push(line("seed", lab.preset.seed.to_string()));
    let published = lab.published();
    if let Some(accuracy) = published.and_then(|figures| figures.best_val_accuracy) {
        text.push(line("published", format!("{accuracy:.4}")));
    }
    text
}

/// The network's name. A long one replaces its caption, and is shortened before its `edited` is.
fn name(title: &str, width: usize, theme: &Theme) -> Line<'static> {
    if width_of(title) + NAMES <= width {
        return fact("network", NAMES, title.to_owned(), theme);
    }
    let (plain, ending) = title.rsplit_once(", ").unwrap_or((title, ""));
    let ending = match ending {
        "" => String::new(),
        ending => format!(", {ending}"),
    };
    let room = width.saturating_sub(width_of(&ending));
    Line::styled(fit(plain, room) + &ending, theme.text)
}
