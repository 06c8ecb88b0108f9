//! The effects against published analyses and against designs whose answer is known.

use super::*;
use crate::statistics::test_support::assert_close;

/// A design of these levels, named by their numbers, with a factor's name each.
fn design(names: &[&str], counts: &[usize], rows: &[(&[usize], f64)]) -> Design {
    let factors = names.iter().zip(counts).map(|(name, count)| Factor {
        name: (*name).to_owned(),
        levels: (0..*count).map(|level| level.to_string()).collect(),
    });
    let trials: Vec<Trial> = rows
        .iter()
        .map(|(levels, outcome)| Trial {
            levels: levels.iter().map(usize::to_string).collect(),
            seed: None,
            outcome: *outcome,
        })
        .collect();
    Design::new(factors.collect(), &trials).unwrap()
}

fn sum_of_squares(effects: &Effects, factor: usize) -> f64 {
    let test = effects.factors[factor].test.unwrap();
    test.f * test.degrees as f64 * effects.error.unwrap().deviation.powi(2)
}

fn estimate(effects: &Effects, factor: usize, level: &str) -> Estimate {
    let levels = &effects.factors[factor].levels;
    let level = levels.iter().find(|effect| effect.level == level);
    level.unwrap().effect.unwrap()
}

/// Breaks of yarn by wool (A, B) and tension (low, medium, high), nine looms each. Source: Tippett 1950, "Technological Applications of
/// Statistics", p. 106; R's data set `warpbreaks`.
const WARP_BREAKS: [([usize; 2], [f64; 9]); 6] = [
    ([0, 0], [26., 30., 54., 25., 70., 52., 51., 26., 67.]),
    ([0, 1], [18., 21., 29., 17., 12., 18., 35., 30., 36.]),
    ([0, 2], [36., 21., 24., 18., 10., 43., 28., 15., 26.]),
    ([1, 0], [27., 14., 29., 19., 29., 31., 41., 20., 44.]),
    ([1, 1], [42., 26., 19., 16., 39., 28., 21., 39., 29.]),
    ([1, 2], [20., 21., 24., 17., 13., 15., 15., 16., 28.]),
];

#[test]
fn a_two_way_analysis_of_variance_comes_out_as_in_r() {
    let rows: Vec<(&[usize], f64)> = WARP_BREAKS
        .iter()
        .flat_map(|(levels, breaks)| breaks.iter().map(|b| (levels.as_slice(), *b)))
        .collect();
    let effects = Effects::of(&design(&["wool", "tension"], &[2, 3], &rows), false);
    // R 4: summary(aov(breaks ~ wool * tension, warpbreaks)). With replicates, the residual there is the seed's deviation here.
    let error = effects.error.unwrap();
    assert_eq!((error.source, error.degrees), (ErrorSource::Seed, 48));
    assert_close(error.deviation.powi(2), 119.7, 1e-3);
    for (factor, squares, degrees, f, p) in [
        (0, 450.7, 1, 3.765, 0.058213),
        (1, 2034.3, 2, 8.498, 0.000693),
    ] {
        let test = effects.factors[factor].test.unwrap();
        assert_close(sum_of_squares(&effects, factor), squares, 1e-3);
        assert_eq!((test.degrees, test.error_degrees), (degrees, 48));
        assert_close(test.f, f, 2e-4);
        assert_close(test.p, p, 1e-3);
    }
    let corrected = |factor: usize| effects.factors[factor].test.unwrap().corrected_p;
    assert_close(corrected(1), 2.0 * 0.000693, 1e-3);
    assert_close(corrected(0), 0.058213, 1e-3);
    assert_eq!(
        effects
            .factors
            .iter()
            .map(|f| f.matters)
            .collect::<Vec<_>>(),
        [false, true]
    );
    // Their interaction: F = 4.189 with 2 and 48 degrees, p = 0.021044. Wool A under low tension breaks the most beyond what both explain.
    assert_eq!(
        (effects.interactions.len(), effects.interactions_tested),
        (1, 1)
    );
    let interaction = &effects.interactions[0];
    assert_close(interaction.test.f, 4.189, 2e-4);
    assert_close(interaction.test.corrected_p, 0.021044, 1e-3);
    assert_eq!(interaction.factors, ["wool", "tension"]);
    let departures = [["0", "0"], ["1", "0"]];
    assert!(
        departures
            .iter()
            .any(|levels| interaction.strongest.levels == *levels)
    );
    assert_close(interaction.strongest.departure.abs(), 5.277_777_8, 1e-6);
    // The effects are those of lm(breaks ~ wool + tension), where the residual variance is 134.96.
    assert_close(estimate(&effects, 0, "1").difference, -5.777_777_8, 1e-6);
    assert_close(estimate(&effects, 1, "1").difference, -10.0, 1e-9);
    assert_close(estimate(&effects, 1, "2").difference, -14.722_222_2, 1e-6);
    assert_close(
        effects.residual.unwrap().deviation.powi(2),
        134.957_777_8,
        1e-6,
    );
    // The best configuration is B under high tension, 18.78 breaks on average, against A under medium tension, 24.
    let best = effects.best.as_ref().unwrap();
    assert_eq!(
        (best.levels.join(" "), best.second_levels.join(" ")),
        ("1 2".into(), "0 1".into())
    );
    assert_close(best.difference.difference, 169.0 / 9.0 - 24.0, 1e-9);
    assert!(!best.distinguishable);
}

