//! What is not what its name says is called edited wherever the program names it, and published figures stand only beside a training
//! like the one that they are of.

use std::fs;

use crate::cli_support::{Place, images, labels};
use convscope::data;
use serde_json::Value;

/// Trains in a folder of its own; gives the run folder and what was told.
fn train(place: &Place, out: &str, arguments: &[&str]) -> (String, String, String) {
    let arguments = [&["train"], arguments, &["--out", out]].concat();
    let outcome = place.run(&arguments);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let run = place.only_run(out);
    let run = run.strip_prefix(place.path("")).unwrap_or(&run);
    (run.display().to_string(), outcome.stdout, outcome.stderr)
}

#[test]
fn only_the_same_training_has_the_plain_name_and_the_published_figures() {
    let place = Place::new();
    fs::create_dir(place.path("more")).unwrap();
    for (name, bytes) in
        crate::cli_support::NAMES
            .iter()
            .zip([images(90, 6), labels(90), images(30, 6), labels(30)])
    {
        fs::write(place.path("more").join(name), bytes).unwrap();
    }
    type Case<'a> = (&'a str, &'a [&'a str], &'a str, bool);
    let cases: [Case; 7] = [
        ("same", &[], "tiny", true),
        ("seed", &["--seed", "9", "--threads", "1"], "tiny", true),
        ("path", &["--data", "./data"], "tiny", true),
        ("again", &["--epochs", "3"], "tiny", true),
        ("more-images", &["--data", "more"], "tiny", false),
        ("epochs", &["--epochs", "2"], "tiny, edited", false),
        ("batch", &["--batch-size", "8"], "tiny, edited", false),
    ];
    for (out, options, name, is_published) in cases {
        let arguments = [&["tiny.yaml"], options].concat();
        let (run, stdout, stderr) = train(&place, out, &arguments);
        assert_eq!(
            stdout.contains("published"),
            is_published,
            "{out}: {stdout}"
        );
        assert!(
            stderr.starts_with(&format!("{name} on ")),
            "{out}: {stderr}"
        );
        let ending = format!("-{}", name.replace(", ", "-"));
        assert!(run.ends_with(&ending), "{out}: {run}");
        let record = fs::read_to_string(place.path(&run).join("run.yaml")).unwrap();
        assert_eq!(record.contains("expect:"), is_published, "{out}: {record}");

        let list = place.run(&["runs", "list", "--out", out]);
        let row = list.stdout.lines().nth(1).unwrap();
        assert!(row.contains(&format!("{ending}  {name}  ")), "{out}: {row}");
        let list = place.run(&["runs", "list", "--json", "--out", out]);
        let listed: Value = serde_json::from_str(list.stdout.trim_end()).unwrap();
        assert_eq!(listed["name"], name);
        let eval = place.run(&["eval", &run]);
        let start = format!("{name} after epoch ");
        assert!(eval.stdout.starts_with(&start), "{out}: {eval:?}");
        let eval = place.run(&["eval", &run, "--json"]);
        let figures: Value = serde_json::from_str(&eval.stdout).unwrap();
        assert_eq!(figures["network"], name);
    }
}

#[test]
fn a_run_that_went_on_for_longer_is_another_training() {
    let place = Place::new();
    let (run, stdout, _) = train(&place, "runs", &["tiny.yaml"]);
    assert!(stdout.contains("published: 0.9876"), "{stdout}");
    let outcome = place.run(&["train", "--resume", &run, "--epochs", "5"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(!outcome.stdout.contains("published"), "{outcome:?}");
    assert!(
        outcome.stderr.starts_with("tiny, edited on data"),
        "{outcome:?}"
    );
    let list = place.run(&["runs", "list"]);
    assert!(list.stdout.contains("-tiny  tiny, edited  "), "{list:?}");
}

#[test]
fn a_built_in_preset_that_is_changed_is_called_so() {
    let place = Place::new();
    let arguments = ["fashion-conv1", "--data", "mnist-starter", "--epochs", "1"];
    let (run, stdout, _) = train(&place, "runs", &arguments);
    assert!(!stdout.contains("published"), "{stdout}");
    assert!(run.ends_with("-fashion-conv1-edited"), "{run}");
    let record = fs::read_to_string(place.path(&run).join("run.yaml")).unwrap();
    assert!(record.contains("name: fashion-conv1, edited\n"), "{record}");
    for gone in ["description:", "expect:"] {
        assert!(!record.contains(gone), "{record}");
    }

    // A copy with another layer, under the same name.
    let text =
        include_str!("../../presets/fashion-conv1.yaml").replace("filters: 16", "filters: 8");
    place.write("copy.yaml", text);
    let summary = place.run(&["summary", "copy.yaml"]);
    let start = "fashion-conv1, edited: input 28×28×1";
    assert!(summary.stdout.starts_with(start), "{summary:?}");
    let summary = place.run(&["summary", "copy.yaml", "--json"]);
    assert!(
        summary.stdout.contains("\"fashion-conv1, edited\""),
        "{summary:?}"
    );
}

#[test]
fn a_run_folder_of_an_earlier_version_is_judged_by_comparison() {
    let place = Place::new();
    let (run, ..) = train(&place, "runs", &["tiny.yaml"]);
    let file = place.path(&run).join("run.yaml");
    let record = fs::read_to_string(&file).unwrap();
    let record = record.replace("name: tiny\n", "name: fashion-bn4\n");
    fs::write(&file, record).unwrap();
    let name = "fashion-bn4, edited";
    let other = train(&place, "other", &["tiny.yaml"]).0;
    for arguments in [
        &["runs", "list"][..],
        &["runs", "compare", &run, &other],
        &["runs", "export", &run, "--format", "json"],
        &["eval", &run],
        &["eval", &run, "--suspects", "1"],
    ] {
        let outcome = place.run(arguments);
        assert!(outcome.stdout.contains(name), "{arguments:?}: {outcome:?}");
    }
    let resumed = place.run(&["train", "--resume", &run, "--epochs", "4"]);
    assert!(resumed.stderr.starts_with(name), "{resumed:?}");
    assert!(!resumed.stdout.contains("published"), "{resumed:?}");
}

#[test]
fn only_all_of_a_known_set_is_that_set() {
    for name in ["fashion-mnist", "mnist"] {
        let set = data::load(Some(name)).unwrap();
        // Where the machine has the whole set, it is found; else the part in the program.
        let is_whole = (set.train().len(), set.test().len()) == (60_000, 10_000);
        assert_eq!(set.names().contains(&name.to_owned()), is_whole, "{name}");
        assert_eq!(set.summary().is_all_of(name), is_whole, "{name}");
        let starter = format!("{name}-starter");
        assert_eq!(set.summary().is_all_of(&starter), !is_whole, "{name}");
    }
}

#[test]
fn a_run_is_called_by_its_path_or_its_name() {
    let place = Place::new();
    let outcome = place.run(&["train", "tiny.yaml", "--epochs", "1"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let run = place.only_run("runs");
    let name = run.file_name().unwrap().to_str().unwrap();
    let shown = [name, &format!("runs/{name}")].map(|run| place.run(&["runs", "show", run]).stdout);
    assert!(
        shown[0].starts_with(name) && shown[0] == shown[1],
        "{shown:?}"
    );
    let missing = place.run(&["eval", "nowhere"]);
    assert_eq!(missing.code, Some(2));
    let sentence = "error: nowhere: no such run folder; `convscope runs list` lists the runs\n";
    assert_eq!(missing.stderr, sentence);
}
