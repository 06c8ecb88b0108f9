//! The table of runs: queries, marks, changes, curves side by side.

use std::sync::Arc;

use convscope::panes::{Change, ChangeRuns, Changed, ListRuns, ReadRuns, RunTable};
use convscope::runs::{RunDigest, RunSummary};
use convscope::ui::theme::ColorDepth;
use convscope::worker::{Command, Event};
use crossterm::event::{KeyCode, MouseButton, MouseEventKind};

use crate::scene::{Scene, listed, other_program, read, runs};
use crate::snapshot;

/// Three seeds of one experiment, two other networks, an archived run and a damaged one.
fn histories() -> Vec<RunSummary> {
    let [pattern, .., damaged] = &runs()[..] else {
        panic!("three runs")
    };
    let run = |number: usize, name: &str, off: f64| {
        let mut run = RunSummary {
            folder: format!("runs/20261129-1{number}0000-{name}").into(),
            name: name.to_owned(),
            history: (1..=10).map(crate::scene::metrics).collect(),
            ..pattern.clone()
        };
        for metrics in &mut run.history {
            metrics.val_accuracy -= off * (1.0 - 0.05 * metrics.epoch as f64);
            metrics.val_loss += off;
            metrics.seconds += 20.0 * off;
        }
        run
    };
    let mut runs = vec![
        run(6, "fashion-wide", 0.01),
        run(5, "fashion-conv3", 0.02),
        run(4, "fashion-conv3", 0.03),
        run(3, "fashion-conv3", 0.05),
        run(2, "fashion-bn4", 0.08),
        run(1, "fashion-old", 0.12),
    ];
    runs[0].notes.note = "twice the filters of fashion-conv3".to_owned();
    runs[0].notes.tags.insert("final".to_owned());
    runs[4].history.truncate(4);
    runs[5].notes.archived = true;
    runs.push(damaged.clone());
    runs
}

fn digests() -> Arc<Vec<RunDigest>> {
    let mut runs = listed(histories()).to_vec();
    for (run, number) in runs.iter_mut().zip(1..) {
        let filters = if run.name == "fashion-wide" { 32 } else { 16 };
        run.seed = number;
        run.parameters = Some(1000 * filters);
        run.experiment.clone_from(&run.name);
        run.layers = vec![format!("conv2d: {{filters: {filters}, kernel: 3}}")];
        let rate = if run.name == "fashion-bn4" {
            "0.001"
        } else {
            "1"
        };
        let optimizer = "training.optimizer.adam.learning_rate".to_owned();
        run.settings.insert(optimizer, rate.to_owned());
    }
    runs.into()
}

/// Answers what is asked until nothing is.
fn answer(scene: &mut Scene) {
    loop {
        let (lists, reads) = (
            scene.asked::<ListRuns>().len(),
            scene.asked::<ReadRuns>().len(),
        );
        if lists > 0 {
            let pending = scene.take_asked::<ListRuns>();
            pending.answer(digests());
        } else if reads > 0 {
            let pending = scene.take_asked::<ReadRuns>();
            pending.answer(read(&pending.question, &histories()));
        } else {
            return;
        }
        scene.tell(Event::Answered);
    }
}

/// The table after these keys; `\n` is Enter.
fn table(columns: u16, rows: u16, keys: &str) -> Scene {
    let mut scene = Scene::loaded(columns, rows);
    scene.keys("4o");
    answer(&mut scene);
    type_keys(&mut scene, keys);
    scene
}

fn type_keys(scene: &mut Scene, keys: &str) {
    for key in keys.chars() {
        match key {
            '\n' => scene.key(KeyCode::Enter),
            '\u{1b}' => scene.key(KeyCode::Esc),
            key => scene.keys(&key.to_string()),
        }
        answer(scene);
    }
}

fn after(keys: &'static str) -> impl Fn(u16, u16) -> Scene {
    move |columns, rows| table(columns, rows, keys)
}

/// The names of the listed runs, from the top.
fn names(scene: &Scene) -> Vec<String> {
    let text = scene.text();
    let names = text.lines().filter_map(|line| {
        let start = line.find("202611").or(line.find(" × "))?;
        let is_row = start < 24;
        let word = line[start..].split_whitespace().next()?;
        is_row.then(|| word.to_owned())
    });
    names.collect()
}

fn changes(scene: &mut Scene) -> ChangeRuns {
    scene.take_asked::<ChangeRuns>().question
}

fn is_open(scene: &Scene) -> bool {
    scene.lab.overlay_of::<RunTable>().is_some()
}

