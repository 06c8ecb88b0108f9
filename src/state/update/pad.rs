//! What happens on the drawing pad.

use super::super::lab::{Lab, Notice};
use super::super::overlay::{OldOverlay as Overlay, Picker, PickerKind};
use super::super::pad::{KeptQuery, PadMessage, PadQuery, PadState};
use super::super::pane_id::PaneId;
use super::show;
use crate::ui::LineInput;
use crate::ui::Motion;
use crate::worker::{Command, Drawing, DrawingsRequest, KeepRequest, PredictRequest};

/// Nearest training images that are asked for.
const NEIGHBOURS: usize = 6;
/// Pixels that Page up and Page down go.
const PAGE: usize = 4;

pub(super) fn apply(lab: &mut Lab, message: PadMessage, commands: &mut Vec<Command>) {
    match message {
        PadMessage::Open => open(lab),
        PadMessage::OpenWithImage => {
            open(lab);
            lab.pad.loads = 0;
            load_image(lab);
        }
        PadMessage::LoadImage => load_image(lab),
        PadMessage::PenUpOrDown => {
            lab.pad.line_from = None;
            lab.pad.pen_up_or_down();
        }
        PadMessage::LargerBrush => step(lab, "brush", true),
        PadMessage::SmallerBrush => step(lab, "brush", false),
        PadMessage::MoreInk => step(lab, "ink", true),
        PadMessage::LessInk => step(lab, "ink", false),
        PadMessage::NextColor => lab.pad.change_tool(PadState::next_color),
        PadMessage::ToggleEraser => lab.pad.change_tool(|pad| pad.is_erasing = !pad.is_erasing),
        PadMessage::Line => lab.pad.line(),
        PadMessage::Fill => lab.pad.fill(),
        PadMessage::Undo => {
            lab.pad.line_from = None;
            if !lab.pad.canvas.undo() {
                lab.say(Notice::Refusal, "There is nothing to undo.");
            }
        }
        PadMessage::Redo => {
            if !lab.pad.canvas.redo() {
                lab.say(Notice::Refusal, "There is nothing to redo.");
            }
        }
        PadMessage::Clear => {
            lab.pad.line_from = None;
            lab.pad.canvas.clear();
        }
        PadMessage::LookInside => match &lab.pad.shown {
            Some(shown) => lab.pin_drawing(shown.seen.clone(), lab.pad.canvas.shape()),
            None => lab.refuse("Nothing is drawn yet."),
        },
        PadMessage::Save => {
            let shape = lab.pad.canvas.shape();
            let pixels = lab.pad.canvas.pixels().to_vec();
            write(lab, Drawing { shape, pixels }, commands);
        }
        PadMessage::AskClass => ask_class(lab),
        PadMessage::Keep(class) => keep(lab, class, commands),
        PadMessage::ToggleKept => lab.pad.shows_kept = !lab.pad.shows_kept,
        PadMessage::Touch {
            row,
            column,
            begins,
        } => touch(lab, (row, column), begins),
        PadMessage::Lift => lab.pad.canvas.pen_up(),
        PadMessage::ToggleCentre => {
            let centre = !lab.is_centred();
            lab.pad.centre = Some(centre);
            let text = if centre {
                "Drawings are scaled and moved as MNIST's digits were."
            } else {
                "The network sees drawings as they are."
            };
            lab.say(Notice::Information, text);
        }
    }
}

/// Writes a drawing as a PNG.
pub(super) fn write(lab: &mut Lab, drawing: Drawing, commands: &mut Vec<Command>) {
    lab.pad.saving(drawing.pixels.clone());
    commands.push(Command::SaveDrawing(drawing));
}

/// Opens the list of classes to keep the drawing with, on the one that it is taken for.
fn ask_class(lab: &mut Lab) {
    let Some(shown) = &lab.pad.shown else { return };
    let ranked = shown.probabilities.iter().enumerate();
    let best = ranked.max_by(|one, other| one.1.total_cmp(other.1));
    let cursor = best.map_or(0, |(class, _)| class);
    lab.old_overlay = Some(Overlay::Picker(Picker {
        kind: PickerKind::DrawingClass,
        filter: LineInput::default(),
        cursor,
    }));
}

