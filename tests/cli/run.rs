//! `convscope eval`, `predict` and `explain` on a run that `convscope train` made.

use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;

use crate::cli_support::{Outcome, Place, TEST_IMAGES, images};
use convscope::network::{CheckedNetwork, Model};
use convscope::runs::RunFolder;
use image::{GrayImage, Luma};
use serde_json::Value;

/// A folder with a trained run in `runs/` and pictures of test images 0 to 2, one a class, beside it.
fn place() -> (Place, String) {
    let place = Place::new();
    let outcome = place.run(&["train", "tiny.yaml", "--epochs", "40", "--batch-size", "8"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let run = place.only_run("runs").display().to_string();
    let bytes = images(3, 6);
    for class in 0..3 {
        let pixels = bytes[16 + 36 * class..][..36].to_vec();
        let image = GrayImage::from_raw(6, 6, pixels).unwrap();
        image.save(place.path(format!("{class}.png"))).unwrap();
        // Each pixel eight times as large, and as a JPEG.
        let large = GrayImage::from_fn(48, 48, |x, y| *image.get_pixel(x / 8, y / 8));
        large.save(place.path(format!("{class}.jpg"))).unwrap();
    }
    (place, run)
}

#[test]
fn a_run_is_evaluated_asked_and_explained() {
    let (place, run) = place();

    let outcome = place.run(&["eval", &run, "--json"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.stderr, "");
    let answer: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let figures = &answer["figures"];
    assert_eq!(figures["images"], TEST_IMAGES);
    let right: u64 = (0..3)
        .map(|class| answer["confusion"][class][class].as_u64().unwrap())
        .sum();
    assert_eq!(figures["right"], right);
    let accuracy = figures["accuracy"].as_f64().unwrap();
    assert!((accuracy - right as f64 / TEST_IMAGES as f64).abs() < 1e-12);
    assert!(accuracy > 0.9, "{answer}");
    let interval = &figures["accuracy_interval"];
    assert!(interval[0].as_f64().unwrap() < accuracy && interval[1].as_f64().unwrap() >= accuracy);

    // The best epoch's accuracy, as the training measured it.
    let metrics = std::fs::read_to_string(format!("{run}/metrics.jsonl")).unwrap();
    let best = metrics
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["val_accuracy"]
                .as_f64()
                .unwrap()
        })
        .fold(0.0, f64::max);
    assert!((accuracy - best).abs() < 1e-9, "{accuracy} {best}");

    let outcome = place.run(&["eval", &run]);
    assert!(outcome.stdout.contains("95 % interval"), "{outcome:?}");
    assert!(outcome.stdout.contains("calibration error"), "{outcome:?}");

    for kind in ["png", "jpg"] {
        let files = [0, 1, 2].map(|class| format!("{class}.{kind}"));
        let mut arguments = vec!["predict", &run, "--json"];
        arguments.extend(files.iter().map(String::as_str));
        let outcome = place.run(&arguments);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        for (class, answer) in outcome.stdout.lines().enumerate() {
            let answer: Value = serde_json::from_str(answer).unwrap();
            assert_eq!(answer["class"], class, "{answer}");
            assert_eq!(answer["sha256"].as_str().unwrap().len(), 64, "{answer}");
            assert_eq!(answer["image"], files[class].as_str());
            let probabilities = answer["probabilities"].as_array().unwrap();
            let sum: f64 = probabilities.iter().map(|p| p.as_f64().unwrap()).sum();
            assert!((sum - 1.0).abs() < 1e-5, "{answer}");
        }
        assert_eq!(outcome.stdout.lines().count(), 3);
    }

    for method in ["saliency", "grad_cam", "occlusion: {patch: 2}"] {
        let outcome = place.run(&[
            "explain", &run, "1.png", "--method", method, "--class", "2", "--out", "why.png",
        ]);
        assert_eq!(outcome.code, Some(0), "{method}: {outcome:?}");
        assert!(outcome.stdout.contains(": class 2, "), "{outcome:?}");
        let painted = image::open(place.path("why.png")).unwrap().to_rgb8();
        assert_eq!(painted.dimensions(), (282, 282));
        let coloured = painted.pixels().filter(|pixel| pixel[0] != pixel[2]);
        assert!(coloured.count() > 0, "{method}");
        std::fs::remove_file(place.path("why.png")).unwrap();
    }
}

#[test]
fn eval_tells_the_loss_that_the_training_told() {
    let place = Place::new();
    let preset = crate::cli_support::PRESET
        .replace(
            "{filters: 4, kernel: 3}",
            "{filters: 4, kernel: 3, l2: 0.05}",
        )
        .replace("classify", "dense: {units: 6, l2: 0.02}\n  - classify");
    for (name, training) in [
        ("plain", ""),
        ("smoothed", ", label_smoothing: 0.2, average: 0.8"),
        (
            "held-out",
            ", label_smoothing: 0.2, validation: {split: 0.25}",
        ),
    ] {
        let preset = preset.replace("batch_size: 16", &format!("batch_size: 16{training}"));
        place.write("l2.yaml", &preset);
        let outcome = place.run(&["train", "l2.yaml", "--epochs", "4", "--out", name]);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let run = place.only_run(name);
        let folder = RunFolder::open(&run).unwrap();
        let run = run.display().to_string();
        let eval = place.run(&["eval", &run, "--json"]);
        let answer: Value = serde_json::from_str(&eval.stdout).unwrap();
        let figure = |name: &str| answer["figures"][name].as_f64().unwrap();

        // On the same images: the validation at the best epoch, or the test at the end.
        let epochs = folder.metrics().unwrap();
        let best = convscope::training::Best::of(&epochs).unwrap();
        let told = match folder.test().unwrap() {
            Some(test) => test.loss,
            None => epochs[best.val_accuracy_epoch - 1].val_loss,
        };
        assert!(
            (figure("loss") - told).abs() < 1e-5,
            "{name}: {} {told}",
            figure("loss")
        );
        assert!(
            figure("cross_entropy") < figure("loss") - 0.01,
            "{name}: {answer}"
        );

        let words = place.run(&["eval", &run]).stdout;
        assert!(
            words.contains(&format!(
                "\nloss               {told:.4}  (cross-entropy with "
            )),
            "{words}"
        );
        assert!(
            words.contains(&format!(
                "\ncross-entropy      {:.4}\n",
                figure("cross_entropy")
            )),
            "{words}"
        );
        assert!(words.contains("L2 penalty "), "{words}");
        assert_eq!(
            words.contains("label smoothing 0.2 and"),
            name != "plain",
            "{words}"
        );
    }
}

/// The numbers of nested lists, in their order.
fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap() as f32],
    }
}