/// The two marked runs on the same test images.
#[test]
fn two_runs_are_compared_image_by_image() {
    let page = |keys: &'static str| {
        move |columns, rows| {
            let mut scene = Scene::loaded(columns, rows);
            scene.keys("4o");
            scene.answer();
            for key in keys.chars() {
                match key {
                    '\t' => scene.key(KeyCode::Tab),
                    key => scene.keys(&key.to_string()),
                }
                scene.answer();
            }
            scene
        }
    };
    snapshot("differ_images", page("  il"));
    snapshot("differ_confusion", page("  i\t"));
    snapshot("differ_classes", page("  i\t\t"));
    let mut scene = page("  i")(120, 40);
    let text = scene.text();
    assert!(
        text.contains("the 40 test images of Fashion-MNIST starter"),
        "{text}"
    );
    assert!(text.contains("McNemar's test: p < 0.001"), "{text}");
    scene.key(KeyCode::Esc);
    assert!(scene.text().contains("2 marked"), "{}", scene.text());
    // One is too few, and says so.
    let scene = page(" i")(120, 40);
    assert!(scene.said().contains("mark two runs"), "{}", scene.said());
}

#[test]
fn archived_runs_are_told_of_only_if_there_are_any() {
    let mut scene = table(120, 40, "A");
    assert!(scene.text().contains("fashion-old"), "{}", scene.text());
    let mut scene_without = Scene::loaded(120, 40);
    scene_without.keys("4o");
    scene_without.answer();
    scene_without.keys("A");
    assert!(
        scene_without.said().contains("no run is archived"),
        "{}",
        scene_without.said()
    );
    scene.keys("A");
    assert!(!scene.text().contains("fashion-old"), "{}", scene.text());
}

/// The figures of the table say their set wherever there is room for any, and a query's problem is told whole.
#[test]
fn the_set_has_room_before_the_note_and_the_problem_has_all_it_needs() {
    for (columns, rows) in [(80, 24), (100, 30), (120, 40), (160, 50)] {
        let text = table(columns, rows, "").text();
        assert!(
            text.contains("Fashion-MNIST st"),
            "{columns}×{rows}\n{text}"
        );
    }
    let text = table(80, 24, "/colour:red").text();
    let problem = text.lines().skip(3).take(9).collect::<String>();
    assert!(text.contains("colour"), "{text}");
    assert!(problem.contains('.') || problem.contains("tag"), "{text}");
}

#[test]
fn the_table_looks_as_before() {
    snapshot("runs", after(""));
    snapshot("runs_query", after("/accuracy>0.85"));
    snapshot("runs_beside", after("  j "));
    snapshot("runs_large", after("  j v"));
    snapshot("runs_seeds", after("S "));
    let scene = table(160, 50, "  j ");
    insta::assert_snapshot!("runs_beside_160x50", scene.picture());
}

#[test]
fn a_run_is_opened_and_a_damaged_one_says_why_not() {
    let mut scene = table(80, 24, "jk\n");
    let [Command::OpenRun { folder }] = &scene.commands[..] else {
        panic!("{:?}", scene.commands);
    };
    assert!(folder.ends_with("20261129-160000-fashion-wide"));
    scene.answer();
    assert!(!is_open(&scene));
    assert_eq!(scene.lab.run.as_ref().unwrap().history.len(), 2);
    scene.keys(" ");
    assert!(matches!(scene.commands[..], [Command::Continue { .. }]));

    let scene = table(80, 24, "G\n");
    assert!(
        scene.commands.is_empty() && scene.said().contains("run.yaml"),
        "{}",
        scene.said()
    );
}

#[test]
fn reading_and_what_is_missing_are_said() {
    let mut scene = Scene::loaded(120, 40);
    scene.keys("4o");
    assert!(scene.text().contains("Reading the runs …"));
    let pending = scene.take_asked::<ListRuns>();
    assert_eq!(pending.question.folder.to_str(), Some("runs"));
    pending.fail("runs: permission denied");
    scene.tell(Event::Answered);
    assert!(scene.text().contains("Reading failed"), "{}", scene.text());
    assert_eq!(
        scene.said(),
        "Could not list the runs: runs: permission denied"
    );

    let mut scene = Scene::loaded(120, 40);
    scene.keys("4o");
    scene.take_asked::<ListRuns>().answer(Arc::default());
    scene.tell(Event::Answered);
    assert!(scene.text().contains("No runs yet"), "{}", scene.text());
    // Nothing can be done with no run, and each key says so.
    for key in " vtnradS\n".chars() {
        type_keys(&mut scene, &key.to_string());
        assert!(is_open(&scene) && !scene.said().is_empty(), "{key:?}");
    }
    scene.keys("D");
    scene.take_asked::<ListRuns>().answer(Arc::default());
    scene.tell(Event::Answered);
    assert!(scene.text().contains("No deleted runs"), "{}", scene.text());
}

