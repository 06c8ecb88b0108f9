//! `convscope sweep list`: the sweeps in a folder.

use clap::Args;
use serde_json::json;

use super::super::Action;
use super::super::arguments::{JsonArgument, SweepsArgument};
use super::super::failure::Failure;
use super::super::output::{line, note, table, warn};
use super::failure;
use crate::sweep::{Coordinator, Stand, SweepFolder};
use crate::wording::decimals;

/// List sweeps, the newest first: trials, how many are finished, and the best accuracy
#[derive(Debug, Args)]
pub struct ListArguments {
    #[command(flatten)]
    sweeps: SweepsArgument,
    #[command(flatten)]
    json: JsonArgument,
}

impl Action for ListArguments {
    fn run(self) -> Result<(), Failure> {
        let folders = SweepFolder::list(&self.sweeps.folder).map_err(failure)?;
        let mut rows = vec![
            [
                "sweep", "trials", "finished", "failed", "left", "best", "now",
            ]
            .map(str::to_owned)
            .to_vec(),
        ];
        for folder in folders.into_iter().rev() {
            let path = folder.path().to_owned();
            let sweep = match Coordinator::look(folder) {
                Ok(sweep) => sweep,
                Err(error) => {
                    warn(&error.to_string());
                    continue;
                }
            };
            let count = |is_counted: fn(&Stand) -> bool| {
                let states = sweep.trials().map(|(_, state)| &state.stand);
                states.filter(|stand| is_counted(stand)).count()
            };
            let finished = count(|stand| *stand == Stand::Finished);
            let training = count(|stand| *stand == Stand::Training);
            let failed = count(|stand| matches!(stand, Stand::Failed { .. }));
            let best = sweep.trials().filter_map(|(_, state)| state.best);
            let best = best.map(|best| best.val_accuracy).reduce(f64::max);
            let by = sweep.folder().run_by();
            let (all, left) = (sweep.trials().count(), sweep.left());
            if self.json.json {
                let row = json!({
                    "folder": path, "trials": all, "finished": finished, "failed": failed, "left": left,
                    "best_val_accuracy": best, "run_by": by,
                });
                line(&row.to_string())?;
                continue;
            }
            rows.push(vec![
                path.display().to_string(),
                all.to_string(),
                finished.to_string(),
                failed.to_string(),
                left.to_string(),
                best.map_or_else(String::new, |best| decimals(best, 4)),
                match (by, training) {
                    (Some(by), _) => format!("run by {by}"),
                    (None, 0) => String::new(),
                    // Without a coordinator, as on a cluster.
                    (None, training) => format!("{training} in training"),
                },
            ]);
        }
        match (self.json.json, rows.len()) {
            (true, _) => Ok(()),
            (false, 1) => {
                note(&format!("{}: no sweeps", self.sweeps.folder.display()));
                Ok(())
            }
            (false, _) => line(&table(&rows, |column| column == 0 || column == 6)),
        }
    }
}
