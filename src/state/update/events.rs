//! News from the worker; what belongs to an earlier run or request is ignored.

use super::super::lab::{Lab, Notice};
use super::{choose_set, data};
use crate::data::DatasetSummary;
use crate::worker::Event;

pub(super) fn apply(lab: &mut Lab, event: Event) {
    match event {
        Event::DataLoaded { summary, seconds } => data_loaded(lab, summary, seconds),
        Event::Data(event) => data::told(lab, event),
        Event::Answered => {}
        Event::DraftFound(found) => lab.drafts.found = Some(found),
        Event::Marks(marks) => lab.corrections.came(marks),
        // What all panes share has taken it in.
        _ => {}
    }
}

fn data_loaded(lab: &mut Lab, summary: DatasetSummary, seconds: f64) {
    lab.say(
        Notice::Information,
        format!("{} is loaded, in {seconds:.2} s.", summary.name),
    );
    lab.corrections.forget(&summary.name);
    let position = match lab.sets.iter().position(|set| set.name == summary.name) {
        Some(position) => {
            lab.sets[position] = summary;
            position
        }
        None => {
            lab.sets.push(summary);
            lab.sets.len() - 1
        }
    };
    choose_set(lab, position);
}

pub fn worker_lost(lab: &mut Lab) {
    if lab.quitting {
        return;
    }
    lab.jobs.clear();
    crate::lab::events::lose_worker(lab);
}
