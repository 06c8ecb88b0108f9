use super::*;

const TINY: &str = "\
name: tiny
input: [6, 6, 1]
classes: 3
layers: [{conv2d: {filters: 4, kernel: 3}}, flatten, classify]
training: {epochs: 4, optimizer: sgd}
seed: 5
sweep:
";

fn file(lines: &str) -> SweepFile {
    let sweep: String = lines.lines().map(|line| format!("  {line}\n")).collect();
    SweepFile::parse(&format!("{TINY}{sweep}"), "s.yaml").unwrap()
}

fn trials(lines: &str) -> Result<Trials, String> {
    Trials::of(&file(lines), "s.yaml").map_err(|error| error.to_string())
}

/// Each trial in words.
fn words(lines: &str) -> Vec<String> {
    let trials = trials(lines).unwrap().trials;
    for (trial, number) in trials.iter().zip(1..) {
        assert_eq!(trial.number, number);
    }
    trials.iter().map(Trial::in_words).collect()
}

#[test]
fn a_grid_has_every_combination_with_every_seed() {
    let lines =
        "vary:\n  training.epochs: [2, 3]\n  layers.1.conv2d.filters: [8, 16]\nseeds: [7, 8]";
    assert_eq!(
        words(lines),
        [
            "epochs 2, 1.conv2d.filters 8, seed 7",
            "epochs 2, 1.conv2d.filters 8, seed 8",
            "epochs 2, 1.conv2d.filters 16, seed 7",
            "epochs 2, 1.conv2d.filters 16, seed 8",
            "epochs 3, 1.conv2d.filters 8, seed 7",
            "epochs 3, 1.conv2d.filters 8, seed 8",
            "epochs 3, 1.conv2d.filters 16, seed 7",
            "epochs 3, 1.conv2d.filters 16, seed 8",
        ]
    );
    let file = file(lines);
    let trials = Trials::of(&file, "s.yaml").unwrap();
    let last = trials.trials[7].preset(&file.base).unwrap();
    assert_eq!((last.seed, last.training.epochs), (8, 3));
    assert_eq!(last.layers[0].value("filters").whole(), 16);
    assert_eq!(
        (last.name.as_str(), trials.trials[7].epochs),
        ("tiny, edited", 3)
    );
    assert!(trials.memory > 0);
}

#[test]
fn conditions_leave_settings_out_without_repeating_a_combination() {
    let lines = "vary:\n  training.optimizer: [sgd, adam]\n  training.optimizer.adam.learning_rate: [0.1, 0.2]\n\
                 when:\n  training.optimizer.adam.learning_rate: {training.optimizer: adam}";
    let expected = [
        "optimizer sgd, seed 5",
        "optimizer adam, learning_rate 0.1, seed 5",
        "optimizer adam, learning_rate 0.2, seed 5",
    ];
    assert_eq!(words(lines), expected);
    let random = format!("{lines}\nsampler: {{random: {{draws: 3}}}}");
    let mut drawn = words(&random);
    drawn.sort();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(drawn, expected);
}

#[test]
fn what_is_drawn_depends_on_the_file_alone_and_begins_the_same_with_more() {
    let lines = |draws: usize, seed: u64| {
        format!(
            "vary:\n  training.optimizer.sgd.learning_rate: {{log: [1e-4, 1e-1]}}\n  training.batch_size: {{range: [8, 64], whole: true}}\n\
             sampler: {{random: {{draws: {draws}, seed: {seed}}}}}"
        )
    };
    let few = words(&lines(5, 1));
    assert_eq!(few, words(&lines(5, 1)));
    assert_eq!(few, words(&lines(9, 1))[..5]);
    assert_ne!(few, words(&lines(5, 2)));
    let distinct: BTreeSet<_> = words(&lines(200, 3)).into_iter().collect();
    assert_eq!(distinct.len(), 200);
}

#[test]
fn a_limit_cuts_and_too_many_are_refused() {
    let grid = |more: &str| {
        let many = "{range: [1, 1000], whole: true, steps: 1000}";
        format!("vary:\n  training.epochs: {many}\n  training.batch_size: {many}\n{more}")
    };
    let limited = trials(&grid("limits: {runs: 5}\nseeds: [1, 2]")).unwrap();
    assert_eq!((limited.trials.len(), limited.is_limited), (5, true));
    let problem = trials(&grid("")).unwrap_err();
    assert!(problem.contains("more than 100000 trials"), "{problem}");
    let whole = trials("seeds: 1..4\nlimits: {runs: 4}").unwrap();
    assert_eq!((whole.trials.len(), whole.is_limited), (4, false));
    let problem = trials("vary: {training.epochs: [1, 2]}\nsampler: {random: {draws: 3}}");
    let problem = problem.unwrap_err();
    assert!(problem.contains("at most about 2"), "{problem}");
}

#[test]
fn combinations_that_cannot_be_trained_are_refused_or_left_out() {
    let lines =
        "vary:\n  layers.1.conv2d.kernel: [3, 5, 9]\n  layers.1.conv2d.padding: [same, valid]";
    let problem = trials(lines).unwrap_err();
    for part in [
        "s.yaml: 1 of 6 combinations",
        "kernel 9, 1.conv2d.padding valid",
        "invalid: skip",
    ] {
        assert!(problem.contains(part), "{part}: {problem}");
    }
    let left = trials(&format!("{lines}\ninvalid: skip")).unwrap();
    assert_eq!((left.trials.len(), left.skipped), (5, 1));
    let none =
        "vary:\n  layers.1.conv2d.padding: [valid]\n  layers.1.conv2d.kernel: [9]\ninvalid: skip";
    assert!(trials(none).unwrap_err().contains("1 of 1 combination"));
}