/// Yields of peas in six blocks of four plots, with nitrogen, phosphate and potash; R's data set `npk`. Source: Venables and Ripley 2002,
/// "Modern Applied Statistics with S", section 6.7. The interaction of all three is confounded with the blocks.
#[test]
fn a_factorial_in_blocks_comes_out_as_in_r() {
    let text = "49.5 62.8 46.8 57.0 59.8 58.5 55.5 56.0 62.8 55.8 69.5 55.0 62.0 48.8 45.5 44.2 52.0 51.5 49.8 48.8 57.2 59.0 53.2 56.0";
    let given = [
        "010111000110110010101100",
        "110001011100010110010110",
        "100101100101011000111010",
    ];
    let is_given = |what: usize, plot: usize| usize::from(given[what].as_bytes()[plot] == b'1');
    let levels: Vec<[usize; 4]> = (0..24)
        .map(|plot| {
            [
                plot / 4,
                is_given(0, plot),
                is_given(1, plot),
                is_given(2, plot),
            ]
        })
        .collect();
    let yields = text.split(' ').map(|number| number.parse().unwrap());
    let rows: Vec<(&[usize], f64)> = levels.iter().map(|l| l.as_slice()).zip(yields).collect();
    let effects = Effects::of(
        &design(&["block", "N", "P", "K"], &[6, 2, 2, 2], &rows),
        true,
    );
    // R 4: anova(lm(yield ~ block + N + P + K, npk)), confint of the same
    for (factor, squares, p) in [
        (0, 343.295, 0.012722),
        (1, 189.281_667, 0.003660),
        (2, 8.401_667, 0.479990),
        (3, 95.201_667, 0.027667),
    ] {
        assert_close(sum_of_squares(&effects, factor), squares, 1e-6);
        assert_close(effects.factors[factor].test.unwrap().p, p, 2e-4);
    }
    let error = effects.error.unwrap();
    assert_eq!((error.source, error.degrees), (ErrorSource::Residual, 15));
    assert_close(error.deviation.powi(2) * 15.0, 240.185, 1e-6);
    let nitrogen = estimate(&effects, 1, "1");
    assert_close(nitrogen.difference, 5.616_667, 1e-6);
    let uncertainty = nitrogen.uncertainty.unwrap();
    assert_close(uncertainty.standard_error, 1.633_622, 1e-6);
    assert_close(uncertainty.interval.low, 2.134_683, 1e-6);
    assert_close(uncertainty.interval.high, 9.098_650, 1e-6);
    assert_close(uncertainty.p, 0.003660, 2e-4);
    // Of one factor with two levels, t and F are the same test.
    let test = effects.factors[1].test.unwrap();
    assert_close(
        (nitrogen.difference / uncertainty.standard_error).powi(2),
        test.f,
        1e-9,
    );
    // Corrected for four factors, nitrogen alone and the blocks are claimed; potash is not.
    let matters: Vec<bool> = effects
        .factors
        .iter()
        .map(|factor| factor.matters)
        .collect();
    assert_eq!(matters, [true, true, false, false]);
    assert_close(
        effects.factors[3].test.unwrap().corrected_p,
        2.0 * 0.027667,
        2e-4,
    );
}

