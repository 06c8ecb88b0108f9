//! Network: the table of layers that is edited in place, what they cost, a picture of them, and whether they fit the data.

mod actions;
mod draw;
mod layer_form;
mod pace;
mod palette;
mod presets;
#[cfg(test)]
mod tests;
mod text_editor;

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

/// What the pane asks; the preset and its edits are shared by all panes.
#[derive(Debug, Default)]
pub struct NetworkPane {
    pub pace: Asked<MeasurePace>,
    listing: Asked<ListPresets>,
    saving: Asked<SavePreset>,
}

impl NetworkPane {
    /// Asks for the name to save the preset under.
    pub fn ask_name(&mut self, lab: &mut Lab) {
        self.listing.ask(ListPresets, &mut lab.out);
        lab.open(presets::save_as(lab));
    }

    /// Opens the preset as text: with this text typed over its own, if there is one.
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

    /// Has the pace measured where it is shown: on this pane, and in what the Data pane says of the next step.
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

    /// Takes in what became of presets that were listed and saved.
    fn take_in(&mut self, lab: &mut Lab) {
        self.listing.receive(&mut lab.out);
        if let Some(presets) = self.listing.take() {
            lab.own_presets = presets;
        }
        while let Some(news) = self.saving.next(&mut lab.out) {
            match news {
                Ok(SavedPreset { name, path }) => {
                    lab.saved_as(name);
                    lab.inform(format!("Saved as {name}, in {}.", path.display()));
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
    (
        "❄",
        "frozen: the training leaves the layer's weights as they come",
    ),
    (
        "f16 k2 s2",
        "settings by their first letters: 16 filters, a kernel of 2×2, a stride or size of 2; u128 are units, r0.5 is a rate",
    ),
    (
        "mult-adds",
        "multiplications, each with an addition, that one image takes",
    ),
    (
        "sees",
        "the receptive field: the patch of the image that one value of the layer depends on",
    ),
    ("share", "the layer's part of all parameters of the network"),
    (
        "epoch",
        "for how many epochs the layer's weights were trained; new: not yet",
    ),
    (
        "rate",
        "of a dropout layer: the share of values that it sets to 0 while training",
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
