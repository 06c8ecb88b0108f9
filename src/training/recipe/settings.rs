//! Every figure of a recipe as a described field: the list from which the settings' form is made.

mod fields;

use super::{EarlyStopping, Recipe, Validation};
use crate::data::{AUGMENT_FIELDS, AugmentSettings};
use crate::field::{Configured, Field, Kind, Value, Written};
use fields::*;

/// A figure of a recipe.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The heading that it stands under.
    pub section: &'static str,
    /// What it is called and may be.
    pub field: &'static Field,
    /// What it is.
    pub value: Value,
    place: Place,
}

/// Where in the recipe a figure stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Position in [`PLAIN`].
    Plain(usize),
    /// Position among the optimizer's, the schedule's fields.
    Optimizer(usize),
    Schedule(usize),
    /// Among the augmentation's fields.
    Augment(usize),
}

impl Setting {
    /// Whether the training that runs can be given another value: from its next batch on.
    pub fn is_live(&self) -> bool {
        self.section == AUGMENTATION || self.field.name == "learning_rate"
    }
}

impl Recipe {
    /// Every figure that there is as the recipe stands: the fields of its optimizer and of no other one.
    pub fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        for (position, plain) in PLAIN.iter().enumerate() {
            let Some(value) = (plain.get)(self) else {
                continue;
            };
            let section = plain.section;
            settings.push(Setting {
                section,
                field: (plain.field)(),
                value,
                place: Place::Plain(position),
            });
            let mut fields = |of: Vec<(&'static Field, Value)>, place: fn(usize) -> Place| {
                let of = of.into_iter().enumerate();
                settings.extend(of.map(|(position, (field, value))| Setting {
                    section,
                    field,
                    value,
                    place: place(position),
                }));
            };
            match plain.then {
                Then::Nothing => {}
                Then::OptimizerFields => {
                    fields(self.optimizer.fields().collect(), Place::Optimizer);
                }
                Then::ScheduleFields => fields(self.schedule.fields().collect(), Place::Schedule),
                Then::AugmentFields => {
                    if let Some(augment) = &self.augment {
                        let values = augment.values().into_iter();
                        fields(AUGMENT_FIELDS.iter().zip(values).collect(), Place::Augment);
                    }
                }
            }
        }
        settings
    }

    /// Gives the figure at the place of `setting` another value, one that its field takes.
    pub fn put(&mut self, setting: &Setting, value: Value) {
        match setting.place {
            Place::Plain(position) => (PLAIN[position].put)(self, value),
            Place::Optimizer(position) => put_field(&mut self.optimizer, position, value),
            Place::Schedule(position) => put_field(&mut self.schedule, position, value),
            Place::Augment(position) => {
                if let Some(augment) = &mut self.augment {
                    let taken = augment.set(position, &Written::from(value));
                    debug_assert!(taken.is_ok(), "the value was read by this field");
                }
            }
        }
    }
}

fn put_field<K: Kind>(configured: &mut Configured<K>, position: usize, value: Value) {
    let taken = configured.set(position, &Written::from(value));
    debug_assert!(taken.is_ok(), "the value was read by this field");
}

/// A figure that every recipe has, if only in a certain case.
struct Plain {
    section: &'static str,
    field: fn() -> &'static Field,
    /// `None` where the recipe has no such figure as it stands.
    get: fn(&Recipe) -> Option<Value>,
    put: fn(&mut Recipe, Value),
    then: Then,
}

/// What stands below a figure.
#[derive(Clone, Copy)]
enum Then {
    Nothing,
    OptimizerFields,
    ScheduleFields,
    AugmentFields,
}

const TRAINING: &str = "Training";
const STEPS: &str = "Optimizer";
const RATE: &str = "Learning rate over the epochs";
const MEASURED: &str = "Validation";
const AUGMENTATION: &str = "Augmentation";
const WEIGHTS: &str = "Weights and loss";
const TRANSFER: &str = "Transfer";

