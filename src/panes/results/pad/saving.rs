//! Saves drawings: as PNG files, or with their class in the user's own test set; keeps track of unsaved ones.

use std::path::{Path, PathBuf};

use super::Pad;
use crate::analysis::drawing::Canvas;
use crate::data::{Drawings, save_png};
use crate::lab::Lab;
use crate::overlays::{Entry, List};
use crate::panes::results::ResultsPane;
use crate::shape::Shape;
use crate::wording::counted;
use crate::worker::{Desk, Drawing, Older, Question, Quick, Tell};

/// Writes a drawing to the first free `drawing-<number>.png` in the current folder.
#[derive(Clone, Debug, PartialEq)]
pub struct SaveDrawing(pub Drawing);

impl Question for SaveDrawing {
    /// The file.
    type Answer = PathBuf;
    type Lane = Quick;
    const PURPOSE: &'static str = "save the drawing";
    const OLDER: Older = Older::Done;

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let Self(drawing) = self;
        let path = (1..)
            .map(|number| format!("drawing-{number}.png"))
            .find(|name| !Path::new(name).exists())
            .ok_or("no free file name")?;
        save_png(Path::new(&path), &drawing.pixels, drawing.shape)
            .map_err(|error| error.to_string())?;
        tell.tell(std::path::absolute(&path).unwrap_or(path.into()));
        Ok(())
    }
}

/// Asks to keep a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct KeepDrawing {
    /// The drawing as the network sees it.
    pub drawing: Drawing,
    /// The pixels as drawn.
    pub drawn: Vec<u8>,
    pub class: usize,
    /// All class names; every set of class names has its own drawings.
    pub class_names: Vec<String>,
}

/// Where a drawing is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub path: PathBuf,
    /// All kept drawings of these classes.
    pub kept: usize,
}

impl Question for KeepDrawing {
    type Answer = Kept;
    type Lane = Quick;
    const PURPOSE: &'static str = "keep the drawing";
    const OLDER: Older = Older::Done;

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let drawings = drawings_of_user(self.drawing.shape, &self.class_names)?;
        let path = drawings.keep(self.class, &self.drawing.pixels);
        let path = path.map_err(|error| error.to_string())?;
        let kept = drawings.load().len();
        tell.tell(Kept { path, kept });
        Ok(())
    }
}

/// The kept drawings of these classes.
pub(super) fn drawings_of_user(shape: Shape, class_names: &[String]) -> Result<Drawings, String> {
    Drawings::of_user(shape, class_names)
        .ok_or_else(|| "no home folder to keep drawings in; set $HOME and restart".to_owned())
}

impl Pad {
    /// Whether the drawing has ink that was neither written nor kept. A loaded image counts as saved until it is drawn on.
    pub fn is_unsaved(&self) -> bool {
        !self.canvas.is_blank() && self.saved.as_deref() != Some(self.canvas.pixels())
    }

    /// Each drawing that was neither written nor kept, the one on the paper last.
    fn unsaved_drawings(&self) -> Vec<Drawing> {
        let on_paper = self.is_unsaved().then_some(&self.canvas);
        self.aside.iter().chain(on_paper).map(drawing_of).collect()
    }

    /// Writes the drawing as a PNG.
    pub(super) fn write(&mut self, lab: &mut Lab) {
        let question = SaveDrawing(drawing_of(&self.canvas));
        self.saving.ask(question, &mut lab.out);
    }

    /// Opens the list of classes to keep the drawing with, at the predicted class.
    pub(super) fn ask_class(&self, lab: &mut Lab) {
        let Some(shown) = self.shown() else { return };
        let probabilities = shown.probabilities.clone();
        let best = shown.most_probable();
        let list = List::new("Keep the drawing as", move |lab: &Lab| {
            let classes = lab.network_class_names().into_iter().enumerate();
            let entries = classes.map(|(class, name)| {
                // A name that equals the number is redundant.
                let name = match name == class.to_string() {
                    true => name,
                    false => format!("{class}  {name}"),
                };
                let probability = probabilities.get(class);
                let detail = probability.map_or(String::new(), |probability| {
                    format!("probability {:.1} %", 100.0 * probability)
                });
                Entry::new(name, detail, move |lab| {
                    lab.then(move |pane: &mut ResultsPane, lab| pane.pad.keep(lab, class));
                })
            });
            entries.collect()
        });
        lab.open(list.at(best.unwrap_or(0)));
    }

