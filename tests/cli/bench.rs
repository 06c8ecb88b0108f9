//! `convscope bench`: what it prints, and what it refuses.

use crate::cli_support::Place;
use serde_json::Value;

#[test]
fn bench_tells_the_times_of_steps_and_layers() {
    let place = Place::new();
    let arguments = ["bench", "tiny.yaml", "--seconds", "1", "--threads", "1"];
    let outcome = place.run(&[&arguments[..], &["--json"]].concat());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.contains("matrix product"), "{outcome:?}");
    let figures: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let number = |name: &str| figures[name].as_f64().unwrap();
    assert_eq!(figures["preset"], "tiny");
    assert_eq!(number("batch"), 16.0);
    assert!(0.0 < number("step_smallest") && number("step_smallest") <= number("step_median"));
    let expected = 16.0 * number("steps_per_second");
    assert!((number("images_per_second") / expected - 1.0).abs() < 1e-9);
    assert!(number("share_of_peak") > 0.0 && number("evaluated_per_second") > 0.0);
    let layers = figures["layers"].as_array().unwrap();
    let names: Vec<_> = layers.iter().map(|layer| &layer["layer"]).collect();
    // A rectifier goes behind the pooling, where there are fewer values.
    let expected = [
        "conv2d",
        "batch_norm",
        "max_pool2d",
        "relu",
        "dropout",
        "dense",
        "loss",
    ];
    assert_eq!(names, expected);
    assert_eq!(layers[0]["algorithm"], "direct");
    assert!(
        layers
            .iter()
            .all(|layer| layer["forward"].as_f64() > Some(0.0))
    );

    let outcome = place.run(&[&arguments[..], &["--layers", "--batch-size", "8"]].concat());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stdout.contains("1 thread,"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("  batch_norm  "),
        "{}",
        outcome.stdout
    );
}

#[test]
fn bench_refuses_data_that_does_not_fit() {
    let place = Place::new();
    let outcome = place.run(&["bench", "fashion-conv1", "--data", "data", "--seconds", "1"]);
    assert_eq!((outcome.code, outcome.stdout.lines().count()), (Some(2), 2));
    assert!(outcome.stderr.contains("28×28"), "{outcome:?}");
}
