//! Simulated sweeps whose truth is known: claims are wrong in at most 5 of 100, and intervals cover in 95 of 100.

use super::*;
use crate::statistics::test_support::{Normal, about_5_percent, at_most_5_percent};

/// Sweeps of each kind.
const CASES: usize = 1_000;

/// A kind of sweep: the levels of each factor, and which trials one has.
struct Kind {
    name: &'static str,
    levels: &'static [usize],
    trials: fn(&[usize], &mut Normal) -> Vec<Vec<usize>>,
}

const KINDS: [Kind; 6] = [
    Kind {
        name: "grid with three seeds",
        levels: &[3, 2, 2],
        trials: |levels, _| {
            grid(levels)
                .into_iter()
                .flat_map(|t| [t.clone(), t.clone(), t])
                .collect()
        },
    },
    Kind {
        name: "grid without replicates",
        levels: &[3, 4, 3],
        trials: |levels, _| grid(levels),
    },
    Kind {
        name: "random with unequal numbers of trials",
        levels: &[2, 3, 4],
        trials: |levels, normal| random(levels, 40, normal),
    },
    Kind {
        name: "four factors of two to five levels",
        levels: &[2, 3, 4, 5],
        trials: |levels, normal| random(levels, 60, normal),
    },
    Kind {
        name: "few random trials",
        levels: &[2, 2, 3],
        trials: |levels, normal| random(levels, 9, normal),
    },
    Kind {
        name: "small grid with two seeds",
        levels: &[2, 3],
        trials: |levels, _| {
            grid(levels)
                .into_iter()
                .flat_map(|t| [t.clone(), t])
                .collect()
        },
    },
];

fn grid(levels: &[usize]) -> Vec<Vec<usize>> {
    levels.iter().fold(vec![Vec::new()], |trials, count| {
        let longer = |trial: Vec<usize>| {
            (0..*count).map(move |level| trial.iter().copied().chain([level]).collect())
        };
        trials.into_iter().flat_map(longer).collect()
    })
}

fn random(levels: &[usize], count: usize, normal: &mut Normal) -> Vec<Vec<usize>> {
    let mut trial = || levels.iter().map(|count| normal.skewed(*count)).collect();
    (0..count).map(|_| trial()).collect()
}

/// A sweep of a kind, in which each level of factor f adds `effect(f, level)`.
fn sweep(kind: &Kind, normal: &mut Normal, effect: impl Fn(usize, usize) -> f64) -> Design {
    let factors = (0..kind.levels.len()).map(|factor| Factor {
        name: factor.to_string(),
        levels: (0..kind.levels[factor])
            .map(|level| level.to_string())
            .collect(),
    });
    let trials = (kind.trials)(kind.levels, normal)
        .into_iter()
        .map(|levels| {
            let effects = levels
                .iter()
                .enumerate()
                .map(|(factor, level)| effect(factor, *level));
            let outcome = 0.9 + effects.sum::<f64>() + 0.01 * normal.draw();
            (levels, outcome)
        });
    Design {
        factors: factors.collect(),
        trials: trials.collect(),
        repeated: 0,
    }
}

#[test]
fn where_nothing_matters_5_of_100_sweeps_claim_that_something_does() {
    let mut normal = Normal::new(11);
    for kind in &KINDS {
        let (mut factors, mut interactions, mut best) = (0, 0, 0);
        for _ in 0..CASES {
            let effects = Effects::of(&sweep(kind, &mut normal, |_, _| 0.0), true);
            factors += usize::from(effects.factors.iter().any(|factor| factor.matters));
            interactions += usize::from(!effects.interactions.is_empty());
            best += usize::from(effects.best.unwrap().distinguishable);
        }
        println!("{}: {factors} {interactions} {best}", kind.name);
        assert!(about_5_percent(factors, CASES), "{}: {factors}", kind.name);
        assert!(
            at_most_5_percent(interactions, CASES),
            "{}: {interactions}",
            kind.name
        );
        assert!(at_most_5_percent(best, CASES), "{}: {best}", kind.name);
    }
}