#[test]
fn a_query_filters_while_it_is_typed_and_its_error_is_a_sentence() {
    let mut scene = table(120, 40, "/conv3 seed>2");
    assert_eq!(names(&scene).len(), 2, "{}", scene.text());
    // A key that is not known is told with the nearest; the rows stay.
    scene.paste_text(" acuracy>0");
    let text = scene.text();
    assert!(text.contains("the nearest one is `accuracy`"), "{text}");
    assert_eq!(names(&scene).len(), 2, "{text}");
    type_keys(&mut scene, "\n");
    assert!(scene.said().contains("acuracy"), "{}", scene.said());
    // Letters are text, not keys.
    type_keys(&mut scene, "\u{1b}/d?x");
    assert!(scene.text().contains("› d?x"), "{}", scene.text());
    assert!(scene.text().contains("Nothing matches"));
    type_keys(&mut scene, "\u{1b}");
    assert_eq!(names(&scene).len(), 6);
    // A kept query stays, and the keys are keys again.
    type_keys(&mut scene, "/wide\nx");
    assert!(scene.text().contains("/ wide") && names(&scene).len() == 1);
    assert!(scene.said().contains("no run is marked"));
    type_keys(&mut scene, "\u{1b}");
    assert!(!is_open(&scene));
}

#[test]
fn the_next_order_is_told_and_the_cursor_stays_on_its_run() {
    let mut scene = table(120, 40, "jjj");
    for (order, first) in [
        ("highest accuracy first", "20261129-160000-fashion-wide"),
        ("lowest loss first", "20261129-160000-fashion-wide"),
        ("shortest first", "20261121-230000-damaged"),
        ("fewest parameters first", "20261129-150000-fashion-conv3"),
        ("by network", "20261121-230000-damaged"),
        ("newest first", "20261129-160000-fashion-wide"),
    ] {
        scene.keys("s");
        assert!(scene.text().contains(order), "{order}: {}", scene.text());
        assert_eq!(names(&scene)[0], first, "{order}");
    }
    scene.key(KeyCode::Enter);
    assert!(
        matches!(&scene.commands[..], [Command::OpenRun { folder }] if folder.ends_with("20261129-130000-fashion-conv3"))
    );
    let scene = table(120, 40, "/sort:seed\ns");
    assert!(scene.said().contains("the query sorts"), "{}", scene.said());
}

#[test]
fn tags_notes_and_names_are_typed_and_archive_and_bin_are_one_key() {
    let mut scene = table(80, 24, " j t");
    assert!(scene.text().contains("Tags of 2 runs"), "{}", scene.text());
    type_keys(&mut scene, " a/b\n");
    assert!(scene.text().contains("not a valid tag"), "{}", scene.text());
    scene.control('u');
    type_keys(&mut scene, "best final\n");
    let asked = changes(&mut scene);
    assert_eq!(asked.folders.len(), 2);
    let tags = ["best", "final"].map(str::to_owned).into();
    assert_eq!(asked.change, Change::Tags(tags));
    assert!(is_open(&scene), "the table is there again");

    let mut scene = table(80, 24, "n");
    scene.control('u');
    type_keys(&mut scene, "wider\n");
    assert_eq!(changes(&mut scene).change, Change::Note("wider".to_owned()));

    let mut scene = table(80, 24, "a");
    assert_eq!(changes(&mut scene).change, Change::Archive(true));
    let mut scene = table(80, 24, "Ajjjjja");
    assert_eq!(changes(&mut scene).change, Change::Archive(false));

    let mut scene = table(80, 24, "r");
    scene.control('u');
    type_keys(&mut scene, "\n");
    assert!(scene.text().contains("Expected a name"), "{}", scene.text());
    type_keys(&mut scene, "wider\n");
    let asked = scene.take_asked::<ChangeRuns>();
    assert_eq!(asked.question.change, Change::Rename("wider".to_owned()));
    let from = asked.question.folders[0].clone();
    asked.answer(Changed {
        done: vec![(from.clone(), from.with_file_name("20261129-160000-wider"))],
        refused: Vec::new(),
    });
    scene.tell(Event::Answered);
    assert_eq!(scene.said(), "Renamed to 20261129-160000-wider.");
    // It is listed again, and the cursor and a mark stay on it.
    let pending = scene.take_asked::<ListRuns>();
    let mut runs = digests().to_vec();
    let mut renamed = runs.remove(0);
    renamed.folder.set_file_name("20261129-160000-wider");
    runs.push(renamed);
    pending.answer(runs.into());
    scene.tell(Event::Answered);
    scene.key(KeyCode::Enter);
    assert!(
        matches!(&scene.commands[..], [.., Command::OpenRun { folder }] if folder.ends_with("20261129-160000-wider")),
        "{:?}",
        scene.commands
    );
}

