//! `convscope train` as a user runs it: what it leaves behind, the same bits for any number of threads, and stopping it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::cli_support::{Outcome, Place, TEST_IMAGES, TRAIN_IMAGES};
use convscope::data;
use convscope::network::{CheckedNetwork, Model};
use convscope::ops::Objective;
use convscope::runs::RunFolder;
use convscope::training::{Best, EpochMetrics, Evaluation, Preset};

const FILES: [&str; 8] = [
    "best.safetensors",
    "checkpoints",
    "confusion.csv",
    "last.safetensors",
    "last.state",
    "metrics.jsonl",
    "run.yaml",
    "writer.lock",
];

#[test]
fn a_setting_of_the_recipe_can_be_said_and_only_what_it_takes() {
    let place = Place::new();
    let train = |set: &str| place.run(&["train", "tiny.yaml", "--epochs", "1", "--set", set]);
    let outcome = train("label_smoothing=1.5");
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(
        outcome
            .stderr
            .starts_with("error: --set label_smoothing=1.5: label_smoothing: expected "),
        "{outcome:?}"
    );
    let outcome = train("warm=2");
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert_eq!(
        outcome.stderr,
        "error: --set warm=2: no setting `warm`; the nearest one is `warm_up`\n"
    );
    assert!(!place.path("runs").exists());
    let outcome = train("label_smoothing=0.125");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let record = RunFolder::open(&place.only_run("runs")).unwrap().record();
    let recipe = record.unwrap().preset.training;
    assert_eq!((recipe.label_smoothing, recipe.epochs), (0.125, 1));
}

#[test]
fn any_setting_of_the_preset_can_be_said_by_its_path() {
    let place = Place::new();
    let set = [
        "layers.1.conv2d.filters=6",
        "training.optimizer.adam.learning_rate=1e-3",
        "training.validation.split=0.25",
        "seed=7",
        "epochs=1",
    ];
    let set = set.iter().flat_map(|set| ["--set", set]);
    let arguments: Vec<&str> = ["train", "tiny.yaml"].into_iter().chain(set).collect();
    let outcome = place.run(&arguments);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let record = RunFolder::open(&place.only_run("runs")).unwrap().record();
    let preset = record.unwrap().preset;
    assert_eq!(preset.layers[0].value("filters").whole(), 6);
    let recipe = &preset.training;
    assert_eq!(recipe.optimizer.kind().name, "adam");
    assert_eq!(recipe.optimizer.value("learning_rate").number(), 1e-3);
    assert_eq!((preset.seed, recipe.epochs), (7, 1));
    let outcome = place.run(&["train", "tiny.yaml", "--set", "layers.1.conv2d.filtres=6"]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (
            Some(2),
            "error: --set layers.1.conv2d.filtres=6: unknown key `filtres`; the nearest known one is `filters`\n"
        )
    );
}

#[test]
fn a_run_starts_from_another_with_its_first_layers_frozen() {
    let place = Place::new();
    assert_eq!(place.run(&["train", "tiny.yaml"]).code, Some(0));
    let first = place.only_run("runs");
    let from = first.to_str().unwrap();
    let kernel = |run: &std::path::Path, name: &str| {
        let (weights, _) = RunFolder::open(run).unwrap().last_weights().unwrap();
        let weight = weights.into_iter().find(|weight| weight.name == name);
        weight.unwrap().values
    };
    let (best, _) = RunFolder::open(&first).unwrap().best_weights().unwrap();
    // By name and by number, and with the run's own network, recipe and data where no preset is named.
    for (out, options) in [
        ("named", &["tiny.yaml", "--freeze", "relu"][..]),
        ("numbered", &["--freeze", "3"]),
    ] {
        let options = [
            &["train", "--from", from, "--seed", "8", "--runs", out],
            options,
        ]
        .concat();
        let outcome = place.run(&options);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let second = place.only_run(out);
        let recipe = RunFolder::open(&second)
            .unwrap()
            .record()
            .unwrap()
            .preset
            .training;
        let transfer = recipe.transfer.unwrap();
        assert_eq!(
            (transfer.from.as_deref(), transfer.frozen_layers),
            (Some(first.as_path()), 3)
        );
        let frozen = best
            .iter()
            .find(|weight| weight.name == "conv2d/kernel")
            .unwrap();
        assert_eq!(kernel(&second, "conv2d/kernel"), frozen.values);
        assert_ne!(
            kernel(&second, "dense/kernel"),
            kernel(&first, "dense/kernel")
        );
    }
    for (options, part) in [
        (
            &["tiny.yaml", "--from", from, "--freeze", "9"][..],
            "a number from 1 to 7: conv2d, ",
        ),
        (
            &["tiny.yaml", "--from", from, "--freeze", "classify"],
            "frozen_layers",
        ),
        (&["tiny.yaml", "--from", "nowhere"], "no such run folder"),
        (&["tiny.yaml", "--freeze", "3"], "--from"),
    ] {
        let outcome = place.run(&[&["train", "--runs", "none"], options].concat());
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.stderr.contains(part), "{part}: {outcome:?}");
    }
    assert!(!place.path("none").exists());
}

