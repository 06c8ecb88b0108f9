//! What a run without the screen prints: a bar on a terminal, a line per epoch, a summary at the end.

use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::failure::Failure;
use crate::cli::output::{self, thousands};
use crate::session::Session;
use crate::training::{Better, EpochMetrics, FIGURES, FinalTest, StepReport, Unit};
use crate::wording::{counted, decimals, part_of};

/// Redraws of the bar per second; over SSH more would cost without showing more.
const FRAMES_PER_SECOND: u8 = 4;

/// What is printed of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Telling {
    /// Epochs as JSON, and nothing else on stdout.
    pub json: bool,
    /// Only the result.
    pub quiet: bool,
}

/// Reports the progress of a run: epochs on stdout, everything else on stderr. Its errors are those of writing to stdout.
pub struct Reporter {
    telling: Telling,
    epochs: usize,
    /// Whether it was reported that batch norm is young.
    is_young: AtomicBool,
    /// On stderr; hidden if that is not a terminal.
    bar: ProgressBar,
}

impl Reporter {
    /// Prints what is about to be trained.
    pub fn new(session: &Session, telling: Telling) -> Self {
        let trainer = session.trainer();
        let dataset = trainer.dataset();
        output::note(&format!(
            "{} on {}: {} training and {} {} images, {} of {}, {}",
            session.preset().name,
            dataset.name,
            part_of(trainer.training_images(), trainer.available_images()),
            thousands(trainer.validation_images()),
            trainer.recipe().validation.portion().word(),
            counted(trainer.planned_epochs(), "epoch"),
            counted(trainer.batches_per_epoch(), "batch"),
            counted(trainer.pool().current_num_threads(), "thread"),
        ));
        for note in session.notes() {
            output::note(note);
        }
        if !session.history().is_empty() {
            output::note(&format!(
                "resuming after {}",
                counted(session.history().len(), "whole epoch")
            ));
        }
        if let Some(folder) = session.folder() {
            output::note(&format!("run folder {}", folder.path().display()));
        }
        let batches = trainer.batches_per_epoch() as u64;
        let target = match telling.quiet {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr_with_hz(FRAMES_PER_SECOND),
        };
        let bar = ProgressBar::with_draw_target(Some(batches), target);
        let style = ProgressStyle::with_template("{prefix} {bar:12} {pos}/{len} {wide_msg}")
            .expect("the template is well formed");
        bar.set_style(style);
        Self {
            telling,
            epochs: trainer.planned_epochs(),
            is_young: AtomicBool::new(false),
            bar,
        }
    }

