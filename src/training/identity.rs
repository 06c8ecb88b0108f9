//! Whether a preset is what its name says: found by comparison with what carries the name, never assumed.
//!
//! A built-in preset's name is carried by the built-in preset, wherever the one of that name comes from: a file, a run folder, the
//! editor. Any other name is carried by what the preset was opened from or saved as, which the caller knows: its *original*.

use std::sync::LazyLock;

use super::preset::{BUILT_IN, Expectation, Preset};
use super::recipe::Recipe;

/// Ends the name of what is not what the name alone says.
const EDITED: &str = ", edited";

/// In what a preset differs from the one that carries its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Input, classes or layers.
    pub network: bool,
    /// Anything of `training:` but the corrections, which are the data's. Another seed makes no other experiment.
    pub recipe: bool,
}

impl Differences {
    pub fn any(self) -> bool {
        self.network || self.recipe
    }
}

/// The name of something edited; where the name says so already, the name.
pub fn edited_name(name: &str) -> String {
    format!("{}{EDITED}", plain_name(name))
}

/// The name without what says that it was edited.
pub fn plain_name(name: &str) -> &str {
    name.strip_suffix(EDITED).unwrap_or(name)
}

pub fn is_edited_name(name: &str) -> bool {
    name.ends_with(EDITED)
}

/// `name` with `ending`, which comes before what says that it was edited.
pub fn name_with(name: &str, ending: &str) -> String {
    let plain = format!("{}{ending}", plain_name(name));
    match is_edited_name(name) {
        true => edited_name(&plain),
        false => plain,
    }
}

impl Preset {
    /// The preset in the program of this name.
    pub fn built_in(name: &str) -> Option<&'static Self> {
        static READ: LazyLock<Vec<Preset>> = LazyLock::new(|| {
            let read = |(name, text): &(&str, &str)| Preset::parse(text, name).ok();
            BUILT_IN.iter().filter_map(read).collect()
        });
        READ.iter().find(|preset| preset.name == name)
    }

    /// What carries this preset's name: the built-in preset, or `original` where it has the name.
    pub fn carrier<'a>(&self, original: Option<&'a Self>) -> Option<&'a Self> {
        Self::built_in(&self.name)
            .or_else(|| original.filter(|original| original.name == self.name))
    }

    /// In what it differs from `other`.
    pub fn differences(&self, other: &Self) -> Differences {
        let network = |preset: &Self| (preset.input, preset.classes);
        Differences {
            network: network(self) != network(other) || self.layers != other.layers,
            recipe: self.training.differs(&other.training),
        }
    }

    /// Whether it is something else than its name says.
    pub fn is_edited(&self, original: Option<&Self>) -> bool {
        let carrier = self.carrier(original);
        is_edited_name(&self.name) || carrier.is_some_and(|carrier| self.differences(carrier).any())
    }

    /// What it is to be called wherever it is named: `fashion-bn4`, or `fashion-bn4, edited`.
    pub fn title(&self, original: Option<&Self>) -> String {
        match self.is_edited(original) {
            true => edited_name(&self.name),
            false => self.name.clone(),
        }
    }

    /// The same under its [`title`](Self::title), as a training begins with it and a run folder keeps it. An edited one keeps neither
    /// the description nor the published figures of what it was.
    #[must_use]
    pub fn titled(self, original: Option<&Self>) -> Self {
        if self.is_edited(original) {
            return self.called_edited();
        }
        let carrier = self.carrier(original);
        let expect = carrier.map_or(self.expect, |carrier| self.expect.and(carrier.expect));
        Self { expect, ..self }
    }

    /// The same as something edited.
    #[must_use]
    pub fn called_edited(self) -> Self {
        Self {
            name: edited_name(&self.name),
            description: String::new(),
            expect: None,
            ..self
        }
    }

    /// The published figures that may stand beside a training of it on a set of which `is_all_of` says whether it is, all of it, the
    /// one that a preset names: those of what carries its name, where network, recipe and data are what they were measured with.
    pub fn published(
        &self,
        original: Option<&Self>,
        is_all_of: impl FnOnce(&str) -> bool,
    ) -> Option<Expectation> {
        let carrier = self.carrier(original)?;
        let is_as_published = !self.is_edited(original) && !self.training.corrects();
        let data = carrier.data.as_deref().filter(|_| is_as_published)?;
        carrier.expect.filter(|_| is_all_of(data))
    }
}

impl Recipe {
    /// Whether training by it is another experiment than training by `other`; corrections are of the data.
    pub fn differs(&self, other: &Self) -> bool {
        let compared = |recipe: &Self| Self {
            corrections: None,
            // One that says nothing is none.
            transfer: recipe
                .transfer
                .clone()
                .filter(|transfer| *transfer != Default::default()),
            ..recipe.clone()
        };
        compared(self) != compared(other)
    }

    fn corrects(&self) -> bool {
        let corrections = self.corrections.as_ref();
        corrections.is_some_and(|corrections| !corrections.is_empty())
    }
}
