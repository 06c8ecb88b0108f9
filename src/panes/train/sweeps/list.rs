//! The list of sweeps.

use super::{ListSweeps, ListedSweep, SweepPage};
use crate::lab::Lab;
use crate::overlays::{Entry, List};
use crate::ui::format::{count, file_name};

/// Opens the list of the sweeps in the lab's folder.
pub fn open(lab: &mut Lab) {
    let question = ListSweeps {
        folder: lab.sweeps_folder.clone(),
    };
    let list = List::found(
        "Sweeps",
        "Reading the sweeps …",
        Some(question),
        |_, sweeps| {
            let sweeps = sweeps.into_iter().flat_map(|sweeps| sweeps.iter());
            sweeps.map(entry).collect()
        },
    );
    let list = list.size(130, None).verb("open").nothing(|lab| {
        (
            "No sweeps yet",
            format!(
                "v on the Train pane varies a setting, V trains with further seeds. Every sweep is saved in {}.",
                lab.sweeps_folder.display()
            ),
        )
    });
    lab.open(list);
}

fn entry(sweep: &ListedSweep) -> Entry {
    let detail = match &sweep.trials {
        Ok([trials, left]) => {
            let best = sweep.best.map(|best| format!("best {best:.4}"));
            let on = sweep.data.as_ref().map(|data| format!("on {data}"));
            let figure: Vec<String> = best.into_iter().chain(on).collect();
            let now = match (sweep.is_running, left) {
                (true, _) => Some("training".to_owned()),
                (false, 0) => None,
                (false, _) => Some("stopped".to_owned()),
            };
            let done = format!("{}/{} done", count(trials - left), count(*trials));
            let parts = [Some(done), now, Some(figure.join(" "))];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            parts.join(" · ")
        }
        Err(problem) => problem.clone(),
    };
    let folder = sweep.folder.clone();
    Entry::new(file_name(&sweep.folder), detail, move |lab| {
        lab.open(SweepPage::new(folder.clone()));
    })
    .refused(sweep.trials.clone().err())
}
