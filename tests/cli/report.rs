//! `convscope report`: a page that is whole, says what the runs hold, and can be repeated.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli_support::{NAMES, Outcome, PRESET, Place};

/// Elements without an end.
const VOID: [&str; 3] = ["meta", "img", "br"];
/// A note that would do harm where it is not escaped.
const NOTE: &str = "<script>alert(\"1\")</script> & 'others'";

/// The elements of a page in their order, each with its attributes, and its text without any. Panics unless each element that is opened is
/// closed in its order, and nothing is left of what should be escaped.
fn read(page: &str) -> (Vec<(String, String)>, String) {
    let rest = page.strip_prefix("<!DOCTYPE html>\n").expect("a type");
    let (mut elements, mut text, mut open): (Vec<_>, _, Vec<String>) =
        (Vec::new(), String::new(), Vec::new());
    let mut rest = rest;
    while let Some((before, after)) = rest.split_once('<') {
        assert!(
            !before.contains('>') || open.ends_with(&["style".to_owned()]),
            "{before}"
        );
        for part in before.split('&').skip(1) {
            let name = part.split(';').next().unwrap();
            assert!(
                ["amp", "lt", "gt", "quot", "#39"].contains(&name),
                "&{part}"
            );
        }
        if !open.ends_with(&["style".to_owned()]) {
            text += before;
        }
        let (tag, after) = after.split_once('>').expect("a tag that ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "in {text:.200}");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert_eq!(attributes.matches('"').count() % 2, 0, "{tag}");
        let name = name.trim_end_matches('/').to_owned();
        if !VOID.contains(&&*name) && !tag.ends_with('/') {
            open.push(name.clone());
        }
        elements.push((name, attributes.to_owned()));
    }
    assert_eq!(open, [""; 0]);
    (elements, unescaped(&text))
}

fn unescaped(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (name, sign)| {
        text.replace(name, sign)
    })
}

/// Panics unless the page is whole, needs nothing else, and is small.
fn check(page: &str) -> String {
    let (elements, text) = read(page);
    for (name, attributes) in &elements {
        assert_ne!(name, "script");
        assert_ne!(name, "link");
        if name == "img" {
            assert!(
                attributes.contains("src=\"data:image/png;base64,"),
                "{attributes:.80}"
            );
            assert!(
                !attributes.contains("alt=\"\"") && attributes.contains("alt=\""),
                "{attributes}"
            );
        }
        for (at, _) in attributes.match_indices("href=\"") {
            let link = attributes[at + 6..].split('"').next().unwrap();
            let id = link.strip_prefix('#').expect("a link within the page");
            assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        }
    }
    for address in ["http:", "https:", "url(", "@import"] {
        assert!(!page.contains(address), "{address}");
    }
    assert!(page.len() < 2_000_000, "{}", page.len());
    assert_eq!(
        elements.iter().filter(|(name, _)| name == "title").count(),
        1
    );
    assert!(page.contains("<html lang=\"en\">"));
    text
}

