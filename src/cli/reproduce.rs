//! `convscope reproduce [NAME…]`: repeats the experiments of the original Tkinter/Keras program and compares its published figures
//! with those measured here.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::{WrapErr, eyre};

use super::Action;
use super::arguments::{PlaceArguments, whole};
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::output::{self, line, thousands};
use super::train::{Reporter, Telling, drive, find, load};
use crate::runs::RunLabel;
use crate::session::{Plan, Session, thread_pool};
use crate::training::{BUILT_IN, Best, Expectation, Preset, vector_instructions};
use crate::wording::counted;

/// The experiments that run if no name is given: those with figures published by the original program that finish within minutes.
const USUAL: &[&str] = &[
    "fashion-conv1",
    "fashion-conv2",
    "fashion-conv3",
    "fashion-dense2",
    "fashion-dense2-dropout",
    "fashion-dense4",
    "fashion-dense4-dropout",
    "fashion-bn4",
];
const CSV: &str = "reproduce.csv";
const MARKDOWN: &str = "reproduce.md";

/// Repeat the original Tkinter/Keras program's experiments and compare published with measured figures
#[derive(Debug, Args)]
#[command(after_help = format!("Each experiment is a separate run under --runs; after each one the table is also saved there, as {CSV} and {MARKDOWN}. \
    The published figures hold for the full set and each preset's own number of epochs: with the starter set, other data or \
    --epochs they are omitted."))]
pub struct ReproduceArguments {
    /// Built-in presets with published figures [default: conv1-3, dense2 and dense4 with and without dropout, bn4]
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Epochs to train, instead of each preset's
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    epochs: Option<usize>,
    #[command(flatten)]
    places: PlaceArguments,
}

struct Row {
    /// Under the name that it was trained as.
    preset: Preset,
    /// The published figures, if this is the published experiment on its own data.
    published: Option<Expectation>,
    best: Best,
    parameters: usize,
    seconds: f64,
}

impl Action for ReproduceArguments {
    fn run(self) -> Result<(), Failure> {
        let presets = presets(&self)?;
        let interrupt = Interrupt::listen().map_err(Failure::failed)?;
        let mut rows = Vec::new();
        for preset in presets {
            let row = train(preset, &self, &interrupt)?;
            rows.push(row);
            save(&self.places.runs.folder, &rows)?;
        }
        line(&markdown(&rows))?;
        output::note(&format!(
            "saved as {CSV} and {MARKDOWN} in {}",
            self.places.runs.folder.display()
        ));
        Ok(())
    }
}

/// The requested presets; all names are checked before the first run.
fn presets(arguments: &ReproduceArguments) -> Result<Vec<Preset>, Failure> {
    let names: Vec<&str> = match arguments.names.is_empty() {
        true => USUAL.to_vec(),
        false => arguments.names.iter().map(String::as_str).collect(),
    };
    let mut presets = Vec::new();
    for name in names {
        if !BUILT_IN.iter().any(|(known, _)| *known == name) {
            let names = BUILT_IN.iter().map(|(known, _)| *known);
            let has_figures =
                |known: &&str| Preset::built_in(known).is_some_and(|p| p.expect.is_some());
            let with_figures: Vec<&str> = names.filter(has_figures).collect();
            return Err(Failure::Input(eyre!(
                "{name}: not a built-in preset; those with published figures are {}",
                with_figures.join(", ")
            )));
        }
        let mut preset = Preset::open(name).map_err(Failure::input)?;
        if preset.expect.is_none() {
            return Err(Failure::Input(eyre!(
                "{name}: has no published figures to compare with; train it with `convscope train {name}`"
            )));
        }
        // The published figures are for uncorrected sets.
        preset.training.corrections = None;
        // The original program counts every epoch.
        preset.training.await_batch_norm = false;
        preset.training.epochs = arguments.epochs.unwrap_or(preset.training.epochs);
        preset.data = arguments.places.data_or(preset.data.as_deref())?;
        preset
            .check()
            .map_err(|reason| Failure::Input(eyre!("{name}: {reason}")))?;
        presets.push(preset);
    }
    Ok(presets)
}

fn train(
    preset: Preset,
    arguments: &ReproduceArguments,
    interrupt: &Interrupt,
) -> Result<Row, Failure> {
    let pool = thread_pool(arguments.places.threads()).map_err(Failure::failed)?;
    let mut session = Session::start(Plan {
        dataset: load(preset.data.as_deref())?,
        preset: preset.clone(),
        runs_folder: Some(arguments.places.runs.folder.clone()),
        pool: Arc::clone(&pool),
        find: Arc::new(find),
        predecessor: None,
        label: RunLabel::default(),
    })
    .map_err(Failure::input)?;
    let reporter = Reporter::new(&session, Telling::default());
    drive(&mut session, interrupt, &reporter)?;
    reporter.clear();
    let best = session.best().ok_or_else(|| {
        Failure::Failed(eyre!(
            "{}: ended before its first epoch was complete",
            preset.name
        ))
    })?;
    let published = session.published();
    if published.is_none() {
        output::note(&not_comparable(&preset, &session));
    }
    Ok(Row {
        published,
        parameters: session.trainer().model().parameter_count(),
        seconds: session
            .history()
            .iter()
            .map(|metrics| metrics.seconds)
            .sum(),
        preset: session.preset().clone(),
        best,
    })
}