/// Fourteen trials at random, unequally many of each level, and two more.
const UNEQUAL: [([usize; 3], f64); 16] = [
    ([0, 0, 0], 0.91),
    ([0, 1, 1], 0.87),
    ([0, 0, 2], 0.93),
    ([1, 1, 3], 0.88),
    ([1, 1, 0], 0.95),
    ([1, 0, 1], 0.90),
    ([1, 0, 2], 0.86),
    ([2, 1, 3], 0.99),
    ([2, 0, 0], 0.97),
    ([0, 1, 1], 0.85),
    ([1, 0, 2], 0.89),
    ([2, 1, 3], 0.96),
    ([0, 1, 3], 0.92),
    ([1, 0, 0], 0.94),
    ([2, 1, 0], 0.95),
    ([2, 0, 1], 0.93),
];

#[test]
fn an_unequal_random_design_comes_out_as_in_statsmodels() {
    let rows: Vec<(&[usize], f64)> = UNEQUAL[..14]
        .iter()
        .map(|(l, y)| (l.as_slice(), *y))
        .collect();
    let effects = Effects::of(&design(&["a", "b", "c"], &[3, 2, 4], &rows), true);
    // statsmodels 0.15: ols('y ~ C(a) + C(b) + C(c)'), anova_lm(…, typ=2)
    for (factor, level, difference, error, p) in [
        (0, "1", -0.00202353, 0.0194302, 0.919976549),
        (0, "2", 0.05688235, 0.0260392, 0.0652071212),
        (1, "1", -0.00372941, 0.02620532, 0.890840761),
        (2, "1", -0.05372941, 0.02620532, 0.0794923287),
        (2, "2", -0.03554118, 0.02501932, 0.198421987),
        (2, "3", -0.01692941, 0.03013356, 0.591768973),
    ] {
        let estimate = estimate(&effects, factor, level);
        let uncertainty = estimate.uncertainty.unwrap();
        assert_close(estimate.difference, difference, 2e-6);
        assert_close(uncertainty.standard_error, error, 1e-6);
        assert_close(uncertainty.p, p, 1e-7);
    }
    for (factor, f, p) in [
        (0, 3.128111, 0.106998),
        (1, 0.020254, 0.890841),
        (2, 1.707212, 0.251856),
    ] {
        let test = effects.factors[factor].test.unwrap();
        assert_close(test.f, f, 5e-5);
        assert_close(test.p, p, 5e-6);
    }
    // Three pairs of trials have the same levels: too few replicates for an error term.
    assert_eq!(effects.seed.unwrap().degrees, 3);
    let error = effects.error.unwrap();
    assert_eq!((error.source, error.degrees), (ErrorSource::Residual, 7));
    assert_close(error.deviation, 0.030_366_666_8, 1e-9);
}

