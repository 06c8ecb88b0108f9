//! Whether a preset is what its name says: found by comparison with the preset that owns the name, never assumed.
//!
//! A built-in preset owns its name, wherever a preset of that name comes from: a file, a run folder, the editor. Any other name
//! belongs to what the preset was opened from or saved as, which the caller knows: its *original*.

use std::sync::LazyLock;

use super::preset::{BUILT_IN, Expectation, Preset};
use super::recipe::Recipe;

/// The ending of an edited preset's name.
const EDITED: &str = ", edited";

/// How a preset differs from the one that owns its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Input, classes or layers.
    pub network: bool,
    /// Anything in `training:` except the corrections, which belong to the data. Another seed is not another experiment.
    pub recipe: bool,
}

impl Differences {
    /// Whether anything differs at all.
    pub fn any(self) -> bool {
        self.network || self.recipe
    }
}

/// The name of an edited preset; unchanged if it already says so.
pub fn edited_name(name: &str) -> String {
    format!("{}{EDITED}", plain_name(name))
}

/// The name without the ending for edited presets.
pub fn plain_name(name: &str) -> &str {
    name.strip_suffix(EDITED).unwrap_or(name)
}

/// Whether the name is that of an edited preset.
pub fn is_edited_name(name: &str) -> bool {
    name.ends_with(EDITED)
}

/// `name` with `ending`, inserted before the ending for edited presets.
pub fn name_with(name: &str, ending: &str) -> String {
    let plain = format!("{}{ending}", plain_name(name));
    match is_edited_name(name) {
        true => edited_name(&plain),
        false => plain,
    }
}

