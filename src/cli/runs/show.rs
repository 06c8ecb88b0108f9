//! `convscope runs show RUN`: what a run's folder tells of it, and how often its test set was measured.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use serde_json::json;

use super::super::Subcommand;
use super::super::failure::Failure;
use super::super::output::line;
use super::open;
use crate::runs::{Occasion, RunFolder, RunRecord, RunSummary};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "show",
    define,
    run,
};

#[derive(Debug, Args)]
struct ShowArguments {
    /// The folder of the run
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// Print one line of JSON, with every epoch
    #[arg(long)]
    json: bool,
}

fn define(command: Command) -> Command {
    ShowArguments::augment_args(command).about(
        "Show a run: network, data, epochs, best figures, and each time that its test set was measured",
    )
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let ShowArguments { run, json } = ShowArguments::from_arg_matches(matches)?;
    let summary = open(&run)?;
    let folder = RunFolder::open(&run).map_err(Failure::input)?;
    let record = folder.record().map_err(Failure::input)?;
    match json {
        true => line(&in_json(&summary, &record)),
        false => line(&in_words(&summary, &record)),
    }
}

fn in_json(summary: &RunSummary, record: &RunRecord) -> String {
    let mut told = json!(summary);
    told["tests"] = json!(record.tests);
    told.to_string()
}

fn in_words(summary: &RunSummary, record: &RunRecord) -> String {
    let epochs = summary.history.len();
    let mut rows = vec![
        ("network", summary.name.clone()),
        ("data", summary.data_in_words()),
        ("seed", record.seed.to_string()),
        ("epochs", format!("{epochs} of {}", summary.planned_epochs)),
        (
            "validated on",
            record.validation_of_epoch(epochs.max(1)).to_string(),
        ),
    ];
    if let Some(best) = summary.best() {
        rows.push((
            "best",
            format!(
                "accuracy {:.4} at epoch {}, loss {:.4} at epoch {}",
                best.val_accuracy, best.val_accuracy_epoch, best.val_loss, best.val_loss_epoch
            ),
        ));
    }
    rows.extend(record.tests.iter().map(|test| {
        let occasion = match test.occasion {
            Occasion::End => "at the end, the best epoch",
            Occasion::Asked => "on the screen, when it was asked for",
        };
        let text = format!(
            "accuracy {:.4}, loss {:.4} at epoch {}: {occasion}, {}",
            test.accuracy, test.loss, test.epoch, test.measured
        );
        ("test set", text)
    }));
    if let Some(by) = &summary.trained_by {
        rows.push(("now", format!("training, {by}")));
    }
    let rows = rows
        .iter()
        .map(|(what, text)| format!("\n{what:<12}  {text}"));
    summary.title() + &rows.collect::<String>()
}