#[test]
fn a_deleted_run_is_restored_from_the_list_of_deleted_ones() {
    let mut scene = table(80, 24, "d");
    let asked = scene.take_asked::<ChangeRuns>();
    assert_eq!(asked.question.change, Change::Delete);
    let from = asked.question.folders[0].clone();
    asked.answer(Changed {
        done: vec![(
            from.clone(),
            "runs/.bin/20261129-160000-fashion-wide".into(),
        )],
        refused: vec!["runs/b is being trained by process 4242 on build-host".to_owned()],
    });
    scene.tell(Event::Answered);
    for part in ["moved to the bin; D shows", "runs/b is being trained by"] {
        assert!(scene.said().contains(part), "{}", scene.said());
    }
    assert!(!scene.asked::<ListRuns>()[0].deleted);
    answer(&mut scene);
    scene.keys("D");
    assert!(scene.asked::<ListRuns>()[0].deleted);
    answer(&mut scene);
    assert!(scene.text().contains("Deleted runs"), "{}", scene.text());
    type_keys(&mut scene, "\n");
    assert!(scene.said().contains("restore it with d first"));
    type_keys(&mut scene, "d");
    assert_eq!(changes(&mut scene).change, Change::Restore);
    type_keys(&mut scene, "D");
    assert!(!scene.text().contains("Deleted runs"), "{}", scene.text());
}

#[test]
fn the_open_run_stays_where_it_is() {
    let mut scene = table(80, 24, "\n");
    scene.answer();
    scene.keys("o");
    answer(&mut scene);
    for key in ["d", "r"] {
        type_keys(&mut scene, key);
        assert!(scene.asked::<ChangeRuns>().is_empty());
        assert!(
            scene.said().contains("this run is open"),
            "{}",
            scene.said()
        );
    }
    type_keys(&mut scene, "jd");
    assert_eq!(changes(&mut scene).change, Change::Delete);
}

#[test]
fn the_process_that_trains_a_run_is_named() {
    let mut scene = Scene::loaded(120, 40);
    scene.keys("4o");
    let mut found = histories();
    found[0].trained_by = Some(other_program());
    scene.take_asked::<ListRuns>().answer(listed(found));
    scene.tell(Event::Answered);
    let text = scene.text();
    let row = text.lines().find(|row| row.contains("fashion-wide"));
    assert!(row.unwrap().contains("training, process 4242"), "{text}");
}

#[test]
fn marked_runs_keep_their_colours_and_only_what_differs_is_told() {
    let mut scene = table(120, 40, "  jj ");
    let text = scene.text();
    for part in ["3 marked", "learning_rate", "conv2d filters", "0.001"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("version"), "{text}");
    let color_of = |scene: &Scene, name: &str| {
        let buffer = scene.buffer(ColorDepth::TrueColor);
        let row = scene.text().lines().position(|row| row.contains(name));
        let row = row.unwrap() as u16;
        let mut cells = (0..6).map(|x| &buffer[(x, row)]);
        cells.find(|cell| cell.symbol() == "●").map(|cell| cell.fg)
    };
    let second = color_of(&scene, "20261129-150000");
    assert!(second.is_some());
    // The others change neither when one is unmarked nor when they are sorted.
    scene.keys("g js");
    assert_eq!(color_of(&scene, "20261129-160000"), None);
    assert_eq!(color_of(&scene, "20261129-150000"), second);
    scene.keys("x");
    assert_eq!(color_of(&scene, "20261129-150000"), None);
}