    pub fn batch(&self, step: &StepReport) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar
            .set_prefix(format!("epoch {}/{}", step.epoch, self.epochs));
        self.bar.set_position(step.batch as u64);
        self.bar.set_message(format!(
            "loss {:.4}  accuracy {:.4}  {} images/s",
            step.mean_loss,
            step.mean_accuracy,
            thousands(step.images_per_second as usize)
        ));
    }

    /// One line, as `metrics.jsonl` has it or in words.
    pub fn epoch(&self, metrics: &EpochMetrics) -> Result<(), Failure> {
        let line = if self.telling.json {
            serde_json::to_string(metrics).expect("metrics have only string keys")
        } else if self.telling.quiet {
            return Ok(());
        } else {
            let digits = self.epochs.to_string().len();
            format!(
                "epoch {:>digits$}/{}{}",
                metrics.epoch,
                self.epochs,
                in_words(metrics)
            )
        };
        self.bar.suspend(|| output::line(&line))?;
        if let Some(young) = metrics.young()
            && !self.is_young.swap(true, Ordering::Relaxed)
        {
            self.note(&young.to_string());
        }
        if !self.telling.json {
            for change in &metrics.changes {
                self.note(&format!("  in epoch {}: {change}", metrics.epoch));
            }
        }
        Ok(())
    }

    /// The test set's figures; on stderr if stdout is for JSON.
    pub fn test(&self, test: &FinalTest, session: &Session) -> Result<(), Failure> {
        let text = format!(
            "test accuracy {:.4}, loss {:.4}{}, with the weights of epoch {}{}",
            test.accuracy,
            test.loss,
            self.on(test.stretch, session),
            test.epoch,
            match test.times {
                0 | 1 => String::new(),
                times => format!(
                    "; the test set was measured {times} times in this run, so this is optimistic"
                ),
            }
        );
        self.tell(&text)
    }

    /// A line on stdout, or on stderr if stdout is for JSON.
    fn tell(&self, text: &str) -> Result<(), Failure> {
        match self.telling.json {
            true => {
                self.note(text);
                Ok(())
            }
            false => self.bar.suspend(|| output::line(text)),
        }
    }

    /// Removes the bar.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// A line on stderr.
    pub fn note(&self, text: &str) {
        self.bar.suspend(|| output::note(text));
    }

    /// A warning on stderr.
    pub fn warn(&self, text: &str) {
        self.bar.suspend(|| output::warn(text));
    }

    /// The best epochs, with the published figures beside them, and the folder; on stderr if stdout is for JSON.
    pub fn summary(&self, session: &Session) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        let Some(best) = session.best() else {
            let young = session.history().last().and_then(EpochMetrics::young);
            return young.map_or(Ok(()), |young| self.tell(&young.to_string()));
        };
        let on = self.on(session.trainer().stretch(), session);
        let expected = session.published().unwrap_or_default();
        let published = |figure: Option<f64>| {
            figure.map_or_else(String::new, |figure| format!(" (published: {figure:.4})"))
        };
        let mut lines = vec![
            format!(
                "best validation accuracy {:.4} at epoch {}{on}{}",
                best.val_accuracy,
                best.val_accuracy_epoch,
                published(expected.best_val_accuracy)
            ),
            format!(
                "lowest validation loss   {:.4} at epoch {}{on}{}",
                best.val_loss,
                best.val_loss_epoch,
                published(expected.lowest_val_loss)
            ),
        ];
        if session.trainer().stopped_early() {
            lines.push("stopped early: the validation loss stopped falling".to_owned());
        }
        if let Some(folder) = session.folder() {
            lines.push(format!("run folder {}", folder.path().display()));
        }
        self.tell(&lines.join("\n"))
    }

    /// The set that a figure of this stretch was measured on, if the run was measured on several.
    fn on(&self, stretch: usize, session: &Session) -> String {
        match stretch {
            1 => String::new(),
            _ => format!(" on {}", session.trainer().dataset().name),
        }
    }

    /// `after 3 whole epochs of 10; the weights are in runs/…`
    pub fn what_is_left(&self, session: &Session) -> String {
        self.bar.finish_and_clear();
        let epochs = session.history().len();
        let folder = session.folder().map(|folder| folder.path().display());
        let place = folder.map_or_else(
            || "nothing was written".to_owned(),
            |folder| format!("the weights are in {folder}"),
        );
        format!(
            "after {} of {}; {place}",
            counted(epochs, "whole epoch"),
            self.epochs
        )
    }
}

/// The figures of an epoch: first those shown by name, then those shown by their unit.
fn in_words(metrics: &EpochMetrics) -> String {
    let (mut named, mut measured) = (String::new(), String::new());
    for figure in FIGURES
        .iter()
        .filter(|figure| figure.better != Better::Neither)
    {
        let Some(value) = (figure.of)(metrics) else {
            continue;
        };
        match figure.unit {
            Unit::Share | Unit::Nats | Unit::Plain => {
                named += &format!("  {} {value:.4}", figure.name);
            }
            Unit::Seconds => measured += &format!("  {} s", decimals(value, 1)),
            Unit::ImagesPerSecond => {
                measured += &format!("  {} images/s", thousands(value as usize))
            }
        }
    }
    named + &measured
}
