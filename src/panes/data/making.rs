//! What can be made, and the form of what is asked for.

use super::task_form;
use crate::data::tasks::{DIGITS, SHIFTED, TaskKind, TaskRequest, WARPED};
use crate::lab::Lab;
use crate::overlays::{Arrangement, Entry, List};

/// The list of sets that can be made.
pub(super) fn list() -> List {
    List::new("Make a data set", |lab| {
        let kinds = [&SHIFTED, &WARPED, &DIGITS].into_iter();
        let entries = kinds.map(|kind| {
            let lacks_set = kind.changes_a_set && lab.chosen_set().is_none();
            Entry::new(kind.title, kind.help, move |lab| ask_for(kind, lab)).refused(
                lacks_set.then(|| "no set is loaded whose images could be changed".to_owned()),
            )
        });
        entries.collect()
    })
    .size(100, None)
    .arranged(Arrangement::Words)
}

/// Opens the form of a task.
pub(super) fn ask_for(kind: &'static TaskKind, lab: &mut Lab) {
    if kind.changes_a_set && lab.chosen_set().is_none() {
        return lab.refuse("no set is loaded whose images could be changed: open one with o");
    }
    let target = kind.changes_a_set.then(|| {
        let name = lab.chosen_set().map_or("", |set| set.name.as_str());
        format!("{}-augmented.npz", file_name(name))
    });
    form(kind, target, lab);
}

/// Opens the form of a task with its first texts.
pub(super) fn form(
    kind: &'static TaskKind,
    texts: impl IntoIterator<Item = String>,
    lab: &mut Lab,
) {
    let dataset = lab.chosen_set().filter(|_| kind.changes_a_set).cloned();
    task_form::open(TaskRequest::new(kind, texts), dataset, None, lab);
}

/// A name that every system takes for a file.
fn file_name(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        letter if letter.is_alphanumeric() || "-_.".contains(letter) => letter.to_ascii_lowercase(),
        _ => '-',
    });
    letters.collect()
}