#[test]
fn an_interaction_is_tested_against_what_it_leaves_itself() {
    let mut trials = UNEQUAL;
    // Together, the levels 1 of a and b cost 0.2.
    for trial in trials
        .iter_mut()
        .filter(|(levels, _)| levels[..2] == [1, 1])
    {
        trial.1 -= 0.2;
    }
    let rows: Vec<(&[usize], f64)> = trials.iter().map(|(l, y)| (l.as_slice(), *y)).collect();
    let effects = Effects::of(&design(&["a", "b", "c"], &[3, 2, 4], &rows), true);
    assert_close(effects.residual.unwrap().deviation, 0.063_317_447_916, 1e-9);
    // statsmodels 0.15: anova_lm(ols('y ~ C(a) + C(b) + C(c)'), ols('y ~ C(a) * C(b) + C(c)'))
    assert_eq!(
        (effects.interactions.len(), effects.interactions_tested),
        (1, 3)
    );
    let Interaction {
        factors,
        test,
        strongest,
    } = &effects.interactions[0];
    assert_eq!(*factors, ["a", "b"]);
    assert_close(test.f, 15.555267, 1e-6);
    assert_eq!((test.degrees, test.error_degrees), (2, 7));
    assert_close(test.p, 0.002656, 1e-3);
    assert_close(test.corrected_p, 3.0 * test.p, 1e-12);
    assert_eq!(
        (strongest.levels.join(" "), strongest.trials),
        ("1 1".to_owned(), 2)
    );
    assert!(strongest.departure < -0.05);
}