static PLAIN: &[Plain] = &[
    plain(
        TRAINING,
        || &EPOCHS,
        |recipe| Some(Value::Whole(recipe.epochs)),
        |recipe, value| recipe.epochs = value.whole(),
    ),
    plain(
        TRAINING,
        || &BATCH_SIZE,
        |recipe| Some(Value::Whole(recipe.batch_size)),
        |recipe, value| recipe.batch_size = value.whole(),
    ),
    plain(
        TRANSFER,
        || &PRETRAIN_EPOCHS,
        |recipe| {
            let pretrain = recipe.transfer.as_ref()?.pretrain.as_ref()?;
            Some(Value::Whole(pretrain.epochs))
        },
        |recipe, value| {
            let transfer = recipe.transfer.as_mut();
            if let Some(pretrain) = transfer.and_then(|transfer| transfer.pretrain.as_mut()) {
                pretrain.epochs = value.whole();
            }
        },
    ),
    plain(
        TRANSFER,
        || &PRETRAIN_BATCH_SIZE,
        |recipe| {
            let pretrain = recipe.transfer.as_ref()?.pretrain.as_ref()?;
            Some(Value::Whole(pretrain.batch_size.unwrap_or(0)))
        },
        |recipe, value| {
            let transfer = recipe.transfer.as_mut();
            if let Some(pretrain) = transfer.and_then(|transfer| transfer.pretrain.as_mut()) {
                pretrain.batch_size = Some(value.whole()).filter(|images| *images > 0);
            }
        },
    ),
    plain(
        TRANSFER,
        || &PRETRAIN_AUGMENT,
        |recipe| {
            let pretrain = recipe.transfer.as_ref()?.pretrain.as_ref()?;
            Some(on_off(pretrain.augment.is_some()))
        },
        |recipe, value| {
            let figures = recipe.augment.unwrap_or(AugmentSettings::usual());
            let transfer = recipe.transfer.as_mut();
            if let Some(pretrain) = transfer.and_then(|transfer| transfer.pretrain.as_mut()) {
                pretrain.augment = (value.choice() == "on").then_some(figures);
            }
        },
    ),
    plain(
        TRANSFER,
        || &FROZEN_LAYERS,
        |recipe| Some(Value::Whole(recipe.transfer.as_ref()?.frozen_layers)),
        |recipe, value| {
            if let Some(transfer) = &mut recipe.transfer {
                transfer.frozen_layers = value.whole();
            }
        },
    ),
    plain(
        TRANSFER,
        || &FRESH_FROM,
        |recipe| {
            Some(Value::Whole(
                recipe.transfer.as_ref()?.fresh_from.unwrap_or(0),
            ))
        },
        |recipe, value| {
            if let Some(transfer) = &mut recipe.transfer {
                transfer.fresh_from = Some(value.whole()).filter(|layer| *layer > 0);
            }
        },
    ),
    Plain {
        then: Then::OptimizerFields,
        ..plain(
            STEPS,
            || &OPTIMIZER,
            |recipe| Some(Value::Choice(recipe.optimizer.kind().name)),
            |recipe, value| choose(&mut recipe.optimizer, value),
        )
    },
    Plain {
        then: Then::ScheduleFields,
        ..plain(
            RATE,
            || &SCHEDULE,
            |recipe| Some(Value::Choice(recipe.schedule.kind().name)),
            |recipe, value| choose(&mut recipe.schedule, value),
        )
    },
    plain(
        RATE,
        || &WARM_UP,
        |recipe| Some(Value::Number(recipe.warm_up)),
        |recipe, value| recipe.warm_up = value.number(),
    ),
    plain(
        MEASURED,
        || &VALIDATION,
        |recipe| {
            Some(Value::Choice(match recipe.validation {
                Validation::Test => "test",
                Validation::Split(_) => "split",
            }))
        },
        |recipe, value| match (value.choice(), recipe.validation) {
            ("test", _) => recipe.validation = Validation::Test,
            (_, Validation::Test) => recipe.validation = Validation::Split(0.1),
            (_, Validation::Split(_)) => {}
        },
    ),
    plain(
        MEASURED,
        || &SPLIT,
        |recipe| match recipe.validation {
            Validation::Test => None,
            Validation::Split(share) => Some(Value::Number(share)),
        },
        |recipe, value| recipe.validation = Validation::Split(value.number()),
    ),
    plain(
        MEASURED,
        || &PATIENCE,
        |recipe| {
            let stopping = recipe.early_stopping;
            Some(Value::Whole(
                stopping.map_or(0, |stopping| stopping.patience),
            ))
        },
        |recipe, value| {
            let patience = value.whole();
            recipe.early_stopping = (patience > 0).then_some(EarlyStopping { patience });
        },
    ),
    Plain {
        then: Then::AugmentFields,
        ..plain(
            AUGMENTATION,
            || &AUGMENT,
            |recipe| Some(on_off(recipe.augment.is_some())),
            |recipe, value| match value.choice() {
                "off" => recipe.augment = None,
                _ => recipe.augment = Some(recipe.augment.unwrap_or(AugmentSettings::usual())),
            },
        )
    },
    plain(
        WEIGHTS,
        || &AVERAGE,
        |recipe| Some(Value::Number(recipe.average.unwrap_or(0.0))),
        |recipe, value| recipe.average = Some(value.number()).filter(|decay| *decay > 0.0),
    ),
    plain(
        WEIGHTS,
        || &LABEL_SMOOTHING,
        |recipe| Some(Value::Number(recipe.label_smoothing)),
        |recipe, value| recipe.label_smoothing = value.number(),
    ),
    plain(
        WEIGHTS,
        || &GRADIENT_CLIP,
        |recipe| Some(Value::Number(recipe.gradient_clip.unwrap_or(0.0))),
        |recipe, value| recipe.gradient_clip = Some(value.number()).filter(|norm| *norm > 0.0),
    ),
];