#[test]
fn a_run_has_a_name_and_a_note_of_its_own() {
    let place = Place::new();
    let note = "the first\n try";
    let outcome = place.run(&["train", "tiny.yaml", "--name", "Base line", "--note", note]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let run = place.only_run("runs");
    let name = run.file_name().unwrap().to_str().unwrap();
    assert!(name.to_lowercase().ends_with("-base-line"), "{name}");
    let list = place.run(&["runs", "list"]).stdout;
    let rows: Vec<&str> = list.lines().collect();
    assert!(
        rows[0].ends_with("  note") && rows[1].ends_with("  the first try"),
        "{list}"
    );
    assert!(rows[1].contains("  tiny  "), "{list}");
    let shown = place.run(&["runs", "show", run.to_str().unwrap()]).stdout;
    assert!(shown.contains("\nnote          the first try\n"), "{shown}");
    let json = place.run(&["runs", "list", "--json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(json.trim_end()).unwrap();
    assert_eq!(json["notes"]["note"], "the first try");
    let copied = place.run(&["runs", "copy", run.to_str().unwrap(), "--runs", "copies"]);
    assert!(
        copied
            .stdout
            .trim_end()
            .to_lowercase()
            .ends_with("-base-line"),
        "{copied:?}"
    );
}

#[test]
fn quiet_tells_the_result_and_what_goes_wrong() {
    let place = Place::new();
    let outcome = place.run(&["train", "tiny.yaml", "--quiet"]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(0), ""),
        "{outcome:?}"
    );
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{outcome:?}");
    assert!(
        lines[0].starts_with("best validation accuracy "),
        "{outcome:?}"
    );
    assert!(lines[2].starts_with("run folder runs/"), "{outcome:?}");
    let outcome = place.run(&["train", "tiny.yaml", "--quiet", "--json"]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(0), ""),
        "{outcome:?}"
    );
    assert_eq!(outcome.stdout.lines().count(), 3, "{outcome:?}");
    let outcome = place.run(&["train", "tiny.yaml", "--quiet", "--epochs", "0"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(
        outcome.stderr.starts_with("error: tiny.yaml: "),
        "{outcome:?}"
    );
}

#[test]
fn a_run_leaves_everything_that_repeating_and_using_it_needs() {
    let place = Place::new();
    // Long enough for batch norm's moving statistics to arrive.
    let options = "--json --seed 9 --epochs 60 --batch-size 8";
    let arguments = ["train", "tiny.yaml"].into_iter().chain(options.split(' '));
    let outcome = place.run(&arguments.collect::<Vec<_>>());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let path = place.only_run("runs");
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(name.ends_with("-tiny-edited"), "{name}");
    let names: BTreeSet<_> = fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, FILES.map(str::to_owned).into());
    // Of 61 states, the start and at most 19 epochs.
    let kept = fs::read_dir(path.join("checkpoints")).unwrap().count();
    assert!((2..=20).contains(&kept), "{kept} checkpoints");

    // One line of JSON an epoch, the same in both places.
    let lines = fs::read_to_string(path.join("metrics.jsonl")).unwrap();
    assert_eq!(outcome.stdout, lines);
    let metrics: Vec<EpochMetrics> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let epochs: Vec<_> = metrics.iter().map(|metrics| metrics.epoch).collect();
    assert_eq!(epochs, (1..=60).collect::<Vec<_>>());
    assert!(metrics.iter().all(|metrics| metrics.seconds > 0.0));

    let folder = RunFolder::open(&path).unwrap();
    assert_eq!(folder.metrics().unwrap(), metrics);
    let record = folder.record().unwrap();
    let mut preset = Preset::open(place.path("tiny.yaml").to_str().unwrap()).unwrap();
    preset.training.epochs = 60;
    preset.training.batch_size = 8;
    preset.seed = 9;
    // Other epochs and batches are another experiment, of which nothing is published.
    preset.name = "tiny, edited".to_owned();
    preset.expect = None;
    assert_eq!(record.preset, preset);
    assert_eq!(record.seed, 9);
    assert_eq!(record.version, env!("CARGO_PKG_VERSION"));
    let images = (record.data.train_images, record.data.test_images);
    assert_eq!(images, (TRAIN_IMAGES, TEST_IMAGES));
    let dataset = data::load(place.path("data").to_str()).unwrap();
    assert_eq!(record.data.sha256, dataset.identity());

    // The weights give the figures that were told of them.
    let best = Best::of(&metrics).unwrap();
    let network = Arc::new(CheckedNetwork::new(&preset.network()).unwrap());
    let last = metrics.last().unwrap();
    for ((weights, note), epoch, accuracy) in [
        (
            folder.best_weights().unwrap(),
            best.val_accuracy_epoch,
            best.val_accuracy,
        ),
        (
            folder.last_weights().unwrap(),
            last.epoch,
            last.val_accuracy,
        ),
    ] {
        let mut model = Model::new(Arc::clone(&network), 0);
        model.import(&weights).unwrap();
        let evaluation = Evaluation::whole(Objective::default(), &mut model, dataset.test());
        assert_eq!(evaluation.accuracy(), accuracy);
        assert_eq!(
            (note.epochs, note.network.as_str()),
            (epoch, "tiny, edited")
        );
    }
    assert!(best.val_accuracy > 0.9, "it learned: {metrics:?}");

    let confusion = fs::read_to_string(path.join("confusion.csv")).unwrap();
    let counts: Vec<usize> = confusion
        .lines()
        .skip(1)
        .flat_map(|line| line.split(',').skip(1))
        .map(|count| count.parse().unwrap())
        .collect();
    assert_eq!(counts.iter().sum::<usize>(), TEST_IMAGES);
    let right = counts.iter().step_by(4).sum::<usize>();
    assert_eq!(right as f64 / TEST_IMAGES as f64, last.val_accuracy);
}

#[test]
fn without_json_it_tells_epochs_and_a_summary_in_words() {
    let place = Place::new();
    let outcome = place.run(&["train", "tiny.yaml", "--out", "elsewhere"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let path = place.only_run("elsewhere");
    let metrics = RunFolder::open(&path).unwrap().metrics().unwrap();
    let best = Best::of(&metrics).unwrap();
    let lines: Vec<_> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "{}", outcome.stdout);
    for (line, metrics) in lines.iter().zip(&metrics) {
        let start = format!("epoch {}/3  loss {:.4}", metrics.epoch, metrics.loss);
        assert!(line.starts_with(&start), "{line}");
    }
    let expected = [
        format!(
            "best validation accuracy {:.4} at epoch {} (published: 0.9876)",
            best.val_accuracy, best.val_accuracy_epoch
        ),
        format!(
            "lowest validation loss   {:.4} at epoch {}",
            best.val_loss, best.val_loss_epoch
        ),
        format!(
            "run folder elsewhere/{}",
            path.file_name().unwrap().to_str().unwrap()
        ),
    ];
    assert_eq!(lines[3..], expected);
    assert!(
        outcome
            .stderr
            .contains("tiny on data: 70 training and 30 test images")
    );
    assert!(
        !outcome.stderr.contains('\x1b'),
        "no bar where stderr is no terminal"
    );
}

#[test]
fn several_seeds_are_trained_one_after_the_other_and_summarised() {
    let place = Place::new();
    let of_seeds =
        |seeds| place.run(&["train", "tiny.yaml", "--runs", "several", "--seeds", seeds]);
    for (seeds, reason) in [
        ("3..1", "the smaller number first"),
        ("1,1", "different numbers"),
        ("all", "whole numbers from 0"),
    ] {
        let refused = of_seeds(seeds);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains(reason), "{refused:?}");
    }
    let outcome = of_seeds("2..4");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let accuracies: Vec<f64> = outcome
        .stdout
        .lines()
        .filter_map(|line| {
            line.strip_prefix("best validation accuracy ")?
                .split(' ')
                .next()
        })
        .filter_map(|figure| figure.parse().ok())
        .collect();
    assert_eq!(accuracies.len(), 3, "{outcome:?}");
    let summary: Vec<&str> = outcome.stdout.lines().rev().take(3).collect();
    assert_eq!(
        summary[2], "tiny on the test images of data:",
        "{outcome:?}"
    );
    let mean = accuracies.iter().sum::<f64>() / 3.0;
    let expected =
        format!("best validation accuracy of 3 seeds: mean {mean:.4}, standard deviation ");
    assert!(summary[1].starts_with(&expected), "{expected}: {outcome:?}");
    // Each run is that of its seed alone.
    let single = place.run(&["train", "tiny.yaml", "--seed", "3"]);
    assert_eq!(single.code, Some(0), "{single:?}");
    let weights = |run: &Path| fs::read(run.join("last.safetensors")).unwrap();
    let alone = weights(&place.only_run("runs"));
    let runs = fs::read_dir(place.path("several")).unwrap();
    let runs = runs.map(|run| run.unwrap().path());
    let same = runs.filter(|run| run.is_dir() && weights(run) == alone);
    assert_eq!(same.count(), 1);
}

#[test]
fn the_same_seed_gives_the_same_bytes_for_any_number_of_threads() {
    let place = Place::new();
    let weights = |out: &str, seed: &str, threads: &str| {
        let arguments = [
            "train",
            "tiny.yaml",
            "--out",
            out,
            "--seed",
            seed,
            "--threads",
            threads,
        ];
        let outcome = place.run(&arguments);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let run = place.only_run(out);
        ["best.safetensors", "last.safetensors"].map(|file| fs::read(run.join(file)).unwrap())
    };
    let one = weights("one", "3", "1");
    assert_eq!(weights("three", "3", "3"), one);
    assert_ne!(weights("other", "4", "1"), one);
}

/// Sends `signal` to the process `id`.
#[cfg(unix)]
fn send(signal: &str, id: u32) {
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -{signal} {id}")])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_keeps_what_was_learned_and_ends_with_130() {
    let place = Place::new();
    let mut training = place
        .command(&["train", "tiny.yaml", "--json", "--epochs", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(training.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    send("INT", training.id());
    let told = 1 + lines.count();
    let outcome = Outcome::of(&training.wait_with_output().unwrap());
    assert_eq!(outcome.code, Some(130), "{outcome:?}");
    let folder = RunFolder::open(&place.only_run("runs")).unwrap();
    assert_eq!(folder.metrics().unwrap().len(), told);
    assert_eq!(folder.checkpoint().unwrap().position.epochs, told);
    let epochs = if told == 1 { "epoch" } else { "epochs" };
    let end =
        format!("interrupted after {told} whole {epochs} of 1000000; the weights are in runs/");
    assert!(outcome.stderr.contains(&end), "{}", outcome.stderr);
}

#[cfg(unix)]
#[test]
fn under_nohup_a_closed_terminal_does_not_end_it() {
    let place = Place::new();
    let program = env!("CARGO_BIN_EXE_convscope");
    let ignoring = format!("trap '' HUP; exec {program} train tiny.yaml --json --epochs 1000000");
    let mut training = Command::new("sh")
        .args(["-c", &ignoring])
        .current_dir(place.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(training.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    send("HUP", training.id());
    // What ends at the next batch does not get two epochs further than it is.
    let folder = RunFolder::open(&place.only_run("runs")).unwrap();
    let later = folder.metrics().unwrap().len() + 2;
    let told = |line: std::io::Result<String>| -> EpochMetrics {
        serde_json::from_str(&line.unwrap()).unwrap()
    };
    let reached = lines
        .by_ref()
        .map(told)
        .find(|metrics| metrics.epoch == later);
    assert!(reached.is_some(), "it ended before epoch {later}");
    send("TERM", training.id());
    lines.count();
    assert_eq!(training.wait().unwrap().code(), Some(130));
}

#[test]
fn it_stops_where_nobody_reads_any_more_and_keeps_what_was_learned() {
    let place = Place::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut training = place
        .command(&["train", "tiny.yaml", "--json", "--epochs", "1000000"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = String::new();
    training
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(training.wait().unwrap().code(), Some(1), "{stderr}");
    assert!(stderr.contains("stdout was closed"), "{stderr}");
    let folder = RunFolder::open(&place.only_run("runs")).unwrap();
    assert_eq!(folder.metrics().unwrap().len(), 1);
    assert_eq!(folder.last_weights().unwrap().1.epochs, 1);
}

/// What listens for a request to end while a set is read has gone when its statistics are printed: a signal then ends the program as it
/// does by default.
#[cfg(unix)]
#[test]
fn after_a_set_is_read_a_signal_ends_the_program_as_usual() {
    use std::io::Read;
    use std::os::unix::process::ExitStatusExt;

    // The figures of so many classes do not fit into a pipe: the program waits for a reader.
    let place = Place::new();
    let rows = (0..5_000).map(|row| {
        let pixels: String = (0..64)
            .map(|pixel| format!(",{}", (row + pixel) % 256))
            .collect();
        format!("class of images number {}{pixels}\n", row % 1_000)
    });
    place.write("many.csv", rows.collect::<String>());
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let mut child = place
            .command(&["data", "stats", "many.csv"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        output.read_exact(&mut [0]).unwrap();
        send(signal, child.id());
        // Whatever only noted the signal would now write the rest, and end with 0.
        output.read_to_end(&mut Vec::new()).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(number), "{signal}: {status}");
    }
}
