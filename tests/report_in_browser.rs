//! Reports in a real browser, by the drill that anyone can run: `drills/report PAGE.html`. Skipped, with a word, where there is no Chromium.

#![cfg(unix)]

mod cli_support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cli_support::{Outcome, Place};

/// The exit code of the drill where there is no browser.
const NO_BROWSER: i32 = 77;

/// Two runs of a network on clothes; the page of both, and that of the first.
fn pages(place: &Place) -> [PathBuf; 2] {
    let preset = "{name: clothes, input: [28, 28, 1], classes: 10, layers: [conv2d: {filters: 4, kernel: 3, stride: 2}, relu, \
                  flatten, classify], data: fashion-mnist-starter, training: {epochs: 1, batch_size: 64, optimizer: adam}}";
    place.write("clothes.yaml", preset);
    for seed in ["1", "2"] {
        let outcome = place.run(&["train", "clothes.yaml", "--seed", seed, "--quiet"]);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
    }
    let mut runs: Vec<String> = fs::read_dir(place.path("runs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("run.yaml").is_file())
        .map(|path| path.display().to_string())
        .collect();
    runs.sort();
    let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
    let written = [(&runs[..], "both.html"), (&runs[..1], "one.html")].map(|(runs, file)| {
        let outcome = place.run(&[&["report"], runs, &["--out", file]].concat());
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        place.path(file)
    });
    for page in &written {
        let bytes = fs::metadata(page).unwrap().len();
        assert!(bytes < 2_000_000, "{bytes}");
        let images = fs::read_to_string(page).unwrap().matches("<img").count();
        assert!(images > 60, "{images}");
    }
    written
}

fn look_at(page: &Path) -> Outcome {
    let drill = Path::new(env!("CARGO_MANIFEST_DIR")).join("drills/report");
    Outcome::of(&Command::new(drill).arg(page).output().unwrap())
}

#[test]
fn a_report_fits_every_window_loads_nothing_and_prints_on_a4() {
    let place = Place::new();
    let pages = pages(&place);
    for page in &pages {
        let outcome = look_at(page);
        if outcome.code == Some(NO_BROWSER) {
            eprintln!("SKIPPED: {}", outcome.stderr);
            return;
        }
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        assert_eq!(outcome.stdout.matches("wide 0").count(), 6, "{outcome:?}");
    }
    // The drill sees what it is to see.
    let whole = fs::read_to_string(&pages[1]).unwrap();
    for (what, broken) in [
        (
            "wide",
            whole.replace("</main>", "<p style=\"width:900px\">x</p></main>"),
        ),
        (
            "console",
            whole.replace("</main>", "<script>console.error('x')</script></main>"),
        ),
        (
            "broken",
            whole.replace("</main>", "<img src=\"other.png\"></main>"),
        ),
        ("A4", whole.replace("size:A4", "size:A5")),
    ] {
        let file = place.path(format!("{what}.html"));
        fs::write(&file, broken).unwrap();
        let outcome = look_at(&file);
        assert_eq!(outcome.code, Some(1), "{what}: {outcome:?}");
        assert!(outcome.stderr.contains(what), "{what}: {outcome:?}");
    }
}