fn keep(lab: &mut Lab, class: usize, commands: &mut Vec<Command>) {
    let Some(shown) = &lab.pad.shown else { return };
    // What is kept is what the network sees of the drawing.
    let drawn = lab.pad.canvas.pixels().to_vec();
    commands.push(Command::KeepDrawing(KeepRequest {
        drawing: Drawing {
            shape: lab.pad.canvas.shape(),
            pixels: shown.seen.clone(),
        },
        class,
        class_names: lab.network_class_names(),
    }));
    lab.pad.saving(drawn);
}

/// Draws with the mouse: a stroke from where its button went down.
fn touch(lab: &mut Lab, (row, column): (usize, usize), begins: bool) {
    let shape = lab.pad.canvas.shape();
    let row = row.min(shape.height.saturating_sub(1));
    let column = column.min(shape.width.saturating_sub(1));
    if begins {
        lab.pad.line_from = None;
        lab.pad.canvas.pen_up();
        lab.pad.go(row, column);
        lab.pad.pen_up_or_down();
    } else {
        lab.pad.go(row, column);
    }
}

/// Asks how the kept drawings are read, while that is shown.
fn ask_kept(lab: &mut Lab, commands: &mut Vec<Command>) {
    if !lab.pad.shows_kept {
        return;
    }
    let query = KeptQuery {
        weights: lab.weights(None),
        version: lab.weights_version(),
        class_names: lab.network_class_names(),
        keeps: lab.pad.keeps,
    };
    let asked = lab.pad.asked_kept.as_ref();
    if asked.is_some_and(|(_, asked)| *asked == query) {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::JudgeDrawings(DrawingsRequest {
        request,
        weights: query.weights.clone(),
        class_names: query.class_names.clone(),
    }));
    lab.pad.asked_kept = Some((request, query));
}

/// Leaves the pad; the drawing stays.
pub(super) fn close(lab: &mut Lab) {
    lab.pad.canvas.pen_up();
    lab.pad.line_from = None;
    lab.pad.is_open = false;
}

fn open(lab: &mut Lab) {
    show(lab, PaneId::Results);
    lab.zoomed = false;
    lab.pad.is_open = true;
}

/// The present picture of the View pane first, then those after it.
fn load_image(lab: &mut Lab) {
    fit(lab);
    let shape = lab.pad.canvas.shape();
    let page = lab.browsed.as_ref();
    let page = page.filter(|page| page.shape == shape && !page.images.is_empty());
    let Some(page) = page else {
        let text = format!("The View pane shows no image of {shape} to start from.");
        return lab.say(Notice::Refusal, text);
    };
    let image = &page.images[(page.cursor + lab.pad.loads) % page.images.len()];
    let (label, pixels) = (usize::from(image.label), image.pixels.clone());
    lab.pad.canvas.load(&pixels);
    lab.pad.know_saved();
    lab.pad.line_from = None;
    lab.pad.loads += 1;
    let name = lab.class_name(label);
    lab.say(Notice::Information, format!("Loaded: {name}."));
}

fn step(lab: &mut Lab, what: &str, up: bool) {
    let mut is_possible = true;
    lab.pad.change_tool(|pad| {
        is_possible = match what {
            "brush" => pad.step_size(up),
            _ => pad.step_level(up),
        };
    });
    if !is_possible {
        let end = match (what, up) {
            ("brush", true) => "This is the largest brush.",
            ("brush", false) => "This is the smallest brush.",
            (_, true) => "This is the strongest ink.",
            (_, false) => "This is the faintest ink; e erases.",
        };
        lab.say(Notice::Refusal, end);
    }
}

