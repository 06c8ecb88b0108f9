//! What happens in the galleries of the Results pane.

use super::super::gallery::{GalleryQuery, TestFigures};
use super::super::lab::{Lab, Notice};
use super::super::pane_id::PaneId;
use super::show;
use crate::analysis::Gallery;
use crate::data::SplitName;
use crate::lab::Phase;
use crate::ui::Motion;
use crate::worker::{Command, JudgedPage, JudgedRequest, Outcome, RunId};

/// Opens the images of the cell under the cursor.
pub(super) fn open_cell(lab: &mut Lab) {
    let (truth, predicted) = lab.cursors.confusion;
    let table = lab.run.as_ref().and_then(|run| run.confusion.as_ref());
    let images = table.map_or(0, |(_, table)| table.count(truth, predicted));
    if images == 0 {
        let name = |class: usize| {
            let run = lab.run.as_ref();
            run.map_or_else(
                || class.to_string(),
                |run| run.measured_on.class_name(class),
            )
        };
        let (truth, predicted) = (name(truth), name(predicted));
        let text = format!("No image of class {truth} was taken for {predicted}.");
        return lab.say(Notice::Refusal, text);
    }
    open(lab, Gallery::Cell { truth, predicted });
}

pub(super) fn open(lab: &mut Lab, gallery: Gallery) {
    show(lab, PaneId::Results);
    lab.gallery.open(gallery);
}

/// One step out; says whether there was one.
pub(super) fn back(lab: &mut Lab) -> bool {
    if lab.gallery.is_enlarged {
        lab.gallery.is_enlarged = false;
        return true;
    }
    lab.gallery.open.take().is_some()
}

/// Holds the image under the cursor, or lets it go where it is held.
pub(super) fn pin(lab: &mut Lab) {
    if lab.holds_gallery_image() {
        lab.unpin();
    } else if let Some((dataset, split, index)) = current(lab) {
        lab.pin_image(&dataset, split, index);
    }
}

/// Looks at the activations of the image under the cursor.
pub(super) fn show_activations(lab: &mut Lab) {
    if let Some((dataset, split, index)) = current(lab) {
        lab.look_at(&dataset, split, index);
    }
}

/// The image under the cursor: its set, split and position.
fn current(lab: &Lab) -> Option<(String, SplitName, usize)> {
    let dataset = lab.gallery.page.as_ref()?.set.dataset.clone();
    let image = lab.gallery.current()?;
    Some((dataset, split(lab), image.judgement.index))
}

/// Of which split the images are.
fn split(lab: &Lab) -> SplitName {
    lab.gallery.open.map_or(SplitName::Test, Gallery::split)
}

pub(super) fn go(lab: &mut Lab, motion: Motion) {
    let room = room(lab);
    let gallery = &lab.gallery;
    let (count, matching) = gallery
        .page
        .as_ref()
        .map_or((0, 0), |page| (page.images.len().min(room), page.matching));
    let columns = match gallery.is_enlarged {
        true => 1,
        false => lab.fits.images.0.max(1),
    };
    let (cursor, from) = (gallery.cursor, gallery.from);
    let to = match motion {
        Motion::PageDown if from + room < matching => return lab.gallery.turn(from + room),
        Motion::PageUp if from > 0 => return lab.gallery.turn(from.saturating_sub(room)),
        Motion::PageDown | Motion::PageUp => {
            let end = if motion == Motion::PageUp {
                "first"
            } else {
                "last"
            };
            return lab.say(Notice::Refusal, format!("This is the {end} page."));
        }
        Motion::Up if cursor >= columns => cursor - columns,
        Motion::Up => cursor,
        Motion::Down if cursor + columns < count => cursor + columns,
        Motion::Down => cursor,
        other => other.along(cursor, count, count),
    };
    lab.gallery.cursor = to;
}

/// Images that find room on a page.
fn room(lab: &Lab) -> usize {
    (lab.fits.images.0 * lab.fits.images.1).max(1)
}