fn train(place: &Place, arguments: &[&str]) -> String {
    let outcome = place.run(&[&["train", "tiny.yaml", "--json"], arguments].concat());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let mut runs: Vec<_> = fs::read_dir(place.path("runs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    runs.retain(|path| path.join("run.yaml").is_file());
    runs.sort_by_key(|path| {
        fs::metadata(path.join("run.yaml"))
            .unwrap()
            .modified()
            .unwrap()
    });
    runs.pop().unwrap().display().to_string()
}

fn report(place: &Place, arguments: &[&str], file: &str) -> (Outcome, String) {
    let outcome = place.run(&[&["report"], arguments, &["--out", file]].concat());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let page = fs::read_to_string(place.path(file)).unwrap();
    (outcome, page)
}

#[test]
fn a_report_is_one_whole_page_with_the_figures_of_the_run() {
    let place = Place::new();
    let run = train(&place, &[]);
    assert_eq!(place.run(&["runs", "note", &run, NOTE]).code, Some(0));
    let (_, page) = report(&place, &[&run, "--image", "4"], "run.html");
    let text = check(&page);
    let evaluated: Value =
        serde_json::from_str(&place.run(&["eval", &run, "--json"]).stdout).unwrap();
    let accuracy = evaluated["figures"]["accuracy"].as_f64().unwrap();
    let sha256 = evaluated["sha256"].as_str().unwrap();
    let parts = [
        NOTE.to_owned(),
        format!("{accuracy:.4}"),
        sha256.to_owned(),
        format!(
            "tiny after epoch {}, on the 30 test images of data (SHA-256 {}…)",
            evaluated["epochs"],
            &sha256[..12]
        ),
        "Test image 4 of data".to_owned(),
        "filters 4, kernel 3".to_owned(),
        "4 maps of 6×6".to_owned(),
        "optimizer.learning_rate".to_owned(),
    ];
    for part in parts {
        assert!(text.contains(&part), "{part}\n{text}");
    }
    for title in [
        "Network",
        "Recipe",
        "Data",
        "Curves",
        "Results",
        "Confusion matrix",
        "Errors",
        "Activations",
        "Calibration",
        "How to repeat it",
    ] {
        assert!(page.contains(&format!(">{title}</h2>")), "{title}");
    }
    // It is not written over, and a wrong image is said to be one.
    for (arguments, said) in [
        (&["report", &run, "--out", "run.html"][..], "already exists"),
        (
            &["report", &run, "--out", "b.html", "--image", "30"],
            "--image 30: data has 30 test images, numbered from 0",
        ),
        (&["report", "nowhere", "--out", "b.html"], "nowhere"),
        (&["report"], "RUN|SWEEP"),
    ] {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.stderr.contains(said), "{said}: {outcome:?}");
        assert!(!place.path("b.html").exists());
    }
    // Without a name it has that of the run.
    assert_eq!(place.run(&["report", &run]).code, Some(0));
    let name = Path::new(&run).file_name().unwrap().to_str().unwrap();
    let page = fs::read_to_string(place.path(format!("{name}.html"))).unwrap();
    assert!(check(&page).contains("Test image 0 of data"));
}

/// The lines that a page says to type.
fn commands(page: &str) -> String {
    let (_, last) = page.rsplit_once("<pre tabindex=\"0\"><code>").unwrap();
    unescaped(last.split_once("</code>").unwrap().0)
}

#[cfg(unix)]
#[test]
fn the_commands_of_a_report_repeat_the_run_to_the_bit() {
    let place = Place::new();
    // Another seed, recipe and network than the file's, so that these come from the run.
    let run = train(
        &place,
        &[
            "--seed",
            "9",
            "--epochs",
            "2",
            "--set",
            "layers.1.conv2d.filters=3",
        ],
    );
    let (_, page) = report(&place, &[&run], "run.html");
    let commands = commands(&page);
    assert!(commands.contains("--seed 9"), "{commands}");

    let other = Place::new();
    let program = Path::new(env!("CARGO_BIN_EXE_convscope"))
        .parent()
        .unwrap()
        .to_owned();
    let path = std::env::join_paths(
        [&program]
            .into_iter()
            .cloned()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let shell = std::process::Command::new("sh")
        .args(["-e", "-c", &commands])
        .current_dir(other.path(""))
        .env("HOME", other.path(""))
        .env("PATH", path.unwrap())
        .output()
        .unwrap();
    let outcome = Outcome::of(&shell);
    assert_eq!(outcome.code, Some(0), "{outcome:?}\n{commands}");
    let again = other.only_run("runs");
    let read = |run: &Path, file: &str| fs::read(run.join(file)).unwrap();
    for file in ["best.safetensors", "confusion.csv"] {
        assert_eq!(read(Path::new(&run), file), read(&again, file), "{file}");
    }
    // All figures but the time.
    let epochs = |run: &Path| -> Vec<Value> {
        let lines = String::from_utf8(read(run, "metrics.jsonl")).unwrap();
        let lines = lines.lines().map(|line| {
            let mut epoch: Value = serde_json::from_str(line).unwrap();
            let figures = epoch.as_object_mut().unwrap();
            figures.remove("seconds");
            figures.remove("images_per_second");
            epoch
        });
        lines.collect()
    };
    assert_eq!(epochs(Path::new(&run)), epochs(&again));
    assert_eq!(epochs(&again).len(), 2);
}

#[test]
fn without_its_data_a_report_says_so_and_has_the_rest() {
    let place = Place::new();
    let run = train(&place, &[]);
    // Other images at the same place are not the run's.
    let file = place.path("data").join(NAMES[2]);
    let whole = fs::read(&file).unwrap();
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&file, changed).unwrap();
    let (outcome, page) = report(&place, &[&run], "changed.html");
    let text = check(&page);
    for part in [
        "another SHA-256 than the data of the run",
        "is left out",
        "as the run recorded it",
        "How to repeat it",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(outcome.stderr.contains("without images"), "{outcome:?}");
    assert!(!page.contains("<img") && !page.contains(">Errors<"));
    // Where the set is now is said by an option.
    fs::write(&file, whole).unwrap();
    fs::rename(place.path("data"), place.path("moved")).unwrap();
    let (_, page) = report(&place, &[&run], "gone.html");
    assert!(check(&page).contains("is left out") && !page.contains("<img"));
    let (_, page) = report(&place, &[&run, "--data", "moved"], "found.html");
    assert!(!check(&page).contains("is left out") && page.contains("<img"));
    // Data that are named and cannot be used are an error.
    let outcome = place.run(&["report", &run, "--data", "data", "--out", "c.html"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
}

#[test]
fn several_runs_are_compared_over_their_seeds_and_images() {
    let place = Place::new();
    let mut runs = Vec::new();
    for rate in ["0.2", "0.5"] {
        for seed in ["1", "2"] {
            let set = format!("layers.6.dropout.rate={rate}");
            runs.push(train(
                &place,
                &[
                    "--seed",
                    seed,
                    "--epochs",
                    "2",
                    "--set",
                    &set,
                    "--name",
                    &format!("r{rate}-{seed}"),
                ],
            ));
        }
    }
    let all: Vec<&str> = runs.iter().map(String::as_str).collect();
    let (_, page) = report(&place, &all, "all.html");
    let text = check(&page);
    for part in [
        "dropout: {rate: 0.2}",
        "dropout: {rate: 0.5}",
        "(run 3) minus ",
        "Best validation accuracy of runs that differ in the seed only",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for run in &runs {
        let title = Path::new(run).file_name().unwrap().to_str().unwrap();
        assert!(page.contains(&format!("{title}</h2>")), "{title}");
    }
    let (_, page) = report(&place, &all[..2], "two.html");
    let text = check(&page);
    assert!(text.contains("McNemar's test: p"), "{text}");
    assert!(
        text.contains("on the 30 test images of data")
            || text.contains("On the 30 test images of data"),
        "{text}"
    );
}

#[test]
fn a_sweep_has_its_trials_effects_and_best_run() {
    let place = Place::new();
    let preset = PRESET.replace("epochs: 3", "epochs: 1");
    let vary = "sweep:\n  vary:\n    training.batch_size: [8, 64]\n  seeds: 1..2\n";
    place.write("sweep.yaml", preset + vary);
    let outcome = place.run(&["sweep", "sweep.yaml", "--jobs", "1"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let sweep = place.only_run("sweeps").display().to_string();
    let (_, page) = report(&place, &[&sweep], "sweep.html");
    let text = check(&page);
    for part in [
        "4 trials: 4 ended.",
        "batch_size 64 instead of 8",
        "best validation accuracy of each trial",
        "-trial-0000",
        "seeds: 1..2",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(page.contains(">Activations</h3>"), "the best trial's");
}

#[test]
fn markdown_has_its_pictures_beside_it() {
    let place = Place::new();
    let run = train(&place, &[]);
    let outcome = place.run(&["report", &run, "--md", "--out", "docs.md"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let text = fs::read_to_string(place.path("docs.md")).unwrap();
    let links: Vec<&str> = text
        .split("](<")
        .skip(1)
        .map(|rest| rest.split_once(">)").unwrap().0)
        .collect();
    assert!(links.len() > 5, "{text}");
    for link in &links {
        let bytes = fs::read(place.path(link)).unwrap();
        let begins = if link.ends_with(".svg") {
            &b"<svg xmlns"[..]
        } else {
            b"\x89PNG"
        };
        assert!(bytes.starts_with(begins), "{link}");
    }
    assert_eq!(
        fs::read_dir(place.path("docs-pictures")).unwrap().count(),
        links.len()
    );
    for part in [
        "\n## Network\n",
        "| layer | type |",
        "```\ncat > tiny.yaml",
        "- test accuracy: **",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let outcome = place.run(&["report", &run, "--md", "--out", "docs.md"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
}

#[test]
fn tables_are_written_for_papers_too() {
    let place = Place::new();
    let one = train(&place, &["--name", "one"]);
    let other = train(&place, &["--name", "other", "--seed", "6"]);
    let outcome = place.run(&[
        "runs", "compare", &one, &other, "--table", "differs", "--tex", "d.tex", "--svg", "d.svg",
        "--png", "d.png",
    ]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let tex = fs::read_to_string(place.path("d.tex")).unwrap();
    assert!(
        tex.contains("\nseed & 5 & 6 \\\\\n") && tex.contains("-one, 2: "),
        "{tex}"
    );
    let outcome = place.run(&[
        "runs", "compare", &one, &other, "--table", "best", "--tex", "b.tex",
    ]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(
        fs::read_to_string(place.path("b.tex"))
            .unwrap()
            .contains("\naccuracy & ")
    );
    let outcome = place.run(&["runs", "compare", &one, &other, "--table", "best"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    let outcome = place.run(&["eval", &one, "--tex", "c.tex", "--svg", "c.svg"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let tex = fs::read_to_string(place.path("c.tex")).unwrap();
    for part in [
        "true class & 0 & 1 & 2 & recall",
        "% Images of each true class",
        "tiny after epoch ",
    ] {
        assert!(tex.contains(part), "{part}\n{tex}");
    }
    assert_eq!(place.run(&["eval", &one, "--tex", "c.tex"]).code, Some(2));
}
