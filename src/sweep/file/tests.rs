use super::*;

const TINY: &str = "\
name: tiny
input: [6, 6, 1]
classes: 3
layers:
  - conv2d: {filters: 4, kernel: 3}
  - flatten
  - classify
training: {epochs: 4}
seed: 5
";

/// The file with these lines under `sweep:`.
fn parse(lines: &str) -> Result<SweepFile, String> {
    let sweep: String = lines.lines().map(|line| format!("  {line}\n")).collect();
    SweepFile::parse(&format!("{TINY}sweep:\n{sweep}"), "s.yaml").map_err(|error| error.to_string())
}

#[test]
fn a_whole_preset_with_a_sweep_is_read() {
    let file = parse(
        "vary:\n  training.epochs: [2, 4]\n  training.optimizer.adam.learning_rate: {log: [1e-4, 1e-2], steps: 5}\nseeds: 1..3\n\
         limits: {runs: 7, minutes: 0.5}\nhalving: {after: 1, by: val_loss}",
    )
    .unwrap();
    assert_eq!((file.base.name.as_str(), file.base.seed), ("tiny", 5));
    let sweep = &file.sweep;
    assert_eq!(sweep.seeds, [1, 2, 3]);
    assert_eq!(sweep.vary.len(), 2);
    assert_eq!(sweep.sampler, Sampler::Grid);
    assert_eq!(sweep.limits.runs, Some(7));
    assert_eq!(sweep.halving.unwrap().keep, 0.5);
    let random = parse("vary: {training.epochs: [2, 4]}\nsampler: {random: {draws: 2, seed: 9}}");
    assert!(matches!(random.unwrap().sweep.sampler, Sampler::Random(random) if random.draws == 2));
}

#[test]
fn a_named_preset_is_changed_by_paths() {
    let text = "preset: fashion-conv2\nset: {training.epochs: 3, data: fashion-mnist-starter}\nsweep:\n  seeds: [1, 2]\n";
    let base = SweepFile::parse(text, "s.yaml").unwrap().base;
    assert_eq!(base.training.epochs, 3);
    assert_eq!(base.data.as_deref(), Some("fashion-mnist-starter"));
    assert_eq!(base.name, "fashion-conv2, edited");
    // As JSON, of which one line has all.
    let flow =
        "{name: a, input: [6, 6, 1], classes: 3, layers: [flatten, classify], sweep: {seeds: [1]}}";
    assert_eq!(SweepFile::parse(flow, "s.yaml").unwrap().base.name, "a");
}