impl Preset {
    /// The built-in preset of this name.
    pub fn built_in(name: &str) -> Option<&'static Self> {
        static READ: LazyLock<Vec<Preset>> = LazyLock::new(|| {
            let read = |(name, text): &(&str, &str)| Preset::parse(text, name).ok();
            BUILT_IN.iter().filter_map(read).collect()
        });
        READ.iter().find(|preset| preset.name == name)
    }

    /// The preset that owns this one's name: the built-in one, or `original` if it has the name.
    pub fn carrier<'a>(&self, original: Option<&'a Self>) -> Option<&'a Self> {
        Self::built_in(&self.name)
            .or_else(|| original.filter(|original| original.name == self.name))
    }

    /// How it differs from `other`.
    pub fn differences(&self, other: &Self) -> Differences {
        let network = |preset: &Self| (preset.input, preset.classes);
        Differences {
            network: network(self) != network(other) || self.layers != other.layers,
            recipe: self.training.differs(&other.training),
        }
    }

    /// Whether it differs from the preset that owns its name.
    pub fn is_edited(&self, original: Option<&Self>) -> bool {
        let carrier = self.carrier(original);
        is_edited_name(&self.name) || carrier.is_some_and(|carrier| self.differences(carrier).any())
    }

    /// Its displayed name: `fashion-bn4`, or `fashion-bn4, edited`.
    pub fn title(&self, original: Option<&Self>) -> String {
        match self.is_edited(original) {
            true => edited_name(&self.name),
            false => self.name.clone(),
        }
    }

    /// The same under its [`title`](Self::title), as a run starts with it and its folder records it. An edited one loses the original's
    /// description and published figures.
    #[must_use]
    pub fn titled(self, original: Option<&Self>) -> Self {
        if self.is_edited(original) {
            return self.called_edited();
        }
        let carrier = self.carrier(original);
        let expect = carrier.map_or(self.expect, |carrier| self.expect.and(carrier.expect));
        Self { expect, ..self }
    }

    /// The same, marked as edited.
    #[must_use]
    pub fn called_edited(self) -> Self {
        Self {
            name: edited_name(&self.name),
            description: String::new(),
            expect: None,
            ..self
        }
    }

    /// The published figures that a run of it can be compared with: those of the preset that owns its name, if network, recipe and data
    /// are those they were measured with. `is_all_of` tells whether the run's set is all of the set that a preset names.
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
    /// Whether training with it is another experiment than training with `other`; corrections belong to the data.
    pub fn differs(&self, other: &Self) -> bool {
        let compared = |recipe: &Self| Self {
            corrections: None,
            // An empty one counts as none.
            transfer: recipe
                .transfer
                .clone()
                .filter(|transfer| *transfer != Default::default()),
            // It decides which epochs count, not how weights are trained.
            await_batch_norm: true,
            ..recipe.clone()
        };
        compared(self) != compared(other)
    }

    fn corrects(&self) -> bool {
        let corrections = self.corrections.as_ref();
        corrections.is_some_and(|corrections| !corrections.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::{PresetFolder, Transfer};

    /// A built-in preset after a change.
    fn changed(change: impl FnOnce(&mut Preset)) -> Preset {
        let mut preset = Preset::built_in("fashion-conv1").unwrap().clone();
        change(&mut preset);
        preset
    }

    #[test]
    fn what_differs_is_found_by_comparison() {
        type Case = (fn(&mut Preset), bool, bool);
        let cases: [Case; 11] = [
            (|_| {}, false, false),
            (|preset| drop(preset.layers.remove(1)), true, false),
            (|preset| preset.classes = 3, true, false),
            (|preset| preset.input.height = 32, true, false),
            (|preset| preset.training.epochs = 3, false, true),
            (|preset| preset.training.batch_size = 64, false, true),
            (
                |preset| preset.training.optimizer.set_learning_rate(0.5),
                false,
                true,
            ),
            (|preset| preset.seed = 77, false, false),
            (
                |preset| preset.data = Some("mnist".to_owned()),
                false,
                false,
            ),
            (
                |preset| preset.description = "mine".to_owned(),
                false,
                false,
            ),
            (
                |preset| preset.training.transfer = Some(Transfer::default()),
                false,
                false,
            ),
        ];
        let original = changed(|_| {});
        for (number, (change, network, recipe)) in cases.into_iter().enumerate() {
            let preset = changed(change);
            let expected = Differences { network, recipe };
            assert_eq!(preset.differences(&original), expected, "case {number}");
            let title = match expected.any() {
                true => "fashion-conv1, edited",
                false => "fashion-conv1",
            };
            // The program's own names are carried by its own presets, whatever else a file of the name says.
            for original in [None, Some(&preset), Some(&original)] {
                assert_eq!(preset.title(original), title, "case {number}");
            }
            let titled = preset.clone().titled(None);
            assert_eq!(titled.name, title, "case {number}");
            assert_eq!(titled.expect.is_some(), !expected.any(), "case {number}");
            let has_words = !titled.description.is_empty();
            assert_eq!(has_words, !expected.any(), "case {number}");
            assert_eq!(titled.clone().titled(None), titled, "once and for all");
        }
    }

    #[test]
    fn other_names_are_carried_by_what_they_were_opened_from() {
        let own = changed(|preset| preset.name = "mine".to_owned());
        let edited = changed(|preset| {
            preset.name = "mine".to_owned();
            preset.layers.truncate(1);
        });
        assert_eq!(own.title(Some(&own)), "mine");
        assert_eq!(edited.title(Some(&own)), "mine, edited");
        assert_eq!(edited.title(None), "mine");
        let renamed = changed(|preset| preset.name = "another".to_owned());
        assert_eq!(edited.title(Some(&renamed)), "mine");
        let kept = edited.titled(Some(&own));
        assert_eq!(
            (kept.title(None).as_str(), kept.expect),
            ("mine, edited", None)
        );
        assert_eq!(name_with(&kept.name, "-pretrain"), "mine-pretrain, edited");
        // No preset can be saved under a name that says of another one that it is edited.
        let folder = tempfile::tempdir().unwrap();
        let folder = PresetFolder::at(folder.path());
        assert!(folder.save(&kept.name, &own.to_yaml(), false).is_err());
    }

    #[test]
    fn published_figures_are_those_of_the_same_network_recipe_and_data() {
        let figures = changed(|_| {}).expect;
        let on = |data: &'static str| move |named: &str| named == data;
        let original = changed(|_| {});
        assert_eq!(original.published(None, on("fashion-mnist")), figures);
        assert_eq!(original.published(None, on("mnist")), None);
        // Where `--data` says something else, the data that the figures are of stay the same.
        let mut other = changed(|preset| preset.data = Some("mnist".to_owned()));
        assert_eq!(other.published(None, on("mnist")), None);
        assert_eq!(other.published(None, on("fashion-mnist")), figures);
        // Nobody published what a person writes under a built-in preset's name.
        other.expect.as_mut().unwrap().best_val_accuracy = Some(0.99);
        assert_eq!(other.published(None, on("fashion-mnist")), figures);
        let fewer = changed(|preset| preset.training.epochs = 3);
        assert_eq!(fewer.published(None, on("fashion-mnist")), None);

        let own = changed(|preset| preset.name = "mine".to_owned());
        assert_eq!(own.published(Some(&own), on("fashion-mnist")), figures);
        assert_eq!(own.published(None, on("fashion-mnist")), None);
        let mut nowhere = own.clone();
        nowhere.data = None;
        assert_eq!(nowhere.published(Some(&nowhere), |_| true), None);
    }
}
