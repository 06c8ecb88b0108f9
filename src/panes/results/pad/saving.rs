//! Drawings that are saved nowhere: written, kept, and told to whoever leaves the program.

use super::{KeepDrawing, Kept, Pad, SaveDrawing};
use crate::analysis::drawing::Canvas;
use crate::analysis::most_probable;
use crate::lab::{DrawingsWish, Lab};
use crate::overlays::{Entry, List};
use crate::panes::results::ResultsPane;
use crate::worker::Drawing;

impl Pad {
    /// Whether the drawing has ink that was neither written nor kept. An image of a set is nothing to lose until it is drawn on.
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

    /// Opens the list of classes to keep the drawing with, on the one that it is taken for.
    pub(super) fn ask_class(&self, lab: &mut Lab) {
        let Some(shown) = self.shown() else { return };
        let probabilities = shown.probabilities.clone();
        let best = most_probable(&shown.probabilities).0;
        let list = List::new("Keep the drawing as", move |lab: &Lab| {
            let classes = lab.network_class_names().into_iter().enumerate();
            let entries = classes.map(|(class, name)| {
                // A name that is the number again says nothing.
                let name = match name == class.to_string() {
                    true => name,
                    false => format!("{class}  {name}"),
                };
                let probability = probabilities.get(class);
                let detail = probability.map_or(String::new(), |probability| {
                    format!("the network says {:.1} %", 100.0 * probability)
                });
                Entry::new(name, detail, move |lab| {
                    lab.then(move |pane: &mut ResultsPane, lab| pane.pad.keep(lab, class));
                })
            });
            entries.collect()
        });
        lab.open(list.at(best));
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

    /// Takes in what was saved and what is to be done with drawings, and tells which are saved nowhere.
    pub(in crate::panes::results) fn follow(&mut self, lab: &mut Lab) {
        self.hear_written(lab);
        self.hear_kept(lab);
        for wish in std::mem::take(&mut lab.drawings.wishes) {
            match wish {
                DrawingsWish::Write(drawing) => {
                    self.saving.ask(SaveDrawing(drawing), &mut lab.out);
                }
                DrawingsWish::PutBack(drawings) => {
                    self.fit(lab);
                    for drawing in &drawings {
                        self.put_back(drawing);
                    }
                    self.is_open = true;
                }
            }
        }
        lab.drawings.unsaved = self.unsaved_drawings();
        lab.drawings.is_saving = self.saving.is_waiting() || self.keeping.is_waiting();
    }

    fn hear_written(&mut self, lab: &mut Lab) {
        while let Some(told) = self.saving.next(&mut lab.out) {
            let Ok(path) = told else {
                // Who wanted to leave once all is saved stays with it.
                lab.stay();
                continue;
            };
            lab.inform(format!("Written to {}.", path.display()));
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
            let folder = path.parent().unwrap_or(path).display();
            let drawings = match kept {
                1 => "your first drawing".to_owned(),
                _ => format!("{kept} drawings in all"),
            };
            lab.inform(format!(
                "Kept as “{name}”: {drawings}, in {folder}; v shows how the network reads them."
            ));
            let drawn = question.drawn.clone();
            self.know_saved(drawn);
            self.keeps += 1;
        }
    }

    /// A drawing of these pixels is in a file.
    fn know_saved(&mut self, pixels: Vec<u8>) {
        self.aside.retain(|canvas| canvas.pixels() != pixels);
        if pixels.len() == self.canvas.pixels().len() {
            self.saved = Some(pixels);
        }
    }

    /// Puts a drawing back: on the paper, or aside where that has another shape.
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
