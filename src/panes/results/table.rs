//! The confusion matrix: which images it counts, its cursor, and the request for figures over all images.

use super::ResultsPane;
use super::judge::{Judge, Judging};
use crate::analysis::{ConfusionTable, Gallery};
use crate::lab::{Lab, Motion, Part, Phase, Run};
use crate::training::Portion;
use crate::worker::{Outcome, RunId, SetNames};

/// Classes that Page up and Page down skip.
const PAGE: usize = 10;

/// A confusion matrix with its origin.
#[derive(Clone, Copy)]
pub(super) struct ShownTable<'a> {
    pub run: &'a Run,
    /// The epoch after which it was measured.
    pub epoch: usize,
    pub table: &'a ConfusionTable,
    pub measured_on: &'a SetNames,
    pub portion: Portion,
}

impl ResultsPane {
    /// The matrix of the images that the pane shows.
    pub(super) fn table<'a>(&'a self, lab: &'a Lab) -> Option<ShownTable<'a>> {
        let run = lab.run.as_ref()?;
        let portion = self.portion(lab);
        let (epoch, table, measured_on) = if portion == run.portion {
            let (epoch, table) = run.confusion.as_ref()?;
            (*epoch, table, &run.measured_on)
        } else {
            let results = self.results(lab)?;
            (results.epochs, &results.table, &results.set)
        };
        Some(ShownTable {
            run,
            epoch,
            table,
            measured_on,
            portion,
        })
    }

    /// The classes in the order of the matrix.
    pub fn class_order(&self, lab: &Lab) -> Vec<usize> {
        let Some(ShownTable { table, .. }) = self.table(lab) else {
            return Vec::new();
        };
        let mut order: Vec<usize> = (0..table.classes()).collect();
        if self.by_errors {
            let errors = |class: &usize| table.row_total(*class) - table.count(*class, *class);
            order.sort_by_key(|class| std::cmp::Reverse(errors(class)));
        }
        order
    }

    pub(super) fn toggle_order(&mut self, lab: &Lab) {
        self.by_errors = !self.by_errors;
        // Shows the classes with the most errors even if not all classes fit.
        if let Some(worst) = self.class_order(lab).first().filter(|_| self.by_errors) {
            self.cell = (*worst, *worst);
        }
    }

    /// Switches between the validation images and the test images, which are classified with the current weights.
    pub(super) fn toggle_portion(&mut self, lab: &mut Lab) {
        self.test_after = match (self.test_after, self.judging_weights(lab)) {
            (None, Some((_, epochs))) => Some(epochs),
            _ => None,
        };
        self.gallery.start_over();
        let run = lab.run.as_ref();
        let noted = match run.is_some_and(|run| run.facts.folder.is_some()) {
            true => "; recorded in run.yaml",
            false => "",
        };
        lab.inform(match self.test_after {
            Some(epochs) => format!("Showing the test images, after epoch {epochs}{noted}."),
            None => format!("Showing the {} images.", self.portion(lab).word()),
        });
    }

    /// Why there are no other images to show; the way back to the validation images is never blocked.
    pub(super) fn portion_blocked(&self, lab: &Lab) -> Option<String> {
        if self.test_after.is_some() {
            return None;
        }
        self.judging_blocked(lab).or_else(|| {
            let run = lab.run.as_ref()?;
            (run.portion == Portion::Test).then(|| {
                "the run validates on the test images, which are already shown; to validate on others, press e on the Train pane and set validation to split or data"
                    .to_owned()
            })
        })
    }

    pub(super) fn go(&mut self, lab: &mut Lab, motion: Motion) {
        if self.is_in_gallery() {
            return self.go_in_gallery(lab, motion);
        }
        let order = self.class_order(lab);
        let along = |class: usize, page: usize| {
            let at = order.iter().position(|one| *one == class).unwrap_or(0);
            let to = motion.along(at, order.len(), page);
            order.get(to).copied().unwrap_or(class)
        };
        let (truth, predicted) = self.cell;
        self.cell = match (lab.part(), motion) {
            (Part::PerClass, _) => {
                let class = along(truth, PAGE);
                (class, class)
            }
            (_, Motion::Left | Motion::Right) => (truth, along(predicted, 1)),
            _ => (along(truth, PAGE), predicted),
        };
    }

    /// Opens the images of the cell, or those of the class on the View pane.
    pub(super) fn enter(&mut self, lab: &mut Lab) {
        if lab.part() == Part::PerClass {
            let split = self.portion(lab).split();
            return lab.show_images(Some(split), self.cell.0);
        }
        let Some(shown) = self.table(lab) else { return };
        let (truth, predicted) = self.cell;
        if shown.table.count(truth, predicted) == 0 {
            let name = |class| shown.measured_on.class_name(class);
            let (truth, predicted) = (name(truth), name(predicted));
            let text = format!("No image of class {truth} was predicted as {predicted}.");
            return lab.refuse(text);
        }
        self.gallery.open(Gallery::Cell { truth, predicted });
    }

    /// Asks for the figures over all images.
    pub(super) fn ask_results(&mut self, lab: &mut Lab) {
        // During a run, training would have to wait for a pass over all images; it is done only if the test images are asked for.
        let is_settled = lab.run.as_ref().is_some_and(|run| !run.is_active());
        let is_wanted = is_settled || self.test_after.is_some();
        let question = self.question(lab, Gallery::ConfidentErrors);
        match question.filter(|_| is_wanted) {
            Some(question) => self.judging.want(Some(question), &mut lab.out),
            None => drop(self.judging.receive(&mut lab.out)),
        }
        if let Some(Judging::Done(page)) = self.judging.take() {
            self.take_results(&page.results);
        }
    }

    /// The question of a gallery, without any of its images.
    pub(super) fn question(&self, lab: &Lab, gallery: Gallery) -> Option<Judge> {
        let (run, epochs) = self.judging_weights(lab)?;
        let portion = match gallery {
            Gallery::HighestLoss => Portion::Training,
            _ => self.portion(lab),
        };
        let tested = self.test_after.filter(|_| portion == Portion::Test);
        Some(Judge {
            run,
            epochs: tested.unwrap_or(epochs),
            dataset: lab.run.as_ref()?.in_use.set.dataset.clone(),
            portion,
            gallery,
            from: 0,
            count: 0,
        })
    }

    /// The run and the finished epochs of weights that can classify.
    fn judging_weights(&self, lab: &Lab) -> Option<(RunId, usize)> {
        let run = lab.run.as_ref()?;
        let weights = (run.facts.run, run.history.len());
        self.judging_blocked(lab).is_none().then_some(weights)
    }

    /// Why no images can be shown by their predictions.
    pub(super) fn judging_blocked(&self, lab: &Lab) -> Option<String> {
        let reason = match &lab.run {
            None => "no network is trained yet",
            Some(run) if run.history.is_empty() => "the first epoch is not finished yet",
            Some(run) if matches!(run.phase, Phase::Ended(Outcome::Failed { .. })) => {
                "the run failed, and its weights are unusable"
            }
            Some(_) => return None,
        };
        Some(reason.to_owned())
    }
}