fn lengths(value: &Value) -> Vec<usize> {
    let mut lengths = Vec::new();
    let mut at = value;
    while let Value::Array(list) = at {
        lengths.push(list.len());
        at = &list[0];
    }
    lengths
}

#[test]
fn an_explanation_as_json_has_the_values_that_are_painted() {
    use convscope::analysis::explain::{EXPLANATIONS, explain, overlay};
    use convscope::field::Kind;

    let (place, run) = place();
    let folder = RunFolder::open(run.as_ref()).unwrap();
    let record = folder.record().unwrap();
    let (weights, note) = folder.best_weights().unwrap();
    let network = Arc::new(CheckedNetwork::new(&record.preset.network()).unwrap());
    let mut model = Model::new(network, 0);
    model.import(&weights).unwrap();
    for kind in EXPLANATIONS {
        let arguments = [
            "explain",
            &run,
            "1.png",
            "--method",
            kind.name(),
            "--class",
            "2",
            "--json",
        ];
        let painted = place.run(&[&arguments[..], &["--out", "why.png", "--force"]].concat());
        assert_eq!(painted.code, Some(0), "{painted:?}");
        let alone = place.run(&arguments);
        assert_eq!(
            (alone.code, alone.stderr.as_str()),
            (Some(0), ""),
            "{alone:?}"
        );
        assert_eq!(alone.stdout, painted.stdout);
        let answer: Value = serde_json::from_str(&alone.stdout).unwrap();

        assert_eq!(answer["run"], run.as_str());
        assert_eq!(answer["network"], record.preset.name.as_str());
        assert_eq!(answer["epochs"], note.epochs);
        assert_eq!(answer["data"], record.data.name.as_str());
        assert_eq!(answer["sha256"], record.data.sha256.as_str());
        assert_eq!(answer["class"], 2);
        assert_eq!(answer["image"]["name"], "1.png");
        let method = serde_json::from_value(answer["method"].clone()).unwrap();
        let pixels: Vec<u8> = numbers(&answer["image"]["pixels"])
            .iter()
            .map(|value| *value as u8)
            .collect();
        assert_eq!(lengths(&answer["image"]["pixels"]), [6, 6, 1]);
        assert_eq!(
            pixels,
            image::open(place.path("1.png"))
                .unwrap()
                .to_luma8()
                .into_raw()
        );

        // The library's own.
        let values: Vec<f32> = pixels
            .iter()
            .map(|value| f32::from(*value) / 255.0)
            .collect();
        let own = explain(&mut model, &values, 2, &method).unwrap();
        assert_eq!(numbers(&answer["values"]), own.values, "{}", kind.name());
        assert_eq!(numbers(&answer["heat"]), own.heat, "{}", kind.name());
        assert_eq!(lengths(&answer["heat"]), [6, 6]);
        assert_eq!(
            numbers(&answer["shape"]),
            lengths(&answer["values"])
                .iter()
                .map(|side| *side as f32)
                .collect::<Vec<_>>()
        );
        assert_eq!(answer["score"].as_f64().unwrap() as f32, own.score);
        match kind.name() {
            "grad_cam" => {
                assert_eq!(
                    answer["layer"],
                    serde_json::json!({"number": 3, "name": "relu"})
                );
                assert_eq!(lengths(&answer["values"]), [6, 6, 1]);
            }
            _ => assert!(answer["layer"].is_null()),
        }

        // The picture, each pixel 47 times as large.
        let shape = convscope::shape::Shape::new(6, 6, 1);
        let expected = overlay(&pixels, shape, &numbers(&answer["heat"]));
        let picture = image::open(place.path("why.png")).unwrap().to_rgb8();
        let seen: Vec<u8> = (0..36)
            .flat_map(|pixel| picture.get_pixel(pixel % 6 * 47, pixel / 6 * 47).0)
            .collect();
        assert_eq!(seen, expected, "{}", kind.name());
    }
}