#[test]
fn every_mistake_in_the_sweep_is_told_with_its_line() {
    let vary = "vary:\n  training.epochs: [2, 4]\n";
    // The file's own lines end with line 9, and `sweep:` is line 10.
    for (lines, expected) in [
        (
            "vary:\n  training.epoch: [1]",
            "line 12: training.epoch: unknown key `epoch`; the nearest known one is `epochs`",
        ),
        (
            "vary:\n  training.epochs: []",
            "line 12: training.epochs: expected at least one value",
        ),
        (
            "vary:\n  training.epochs: [2, 0]",
            "line 12: training.epochs: epochs: expected a whole number from 1 to",
        ),
        (
            "vary:\n  training.batch_size: {range: [0, 8], whole: true, steps: 2}",
            "line 12: training.batch_size: batch_size: expected",
        ),
        (
            "vary:\n  layers.9.conv2d.filters: [1]",
            "line 12: layers.9.conv2d.filters: layers: expected a number from 1 to 3",
        ),
        ("vary:\n  name: [a]", "line 12: name: names the run only"),
        (
            "vary:\n  training.momentum: {range: [0, 1]}",
            "line 12: training.momentum: a grid needs `steps:`",
        ),
        (
            "vary:\n  seed: [1]\nseeds: [1]",
            "line 12: seed: is set by `seeds:`",
        ),
        (
            "vary:\n  1: [1]",
            "vary: expected the path of a setting, got 1",
        ),
        ("vary: {}", "line 10: varies nothing"),
        (
            "varry: {}",
            "line 11: unknown key `varry`; the nearest known one is `vary`",
        ),
        (
            &format!("{vary}seeds: []"),
            "seeds: expected 1 to 10000 different numbers",
        ),
        (&format!("{vary}seeds: [1, 1]"), "different numbers"),
        (&format!("{vary}seeds: 3..1"), "the smaller number first"),
        (&format!("{vary}seeds: -1"), "whole numbers from 0"),
        (&format!("{vary}sampler: gird"), "unknown variant `gird`"),
        (
            &format!("{vary}sampler: {{random: {{draws: 0}}}}"),
            "line 13: sampler: draws: expected a whole number from 1 to",
        ),
        (&format!("{vary}sampler: {{random: {{draw: 3}}}}"), "draw"),
        (
            &format!("{vary}halving: {{after: 0}}"),
            "line 13: halving: after: expected at least 1",
        ),
        (
            &format!("{vary}halving: {{after: 1, keep: 1}}"),
            "line 13: halving: keep: expected",
        ),
        (
            "seeds: [1, 2]\nhalving: {after: 4}",
            "line 12: after: expected less than 4, the epochs of a run",
        ),
        (
            &format!("{vary}limits: {{runs: 0}}"),
            "line 13: runs: expected at least 1",
        ),
        (
            &format!("{vary}limits: {{minutes: 0}}"),
            "line 13: minutes: expected a number above 0",
        ),
        (
            &format!("{vary}limits: {{hours: 1}}"),
            "line 13: unknown key `hours`",
        ),
        (&format!("{vary}invalid: keep"), "unknown variant `keep`"),
        (
            &format!("{vary}when:\n  training.epochs: {{training.warm_up: 1}}"),
            "line 14: training.epochs: `training.warm_up` is not varied",
        ),
        (
            &format!("{vary}when:\n  training.warm_up: {{training.epochs: 2}}"),
            "line 14: training.warm_up: `training.warm_up` is not varied",
        ),
        (
            &format!(
                "{vary}  training.warm_up: [0, 1]\nwhen:\n  training.epochs: {{training.warm_up: 1}}"
            ),
            "line 15: training.epochs: depends on `training.warm_up`, which is set later",
        ),
        (
            &format!(
                "{vary}  training.warm_up: [0, 1]\nwhen:\n  training.warm_up: {{training.epochs: 3}}"
            ),
            "line 15: training.warm_up: `training.epochs` is never 3",
        ),
        (
            &format!("{vary}  training.warm_up: [0, 1]\nwhen:\n  training.warm_up: 3"),
            "line 15: training.warm_up: expected {OTHER: value}",
        ),
    ] {
        let problem = parse(lines).unwrap_err();
        assert!(
            problem.starts_with("s.yaml: ") && problem.contains(expected),
            "{lines}\n{problem}\n{expected}"
        );
    }
}

#[test]
fn every_mistake_around_the_sweep_is_told() {
    for (text, expected) in [
        (TINY.to_owned(), "s.yaml: has no sweep: key"),
        (format!("{TINY}sweep: 3\n"), "line 10"),
        (
            format!("{TINY}sweep: {{seeds: [1]}}\ntrainig: {{}}\n"),
            "line 11: unknown key `trainig`",
        ),
        (
            format!(
                "sweep: {{seeds: [1]}}\n{}",
                TINY.replace("filters: 4", "filter: 4")
            ),
            "line 6: unknown key `filter`",
        ),
        (
            TINY.replace("epochs: 4", "epochs: 0") + "sweep: {seeds: [1]}\n",
            "epochs: expected a whole number",
        ),
        (
            "preset: fashion-conv7\nsweep: {seeds: [1]}\n".to_owned(),
            "line 1: preset: fashion-conv7: no such preset",
        ),
        (
            "preset: fashion-conv2\ntraining: {epochs: 1}\nsweep: {seeds: [1]}\n".to_owned(),
            "line 2: unknown key `training` beside `preset:`: change it with `set: {training",
        ),
        (
            "preset: fashion-conv2\nset: {training.epoch: 1}\nsweep: {seeds: [1]}\n".to_owned(),
            "line 2: training.epoch: unknown key `epoch`",
        ),
        (
            format!("{TINY}set: {{seed: 1}}\nsweep: {{seeds: [1]}}\n"),
            "line 10: set: changes the preset named by `preset:`",
        ),
        ("preset: [\n".to_owned(), "line 2: not valid YAML"),
        ("- 1\n".to_owned(), "s.yaml: "),
    ] {
        let problem = SweepFile::parse(&text, "s.yaml").unwrap_err().to_string();
        assert!(problem.contains(expected), "{text}\n{problem}\n{expected}");
        assert!(problem.matches("line ").count() <= 1, "{problem}");
    }
}

#[test]
fn a_file_that_is_too_long_or_missing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.yaml");
    let refusal = |path: &Path| SweepFile::open(path).unwrap_err().to_string();
    assert!(refusal(&path).contains("cannot be read"));
    std::fs::write(&path, vec![b'#'; LONGEST as usize + 1]).unwrap();
    assert!(refusal(&path).contains("is longer than"));
}