#[test]
fn factors_that_always_change_together_are_named_and_not_estimated() {
    // The optimizer and its momentum change together; dropout is varied by itself.
    let mut rows = Vec::new();
    for (index, outcome) in [0.5, 0.7, 0.6, 0.9, 0.52, 0.71, 0.63, 0.88]
        .into_iter()
        .enumerate()
    {
        rows.push(([index % 2, index % 2, index / 2 % 2], outcome));
    }
    let rows: Vec<(&[usize], f64)> = rows.iter().map(|(l, y)| (l.as_slice(), *y)).collect();
    let effects = Effects::of(
        &design(&["optimizer", "momentum", "dropout"], &[2, 2, 3], &rows),
        true,
    );
    let named = |level: [&str; 2]| level.map(str::to_owned);
    assert_eq!(
        effects.inseparable,
        [Inseparable {
            level: named(["momentum", "1"]),
            from: vec![named(["optimizer", "1"])],
        }]
    );
    for factor in &effects.factors[..2] {
        assert_eq!(
            (factor.levels[0].effect, factor.test, factor.matters),
            (None, None, false)
        );
    }
    // Dropout 1 against 0: the mean of 0.6 0.9 0.63 0.88 less that of 0.5 0.7 0.52 0.71.
    assert_close(estimate(&effects, 2, "1").difference, 0.145, 1e-9);
    assert_eq!(effects.factors[2].untried, ["2"]);
    assert_eq!(effects.more_would_help.as_ref().unwrap().factor, "dropout");
    let json = serde_json::to_string(&effects).unwrap();
    assert!(json.contains(r#""source":"residual""#), "{json}");
}

/// Momentum 1 and 2 mean something to optimizer 1 only; optimizer 0 implies the level "none".
#[test]
fn of_a_level_that_another_factor_implies_the_other_levels_are_still_known() {
    let rows: Vec<([usize; 2], f64)> = (0..12)
        .map(|index| {
            let levels = [[0, 2], [1, 0], [1, 1]][index % 3];
            (
                levels,
                [0.3, 0.5, 0.8][index % 3] + 0.001 * ((index * index) % 7) as f64,
            )
        })
        .collect();
    let rows: Vec<(&[usize], f64)> = rows.iter().map(|(l, y)| (l.as_slice(), *y)).collect();
    let effects = Effects::of(&design(&["optimizer", "momentum"], &[2, 3], &rows), true);
    assert_eq!(effects.inseparable.len(), 1);
    assert_eq!(effects.factors[0].levels[0].effect, None);
    let momentum = estimate(&effects, 1, "1");
    assert!((momentum.difference - 0.3).abs() < 0.01);
    assert!(effects.factors[1].matters);
    assert_eq!(effects.factors[1].test.unwrap().degrees, 1);
}

#[test]
fn without_a_measure_of_chance_there_are_estimates_and_no_claims() {
    let json = |effects: &Effects| serde_json::to_string(effects).unwrap();
    // As many trials as effects.
    let saturated = design(&["a"], &[3], &[(&[0], 0.5), (&[1], 0.9), (&[2], 0.1)]);
    // Chance that is exactly nothing.
    let exact = design(
        &["a"],
        &[2],
        &[(&[0], 0.1), (&[0], 0.1), (&[1], 0.3), (&[1], 0.3)],
    );
    let equal = design(
        &["a"],
        &[2],
        &[(&[0], 0.1), (&[0], 0.1), (&[1], 0.1), (&[1], 0.1)],
    );
    for (design, difference) in [(saturated, 0.4), (exact, 0.2), (equal, 0.0)] {
        let effects = Effects::of(&design, true);
        assert_eq!(effects.error, None, "{}", json(&effects));
        let estimate = estimate(&effects, 0, "1");
        assert_close(estimate.difference, difference, 1e-9);
        assert_eq!(estimate.uncertainty, None);
        assert!(!effects.factors[0].matters && !effects.best.as_ref().unwrap().distinguishable);
        assert_eq!(effects.more_would_help, None);
    }
    let one = Effects::of(&design(&["a"], &[2], &[(&[1], 0.5)]), true);
    assert_eq!((one.factors[0].reference.as_str(), one.best), ("1", None));
    let none = Effects::of(&design(&[], &[], &[(&[], 0.5), (&[], 0.7)]), true);
    assert_close(none.seed.unwrap().deviation, 0.02f64.sqrt(), 1e-9);
}

#[test]
fn other_units_give_the_same_tests() {
    let rows = |scale: f64, shift: f64| {
        let rows = UNEQUAL
            .iter()
            .map(|(l, y)| (l.as_slice(), y * scale + shift));
        Effects::of(
            &design(&["a", "b", "c"], &[3, 2, 4], &rows.collect::<Vec<_>>()),
            true,
        )
    };
    let plain = rows(1.0, 0.0);
    for (scale, shift) in [(1e140, 0.0), (1e-140, 0.0), (1.0, 1e6)] {
        let other = rows(scale, shift);
        for (one, other) in plain.factors.iter().zip(&other.factors) {
            assert_close(other.test.unwrap().f, one.test.unwrap().f, 1e-6);
        }
        let difference = estimate(&other, 0, "2");
        assert_close(
            difference.difference / scale,
            estimate(&plain, 0, "2").difference,
            1e-6,
        );
        assert_close(
            difference.uncertainty.unwrap().interval.half_width() / scale,
            estimate(&plain, 0, "2")
                .uncertainty
                .unwrap()
                .interval
                .half_width(),
            1e-6,
        );
    }
}

/// Repeating the whole design as often as `more_would_help` says halves the interval: with twice as many trials less it does not.
#[test]
fn as_many_more_trials_as_said_halve_the_interval() {
    let noise = [0.3, -0.5, 0.1, 0.4, -0.2, -0.1];
    let effects_of = |repeats: usize, deviation: f64| {
        let rows: Vec<([usize; 1], f64)> = (0..2 * repeats)
            .map(|index| {
                let chance = noise[index / 2 % 6] * if index % 4 < 2 { 1.0 } else { -1.0 };
                ([index % 2], index as f64 % 2.0 + deviation * chance)
            })
            .collect();
        let rows: Vec<(&[usize], f64)> = rows.iter().map(|(l, y)| (l.as_slice(), *y)).collect();
        Effects::of(&design(&["a"], &[2], &rows), true)
    };
    let half = |effects: &Effects| {
        let uncertainty = estimate(effects, 0, "1").uncertainty.unwrap();
        // Per unit of the deviation, which chance alone changes.
        uncertainty.interval.half_width() / effects.error.unwrap().deviation
    };
    for repeats in [4, 20, 300] {
        let now = effects_of(repeats, 0.1);
        let more = now.more_would_help.clone().unwrap();
        assert_eq!((more.factor.as_str(), more.level.as_str()), ("a", "1"));
        assert_eq!(more.trials, 2 * more.trials_per_level);
        let then = effects_of(repeats + more.trials_per_level, 0.1);
        let too_few = effects_of(repeats + more.trials_per_level - 1, 0.1);
        assert!(half(&then) <= half(&now) / 2.0 && half(&too_few) > half(&now) / 2.0);
        assert!(more.trials_per_level <= 3 * repeats, "{more:?}");
    }
    assert_eq!(
        effects_of(300, 0.1)
            .more_would_help
            .unwrap()
            .trials_per_level,
        897
    );
}

#[test]
fn the_best_leads_every_other_one_or_is_not_claimed() {
    let rows = |best: f64| {
        let mut rows = vec![([0], best), ([1], 0.5), ([2], 0.45)];
        // Nine trials of each of the first two, one of the third.
        for _ in 0..4 {
            rows.extend([
                ([0], best - 0.01),
                ([0], best + 0.01),
                ([1], 0.49),
                ([1], 0.51),
            ]);
        }
        let rows: Vec<(&[usize], f64)> = rows.iter().map(|(l, y)| (l.as_slice(), *y)).collect();
        Effects::of(&design(&["a"], &[3], &rows), true)
            .best
            .unwrap()
    };
    assert!(!rows(0.505).distinguishable);
    assert!(rows(0.6).distinguishable);
    let rows: Vec<(&[usize], f64)> = vec![(&[0], 0.2), (&[1], 0.1), (&[2], 0.3)];
    let lowest = Effects::of(&design(&["a"], &[3], &rows), false)
        .best
        .unwrap();
    assert_eq!(
        (lowest.levels[0].as_str(), lowest.mean, lowest.second_mean),
        ("1", 0.1, 0.2)
    );
}

/// Ten thousand trials of fifteen factors: what a large sweep costs, in seconds, is printed by `--nocapture`.
#[test]
fn a_large_sweep_is_estimated_as_exactly_as_a_small_one() {
    let counts = [5; 15];
    let names: Vec<String> = (0..15).map(|factor| factor.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Digits of a multiplicative generator, and a chance of ±1.
    let mut state = 1u64;
    let mut digit = |count: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % count
    };
    let rows: Vec<(Vec<usize>, f64)> = (0..10_000)
        .map(|_| {
            let levels: Vec<usize> = (0..15).map(|_| digit(5) as usize).collect();
            let outcome = levels[3] as f64 + if digit(2) == 0 { 1.0 } else { -1.0 };
            (levels, outcome)
        })
        .collect();
    let rows: Vec<(&[usize], f64)> = rows.iter().map(|(l, y)| (l.as_slice(), *y)).collect();
    let design = design(&names, &counts, &rows);
    let start = std::time::Instant::now();
    let effects = Effects::of(&design, true);
    println!("{:.3} s", start.elapsed().as_secs_f64());
    assert_eq!(effects.interactions_tested, 105);
    for factor in &effects.factors {
        assert_eq!(factor.matters, factor.name == "3", "{factor:?}");
    }
    for (number, level) in (1..).zip(&effects.factors[3].levels) {
        let uncertainty = level.effect.unwrap().uncertainty.unwrap();
        assert!(
            uncertainty.interval.contains(f64::from(number)),
            "{level:?}"
        );
        // √(1/2000 + 1/2000) of a deviation of 1.
        assert_close(uncertainty.standard_error, 0.0316, 0.05);
    }
}