#[test]
fn without_a_name_the_set_that_was_trained_on_is_taken() {
    let place = Place::new();
    // The preset names one set, and as on the screen another one is chosen: the run has both in its `run.yaml`.
    let outcome = place.run(&["train", "tiny.yaml", "--epochs", "1"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let run = place.only_run("runs").display().to_string();
    let record = format!("{run}/run.yaml");
    let yaml = std::fs::read_to_string(&record).unwrap();
    assert!(yaml.contains("data: data\n"), "{yaml}");
    std::fs::write(
        &record,
        yaml.replace("data: data\n", "data: mnist-starter\n"),
    )
    .unwrap();

    let outcome = place.run(&["eval", &run]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(0), ""),
        "{outcome:?}"
    );
    assert!(
        outcome.stdout.contains(" on the test images of data\n"),
        "{outcome:?}"
    );
    for method in ["health", "exciting"] {
        let outcome = place.run(&[
            "explain", &run, "--method", method, "--layer", "1", "--out", "a.png",
        ]);
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (Some(0), ""),
            "{outcome:?}"
        );
    }

    // A folder that holds something else by now is used, and a note says so.
    let labels = place.path("data").join(crate::cli_support::NAMES[3]);
    let mut bytes = std::fs::read(&labels).unwrap();
    let last = bytes.last_mut().unwrap();
    *last = (*last + 1) % 3;
    std::fs::write(&labels, bytes).unwrap();
    let outcome = place.run(&["eval", &run]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.contains("is not the data"), "{outcome:?}");
}

