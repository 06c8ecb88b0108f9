//! `convscope shot`: the lab as a picture, without a terminal.

use std::fs;

use crate::cli_support::Place;

/// The texts of an SVG picture.
fn texts(svg: &str) -> String {
    let texts = svg
        .split("</text>")
        .filter_map(|part| Some(part.rsplit_once('>')?.1));
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_pane_of_a_run_is_drawn_with_all_that_it_asks_for() {
    let place = Place::new();
    assert_eq!(place.run(&["train", "tiny.yaml"]).code, Some(0));
    let run = place.only_run("runs").display().to_string();
    for (pane, shown) in [
        ("data", "built-in"),
        ("view", "training"),
        ("network", "max_pool2d"),
        ("train", "validation"),
        ("results", "precision"),
        ("activations", "test image 0"),
    ] {
        let file = format!("{pane}.svg");
        let outcome = place.run(&[
            "shot", pane, "--run", &run, "--out", &file, "--size", "120x40",
        ]);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let svg = fs::read_to_string(place.path(&file)).unwrap();
        assert!(
            svg.contains("width=\"960pt\" height=\"640pt\""),
            "{svg:.200}"
        );
        let shown = if pane == "data" { "data" } else { shown };
        assert!(texts(&svg).contains(shown), "{pane}: {}", texts(&svg));
    }
    // Keys are pressed, a PNG is one, and a run that the keys start is trained to its end.
    let outcome = place.run(&[
        "shot", "results", "--run", &run, "--keys", "b", "--out", "b.svg",
    ]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let calibration = fs::read_to_string(place.path("b.svg")).unwrap();
    assert!(
        texts(&calibration).to_lowercase().contains("calibration"),
        "{}",
        texts(&calibration)
    );
    let outcome = place.run(&[
        "shot",
        "train",
        "--preset",
        "tiny.yaml",
        "--keys",
        "Space",
        "--out",
        "t.svg",
    ]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let trained = texts(&fs::read_to_string(place.path("t.svg")).unwrap());
    assert!(trained.contains("3 of 3"), "{trained}");
    let outcome = place.run(&["shot", "network", "--preset", "tiny.yaml", "--out", "n.PNG"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let image = image::open(place.path("n.PNG")).unwrap();
    assert_eq!((image.width(), image.height()), (1600, 960));
}

#[test]
fn what_cannot_be_drawn_is_said_before_anything_is_written() {
    let place = Place::new();
    place.write("there.svg", "");
    for (arguments, said) in [
        (&["shot", "data", "--out", "a.txt"][..], ".svg or .png"),
        (&["shot", "data", "--out", "there.svg"], "already exists"),
        (&["shot", "data", "--size", "0x30"], "such as 100x30"),
        (&["shot", "kitchen"], "possible values"),
        (&["shot", "data", "--run", "nowhere"], "nowhere"),
    ] {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.stderr.contains(said), "{said}: {outcome:?}");
    }
    // Nothing of the user's is touched.
    let kept = place.path(".local/state/convscope");
    assert!(!kept.join("drafts").exists() && !kept.join("recent").exists());
}