#[test]
fn side_by_side_values_are_read_over_epochs_and_time() {
    let mut scene = table(120, 40, "  v");
    assert!(scene.text().contains("validation accuracy"));
    type_keys(&mut scene, "y");
    assert!(
        scene.text().contains("training accuracy"),
        "{}",
        scene.text()
    );
    type_keys(&mut scene, "yh");
    assert!(
        scene.text().contains("accuracy epoch 10"),
        "{}",
        scene.text()
    );
    type_keys(&mut scene, "g");
    // The legend has the values under the cursor.
    let first = format!("{:.4}", histories()[0].history[0].val_accuracy);
    assert!(scene.text().contains(&first), "{first}: {}", scene.text());
    type_keys(&mut scene, "e");
    assert!(
        scene.text().contains("accuracy seconds"),
        "{}",
        scene.text()
    );
    type_keys(&mut scene, "m++");
    assert!(scene.text().contains("smooth 0.5"), "{}", scene.text());
    type_keys(&mut scene, "+");
    assert!(scene.said().contains("Fewer epochs"), "{}", scene.said());
    type_keys(&mut scene, "---");
    assert!(scene.said().contains("All planned epochs"));
    // One step out: the table, then nothing.
    type_keys(&mut scene, "\u{1b}");
    assert!(is_open(&scene) && !names(&scene).is_empty());
    type_keys(&mut scene, "\u{1b}");
    assert!(!is_open(&scene));
}

#[test]
fn runs_that_differ_in_the_seed_are_folded_into_one_row() {
    let mut scene = table(120, 40, "S");
    let text = scene.text();
    let group = text
        .lines()
        .find(|row| row.contains("fashion-conv3 × 3 seeds"));
    assert!(
        group.is_some_and(|row| row.contains("0.8862±0.0076")),
        "{text}"
    );
    assert!(!text.contains("20261129-150000"), "{text}");
    // Its curves are the mean of three.
    type_keys(&mut scene, "j v");
    assert!(
        scene.text().contains("fashion-conv3, mean of 3"),
        "{}",
        scene.text()
    );
    type_keys(&mut scene, "\u{1b}k\n");
    assert!(is_open(&scene));
    assert!(names(&scene).contains(&"20261129-150000-fashion-conv3".to_owned()));
    type_keys(&mut scene, "SS/wide\nSS");
    assert!(
        scene.said().contains("differ only in the seed"),
        "{}",
        scene.said()
    );
}

#[test]
fn a_click_selects_a_run_and_the_second_opens_it() {
    let mut scene = table(80, 24, "");
    let text = scene.text();
    let row = text.lines().position(|row| row.contains("20261129-140000"));
    let row = row.unwrap() as u16;
    for _ in 0..2 {
        scene.mouse_event(MouseEventKind::Down(MouseButton::Left), 20, row);
    }
    let opened = scene.commands.last();
    assert!(
        matches!(opened, Some(Command::OpenRun { folder }) if folder.ends_with("20261129-140000-fashion-conv3")),
        "{opened:?}"
    );
}

#[test]
fn five_thousand_runs_are_listed_and_only_those_in_sight_are_read() {
    let mut scene = Scene::loaded(120, 40);
    scene.keys("4o");
    let pattern = digests()[1].clone();
    let runs: Vec<RunDigest> = (0..5000)
        .map(|number| RunDigest {
            folder: format!("runs/20261129-120000-run-{number:04}").into(),
            ..pattern.clone()
        })
        .collect();
    scene.take_asked::<ListRuns>().answer(Arc::new(runs));
    scene.tell(Event::Answered);
    assert!(scene.text().contains("5,000 of 5,000"), "{}", scene.text());
    scene.keys("G");
    assert!(scene.text().contains("run-4999"));
    let asked = scene.asked::<ReadRuns>();
    assert_eq!(asked.last().unwrap().folders.len(), 1);
    scene.keys("/run-0042");
    assert_eq!(names(&scene), ["20261129-120000-run-0042"]);
}

#[test]
fn a_run_whose_folder_does_not_say_that_it_was_edited_says_so() {
    let mut scene = Scene::loaded(120, 40);
    scene.keys("4o");
    let mut found = runs();
    found[0].name = "fashion-bn4, edited".to_owned();
    found[1].folder = "runs/20261122-091500-fashion-conv1-edited".into();
    found[1].name = "fashion-conv1, edited".to_owned();
    scene.take_asked::<ListRuns>().answer(listed(found));
    scene.tell(Event::Answered);
    let text = scene.text();
    let row = |folder: &str| {
        let rows = text.lines().find(|line| line.contains(folder));
        rows.unwrap_or_else(|| panic!("{text}"))
    };
    let first = row("20261123-130000-fashion-bn4 ");
    assert!(first.contains("fashion-bn4, edited"), "{text}");
    assert!(
        !row("-fashion-conv1-edited ").contains("conv1, edited"),
        "{text}"
    );
}