#[test]
fn layers_are_looked_into_and_earlier_epochs_too() {
    let (place, run) = place();
    let explain = |arguments: &[&str]| {
        let all = [&["explain", &run], arguments].concat();
        place.run(&all)
    };
    let summary = explain(&["--method", "health", "--json"]);
    assert_eq!(summary.code, Some(0), "{summary:?}");
    let health: Value = serde_json::from_str(&summary.stdout).unwrap();
    let layers = health["health"]["layers"].as_array().unwrap();
    let with_weights = |layer: &&Value| !layer["weights"].is_null();
    let layer = layers.iter().find(with_weights).unwrap()["name"]
        .as_str()
        .unwrap();
    let deviation = |text: &str| -> f64 {
        let health: Value = serde_json::from_str(text).unwrap();
        let layers = health["health"]["layers"].as_array().unwrap().clone();
        let layer = layers.iter().find(with_weights).unwrap();
        layer["weights"]["deviation"].as_f64().unwrap()
    };
    let start = explain(&["--method", "health", "--json", "--epoch", "0"]);
    assert!(
        deviation(&start.stdout) != deviation(&summary.stdout),
        "the weights of the start are others"
    );
    let none = explain(&["--method", "health", "--epoch", "39"]);
    assert_eq!(none.code, Some(2));
    assert!(
        none.stderr.contains("has the weights of epochs 0, "),
        "{none:?}"
    );

    let sum = explain(&[
        "1.png",
        "--method",
        "arithmetic",
        "--layer",
        layer,
        "--json",
    ]);
    assert_eq!(sum.code, Some(0), "{sum:?}");
    let origin: Value = serde_json::from_str(&sum.stdout).unwrap();
    let terms = origin["arithmetic"]["terms"].as_array().unwrap();
    let products: f64 = terms
        .iter()
        .map(|term| term["product"].as_f64().unwrap())
        .sum();
    let whole = products + origin["arithmetic"]["bias"].as_f64().unwrap();
    assert!((whole - origin["arithmetic"]["sum"].as_f64().unwrap()).abs() < 1e-4);

    // The values of a layer without maps are told apart.
    let flat = explain(&[
        "1.png",
        "--method",
        "activations",
        "--layer",
        "classify",
        "--out",
        "in.png",
    ]);
    assert_eq!(flat.code, Some(0), "{flat:?}");
    let painted = image::open(place.path("in.png")).unwrap().to_luma8();
    let levels: std::collections::HashSet<u8> = painted.pixels().map(|pixel| pixel[0]).collect();
    assert!(levels.contains(&0) && levels.contains(&255), "{levels:?}");
    std::fs::remove_file(place.path("in.png")).unwrap();

    for method in ["activations", "exciting", "ascent"] {
        let outcome = explain(&[
            "1.png", "--method", method, "--layer", layer, "--out", "in.png",
        ]);
        assert_eq!(outcome.code, Some(0), "{method}: {outcome:?}");
        assert!(outcome.stdout.contains(layer), "{outcome:?}");
        let painted = image::open(place.path("in.png")).unwrap();
        assert!(
            painted.width() >= 280 || painted.height() >= 280,
            "{method}"
        );
        std::fs::remove_file(place.path("in.png")).unwrap();
    }
    let nowhere = explain(&["1.png", "--method", "activations", "--out", "in.png"]);
    assert_eq!(nowhere.code, Some(2));
    let missing = format!(
        "a layer is missing; write `convscope explain {run} 1.png --method activations --layer LAYER`; its layers are "
    );
    assert!(
        nowhere.stderr.contains(&missing) && nowhere.stderr.contains(layer),
        "{nowhere:?}"
    );
    // What is missing is told at once.
    let bare = explain(&["--method", "arithmetic"]);
    assert_eq!(bare.code, Some(2));
    let missing = "an image and a layer are missing";
    assert!(bare.stderr.contains(missing), "{bare:?}");
    let wrong = explain(&["1.png", "--method", "activations", "--layer", "conv9"]);
    assert!(
        wrong
            .stderr
            .contains("--layer conv9: expected the name of a layer"),
        "{wrong:?}"
    );
    let beyond = explain(&[
        "--method", "ascent", "--layer", layer, "--filter", "999", "--out", "in.png",
    ]);
    assert_eq!(beyond.code, Some(2));
    assert!(beyond.stderr.contains("has "), "{beyond:?}");
}

