//! The list of sweeps.

use super::{ListSweeps, ListedSweep, SweepPage};
use crate::lab::Lab;
use crate::overlays::{Entry, List};
use crate::ui::format::file_name;

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
    let best = sweep.best.map(|best| format!("best {best:.4}"));
    let on = sweep.data.as_ref().map(|data| format!("on {data}"));
    let parts = match &sweep.stands {
        Ok(stands) => vec![best, on, Some(stands.clone())],
        Err(problem) => vec![Some(problem.clone())],
    };
    let detail: Vec<String> = parts.into_iter().flatten().collect();
    let folder = sweep.folder.clone();
    Entry::new(file_name(&sweep.folder), detail.join(" · "), move |lab| {
        lab.open(SweepPage::new(folder.clone()));
    })
    .refused(sweep.stands.clone().err())
}
