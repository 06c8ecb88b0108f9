//! What may lie over the panes: lists to choose from, forms, the text, the question before quitting.

use super::builder::{LayerForm, LayerPalette, NetworkText, SaveForm};
use super::line_input::LineInput;

/// What lies over the panes and gets the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    Picker(Picker),
    Number(NumberForm),
    /// The palette of layers.
    Layers(LayerPalette),
    /// The form of a layer; the Network pane draws it.
    Layer(Box<LayerForm>),
    /// The preset as text.
    Text(Box<NetworkText>),
    SaveAs(SaveForm),
    ConfirmQuit,
}

/// A list that typing narrows.
#[derive(Clone, Debug, PartialEq)]
pub struct Picker {
    pub kind: PickerKind,
    pub filter: LineInput,
    /// Among the entries that match.
    pub cursor: usize,
}

/// What a list offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickerKind {
    /// Every key, with what it does.
    Help,
    /// Every action by its name.
    Palette,
    Data,
    Class,
    Preset,
}

/// A form with one number.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberForm {
    pub field: NumberField,
    pub input: LineInput,
    /// Why the text was not taken.
    pub problem: Option<String>,
}

/// A number of the training's recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberField {
    Epochs,
    BatchSize,
}

impl NumberField {
    /// As files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Epochs => "epochs",
            Self::BatchSize => "batch_size",
        }
    }

    pub fn help(self) -> &'static str {
        match self {
            Self::Epochs => "passes over the training images",
            Self::BatchSize => "images a step",
        }
    }

    /// The largest value; the smallest is 1.
    pub fn most(self) -> usize {
        match self {
            Self::Epochs => 1_000_000,
            Self::BatchSize => 65_536,
        }
    }

    /// # Errors
    /// What was expected and what came.
    pub fn parse(self, text: &str) -> Result<usize, String> {
        text.trim()
            .parse()
            .ok()
            .filter(|number| (1..=self.most()).contains(number))
            .ok_or_else(|| {
                format!(
                    "expected a whole number from 1 to {}, got '{}'",
                    self.most(),
                    text.trim()
                )
            })
    }
}