#[test]
fn an_npz_on_standard_input_is_read() {
    let (place, run) = place();
    let outcome = place.run(&["data", "convert", "data", "set.npz", "--format", "keras"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let ask = |input: &[u8]| {
        let mut child = place
            .command(&["predict", &run, "-", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Outcome::of(&child.wait_with_output().unwrap())
    };
    let outcome = ask(&std::fs::read(place.path("set.npz")).unwrap());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.stdout.lines().count(), TEST_IMAGES);
    let of_file = place.run(&["predict", &run, "set.npz", "0.png", "--json"]);
    assert_eq!(of_file.code, Some(0), "{of_file:?}");
    assert_eq!(of_file.stdout.lines().count(), TEST_IMAGES + 1);
    let last = of_file.stdout.lines().nth(TEST_IMAGES - 1).unwrap();
    let name = format!("set.npz image {}", TEST_IMAGES - 1);
    assert!(last.contains(&name), "{last}");
    let outcome = ask(b"no archive at all");
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains("standard input"), "{outcome:?}");
    assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
}

#[test]
fn bad_input_is_one_sentence_and_exit_code_2() {
    let (place, run) = place();
    place.write("no.png", "not an image");
    let wide = GrayImage::from_pixel(6, 6, Luma([9]));
    wide.save(place.path("ok.png")).unwrap();
    place.write("cut.png", b"\x89PNG\r\n\x1a\n and no more");
    let image_missing = format!(
        "--method integrated_gradients: an image is missing; write `convscope explain {run} IMAGE --method integrated_gradients`\n"
    );
    let table: &[(&[&str], &str)] = &[
        (&["eval", "nowhere"], "nowhere"),
        (&["eval", &run, "--data", "no-such-set"], "no-such-set"),
        (
            &["eval", &run, "--data", "mnist-starter"],
            "choose a matching set",
        ),
        (
            &["predict", &run, "missing.png"],
            "missing.png: no such file or folder; expected an image (PNG, JPEG, BMP, GIF, TIFF, WebP or PNM) or an npz file\n",
        ),
        (
            &["predict", &run, "ok.png", "no.png"],
            "no.png: not an image; expected",
        ),
        (
            &["predict", &run, "cut.png"],
            "cut.png: the image is damaged; expected",
        ),
        (
            &[
                "explain", &run, "ok.png", "--method", "magic", "--out", "a.png",
            ],
            "--method magic: not a method; the methods are integrated_gradients, grad_cam, occlusion, saliency, smooth_grad, activations, \
             arithmetic, exciting, ascent, health\n",
        ),
        (
            &["explain", &run, "ok.png", "--method", "grad_cam: {layr: 3}"],
            "unknown key `layr`; the nearest known one is `layer`",
        ),
        (&["explain", &run], &image_missing),
        (
            &["explain", &run, "ok.png", "--class", "7", "--out", "a.png"],
            "class 7",
        ),
        (
            &["explain", &run, "ok.png", "--out", "no/such/a.png"],
            "cannot be written",
        ),
    ];
    for (arguments, expected) in table {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, Some(2), "{arguments:?}: {outcome:?}");
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert!(
            outcome.stderr.contains(expected),
            "{arguments:?}: {outcome:?}"
        );
        assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
    }
    assert!(!place.path("a.png").exists());
}
