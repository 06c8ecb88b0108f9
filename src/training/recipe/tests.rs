use super::*;
use crate::field::{Configured, FieldKind};
use crate::training::{OPTIMIZERS, SCHEDULES};

/// With everything that a recipe can have.
fn full() -> Recipe {
    Recipe {
        validation: Validation::Split(0.2),
        augment: Some(AugmentSettings::usual()),
        average: Some(0.99),
        transfer: Some(Transfer {
            pretrain: Some(Pretrain {
                data: "mnist".into(),
                epochs: 3,
                ..Pretrain::default()
            }),
            ..Transfer::default()
        }),
        ..Recipe::default()
    }
}

#[test]
fn every_setting_of_every_optimizer_and_schedule_can_be_put_and_comes_back() {
    for optimizer in OPTIMIZERS {
        for schedule in SCHEDULES {
            let mut recipe = full();
            recipe.optimizer = Configured::with_defaults(optimizer);
            recipe.schedule = Configured::with_defaults(schedule);
            for position in 0..recipe.settings().len() {
                let setting = recipe.settings().swap_remove(position);
                // Each figure goes up and comes back alone; a choice may bring others along.
                if matches!(setting.field.kind, FieldKind::Choice { .. }) {
                    continue;
                }
                let before = recipe.clone();
                let value = setting.field.step(&setting.value, true);
                recipe.put(&setting.path, value.clone());
                assert_eq!(recipe.settings()[position].value, value, "{setting:?}");
                assert_eq!(recipe == before, value == setting.value, "{setting:?}");
                assert_eq!(recipe.check(30), Ok(()), "{setting:?}");
                recipe.put(&setting.path, setting.value.clone());
                assert_eq!(recipe, before, "{setting:?}");
            }
        }
    }
}

#[test]
fn a_choice_brings_its_settings_along() {
    let mut recipe = Recipe::default();
    let find = |recipe: &Recipe, name: &str| {
        let mut settings = recipe.settings().into_iter();
        settings.find(|setting| setting.field.name == name)
    };
    for (name, choice, brings) in [
        ("optimizer", "adam", "beta_1"),
        ("schedule", "one_cycle", "rise"),
        ("validation", "split", "split"),
        ("augment", "on", "rotation"),
    ] {
        assert!(find(&recipe, brings).is_none(), "{brings}");
        let setting = find(&recipe, name).unwrap();
        let value = setting.field.parse(choice).unwrap();
        recipe.put(&setting.path, value);
        assert!(find(&recipe, brings).is_some(), "{brings}");
    }
    assert_eq!(recipe.check(6), Ok(()));
}

#[test]
fn what_comes_first_is_augmented_like_what_follows() {
    let mut recipe = full();
    let rotation = Value::Number(45.0);
    recipe.put("augment.rotation", rotation);
    recipe.put("transfer.pretrain.augment", Value::Choice("on"));
    let pretrain = recipe.transfer.unwrap().pretrain.unwrap();
    assert_eq!(pretrain.augment, recipe.augment);
    assert_eq!(pretrain.augment.unwrap().rotation, 45.0);
}

#[test]
fn figures_are_written_as_they_were_typed() {
    let settings = full().settings();
    let mut settings = settings.iter();
    let shift = settings.find(|setting| setting.field.name == "width_shift");
    assert_eq!(shift.unwrap().value.to_string(), "0.075");
}

#[test]
fn what_can_be_changed_while_a_training_runs_is_rate_and_augmentation() {
    let settings = full().settings();
    let live = settings.iter().filter(|setting| setting.is_live);
    let names: Vec<_> = live.map(|setting| setting.field.name).collect();
    assert_eq!(names[..3], ["learning_rate", "augment", "rotation"]);
    assert_eq!(names.len(), 2 + 8 + 1);
}
