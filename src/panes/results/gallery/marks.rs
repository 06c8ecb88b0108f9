//! Marks training images as excluded or relabelled, and removes marks.

use crate::data::Mark;
use crate::lab::Lab;
use crate::overlays::{Entry, List};
use crate::panes::results::ResultsPane;
use crate::worker::{Desk, Older, Question, Quick, SetMarks, Tell};

/// Asks to mark a training image.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkImage {
    /// Name of a loaded set.
    pub dataset: String,
    /// Position among its training images, from 0.
    pub image: usize,
    /// `None` removes the mark.
    pub mark: Option<Mark>,
}

impl Question for MarkImage {
    /// All marks of the set.
    type Answer = SetMarks;
    type Lane = Quick;
    const PURPOSE: &'static str = "mark the image";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.dataset)?;
        let folder = desk.library.corrections();
        let corrections = folder.mark(&dataset, self.image, self.mark)?;
        tell.tell(SetMarks::of(&dataset, &corrections)?);
        Ok(())
    }
}

impl ResultsPane {
    /// The training image under the cursor of the gallery of suspects: the name of its set, and its position.
    pub fn suspect(&self) -> Option<(String, usize)> {
        let is_open = self.is_in_gallery() && self.gallery.is_of_training();
        let (dataset, _, image) = self.gallery.place().filter(|_| is_open)?;
        Some((dataset, image))
    }

    /// Excludes the image under the cursor from the next runs, or includes it again.
    pub(super) fn leave_out(&mut self, lab: &mut Lab) {
        self.mark(lab, |before| match before {
            Some(Mark::LeftOut) => None,
            _ => Some(Mark::LeftOut),
        });
    }

    /// Asks for the correct class of the image under the cursor, or restores its label if it is relabelled.
    pub(super) fn relabel(&mut self, lab: &mut Lab) {
        let mark = self
            .suspect()
            .and_then(|(dataset, image)| lab.corrections.mark(&dataset, image));
        match mark {
            Some(Mark::Becomes(_)) => self.mark(lab, |_| None),
            _ => self.ask_class(lab),
        }
    }

    /// Opens the list of classes that the image under the cursor can be relabelled with.
    fn ask_class(&self, lab: &mut Lab) {
        let (Some(page), Some(image)) = (&self.gallery.page, self.gallery.current()) else {
            return;
        };
        let names = page.results.set.class_names.clone();
        let judgement = image.judgement.clone();
        let list = List::new("Correct class", move |_| {
            let classes = names.iter().enumerate();
            let entries = classes.map(|(class, name)| {
                let probability = judgement.probabilities.get(class);
                let detail = probability.map_or(String::new(), |probability| {
                    format!("probability {:.1} %", 100.0 * probability)
                });
                let is_known = usize::from(judgement.label) == class;
                Entry::new(format!("{class}  {name}"), detail, move |lab| {
                    lab.then(move |pane: &mut Self, lab| pane.becomes(lab, class));
                })
                .refused(is_known.then(|| "this is already the label".to_owned()))
            });
            entries.collect()
        });
        lab.open(list);
    }

    /// Relabels the image under the cursor with this class of the network.
    fn becomes(&mut self, lab: &mut Lab, class: usize) {
        let Some((dataset, _)) = self.suspect() else {
            return;
        };
        let class = self.class_in_set(lab, &dataset, class);
        self.mark(lab, |_| Some(Mark::Becomes(class as u16)));
    }

    fn mark(&mut self, lab: &mut Lab, mark: impl Fn(Option<Mark>) -> Option<Mark>) {
        let Some((dataset, image)) = self.suspect() else {
            return lab.refuse("No training image under the cursor.");
        };
        let mark = mark(lab.corrections.mark(&dataset, image));
        let question = MarkImage {
            dataset,
            image,
            mark,
        };
        self.marking.ask(question, &mut lab.out);
    }

    /// Stores the new marks.
    pub(in crate::panes::results) fn hear_marks(&mut self, lab: &mut Lab) {
        while let Some(told) = self.marking.next(&mut lab.out) {
            if let Ok(marks) = told {
                let marks = marks.clone();
                match &marks.file {
                    Some(file) if marks.images.is_empty() => lab.leaves_no_longer(file),
                    Some(file) => lab.leaves("corrections", file.clone()),
                    None => {}
                }
                lab.corrections.came(marks);
            }
        }
    }

    /// The number, in the loaded set, of a class of the gallery's network; the order of the classes may differ.
    fn class_in_set(&self, lab: &Lab, dataset: &str, class: usize) -> usize {
        let page = self.gallery.page.as_ref();
        let name = page.and_then(|page| page.results.set.class_names.get(class));
        let place = name.zip(lab.set(dataset)).and_then(|(name, set)| {
            let is_there = set.class_names.get(class) == Some(name);
            let mut names = set.class_names.iter();
            match is_there {
                true => Some(class),
                false => names.position(|other| other == name),
            }
        });
        place.unwrap_or(class)
    }
}