    /// Keeps the drawing, as the network sees it, with this class.
    fn keep(&mut self, lab: &mut Lab, class: usize) {
        let Some(shown) = self.shown() else { return };
        let question = KeepDrawing {
            drawing: Drawing {
                shape: self.canvas.shape(),
                pixels: shown.seen.clone(),
            },
            drawn: self.canvas.pixels().to_vec(),
            class,
            class_names: lab.network_class_names(),
        };
        self.keeping.ask(question, &mut lab.out);
    }

    /// Writes a drawing as a PNG.
    pub fn write_drawing(drawing: Drawing, lab: &mut Lab) {
        lab.drawings.is_saving = true;
        lab.then(|pane: &mut ResultsPane, lab| {
            pane.pad.saving.ask(SaveDrawing(drawing), &mut lab.out);
        });
    }

    /// Restores the drawings of a draft on the pad, and opens it.
    pub fn put_drawings_back(drawings: Vec<Drawing>, lab: &mut Lab) {
        lab.then(move |pane: &mut ResultsPane, lab| {
            pane.pad.fit(lab);
            for drawing in &drawings {
                pane.pad.put_back(drawing);
            }
            pane.pad.is_open = true;
        });
    }

    /// Notes what was saved, and reports the unsaved drawings to the lab.
    pub(in crate::panes::results) fn follow(&mut self, lab: &mut Lab) {
        self.hear_written(lab);
        self.hear_kept(lab);
        lab.drawings.unsaved = self.unsaved_drawings();
        lab.drawings.is_saving = self.saving.is_waiting() || self.keeping.is_waiting();
    }

    fn hear_written(&mut self, lab: &mut Lab) {
        while let Some(told) = self.saving.next(&mut lab.out) {
            let Ok(path) = told else {
                // Saving failed, so quitting is cancelled.
                lab.stay();
                continue;
            };
            lab.inform(format!("Saved to {}.", path.display()));
            lab.leaves("drawing", path.clone());
            if let Some((SaveDrawing(drawing), _)) = self.saving.answered() {
                let pixels = drawing.pixels.clone();
                self.know_saved(pixels);
            }
        }
    }

    fn hear_kept(&mut self, lab: &mut Lab) {
        while let Some(told) = self.keeping.next(&mut lab.out) {
            if told.is_err() {
                lab.stay();
                continue;
            }
            let Some((question, Kept { path, kept })) = self.keeping.answered() else {
                continue;
            };
            let name = lab.network_class_name(question.class);
            lab.leaves("drawing", path.clone());
            let folder = path.parent().unwrap_or(path).display();
            let drawings = match kept {
                1 => "your first drawing".to_owned(),
                _ => format!("{} in all", counted(*kept, "drawing")),
            };
            lab.inform(format!(
                "Kept as “{name}”: {drawings}, in {folder}; v shows their predictions."
            ));
            let drawn = question.drawn.clone();
            self.know_saved(drawn);
            self.keeps += 1;
        }
    }

    /// Marks a drawing of these pixels as saved.
    fn know_saved(&mut self, pixels: Vec<u8>) {
        self.aside.retain(|canvas| canvas.pixels() != pixels);
        if pixels.len() == self.canvas.pixels().len() {
            self.saved = Some(pixels);
        }
    }

    /// Restores a drawing: on the paper, or aside if the paper has another shape.
    fn put_back(&mut self, drawing: &Drawing) {
        let Drawing { shape, pixels } = drawing;
        if pixels.len() != shape.len() {
            return;
        }
        if *shape == self.canvas.shape() {
            self.canvas.load(pixels);
        } else {
            let mut canvas = Canvas::new(*shape);
            canvas.load(pixels);
            self.aside.push(canvas);
        }
    }
}

fn drawing_of(canvas: &Canvas) -> Drawing {
    Drawing {
        shape: canvas.shape(),
        pixels: canvas.pixels().to_vec(),
    }
}