pub(super) fn go(lab: &mut Lab, motion: Motion) {
    let shape = lab.pad.canvas.shape();
    let (row, column) = lab.pad.cursor;
    let (last_row, last_column) = (shape.height.max(1) - 1, shape.width.max(1) - 1);
    let (row, column) = match motion {
        Motion::Left => (row, column.saturating_sub(1)),
        Motion::Right => (row, column + 1),
        Motion::Up => (row.saturating_sub(1), column),
        Motion::Down => (row + 1, column),
        Motion::PageUp => (row.saturating_sub(PAGE), column),
        Motion::PageDown => (row + PAGE, column),
        Motion::First => (row, 0),
        Motion::Last => (row, last_column),
    };
    lab.pad.go(row.min(last_row), column.min(last_column));
}

/// Gives the canvas the network's shape.
pub(super) fn fit(lab: &mut Lab) {
    let input = lab.preset.input;
    if lab.pad.canvas.shape() != input && lab.pad_blocked().is_none() {
        lab.pad.change_shape(input);
    }
}

/// Asks what the network takes the drawing for, if that is not known or asked for already.
pub(super) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    if !lab.is_on_pad() {
        return;
    }
    if lab.pad_blocked().is_some() {
        return close(lab);
    }
    fit(lab);
    ask_kept(lab, commands);
    if lab.pad.canvas.is_blank() {
        (lab.pad.shown, lab.pad.asked) = (None, None);
        lab.pad.neighbours.clear();
        return;
    }
    let network = lab.titled_network();
    let query = PadQuery {
        seed: lab.preset.seed,
        image: lab.pad.canvas.pixels().to_vec(),
        centre: lab.is_centred(),
        dataset: lab
            .chosen_set()
            .filter(|set| set.shape == network.input)
            .map(|set| set.name.clone()),
        network,
        weights: lab.weights_version(),
    };
    if lab
        .pad
        .asked
        .as_ref()
        .is_some_and(|(_, asked)| *asked == query)
    {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::Predict(PredictRequest {
        request,
        network: query.network.clone(),
        seed: query.seed,
        keep_weights: query.weights.is_some(),
        image: query.image.clone(),
        centre: query.centre,
        dataset: query.dataset.clone(),
        neighbours: NEIGHBOURS,
    }));
    lab.pad.asked = Some((request, query));
}

impl Lab {
    /// Whether the drawing pad is on the screen.
    pub fn is_on_pad(&self) -> bool {
        self.pane == PaneId::Results && self.pad.is_open
    }

    /// Why nothing can be drawn for the network on the screen.
    pub fn pad_blocked(&self) -> Option<String> {
        if let Some(problem) = &self.summary.problem {
            return Some(problem.clone());
        }
        let input = self.preset.input;
        (![1, 3].contains(&input.channels) || input.is_empty()).then(|| {
            format!(
                "the pad draws in grey or in colours, and {} takes images of {input}",
                self.title()
            )
        })
    }

    /// Whether drawings are scaled and moved as MNIST's digits before the network sees them.
    pub fn is_centred(&self) -> bool {
        self.pad.centre.unwrap_or_else(|| {
            let names = self
                .run_of_network()
                .map(|run| &run.in_use.set.class_names)
                .or_else(|| self.chosen_set().map(|set| &set.class_names));
            names.is_some_and(|names| are_digits(names))
        })
    }

    /// The names that the network on the screen knows its classes by.
    pub fn network_class_names(&self) -> Vec<String> {
        let classes = 0..self.preset.classes;
        classes
            .map(|class| self.network_class_name(class))
            .collect()
    }

    /// The name that the network on the screen knows a class by.
    pub fn network_class_name(&self, class: usize) -> String {
        let of_run = self.run_of_network();
        let of_run = of_run.map(|run| &run.in_use.set.class_names);
        let of_set = self
            .chosen_set()
            .map(|set| &set.class_names)
            .filter(|names| names.len() == self.preset.classes);
        of_run
            .or(of_set)
            .and_then(|names| names.get(class).cloned())
            .unwrap_or_else(|| class.to_string())
    }
}

/// Whether the classes are the ten digits.
fn are_digits(names: &[String]) -> bool {
    names.len() == 10
        && (names.iter().zip('0'..))
            .all(|(name, digit)| name.chars().filter(char::is_ascii_digit).eq([digit]))
}
