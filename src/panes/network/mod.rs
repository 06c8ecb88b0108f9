//! Network: the table of layers, edited in place, with their cost, a picture of them, and whether they fit the data.

mod actions;
mod draw;
mod layer_form;
mod pace;
mod palette;
mod presets;
#[cfg(test)]
mod tests;
mod text_editor;
mod wrap;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use layer_form::LayerDraft;
pub use pace::{EpochTime, MeasurePace};
pub use palette::{LayerPalette, Side};
pub use presets::{ListPresets, SavePreset, SavedPreset};
pub use text_editor::NetworkText;

use crate::lab::{Gloss, Lab, Pane, PaneId};
use crate::ui::theme::Theme;
use crate::worker::{Asked, Event};

/// The pane's questions; the preset and its edits are shared by all panes.
#[derive(Debug, Default)]
pub struct NetworkPane {
    pub pace: Asked<MeasurePace>,
    listing: Asked<ListPresets>,
    saving: Asked<SavePreset>,
    /// The line at which the marked rows begin, which end at the cursor.
    marked: Option<usize>,
}

impl NetworkPane {
    /// The lines of the marked rows; without any, that under the cursor.
    fn chosen(&self, lab: &Lab) -> Range<usize> {
        let at = lab.cursors.layer;
        let from = self.marked.unwrap_or(at);
        let from = from.min(lab.preset.layers.len().saturating_sub(1));
        from.min(at)..from.max(at) + 1
    }

    /// Asks for the name to save the preset under.
    pub fn ask_name(&mut self, lab: &mut Lab) {
        self.listing.ask(ListPresets, &mut lab.out);
        lab.open(presets::save_as(lab));
    }

    /// Opens the preset as text; `typed`, if any, replaces its own text as an unsaved change.
    pub fn open_text(&mut self, lab: &mut Lab, typed: Option<&str>) {
        lab.open(NetworkText::new(&lab.preset_text(), typed));
    }

    fn save(&mut self, name: String, replace: bool, lab: &mut Lab) {
        let preset = lab.preset_to_save();
        let text = lab.text_of(&preset);
        let question = SavePreset {
            name,
            text,
            replace,
        };
        self.saving.ask(question, &mut lab.out);
        lab.saving_version(preset);
    }

    /// Has the pace measured where it is shown: on this pane and on the Data pane.
    fn ask_pace(&mut self, lab: &mut Lab) {
        if lab.is_training() {
            // The two would slow each other down, and the figures be wrong.
            return self.pace.want(None, &mut lab.out);
        }
        if !matches!(lab.pane, PaneId::Network | PaneId::Data) {
            self.pace.receive(&mut lab.out);
            return;
        }
        let is_known = |question: &MeasurePace| {
            let known = self.pace.answered();
            known.is_some_and(|(known, _)| known == question)
        };
        let question = MeasurePace::of(lab).filter(|question| !is_known(question));
        self.pace.want(question, &mut lab.out);
    }

    /// Receives the answers about presets that were listed and saved.
    fn take_in(&mut self, lab: &mut Lab) {
        self.listing.receive(&mut lab.out);
        if let Some(presets) = self.listing.take() {
            lab.own_presets = presets;
        }
        while let Some(news) = self.saving.next(&mut lab.out) {
            match news {
                Ok(SavedPreset { name, path }) => {
                    lab.saved_as(name);
                    lab.inform(format!("Saved as {name} in {}.", path.display()));
                    lab.leaves("preset", path.clone());
                }
                Err(_) => {
                    lab.history.saving_failed();
                    lab.stay();
                }
            }
        }
    }
}

const GLOSSES: &[Gloss] = &[
    ("❄", "frozen: training does not change the layer's weights"),
    (
        "f16 k2 s2",
        "settings by their first letters: 16 filters, kernel 2×2, stride or size 2; u128 means 128 units, r0.5 a rate of 0.5",
    ),
    (
        "mult-adds",
        "multiply-adds for one image: multiplications, each with an addition",
    ),
    (
        "sees",
        "the receptive field: the patch of the image that one value of the layer depends on",
    ),
    ("share", "the layer's share of the network's parameters"),
    (
        "epoch",
        "how many epochs the layer's weights were trained for; new: not trained yet",
    ),
    (
        "rate",
        "of a dropout layer: the fraction of values set to 0 while training",
    ),
];

impl Pane for NetworkPane {
    fn hear(&mut self, event: &Event, lab: &mut Lab) {
        if matches!(event, Event::Answered) {
            self.take_in(lab);
        }
    }

    fn follow(&mut self, lab: &mut Lab) {
        if lab.is_training() {
            // The two would slow each other down, and the figures be wrong.
            self.pace.cancel();
        }
    }

    fn ask(&mut self, lab: &mut Lab) {
        self.ask_pace(lab);
        let time = self.epoch_time(lab, &lab.summary);
        lab.epoch_seconds = time.as_ref().and_then(EpochTime::seconds);
    }

    fn glosses(&self) -> &'static [Gloss] {
        GLOSSES
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
