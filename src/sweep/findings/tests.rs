use super::*;

fn trial(number: usize, settings: &[(&str, &str)], seed: u64) -> Trial {
    let settings = settings.iter();
    Trial {
        number,
        combination: number,
        settings: settings
            .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
            .collect(),
        seed,
        epochs: 1,
        tested: false,
        pretrained: false,
    }
}

fn findings(trials: &[Trial], outcome: impl Fn(&Trial) -> f64, by: Measure) -> Findings {
    let compared: Vec<(&Trial, f64)> = trials.iter().map(|trial| (trial, outcome(trial))).collect();
    let (effects, is_grouped) = effects(trials.iter(), &compared, by).unwrap();
    Findings {
        outcome: "best validation accuracy of each trial, on the test images of tiny".to_owned(),
        compared: trials.len(),
        left_out: vec![("failed", 2)],
        effects,
        is_grouped,
        by,
    }
}

/// In [-1, 1], other for each seed and setting, the same in every run.
fn noise(trial: &Trial) -> f64 {
    let words = format!("{:?} {}", trial.settings, trial.seed);
    let hash = words.bytes().fold(7u32, |hash, byte| {
        hash.wrapping_mul(31)
            .wrapping_add(byte.into())
            .rotate_left(5)
    });
    f64::from(hash % 2001) / 1000.0 - 1.0
}

fn grid() -> Vec<Trial> {
    let mut trials = Vec::new();
    for dropout in ["0.5", "0"] {
        for batch in ["32", "64"] {
            for seed in 1..=5 {
                let settings = [
                    ("layers.1.dropout.rate", dropout),
                    ("training.batch_size", batch),
                ];
                trials.push(trial(trials.len() + 1, &settings, seed));
            }
        }
    }
    trials
}

fn text(findings: &Findings) -> String {
    let sections = findings.sections().into_iter();
    let sections = sections.map(|section| {
        let lines = section.lines.join("\n  ");
        format!("{}\n  {lines}", section.title)
    });
    format!(
        "{}\n{}",
        findings.caption(),
        sections.collect::<Vec<_>>().join("\n")
    )
}

#[test]
fn a_real_effect_is_told_with_its_interval_and_none_is_claimed_of_another() {
    let outcome = |trial: &Trial| {
        let drops = trial.setting("layers.1.dropout.rate") == Some("0.5");
        let effect = if drops { -0.02 } else { 0.0 };
        0.9 + effect + 0.002 * noise(trial)
    };
    insta::assert_snapshot!(text(&findings(&grid(), outcome, Measure::ValAccuracy)));
}

#[test]
fn settings_that_work_only_together_interact() {
    let outcome = |trial: &Trial| {
        let settings: Vec<&str> = trial.settings.iter().map(|(_, value)| &**value).collect();
        let together = if settings == ["0.5", "64"] { 0.3 } else { 0.0 };
        0.5 - together + 0.01 * noise(trial)
    };
    let text = text(&findings(&grid(), outcome, Measure::ValLoss));
    assert!(text.contains("interact (p < 0.001)"), "{text}");
    assert!(text.contains(" in loss"), "{text}");
}

#[test]
fn many_numbers_are_compared_in_groups_and_an_unset_one_is_no_reference() {
    let trials: Vec<Trial> = (1..=30)
        .map(|number| {
            let rate = (31 - number).to_string();
            let rate = ("training.optimizer.adam.learning_rate", rate.as_str());
            let optimizer = |name| ("training.optimizer", name);
            match number % 3 {
                0 => trial(number, &[optimizer("adadelta")], 1),
                _ => trial(number, &[optimizer("adam"), rate], 1),
            }
        })
        .collect();
    let findings = findings(&trials, noise, Measure::ValAccuracy);
    let rate = &findings.effects.factors[1];
    assert_eq!(rate.name, "learning_rate");
    assert_eq!(rate.reference, "2 to 11");
    let levels: Vec<&str> = rate.levels.iter().map(|level| &*level.level).collect();
    assert_eq!(levels, ["12 to 21", "23 to 30", "not set"]);
    let counts: Vec<usize> = rate.levels.iter().map(|level| level.trials).collect();
    assert_eq!((rate.reference_trials, counts), (7, vec![7, 6, 10]));
    // Adadelta is where the rate is not set: nothing distinguishes the two.
    let text = text(&findings);
    assert!(text.contains("no trials distinguish them"), "{text}");
    assert!(text.contains("compared in groups"), "{text}");
}

#[test]
fn what_is_not_finished_is_named() {
    let trials = grid();
    let finished: Vec<(&Trial, f64)> = trials
        .iter()
        .filter(|trial| trial.setting("training.batch_size") == Some("32"))
        .map(|trial| (trial, 0.5 + noise(trial)))
        .collect();
    let (effects, _) = effects(trials.iter(), &finished, Measure::ValAccuracy).unwrap();
    assert_eq!(effects.factors[1].untried, ["64"]);
    let verdict = Findings::verdict(&effects.factors[1]);
    assert_eq!(verdict, "all trials so far have 32");
    let nothing = super::effects(trials.iter(), &[], Measure::ValAccuracy);
    assert!(nothing.unwrap_err().contains("no trial is finished"));
}
