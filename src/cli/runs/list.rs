//! `convscope runs list`: the runs in the runs folder that a query finds.

use clap::Args;

use super::super::Action;
use super::super::arguments::{RunsArgument, whole};
use super::super::failure::Failure;
use super::super::output::{line, note, table};
use super::figure;
use crate::runs::{QUERY_KEYS, Query, RunDigest};

/// List runs, newest first: network, data, epochs, best figures, tags and notes
#[derive(Debug, Args)]
#[command(after_help = keys())]
pub struct ListArguments {
    /// Filter, such as: accuracy>0.9 optimizer:adam tag:final state!=stopped sort:loss
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    runs: RunsArgument,
    /// Sort by a key or setting, the best first; -KEY reverses the order
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    sort: Option<String>,
    /// List archived runs too
    #[arg(long)]
    all: bool,
    /// List deleted runs, which `convscope runs restore` brings back
    #[arg(long, conflicts_with = "all")]
    deleted: bool,
    /// Print at most so many
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    limit: Option<usize>,
    /// Print one line of JSON for each run
    #[arg(long)]
    json: bool,
}

/// What can be asked for.
fn keys() -> String {
    let rows = QUERY_KEYS.iter();
    let rows = rows.map(|key| format!("  {:<12}{}\n", key.name, key.help));
    format!(
        "Keys:\n{}  and every setting of network and training by its path, or the end of its path, such as learning_rate or training.optimizer\n\n\
         A query has terms KEY:VALUE (or = != > >= < <=) and words, which are searched for in name, network, data, note and tags. All must match. A \
         - before a term negates it (on the command line after --).",
        rows.collect::<String>()
    )
}

impl Action for ListArguments {
    fn run(self) -> Result<(), Failure> {
        let folder = self.runs.folder;
        let mut query = Query::parse(&quoted(&self.query)).map_err(Failure::sentence)?;
        if let Some(key) = &self.sort {
            query.sort_by(key);
        }
        let mut all = match self.deleted {
            false => crate::runs::list(&folder),
            true => crate::runs::list_deleted(&folder),
        }
        .map_err(Failure::input)?;
        let before = all.len();
        all.retain(|run| self.all || self.deleted || !run.notes.archived);
        let archived = before - all.len();
        let mut runs = query.choose(&all).map_err(Failure::sentence)?;
        runs.truncate(self.limit.unwrap_or(usize::MAX));
        if self.json {
            for run in &runs {
                line(&serde_json::to_string(run).expect("a digest has only string keys"))?;
            }
            return Ok(());
        }
        if runs.is_empty() {
            let what = match all.is_empty() {
                true => "no runs",
                false => "no run matches",
            };
            note(&format!("{}: {what}", folder.display()));
        } else {
            line(&in_a_table(&runs))?;
        }
        if archived > 0 {
            note(&format!("{archived} archived; --all lists them too"));
        }
        for run in runs {
            if let Some(problem) = &run.problem {
                note(problem);
            }
        }
        Ok(())
    }
}

/// One query of several arguments, of which the shell took the quotes away.
fn quoted(words: &[String]) -> String {
    let quote = |word: &String| match word.contains(char::is_whitespace) && !word.contains('"') {
        true => format!("\"{word}\""),
        false => word.clone(),
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

fn in_a_table(runs: &[&RunDigest]) -> String {
    let header = [
        "run", "network", "data", "epochs", "best", "at", "loss", "test",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(runs.iter().map(|run| row(run)));
    // Columns that few runs have something for.
    type Column = (&'static str, fn(&RunDigest) -> String);
    let further: [Column; 3] = [
        ("now", |run| {
            let by = run.trained_by.as_ref();
            by.map_or_else(String::new, |by| format!("training, {by}"))
        }),
        ("tags", |run| {
            let tags: Vec<&str> = run.notes.tags.iter().map(String::as_str).collect();
            tags.join(",")
        }),
        ("note", |run| run.notes.note.clone()),
    ];
    for (heading, of) in further {
        let cells: Vec<String> = runs.iter().map(|run| of(run)).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows[0].push(heading.to_owned());
            rows[1..]
                .iter_mut()
                .zip(cells)
                .for_each(|(row, cell)| row.push(cell));
        }
    }
    table(&rows, |column| column < 3 || column >= header.len())
}

fn row(run: &RunDigest) -> Vec<String> {
    vec![
        run.title(),
        run.name.clone(),
        run.data.clone(),
        format!("{}/{}", run.epochs, run.planned_epochs),
        figure(run.best.map(|best| best.val_accuracy)),
        run.best
            .map_or_else(String::new, |best| best.val_accuracy_epoch.to_string()),
        figure(run.best.map(|best| best.val_loss)),
        figure(run.test.map(|test| test.accuracy)),
    ]
}