/// Why there are no published figures to compare with this run of `preset`.
fn not_comparable(preset: &Preset, session: &Session) -> String {
    let original = Preset::built_in(&preset.name).unwrap_or(preset);
    format!(
        "{}: published figures omitted: they are for {} on all of {}, but this run is for {} on {}",
        preset.name,
        counted(original.training.epochs, "epoch"),
        original.data.as_deref().unwrap_or("its data"),
        session.trainer().planned_epochs(),
        session.trainer().dataset().name
    )
}

fn save(folder: &Path, rows: &[Row]) -> Result<(), Failure> {
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text)
            .wrap_err_with(|| format!("{}: cannot be written", path.display()))
            .map_err(Failure::Failed)
    };
    write(CSV, csv(rows))?;
    write(MARKDOWN, markdown(rows) + "\n")
}

/// One line per experiment; fields without published figures are empty.
fn csv(rows: &[Row]) -> String {
    let mut text = String::from(
        "preset,published_best_accuracy,best_accuracy,best_accuracy_epoch,published_lowest_val_loss,lowest_val_loss,\
         lowest_val_loss_epoch,epochs,parameters,seconds,vector_instructions\n",
    );
    for row in rows {
        let Row { preset, best, .. } = row;
        let expected = row.published.unwrap_or_default();
        let published = |figure: Option<f64>| figure.map_or_else(String::new, |f| f.to_string());
        let _ = writeln!(
            text,
            "{},{},{:.4},{},{},{:.4},{},{},{},{:.1},{}",
            field(&preset.name),
            published(expected.best_val_accuracy),
            best.val_accuracy,
            best.val_accuracy_epoch,
            published(expected.lowest_val_loss),
            best.val_loss,
            best.val_loss_epoch,
            preset.training.epochs,
            row.parameters,
            row.seconds,
            vector_instructions()
        );
    }
    text
}

/// A text field, quoted as RFC 4180 requires.
fn field(text: &str) -> String {
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// The same as a Markdown table with aligned columns.
fn markdown(rows: &[Row]) -> String {
    let titles = [
        "preset",
        "accuracy, published",
        "here",
        "epoch",
        "lowest loss, published",
        "here",
        "epoch",
        "parameters",
        "seconds",
        "instructions",
    ];
    let mut cells = vec![titles.map(str::to_owned).to_vec()];
    for row in rows {
        let Row { preset, best, .. } = row;
        let expected = row.published.unwrap_or_default();
        let published =
            |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), |f| format!("{f:.4}"));
        cells.push(vec![
            preset.name.clone(),
            published(expected.best_val_accuracy),
            format!("{:.4}", best.val_accuracy),
            best.val_accuracy_epoch.to_string(),
            published(expected.lowest_val_loss),
            format!("{:.4}", best.val_loss),
            best.val_loss_epoch.to_string(),
            thousands(row.parameters),
            format!("{:.0}", row.seconds),
            vector_instructions().to_owned(),
        ]);
    }
    let mut rows = output::padded(&cells, |column| column == 0);
    let rules = rows[0].iter().enumerate().map(|(column, title)| {
        let width = title.chars().count();
        match column {
            0 => "-".repeat(width),
            _ => "-".repeat(width - 1) + ":",
        }
    });
    rows.insert(1, rules.collect());
    let lines = rows.iter().map(|row| format!("| {} |", row.join(" | ")));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Row {
        Row {
            published: Preset::open(name).unwrap().expect,
            preset: Preset::open(name).unwrap(),
            best: Best {
                val_accuracy: 0.9,
                val_accuracy_epoch: 7,
                val_loss: 0.25,
                val_loss_epoch: 6,
            },
            parameters: 31_450,
            seconds: 61.26,
        }
    }

    #[test]
    fn the_usual_experiments_have_published_figures() {
        for name in USUAL {
            let expected = Preset::open(name).unwrap().expect.unwrap();
            assert!(expected.best_val_accuracy.is_some(), "{name}");
        }
    }

    #[test]
    fn tables_hold_published_and_measured_figures_side_by_side() {
        let rows = [row("fashion-conv1")];
        let used = vector_instructions();
        assert_eq!(
            csv(&rows).lines().nth(1),
            Some(
                format!("fashion-conv1,0.8964,0.9000,7,0.2944,0.2500,6,20,31450,61.3,{used}")
                    .as_str()
            )
        );
        assert_eq!(
            markdown(&rows).lines().nth(2),
            Some(format!("| fashion-conv1 |              0.8964 | 0.9000 |     7 |                 0.2944 | 0.2500 |     6 |     31,450 |      61 | {used:>12} |").as_str())
        );
        let lengths: Vec<usize> = markdown(&rows)
            .lines()
            .map(|line| line.chars().count())
            .collect();
        assert_eq!(lengths, [lengths[0]; 3]);
    }
}
