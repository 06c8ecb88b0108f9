//! News from the worker; what belongs to an earlier run or request is ignored.

use super::super::lab::{Lab, Notice};
use super::{choose_set, data, gallery};
use crate::data::DatasetSummary;
use crate::worker::{Event, Purpose};

pub(super) fn apply(lab: &mut Lab, event: Event) {
    match event {
        Event::DataLoaded { summary, seconds } => data_loaded(lab, summary, seconds),
        Event::Data(event) => data::told(lab, event),
        Event::Answered => {}
        Event::Prediction(prediction) => {
            let asked = lab.pad.asked.as_ref();
            // While strokes come faster than answers, the latest answer is the best there is.
            if asked.is_some_and(|(request, _)| prediction.request <= *request) {
                lab.pad.shown = Some(prediction);
            }
        }
        Event::Neighbours(neighbours) => {
            // As with predictions, the latest answer is the best there is.
            let shown = lab.pad.shown.as_ref();
            if shown.is_some_and(|shown| neighbours.request <= shown.request) {
                lab.pad.neighbours = neighbours.images;
            }
        }
        Event::DrawingSaved { path } => {
            lab.pad.saving_ended(true);
            lab.say(
                Notice::Information,
                format!("Written to {}.", path.display()),
            );
        }
        Event::DrawingKept { path, class, kept } => {
            lab.pad.saving_ended(true);
            lab.pad.keeps += 1;
            let name = lab.network_class_name(class);
            let folder = path.parent().unwrap_or(&path).display();
            let drawings = if kept == 1 {
                "your first drawing".to_owned()
            } else {
                format!("{kept} drawings in all")
            };
            let text = format!(
                "Kept as “{name}”: {drawings}, in {folder}; v shows how the network reads them."
            );
            lab.say(Notice::Information, text);
        }
        Event::Drawings(judged) => {
            let asked = lab.pad.asked_kept.as_ref();
            if asked.is_some_and(|(request, _)| *request == judged.request) {
                lab.pad.kept = Some(judged);
            }
        }
        Event::DraftFound(found) => lab.drafts.found = Some(found),
        Event::Judged(page) => gallery::judged(lab, *page),
        Event::Judging {
            request,
            done,
            images,
        } => gallery::judging(lab, request, (done, images)),
        Event::Marks(marks) => lab.corrections.came(marks),
        Event::Failed {
            what: Purpose::SaveDrawing | Purpose::KeepDrawing,
            ..
        } => {
            lab.pad.saving_ended(false);
            lab.stay();
        }
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