#[test]
fn a_factor_that_does_nothing_among_others_that_do_is_claimed_in_5_of_100() {
    let mut normal = Normal::new(12);
    for kind in &KINDS {
        let (mut wrong, mut right, mut interactions) = (0, 0, 0);
        for _ in 0..CASES {
            let last = kind.levels.len() - 1;
            let design = sweep(kind, &mut normal, |factor, level| {
                0.03 * f64::from(u8::from(factor == last)) * level as f64
            });
            let effects = Effects::of(&design, true);
            let claimed = |factor: &FactorEffect| factor.matters;
            wrong += usize::from(effects.factors[..last].iter().any(claimed));
            right += usize::from(effects.factors[last].matters);
            interactions += usize::from(!effects.interactions.is_empty());
        }
        println!("{}: {wrong} {right} {interactions}", kind.name);
        assert!(at_most_5_percent(wrong, CASES), "{}: {wrong}", kind.name);
        assert!(
            at_most_5_percent(interactions, CASES),
            "{}: {interactions}",
            kind.name
        );
        // Three deviations a level are found, unless there are hardly any trials.
        let enough = if kind.name.starts_with("few") {
            400
        } else {
            900
        };
        assert!(right > enough, "{}: {right}", kind.name);
    }
}

#[test]
fn intervals_of_every_level_cover_its_effect_in_93_to_97_of_100() {
    let mut normal = Normal::new(13);
    let truth = |factor: usize, level: usize| 0.013 * (factor + 1) as f64 * level as f64;
    for kind in &KINDS {
        let mut covered: Vec<Vec<(usize, usize)>> = kind
            .levels
            .iter()
            .map(|levels| vec![(0, 0); *levels])
            .collect();
        for _ in 0..CASES {
            let effects = Effects::of(&sweep(kind, &mut normal, truth), true);
            for (number, factor) in effects.factors.iter().enumerate() {
                let reference = truth(number, factor.reference.parse().unwrap());
                for level in &factor.levels {
                    let Some(uncertainty) = level.effect.and_then(|effect| effect.uncertainty)
                    else {
                        continue;
                    };
                    let level: usize = level.level.parse().unwrap();
                    let difference = truth(number, level) - reference;
                    let (hits, cases) = &mut covered[number][level];
                    *hits += usize::from(uncertainty.interval.contains(difference));
                    *cases += 1;
                }
            }
        }
        let mut levels = 0;
        for (hits, cases) in covered
            .into_iter()
            .flatten()
            .filter(|(_, cases)| *cases > 500)
        {
            let share = hits as f64 / cases as f64;
            assert!(
                (0.93..=0.97).contains(&share),
                "{}: {hits} of {cases}",
                kind.name
            );
            levels += 1;
        }
        let expected: usize = kind.levels.iter().map(|levels| levels - 1).sum();
        assert_eq!(levels, expected, "{}", kind.name);
    }
}

/// Two configurations are equally good, one with a single trial and one with nine; the others are worse. No one may be called the best.
#[test]
fn the_best_of_unequally_often_tried_configurations_is_claimed_honestly() {
    let mut normal = Normal::new(14);
    let means = [0.0, 0.0, -0.01, -0.01];
    let mut wrong = 0;
    for _ in 0..CASES {
        let mut trials = Vec::new();
        for (level, count) in [1, 9, 9, 9].into_iter().enumerate() {
            let mut trial = || (vec![level], means[level] + 0.01 * normal.draw());
            trials.extend((0..count).map(|_| trial()));
        }
        let levels = (0..4).map(|level| level.to_string()).collect();
        let design = Design {
            factors: vec![Factor {
                name: "a".to_owned(),
                levels,
            }],
            trials,
            repeated: 0,
        };
        wrong += usize::from(Effects::of(&design, true).best.unwrap().distinguishable);
    }
    println!("{wrong}");
    assert!(at_most_5_percent(wrong, CASES), "{wrong}");
}

#[test]
fn an_interaction_that_is_there_is_found() {
    let mut normal = Normal::new(15);
    let mut found = 0;
    for _ in 0..100 {
        let mut design = sweep(&KINDS[1], &mut normal, |_, _| 0.0);
        for (levels, outcome) in &mut design.trials {
            if levels[0] == 2 && levels[1] == 3 {
                *outcome -= 0.06;
            }
        }
        let effects = Effects::of(&design, true);
        let first = effects.interactions.first();
        let is_it = |interaction: &Interaction| {
            interaction.factors == ["0", "1"] && interaction.strongest.levels == ["2", "3"]
        };
        found += usize::from(first.is_some_and(is_it));
    }
    assert!(found > 90, "{found}");
}