const fn plain(
    section: &'static str,
    field: fn() -> &'static Field,
    get: fn(&Recipe) -> Option<Value>,
    put: fn(&mut Recipe, Value),
) -> Plain {
    Plain {
        section,
        field,
        get,
        put,
        then: Then::Nothing,
    }
}

fn on_off(is_on: bool) -> Value {
    Value::Choice(if is_on { "on" } else { "off" })
}

/// Another kind, with its defaults; the same kind stays as it is.
fn choose<K: Kind>(configured: &mut Configured<K>, value: Value) {
    if let Some(kind) = K::named(value.choice())
        && kind.name() != configured.kind().name()
    {
        *configured = Configured::with_defaults(kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldKind;
    use crate::training::{OPTIMIZERS, Pretrain, SCHEDULES, Transfer};

    fn full() -> Recipe {
        Recipe {
            validation: Validation::Split(0.2),
            augment: Some(AugmentSettings::usual()),
            average: Some(0.99),
            transfer: Some(Transfer {
                pretrain: Some(Pretrain {
                    data: "mnist".into(),
                    epochs: 3,
                    batch_size: None,
                    augment: None,
                }),
                ..Transfer::default()
            }),
            ..Recipe::default()
        }
    }

    #[test]
    fn every_figure_of_every_optimizer_and_schedule_can_be_put_and_comes_back() {
        for optimizer in OPTIMIZERS {
            for schedule in SCHEDULES {
                let mut recipe = full();
                recipe.optimizer = Configured::with_defaults(optimizer);
                recipe.schedule = Configured::with_defaults(schedule);
                let count = recipe.settings().len();
                for position in 0..count {
                    let setting = recipe.settings()[position];
                    // Each figure goes up and comes back alone; a choice may bring others along.
                    if matches!(setting.field.kind, FieldKind::Choice(_)) {
                        continue;
                    }
                    let before = recipe.clone();
                    let value = setting.field.step(setting.value, true);
                    recipe.put(&setting, value);
                    assert_eq!(recipe.settings()[position].value, value, "{setting:?}");
                    assert_eq!(recipe == before, value == setting.value, "{setting:?}");
                    assert_eq!(recipe.check(30), Ok(()), "{setting:?}");
                    recipe.put(&setting, setting.value);
                    assert_eq!(recipe, before, "{setting:?}");
                }
            }
        }
    }

    #[test]
    fn a_choice_brings_its_figures_along() {
        let mut recipe = Recipe::default();
        for (name, choice, brings) in [
            ("optimizer", "adam", "beta_1"),
            ("schedule", "one_cycle", "rise"),
            ("validation", "split", "split"),
            ("augment", "on", "rotation"),
        ] {
            let find = |recipe: &Recipe, name: &str| {
                let mut settings = recipe.settings().into_iter();
                settings.find(|setting| setting.field.name == name)
            };
            assert!(find(&recipe, brings).is_none(), "{brings}");
            let setting = find(&recipe, name).unwrap();
            let value = setting.field.parse(choice).unwrap();
            recipe.put(&setting, value);
            assert!(find(&recipe, brings).is_some(), "{brings}");
        }
        assert_eq!(recipe.check(6), Ok(()));
    }

    #[test]
    fn figures_are_written_as_they_were_typed() {
        let settings = full().settings();
        let shift = settings
            .iter()
            .find(|setting| setting.field.name == "width_shift");
        assert_eq!(shift.unwrap().value.to_string(), "0.075");
    }

    #[test]
    fn what_can_be_changed_while_a_training_runs_is_rate_and_augmentation() {
        let settings = full().settings();
        let live = settings.iter().filter(|setting| setting.is_live());
        let names: Vec<_> = live.map(|setting| setting.field.name).collect();
        assert_eq!(names[..3], ["learning_rate", "augment", "rotation"]);
        assert_eq!(names.len(), 2 + 8 + 1);
    }
}