/// Asks for images and figures that the pane on the screen shows and that have not been asked for.
pub(super) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    stop_judging(lab, commands);
    if lab.pane != PaneId::Results {
        return;
    }
    let Some((run, epochs)) = weights(lab) else {
        return;
    };
    let Some(dataset) = lab.run.as_ref().map(|run| run.in_use.set.dataset.clone()) else {
        return;
    };
    // Figures cost a pass over all test images, which a training under way would have to wait for.
    let is_settled = lab.run.as_ref().is_some_and(|run| !run.is_active());
    let figures = Some((run, epochs, dataset.clone()));
    if is_settled && lab.gallery.asked_figures != figures {
        lab.gallery.asked_figures = figures;
        let request = lab.next_request();
        commands.push(Command::Judged(JudgedRequest {
            request,
            run,
            gallery: Gallery::ConfidentErrors,
            epochs,
            from: 0,
            count: 0,
        }));
    }
    let Some(gallery) = lab.gallery.open else {
        return;
    };
    let query = GalleryQuery {
        run,
        epochs: judging_epochs(lab, gallery, epochs),
        dataset,
        gallery,
        from: lab.gallery.from,
        count: room(lab),
    };
    let asked = lab.gallery.asked.as_ref();
    if asked.is_none_or(|(_, asked)| *asked != query) {
        let request = lab.next_request();
        commands.push(Command::Judged(JudgedRequest {
            request,
            run,
            gallery,
            epochs: query.epochs,
            from: query.from,
            count: query.count,
        }));
        lab.gallery.asked = Some((request, query));
    }
}

/// The finished epochs of the weights that are to judge. To judge all training images again after each epoch of a training under way
/// would cost it more than it tells: those that judged first judge on, until the gallery is opened anew.
fn judging_epochs(lab: &Lab, gallery: Gallery, now: usize) -> usize {
    let is_costly = gallery.split() == SplitName::Train;
    let is_active = lab.run.as_ref().is_some_and(|run| run.is_active());
    let asked = lab.gallery.asked.as_ref().map(|(_, asked)| asked);
    match asked.filter(|asked| is_costly && is_active && asked.gallery == gallery) {
        Some(asked) => asked.epochs,
        None => now,
    }
}

/// Stops judging training images where they are not waited for any more.
fn stop_judging(lab: &mut Lab, commands: &mut Vec<Command>) {
    let asked = lab.gallery.asked.as_ref().map(|(_, asked)| asked.gallery);
    let is_judging = asked.is_some_and(|asked| asked.split() == SplitName::Train);
    if is_judging && lab.gallery.page.is_none() && lab.gallery.open != asked {
        lab.gallery.asked = None;
        lab.gallery.progress = None;
        commands.push(Command::StopJudging);
    }
}

/// The run and the finished epochs of weights that can judge.
fn weights(lab: &Lab) -> Option<(RunId, usize)> {
    let run = lab.run.as_ref()?;
    let is_useless = matches!(run.phase, Phase::Ended(Outcome::Failed { .. }));
    (!is_useless && !run.history.is_empty()).then_some((run.facts.run, run.history.len()))
}

/// Takes an answer in.
pub(super) fn judged(lab: &mut Lab, page: JudgedPage) {
    let current = lab.run.as_ref().map(|run| run.facts.run);
    if current != Some(page.run) {
        return;
    }
    if page.split == SplitName::Test {
        lab.gallery.figures = Some(TestFigures {
            run: page.run,
            epochs: page.epochs,
            dataset: page.set.dataset.clone(),
            figures: page.figures.clone(),
        });
    }
    let asked = lab.gallery.asked.as_ref();
    if asked.is_some_and(|(request, _)| *request == page.request) {
        let last = page.images.len().saturating_sub(1);
        lab.gallery.cursor = lab.gallery.cursor.min(last);
        lab.gallery.is_enlarged &= !page.images.is_empty();
        lab.gallery.page = Some(page);
    }
}

/// Takes in how far the judging is.
pub(super) fn judging(lab: &mut Lab, request: u64, progress: (usize, usize)) {
    let asked = lab.gallery.asked.as_ref();
    if asked.is_some_and(|(asked, _)| *asked == request) {
        lab.gallery.progress = Some(progress);
    }
}

impl Lab {
    /// Whether images lie over the table of results.
    pub fn is_in_gallery(&self) -> bool {
        self.pane == PaneId::Results && !self.pad.is_open && self.gallery.open.is_some()
    }

    /// Whether the image under the gallery's cursor is the one that is held.
    pub fn holds_gallery_image(&self) -> bool {
        current(self).is_some_and(|(dataset, split, index)| self.is_pinned(&dataset, split, index))
    }

    /// Why no images can be shown by what the network takes them for.
    pub fn gallery_blocked(&self) -> Option<String> {
        let reason = match &self.run {
            None => "no network was trained yet",
            Some(run) if run.history.is_empty() => "the first epoch is not done yet",
            Some(_) if weights(self).is_none() => {
                "the training failed, and its weights are useless"
            }
            Some(_) => return None,
        };
        Some(reason.to_owned())
    }
}
